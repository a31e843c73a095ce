"""The checks of a translation: each finds what it looks for, and leaves good translations alone."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.adapters.edition_files import load
from tasks.domain.checks import BLOCKING, Check, Conventions, Finding, Name, Names, Side, Unit, findings
from tasks.domain.checks.figures import numbers
from tasks.domain.locale import format_number
from tasks.domain.translation import names_in
from tests.domain.injector import Pair, inject
from tests.test_materials import TRANSLATIONS, blocks, text

FRENCH = Conventions(":;?!»", "«", "«»", {}, "before", frozenset({"nous", "vous"}))
SPANISH = Conventions("", "", "«»“”", {"?": "¿", "!": "¡"}, "before")
ENGLISH = Conventions("", "", "“”‘’", {}, "after")
NAMES = [Name("Ghana", ("Ghana",)), Name("Netherlands", ("Pays-Bas",)), Name("Upper Land", ("Pays d’en haut",))]


def of(
    source: str, target: str, to: str = "fr", conventions: Conventions = FRENCH, notes: frozenset[int] = frozenset()
) -> list[Finding]:
    return findings([Unit("p1", source, target, notes)], Side("en-GB"), Side(to, conventions), NAMES)


def checks(*args: str, **kwargs: object) -> list[Check]:
    return [each.check for each in of(*args, **kwargs)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "target", "to"),
    [
        ("In 2006 there were 1,592,195 of them.", "En 2006, ils étaient 1\u202f592\u202f195.", "fr"),
        ("In 2006 there were 1,592,195 of them.", "En 2006 eran 1.592.195.", "es"),
        ("In 2006 there were 1,592,195 of them.", "In 2006 waren het er 1.592.195.", "nl"),
        ("A share of 12.5 per cent", "Une part de 12,5 %", "fr"),
        ("See paragraph 1.1.", "Voir le paragraphe 1.1.", "fr"),
        ("In the 21st century", "Au XXIe siècle", "fr"),
        ("On 1 July 2031", "Le 1er juillet 2031", "fr"),
        ("On 9 July 2031", "El 9 de julio de 2031", "es"),
        ("by 15 May 2031", "в срок до 15 мая 2031 года", "ru"),
        ("by 15 May 2031", "2031年5月15日前", "zh"),
        ("It may be 3 of them", "Il y en a peut-être 3", "fr"),
        ("In 2031", "في عام ٢٠٣١", "ar"),
    ],
)
def test_numbers_and_dates_in_the_forms_of_the_language_are_well(source: str, target: str, to: str):
    assert of(source, target, to, Conventions()) == []


@pytest.mark.parametrize(
    ("source", "target", "to", "found"),
    [
        ("1,592,195 of them", "au nombre de 1\u202f592\u202f159", "fr", [Check.NUMBER, Check.ADDED_NUMBER]),
        ("1,592,195 of them", "eran 1,592,195", "es", [Check.NUMBER_FORM]),
        ("1,592,195 of them", "au nombre de tant", "fr", [Check.NUMBER]),
        ("some of them", "12 d’entre eux", "fr", [Check.ADDED_NUMBER]),
        ("9 July 2031", "9 juin 2031", "fr", [Check.DATE]),
        ("9 July 2031", "9/2031", "fr", [Check.DATE]),
    ],
)
def test_wrong_figures_are_found(source: str, target: str, to: str, found: list[Check]):
    assert [each.check for each in of(source, target, to, Conventions())] == found


@pytest.mark.parametrize(
    ("source", "target", "to", "found"),
    [
        ("14. A text", "14. Un texte", "fr", None),
        ("14. A text", "14) Un texte", "fr", None),
        ("(14) A text", "14、案文", "zh", None),
        ("14. A text", "١٤. نص", "ar", None),
        ("14. A text", "15. Un texte", "fr", ("14", "15")),
        ("2.1. A text", "Un texte", "fr", ("2.1", "–")),
        ("A text", "3. Un texte", "fr", ("–", "3")),
        ("On 9 July the text", "9. Juli: der Text", "de", None),
        ("12 of them", "12 d’entre eux", "fr", None),
        ("1.5 million", "1,5 million", "fr", None),
        ("1,592,195 of them", "1.592.195 de ellos", "es", None),
    ],
)
def test_the_number_typed_before_a_paragraph_is_the_sources(
    source: str, target: str, to: str, found: tuple[str, str] | None
):
    told = [each for each in of(source, target, to, Conventions()) if each.check is not Check.ADDED_NUMBER]
    assert [tuple(dict(each.values).values()) for each in told] == ([found] if found else [])
    assert all(each.check is Check.PARAGRAPH and each.is_blocking for each in told)


def test_a_finding_says_the_figure_as_the_language_writes_it():
    [found] = of("1,592,195 of them", "eran 1,592,195", "es", Conventions())
    assert found.values == (("number", "1.592.195"),)


@given(
    st.lists(st.integers(0, 10**10), max_size=5),
    st.sampled_from(["fr", "nl", "es", "ru", "ar", "zh", "de", "pt", "sv", "pl"]),
)
def test_every_number_is_read_back_from_the_way_its_language_writes_it(values: list[int], locale: str):
    written = " x ".join(format_number(value, locale) for value in values)
    assert sorted(numbers(written, locale).elements()) == sorted(map(str, values))


def test_names_are_looked_for_whole_and_in_the_language():
    assert checks("Ghana and the Netherlands", "Ghana et les Pays-Bas") == []
    assert [each.values for each in of("Ghana and the Netherlands", "Ghana et la Hollande")] == [
        (("name", "Netherlands"), ("expected", "Pays-Bas"))
    ]
    assert checks("A Ghanaian idea", "Une idée venue d’ailleurs") == []


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Ghana", "Ghana"),
        ("⟦1⟧Netherlands⟦/1⟧ (12 %), Ghana", "⟦1⟧Pays-Bas⟦/1⟧ (12 %), Ghana"),
        ("1,592", "1,592"),
        ("The Netherlands", None),
        ("Ghanaian", None),
    ],
)
def test_a_text_of_names_and_figures_is_known_in_the_other_language(source: str, target: str | None):
    assert Names(NAMES).translated(source) == target


@pytest.mark.parametrize(
    ("source", "target", "found"),
    [
        ("A text.", " ", [Check.MISSING]),
        ("A ⟦1⟧bold⟦/1⟧ text", "Un texte gras", [Check.CODES, Check.CODES]),
        ("Left as it was here", "Left as it was here", [Check.UNTRANSLATED]),
        ("Ghana", "Ghana", []),
        ("the long word here", "le mot mot long ici", [Check.REPEATED]),
        ("we see each other", "nous nous voyons", []),
        ("word word", "mot mot", []),
        ("One thing: two", "Une chose : deux", [Check.SPACING]),
        ("One thing: two", "Une chose\u00a0: deux", []),
        ("At 10:30 https://a.example/b?c", "À 10:30 https://a.example/b?c", []),
        ("“Quoted”", "“Cité”", [Check.QUOTES]),
        ("“Quoted”", "«\u00a0Cité\u00a0»", []),
    ],
)
def test_words_and_setting(source: str, target: str, found: list[Check]):
    assert checks(source, target) == found


def test_an_opening_sign_is_wanted_where_the_language_has_one():
    assert checks("Why?", "Por qué?", to="es", conventions=SPANISH) == [Check.OPENING]
    assert checks("Why?", "¿Por qué?", to="es", conventions=SPANISH) == []


def test_the_mark_of_a_note_stands_on_the_side_of_its_language():
    notes = frozenset({1})
    assert checks("A text.⟦1/⟧", "Un texte⟦1/⟧.", notes=notes) == []
    assert checks("A text.⟦1/⟧", "Un texte.⟦1/⟧", notes=notes) == [Check.NOTE_MARK]
    assert checks("Un texte⟦1/⟧.", "A text⟦1/⟧.", to="en", conventions=ENGLISH, notes=notes) == [Check.NOTE_MARK]


def test_a_row_much_shorter_than_the_others_is_looked_at():
    long = "The word is long and there are many of them in this row of the paper"
    units = [Unit(f"p{i}", long, long.replace("the", "los")) for i in range(9)]
    short = Unit("p9", long, "Corto, muy corto.")
    found = findings([*units, short], Side("en"), Side("es"))
    assert [(each.segment, each.check) for each in found if each.check is Check.LENGTH] == [("p9", Check.LENGTH)]
    assert Check.LENGTH not in BLOCKING


def test_a_row_that_reads_as_the_source_is_found_and_a_third_language_is_not():
    target = "All of this is still in the language that it was first written in, and nobody has seen that."
    unit = Unit("p1", "All of it is in the language it was first written in, which nobody has seen so far.", target)
    for says, found in (("en", [Check.LANGUAGE]), ("nl", []), (None, [])):
        got = findings([unit], Side("en-GB"), Side("fr"), identify=lambda text, says=says: says)  # type: ignore[misc]
        assert [each.check for each in got] == found


# Mistakes put into the real translations of the rehearsal


def papers() -> list[tuple[str, str, list[Name], list[Pair]]]:
    found = []
    for folder in sorted({paper.edition for paper, _ in TRANSLATIONS}):
        edition = load(Path(folder).parent, folder.name, overlay=True).edition
        source = edition.drafting_language
        for paper, original in TRANSLATIONS:
            if paper.edition == folder:
                language = edition.language(paper.language)
                both = zip(blocks(original), blocks(paper), strict=True)
                pairs = [Pair(f"b{i}", text(theirs), text(ours)) for i, ((_, theirs), (_, ours)) in enumerate(both)]
                found.append((source.locale, language.locale, names_in(edition, source.id, language.id), pairs))
    return found


def _units(pairs: Sequence[Pair]) -> list[Unit]:
    return [Unit(pair.id, pair.source, pair.target) for pair in pairs]


def test_good_translations_have_few_findings():
    segments = flagged = 0
    for source, target, names, pairs in papers():
        found = findings(_units(pairs), Side(source), Side(target), names)
        segments += len(pairs)
        flagged += len({each.segment for each in found})
    assert segments > 1000
    assert flagged <= 0.05 * segments


def test_mistakes_put_in_on_purpose_are_found(rounds):
    rng = random.Random(20310709)
    every = papers()
    injected = caught = 0
    missed = []
    before: dict[int, set[str]] = {}
    wanted = rounds(60, 1000)
    while injected < wanted:
        number = rng.randrange(len(every))
        source, target, names, pairs = every[number]
        made = inject(pairs, rng, target, [form for name in names for form in name.targets])
        if made is None:
            continue
        changed, mistake = made
        sides = (Side(source), Side(target))
        if number not in before:
            before[number] = {each.key for each in findings(_units(pairs), *sides, names)}
        new = [each for each in findings(_units(changed), *sides, names) if each.key not in before[number]]
        injected += 1
        if any(each.segment == mistake.segment for each in new):
            caught += 1
        else:
            missed.append(mistake)
    assert caught >= 0.95 * injected, missed[:5]
