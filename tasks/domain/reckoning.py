"""The day and the instant a rule means once the days of its anchors are known.

A plain offset that lands on a free day moves on in its own direction, so that nobody who waits for the anchor has less
time than the rule says and nothing moves across it. Each such move carries its reason, and so does a bound that holds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pendulum

from tasks.domain.errors import Invalid
from tasks.domain.rule import Anchor, Bound, Offset, Rule
from tasks.domain.workdays import ONE_DAY, Workdays

#: Without a time of day, a deadline ends with its day.
_END_OF_DAY = dt.time(23, 59)


@dataclass(frozen=True)
class Shift:
    """A day that is not the one counted, and why. With both days the same: it is free, and stays."""

    from_date: dt.date
    to_date: dt.date
    reason: str


def reckon(rule: Rule, days: Mapping[Anchor, dt.date], workdays: Workdays) -> tuple[dt.date, tuple[Shift, ...]]:
    """The day `rule` means when its anchors are on `days`, and every shift on the way there.

    Raises:
        Invalid: there is no such day, before the year 1 or after the year 9999.
    """
    day = _count(rule.offset, days[rule.anchor], workdays)
    shifts: list[Shift] = []
    if rule.offset is None:
        if reason := workdays.why_free(day):
            shifts.append(Shift(day, day, reason))
    else:
        day = _off_free_days(day, ONE_DAY if rule.offset.side == "after" else -ONE_DAY, workdays, shifts)
    for bound in rule.bounds:
        day = _within(bound, day, _count(bound.offset, days[bound.anchor], workdays), workdays, shifts)
    return day, tuple(shifts)


def due_instant(day: dt.date, rule: Rule, time_zone: str) -> dt.datetime:
    """The instant (UTC) with which `day` ends for `rule`; `time_zone` is the edition's.

    A local time that the clocks leave out is as much later as they do; of one that comes twice it is the first. Both
    is how Python reads a time of fold 0.

    Raises:
        Invalid: the zone is none, or the instant is before the year 1 or after the year 9999.
    """
    try:
        local = dt.datetime.combine(day, rule.at or _END_OF_DAY, ZoneInfo(rule.zone or time_zone))
        return local.astimezone(dt.UTC)
    except OverflowError as error:
        raise Invalid(f"{day} is no day of the calendar everywhere on earth") from error
    except (ValueError, LookupError, OSError) as error:
        raise Invalid(f"{rule.zone or time_zone!r} is not a time zone such as Europe/Paris") from error


def _count(offset: Offset | None, start: dt.date, workdays: Workdays) -> dt.date:
    if offset is None:
        return start
    count = offset.count if offset.side == "after" else -offset.count
    try:
        if offset.unit == "working days":
            return workdays.move(start, count)
        shifted = pendulum.date(start.year, start.month, start.day).add(**{offset.unit: count})
        return dt.date(shifted.year, shifted.month, shifted.day)
    except (OverflowError, ValueError) as error:
        raise Invalid(f"{offset} {start} is no day of the calendar") from error


def _off_free_days(day: dt.date, step: dt.timedelta, workdays: Workdays, shifts: list[Shift]) -> dt.date:
    reason = workdays.why_free(day)
    if not reason:
        return day
    try:
        working = workdays.nearest(day, step)
    except OverflowError as error:
        side = "after" if step > dt.timedelta() else "before"
        raise Invalid(f"{day} is free ({reason}), and a working day {side} it is no day of the calendar") from error
    shifts.append(Shift(day, working, reason))
    return working


def _within(bound: Bound, day: dt.date, limit: dt.date, workdays: Workdays, shifts: list[Shift]) -> dt.date:
    """`day`, or where it passes `limit` that one, moved inwards to a working day."""
    if day <= limit if bound.limit == "later" else day >= limit:
        return day
    shifts.append(Shift(day, limit, str(bound)))
    return _off_free_days(limit, -ONE_DAY if bound.limit == "later" else ONE_DAY, workdays, shifts)
