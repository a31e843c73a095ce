"""Days and instants of the oracle, found by walking: along the days, or the hours and minutes of UTC."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import holidays

from tests.domain.calendar_given import Closed, Offset

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# -- days


@cache
def _holidays_of(country: str, year: int) -> dict[dt.date, frozenset[str]]:
    """The holidays of one year, with every name they have in an English of the library's."""
    known: tuple[str, ...] = holidays.country_holidays(country).supported_languages
    names: dict[dt.date, frozenset[str]] = {}
    languages: list[str | None] = [language for language in known if language.startswith("en")]
    for language in languages or [None]:
        for day, name in holidays.country_holidays(country, years=year, language=language).items():
            names[day] = names.get(day, frozenset()) | {name}
    return names


@cache
def _is_weekend(country: str, day: dt.date) -> bool:
    return holidays.country_holidays(country).is_weekend(day)


@lru_cache(maxsize=100_000)
def why_free(day: dt.date, countries: tuple[str, ...], closures: tuple[Closed, ...]) -> frozenset[str]:
    """Every reason why nobody works on `day`; none on a working day."""
    reasons = set()
    if any(_is_weekend(country, day) for country in countries) or (not countries and day.isoweekday() >= 6):
        reasons.add(WEEKDAYS[day.weekday()])
    for country in countries:
        reasons |= {f"{name} ({country})" for name in _holidays_of(country, day.year).get(day, ())}
    reasons |= {closed.reason for closed in closures if closed.first <= day <= closed.until}
    return frozenset(reasons)


def _walk(day: dt.date, side: str) -> Iterator[dt.date]:
    """The days on one side of `day`, the nearest first, without `day` itself."""
    while True:
        day = day - DAY if side == "before" else day + DAY
        yield day


@dataclass(frozen=True)
class Office:
    """Where people work, and when not."""

    countries: tuple[str, ...]
    closures: tuple[Closed, ...]

    def free(self, day: dt.date) -> frozenset[str]:
        return why_free(day, self.countries, self.closures)

    def nearest(self, day: dt.date, side: str) -> dt.date:
        """`day`, or the first working day on that side of it."""
        return day if not self.free(day) else next(d for d in _walk(day, side) if not self.free(d))

    def day_of(self, offset: Offset, start: dt.date) -> dt.date:
        """The day an offset means, a free one where plain arithmetic leads to one."""
        if offset.unit == "on":
            return start
        if offset.unit == "working day":
            left = offset.count
            for day in _walk(start, offset.side):
                left -= not self.free(day)
                if not left:
                    return day
        if offset.unit == "month":
            return _months(start, offset.count, offset.side)
        days = offset.count * (7 if offset.unit == "week" else 1)
        walk = _walk(start, offset.side)
        return [next(walk) for _ in range(days)][-1]


def _months(start: dt.date, count: int, side: str) -> dt.date:
    year, month = start.year, start.month
    for _ in range(count):
        month += -1 if side == "before" else 1
        if month == 0:
            year, month = year - 1, 12
        if month == 13:
            year, month = year + 1, 1
    last = next(n for n in (31, 30, 29, 28) if _is_a_date(year, month, n))
    return dt.date(year, month, min(start.day, last))


def _is_a_date(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


# -- instants


def _reads(instant: dt.datetime, zone: str) -> dt.datetime:
    """What a clock on a wall in `zone` shows."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


@lru_cache(maxsize=100_000)
def instant_of(day: dt.date, at: tuple[int, int], zone: str) -> dt.datetime:
    """The first instant at which the clock reads the time; where it leaves it out, as much later as it leaves out."""
    wanted = dt.datetime.combine(day, dt.time(*at))
    # No zone is more than fifteen hours from UTC, and clocks are put back by two hours at most.
    hour = dt.datetime.combine(day - 2 * DAY, dt.time(), dt.UTC)
    while _reads(hour + HOUR, zone) < wanted - 2 * HOUR:
        hour += HOUR
    before = _reads(hour, zone)
    for minute in (hour + n * MINUTE for n in range(1, 600)):
        now = _reads(minute, zone)
        if now == wanted:
            return minute
        if now > wanted:  # put on, over the wanted time
            put_on = now - before - MINUTE
            return next(m for m in (minute + n * MINUTE for n in range(1500)) if _reads(m, zone) == wanted + put_on)
        before = now
    raise AssertionError(f"{zone} never reads {wanted}")


@cache
def clock_changes(zone: str) -> list[tuple[dt.datetime, dt.datetime]]:
    """From 2001 to 2039, what a clock in `zone` would have shown when it was put on or back, and what it showed."""
    noon = dt.datetime(2001, 1, 1, 12, tzinfo=dt.UTC)
    changes = []
    while noon.year < 2039:
        if _reads(noon + DAY, zone) - _reads(noon, zone) != DAY:
            hour = next(h for h in (noon + n * HOUR for n in range(24)) if _jump(h, HOUR, zone))
            minute = next(m for m in (hour + n * MINUTE for n in range(60)) if _jump(m, MINUTE, zone))
            changes.append((_reads(minute, zone) + MINUTE, _reads(minute + MINUTE, zone)))
        noon += DAY
    return changes


def _jump(instant: dt.datetime, step: dt.timedelta, zone: str) -> bool:
    return _reads(instant + step, zone) - _reads(instant, zone) != step
