"""Working days, numbered: the forecast counts in them and comes back to dates at the end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tasks.domain.errors import Invalid
from tasks.domain.forecast.inputs import Inputs

Days = NDArray[np.int32]

#: Calendar days of the table after the last day anything is planned for. What takes longer ends on its last day.
HORIZON = 3 * 366
#: Calendar days before the first day of the season, so that a free first day has a working day before it.
_MARGIN = 40


@dataclass(frozen=True)
class DayTable:
    """The working days of a stretch of the calendar, numbered from 0."""

    dates: tuple[dt.date, ...]
    first: dt.date
    #: By calendar day from `first`: the number of the last working day up to it.
    numbers: tuple[int, ...]

    @property
    def last(self) -> int:
        """The number of the last working day there is."""
        return len(self.dates) - 1

    def number(self, day: dt.date) -> int:
        """The number of the last working day on or before `day`; a day outside the table is taken to its edge."""
        offset = min(max((day - self.first).days, 0), len(self.numbers) - 1)
        return self.numbers[offset]

    def date(self, number: int) -> dt.date:
        """The date of a working day."""
        return self.dates[min(max(number, 0), self.last)]


def number_days(inputs: Inputs) -> DayTable:
    """The table that holds every day of `inputs`, and `HORIZON` days more.

    Raises:
        Invalid: the season begins in a stretch without any working day.
    """
    known = [inputs.today]
    for activity in inputs.activities:
        own = (activity.planned, activity.opens, activity.closes, activity.started, activity.done, activity.lapsed)
        known += [day for day in own if day is not None]
    first = min(known) - dt.timedelta(days=_MARGIN)
    span = (max(known) - first).days + HORIZON
    dates: list[dt.date] = []
    numbers = []
    for offset in range(span + 1):
        day = first + dt.timedelta(days=offset)
        if not inputs.free(day):
            dates.append(day)
        numbers.append(max(len(dates) - 1, 0))
    if not dates or dates[0] > min(known):
        raise Invalid(f"there is no working day between {first} and {min(known)}; look at holidays and closures")
    return DayTable(tuple(dates), first, tuple(numbers))
