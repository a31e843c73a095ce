"""The translators of a language: papers are served in the order in which they arrive, each by one translator.

A translator who is free takes the paper that has waited longest; then a reviser does, in the same order. Every season
has arrivals, and therefore an order, of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tasks.domain.forecast.days import Days
from tasks.domain.forecast.inputs import Capacity

Moments = NDArray[np.float64]

#: Words over words a day are fractions: a day that is full but for rounding is not one day more.
_ROUNDING = 1e-9


def issue_days(
    arrivals: Days, words: Sequence[int], capacity: Capacity, *, freed: Sequence[int] = (), not_before: int = 0
) -> Days:
    """The working day on which each paper (row) is translated and revised, by season (column).

    A paper that arrives on a day is begun on the next. `freed` are the days on which papers that are out already
    were finished, when their translators became free again; `not_before` is the first day a paper can be done.
    """
    order = np.argsort(arrivals, axis=0, kind="stable")
    count = np.array(words, dtype=np.float64)
    ready = np.take_along_axis(arrivals.astype(np.float64), order, axis=0)
    translating = count[order] / capacity.words_per_day
    if capacity.revised_per_day is None:
        done = _serve(ready, translating, capacity.translators, freed, not_before)
    else:
        done = _serve(ready, translating, capacity.translators, freed)
        done = _serve(done, count[order] / capacity.revised_per_day, capacity.revisers, freed, not_before)
    finished = np.empty_like(arrivals)
    np.put_along_axis(finished, order, np.ceil(done - _ROUNDING).astype(arrivals.dtype), axis=0)
    return finished


def _serve(ready: Moments, needed: Moments, servers: int, freed: Sequence[int], not_before: float = -np.inf) -> Moments:
    """When each of the papers, which are served in the order of the rows, leaves; days needed are one server's."""
    last = sorted(freed)[-servers:]
    free_at = np.full((servers, ready.shape[1]), -np.inf)
    free_at[: len(last)] = np.array(last, dtype=np.float64)[:, None]
    seasons = np.arange(ready.shape[1])
    left = np.empty_like(ready)
    for row in range(len(ready)):
        # Whoever is free first takes the next paper.
        server = free_at.argmin(axis=0)
        begun = np.maximum(ready[row], free_at[server, seasons])
        # What is not out today has kept its server until then, however early it was begun.
        left[row] = np.maximum(begun + needed[row], not_before)
        free_at[server, seasons] = left[row]
    return left
