"""Calendar feeds: dated entries as one .ics file that calendar programs subscribe to (RFC 5545, RFC 7986).

A feed has no clock: its stamps are those of the ledger's records, so that two feeds of one ledger are the same bytes
and a file is published only when something in it has changed.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vCategory, vDuration, vText

from tasks.adapters.vtimezone import write_vtimezone

#: How often a program is asked to look again. Google and Outlook keep times of their own.
_REFRESH: Final = dt.timedelta(hours=6)
#: When the alarm of a whole day rings, counted from its first midnight: not in the night.
_MORNING: Final = dt.timedelta(hours=9)
#: What ends a line somewhere: Word's line break and Unicode's separators among them.
_LINE_ENDS: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
#: RFC 5545 (3.1) has no control characters in text but the tab; the newline is written escaped.
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Entry:
    """One dated entry of a feed.

    `due` is a date for a whole day, or an aware instant. `until_date` is the last day of a whole-day entry of several
    days. `alarms_days` are days before `due`; nothing rings for what is met or cancelled. `sequence` is raised by the
    caller at every change (RFC 5545, 3.8.7.4), `changed_at` is when that was. Without `zone` an instant is written in
    the feed's.
    """

    uid_parts: tuple[str, ...]
    title: str
    due: dt.date | dt.datetime
    sequence: int
    changed_at: dt.datetime
    until_date: dt.date | None = None
    description: str = ""
    met: bool = False
    cancelled: bool = False
    categories: tuple[str, ...] = ()
    alarms_days: tuple[int, ...] = ()
    url: str | None = None
    zone: str | None = None

    def __post_init__(self) -> None:
        if self.changed_at.tzinfo is None or (isinstance(self.due, dt.datetime) and self.due.tzinfo is None):
            raise ValueError(f"{self.uid_parts}: instants of a feed are aware")
        if self.until_date is not None and (isinstance(self.due, dt.datetime) or self.until_date < self.due):
            raise ValueError(f"{self.uid_parts}: {self.until_date} is no last day of an entry that begins {self.due}")
        if self.sequence < 0 or any(days < 0 for days in self.alarms_days):
            raise ValueError(f"{self.uid_parts}: a sequence and the days of an alarm are not negative")

    @property
    def uid(self) -> str:
        """The same for ever, whatever becomes of date and title: named by `uid_parts` alone (RFC 7986, 5.3)."""
        # Quoted, so that no two tuples are spelled alike.
        return str(uuid.uuid5(uuid.NAMESPACE_URL, "roundtable:" + "/".join(quote(part, "") for part in self.uid_parts)))


def feed(name: str, entries: Iterable[Entry], *, zone: str, language: str) -> bytes:
    """The feed `name` as an .ics file, its entries by date; the same input in any order gives the same bytes.

    Args:
        zone: the IANA name of the zone in which times are written.
        language: the language tag of names, titles and descriptions.

    Raises:
        ValueError: two entries share their `uid_parts`.
    """
    ordered = sorted(entries, key=feed_order)
    if len({entry.uid for entry in ordered}) != len(ordered):
        raise ValueError(f"{name}: two entries of this feed have the same key")
    tagged = {"LANGUAGE": language}
    calendar = Calendar()
    calendar.add("PRODID", f"-//Roundtable//Feeds//{language.upper()}")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("NAME", _Text(_clean(name), params=tagged))
    calendar.add("X-WR-CALNAME", _Text(_clean(name)))
    calendar.add("REFRESH-INTERVAL", vDuration(_REFRESH, params={"VALUE": "DURATION"}))
    calendar.add("X-PUBLISHED-TTL", vDuration(_REFRESH))
    if ordered:
        calendar.add("LAST-MODIFIED", max(entry.changed_at for entry in ordered).astimezone(dt.UTC))
    # The feed's own zone even where nothing has a time: a calendar without any component is not valid.
    years = [_in_utc(entry.due).year for entry in ordered] or [1970]
    for key in sorted({zone, *(entry.zone for entry in ordered if entry.zone is not None)}):
        calendar.add_component(write_vtimezone(key, min(years), max(years)))
    for entry in ordered:
        calendar.add_component(_event(entry, ZoneInfo(entry.zone or zone), tagged))
    written: bytes = calendar.to_ical()
    return written


def feed_order(entry: Entry) -> tuple[str, str]:
    """By what a feed is sorted."""
    return _in_utc(entry.due).isoformat(), entry.uid


def _event(entry: Entry, zone: ZoneInfo, tagged: dict[str, str]) -> Event:
    event = Event()
    event.add("UID", entry.uid)
    event.add("SEQUENCE", entry.sequence)
    event.add("DTSTAMP", entry.changed_at.astimezone(dt.UTC))
    event.add("LAST-MODIFIED", entry.changed_at.astimezone(dt.UTC))
    if isinstance(entry.due, dt.datetime):
        # No end: a deadline is a moment (RFC 5545, 3.6.1).
        event.add("DTSTART", _local(entry.due, zone))
    else:
        event.add("DTSTART", entry.due)
        event.add("DTEND", (entry.until_date or entry.due) + dt.timedelta(days=1))
    event.add("SUMMARY", _Text(_clean(entry.title), params=tagged))
    if entry.description:
        event.add("DESCRIPTION", _Text(_clean(entry.description), params=tagged))
    if entry.categories:
        event.add("CATEGORIES", _categories(entry.categories))
    if entry.url is not None:
        event.add("URL", entry.url)
    event.add("STATUS", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT")  # A deadline keeps nobody from a meeting.
    if not (entry.met or entry.cancelled):
        for days in sorted(set(entry.alarms_days), reverse=True):
            event.add_component(_alarm(entry, days))
    return event


def _alarm(entry: Entry, days: int) -> Alarm:
    before = dt.timedelta(days=-days)
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", _Text(_clean(entry.title)))
    alarm.add("TRIGGER", before if isinstance(entry.due, dt.datetime) else before + _MORNING)
    return alarm


def _local(instant: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """`instant` in its zone; in UTC where the clocks show that time twice, for a feed can only say the first."""
    local = instant.astimezone(zone)
    return instant.astimezone(dt.UTC) if local.fold else local


def _in_utc(due: dt.date | dt.datetime) -> dt.date | dt.datetime:
    return due.astimezone(dt.UTC) if isinstance(due, dt.datetime) else due


def _clean(text: str) -> str:
    """`text` with one kind of line end and nothing that no calendar can hold."""
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))


def _categories(names: tuple[str, ...]) -> vCategory:
    categories = vCategory([])
    categories.cats = [_Text(_clean(name)) for name in names]
    return categories


class _Text(vText):
    r"""A text that comes back as it was: the library takes the two characters `\N` for the end of a line."""

    def to_ical(self) -> bytes:
        escaped = self.replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,").replace("\n", r"\n")
        return escaped.encode("utf-8")
