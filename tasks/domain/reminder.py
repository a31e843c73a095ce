"""Which reminders are due, to whom, and when somebody above must know.

An edition's policy names points around the due day: so many working days before and after it for the party whose move
it is, so many after it for the coordinator and the director. What was handled is known by point keys, which include the
due day, so a sweep gives nothing twice, and one after a week catches up: of several points of one ask the latest is
sent, the earlier ones are passed over.

- Who answered, declined, sent a nil return or may take longer is no open ask, or one with a later due day.
- Nobody is reminded on the day of being asked or told of another due day. Where that is past the due day already, since
  others were late before, the points after the due day are counted from the day of asking instead.
- A due day that moves begins a new series. Points of it that lie before the party was told, or before the last reminder
  it got, are past: that letter stands for them. And a point is passed over if the same point of another due day was
  handled less than `quiet_days` working days ago: nobody hears a thing twice because a meeting moved by a day.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from tasks.domain.day_count import DayCount

Level = Literal["coordinator", "director"]
_LastDays = dict[tuple[str, str, str], dt.date]


@dataclass(frozen=True)
class Policy:
    """Working days around the due day: `before` and `after` it to the party, `escalate` after it by level.

    `quiet_days`: working days after an asking in which nobody is reminded of it, and in which a moved due day does not
    repeat a point.
    """

    before: tuple[int, ...] = ()
    after: tuple[int, ...] = ()
    escalate: Mapping[Level, int] = field(default_factory=dict)
    quiet_days: int = 2


@dataclass(frozen=True)
class Ask:
    """An open wait for one party: `key` is the milestone's, `due` the day that holds for this party.

    `due_since` is the day it was told that due day, if it changed after the asking: a meeting moved, or more time
    was given. `has_mail`: whether e-mail reaches the party.
    """

    key: str
    item: str
    party: str
    since: dt.date
    due: dt.date
    due_since: dt.date | None = None
    extended: bool = False
    has_mail: bool = True

    @property
    def told(self) -> dt.date:
        """The day the party last heard from us what is wanted and when."""
        return max(self.since, self.due_since or self.since)


@dataclass(frozen=True)
class Nudge:
    """One ask in a letter: the point it is reminded at, and the working days left (negative: late)."""

    ask: Ask
    point: str
    days_left: int


@dataclass(frozen=True)
class Reminder:
    """One letter to one party about all it is to be reminded of, the nearest due day first.

    `points` are handled by it, `skipped` are earlier points that are passed over.
    """

    party: str
    nudges: tuple[Nudge, ...]
    points: tuple[str, ...]
    skipped: tuple[str, ...]


@dataclass(frozen=True)
class CallTask(Reminder):
    """The same for a party that e-mail does not reach: somebody must telephone, or ask the embassy."""


@dataclass(frozen=True)
class Escalation:
    """Somebody above must know: `ask` is `days_late` working days late."""

    level: Level
    ask: Ask
    days_late: int
    point: str


@dataclass(frozen=True)
class Sweep:
    """What one sweep gives; `skipped` are points passed over for parties that get no letter now."""

    reminders: tuple[Reminder, ...]
    calls: tuple[CallTask, ...]
    escalations: tuple[Escalation, ...]
    skipped: tuple[str, ...]

    @property
    def handled(self) -> tuple[str, ...]:
        """Every point key that must be recorded with today's day."""
        letters = [*self.reminders, *self.calls]
        sent = [point for letter in letters for point in (*letter.points, *letter.skipped)]
        return (*sent, *(escalation.point for escalation in self.escalations), *self.skipped)


def point_key(ask: Ask, point: str) -> str:
    """The name of a point in the ledger, such as `1.1/draft-1|ghana|2007-04-27|before-3`."""
    return f"{ask.key}|{ask.party}|{ask.due.isoformat()}|{point}"


def sweep(asks: Iterable[Ask], policy: Policy, handled: Mapping[str, dt.date], today: dt.date, days: DayCount) -> Sweep:
    """The reminders, calls and escalations of `today`. `handled` has the day each point was handled, by point key."""
    last = _last_days(handled)
    nudges: dict[tuple[str, bool], list[Nudge]] = defaultdict(list)
    passed: dict[tuple[str, bool], list[str]] = defaultdict(list)
    escalations: list[Escalation] = []
    for ask in sorted(asks, key=lambda ask: (ask.due, ask.key, ask.party)):
        to = ask.party, ask.has_mail
        if open_points := _open_points(ask, policy, handled, last, today, days):
            passed[to] += [point_key(ask, point) for point in open_points[:-1]]
            point = point_key(ask, open_points[-1])
            alike = last.get((ask.key, ask.party, open_points[-1]))
            if alike and days.between(alike, today) < policy.quiet_days:
                passed[to].append(point)
            else:
                nudges[to].append(Nudge(ask, point, days.between(today, ask.due)))
        escalations += _escalations(ask, policy, handled, today, days)
    reminders, calls = [], []
    for (party, has_mail), about in sorted(nudges.items()):
        points, skipped = tuple(nudge.point for nudge in about), tuple(passed.pop((party, has_mail)))
        if has_mail:
            reminders.append(Reminder(party, tuple(about), points, skipped))
        else:
            calls.append(CallTask(party, tuple(about), points, skipped))
    left_over = tuple(point for points in passed.values() for point in points)
    return Sweep(tuple(reminders), tuple(calls), tuple(escalations), left_over)


def _open_points(
    ask: Ask, policy: Policy, handled: Mapping[str, dt.date], last: _LastDays, today: dt.date, days: DayCount
) -> list[str]:
    """Names of the points that have come and were not handled, the earliest first."""
    start = max(ask.told, ask.due)
    reminded = max(ask.told, last.get((ask.key, ask.party, ""), ask.told))
    fresh = days.after(ask.told, policy.quiet_days)
    points = [(days.before(ask.due, count), f"before-{count}") for count in policy.before]
    points = [(day, point) for day, point in points if day >= fresh]
    points += [(days.after(start, count), f"after-{count}") for count in policy.after]
    return [point for day, point in sorted(points) if reminded < day <= today and point_key(ask, point) not in handled]


def _escalations(
    ask: Ask, policy: Policy, handled: Mapping[str, dt.date], today: dt.date, days: DayCount
) -> list[Escalation]:
    start = max(ask.told, ask.due)
    found = []
    for level, count in sorted(policy.escalate.items(), key=lambda item: item[1]):
        point = point_key(ask, f"escalate-{level}")
        if days.after(start, count) <= today and point not in handled:
            found.append(Escalation(level, ask, days.between(ask.due, today), point))
    return found


def _last_days(handled: Mapping[str, dt.date]) -> _LastDays:
    """The last day each (milestone, party, point) was handled, whatever its due day was; any letter's under ""."""
    found: _LastDays = {}
    for key, day in handled.items():
        milestone, party, _, point = key.rsplit("|", 3)
        letter = [] if point.startswith("escalate-") else [""]
        for name in (point, *letter):
            found[milestone, party, name] = max(found.get((milestone, party, name), day), day)
    return found
