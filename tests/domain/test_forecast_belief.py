"""What is believed of answer times, against exact sums, and whether the forecast keeps what it promises."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Callable
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.seasons import ANSWERS, made_up
from tasks.domain.errors import Invalid
from tasks.domain.forecast import AnswerTime, Calibration, Population, calibrate, render_lines
from tasks.domain.forecast.belief import KIND_WEIGHT, PARTY_WEIGHT, Prior, Seen, assume, learn
from tasks.domain.forecast.normal import draw_beyond, log_left

START = dt.date(2007, 1, 8)
NORMAL = NormalDist()


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


# The normal tail


@given(st.floats(-8, 36))
def test_what_is_left_of_the_normal_distribution(point: float) -> None:
    exact = math.log(math.erfc(point / math.sqrt(2)) / 2)
    assert float(log_left(np.array([point]))[0]) == pytest.approx(exact, abs=2e-5)


@pytest.mark.parametrize("point", [-8.5, -3.0, 0.0, 1.5, 6.0, 30.0])
def test_draws_beyond_a_point_have_the_distribution_of_the_tail(point: float) -> None:
    drawn = draw_beyond(np.full(40_000, point), rng())
    assert drawn.min() >= point
    # Beyond a point, what is left at a draw, over what was left at the point, is uniform.
    shares = np.sort(np.exp(log_left(drawn) - log_left(np.full(40_000, point))))
    even = (np.arange(40_000) + 0.5) / 40_000
    # Kolmogorov and Smirnov: 1.95 over the root is passed once in a thousand times, and the seed is fixed.
    assert np.abs(shares - even).max() < 1.95 / math.sqrt(40_000)


# What is assumed


@given(st.floats(0.5, 60), st.floats(1.2, 6))
def test_the_two_figures_of_a_kind_come_back(half: float, times: float) -> None:
    count = 20_000
    belief = learn(assume(AnswerTime(half, half * times)), ["a"], [], count, rng())
    days = np.exp(belief.level["a"] + belief.spread * rng(2).standard_normal(count))
    for share, limit in ((0.5, half), (0.9, half * times)):
        assert np.mean(days <= limit) == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / count))


# What was seen, against a sum over a grid of everything that can be true


def exact_means(prior: Prior, seen: list[Seen], party: str) -> tuple[float, float]:
    """(mean level of `party`, mean logarithm of the spread), by adding up the joint density over a fine grid.

    The kind's level is summed too, so nothing of the algebra of the conjugate distribution is used.
    """
    parties = sorted({party, *(one.party for one in seen)})
    levels = np.linspace(prior.level - 4, prior.level + 4, 201)
    total = level_sum = spread_sum = 0.0
    for spread in np.exp(np.linspace(math.log(0.08), math.log(5), 70)):
        # Density of the spread: inverse gamma of its square, and the step of an even grid of logarithms.
        log_density = -2 * prior.shape * math.log(spread) - prior.scale / spread**2
        about_prior = -0.5 * KIND_WEIGHT * ((levels - prior.level) / spread) ** 2 - math.log(spread)
        about_kind = -0.5 * PARTY_WEIGHT * ((levels[:, None] - levels[None, :]) / spread) ** 2 - math.log(spread)
        by_kind = level_parts = np.exp(about_prior + log_density)
        for name in parties:
            likely = np.zeros(len(levels))
            for one in (one for one in seen if one.party == name):
                if one.answered:
                    likely += -0.5 * ((math.log(one.days - 0.5) - levels) / spread) ** 2 - math.log(spread)
                else:
                    far = [(math.log(one.days) - level) / spread for level in levels]
                    likely += [math.log(math.erfc(f / math.sqrt(2)) / 2) if f < 37 else -1e6 for f in far]
            weights = np.exp(about_kind + likely[None, :])
            # Multiplied by the level for one of them and not for the others, then summed: the mean of that level.
            level_parts = level_parts * (weights @ levels if name == party else weights.sum(axis=1))
            by_kind = by_kind * weights.sum(axis=1)
        total += by_kind.sum()
        level_sum += level_parts.sum()
        spread_sum += by_kind.sum() * math.log(spread)
    return level_sum / total, spread_sum / total


SEEN = {
    "nothing": [],
    "answers": [Seen("a", 5, True), Seen("a", 9, True), Seen("b", 30, True)],
    "silence": [Seen("a", 20, False), Seen("b", 25, False), Seen("b", 3, False)],
    "both": [Seen("a", 20, False), Seen("a", 4, True), Seen("b", 6, True), Seen("c", 15, False), Seen("c", 40, True)],
}


@pytest.mark.parametrize(("name", "party"), list(itertools.product(SEEN, ["a", "b", "d"])))
def test_belief_is_the_exact_one(name: str, party: str) -> None:
    prior, count = assume(AnswerTime(12, 25)), 20_000
    belief = learn(prior, ["a", "b", "d"], SEEN[name], count, rng())
    level, log_spread = exact_means(prior, SEEN[name], party)
    for drawn, exact in ((belief.level[party], level), (np.log(belief.spread), log_spread)):
        assert drawn.mean() == pytest.approx(exact, abs=4 * drawn.std() / math.sqrt(count) + 0.005)


def test_open_waits_keep_their_order_and_exceed_what_has_passed() -> None:
    seen = [Seen("b", 7, False), Seen("a", 30, False), Seen("b", 2, True), Seen("a", 1, False), Seen("b", 60, False)]
    waiting = learn(assume(AnswerTime(12, 25)), ["a"], seen, 500, rng()).waiting
    open_days = [one.days for one in seen if not one.answered]
    assert [bool((np.exp(row) > days * 0.999999).all()) for row, days in zip(waiting, open_days, strict=True)] == [
        True
    ] * 4
    assert np.exp(waiting[2].min()) < 30  # the third is the party's short wait, not its long one


def test_a_party_seen_often_is_believed_rather_than_its_kind() -> None:
    often = [Seen("quick", 3, True)] * 40
    belief = learn(assume(AnswerTime(12, 25)), ["quick", "other"], often, 4000, rng())
    assert np.exp(belief.level["quick"].mean()) == pytest.approx(2.5, rel=0.15)
    assert np.exp(belief.level["other"].mean()) > 4


# Calibration


def within(share: float, trials: float, deviations: float) -> float:
    return deviations * math.sqrt(share * (1 - share) / trials)


def plan(today: dt.date):
    return made_up(2, start=START, today=today, partners=3, languages=("en", "fr", "es"))


@pytest.mark.soak
def test_what_is_called_sure_comes_true_as_often(rounds: Callable[[int, int], int]) -> None:
    histories = rounds(120, 4000)
    found = calibrate(plan(dt.date(2007, 2, 9)), seed=7, histories=histories, seasons=400)
    # The papers of one history share its parties: each history counts as one trial, not each paper.
    for level in (0.5, 0.8, 0.9):
        assert abs(found.at(level) - level) < within(level, histories, 3) + 0.02
    if histories >= 1000:
        assert 0.85 <= found.at(0.9) <= 0.95
    for group in found.in_time:
        assert abs(group.share - group.said) < within(max(min(group.said, 0.95), 0.05), group.made / 6, 3.5) + 0.03


def test_a_season_unlike_what_is_assumed_shows() -> None:
    slow = calibrate(plan(dt.date(2007, 1, 15)), seed=7, histories=60, seasons=200, population=Population(slower=2.5))
    assert slow.at(0.9) < 0.6


def test_the_day_itself_keeps_the_promise() -> None:
    # Answers that take five days and a little more come on the sixth day, always.
    even = replace(plan(dt.date(2007, 1, 9)), answers=dict.fromkeys(ANSWERS, AnswerTime(5.5, 5.5001)))
    found = calibrate(even, seed=1, histories=5, seasons=20)
    assert [promise.share for promise in found.sure_by] == [1, 1, 1]


def test_calibration_is_the_same_by_seed() -> None:
    def found(seed: int) -> Calibration:
        return calibrate(plan(dt.date(2007, 3, 1)), seed=seed, histories=8, seasons=100)

    assert found(1) == found(1) != found(2)
    lines = render_lines(found(1))
    assert lines[0].startswith("8 histories from known answer times, forecast at the end of 2007-03-01")
    assert any(line.split()[0] == "90%" for line in lines)


def test_a_day_after_everything_is_refused() -> None:
    with pytest.raises(Invalid, match="take an earlier day"):
        calibrate(plan(dt.date(2009, 6, 1)), seed=1, histories=3, seasons=10)
