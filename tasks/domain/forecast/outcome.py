"""The forecast of a season: for every paper and language, how likely it is in time and by when it is sure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from tasks.domain.errors import Invalid
from tasks.domain.forecast.days import Days, number_days
from tasks.domain.forecast.holdups import HoldUp, hold_ups, lateness
from tasks.domain.forecast.inputs import Inputs
from tasks.domain.forecast.seasons import Seasons, draw_days, play

#: Seasons that are drawn unless said otherwise: a probability of one half is then off by 1 in 100 at most.
SEASONS = 10_000


@dataclass(frozen=True)
class IssueForecast:
    """One paper in one language. `on_time` is a probability; the days are those by which it is so sure to be out."""

    key: str
    session: str
    paper: str
    language: str
    planned: dt.date
    on_time: float
    day_10: dt.date
    day_50: dt.date
    day_90: dt.date
    #: Mean of the working days after the planned one, a season in time counting 0.
    mean_late_days: float
    #: The day it was issued: nothing is forecast any more.
    done: dt.date | None = None


@dataclass(frozen=True)
class Forecast:
    """What is to be expected at the end of `today`, from `seasons` simulated seasons."""

    today: dt.date
    seasons: int
    seed: int
    issues: tuple[IssueForecast, ...]
    #: The probability that every paper is issued in time in every language.
    all_on_time: float
    hold_ups: tuple[HoldUp, ...]


def forecast(inputs: Inputs, *, seed: int, seasons: int = SEASONS) -> Forecast:
    """Simulate the rest of the season `seasons` times; the same `seed` gives the same answer.

    Raises:
        Invalid: the activities wait for each other in a circle, or there is nothing to forecast.
    """
    if seasons < 1:
        raise Invalid(f"a forecast from {seasons} seasons; simulate 1 or more")
    played = simulate(inputs, seed=seed, seasons=seasons)
    issues, all_in_time = [], np.ones(seasons, dtype=bool)
    for activity in inputs.activities:
        if activity.language is None:
            continue
        ended = played.ended[activity.key]
        late = lateness(activity, ended, played.table)
        all_in_time &= late == 0
        days = [activity.done or played.table.date(number) for number in sure_by(ended, (0.1, 0.5, 0.9))]
        in_time, mean_late = float(np.mean(late == 0)), float(late.mean())
        about = (activity.key, activity.session, activity.paper, activity.language, activity.planned)
        issues.append(IssueForecast(*about, in_time, days[0], days[1], days[2], mean_late, activity.done))
    if not issues:
        raise Invalid("nothing is forecast: no activity has the language in which a paper is issued")
    held = hold_ups(inputs, played)
    return Forecast(inputs.today, seasons, seed, tuple(issues), float(all_in_time.mean()), held)


def simulate(inputs: Inputs, *, seed: int, seasons: int) -> Seasons:
    """The seasons themselves."""
    table = number_days(inputs)
    return play(inputs, table, draw_days(inputs, table, seasons, seed), seasons)


def sure_by(ended: Days, levels: tuple[float, ...]) -> list[int]:
    """For every level, the first working day by which at least that share of the seasons has ended."""
    return [int(number) for number in np.quantile(ended, levels, method="inverted_cdf")]
