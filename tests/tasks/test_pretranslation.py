"""Pre-translation: memory and names first, a machine for the rest, its price approved, its damage seen."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from tasks import memory
from tasks.adapters.ports import Quota
from tasks.adapters.word.segments import extract
from tasks.desk import Desk
from tasks.domain.checks import Unit
from tasks.domain.edition import Price
from tasks.domain.errors import NotNow
from tasks.pretranslation import Pseudo, known, pretranslate, quote, quotes, units_of
from tests.tasks.conftest import Opening

UNITS = [
    Unit("p1", "Remittances", ""),
    Unit("p2", "⟦3⟧ Norway⟦/3⟧⟦4/⟧", ""),
    Unit("p3", "Nobody knows ⟦1⟧this⟦/1⟧ yet", ""),
    Unit("p4", "Remittances of all the diaspora", ""),
    Unit("p5", "Nobody knows ⟦8⟧this⟦/8⟧ yet", ""),
    Unit("p6", "Remittances of all the ⟦1⟧people⟦/1⟧", ""),
]


class Machine:
    """Asks for a euro a text, and answers what it is told to."""

    name = "google"

    def __init__(self, *answers: str) -> None:
        self.answers = answers
        self.asked: list[list[str]] = []

    def cost(self, texts: Sequence[str]) -> int:
        return sum(map(len, texts))

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        self.asked.append([source, target, *texts])
        if not self.answers:
            raise Quota("the allowance is used up")
        return [*self.answers]


@pytest.fixture
def desk(at: Opening) -> Desk:
    desk = at("started").desk
    desk.edition = desk.edition.model_copy(
        update={"translation_price": Price(per_million=Decimal("20000.5"), currency="EUR")}
    )
    with desk.change("a translation came back") as change:
        passages = memory.passages_of([UNITS[0], Unit("x", "Remittances of all the diasporas", "")], {
            "p1": "Envois de fonds", "x": "Envois de fonds de toutes les diasporas",
        })  # fmt: skip
        memory.remember(desk, change, "en", "fr", passages, paper="1.1", session="1.1", origin="reviewed")
    return desk


def test_what_is_known_is_filled_in_and_the_rest_left(desk: Desk):
    found = pretranslate(desk, "en", "fr", UNITS)
    assert {id: (each.text, each.kind) for id, each in found.suggestions.items()} == {
        "p1": ("Envois de fonds", "exact"),
        "p2": ("⟦3⟧ Norvège⟦/3⟧⟦4/⟧", "glossary"),
        "p4": ("Envois de fonds de toutes les diasporas", "fuzzy"),
    }
    assert found.damaged == {}
    assert found.suggestions == known(desk, "en", "fr", UNITS)


def test_the_same_text_comes_before_a_name_and_that_before_one_like_it(desk: Desk):
    with desk.change("a translation came back") as change:
        like = memory.passages_of([Unit("a", "European Commissions", "")], {"a": "non"})
        memory.remember(desk, change, "en", "fr", like, paper="1.1", session="1.1", origin="translated")
    name = Unit("a", "European Commission", "")
    assert desk.edition.body("european-commission").names["en"] == name.source
    assert known(desk, "en", "fr", [name])["a"].kind == "glossary"
    with desk.change("a translation came back") as change:
        same = memory.passages_of([name], {"a": "La Commission"})
        memory.remember(desk, change, "en", "fr", same, paper="1.2", session="1.2", origin="translated")
    assert (known(desk, "en", "fr", [name])["a"].text, known(desk, "en", "fr", [name])["a"].score) == (
        "La Commission",
        100,
    )


def test_a_machine_is_asked_only_for_what_was_approved(desk: Desk):
    machine = Machine("Personne ne ⟦1⟧le⟦/1⟧ sait", "Envois ⟦1⟧d'argent⟦/1⟧")
    asked = quote(desk, "en", "fr", UNITS, machine)
    characters = len(UNITS[2].source) + len(UNITS[5].source)
    assert (asked.segments, asked.asked, asked.characters, asked.price) == (6, 2, characters, "€1.28")
    assert str(asked) == f"2 of 6 segments to google, {characters} characters, €1.28; code {asked.code}"
    for approved, told in ((None, "nobody has approved it"), ("00000000", r"\(00000000\) is something else now")):
        with pytest.raises(NotNow, match=rf"2 of 6 segments to google.* code {asked.code}; .*{told}"):
            pretranslate(desk, "en", "fr", UNITS, provider=machine, approved=approved)
    assert machine.asked == []
    found = pretranslate(desk, "en", "fr", UNITS, provider=machine, approved=asked.code)
    assert machine.asked == [["en-GB", "fr-BE", UNITS[2].source, UNITS[5].source]]
    assert list(found.suggestions) == [unit.id for unit in UNITS]
    machines = {id: each for id, each in found.suggestions.items() if each.kind == "machine"}
    assert {id: each.text for id, each in machines.items()} == {
        "p3": "Personne ne ⟦1⟧le⟦/1⟧ sait",
        "p5": "Personne ne ⟦8⟧le⟦/8⟧ sait",
        "p6": "Envois ⟦1⟧d'argent⟦/1⟧",
    }
    assert {(each.came_from, each.fits) for each in machines.values()} == {("google", True)}


def test_a_code_is_another_with_every_text_and_language(desk: Desk):
    machine = Machine()
    codes = {
        quote(desk, "en", language, units, machine).code
        for language in ("fr", "nl")
        for units in (UNITS[2:3], UNITS[:3], UNITS[4:5], [Unit("p3", "Nobody knows this", "")])
    }
    # In French the first is known; the memory has no Dutch.
    assert len(codes) == 3 + 4
    assert quote(desk, "en", "fr", UNITS[:3], machine).code == quote(desk, "en", "fr", UNITS[2:3], machine).code


def test_what_a_machine_damages_is_dropped_and_told(desk: Desk):
    machine = Machine("Personne ne le sait", "  ")
    code = quote(desk, "en", "fr", UNITS, machine).code
    found = pretranslate(desk, "en", "fr", UNITS, provider=machine, approved=code)
    assert found.damaged == {
        "p3": "code ⟦1⟧ is missing; code ⟦/1⟧ is missing",
        "p6": "no translation",
    }
    assert set(found.suggestions) == {"p1", "p2", "p4"}


def test_a_machine_that_gives_no_answer_is_told(desk: Desk):
    machine = Machine()
    code = quote(desk, "en", "fr", UNITS, machine).code
    with pytest.raises(NotNow, match="google: the allowance is used up; nothing was filled in, ask again later"):
        pretranslate(desk, "en", "fr", UNITS, provider=machine, approved=code)


def test_one_that_costs_nothing_needs_no_approval_and_none_fills_in_nothing(desk: Desk):
    found = pretranslate(desk, "en", "fr", UNITS, provider=Pseudo(desk.edition, "en", "fr"))
    assert {each.came_from for each in found.suggestions.values() if each.kind == "machine"} == {"pseudo"}
    assert found.damaged == {}
    assert len(found.suggestions) == len(UNITS)
    languages = [
        language.model_copy(update={"pretranslation": "none"}) if language.id == "fr" else language
        for language in desk.edition.languages
    ]
    desk.edition = type(desk.edition).model_validate(
        {**desk.edition.model_dump(by_alias=True), "languages": [each.model_dump() for each in languages]}
    )
    assert pretranslate(desk, "en", "fr", UNITS).suggestions == {}
    assert set(pretranslate(desk, "en", "nl", UNITS).suggestions) == {"p2"}


def test_without_a_machine_nobody_is_asked_when_all_is_known(desk: Desk):
    machine = Machine()
    found = pretranslate(desk, "en", "fr", UNITS[:2], provider=machine)
    assert (set(found.suggestions), machine.asked) == ({"p1", "p2"}, [])
    assert quote(desk, "en", "fr", UNITS[:2], machine).characters == 0


def test_each_final_paper_has_its_quote(at: Opening):
    office = at("issued")
    desk, machine = office.desk, Machine()
    segments = units_of(extract(desk.open(office.record("translation", "1.3:fr").facts["final"])))
    [(paper, asked)] = quotes(desk, "fr", machine).items()
    assert (paper, asked.segments, asked.price) == ("1.3", len(segments), "")
    known = {desk.words("en")(f"sections.{section}") for section in desk.edition.rules.paper_sections}
    left = {each.source for each in segments} - known
    assert asked.asked == len(left), "headings are known, and what stands twice is asked for once"
    assert asked == quote(desk, "en", "fr", segments, machine)
    found = pretranslate(desk, "en", "fr", segments, provider=Pseudo(desk.edition, "en", "fr"))
    assert list(found.suggestions) == [segment.id for segment in segments]
    assert quotes(at("writing").desk, "fr", machine) == {}
    assert machine.asked == []
