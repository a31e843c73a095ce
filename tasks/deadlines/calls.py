"""Calls to bodies that e-mail does not reach: who is to be called, and that it was done."""

from __future__ import annotations

from tasks.adapters.ledger import Record
from tasks.desk import Desk
from tasks.domain import calendar_records, rights
from tasks.domain.errors import Invalid, NotNow, Unknown
from tasks.domain.rights import Subject


def open_calls(desk: Desk) -> list[Record]:
    """Calls that somebody has to make, the oldest first."""
    rows = desk.ledger.records(desk.edition.id, kind=calendar_records.CALL)
    return sorted((row for row in rows if row.state == "open"), key=lambda row: (row.changed_at, row.key))


def record_call(desk: Desk, key: str, note: str) -> str:
    """Record that a call was made, and what came of it.

    Raises:
        Unknown: there is no such call.
        NotNow: it was made already, or is not needed any more.
        Invalid: nothing is said about it.
        NotYours: the edition gives it to others.
    """
    record = desk.ledger.record(desk.edition.id, calendar_records.CALL, key)
    if record is None:
        known = ", ".join(row.key for row in open_calls(desk)[:6]) or "none"
        raise Unknown(f"{key}: there is no such call; open are {known}")
    if record.state != "open":
        raise NotNow(f"{key}: this call is {record.state} since {record.changed_at:%-d %B %Y}")
    if not note.strip():
        raise Invalid(f"{key}: say who was spoken to and what came of it")
    rights.allow(desk.edition, desk.by, "decide", Subject(calendar_records.CALL, record.session))
    with desk.change(note) as change:
        desk.move(change, record, "done", note=note, called_by=desk.by)
    return f"{record.facts['party']}: called by {desk.by}"
