"""Whether the forecast keeps what it promises: how often what it calls 90 % sure comes true.

Histories are made in which the answer times are known: every kind, and every party of it, has a median and a spread of
its own. Each history is shown to the forecast up to one day in its middle; what it then says is compared with how the
history went on. The parties of the histories are not drawn from the forecast's own beliefs: answers are lognormal,
not Student's t, and each party has a spread of its own where the forecast knows only that of the kind.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from tasks.domain.errors import Invalid
from tasks.domain.forecast.days import Days, DayTable, number_days
from tasks.domain.forecast.inputs import Activity, Inputs
from tasks.domain.forecast.outcome import simulate, sure_by
from tasks.domain.forecast.seasons import Seasons, generator, play, whole_days

LEVELS = (0.5, 0.8, 0.9)
#: The edges of the groups into which probabilities of being in time are put.
_EDGES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
_NINE_IN_TEN = 1.2815515655446


@dataclass(frozen=True)
class Population:
    """How the parties of the histories vary: shares of the variance of the logarithms of the assumed answer times."""

    kinds: float = 0.15
    parties: float = 0.3
    #: Standard deviation of the logarithm of a party's own spread.
    spreads: float = 0.2
    #: Everybody takes so many times what is assumed.
    slower: float = 1.0


@dataclass(frozen=True)
class Promise:
    """`kept` of `made` promises at one level; in a group of probabilities, `said` is their mean."""

    said: float
    made: int
    kept: int

    @property
    def share(self) -> float:
        return self.kept / self.made if self.made else math.nan


@dataclass(frozen=True)
class Calibration:
    """`sure_by`: was it out by the day that was called so sure. `in_time`: by groups of the probability said."""

    today: dt.date
    histories: int
    seasons: int
    seed: int
    sure_by: tuple[Promise, ...]
    in_time: tuple[Promise, ...]

    def at(self, level: float) -> float:
        """The share that came true of what was called so sure."""
        return next(promise.share for promise in self.sure_by if promise.said == level)


def calibrate(
    plan: Inputs, *, seed: int, histories: int = 200, seasons: int = 500, population: Population | None = None
) -> Calibration:
    """Forecast `histories` made-up histories of `plan`, each at the end of `plan.today`, from `seasons` seasons.

    What is done in `plan` is forgotten, so the plan of a whole season serves. The same `seed` gives the same figures.

    Raises:
        Invalid: everything is issued by that day, in every history.
    """
    bare = [replace(one, started=None, done=None, lapsed=None, sooner=0) for one in plan.activities]
    table = number_days(plan)
    # The histories begin with the season, not on the day of the forecast.
    whole = replace(plan, activities=tuple(bare), today=table.date(0))
    truth = play(whole, table, _true_days(whole, table, seed, histories, population or Population()), histories)
    met = np.zeros(len(LEVELS), dtype=int)
    said: list[float] = []
    came: list[bool] = []
    for history in range(histories):
        shown = show(plan.today, whole, truth, history)
        open_issues = [one for one in shown.activities if one.language is not None and one.done is None]
        if not open_issues:
            continue
        guessed = simulate(shown, seed=seed + history + 1, seasons=seasons)
        for issue in open_issues:
            # Both tables number working days, from different first days: compare dates.
            actual = table.date(int(truth.ended[issue.key][history]))
            ended = guessed.ended[issue.key]
            met += [actual <= guessed.table.date(number) for number in sure_by(ended, LEVELS)]
            said.append(float(np.mean(ended <= guessed.table.number(issue.planned))))
            came.append(actual <= issue.planned)
    if not said:
        raise Invalid(f"on {plan.today} everything is issued in all {histories} histories; take an earlier day")
    promises = tuple(Promise(level, len(said), int(kept)) for level, kept in zip(LEVELS, met, strict=True))
    return Calibration(plan.today, histories, seasons, seed, promises, _grouped(said, came))


def _true_days(plan: Inputs, table: DayTable, seed: int, histories: int, population: Population) -> dict[str, Days]:
    """Answer times by activity and history, from medians and spreads that differ between kinds, parties, histories."""
    days = {}
    for kind, answer in sorted(plan.answers.items()):
        rng = generator(seed, "history", kind)
        spread = math.log(answer.nine_in_ten / answer.half) / _NINE_IN_TEN
        middle = math.log(answer.half * population.slower)
        middle_of_kind = middle + math.sqrt(population.kinds) * spread * rng.standard_normal(histories)
        own = math.sqrt(1 - population.kinds - population.parties) * spread
        activities = [one for one in plan.activities if one.kind == kind and plan.queue_of(one) is None]
        for party in sorted({one.party for one in activities}):
            median = middle_of_kind + math.sqrt(population.parties) * spread * rng.standard_normal(histories)
            vary = own * np.exp(population.spreads * rng.standard_normal(histories))
            for activity in activities:
                if activity.party == party:
                    days[activity.key] = whole_days(median + vary * rng.standard_normal(histories), table)
    return days


def show(today: dt.date, plan: Inputs, truth: Seasons, history: int) -> Inputs:
    """What is known of a history at the end of `today`."""
    now = truth.table.number(today)
    end = {key: int(days[history]) for key, days in truth.ended.items()}
    closed: dict[str, int] = {}
    for activity in plan.activities:
        if activity.closes is not None:
            closed |= dict.fromkeys(activity.after, end[activity.key])
    known = [
        _known(one, int(truth.begun[one.key][history]), end[one.key], closed.get(one.key), now, truth.table)
        for one in plan.activities
    ]
    return replace(plan, today=today, activities=tuple(known))


def _known(activity: Activity, begun: int, end: int, closed: int | None, now: int, table: DayTable) -> Activity:
    if begun > now:
        return activity
    started = table.date(begun) if activity.kind else None
    if closed is not None and closed <= now and end > closed:
        return replace(activity, started=started, lapsed=table.date(closed))
    if end <= now:
        return replace(activity, started=started, done=table.date(end))
    return replace(activity, started=started)


def _grouped(said: Sequence[float], came: Sequence[bool]) -> tuple[Promise, ...]:
    groups = []
    for low, high in pairwise(_EDGES):
        inside = [(p, c) for p, c in zip(said, came, strict=True) if low <= p < high or p == high == 1]
        if inside:
            mean = sum(p for p, _ in inside) / len(inside)
            groups.append(Promise(mean, len(inside), sum(c for _, c in inside)))
    return tuple(groups)


def render_lines(calibration: Calibration) -> list[str]:
    """The figures as lines of text."""
    lines = [
        f"{calibration.histories:,} histories from known answer times, forecast at the end of {calibration.today} "
        f"from {calibration.seasons:,} seasons each, seed {calibration.seed}",
        "  called so sure by a day    papers    came true",
    ]
    lines += [f"  {p.said:>22.0%}  {p.made:>8,}  {p.share:>11.1%}" for p in calibration.sure_by]
    lines.append("  said of being in time      papers    came true")
    lines += [f"  {p.said:>22.1%}  {p.made:>8,}  {p.share:>11.1%}" for p in calibration.in_time]
    return lines
