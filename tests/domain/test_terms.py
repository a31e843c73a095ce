"""Terms of the glossary: found in whatever form a language gives them, and in translations that are well."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain.checks import BLOCKING, Check, Names, Side, TermPair, Terms, Unit, findings
from tasks.domain.glossary import derived_terms, entries_in
from tasks.domain.translation import names_in, terms_in
from tests.domain.domain_help import edition
from tests.test_materials import TRANSLATIONS, blocks, text

SIX = edition("six-languages")


def wrong(terms: list[TermPair], source: str, target: str, from_: str, to: str) -> list[tuple[str, str]]:
    found = findings([Unit("p1", source, target)], Side(from_), Side(to), terms=terms)
    return [(each.values[0][1], each.values[1][1]) for each in found if each.check is Check.GLOSSARY]


@pytest.mark.parametrize(
    ("sources", "targets", "source", "target", "to"),
    [
        (
            ("remittance",),
            ("envoi de fonds",),
            "All Remittances count",
            "Tous les envois de leurs fonds",
            "fr",
        ),
        (("circular migration",), ("migración circular",), "circular migration", "migraciones circulares", "es"),
        (("labour migration",), ("arbeidsmigratie",), "labour migration", "De arbeidsmigratiestromen", "nl"),
        (("migration",), ("migratie",), "migration", "arbeidsmigratie", "nl"),
        (("flood",), ("паводок",), "Floods", "О паводках", "ru"),
        (("remittances",), ("تحويلات",), "remittances", "وبالتحويلات المالية", "ar"),
        (("reservoir",), ("水库",), "a reservoir", "山区水库建设", "zh"),
        (("GDP",), ("PIB",), "a share of GDP", "une part du PIB", "fr"),
        (("panel",), ("table ronde", "panel"), "the panel", "le panel", "fr"),
    ],
)
def test_a_term_is_found_in_the_forms_of_its_language_and_missed_where_it_is_not(
    sources: tuple[str, ...], targets: tuple[str, ...], source: str, target: str, to: str
):
    terms = [TermPair(sources, targets)]
    assert [said.casefold() for said, _ in Terms(terms, "en-GB", to).found_in(source)] != []
    assert wrong(terms, source, target, "en-GB", to) == []
    [(_, expected)] = wrong(terms, source, "…", "en-GB", to)
    assert expected == targets[0]


@pytest.mark.parametrize(
    ("term", "source"),
    [("GDP", "gdp"), ("term", "mid-terminal"), ("brain drain", "brain and drain"), ("水库", "库水")],
)
def test_what_only_looks_like_a_term_is_none(term: str, source: str):
    locale = "zh" if term == "水库" else "en"
    assert Terms([TermPair((term,), ("x",))], locale, "fr").found_in(source) == []


def test_signs_of_a_script_without_spaces_stand_in_a_row():
    assert wrong([TermPair(("retenue",), ("水库",))], "La retenue", "库中有水", "fr", "zh") == [("retenue", "水库")]


def test_the_longest_term_counts_and_each_once():
    long, short = TermPair(("temporary labour migration",), ("a",)), TermPair(("labour migration",), ("b",))
    found = Terms([short, long], "en", "fr").found_in("Temporary labour migration, then Temporary Labour Migration")
    assert found == [("Temporary labour migration", long)]


def test_a_finding_of_the_glossary_holds_nothing_up():
    assert Check.GLOSSARY not in BLOCKING


@given(st.lists(st.sampled_from(terms_in(SIX, "francais", "russe")), max_size=4))
def test_a_text_of_preferred_names_is_always_well(chosen: list[TermPair]):
    source, target = (", ".join(side) for side in ([t.sources[0] for t in chosen], [t.targets[0] for t in chosen]))
    assert wrong(terms_in(SIX, "francais", "russe"), source, target, "fr-FR", "ru-RU") == []


def test_what_a_translator_is_told_of_a_text():
    names = Names(names_in(edition("brussels-2007"), "en", "nl"))
    terms = Terms([TermPair(("remittances",), ("overmakingen", "geldzendingen"), "of migrants")], "en", "nl")
    assert entries_in("Remittances to Ghana from the Netherlands", terms, names) == {
        "Netherlands": "Nederland",
        "remittances": "overmakingen · geldzendingen (of migrants)",
    }


def test_bodies_and_events_are_terms_without_being_repeated():
    found = {term.id: term for term in derived_terms(SIX)}
    assert len(found) == len(SIX.bodies) + len(SIX.events)
    assert not set(found) & {term.id for term in SIX.terms}
    body = SIX.bodies[0]
    assert (found[f"body.{body.id}"].kind, found[f"body.{body.id}"].names["arabe"]) == ("body", [body.names["arabe"]])


# The real translations of the rehearsal


def real() -> list[tuple[str, str, list[TermPair], list[Unit]]]:
    """(from, to, terms, units with the names taken out of their sources) of every translated paper."""
    made = []
    for paper, original in TRANSLATIONS:
        found = edition(paper.edition.name)
        source, target = found.drafting_language, found.language(paper.language)
        names = Names(names_in(found, source.id, target.id))
        both = zip(blocks(original), blocks(paper), strict=True)
        units = [
            Unit(f"{paper}:{i}", names.without(text(theirs)), text(ours))
            for i, ((_, theirs), (_, ours)) in enumerate(both)
        ]
        made.append((source.locale, target.locale, terms_in(found, source.id, target.id), units))
    return made


def test_good_translations_have_few_alarms_and_a_term_that_is_put_otherwise_is_found():
    segments = alarms = used = missed = 0
    for from_, to, pairs, units in real():
        terms = Terms(pairs, from_, to)
        for unit in units:
            found = terms.found_in(unit.source)
            used += len(found)
            segments += 1
            alarms += bool(found and list(terms.findings(unit.id, unit.source, unit.target)))
            missed += len(found) - len(list(terms.findings(unit.id, unit.source, "etwas anderes")))
    assert segments > 1000
    assert used > 500
    assert alarms <= 0.01 * segments
    assert missed == 0
