"""What the ledger's tests share, and the work of their second processes, which import it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tasks.adapters.ledger import HistoryRow, Ledger, Record, Who
from tasks.domain.errors import Overtaken

EDITION = "north-2031"
NOON = datetime(2031, 3, 3, 12, tzinfo=UTC)
WHO = Who(by="Ada Example", why="a test", run="run-1", at=NOON)
LATER = replace(WHO, by="Ben Example", run="run-2", at=NOON + timedelta(days=1))


def start(ledger: Ledger, *records: tuple[str, str], edition: str = EDITION) -> None:
    """Start the edition with records in state 'invited'."""
    with ledger.change(edition, WHO) as change:
        change.start_edition({"title": "North"}, "a" * 64, rehearsal=False)
        for kind, key in records:
            change.add_record(kind, key, "invited", session=key)


def the(ledger: Ledger, kind: str = "concept-note", key: str = "1.1") -> Record:
    """A record that is there."""
    found = ledger.record(EDITION, kind, key)
    assert found is not None
    return found


def replay(lines: Iterable[HistoryRow]) -> dict[tuple[str, str], Record]:
    """The records as the history alone tells them."""
    records: dict[tuple[str, str], Record] = {}
    for line in lines:
        if line.subject != "record":
            continue
        known = records.get((line.kind, line.key)) or Record(
            line.edition, line.kind, line.key, None, "", 0, {}, line.at
        )
        facts: dict[str, Any] = dict(known.facts)
        fields: dict[str, Any] = {}
        for name, (old, new) in line.change.items():
            if name.startswith("facts."):
                assert facts.get(name[6:]) == old
                facts[name[6:]] = new
            else:
                assert not known.version or getattr(known, name) == old
                fields[name] = new
        kept = {name: value for name, value in facts.items() if value is not None}
        records[line.kind, line.key] = replace(known, **fields, facts=kept, changed_at=line.at)
    return records


def race(url: str, name: str, moves: int, barrier: Any, results: Any, won_once: Any) -> None:
    """Carry one record from step 0 to `moves` or beyond, against others, until everybody has won; how often we did."""
    ledger = Ledger(url)
    won = overtaken = 0
    barrier.wait()
    while int((note := the(ledger)).state) < moves or not all(event.is_set() for event in won_once.values()):
        try:
            with ledger.change(EDITION, replace(WHO, by=name, run=name)) as change:
                change.move(note, str(int(note.state) + 1))
        except Overtaken:
            overtaken += 1
        else:
            won += 1
            won_once[name].set()
    ledger.dispose()
    results.put((name, won, overtaken))


def open_fresh(url: str, barrier: Any, results: Any) -> None:
    """Open a ledger that is not there yet, at the same moment as others."""
    barrier.wait()
    ledger = Ledger.open(url)
    with ledger.change(EDITION, WHO) as change:
        results.put(change.start_edition({}, "a" * 64, rehearsal=False))
    ledger.dispose()


def crash(url: str, written: Any) -> None:
    """Die without a word in the middle of a change that has written something of everything."""
    ledger = Ledger(url)
    with ledger.change(EDITION, LATER) as change:
        note = change.move(the(ledger), "received")
        change.add_record("seat", "1.1-chair-1", "open")
        change.decide("note/1.1", note, {"decision": "accept"})
        add_document(change)
        change.draft_letter("l", kind="invitation", language="en", subject="s", body="b")
        written.set()
        os._exit(9)


def add_document(change: Any, **other: Any) -> Any:
    """Register a document of 1.1, `other` than usual."""
    usual = {
        "session": "1.1",
        "stage": "concept-note",
        "kind": "concept-note",
        "key": "1.1",
        "language": "en",
        "number": 1,
        "name": "1.1-concept-note-v1-en.docx",
        "sha256": "d" * 64,
        "size": 1200,
    }
    return change.add_document(**usual | other)
