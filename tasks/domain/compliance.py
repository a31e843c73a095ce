"""Who was in time: each milestone against the frozen baseline and the current plan, and who caused what was late.

The lateness of a milestone is in days from its due day to the day it came, or to today while it is missing: calendar
days, unless whoever asks counts others, such as working days.
It is shared out so that the shares add up to it exactly. What a party took beyond the time the plan gave it, counted
from the day it became its move, is its own. The rest it inherited: it goes to whoever was late before it, along the
`after` links, the nearest first, since the nearest could still have made it up. Days the current plan allowed by an
extension are told apart, and so are days that nobody before it explains.

Against the current plan an extension counts as the due day; against the baseline it does not.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Plan = Literal["baseline", "current"]
PLANS: tuple[Plan, ...] = ("baseline", "current")
#: Days from the first day to the second. The days of two stretches must add up to those of both together.
Days = Callable[[dt.date, dt.date], int]
Status = Literal["in-time", "late", "missing", "not-due"]
STATUSES: tuple[Status, ...] = ("in-time", "late", "missing", "not-due")
#: `own`: the party took longer. `extension`: it was given longer. `open`: nobody before it was late.
Cause = Literal["own", "extension", "open"]


def calendar_days(first: dt.date, last: dt.date) -> int:
    return (last - first).days


@dataclass(frozen=True)
class Row:
    """One milestone of one item: `kind` says whether something is handed in by `party` or issued to everybody.

    `after` are keys of what had to come first. `since` is the day it became the party's move (None: when all of these
    had come), `planned_since` and `due_since` the day it should have by the baseline and by the current plan (None:
    when all of these were due). What is `closed` is not waited for after that day: it stays missing, but no later. A
    superseded row, such as the paper of a withdrawn note, is counted nowhere.
    """

    key: str
    item: str
    session: str
    stage: str
    party: str
    kind: Literal["submission", "issue"]
    baseline: dt.date
    due: dt.date
    language: str = ""
    since: dt.date | None = None
    planned_since: dt.date | None = None
    due_since: dt.date | None = None
    extended: dt.date | None = None
    extensions: int = 0
    actual: dt.date | None = None
    after: tuple[str, ...] = ()
    superseded: bool = False
    closed: dt.date | None = None

    def wanted(self, plan: Plan) -> dt.date:
        """The day it should come by `plan`."""
        return self.baseline if plan == "baseline" else self.extended or self.due

    def status(self, plan: Plan, today: dt.date) -> Status:
        wanted = self.wanted(plan)
        if self.actual:
            return "in-time" if self.actual <= wanted else "late"
        return "missing" if wanted < today else "not-due"

    def came(self, today: dt.date) -> dt.date:
        """The day it came, or today; the last day it was waited for where that is past."""
        return self.actual or min(today, self.closed or today)

    def late_days(self, plan: Plan, today: dt.date, days: Days = calendar_days) -> int:
        """Days from the day wanted to the day it came, or today; 0 when it was in time."""
        return max(days(self.wanted(plan), self.came(today)), 0)


@dataclass(frozen=True)
class Share:
    """`days` of a milestone's lateness that `party` caused; nobody ("") where the cause is open."""

    party: str
    cause: Cause
    days: int


Cell = str | int | dt.date | None


@dataclass(frozen=True)
class Table:
    """Rows of cells under fixed column ids; whoever shows it has the words for them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Report:
    """`items`: every milestone. `groups`: counts by whole, session, stage, party and language. `causes`: by party."""

    items: Table
    groups: Table
    causes: Table


ITEM_COLUMNS = (
    "key", "item", "session", "stage", "party", "language", "kind", "baseline", "due", "extended", "actual",
    "extensions", "baseline-status", "baseline-days", "current-status", "current-days",
)  # fmt: skip
GROUP_COLUMNS = ("plan", "kind", "by", "id", *STATUSES, "extensions", "late-days")
CAUSE_COLUMNS = ("plan", "party", "cause", "items", "days")

#: What milestones are grouped by, in the order of the report; a row without the feature is in no group of it.
GROUPS: Mapping[str, Callable[[Row], str]] = {
    "all": lambda row: "all",
    "session": lambda row: row.session,
    "stage": lambda row: row.stage,
    "party": lambda row: row.party,
    "language": lambda row: row.language,
}


def attribute(
    rows: Mapping[str, Row], key: str, plan: Plan, today: dt.date, days: Days = calendar_days
) -> tuple[Share, ...]:
    """Who caused the lateness of `key` against `plan`, by party and cause; the days sum to it."""
    found: Counter[tuple[str, Cause]] = Counter()
    row = rows[key]
    left, seen = row.late_days(plan, today, days), {key}
    while left:
        before = [rows[other] for other in row.after if other in rows and other not in seen]
        own = min(left, row.late_days(plan, today, days) - _inherited_days(row, before, plan, today, days))
        found[row.party, "own"] += own
        left -= own
        if not before:
            break
        # What came last of all that it rests on is the one it waited for.
        row = max(before, key=lambda other: (other.came(today), other.key))
        seen.add(row.key)
        explained = min(left, row.late_days(plan, today, days))
        allowed = min(left - explained, _allowed_days(row, today, days)) if plan == "current" else 0
        found[row.party, "extension"] += allowed
        found["", "open"] += left - explained - allowed
        left = explained
    found["", "open"] += left
    return tuple(Share(party, cause, count) for (party, cause), count in sorted(found.items()) if count)


def _inherited_days(row: Row, before: list[Row], plan: Plan, today: dt.date, days: Days) -> int:
    """Days of the lateness of `row` that were there when it became its party's move, all if it has not yet."""
    late = row.late_days(plan, today, days)
    since, should = row.since, row.planned_since if plan == "baseline" else row.due_since
    if since is None and before:
        if not all(other.actual for other in before):
            return late
        since = max(other.actual for other in before if other.actual)
    if should is None and before:
        should = max(other.baseline if plan == "baseline" else other.due for other in before)
    return min(late, max(days(should, since), 0)) if since and should else 0


def _allowed_days(row: Row, today: dt.date, days: Days) -> int:
    """Days past its due day that `row` took by leave of an extension."""
    return max(days(row.due, min(row.came(today), row.extended)), 0) if row.extended else 0


def report(rows: Iterable[Row], today: dt.date, days: Days = calendar_days) -> Report:
    """The compliance report of `today`, in the order of `rows`."""
    by_key = {row.key: row for row in rows if not row.superseded}
    return Report(
        items=Table(ITEM_COLUMNS, tuple(_item(row, today, days) for row in by_key.values())),
        groups=Table(GROUP_COLUMNS, tuple(_groups(list(by_key.values()), today, days))),
        causes=Table(CAUSE_COLUMNS, tuple(_causes(by_key, today, days))),
    )


def _item(row: Row, today: dt.date, days: Days) -> tuple[Cell, ...]:
    about = (row.key, row.item, row.session, row.stage, row.party, row.language, row.kind)
    dates = (row.baseline, row.due, row.extended, row.actual, row.extensions)
    return (*about, *dates, *(cell for p in PLANS for cell in (row.status(p, today), row.late_days(p, today, days))))


def _groups(rows: list[Row], today: dt.date, days: Days) -> Iterable[tuple[Cell, ...]]:
    for plan in PLANS:
        for kind in ("submission", "issue"):
            for by, feature in GROUPS.items():
                groups: dict[str, list[Row]] = {}
                for row in rows:
                    if row.kind == kind and (id := feature(row)):
                        groups.setdefault(id, []).append(row)
                for id, members in groups.items():
                    count = Counter(row.status(plan, today) for row in members)
                    extensions = sum(row.extensions for row in members)
                    late_days = sum(row.late_days(plan, today, days) for row in members)
                    yield (plan, kind, by, id, *(count[status] for status in STATUSES), extensions, late_days)


def _causes(rows: Mapping[str, Row], today: dt.date, days: Days) -> Iterable[tuple[Cell, ...]]:
    """By party and cause the items and days, the most days first. An item late by two parties counts with both."""
    for plan in PLANS:
        items: Counter[tuple[str, Cause]] = Counter()
        late: Counter[tuple[str, Cause]] = Counter()
        for key in rows:
            for share in attribute(rows, key, plan, today, days):
                items[share.party, share.cause] += 1
                late[share.party, share.cause] += share.days
        for (party, cause), total in sorted(late.items(), key=lambda entry: (-entry[1], entry[0])):
            yield (plan, party, cause, items[party, cause], total)
