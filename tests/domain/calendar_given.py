"""Calendars as the oracle is given them: plain structures, and a rule written out as a coordinator writes it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Offset:
    """`count` of `unit` (working day, day, week, month) on one `side` of an anchor; the unit `on` is the day itself."""

    anchor: str
    count: int = 0
    unit: str = "on"
    side: str = ""
    received: bool = False


@dataclass(frozen=True)
class Bound:
    """Not later, or not earlier, than an offset."""

    limit: str
    offset: Offset


@dataclass(frozen=True)
class Rule:
    offset: Offset
    at: tuple[int, int] | None = None
    zone: str | None = None
    bounds: tuple[Bound, ...] = ()


@dataclass(frozen=True)
class Closed:
    first: dt.date
    until: dt.date
    reason: str


@dataclass(frozen=True)
class Session:
    id: str
    roundtable: str
    papers: tuple[str, ...] = ()
    team: bool = True
    seats: bool = True
    reports: bool = True


@dataclass(frozen=True)
class Milestone:
    id: str
    rule: Rule
    holidays: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Calendar:
    """An edition, the days the ledger has for its events (`moved`), and what came in when, by milestone key."""

    zone: str
    countries: tuple[str, ...]
    closures: tuple[Closed, ...]
    events: dict[str, dt.date]
    moved: dict[str, dt.date]
    roundtables: tuple[str, ...]
    sessions: tuple[Session, ...]
    languages: tuple[str, ...]
    milestones: tuple[Milestone, ...]
    received: dict[str, dt.date] = field(default_factory=dict)


def text_of(rule: Rule) -> str:
    text = _words(rule.offset, "on ")
    if rule.at:
        text += f" at {rule.at[0]:02}:{rule.at[1]:02}" + (f" {rule.zone}" if rule.zone else "")
    return text + "".join(f", {bound_words(bound)}" for bound in rule.bounds)


def _words(offset: Offset, on: str) -> str:
    amount = on if offset.unit == "on" else f"{offset.count} {offset.unit}{'s' * (offset.count > 1)} {offset.side} "
    return amount + anchor_words(offset)


def anchor_words(offset: Offset) -> str:
    return offset.anchor + (" is received" if offset.received else "")


def bound_words(bound: Bound) -> str:
    return f"not {bound.limit} than {_words(bound.offset, '')}"
