"""Slack, critical paths, and what follows from lateness, by the critical path method in working days.

Forward: `earliest` is the first day a milestone can come if everybody takes just the time they need; `expected` the
day it comes if everybody keeps the plan as far as still possible. Backward: `latest` is the last day it can come
without making an end late. Ends are what nothing else rests on (papers in all languages, reports), on their planned
day, and the events of the calendar that need it. An event takes place on its day: lateness does not pass through it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tasks.domain.day_count import DayCount
from tasks.domain.network import Node, in_order

Nodes = Mapping[str, Node]


@dataclass(frozen=True)
class Slack:
    """How late one milestone may be. `slack_days` are working days from `expected` to `latest`; negative: too late."""

    key: str
    planned: dt.date
    earliest: dt.date
    expected: dt.date
    latest: dt.date
    slack_days: int
    is_critical: bool


@dataclass(frozen=True)
class Path:
    """The chain that decides how early `end` can come, first link first.

    `slack_days` are the working days it has to spare altogether: from the earliest day of its end to the day wanted.
    """

    end: str
    keys: tuple[str, ...]
    slack_days: int


@dataclass(frozen=True)
class Analysis:
    """The slack of every node in process order, and the critical path to every end, the tightest first."""

    slack: Mapping[str, Slack]
    paths: tuple[Path, ...]


@dataclass(frozen=True)
class Consequence:
    """A milestone that can't come on its planned day any more, `days` working days late at least.

    `behind` is the first event of the calendar it was planned in time for and is now too late for, or "".
    """

    key: str
    planned: dt.date
    possible: dt.date
    days: int
    language: str
    behind: str


#: Why a deadline can't be met: too little time since what it rests on, after the event that needs it, or in the past.
Fault = Literal["too-soon", "after-event", "past"]


@dataclass(frozen=True)
class Impossible:
    """A deadline that can't be met as planned, short of `days` working days; `by` is what it clashes with."""

    key: str
    fault: Fault
    by: str
    days: int


def analyse(nodes: Nodes, days: DayCount, today: dt.date | None = None) -> Analysis:
    """Slack of every node and the critical path to every end; from `today` on, if given, for all that is open."""
    order = in_order(nodes)
    earliest, drivers = _earliest(order, days, today)
    expected = expect(nodes, days, today, order=order)
    ends = _ends(nodes)
    latest = _latest(order, ends, days)
    paths = sorted(
        (
            _path_to(end, nodes, earliest, drivers, days)
            for end in order
            if end.key in ends and not _is_over(end, nodes)
        ),
        key=lambda path: path.slack_days,
    )
    critical = {key for path in paths if path.slack_days == paths[0].slack_days for key in path.keys}
    slack = {
        node.key: Slack(
            key=node.key,
            planned=node.day,
            earliest=earliest[node.key],
            expected=expected[node.key],
            latest=latest[node.key],
            slack_days=days.room(expected[node.key], latest[node.key]),
            is_critical=node.key in critical,
        )
        for node in order
    }
    return Analysis({key: slack[key] for key in nodes}, tuple(paths))


def expect(
    nodes: Nodes,
    days: DayCount,
    today: dt.date | None = None,
    late: Mapping[str, dt.date] | None = None,
    order: list[Node] | None = None,
) -> dict[str, dt.date]:
    """The day each node comes if everybody keeps the plan as far as possible; `late` ones come on their day there."""
    found: dict[str, dt.date] = {}
    for node in order or in_order(nodes):
        if node.fixed:
            found[node.key] = node.day
        elif late and node.key in late:
            found[node.key] = late[node.key]
        elif node.met:
            found[node.key] = node.met
        else:
            found[node.key] = max(node.day, today or node.day, *(days.after(found[k], node.takes) for k in node.after))
    return found


def consequences(
    nodes: Nodes,
    key: str,
    comes: dt.date,
    days: DayCount,
    events: Mapping[str, dt.date],
    today: dt.date | None = None,
) -> tuple[Consequence, ...]:
    """What gets later than it is otherwise if `key` comes on the day `comes`, in process order.

    `events` are the meetings worth naming, by id. The late milestone itself is among them only when it falls behind
    one of these.
    """
    order = in_order(nodes)
    otherwise = expect(nodes, days, today, order=order)
    after = expect(nodes, days, today, late={key: comes}, order=order)
    found = []
    for node in nodes.values():
        possible = after[node.key]
        if node.met or possible <= max(node.day, otherwise[node.key]):
            continue
        behind = _first_missed(node.day, possible, events)
        if node.key != key or behind:
            late_days = -days.room(possible, node.day)
            found.append(Consequence(node.key, node.day, possible, late_days, node.language, behind))
    return tuple(found)


def impossible(nodes: Nodes, days: DayCount, today: dt.date | None = None) -> tuple[Impossible, ...]:
    """Deadlines that can't be met as planned, in process order; of what has come none. `past` only with `today`."""
    found = []
    for node in nodes.values():
        if today and not node.fixed and not node.met and node.day < today:
            found.append(Impossible(node.key, "past", "", -days.room(today, node.day)))
        for key in node.after:
            before = nodes[key]
            if node.fixed:
                if not before.met and before.day > node.day:
                    found.append(Impossible(key, "after-event", node.key, -days.room(before.day, node.day)))
            elif not node.met:
                possible = days.after(before.met or before.day, node.takes)
                if possible > node.day:
                    found.append(Impossible(node.key, "too-soon", key, -days.room(possible, node.day)))
    return tuple(found)


def _first_missed(planned: dt.date, possible: dt.date, events: Mapping[str, dt.date]) -> str:
    missed = [(date, event) for event, date in events.items() if planned <= date < possible]
    return min(missed)[1] if missed else ""


def _is_over(end: Node, nodes: Nodes) -> bool:
    """Whether nothing is open any more on the way to `end`."""
    return all(nodes[key].met for key in end.after) if end.fixed else bool(end.met)


def _path_to(
    end: Node, nodes: Nodes, earliest: Mapping[str, dt.date], drivers: Mapping[str, str], days: DayCount
) -> Path:
    keys = [end.key]
    while (driver := drivers.get(keys[-1])) is not None:
        keys.append(driver)
        if nodes[driver].fixed or nodes[driver].met:
            break  # what came before it changes nothing any more
    ready = max(earliest[key] for key in end.after) if end.fixed else earliest[end.key]
    return Path(end.key, tuple(reversed(keys)), days.room(ready, end.day))


def _ready(node: Node, earliest: Mapping[str, dt.date], days: DayCount) -> dt.date:
    """The first day all that `node` rests on can have come, and its own time is over."""
    return max(days.after(earliest[key], node.takes) for key in node.after)


def _earliest(order: list[Node], days: DayCount, today: dt.date | None) -> tuple[dict[str, dt.date], dict[str, str]]:
    """The earliest day of each node, and which of those it rests on decides it."""
    found: dict[str, dt.date] = {}
    drivers: dict[str, str] = {}
    for node in order:
        if node.after:
            drivers[node.key] = max(node.after, key=lambda key: found[key])
        if node.fixed:
            found[node.key] = node.day
        elif node.met:
            found[node.key] = node.met
        else:
            ready = _ready(node, found, days) if node.after else node.day
            found[node.key] = max(ready, today or ready)
    return found, drivers


def _ends(nodes: Nodes) -> set[str]:
    """Keys of what must come on its day for its own sake: events something must be ready for, and last milestones."""
    needed = {key for node in nodes.values() if not node.fixed for key in node.after}
    by_events = {key for node in nodes.values() if node.fixed for key in node.after}
    # The issue of a paper has a day of its own, long before the event that needs it; a decision for a meeting has not.
    last = {key for key, node in nodes.items() if key not in needed and (node.language or key not in by_events)}
    return {key for key, node in nodes.items() if (node.after if node.fixed else key in last)}


def _latest(order: list[Node], ends: set[str], days: DayCount) -> dict[str, dt.date]:
    """The last day of each node that makes no end late."""
    found: dict[str, dt.date] = {}
    for node in reversed(order):
        if node.fixed:
            found[node.key] = start = node.day
        else:
            if node.key in ends:
                found[node.key] = min(found.get(node.key, node.day), node.day)
            start = days.start_for(found[node.key], node.takes)
        for key in node.after:
            found[key] = min(found.get(key, start), start)
    return found
