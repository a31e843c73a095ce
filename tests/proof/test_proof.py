"""The proof itself, on a part of what `make proof` takes: its figures, and that it can tell when something is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tasks.adapters.word.opc import unpack
from tasks.domain.checks import Check, Finding
from tests.proof.mistakes import catch, false_alarms
from tests.proof.papers import drafted, translated
from tests.proof.round_trip import differences, identity, own_language, pages, round_trip
from tests.tools import libreoffice


@pytest.mark.soak
def test_mistakes_are_found_and_good_translations_left_alone(rounds):
    papers = translated(rounds(4, 1_000))
    alarms, told = false_alarms(papers), catch(papers, rounds(60, 1_000))
    assert alarms.segments.total() > 100
    assert alarms.share <= 0.05
    assert told.share >= 0.95, told.missed
    assert len(told.injected) > 5


def test_a_hole_in_a_good_translation_is_all_that_is_found_anew():
    (paper,) = translated(1)
    unit = next(each for each in paper.units if any(sign.isdigit() for sign in each.source))
    broken = [replace(each, target="") if each is unit else each for each in paper.units]
    assert {*paper.findings(broken)} - {*paper.findings()} == {Finding(unit.id, Check.MISSING)}


@pytest.mark.soak
def test_papers_of_the_rehearsals_come_through_whole(rounds):
    trip = round_trip(dict(list(drafted().items())[: rounds(4, 1_000)]))
    assert (trip.differing, trip.lost) == ([], [])
    assert trip.segments > 100


def test_a_part_that_changed_is_told():
    name, data = next(iter(drafted().items()))
    changed = unpack(identity(data))
    changed.parts["word/document.xml"] = changed.parts["word/document.xml"].replace(b"<w:b/>", b"")
    changed.parts["word/numbering.xml"] += b" "
    del changed.parts["docProps/app.xml"]
    assert sorted(differences(data, changed.to_bytes())) == [
        "docProps/app.xml",
        "word/document.xml",
        "word/numbering.xml",
    ], name


@pytest.mark.skipif(libreoffice.missing() is not None, reason=libreoffice.missing() or "")
def test_a_paper_that_was_not_translated_has_the_pages_it_had():
    files = dict(list(drafted().items())[:2])
    assert {own_language(data) for data in files.values()} == {("en-GB", False)}
    assert all(before == after > 1 for before, after in pages(files).values())
