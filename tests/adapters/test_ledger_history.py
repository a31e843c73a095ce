"""The history tells the whole story: replayed, it gives the present records; a snapshot forgets only what it must."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.adapters.ledger import Ledger, Record
from tasks.adapters.ledger.memory import Translated
from tasks.domain.errors import Overtaken
from tests.adapters.ledger_help import EDITION, LATER, NOON, WHO, add_document, replay, start, the

NAMES = st.sampled_from(["a", "b", "a.b", "state", "é"])
VALUES = st.one_of(st.none(), st.integers(-9, 9), st.text(max_size=3), st.lists(st.booleans(), max_size=2))
VALUES = VALUES.filter(lambda value: not isinstance(value, str) or "\0" not in value)
FACTS = st.dictionaries(NAMES, VALUES, max_size=3)
KEYS = st.sampled_from(["1.1", "1.2"])
STEPS = st.one_of(
    st.tuples(st.just("add"), KEYS, FACTS),
    st.tuples(st.just("move"), KEYS, FACTS),
    st.tuples(st.just("note"), KEYS, FACTS),
    st.tuples(st.just("stale"), KEYS, FACTS),
    st.tuples(st.just("decide"), KEYS, FACTS),
    st.tuples(st.just("fail"), KEYS, FACTS),
)
_numbers = count(1)


class Cancelled(Exception):
    """The flow breaks in the middle of a change."""


def carry_out(ledger: Ledger, edition: str, at: int, batch: list[tuple[str, str, dict[str, object]]]) -> None:
    """One change of several steps; a stale or failing step undoes it."""
    with ledger.change(edition, replace(WHO, at=NOON + timedelta(minutes=at))) as change:
        for step, key, facts in batch:
            if step == "add":
                change.add_record("note", key, "invited", facts=facts)
            record = change.record("note", key)
            if record is None:
                continue
            if step == "move":
                change.move(record, "received" if record.state == "invited" else "invited", **facts)
            elif step == "note":
                change.note(record, **facts)
            elif step == "stale":
                change.move(replace(record, version=record.version - 1), "received", **facts)
            elif step == "decide":
                change.decide(f"{key}/{record.version}", record, {"decision": "go"})
            elif step == "fail":
                change.move(record, "broken", **facts)
                raise Cancelled


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(batches=st.lists(st.lists(STEPS, min_size=1, max_size=4), max_size=6))
def test_the_history_replays_to_the_present_records(
    ledger: Ledger, batches: list[list[tuple[str, str, dict[str, object]]]]
) -> None:
    edition = f"edition-{next(_numbers)}"  # the examples of a test share a database
    start(ledger, edition=edition)
    for at, batch in enumerate(batches):
        before = ledger.snapshot(edition)
        try:
            carry_out(ledger, edition, at, batch)
        except (Overtaken, Cancelled):
            assert ledger.snapshot(edition) == before
        # Read after each change, the records are held, and only what the history names is read anew.
        assert replay(ledger.history(edition)) == {(row.kind, row.key): row for row in ledger.records(edition)}
    present: dict[tuple[str, str], Record] = {(row.kind, row.key): row for row in ledger.records(edition)}
    assert replay(ledger.history(edition)) == present
    numbers = [line.seq for line in ledger.history(edition)]
    assert numbers == sorted(set(numbers))


def a_season(ledger: Ledger, run: Callable[[], str]) -> None:
    """A bit of everything, each change in a run of its own."""
    with ledger.change(EDITION, replace(WHO, run=run())) as change:
        change.start_edition({"title": "North"}, "a" * 64, rehearsal=True)
        change.add_record("concept-note", "1.1", "invited", "1.1")
    with ledger.change(EDITION, replace(LATER, run=run())) as change:
        note = the(ledger)
        change.register_arrival("d" * 64, "note.docx", "accepted", "1.1 concept note")
        document = add_document(change)
        change.decide("note/1.1", note, {"decision": "accept"})
        change.correct("note/1.1", {"decision": "return"}, "too long")
        change.move(note, "returned")
        change.add_action("1.1-1", title="Do", source_document=document.id)
        change.draft_letter("l", kind="returned", language="en", subject="", body="", attachments=[document.sha256])
        change.remember(
            "en", "fr", [Translated("p1", "k", "s", "t", "", "")], paper="1.1", session="1.1", origin="reviewed"
        )


def test_two_equal_seasons_have_equal_snapshots(ledger: Ledger, sqlite_template: Path) -> None:
    a_season(ledger, lambda: "always-the-same")
    other_file = sqlite_template.with_name(f"other-{next(_numbers)}.sqlite")
    shutil.copyfile(sqlite_template, other_file)
    other = Ledger(f"sqlite:///{other_file}")
    start(other, edition="another")
    try:  # numbers are used up by a change that is undone, and by another edition
        with other.change("another", WHO) as change:
            add_document(change)
            raise Cancelled
    except Cancelled:
        pass
    with other.change("another", WHO) as change:
        add_document(change)
    runs = count(1)
    a_season(other, lambda: f"run-{next(runs)}")
    assert other.snapshot(EDITION) == ledger.snapshot(EDITION)
    taken = other.snapshot(EDITION)
    assert {table: len(rows) for table, rows in taken.items()} == {
        "edition": 1,
        "record": 1,
        "document": 1,
        "arrival": 1,
        "decision": 2,
        "letter": 1,
        "action": 1,
        "history": 10,
        "memory": 1,
    }
    with other.change(EDITION, LATER) as change:
        change.note(the(other), words=1)
    assert other.snapshot(EDITION) != ledger.snapshot(EDITION)
    other.dispose()


def test_the_history_of_some_records_has_no_line_of_another(ledger: Ledger) -> None:
    start(ledger, ("concept-note", "1.1"), ("summary", "1.1"), ("concept-note", "1.2"), ("summary", "1.2"))
    wanted = {("concept-note", "1.1"), ("summary", "1.2")}
    lines = ledger.history(EDITION, subject="record", records=wanted)
    assert [(line.kind, line.key) for line in lines] == [("concept-note", "1.1"), ("summary", "1.2")]
    assert ledger.history(EDITION, records=set()) == []
