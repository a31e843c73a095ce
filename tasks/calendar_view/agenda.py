"""The plan on the backend's calendar: an entry for each dated event and each deadline, kept as the ledger has them.

An entry is put first and recorded after it: killed in between, the next run puts the same entry under the same id.
Nobody is told, so nobody need approve.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from tasks.adapters.ledger import Record
from tasks.adapters.ports import Agenda, AgendaEntry, DeliveryError, agenda_id
from tasks.asks import name_of_milestone
from tasks.calendar_view.reading import dated
from tasks.calendar_view.rows import reason_of
from tasks.desk import Desk
from tasks.desk.milestones import received_of
from tasks.domain import calendar_records
from tasks.domain.calendar import plan
from tasks.domain.edition import Event, text_in

AGENDA_ENTRY: Final = "agenda-entry"
#: One transaction for so many entries: what was put and not recorded is put again after a crash, which costs calls.
_AT_ONCE: Final = 50


def entries(desk: Desk) -> dict[str, AgendaEntry]:
    """What the calendar is to show, by key of event or milestone, in the drafting language."""
    edition, language, words = desk.edition, desk.edition.drafting_language.id, desk.words
    found = {}
    for event in edition.events:
        if (record := desk.ledger.record(edition.id, calendar_records.EVENT, event.id)) and event.date:
            found[event.id] = event_entry(desk, event, record)
    records = {r.key: r for r in desk.records() if r.kind == calendar_records.MILESTONE}
    planned = plan(edition, received=received_of(records))
    for key, record in records.items():
        if record.state == "void":
            continue
        when = dated(record, planned.get(key))
        session = edition.session(record.session) if record.session else None
        about = words(language)("session_title", number=session.id, title=session.title[language]) if session else ""
        reason = reason_of(desk, when.planned, language)
        found[key] = AgendaEntry(
            edition=edition.id,
            title=name_of_milestone(desk, key, language),
            due=when.due_at or when.due,
            zone=when.zone or edition.time_zone,
            changed_at=record.changed_at,
            description="\n".join(filter(None, [desk.notice(language), reason, about])),
        )
    return found


def event_entry(desk: Desk, event: Event, record: Record) -> AgendaEntry:
    """A dated event as an entry."""
    assert event.date is not None
    language = desk.edition.drafting_language.id
    words, place = desk.words(language), text_in(event.place, language)
    where = words("label_value", label=words("labels.place"), value=place) if place else ""
    return AgendaEntry(
        edition=desk.edition.id,
        title=event.names[language],
        due=event.date,
        zone=desk.edition.time_zone,
        changed_at=record.changed_at,
        until_date=event.until,
        description="\n".join(filter(None, [desk.notice(language), where])),
    )


def agenda_due(desk: Desk, records: Sequence[Record]) -> bool:
    """Whether a deadline or event is on another day than the calendar shows, or is not on it, or is pointless."""
    shown = {r.key: r.facts["due"] for r in records if r.kind == AGENDA_ENTRY and r.state == "shown"}
    return shown != {record.key: _due(record) for record in records if _is_shown(desk, record)}


def _is_shown(desk: Desk, record: Record) -> bool:
    if record.kind == calendar_records.EVENT:
        return desk.edition.has("events", record.key)
    return record.kind == calendar_records.MILESTONE and record.state != "void"


def _due(record: Record) -> str:
    return str(record.facts["due" if record.kind == calendar_records.MILESTONE else "date"])


def keep_agenda(desk: Desk, agenda: Agenda, backend: str) -> list[str]:
    """Bring the calendar up to the ledger; what could not be done, one line each, is tried again with the next run."""
    known = {record.key: record for record in desk.records() if record.kind == AGENDA_ENTRY}
    wanted = entries(desk)
    put = [key for key, entry in wanted.items() if not _says(known.get(key), backend, entry)]
    off = [key for key, record in known.items() if record.state == "shown" and key not in wanted]
    problems: list[str] = []
    for some in [*_parts(put), *_parts(off)]:
        try:
            ids = {key: agenda_id(desk.edition.id, key) for key in some}
            if some[0] in wanted:
                agenda.put_all({id: wanted[key] for key, id in ids.items()})
            else:
                agenda.cancel_all(ids.values())
        except DeliveryError as error:
            problems.append(f"{some[0]} and {len(some) - 1} more are not on the calendar as they are: {error}")
        else:
            _record(desk, known, {key: wanted.get(key) for key in some}, backend)
    return problems


def _parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]


def _record(desk: Desk, known: dict[str, Record], done: dict[str, AgendaEntry | None], backend: str) -> None:
    with desk.change("the shared calendar follows the plan") as change:
        for key, entry in done.items():
            record = known.get(key)
            facts = {"backend": backend, **_facts(entry)} if entry else {}
            if record is None:
                change.add_record(AGENDA_ENTRY, key, "shown", None, facts)
            else:
                desk.move(change, record, "shown" if entry else "off", **facts)


def _facts(entry: AgendaEntry) -> dict[str, Any]:
    said = [entry.title, entry.when, entry.zone, entry.until_date and entry.until_date.isoformat(),
            entry.description]  # fmt: skip
    return {"due": day_of(entry).isoformat(), "says": hashlib.sha256(repr(said).encode()).hexdigest()}


def day_of(entry: AgendaEntry) -> dt.date:
    """The day an entry is on, in its own zone."""
    if isinstance(entry.due, dt.datetime):
        return entry.due.astimezone(ZoneInfo(entry.zone)).date()
    return entry.due


def _says(record: Record | None, backend: str, entry: AgendaEntry) -> bool:
    if record is None or record.state != "shown" or record.facts["backend"] != backend:
        return False
    return bool(record.facts["says"] == _facts(entry)["says"])
