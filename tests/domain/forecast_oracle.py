"""A season played day by day with dates, fractions and plain loops: slow, and written without looking at the forecast.

It shares the inputs with the forecast and nothing else.
"""

from __future__ import annotations

import datetime as dt
import heapq
import math
from collections.abc import Mapping
from fractions import Fraction

from tasks.domain.forecast import Activity, Capacity, Inputs

DAY = dt.timedelta(days=1)


def working_day_up_to(inputs: Inputs, day: dt.date) -> dt.date:
    while inputs.free(day):
        day -= DAY
    return day


def working_days_after(inputs: Inputs, day: dt.date, count: int) -> dt.date:
    while count > 0:
        day += DAY
        count -= not inputs.free(day)
    return day


def working_days_between(inputs: Inputs, first: dt.date, last: dt.date) -> int:
    """How many working days after `first` the working day `last` is."""
    count = 0
    while first < last:
        first += DAY
        count += not inputs.free(first)
    return count


def play(inputs: Inputs, days: Mapping[str, int]) -> dict[str, dt.date]:
    """The day on which every activity ends when answers take so many working days."""
    known = {activity.key: activity for activity in inputs.activities}
    begun: dict[str, dt.date] = {}
    ended: dict[str, dt.date] = {}
    desks = {language: Desk(inputs, language) for language in inputs.capacities}
    dated = [d for a in inputs.activities for d in (a.opens, a.started, a.done, a.lapsed) if d is not None]
    day = working_day_up_to(inputs, min([inputs.today, *dated]))
    while len(ended) < len(known):
        again = True
        while again:
            again = False
            for key in sorted(known):
                if key not in begun and may_begin(inputs, known[key], ended, day):
                    begun[key], again = day, True
                if key not in ended and is_over(inputs, known[key], begun, days, day, known):
                    ended[key], again = day, True
        for language, desk in desks.items():
            new = [
                a for key, a in sorted(known.items())
                if begun.get(key) == day and a.language == language and a.words is not None and a.ended is None
            ]  # fmt: skip
            for activity in new:
                desk.take(activity, day)
            for key, out in desk.out.items():
                if key not in ended and out <= day:
                    ended[key] = out
        day = working_days_after(inputs, day, 1)
    return ended


def may_begin(inputs: Inputs, activity: Activity, ended: Mapping[str, dt.date], day: dt.date) -> bool:
    if activity.started is not None:
        return day == working_day_up_to(inputs, activity.started)
    if activity.opens is not None and day < working_day_up_to(inputs, activity.opens):
        return False
    if not activity.after:
        return activity.opens is not None or day >= working_day_up_to(inputs, inputs.today)
    return (all if activity.wait_for == "all" else any)(key in ended for key in activity.after)


def is_over(
    inputs: Inputs,
    activity: Activity,
    begun: Mapping[str, dt.date],
    days: Mapping[str, int],
    day: dt.date,
    known: Mapping[str, Activity],
) -> bool:
    if (end := activity.done or activity.lapsed) is not None:
        return day == working_day_up_to(inputs, end)
    if activity.kind:
        if activity.key not in begun or activity.key not in days:
            return False
        passed = working_days_between(inputs, begun[activity.key], day)
        return day > inputs.today and passed >= max(days[activity.key] - activity.sooner, 1)
    if day < working_day_up_to(inputs, inputs.today):
        return False
    if activity.key in begun:
        return True
    if activity.closes is None or day < working_day_up_to(inputs, activity.closes):
        return False
    asked = [begun[key] for key in activity.after if key in begun]
    if not activity.open_at_least:
        return True
    return bool(asked) and working_days_between(inputs, min(asked), day) >= activity.open_at_least


class Desk:
    """The translators and revisers of one language, in working days since the first paper came to any desk."""

    def __init__(self, inputs: Inputs, language: str) -> None:
        self.inputs, self.capacity = inputs, inputs.capacities[language]
        self.zero = dt.date(1990, 1, 1)
        assert not inputs.free(self.zero)
        done = [
            self.count(working_day_up_to(inputs, a.done))
            for a in inputs.activities
            if a.language == language and a.words is not None and a.done is not None
        ]
        self.translators = idle(done, self.capacity.translators)
        self.revisers = idle(done, self.capacity.revisers)
        self.out: dict[str, dt.date] = {}

    def count(self, day: dt.date) -> int:
        return working_days_between(self.inputs, self.zero, day)

    def take(self, activity: Activity, day: dt.date) -> None:
        assert activity.words is not None
        soonest = Fraction(self.count(working_day_up_to(self.inputs, self.inputs.today)) + 1)
        ready = Fraction(self.count(day))
        steps = [(self.translators, self.capacity.words_per_day)]
        if self.capacity.revised_per_day is not None:
            steps.append((self.revisers, self.capacity.revised_per_day))
        for number, (people, per_day) in enumerate(steps, 1):
            ready = max(ready, heapq.heappop(people)) + Fraction(activity.words) / Fraction(per_day)
            ready = max(ready, soonest) if number == len(steps) else ready
            heapq.heappush(people, ready)
        self.out[activity.key] = working_days_after(self.inputs, self.zero, math.ceil(ready))


def idle(done: list[int], people: int) -> list[Fraction]:
    last = [Fraction(day) for day in sorted(done)[-people:]]
    heap = [Fraction(0)] * (people - len(last)) + last
    heapq.heapify(heap)
    return heap


def served(arrivals: list[int], words: list[int], capacity: Capacity) -> list[int]:
    """The working day each paper is out, by its number, when days are plain numbers."""
    translators, revisers = [Fraction(0)] * capacity.translators, [Fraction(0)] * capacity.revisers
    out = [0] * len(arrivals)
    for paper in sorted(range(len(arrivals)), key=lambda paper: (arrivals[paper], paper)):
        moment = max(Fraction(arrivals[paper]), heapq.heappop(translators))
        moment += Fraction(words[paper]) / Fraction(capacity.words_per_day)
        heapq.heappush(translators, moment)
        if capacity.revised_per_day is not None:
            moment = max(moment, heapq.heappop(revisers)) + Fraction(words[paper]) / Fraction(capacity.revised_per_day)
            heapq.heappush(revisers, moment)
        out[paper] = math.ceil(moment)
    return out
