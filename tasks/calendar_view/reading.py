"""How every deadline stands, read from the ledger once: whose move since when, how much time there is to spare.

Nothing here is in a language; the rows, schedules and feeds of all readers are made of one reading.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from tasks.adapters.ledger import Record
from tasks.desk import Desk
from tasks.desk.milestones import received_of
from tasks.domain import calendar_records, process
from tasks.domain.background_paper import comments_of
from tasks.domain.calendar import Planned, plan
from tasks.domain.critical_path import Analysis, analyse
from tasks.domain.movers import mover_of_roundtable, movers_of
from tasks.domain.network import Node
from tasks.domain.rule import parse_rule
from tasks.domain.session_network import day_count_of, keys_of, network_of
from tasks.domain.view import TeamView, Wait

#: `over`: its day is past, and nothing records whether it was kept, because nobody waits for it.
State = Literal["met", "late", "open", "planned", "void", "over"]
#: Input of focal points comes by mail or not at all: no record waits for it. A draft that makes it void cancels nothing
#: that anybody still has before them.
_NOT_AWAITED = "input-due"
_ROUNDS = "comments-"
#: The stage each kind of record belongs to, under the ids of the wording.
_STAGES = {"summary": "rapporteur-report", "report": "rapporteur-report", "roundtable-report": "forum"}


@dataclass(frozen=True)
class Owed:
    """One deadline as it stands for everybody, or for the one body that was asked for.

    `due` is the day that holds, `since` the day it became or will become the movers' move, `actual` the day it was met.
    `extensions` are those granted, by party. `due_at` is set where the rule has a time of day. `slack_days` are working
    days; None where the deadline is met or void.
    """

    key: str
    session: str | None
    stage: str
    movers: tuple[str, ...]
    due: dt.date
    since: dt.date
    baseline: dt.date
    state: State
    due_at: dt.datetime | None = None
    zone: str = ""
    actual: dt.date | None = None
    extensions: Mapping[str, dt.date] | None = None
    planned: Planned | None = None
    slack_days: int | None = None
    critical: bool = False

    @property
    def milestone(self) -> str:
        return self.key.rpartition("/")[2]

    @property
    def is_reminded(self) -> bool:
        """Whether somebody waits for it, so that reminders and alarms make sense."""
        return self.milestone != _NOT_AWAITED


@dataclass(frozen=True)
class Dated:
    """When a deadline is: its day, instant and zone where its rule has a time of day, and the plan it agrees with."""

    due: dt.date
    due_at: dt.datetime | None
    zone: str
    planned: Planned | None


@dataclass(frozen=True)
class Calendar:
    """One reading of the calendar: all deadlines by key in the order of their days, the records, what each rests on."""

    owed: Mapping[str, Owed]
    records: Mapping[str, Record]
    views: Mapping[str, TeamView]
    networks: Mapping[str, Mapping[str, Node]]
    analyses: Mapping[str, Analysis]
    waits: Mapping[str, tuple[Wait, ...]]
    today: dt.date

    def of_session(self, session: str) -> list[Owed]:
        """What is due in a session, with the report of its roundtable where it rests on this session."""
        view = self.views[session]
        keys = set(keys_of(view.edition, view.session))
        return [owed for key, owed in self.owed.items() if key in keys]

    def of_body(self, body: str) -> list[Owed]:
        """What a body owes anywhere, each on the day that holds for it and as it stands with this body."""
        mine = [self._for_body(owed, body) for owed in self.owed.values() if body in owed.movers]
        return sorted(mine, key=lambda owed: (owed.due, owed.key))

    def _for_body(self, owed: Owed, body: str) -> Owed:
        until = [wait.until for wait in self.waits.get(owed.key, ()) if body in wait.parties]
        due = until[0] if until else (owed.extensions or {}).get(body, owed.due)
        actual, state = owed.actual, owed.state
        comments = self.comments_of(owed.key, body)
        if comments is not None and state != "void":
            answered = comments.state in ("answered", "nil")
            actual = comments.changed_at.date() if answered else None
            state = "over" if comments.state == "silent" else "open"
        if actual is not None:
            state = "met" if actual <= due else "late"
        elif state in ("open", "late", "planned"):
            state = "late" if due < self.today else "open" if until else "planned"
        due_at = owed.due_at if due == owed.due else None
        return replace(owed, due=due, due_at=due_at, actual=actual, state=state)

    def comments_of(self, key: str, body: str) -> Record | None:
        """The record of a body's comments for the milestone `comments-N`, once its draft was circulated."""
        owed = self.owed[key]
        if not owed.milestone.startswith(_ROUNDS) or owed.session is None:
            return None
        item, round = key.rpartition("/")[0], int(owed.milestone.removeprefix(_ROUNDS))
        found = comments_of(self.views[owed.session], item, round)
        return next((record for record in found if record.facts["body"] == body), None)  # type: ignore[return-value]


def read(desk: Desk) -> Calendar:
    """The calendar as the ledger has it now."""
    edition, today = desk.edition, desk.today
    everything = desk.records()
    records = {record.key: record for record in everything if record.kind == calendar_records.MILESTONE}
    received = received_of(records)
    planned = plan(edition, received=received)
    views = {view.session.id: view for view in desk.views(everything)}
    waits: dict[str, tuple[Wait, ...]] = {}
    for view in views.values():
        for wait in process.waits(view, today):
            if wait.milestone:
                waits[wait.milestone] = (*waits.get(wait.milestone, ()), wait)
    due = {key: dt.date.fromisoformat(r.facts["due"]) for key, r in records.items() if r.state != "void"}
    days = day_count_of(edition)
    networks = {id: network_of(edition, view.session, due, received) for id, view in views.items()}
    analyses = {id: analyse(network, days, today) for id, network in networks.items()}
    of_key: dict[str, list[str]] = {}
    for view in views.values():
        for key in keys_of(edition, view.session):
            of_key.setdefault(key, []).append(view.session.id)
    owed = []
    for key, record in records.items():
        sessions = of_key.get(key, [])
        if sessions:
            found = _owed(record, planned.get(key), [views[id] for id in sessions], waits.get(key, ()), today)
            owed.append(_with_slack(found, [(networks[id], analyses[id]) for id in sessions]))
    owed.sort(key=lambda each: (each.due, each.key))
    return Calendar({each.key: each for each in owed}, records, views, networks, analyses, waits, today)


def dated(record: Record, planned: Planned | None) -> Dated:
    """When a milestone's record says that it is; `planned` is what the plan counted for it."""
    due = dt.date.fromisoformat(record.facts["due"])
    rule = parse_rule(planned.rule) if planned else None
    due_at = dt.datetime.fromisoformat(record.facts["due_at"]) if rule and rule.at is not None else None
    agrees = planned is not None and planned.due == due
    return Dated(due, due_at, rule.zone if rule else "", planned if agrees else None)


def _owed(
    record: Record, planned: Planned | None, views: list[TeamView], waits: tuple[Wait, ...], today: dt.date
) -> Owed:
    key, view = record.key, views[0]
    kind, _ = calendar_records.owner_of(key)
    movers = movers_of(view, key) if record.session else mover_of_roundtable(view.edition, key)
    when = dated(record, planned)
    due = when.due
    extensions = {
        party: until for each in views for (milestone, party), until in each.extensions.items() if milestone == key
    }
    actual = dt.date.fromisoformat(record.facts["actual"]) if record.state == "met" else None
    if actual is not None and record.facts["milestone"].startswith(_ROUNDS):
        actual = _round_over(view, key, actual)
    return Owed(
        key=key,
        session=record.session,
        stage=_STAGES.get(kind, kind),
        movers=movers,
        due=due,
        since=min((wait.since for wait in waits), default=due),
        baseline=dt.date.fromisoformat(record.facts["baseline"]),
        state=_state(record, movers, due, actual, extensions, waits, today),
        due_at=when.due_at,
        zone=when.zone,
        actual=actual,
        extensions=extensions,
        planned=when.planned,
    )


def _round_over(view: TeamView, key: str, closed: dt.date) -> dt.date:
    """The day a round of comments was over: that of the last answer, or the last day on which one could come.

    The office closes a round the morning after, which makes nobody late.
    """
    item, _, milestone = key.rpartition("/")
    asked = comments_of(view, item, int(milestone.removeprefix(_ROUNDS)))
    last_day = closed - dt.timedelta(days=1)
    if not asked or any(record.state == "silent" for record in asked):
        return last_day
    return min(max(record.changed_at.date() for record in asked), last_day)


def _state(
    record: Record, movers: Iterable[str], due: dt.date, actual: dt.date | None, extensions: Mapping[str, dt.date],
    waits: tuple[Wait, ...], today: dt.date,
) -> State:  # fmt: skip
    if record.facts["milestone"] == _NOT_AWAITED and due < today:
        return "over"
    if record.state == "void":
        return "void"
    latest = max((extensions.get(party, due) for party in movers), default=due)
    if actual is not None:
        return "met" if actual <= latest else "late"
    # Those whose move it is now, each by its own day; where it is nobody's yet, the plan's.
    if min((wait.until for wait in waits if wait.parties), default=due) < today:
        return "late"
    return "open" if any(wait.parties for wait in waits) else "planned"


def _with_slack(owed: Owed, networks: list[tuple[Mapping[str, Node], Analysis]]) -> Owed:
    """`owed` with its slack (the least, where several sessions rest on it) and the day it becomes somebody's move."""
    slacks = [analysis.slack[owed.key] for _, analysis in networks if owed.key in analysis.slack]
    starts = []
    for network, _ in networks:
        if owed.key in network:
            starts += [network[other].met or network[other].day for other in network[owed.key].after]
    since = owed.since if owed.since != owed.due else max(starts, default=owed.due)
    since = min(since, owed.actual or owed.due)
    if not slacks or owed.actual is not None or owed.state == "void":
        return replace(owed, since=since)
    return replace(
        owed,
        since=since,
        slack_days=min(slack.slack_days for slack in slacks),
        critical=any(slack.is_critical for slack in slacks),
    )
