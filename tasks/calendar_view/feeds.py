"""Feeds to subscribe to: one per coordinator, team and body, in its language, as files that change only with their say.

A feed says what its reader has to do with: a coordinator the deadlines of the sessions coordinated and every dated
event, a team its session's, a body what it owes anywhere on the day that holds for it, and the meetings. SEQUENCE is
counted from the versions of the ledger's records, so it is raised by every change and survives every restart.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tasks.adapters.feeds import Entry, feed
from tasks.adapters.ledger import Record
from tasks.adapters.local.store import write_whole
from tasks.asks import name_of_milestone
from tasks.calendar_view.reading import Calendar, Owed, read
from tasks.calendar_view.rows import reason_of
from tasks.desk import Desk
from tasks.domain import calendar_records
from tasks.domain.day_count import DayCount
from tasks.domain.edition import Event, text_in
from tasks.domain.locale import language_of
from tasks.domain.session_network import day_count_of
from tasks.domain.view import milestone_key
from tasks.steps import step

#: What the files were made of when they were last written, beside them: what is the same is not made again.
_MADE_OF = ".made-of.json"
_MEETINGS = ("fof", "forum")


@dataclass(frozen=True)
class Feed:
    """One feed before it is written. `language` is an id of the edition."""

    file: str
    name: str
    language: str
    entries: tuple[Entry, ...]


@step("Write the calendar feeds")
def publish_feeds(desk: Desk, key: str) -> str:
    """Bring the feeds' files up to the ledger."""
    return f"{key}: {len(write_feeds(desk))} feeds have changed"


def write_feeds(desk: Desk) -> list[str]:
    """Bring every feed's file below `feeds/` up to the ledger; the names of those that changed.

    Each is written whole or not at all, and one that says the same is not touched.
    """
    folder = desk.store.home / "feeds" / desk.edition.id
    before, after, written = _made_of(folder), {}, []
    for each in feeds(desk):
        after[each.file] = hashlib.sha256(repr((desk.edition.time_zone, each)).encode()).hexdigest()
        path = folder / each.file
        if before.get(each.file) == after[each.file] and path.is_file():
            continue
        tag = language_of(desk.edition.language(each.language).locale)
        data = feed(each.name, each.entries, zone=desk.edition.time_zone, language=tag)
        if not path.is_file() or path.read_bytes() != data:
            write_whole(path, data)
            path.chmod(0o644)  # a web server or another program hands it out
            written.append(each.file)
    if after != before:
        write_whole(folder / _MADE_OF, json.dumps(after, indent=1, sort_keys=True).encode())
    return written


def _made_of(folder: Path) -> dict[str, str]:
    try:
        found = json.loads((folder / _MADE_OF).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def feeds(desk: Desk) -> Iterator[Feed]:
    """Every feed of the edition as the ledger has it now."""
    edition, calendar = desk.edition, read(desk)
    drafting, writer = edition.drafting_language.id, _Writer(desk, calendar)
    for member in edition.staff:
        mine = [s.id for s in edition.sessions if edition.coordinator_of(s).id == member.id]
        if mine:
            owed = {each.key: each for session in mine for each in calendar.of_session(session)}
            entries = (*writer.milestones(owed.values(), drafting), *writer.events(drafting))
            name = f"{edition.label[drafting]}: {member.name}"
            yield Feed(f"coordinator-{member.id}.ics", desk.marked(name, drafting), drafting, entries)
    for session in edition.sessions:
        name = f"{edition.label[drafting]}: {session.id} {session.title[drafting]}"
        entries = (
            *writer.milestones(calendar.of_session(session.id), drafting),
            *writer.events(drafting, _MEETINGS),
        )
        yield Feed(f"team-{session.id}.ics", desk.marked(name, drafting), drafting, entries)
    for body in edition.bodies:
        language = body.language
        name = f"{edition.label[language]}: {body.names[language]}"
        owed_here = calendar.of_body(body.id)
        entries = (
            *writer.milestones(owed_here, language, body.id),
            *writer.events(language, _MEETINGS),
        )
        yield Feed(f"body-{body.id}.ics", desk.marked(name, language), language, entries)


class _Writer:
    """Makes the entries of one reading of the ledger."""

    def __init__(self, desk: Desk, calendar: Calendar) -> None:
        self._desk = desk
        self._calendar = calendar
        self._days = day_count_of(desk.edition)
        everything = desk.records()
        self._extensions = {r.key: r for r in everything if r.kind == calendar_records.EXTENSION}
        self._events = {r.key: r for r in everything if r.kind == calendar_records.EVENT}
        self._papers = {r.key: r for r in everything if r.kind == "background-paper"}

    def milestones(self, owed: Iterable[Owed], language: str, body: str | None = None) -> Iterator[Entry]:
        for each in owed:
            yield self._milestone(each, language, body)

    def _milestone(self, owed: Owed, language: str, body: str | None) -> Entry:
        desk, words = self._desk, self._desk.words(language)
        cancelled, met = owed.state == "void", owed.actual is not None or owed.state in ("met", "over")
        title = name_of_milestone(desk, owed.key, language)
        if cancelled:
            title = words("label_value", label=words("calendar.cancelled"), value=title)
        records = self._behind(owed, body)
        told = [
            words("calendar.met_on", date=desk.day(owed.actual, language)) if owed.actual else "",
            reason_of(desk, owed.planned, language),
            "" if owed.session is None else self._session(owed.session, language),
        ]
        return Entry(
            uid_parts=(desk.edition.id, owed.key),
            title=title,
            due=owed.due_at or owed.due,
            sequence=sum(record.version for record in records) - 1,
            changed_at=max(record.changed_at for record in records),
            description="\n".join(filter(None, told)),
            met=met,
            cancelled=cancelled,
            categories=(words(f"stages.{owed.stage}"),),
            alarms_days=self._alarms(owed.due) if owed.is_reminded else (),
            zone=owed.zone or None,
        )

    def _behind(self, owed: Owed, body: str | None) -> list[Record]:
        """The records an entry is made of: the milestone's and, for a body, those that give it a day of its own."""
        found = [self._calendar.records[owed.key]]
        if body is None:
            return found
        item, _, milestone = owed.key.rpartition("/")
        if milestone.startswith("comments-"):
            # How long a round lasts that began late stands on the paper, a body's answer on its own record.
            comments = self._calendar.comments_of(owed.key, body)
            found += [r for r in (self._papers.get(item), comments) if r is not None]
        extension = self._extensions.get(f"{milestone_key(item, milestone)}|{body}")
        return [*found, extension] if extension else found

    def _session(self, session: str, language: str) -> str:
        title = self._desk.edition.session(session).title[language]
        return self._desk.words(language)("session_title", number=session, title=title)

    def _alarms(self, due: dt.date) -> tuple[int, ...]:
        """The edition's reminders, which are counted in working days, in calendar days before `due`."""
        return alarms_before(due, self._desk.edition.reminders.before, self._days)

    def events(self, language: str, kinds: tuple[str, ...] = ()) -> Iterator[Entry]:
        for event in self._desk.edition.events:
            if event.id in self._events and (not kinds or event.kind in kinds):
                yield self._event(event, self._events[event.id], language)

    def _event(self, event: Event, record: Record, language: str) -> Entry:
        assert event.date is not None  # it has a record
        place = text_in(event.place, language)
        words = self._desk.words(language)
        return Entry(
            uid_parts=(self._desk.edition.id, event.id),
            title=event.names[language],
            due=event.date,
            sequence=record.version - 1,
            changed_at=record.changed_at,
            until_date=event.until,
            description=words("label_value", label=words("labels.place"), value=place) if place else "",
            alarms_days=self._alarms(event.date) if event.kind in _MEETINGS else (),
        )


def alarms_before(due: dt.date, working_days: Iterable[int], days: DayCount) -> tuple[int, ...]:
    """So many `working_days` before `due`, as calendar days."""
    return tuple((due - days.before(due, count)).days for count in working_days)
