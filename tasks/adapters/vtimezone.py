"""VTIMEZONE: a zone's changes of offset, written so that every calendar program applies them.

RFC 5545 (3.6.5) wants the onset of each change in the local time before it. Outlook reads only changes that recur every
year on one weekday of a month and approximates the rest ([MS-STANOICAL] 2.2.47), hence rules of recurrence wherever the
zone follows one, and plain changes elsewhere. The writer that the icalendar library offers gives lists of dates, and in
spring the local time after the change; so the components are put together here.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class _Kind:
    """What two changes share when one rule may tell them both."""

    before: dt.timedelta
    after: dt.timedelta
    name: str

    @property
    def is_forward(self) -> bool:
        """Whether the clocks go forward: the DAYLIGHT of programs that know one pair of changes a year.

        Not what the zone's data call summer time: Dublin's have the winter as the exception, with a negative saving.
        """
        return self.after > self.before


@dataclass(frozen=True)
class _Change:
    at: dt.datetime  # aware UTC
    kind: _Kind

    @property
    def onset(self) -> dt.datetime:
        """Local time on the clocks before the change, naive."""
        return self.at.replace(tzinfo=None) + self.kind.before


@lru_cache(maxsize=64)
def write_vtimezone(zone: str, first_year: int, last_year: int) -> Timezone:
    """The VTIMEZONE of `zone`, right for every instant of the years from `first_year` to `last_year`."""
    info = ZoneInfo(zone)
    # A year more at either end: the offset on 1 January comes from the year before, and one year makes no rule.
    start = dt.datetime(first_year - 1, 1, 1, tzinfo=dt.UTC)
    changes = list(_changes(info, start, dt.datetime(last_year + 2, 1, 1, tzinfo=dt.UTC)))
    component = Timezone()
    component.add("TZID", zone)
    if not changes or changes[0].at.year >= first_year:
        here = start.astimezone(info)
        offset = here.utcoffset() or dt.timedelta()
        component.add_component(_observance(_Change(start, _Kind(offset, offset, here.tzname() or zone)), None))
    for run in sorted(_runs(changes), key=lambda run: run[0].at):
        # The last rule has no end: a program that looks further finds the usual change rather than none.
        is_open = run[-1].at.year == last_year + 1
        component.add_component(_observance(run[0], _rule(run, is_open=is_open)))
    return component


def _changes(info: ZoneInfo, start: dt.datetime, end: dt.datetime) -> Iterator[_Change]:
    """Every change of offset between two instants, to the second."""
    day = start
    while day < end:
        low, high = day, day + _DAY
        if low.astimezone(info).utcoffset() != high.astimezone(info).utcoffset():
            while high - low > dt.timedelta(seconds=1):
                middle = low + dt.timedelta(seconds=(high - low) // dt.timedelta(seconds=2))
                if middle.astimezone(info).utcoffset() == low.astimezone(info).utcoffset():
                    low = middle
                else:
                    high = middle
            before, after = low.astimezone(info), high.astimezone(info)
            offsets = (before.utcoffset() or dt.timedelta(), after.utcoffset() or dt.timedelta())
            yield _Change(high, _Kind(*offsets, after.tzname() or str(info)))
        day += _DAY


def _places(change: _Change) -> set[tuple[int, int, int, dt.time]]:
    """The rules that give this change: month, which one (-1 the last), weekday, time of day."""
    onset = change.onset
    nth = {(onset.day - 1) // 7 + 1}
    if onset.day + 7 > calendar.monthrange(onset.year, onset.month)[1]:
        nth.add(-1)
    return {(onset.month, number, onset.weekday(), onset.time()) for number in nth}


def _runs(changes: list[_Change]) -> Iterator[list[_Change]]:
    """The changes in runs that one yearly rule tells: same kind, year after year, on the same place in the month."""
    for _, same in groupby(sorted(changes, key=lambda change: (repr(change.kind), change.at)), lambda each: each.kind):
        run: list[_Change] = []
        places: set[tuple[int, int, int, dt.time]] = set()
        for change in same:
            shared = places & _places(change)
            if run and shared and change.onset.year == run[-1].onset.year + 1:
                run.append(change)
                places = shared
            else:
                if run:
                    yield run
                run, places = [change], _places(change)
        yield run


def _rule(run: list[_Change], *, is_open: bool) -> vRecur | None:
    """The yearly rule of a run; None where it is a single change."""
    if len(run) == 1:
        return None
    month, number, weekday, _ = min(set.intersection(*map(_places, run)))
    rule = {"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": f"{number}{_WEEKDAYS[weekday]}"}
    return vRecur(rule if is_open else {**rule, "COUNT": len(run)})


def _observance(change: _Change, rule: vRecur | None) -> TimezoneStandard | TimezoneDaylight:
    component = TimezoneDaylight() if change.kind.is_forward else TimezoneStandard()
    component.add("DTSTART", change.onset)
    component.add("TZOFFSETFROM", change.kind.before)
    component.add("TZOFFSETTO", change.kind.after)
    component.add("TZNAME", change.kind.name)
    if rule is not None:
        component.add("RRULE", rule)
    return component
