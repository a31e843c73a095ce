"""Working days counted quickly: every question is two look-ups in a sorted list that grows as it is asked.

`Working` is anybody's rule of which days are worked, such as the `is_working` of a place's calendar.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Callable

from tasks.domain.errors import Invalid

Working = Callable[[dt.date], bool]

#: Days that are looked at at a time, and how many at most in search of one working day.
_STRETCH = 400
_LONGEST_REST = 4_000


class DayCount:
    """The working days of one place, by number. Make one for a whole computation: what it has seen it keeps."""

    def __init__(self, is_working: Working) -> None:
        self._is_working = is_working
        self._days: list[int] = []
        self._first = self._last = 0  # what has been looked at: from _first up to and without _last

    def after(self, day: dt.date, count: int) -> dt.date:
        """The `count`-th working day after `day`; for 0 the day itself, free or not."""
        return self._step(day, count) if count > 0 else day

    def before(self, day: dt.date, count: int) -> dt.date:
        """The `count`-th working day before `day`; for 0 the day itself, free or not."""
        return self._step(day, -count) if count > 0 else day

    def start_for(self, end: dt.date, count: int) -> dt.date:
        """The latest day from which `count` working days are over by `end`: a working day, or `end` itself for 0."""
        if count <= 0:
            return end
        # Work that must be over by a free day is over by the working day before it.
        return self.before(end + dt.timedelta(days=1), count + 1)

    def between(self, first: dt.date, last: dt.date) -> int:
        """Working days after `first` up to and with `last`; negative when `last` is before `first`."""
        low, high = sorted((first.toordinal(), last.toordinal()))
        self._cover(low, high)
        count = bisect_right(self._days, high) - bisect_right(self._days, low)
        return count if first <= last else -count

    def room(self, day: dt.date, latest: dt.date) -> int:
        """Working days from `day` to `latest`; any `day` past `latest` is short of at least one."""
        return self.between(day, latest) if day <= latest else min(self.between(day, latest), -1)

    def _step(self, day: dt.date, count: int) -> dt.date:
        start = day.toordinal()
        reach = abs(count) * 2 + 14
        while True:
            self._cover(start - reach, start + reach)
            if count > 0:
                at = bisect_right(self._days, start) + count - 1
                if at < len(self._days):
                    return dt.date.fromordinal(self._days[at])
            else:
                at = bisect_left(self._days, start) + count
                if at >= 0:
                    return dt.date.fromordinal(self._days[at])
            if reach > abs(count) * 2 + _LONGEST_REST:
                raise Invalid(f"no {abs(count)} working days found around {day}; check the closures of the calendar")
            reach *= 2

    def _cover(self, low: int, high: int) -> None:
        """Look at the days from `low` to `high`, and some more, unless they have been looked at."""
        low = max(low, 1)
        if not self._last:
            self._first = self._last = low
        if low < self._first:
            start = max(min(low, self._first - _STRETCH), 1)
            self._days[:0] = self._worked(start, self._first)
            self._first = start
        if high >= self._last:
            end = min(max(high + 1, self._last + _STRETCH), dt.date.max.toordinal())
            self._days += self._worked(self._last, end)
            self._last = end

    def _worked(self, start: int, end: int) -> list[int]:
        return [number for number in range(start, end) if self._is_working(dt.date.fromordinal(number))]
