"""Records are held in memory and brought up by the history: whoever changes them, a reader sees them as they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tasks.adapters.ledger import Ledger
from tests.adapters.ledger_help import EDITION, LATER, WHO, start, the

BESIDE = "south-2032"


@pytest.fixture
def reader(ledger: Ledger, ledger_url: str) -> Iterator[Ledger]:
    """Another process for all it knows: it has read the records of two editions before `ledger` changes them."""
    start(ledger, ("concept-note", "1.2"), ("concept-note", "1.10"), ("panel", "1.2"))
    start(ledger, ("concept-note", "9"), edition=BESIDE)
    reader = Ledger(ledger_url)
    assert [reader.records(EDITION), reader.records(BESIDE)] == read_anew(ledger_url)
    yield reader
    assert [reader.records(EDITION), reader.records(BESIDE)] == read_anew(ledger_url)
    reader.dispose()


def read_anew(url: str) -> list[object]:
    fresh = Ledger(url)
    found = [fresh.records(EDITION), fresh.records(BESIDE)]
    fresh.dispose()
    return [*found]


def names(reader: Ledger, kind: str | None = None, session: str | None = None, edition: str = EDITION) -> list[str]:
    return [f"{record.kind} {record.key} {record.state}" for record in reader.records(edition, kind, session)]


def test_what_another_moved_noted_and_began_is_read(ledger: Ledger, reader: Ledger) -> None:
    before = reader.records(EDITION)
    with ledger.change(EDITION, LATER) as change:
        change.move(the(ledger, key="1.2"), "received", pages=[1])
        change.note(the(ledger, "panel", "1.2"), seats=3)
        change.add_record("seat", "a", "open", "1.10")
        assert names(reader, session="1.10") == ["concept-note 1.10 invited"], "nothing of an open change"
    assert names(reader, session="1.2") == ["concept-note 1.2 received", "panel 1.2 invited"]
    assert names(reader, session="1.10") == ["concept-note 1.10 invited", "seat a open"]
    assert names(reader, "concept-note") == ["concept-note 1.10 invited", "concept-note 1.2 received"]
    assert names(reader, "panel", "1.2") == ["panel 1.2 invited"]
    assert names(reader, "panel", "1.10") == names(reader, "unknown") == names(reader, session="unknown") == []
    assert next(iter(reader.records(EDITION, "panel"))).facts == {"seats": 3}
    assert [record.version for record in before] == [1, 1, 1], "who read before keeps what it read"


def test_what_was_undone_is_not_read(ledger: Ledger, reader: Ledger) -> None:
    with pytest.raises(ZeroDivisionError), ledger.change(EDITION, LATER) as change:
        change.move(the(ledger, key="1.2"), "received")
        change.add_records([("seat", str(number), "open", None, {}) for number in range(300)])
        raise ZeroDivisionError
    assert names(reader) == ["concept-note 1.10 invited", "concept-note 1.2 invited", "panel 1.2 invited"]


def test_many_at_once_are_read_too_and_those_of_another_edition_are_its_own(ledger: Ledger, reader: Ledger) -> None:
    with ledger.change(BESIDE, LATER) as change:
        change.add_records([("seat", f"{number:03}", "open", None, {}) for number in range(300)])
        change.add_record("concept-note", "1.2", "elsewhere", "1.2")
    with ledger.change(EDITION, LATER) as change:
        change.move(the(ledger, key="1.2"), "received")
    assert names(reader, "seat", edition=BESIDE) == [f"seat {number:03} open" for number in range(300)]
    assert names(reader, session="1.2", edition=BESIDE) == ["concept-note 1.2 elsewhere"]
    assert names(reader, "concept-note") == ["concept-note 1.10 invited", "concept-note 1.2 received"]


def test_what_is_handed_out_can_be_sorted_and_shortened(ledger: Ledger, reader: Ledger) -> None:
    for kind, session in ((None, None), ("concept-note", None), (None, "1.2"), ("panel", "1.2")):
        reader.records(EDITION, kind, session).clear()
    assert names(reader, session="1.2") == ["concept-note 1.2 invited", "panel 1.2 invited"]
    assert len(names(reader)) == 3


def test_lines_that_are_not_about_records_change_none(ledger: Ledger, reader: Ledger) -> None:
    with ledger.change(EDITION, LATER) as change:
        change.decide("note", the(ledger, key="1.2"), {"decision": "accept"})
        change.draft_letter("panel", kind="panel", language="en", subject="s", body="b")
        change.replace_config({"title": "West"}, "b" * 64)
    assert len(names(reader)) == 3
    with ledger.change(EDITION, replace(WHO, why="the last line but one was another's")) as change:
        change.move(the(ledger, "panel", "1.2"), "complete")
    assert names(reader, "panel") == ["panel 1.2 complete"]
