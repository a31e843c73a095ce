"""What follows when an event moves: two plans compared, deadline by deadline, with the reason of every change.

Nothing is planned here. The caller makes both plans, from the dates before and after; this tells what is different,
why, what can't be met any more, and whom it concerns.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from tasks.domain.critical_path import Impossible, Nodes, impossible
from tasks.domain.day_count import DayCount
from tasks.domain.network import with_days


class ShiftLike(Protocol):
    """A day that was not kept, and why."""

    @property
    def from_date(self) -> dt.date: ...
    @property
    def to_date(self) -> dt.date: ...
    @property
    def reason(self) -> str: ...


class PlannedLike(Protocol):
    """A deadline as the calendar plans it."""

    @property
    def item(self) -> str: ...
    @property
    def milestone(self) -> str: ...
    @property
    def session(self) -> str | None: ...
    @property
    def due(self) -> dt.date: ...
    @property
    def due_at(self) -> dt.datetime: ...
    @property
    def anchor(self) -> str: ...
    @property
    def anchor_date(self) -> dt.date: ...
    @property
    def shifts(self) -> Sequence[ShiftLike]: ...


Plan = Mapping[str, PlannedLike]

_BOUNDS = ("not later than ", "not earlier than ")


@dataclass(frozen=True)
class MovedEvent:
    """An event whose date is another one; None where it has, or had, no date."""

    event: str
    old: dt.date | None
    new: dt.date | None


@dataclass(frozen=True)
class Change:
    """A deadline that is another one. None where it is new, or is dropped.

    `events` are the moved events it follows, the nearest first, by way of the deadlines in `through`; both are empty
    where something else changed, such as its rule or a day of receipt. `shifts` are those of the new day that the old
    one did not have.
    """

    key: str
    session: str | None
    old: dt.date | None
    new: dt.date | None
    old_at: dt.datetime | None
    new_at: dt.datetime | None
    events: tuple[str, ...]
    through: tuple[str, ...]
    shifts: tuple[ShiftLike, ...]


@dataclass(frozen=True)
class Move:
    """What follows from a move.

    `impossible` are deadlines that can't be met now and could before, or that are shorter still; `possible` are those
    that can be met now and could not before. `parties` has the milestone keys each party must know of.
    """

    events: tuple[MovedEvent, ...]
    changed: tuple[Change, ...]
    unchanged: tuple[str, ...]
    impossible: tuple[Impossible, ...]
    possible: tuple[Impossible, ...]
    parties: Mapping[str, tuple[str, ...]]


def compare(
    before: Plan,
    after: Plan,
    events_before: Mapping[str, dt.date],
    events_after: Mapping[str, dt.date],
    *,
    networks: Iterable[Nodes] = (),
    days: DayCount,
    today: dt.date,
    parties: Mapping[str, Iterable[str]] | None = None,
) -> Move:
    """What is different in `after`.

    `networks` are those of the sessions, with whatever days: each is looked at with the days of both plans. `parties`
    has whom each milestone concerns, by milestone key.
    """
    moved = {
        event: MovedEvent(event, events_before.get(event), events_after.get(event))
        for event in dict.fromkeys([*events_before, *events_after])
        if events_before.get(event) != events_after.get(event)
    }
    differs = {
        key
        for key in before.keys() | after.keys()
        if (old := before.get(key)) is None
        or (new := after.get(key)) is None
        or (old.due, old.due_at) != (new.due, new.due_at)
    }
    reasons = _Reasons(before, after, moved.keys(), differs)
    changed = tuple(reasons.change(key) for key in dict.fromkeys([*before, *after]) if key in differs)
    # What is new has no day before: it is in the networks, but nothing was short by it.
    fresh = (after.keys() - before.keys()) | (events_after.keys() - events_before.keys())
    new_faults: list[Impossible] = []
    old_faults: list[Impossible] = []
    for network in networks:
        was = [
            fault
            for fault in impossible(_dated(network, before, events_before), days, today)
            if fresh.isdisjoint((fault.key, fault.by))
        ]
        now = impossible(_dated(network, after, events_after), days, today)
        short = {(fault.key, fault.fault, fault.by): fault.days for fault in was}
        new_faults += [fault for fault in now if fault.days > short.get((fault.key, fault.fault, fault.by), 0)]
        still = {(fault.key, fault.fault, fault.by) for fault in now}
        old_faults += [fault for fault in was if (fault.key, fault.fault, fault.by) not in still]
    concerned: dict[str, dict[str, None]] = {}
    for key in [*(change.key for change in changed), *(fault.key for fault in new_faults)]:
        for party in (parties or {}).get(key, ()):
            concerned.setdefault(party, {})[key] = None
    return Move(
        events=tuple(moved.values()),
        changed=changed,
        unchanged=tuple(key for key in after if key not in differs),
        impossible=tuple(new_faults),
        possible=tuple(old_faults),
        parties={party: tuple(keys) for party, keys in sorted(concerned.items())},
    )


def _dated(network: Nodes, plan: Plan, events: Mapping[str, dt.date]) -> Nodes:
    """The network with the days of `plan` and `events`."""
    days = {key: plan[key].due for key in network if key in plan}
    days |= {key: events[key] for key in network if key in events}
    return with_days(network, days)


class _Reasons:
    """Finds for a changed deadline which moved events it follows, and through which other deadlines."""

    def __init__(self, before: Plan, after: Plan, moved: Iterable[str], differs: set[str]) -> None:
        self._before, self._after = before, after
        self._moved = set(moved)
        self._traceable = {key for key in differs if key in before and key in after}
        self._by_milestone: dict[str, list[str]] = {}
        self._found: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        for key in after:
            if key in self._traceable:
                self._by_milestone.setdefault(after[key].milestone, []).append(key)

    def change(self, key: str) -> Change:
        old, new = self._before.get(key), self._after.get(key)
        one = new or old
        assert one is not None  # the key is of one of the plans
        events, through = self._trace(key) if key in self._traceable else ((), ())
        had = {(shift.from_date, shift.to_date, shift.reason) for shift in (old.shifts if old else ())}
        shifts = [s for s in (new.shifts if new else ()) if (s.from_date, s.to_date, s.reason) not in had]
        return Change(
            key=key,
            session=one.session,
            old=old.due if old else None,
            new=new.due if new else None,
            old_at=old.due_at if old else None,
            new_at=new.due_at if new else None,
            events=events,
            through=through,
            shifts=tuple(shifts),
        )

    def _trace(self, key: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The moved events and the deadlines in between."""
        if key not in self._found:
            self._found[key] = (), ()  # a plan has no circles; should one have, it ends here
            events: dict[str, None] = {}
            through: dict[str, None] = {}
            for anchor in self._anchors(key):
                if anchor in self._moved:
                    events[anchor] = None
                elif (other := self._deadline(key, anchor)) is not None:
                    through[other] = None
                    further, between = self._trace(other)
                    events |= dict.fromkeys(further)
                    through |= dict.fromkeys(between)
            self._found[key] = tuple(events), tuple(through)
        return self._found[key]

    def _anchors(self, key: str) -> list[str]:
        """What the day of a deadline follows from in either plan: its anchor, and the bounds that were applied."""
        found: dict[str, None] = {}
        for planned in (self._after[key], self._before[key]):
            found[_name(planned.anchor)] = None
            # A bound that held left a shift with its own words as the reason.
            bounds = [shift.reason for shift in planned.shifts if shift.reason.startswith(_BOUNDS)]
            found |= dict.fromkeys(map(_name, bounds))
        return list(found)

    def _deadline(self, key: str, milestone: str) -> str | None:
        """The changed deadline `milestone` that `key` hangs on: of its item, of what that is part of, or of a part."""
        planned = self._after[key]
        for item in (planned.item, planned.item.partition(":")[0], planned.session):
            if (other := f"{item}/{milestone}") in self._traceable:
                return other
        parts = self._by_milestone.get(milestone, [])
        if planned.session:
            parts = [other for other in parts if self._after[other].session == planned.session]
        # Of several parts the latest counts, which is the one the rule was reckoned from.
        latest = [other for other in parts if self._after[other].due == planned.anchor_date]
        return next(iter(latest or parts), None)


def _name(anchor: str) -> str:
    """The event or milestone an anchor or a bound names: `draft-1` of `5 days after draft-1 is received`."""
    return anchor.removesuffix(" is received").split()[-1]
