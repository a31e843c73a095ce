"""Seasons drawn from what is believed: when every activity ends, in each of them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

import numpy as np

from tasks.domain.errors import Invalid
from tasks.domain.forecast.belief import Seen, assume, learn
from tasks.domain.forecast.days import Days, DayTable
from tasks.domain.forecast.inputs import Activity, Inputs
from tasks.domain.forecast.normal import Values
from tasks.domain.forecast.queue import issue_days


@dataclass(frozen=True)
class Seasons:
    """By activity and season: the numbers of the working days on which it began and ended."""

    table: DayTable
    begun: dict[str, Days]
    ended: dict[str, Days]
    #: The activities in an order in which each comes after those it waits for.
    order: tuple[str, ...]


def generator(seed: int, *about: str) -> np.random.Generator:
    """The random numbers of one thing, the same whatever else there is: a what-if changes nothing but its own."""
    digest = hashlib.blake2b("\0".join(about).encode(), digest_size=8).digest()
    return np.random.Generator(np.random.SFC64([seed, int.from_bytes(digest, "big")]))


def since(activity: Activity, known: Mapping[str, Activity], today: dt.date) -> dt.date | None:
    """The day from which it has been its party's move, `None` when it is not yet."""
    if activity.started is not None:
        return activity.started
    ends = [known[key].ended for key in activity.after]
    days = [day for day in ends if day is not None]
    if activity.after and (not days or (activity.wait_for == "all" and len(days) < len(ends))):
        return None
    start = (max(days) if activity.wait_for == "all" else min(days)) if days else activity.opens
    if start is None:
        return None
    start = max(start, activity.opens or start)
    return start if start <= today else None


def draw_days(inputs: Inputs, table: DayTable, seasons: int, seed: int) -> dict[str, Days]:
    """The working days that every answer still to come takes from the day it was asked for, by season."""
    known = inputs.by_key
    answering = [a for a in inputs.activities if a.kind and inputs.queue_of(a) is None]
    drawn = {}
    for kind in sorted({activity.kind for activity in answering}):
        parties, seen, waiting = set(), [], []
        for activity in sorted((a for a in answering if a.kind == kind), key=lambda a: a.key):
            parties.add(activity.party)
            start = since(activity, known, inputs.today)
            if start is None:
                continue
            days = table.number(activity.ended or inputs.today) - table.number(start)
            seen.append(Seen(activity.party, max(days, 0), activity.done is not None))
            if activity.done is None:
                waiting.append(activity.key)
        belief = learn(assume(inputs.answers[kind]), sorted(parties), seen, seasons, generator(seed, "kind", kind))
        logs = dict(zip(waiting, belief.waiting, strict=True))
        for activity in answering:
            if activity.kind == kind and activity.ended is None:
                log = logs.get(activity.key)
                if log is None:
                    luck = generator(seed, "answer", activity.key).standard_normal(seasons)
                    log = belief.level[activity.party] + belief.spread * luck
                drawn[activity.key] = whole_days(log, table)
    return drawn


def whole_days(logs: Values, table: DayTable) -> Days:
    """Working days, at least 1, of answer times whose logarithms these are; none is longer than the table."""
    days: Days = np.ceil(np.exp(np.minimum(logs, np.log(table.last + 1)))).astype(np.int32)
    return np.maximum(days, 1)


def play(inputs: Inputs, table: DayTable, days: Mapping[str, Days], seasons: int) -> Seasons:
    """Every season from its answer times: nothing is random here.

    Raises:
        Invalid: activities wait for each other, or a translation for another of its own language.
    """
    known = inputs.by_key
    begun: dict[str, Days] = {}
    ended: dict[str, Days] = {}
    today = table.number(inputs.today)
    order = []
    for group in _order(inputs):
        order += group
        for key in group:
            begun[key] = _begin(known[key], begun, ended, table, today, seasons)
        if inputs.queue_of(known[group[0]]) is not None:
            _translate([known[key] for key in group], inputs, begun, ended, table)
            continue
        (key,) = group
        activity = known[key]
        if activity.ended is not None:
            end = _same(table.number(activity.ended), seasons)
        elif not activity.kind:
            end = np.maximum(_close(activity, known, begun, table), today)
        else:
            end = begun[key] + np.maximum(days[key] - activity.sooner, 1)
            end = np.maximum(end, today + 1)
        ended[key] = np.minimum(end, table.last).astype(np.int32)
    return Seasons(table, begun, ended, tuple(order))


def _order(inputs: Inputs) -> list[list[str]]:
    """Keys in order, the open translations of one language together: they stand in one queue."""
    known = inputs.by_key
    node = {key: f"translators into {queue}" if (queue := inputs.queue_of(a)) else key for key, a in known.items()}
    members: dict[str, list[str]] = {}
    for key in sorted(known):
        members.setdefault(node[key], []).append(key)
    graph = {name: sorted({node[b] for key in keys for b in known[key].after}) for name, keys in members.items()}
    try:
        return [members[name] for name in TopologicalSorter(graph).static_order()]
    except CycleError as error:
        path = " → ".join(reversed(error.args[1]))
        raise Invalid(f"these activities of the forecast wait for each other: {path}") from error


def _same(number: int, seasons: int) -> Days:
    return np.full(seasons, number, dtype=np.int32)


def _begin(
    activity: Activity, begun: dict[str, Days], ended: dict[str, Days], table: DayTable, today: int, seasons: int
) -> Days:
    if activity.started is not None:
        return _same(table.number(activity.started), seasons)
    opens = table.number(activity.opens) if activity.opens is not None else None
    if not activity.after:
        return _same(today if opens is None else opens, seasons)
    ready = ended[activity.after[0]]
    for key in activity.after[1:]:
        ready = (np.maximum if activity.wait_for == "all" else np.minimum)(ready, ended[key])
    return ready if opens is None else np.maximum(ready, opens)


def _close(activity: Activity, known: Mapping[str, Activity], begun: dict[str, Days], table: DayTable) -> Days:
    """When an activity that is nobody's move ends: at once, a round of comments at the latest when it closes."""
    begin = begun[activity.key]
    if activity.closes is None:
        return begin
    closes = np.full_like(begin, table.number(activity.closes))
    if activity.open_at_least and activity.after:
        asked = np.minimum.reduce([begun[key] for key in activity.after])
        closes = np.maximum(closes, asked + activity.open_at_least)
    return np.minimum(begin, closes)


def _translate(
    papers: list[Activity], inputs: Inputs, begun: dict[str, Days], ended: dict[str, Days], table: DayTable
) -> None:
    """Set the end of every translation into one language."""
    freed = []
    for paper in papers:
        if paper.ended is not None:
            freed.append(table.number(paper.ended))
            ended[paper.key] = np.full_like(begun[paper.key], freed[-1])
    still = [paper for paper in papers if paper.ended is None]
    if not still:
        return
    assert still[0].language is not None  # it is in a queue
    tomorrow = table.number(inputs.today) + 1
    words = [paper.words or 0 for paper in still]
    arrivals = np.stack([begun[paper.key] for paper in still])
    out = issue_days(arrivals, words, inputs.capacities[still[0].language], freed=freed, not_before=tomorrow)
    for paper, row in zip(still, out, strict=True):
        sooner = np.maximum(row - paper.sooner, np.maximum(begun[paper.key], tomorrow - 1) + 1)
        ended[paper.key] = np.minimum(np.minimum(row, sooner), table.last).astype(np.int32)
