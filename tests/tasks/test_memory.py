"""The memory at the desk: fed by papers and by files, shared by editions, found again for a new text."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import pytest

from tasks import memory
from tasks.adapters.ledger import Who
from tasks.adapters.ledger.memory import Origin, Remembered
from tasks.adapters.word.segments import extract
from tasks.desk import Desk
from tasks.domain.checks import Unit
from tasks.domain.errors import Invalid
from tasks.domain.memory import repeated
from tasks.domain.stand_in import stand_in
from tests.tasks.conftest import Opening
from tests.tasks.office_help import Office

UNITS = [
    Unit("p1", "Remittances", ""),
    Unit("p2", "In 2007 ⟦7⟧all⟦/7⟧ states met.⟦9/⟧", ""),
    Unit("p3", "Migration and development", ""),
]
FRENCH = {"p1": "Envois de fonds", "p2": "⟦7⟧Tous⟦/7⟧ les États se sont réunis en 2007.⟦9/⟧", "p3": " "}


def keep(
    desk: Desk,
    units: Sequence[Unit] = UNITS,
    targets: Mapping[str, str] = FRENCH,
    languages: tuple[str, str] = ("en", "fr"),
    paper: str = "1.3",
    origin: Origin = "translated",
) -> Remembered:
    with desk.change("a translation came back") as change:
        passages = memory.passages_of(units, targets)
        return memory.remember(desk, change, *languages, passages, paper=paper, session=paper, origin=origin)


def offered(desk: Desk, *units: Unit, languages: tuple[str, str] = ("en", "fr")) -> dict[str, list[tuple[str, str]]]:
    found = memory.Memory.open(desk, *languages).suggest(units)
    return {id: [(each.text, each.kind) for each in suggestions] for id, suggestions in found.items()}


def test_a_text_comes_back_translated_in_its_context(at: Opening):
    desk = at("started").desk
    assert keep(desk) == Remembered(new=2)
    assert keep(desk) == Remembered()
    assert offered(desk, *UNITS) == {
        "p1": [(FRENCH["p1"], "in-context")],
        "p2": [(FRENCH["p2"], "in-context")],
    }
    other = Unit("x", "In 2031 ⟦1⟧all⟦/1⟧ states met.⟦2/⟧", "")
    assert offered(desk, other, UNITS[0]) == {
        "x": [("⟦1⟧Tous⟦/1⟧ les États se sont réunis en 2031.⟦2/⟧", "fuzzy")],
        "p1": [(FRENCH["p1"], "exact")],
    }
    assert offered(desk, *UNITS, languages=("en", "nl")) == offered(desk, *UNITS, languages=("fr", "en")) == {}


def test_what_cannot_be_built_is_not_remembered(at: Opening):
    desk = at("started").desk
    targets = {"p1": "Envois\x07", "p2": "Tous", "p3": "Migration"}
    assert keep(desk, targets=targets) == Remembered(new=1)
    broken = [Unit("p1", "⟦A", ""), Unit("p2", "", "")]
    assert keep(desk, broken, {"p1": "B", "p2": "C"}, paper="1.4") == Remembered()
    assert [row.target for row in desk.ledger.memory("en", "fr")] == ["Migration"]


def test_editions_with_other_names_for_a_language_share_it(at: Opening):
    """The other edition's ids and regions are its own; another edition in the same ledger fed the memory."""
    office = at("six")
    with office.ledger.change("south-2029", Who(by="A", why="start", run="run-1", at=office.now)) as change:
        change.start_edition({}, "b" * 64, rehearsal=True)
    past = at("started").desk
    past.ledger, past.edition = office.ledger, past.edition.model_copy(update={"id": "south-2029"})
    keep(past, origin="reviewed")
    desk = office.desk
    assert desk.edition.language("francais").locale != past.edition.language("fr").locale
    found = memory.Memory.open(desk, "anglais", "francais")
    assert [each.came_from for each in found.search("Remittances")] == ["south-2029 1.3"]
    assert memory.held(desk)[0].edition == "south-2029"


def test_recurring_passages_of_a_real_paper_come_back(at: Opening):
    office = at("issued")
    desk = office.desk
    segments = extract(desk.open(office.record("translation", "1.3:fr").facts["final"]))
    units = [Unit(each.id, each.text, "") for each in segments]
    translate = stand_in(desk.edition, "en", "fr")
    keep(desk, units, {unit.id: translate(unit.source) for unit in units})
    found = memory.Memory.open(desk, "en", "fr").suggest(units)
    assert {unit.id: found[unit.id][0].text for unit in units} == {unit.id: translate(unit.source) for unit in units}
    assert {found[unit.id][0].kind for unit in units} == {"in-context"}
    twice = [*units, Unit("again", units[0].source, "")]
    assert repeated(twice) == {units[0].id: ["again"]}


def exported(desk: Desk, languages: tuple[str, str] = ("en", "fr")) -> bytes:
    made = io.BytesIO()
    memory.export(desk, *languages, made)
    return made.getvalue()


def planned(desk: Desk, data: bytes | str, name: str = "old.tmx") -> memory.Import:
    return memory.plan_import(desk, io.BytesIO(data.encode() if isinstance(data, str) else data), name)


def test_a_memory_goes_out_and_comes_in_elsewhere_with_its_context(at: Opening):
    here, there = at("started"), at("started")
    keep(here.desk)
    data = exported(here.desk)
    assert exported(here.desk) == data
    assert str(planned(here.desk, data)) == "0 new, 2 known, 0 of other languages, 0 without text"
    plan = planned(there.desk, data)
    assert str(plan) == "2 new (en:fr 2), 0 known, 0 of other languages, 0 without text"
    memory.take_in(there.desk, plan, "old.tmx")
    before = there.ledger.snapshot(there.name)
    assert offered(there.desk, *UNITS) == offered(here.desk, *UNITS)
    assert planned(there.desk, data).new == 0
    memory.take_in(there.desk, plan, "old.tmx")
    assert there.ledger.snapshot(there.name) == before
    assert [(each.paper, each.origin, each.passages) for each in memory.held(there.desk)] == [
        ("old.tmx", "imported", 2)
    ]
    assert memory.Memory.open(there.desk, "en", "fr").search("Remittances")[0].came_from == "imported old.tmx"
    assert memory.held(there.desk, [("en", "nl")]) == []


def tmx(*units: Mapping[str, str]) -> str:
    body = ""
    for unit in units:
        texts = [f'<tuv xml:lang="{tag}"><seg>{text}</seg></tuv>' for tag, text in unit.items()]
        body += f"<tu>{''.join(texts)}</tu>"
    return f'<tmx version="1.4"><header srclang="EN-us"/><body>{body}</body></tmx>'


def test_of_a_file_every_pair_of_the_editions_languages_is_taken(at: Opening):
    office = at("started")
    data = tmx(
        {"en-US": "A", "FR_ca": "B", "nl": "C", "de": "D", "en-GB": "not this"},
        {"en-US": "A", "FR": "B"},
        {"en-US": "A", "FR": "another"},
        {"de": "D", "fr": "B"},
        {"en-US": "E", "fr": " "},
        {"en-US": "F <ph/>", "fr": "G"},
    )
    plan = planned(office.desk, data)
    assert str(plan) == "4 new (en:fr 3, en:nl 1), 1 known, 1 of other languages, 1 without text"
    assert {(each.source, each.target) for each in plan.passages["en", "fr"]} == {
        ("A", "B"),
        ("A", "another"),
        ("F ", "G"),
    }
    memory.take_in(office.desk, plan, "old.tmx")
    memory.take_in(office.desk, planned(office.desk, tmx({"en": "A", "fr": "third"})), "old.tmx")
    assert [each for each, _ in offered(office.desk, Unit("x", "A", ""))["x"]] == ["third", "B", "another"]
    with pytest.raises(Invalid, match=r"new.tmx: has no translation between two languages of brussels-2007 \(en"):
        planned(office.desk, tmx({"de": "D", "fr": "B"}), "new.tmx")


@pytest.mark.parametrize("pair", ["en", "en:", "en:de", "en:en", "fr-en", "en:fr:nl"])
def test_a_pair_that_is_none(at: Opening, pair: str):
    desk = at("started").desk
    with pytest.raises(Invalid, match=r"is no pair of its languages; write two of en, fr, nl, es, such as en:es"):
        memory.pair_of(desk.edition, pair)
    assert memory.pair_of(desk.edition, "fr:en") == ("fr", "en")


def test_an_office_that_remembers_says_so_in_its_history(at: Opening):
    office: Office = at("started")
    keep(office.desk)
    line = office.ledger.history(office.name)[-1]
    assert (line.subject, line.key, line.why) == ("memory", "1.3:en:fr", "a translation came back")
    assert line.change == {
        "event": "remembered", "origin": "translated", "session": "1.3", "new": 2, "replaced": 0, "superseded": 0,
    }  # fmt: skip
