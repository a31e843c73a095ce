"""What is believed of the answer times of one kind of mover: first what the edition assumes, then what was seen.

Answer times are lognormal. The logarithms of one party's vary about a level of its own, the parties' levels about that
of their kind, and that about what the edition assumes; all three in proportion to one spread, which is not known
either. With those proportions fixed (below) everything is conjugate, a normal-inverse-gamma distribution, and a party
of which little was seen is drawn towards its kind. The prediction of one answer is then Student's t in logarithms.

An answer that has not come after so many days says that it takes longer. The missing times are drawn from the tail
beyond, then level and spread as if they had been seen, and so on in turn, for every season by itself (data
augmentation: Tanner and Wong, Journal of the American Statistical Association 82, 1987, pages 528 to 540).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tasks.domain.forecast.inputs import AnswerTime
from tasks.domain.forecast.normal import Values, draw_beyond

#: The edition's figure of a kind weighs as much as this many parties of which everything is known.
KIND_WEIGHT = 4.0
#: The level of its kind weighs as much, for one party, as this many answers of its own.
PARTY_WEIGHT = 2.0
#: Degrees of freedom of the assumed spread, and the nine-in-ten point of Student's t that belongs to them.
FREEDOM = 8
NINE_IN_TEN = 1.3968153097438
#: Turns of drawing what is missing and what is believed. The tests compare them with an exact sum.
TURNS = 25


@dataclass(frozen=True)
class Prior:
    """A normal-inverse-gamma distribution of the logarithms of working days."""

    level: float
    shape: float
    scale: float


@dataclass(frozen=True)
class Seen:
    """One answer, or the lack of one: the working days after which it came, or has not come yet."""

    party: str
    days: float
    answered: bool


@dataclass(frozen=True)
class Belief:
    """By season (the last axis): each party's level, the kind's spread, and the answers that are still to come."""

    level: dict[str, Values]
    spread: Values
    #: Logarithms of the whole answer time, in the order in which the open waits were given.
    waiting: Values


def assume(answer: AnswerTime) -> Prior:
    """The prior under which half of a kind's answers come within `half` days, and nine in ten within the other."""
    # One answer of an unknown party differs by its own spread, the party's and the kind's.
    parts = 1 + 1 / PARTY_WEIGHT + 1 / KIND_WEIGHT
    variance = (math.log(answer.nine_in_ten / answer.half) / NINE_IN_TEN) ** 2 / parts
    return Prior(math.log(answer.half), FREEDOM / 2, variance * FREEDOM / 2)


def learn(prior: Prior, parties: Sequence[str], seen: Sequence[Seen], seasons: int, rng: np.random.Generator) -> Belief:
    """Draw what is believed after `seen`, once for every season."""
    names = sorted({*parties, *(one.party for one in seen)})
    place = {name: number for number, name in enumerate(names)}
    answered = [(place[one.party], _middle(one.days)) for one in seen if one.answered]
    waits = [one for one in seen if not one.answered]
    # Sorted by party, so that each party's are added up in one go.
    order = sorted(range(len(waits)), key=lambda number: place[waits[number].party])
    who = np.array([place[waits[number].party] for number in order], dtype=np.intp)
    beyond = np.log([max(waits[number].days, 1e-3) for number in order])[:, None]

    count, total, squares = np.zeros(len(names)), np.zeros(len(names)), 0.0
    for party, value in answered:
        count[party] += 1
        total[party] += value
        squares += value**2
    kind, spread = _draw_kind(prior, _add_up(count, total[:, None], squares), seasons, rng)
    waiting, answers = np.empty((0, seasons)), np.repeat(total[:, None], seasons, axis=1)
    if len(who):
        starts = np.flatnonzero(np.r_[True, who[1:] != who[:-1]])
        silent, row = np.unique(who, return_inverse=True)
        level = _draw_levels(kind, spread, count[silent], answers[silent], rng)
        count[silent] += np.bincount(row)
        # What the others add is the same in every turn and season.
        others = np.setdiff1d(np.arange(len(names)), silent)
        same = _add_up(count[others], total[others, None], squares)
        for _ in range(TURNS):
            waiting = level[row] + spread * draw_beyond((beyond - level[row]) / spread, rng)
            mine = total[silent, None] + np.add.reduceat(waiting, starts)
            sums = same.plus(_add_up(count[silent], mine, np.einsum("ws,ws->s", waiting, waiting)))
            kind, spread = _draw_kind(prior, sums, seasons, rng)
            level = _draw_levels(kind, spread, count[silent], mine, rng)
        answers[silent] = mine
    levels = _draw_levels(kind, spread, count, answers, rng)
    in_order = np.empty_like(waiting)
    in_order[order] = waiting
    return Belief({name: levels[number] for name, number in place.items()}, spread, in_order)


def _middle(days: float) -> float:
    """The logarithm of an answer time: one that took three days came in the course of the third."""
    return math.log(max(days, 1) - 0.5)


@dataclass(frozen=True)
class _Sums:
    """What the answers of some parties say of their kind, by season or the same in all."""

    answers: float
    weight: float
    #: The parties' means, each by its weight.
    weighted: Values
    #: Squares of the answers, less what the distance of the parties' means from their kind's still adds.
    squares: Values

    def plus(self, other: _Sums) -> _Sums:
        return _Sums(
            self.answers + other.answers,
            self.weight + other.weight,
            self.weighted + other.weighted,
            self.squares + other.squares,
        )


def _add_up(count: Values, total: Values, squares: Values | float) -> _Sums:
    """The sums of parties with `count` answers that add up to `total`; `squares` is the sum of all their squares."""
    mean = total / np.maximum(count, 1)[:, None]
    weight = PARTY_WEIGHT * count / (PARTY_WEIGHT + count)
    weighted: Values = np.einsum("p,ps->s", weight, mean)
    rest: Values = squares - np.einsum("p,ps,ps->s", count - weight, mean, mean)
    return _Sums(float(count.sum()), float(weight.sum()), weighted, rest)


def _draw_kind(prior: Prior, sums: _Sums, seasons: int, rng: np.random.Generator) -> tuple[Values, Values]:
    """The level of the kind and its spread, from their joint distribution."""
    weight = KIND_WEIGHT + sums.weight
    centre = (KIND_WEIGHT * prior.level + sums.weighted) / weight
    # Answers about their party, parties about their kind, the kind about what was assumed: the squares added up.
    apart = sums.squares + KIND_WEIGHT * prior.level**2 - weight * centre**2
    spread = np.sqrt((prior.scale + apart / 2) / rng.standard_gamma(prior.shape + sums.answers / 2, seasons))
    return centre + spread / math.sqrt(weight) * rng.standard_normal(seasons), spread


def _draw_levels(kind: Values, spread: Values, count: Values, total: Values, rng: np.random.Generator) -> Values:
    """The level of each party, given that of its kind and the sum of its own answers."""
    weight = PARTY_WEIGHT + count[:, None]
    around: Values = spread / np.sqrt(weight) * rng.standard_normal((len(count), len(spread)))
    return (PARTY_WEIGHT * kind + total) / weight + around
