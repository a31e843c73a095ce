"""Milestones in the ledger: met by what is done, planned anew when something they rest on has moved.

Both happen inside the change that causes them, so that no reader sees the one without the other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from tasks.adapters.ledger import Change, Record
from tasks.domain import calendar_records, machines
from tasks.domain.calendar import plan
from tasks.domain.edition import Edition


def received_of(records: Mapping[str, Record]) -> dict[str, dt.date]:
    """The day each milestone that was met was met, by milestone key."""
    return {
        key: dt.date.fromisoformat(record.facts["actual"]) for key, record in records.items() if record.state == "met"
    }


def meet(change: Change, edition: Edition, before: Record, after: Record, now: dt.datetime, today: dt.date) -> None:
    """Record what a record's new state meets or makes pointless, and put what rests on it on its new day."""
    kind, key, session = after.kind, after.key, after.session
    met = False
    for milestone in calendar_records.met_by(kind, key, session, before.state, after.state, after.facts):
        record = change.record(calendar_records.MILESTONE, milestone)
        if record is not None and record.state == "planned":
            change.move(record, "met", actual=today.isoformat(), actual_at=now.isoformat())
            met = True
    if session is not None and calendar_records.voids(kind, after.state):
        for planned in change.records(calendar_records.MILESTONE, session):
            if planned.state == "planned" and calendar_records.is_voided_by(kind, key, planned.key):
                change.move(planned, "void")
    if met and any("is received" in milestone.rule for milestone in edition.milestones):
        replan(change, edition)


def unmeet(change: Change, edition: Edition, keys: list[str]) -> list[str]:
    """Plan milestones again that a correction took back; their keys."""
    taken_back = []
    for key in sorted(keys):
        record = change.record(calendar_records.MILESTONE, key)
        if record is not None and record.state in ("met", "void"):
            machines.check(record.kind, key, record.state, "planned")
            change.move(record, "planned", actual=None, actual_at=None)
            taken_back.append(key)
    if taken_back:
        replan(change, edition)
    return taken_back


def replan(change: Change, edition: Edition) -> list[Record]:
    """Put every milestone that is planned on the day its rule gives now; those that moved, as they are now."""
    records = {record.key: record for record in change.records(calendar_records.MILESTONE)}
    moved = []
    for key, planned in plan(edition, received=received_of(records)).items():
        record = records.get(key)
        if record is not None and record.state == "planned":
            after = change.note(record, **calendar_records.due_facts(planned))
            if after is not record:
                moved.append(after)
    return moved
