"""The plan of an edition: for each item and milestone the day it is due, and why it is that day.

Where a rule hangs on another milestone, it takes that of the same item, else of the item it is part of; an item with
parts takes the latest of theirs. What hangs on an arrival that is still awaited is `projected` from the planned day.
The day itself is still in time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from types import MappingProxyType

from tasks.domain.edition import Edition, Milestone, Session
from tasks.domain.errors import Invalid, Mistakes
from tasks.domain.milestones import LEVELS, Item, Level, level_of, roundtable_items, session_items
from tasks.domain.reckoning import Shift, due_instant, reckon
from tasks.domain.rule import Anchor, Rule, parse_rule
from tasks.domain.workdays import workdays_of

__all__ = ["Planned", "Shift", "deadlines", "find_cycles", "items_of", "plan", "try_plan"]

_NONE: Mapping[str, dt.date] = MappingProxyType({})


@dataclass(frozen=True)
class Planned:
    """One deadline: `due` is the day in the rule's zone, `due_at` the instant (UTC) with which it ends."""

    item: str
    milestone: str
    session: str | None
    due: dt.date
    due_at: dt.datetime
    rule: str
    anchor: str
    anchor_date: dt.date
    shifts: tuple[Shift, ...]
    projected: bool

    @property
    def key(self) -> str:
        return f"{self.item}/{self.milestone}"


def items_of(edition: Edition, session: Session) -> list[tuple[str, str]]:
    """(item, milestone) of every deadline the session has, its papers and translations included."""
    return [(item.key, milestone) for item in session_items(edition, session) for milestone in item.milestones]


def plan(
    edition: Edition,
    *,
    event_dates: Mapping[str, dt.date] = _NONE,
    received: Mapping[str, dt.date] = _NONE,
) -> dict[str, Planned]:
    """Every deadline of the edition by its key, such as `1.1/draft-1`, each after those it hangs on.

    `event_dates` are the days events are on now, where not as in the edition; `received` the days on which what a
    milestone asks for came in, by its key.

    Raises:
        Invalid: a rule gives no day, or hangs on what is not there or on itself; the message has the path.
        Mistakes: several do.
    """
    planned, mistakes = try_plan(edition, event_dates=event_dates, received=received)
    if len(mistakes) == 1:
        raise Invalid(*mistakes.values())
    if mistakes:
        raise Mistakes(f"{edition.id}: {len(mistakes)} deadlines cannot be planned", list(mistakes.values()))
    return planned


def deadlines(edition: Edition) -> dict[str, dt.date]:
    """By milestone id, the earliest day it is due for any item; a milestone nothing is due for is left out."""
    return earliest(plan(edition).values())


def earliest(planned: Iterable[Planned]) -> dict[str, dt.date]:
    """By milestone id, the earliest day of those planned."""
    first: dict[str, dt.date] = {}
    for each in planned:
        first[each.milestone] = min(each.due, first.get(each.milestone, each.due))
    return first


def try_plan(
    edition: Edition,
    *,
    event_dates: Mapping[str, dt.date] = _NONE,
    received: Mapping[str, dt.date] = _NONE,
) -> tuple[dict[str, Planned], dict[str, str]]:
    """What can be planned, and by milestone id what is wrong with the rules that cannot.

    What hangs on a milestone that cannot be planned is left out without a word of its own.
    """
    dates = {event.id: event.date for event in edition.events if event.precision == "day" and event.date}
    return _Planner(edition, {**dates, **event_dates}, received).run()


def find_cycles(links: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """The ids that lead to each other in a circle: each circle once, its first id again at the end.

    `links` are by id the ids each leads to; one that is no key leads nowhere.
    """
    found: list[tuple[str, ...]] = []
    done: set[str] = set()
    for start in links:
        path: list[str] = []
        branches = [iter([start])]
        while branches:
            id = next(branches[-1], None)
            if id is None:
                branches.pop()
                if path:
                    done.add(path.pop())
            elif id in path:
                found.append((*path[path.index(id) :], id))
            elif id in links and id not in done:
                path.append(id)
                branches.append(iter(links[id]))
    return found


class _Planner:
    """One run over all milestones, each after those it hangs on."""

    def __init__(self, edition: Edition, dates: Mapping[str, dt.date], received: Mapping[str, dt.date]) -> None:
        self._edition = edition
        self._dates = dates
        self._received = received
        self._rules: dict[str, Rule] = {}
        self._planned: dict[str, Planned] = {}
        self._mistakes: dict[str, str] = {}
        items = roundtable_items(edition)
        for session in edition.sessions:
            items += session_items(edition, session)
        self._due_for: dict[str, list[Item]] = {}
        self._items = {(item.level, item.key): item for item in items}
        self._parts: dict[tuple[Level, str | None], list[Item]] = {}
        for item in items:
            self._parts.setdefault((item.level, item.parent), []).append(item)
            for milestone in item.milestones:
                self._due_for.setdefault(milestone, []).append(item)

    def run(self) -> tuple[dict[str, Planned], dict[str, str]]:
        for milestone in self._edition.milestones:
            try:
                self._rules[milestone.id] = parse_rule(milestone.rule)
            except Invalid as error:
                self._mistakes[milestone.id] = str(error)
        links = {id: self._links(rule) for id, rule in self._rules.items()}
        unplanned = set(self._mistakes)
        for cycle in find_cycles(links):
            self._mistakes.setdefault(cycle[0], f"{' → '.join(cycle)} goes round in a circle")
            unplanned.update(cycle)
        milestones = {milestone.id: milestone for milestone in self._edition.milestones}
        order = TopologicalSorter({id: links[id] for id in links if id not in unplanned}).static_order()
        for id in [id for id in order if id in links and id not in unplanned]:
            if unplanned.isdisjoint(links[id]):
                try:
                    self._plan_milestone(milestones[id])
                    continue
                except Invalid as error:
                    self._mistakes[id] = str(error)
            unplanned.add(id)
        return self._planned, self._mistakes

    def _links(self, rule: Rule) -> list[str]:
        """The milestones `rule` hangs on."""
        return [anchor.id for anchor in rule.anchors if anchor.received or anchor.id not in self._dates]

    def _plan_milestone(self, milestone: Milestone) -> None:
        rule = self._rules[milestone.id]
        for id in self._links(rule):
            if id not in self._rules:
                raise Invalid(f"{milestone.id} → {id}: there is no event with an exact day and no milestone of that id")
        workdays = workdays_of(self._edition, milestone)
        reckoned: dict[tuple[dt.date, ...], tuple[dt.date, tuple[Shift, ...], dt.datetime]] = {}
        for item in self._due_for.get(milestone.id, ()):
            found = {anchor: self._day_of(anchor, item, milestone.id) for anchor in rule.anchors}
            days = {anchor: day for anchor, (day, _) in found.items()}
            key = tuple(days.values())
            if key not in reckoned:
                try:
                    day, shifts = reckon(rule, days, workdays)
                    reckoned[key] = day, shifts, due_instant(day, rule, self._edition.time_zone)
                except Invalid as error:
                    raise Invalid(f"{milestone.id} → {rule.anchor}: {error}") from error
            due, shifts, due_at = reckoned[key]
            each = Planned(
                item=item.key,
                milestone=milestone.id,
                session=item.session,
                due=due,
                due_at=due_at,
                rule=str(rule),
                anchor=str(rule.anchor),
                anchor_date=days[rule.anchor],
                shifts=shifts,
                projected=any(projected for _, projected in found.values()),
            )
            self._planned[each.key] = each

    def _day_of(self, anchor: Anchor, item: Item, milestone: str) -> tuple[dt.date, bool]:
        """The day `anchor` is on for `item`, and whether it is projected."""
        if not anchor.received and anchor.id in self._dates:
            return self._dates[anchor.id], False
        keys = [f"{other.key}/{anchor.id}" for other in self._related(item, level_of(anchor.id))]
        planned = [self._planned[key] for key in keys if key in self._planned]
        if not planned:
            path = f"{item.key}/{milestone} → {anchor.id}"
            raise Invalid(f"{path}: {item.level} {item.key} has no {anchor.id} to wait for")
        found = []
        for each in planned:
            came = self._received.get(each.key) if anchor.received else None
            found.append((came or each.due, came is None and (anchor.received or each.projected)))
        return max(day for day, _ in found), any(projected for _, projected in found)

    def _related(self, item: Item, level: Level) -> list[Item]:
        """`item` itself, what it is part of, or its parts, whichever is on `level`."""
        steps = LEVELS.index(level) - LEVELS.index(item.level)
        related = [item]
        for _ in range(steps):
            related = [part for each in related for part in self._parts_of(each)]
        for _ in range(-steps):
            related = [whole for each in related if (whole := self._whole_of(each))]
        return related

    def _parts_of(self, item: Item) -> list[Item]:
        below = LEVELS[LEVELS.index(item.level) + 1]
        return self._parts.get((below, item.key), [])

    def _whole_of(self, item: Item) -> Item | None:
        above = LEVELS[LEVELS.index(item.level) - 1]
        return self._items.get((above, item.parent)) if item.parent is not None else None
