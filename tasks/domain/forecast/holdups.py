"""What holds a season up: the lateness of every paper, traced back to the moves that caused it.

In each season by itself. A paper that is issued five days late has five days to account for. Going back from it: the
activity it waited for last was late by two, so two of the five are passed on to that one and three stay here; and so
on, until nothing is left or the calendar, not another move, decided when an activity began. The days that stay lie
just before the end of their activity and count for its party in the weeks in which they fall.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tasks.domain.forecast.days import Days, DayTable
from tasks.domain.forecast.inputs import Activity, Inputs
from tasks.domain.forecast.normal import Values
from tasks.domain.forecast.seasons import Seasons


@dataclass(frozen=True)
class HoldUp:
    """`days`: working days that a party costs in a week, added up over papers and languages, mean of the seasons."""

    party: str
    #: The Monday of the week.
    week: dt.date
    days: float

    @property
    def iso_week(self) -> str:
        """As `2007-W09`."""
        year, week, _ = self.week.isocalendar()
        return f"{year}-W{week:02}"


def lateness(activity: Activity, ended: Days, table: DayTable) -> Days:
    """Working days after the planned one, by season; 0 when in time. The planned day itself is in time."""
    if activity.done is not None and activity.done <= activity.planned:
        return np.zeros_like(ended)
    late = np.maximum(ended - table.number(activity.planned), 0)
    if activity.done is not None:
        # Done on a free day after a planned working day: that is late, and has no number of its own.
        return np.maximum(late, 1)
    return late


def hold_ups(inputs: Inputs, seasons: Seasons) -> tuple[HoldUp, ...]:
    """Every party and week that costs days, the costliest first."""
    known = inputs.by_key
    late = {key: lateness(known[key], ended, seasons.table) for key, ended in seasons.ended.items()}
    reached = _reached(known, seasons.order)
    # By party, the change of days lost from each working day to the next.
    change: dict[str, Values] = defaultdict(lambda: np.zeros(seasons.table.last + 3))
    for issue in inputs.activities:
        if issue.language is not None and issue.done is None:
            for key, own in _own_days(issue.key, known, seasons, late, reached[issue.key]):
                ended, size = seasons.ended[key], seasons.table.last + 3
                change[known[key].party] += np.bincount(ended - own + 1, minlength=size)
                change[known[key].party] -= np.bincount(ended + 1, minlength=size)
    count = max((len(ended) for ended in seasons.ended.values()), default=1)
    days: dict[tuple[str, dt.date], float] = {}
    mondays, week_of = _weeks(seasons.table)
    for party, changes in change.items():
        lost = np.cumsum(changes)
        by_week = np.bincount(week_of, weights=lost[: len(week_of)])
        for number in np.flatnonzero(by_week):
            days[party, mondays[number]] = float(by_week[number]) / count
    found = [HoldUp(party, week, lost) for (party, week), lost in days.items()]
    return tuple(sorted(found, key=lambda one: (-one.days, one.week, one.party)))


def _weeks(table: DayTable) -> tuple[list[dt.date], NDArray[np.intp]]:
    """The Mondays of all weeks, and for every working day the number of its week among them."""
    starts = [day - dt.timedelta(days=day.weekday()) for day in table.dates]
    mondays = sorted(set(starts))
    number = {monday: place for place, monday in enumerate(mondays)}
    return mondays, np.array([number[start] for start in starts], dtype=np.intp)


def _reached(known: Mapping[str, Activity], order: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """For every issue: itself and all that comes before it, the last first."""
    place = {key: number for number, key in enumerate(order)}
    found = {}
    for issue in known.values():
        if issue.language is None:
            continue
        seen, ahead = {issue.key}, [issue.key]
        while ahead:
            new = [key for key in known[ahead.pop()].after if key not in seen]
            seen.update(new)
            ahead += new
        found[issue.key] = tuple(sorted(seen, key=lambda key: -place[key]))
    return found


def _own_days(
    issue: str, known: Mapping[str, Activity], seasons: Seasons, late: dict[str, Days], path: tuple[str, ...]
) -> Iterator[tuple[str, Days]]:
    """(activity, the days of the lateness of `issue` that stay with it, by season), going back from `issue`."""
    owed: dict[str, Days] = {issue: late[issue]}
    for key in path:
        due = owed.pop(key, None)
        if due is None or not due.any():
            continue
        own = due
        # Only one of those before it decided when it began: the first that ended on that day.
        undecided = np.ones(len(due), dtype=bool)
        for before in known[key].after:
            decided = undecided & (seasons.ended[before] == seasons.begun[key])
            undecided &= ~decided
            passed = np.where(decided, np.minimum(due, late[before]), 0)
            own = own - passed
            owed[before] = owed[before] + passed if before in owed else passed
        if known[key].party and own.any():
            yield key, own
