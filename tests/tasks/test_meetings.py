"""A meeting moves: everything that follows is shown before, done in one transaction, and undone by moving back."""

from __future__ import annotations

import datetime as dt

import pytest

from tasks import meetings
from tasks.domain.calendar_records import EVENT, MILESTONE
from tasks.domain.errors import Invalid, NotNow, Unknown
from tests.tasks.conftest import Opening
from tests.tasks.office_help import Office

LATER = dt.date(2007, 6, 15)
PLANNED = dt.date(2007, 6, 8)


def due_days(office: Office) -> dict[str, str]:
    return {record.key: record.facts["due"] for record in office.ledger.records(office.name, kind=MILESTONE)}


def move(office: Office, date: dt.date, event: str = "fof-3") -> list[str]:
    done = meetings.apply(office.desk, {event: date}, "The hall is taken.")[1]
    office.forget()
    return done


def test_a_preview_changes_nothing_and_says_all_that_follows(at: Opening):
    office = at("circulated")
    before = office.ledger.snapshot(office.name)
    found = meetings.preview(office.desk, {"fof-3": LATER})
    assert office.ledger.snapshot(office.name) == before
    assert [(e.event, e.old, e.new) for e in found.move.events] == [("fof-3", PLANNED, LATER)]
    changed = {change.key: (change.old, change.new) for change in found.move.changed}
    # Every open deadline of this edition that hangs on fof-3, by its rule or by way of another.
    hang_on_it = {"comments-1", "draft-1", "draft-2", "comments-2", "panel-complete", "final-due"}
    assert {key.rpartition("/")[2] for key in changed} == hang_on_it
    # draft-1 of 1.3 is in: its day stays.
    assert "1.3/draft-1" not in changed
    assert changed["1.2/final-due"] == (dt.date(2007, 6, 12), dt.date(2007, 6, 19))
    assert all(old is not None and new is not None and old < new for old, new in changed.values())
    # 1.3's draft goes round: its partners were told a day that would hold no more.
    asked = {row.party for row in office.ledger.letters(office.name, kind="circulation")}
    assert {row.party for row in found.letters if row.kind == "circulation"} == asked
    assert len(asked) == 9
    assert {"united-states", "norvania"} <= set(found.move.parties)
    assert set(found.entries) == {"fof-3", *changed}


def test_a_move_is_made_once_and_undone_by_moving_back(at: Opening):
    office = at("circulated")
    before = due_days(office)
    seq = office.ledger.last_seq(office.name)
    assert move(office, LATER)[0] == "fof-3: 8 June 2007 -> 15 June 2007"
    rows = office.ledger.history(office.name, since_seq=seq)
    assert {(row.by, row.why) for row in rows if row.subject == "record"} == {("R. De Clercq", "The hall is taken.")}
    moved = due_days(office)
    assert office.edition.event("fof-3").date == LATER
    assert moved["1.2/final-due"] == "2007-06-19"
    seq = office.ledger.last_seq(office.name)
    assert move(office, LATER) == ["nothing changed: fof-3 is on 15 June 2007"]
    assert office.ledger.last_seq(office.name) == seq
    move(office, PLANNED)
    assert due_days(office) == before
    assert office.edition.event("fof-3").date == PLANNED
    assert office.ledger.records(office.name, kind=EVENT)[0].facts.keys() >= {"date", "baseline"}


def test_what_was_planned_at_the_start_stays_the_baseline(at: Opening):
    office = at("started")
    baselines = {r.key: r.facts["baseline"] for r in office.ledger.records(office.name, kind=MILESTONE)}
    move(office, LATER)
    assert {r.key: r.facts["baseline"] for r in office.ledger.records(office.name, kind=MILESTONE)} == baselines


def test_an_open_comment_round_ends_on_its_new_day_and_partners_are_told_once(at: Opening):
    office = at("circulated")
    assert office.record("background-paper", "1.3").facts["until"] < "2007-05-18"
    move(office, LATER)
    until = office.record("background-paper", "1.3").facts["until"]
    assert until == due_days(office)["1.3/comments-1"]
    letters = office.ledger.letters(office.name, kind="date-changed")
    told = {row.party for row in office.ledger.letters(office.name, kind="circulation")}
    assert {row.party for row in letters} >= told
    united_states = next(row for row in letters if row.party == "united-states")
    assert "15 June 2007" in united_states.subject + united_states.body
    assert office.desk.day(dt.date.fromisoformat(until), "en") in united_states.body
    move(office, PLANNED)
    assert {row.status for row in office.ledger.letters(office.name, kind="date-changed")} == {"cancelled"}


@pytest.mark.parametrize(
    ("event", "date", "told", "kind"),
    [
        ("fof-9", LATER, "fof-9: brussels-2007 has no event of this name with a day; there are fof-", Unknown),
        ("fof-3", dt.date(2007, 1, 2), "days past; give a day from", Invalid),
        ("fof-1", LATER, "it can't move any more", NotNow),
        ("forum-start", dt.date(2007, 8, 1), "is after forum-end", Invalid),
    ],
)
def test_a_move_that_cannot_be_is_refused(at: Opening, event: str, date: dt.date, told: str, kind: type[Exception]):
    office = at("circulated")
    with pytest.raises(kind) as refusal:
        meetings.preview(office.desk, {event: date})
    assert told in str(refusal.value)


def test_a_move_without_a_reason_says_at_least_what_moved(at: Opening):
    office = at("started")
    seq = office.ledger.last_seq(office.name)
    meetings.apply(office.desk, {"fof-3": LATER}, " ")
    moved = [row for row in office.ledger.history(office.name, since_seq=seq) if row.kind == EVENT]
    assert [(row.key, row.by, row.why) for row in moved] == [("fof-3", office.by, "fof-3 moved")]


def test_a_deadline_that_becomes_impossible_is_named(at: Opening):
    office = at("started")
    found = meetings.preview(office.desk, {"fof-3": dt.date(2007, 7, 6)})
    late = {fault.key.rpartition("/")[2] for fault in found.move.impossible}
    assert "translation-due" in late
    assert not meetings.preview(office.desk, {"fof-3": PLANNED}).move.impossible
