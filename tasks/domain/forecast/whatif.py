"""What if: the same season with one thing different, and the difference that makes.

Each answer keeps its luck, so two forecasts of one seed differ by what was changed and by nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tasks.domain.errors import Invalid, Unknown
from tasks.domain.forecast.inputs import Activity, Inputs
from tasks.domain.forecast.outcome import Forecast


@dataclass(frozen=True)
class Dates:
    """New days of one activity; what is `None` stays."""

    planned: dt.date | None = None
    opens: dt.date | None = None
    closes: dt.date | None = None


@dataclass(frozen=True)
class Difference:
    """One paper in one language, before and after. `sooner_days`: calendar days its 90 % day comes earlier."""

    key: str
    on_time: float
    on_time_then: float
    day_90: dt.date
    day_90_then: dt.date

    @property
    def gained(self) -> float:
        return self.on_time_then - self.on_time

    @property
    def sooner_days(self) -> int:
        return (self.day_90 - self.day_90_then).days


def replanned(inputs: Inputs, dates: Mapping[str, Dates]) -> Inputs:
    """With a meeting moved: `dates` has the new days of the activities that follow from it. What is done stays.

    Raises:
        Unknown: an activity that is not there.
    """
    for key in dates:
        _find(inputs, key)
    return replace(inputs, activities=tuple(_redated(one, dates.get(one.key)) for one in inputs.activities))


def _redated(activity: Activity, dates: Dates | None) -> Activity:
    if dates is None or activity.ended is not None:
        return activity
    return replace(
        activity,
        planned=dates.planned or activity.planned,
        opens=dates.opens or activity.opens,
        closes=dates.closes or activity.closes,
    )


def with_translators(inputs: Inputs, language: str, more: int = 1) -> Inputs:
    """With `more` translators into `language`.

    Raises:
        Unknown: nothing is assumed of the translators into that language.
        Invalid: fewer than one would be left.
    """
    capacity = inputs.capacities.get(language)
    if capacity is None:
        there = ", ".join(sorted(inputs.capacities)) or "none"
        raise Unknown(f"no capacity is assumed for translators into {language}; there is for: {there}")
    changed = replace(capacity, translators=capacity.translators + more)
    return replace(inputs, capacities={**inputs.capacities, language: changed})


def earlier(inputs: Inputs, key: str, days: int) -> Inputs:
    """With `key` done `days` working days before it would be, though never before the next working day.

    Raises:
        Unknown: no such activity.
        Invalid: it is done already, takes no time, or `days` is less than 1.
    """
    found = _find(inputs, key)
    if found.ended is not None:
        raise Invalid(f"{key} ended on {found.ended}; only what is still to come can come earlier")
    if not found.kind or days < 1:
        raise Invalid(f"{key} can't come {days} working days earlier; name a draft or a translation, and 1 or more")
    changed = replace(found, sooner=found.sooner + days)
    return replace(inputs, activities=tuple(changed if one.key == key else one for one in inputs.activities))


def _find(inputs: Inputs, key: str) -> Activity:
    found = inputs.by_key.get(key)
    if found is None:
        raise Unknown(f"{key} is no activity of the forecast; there are {', '.join(sorted(inputs.by_key)[:5])} ...")
    return found


def compare(base: Forecast, other: Forecast) -> tuple[Difference, ...]:
    """What is different in `other` for every paper and language of `base` that is still to be issued."""
    then = {issue.key: issue for issue in other.issues}
    return tuple(
        Difference(now.key, now.on_time, then[now.key].on_time, now.day_90, then[now.key].day_90)
        for now in base.issues
        if now.done is None and now.key in then
    )
