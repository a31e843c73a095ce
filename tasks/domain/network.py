"""What rests on what: the milestones of one session as a network in process order (docs/process.md).

A node comes when its mover has done it; a fixed node is an event of the calendar, which takes place on its day whoever
is late. A milestone the session does not have is passed over: what rested on it rests on what it rested on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter

from tasks.domain.errors import Invalid


@dataclass(frozen=True)
class Due:
    """One deadline of a session: `item` is what it is for, `takes` the working days its mover needs at least."""

    item: str
    milestone: str
    day: dt.date
    takes: int = 0
    met: dt.date | None = None

    @property
    def key(self) -> str:
        return f"{self.item}/{self.milestone}"


@dataclass(frozen=True)
class Node:
    """A milestone or, if `fixed`, an event: planned for `day`, possible `takes` working days after all of `after`.

    `met` is the day it came. `language` is that of the paper whose issue the node is, if it is one.
    """

    key: str
    day: dt.date
    takes: int = 0
    after: tuple[str, ...] = ()
    fixed: bool = False
    met: dt.date | None = None
    language: str = ""


@dataclass(frozen=True)
class Meetings:
    """Ids of the events the process turns on: where notes are tabled, and the Forum's first and last day."""

    tables_notes: str
    forum_start: str
    forum_end: str


def precedents(rounds: int, meetings: Meetings) -> dict[str, tuple[str, ...]]:
    """Of each milestone and event in process order, the milestones and events it rests on."""
    tabled = meetings.tables_notes
    # Not in it: `input-due`. The input of focal points comes while the draft is written, and nothing waits for it.
    found: dict[str, tuple[str, ...]] = {
        "note-invitation": (),
        "note-due": ("note-invitation",),
        "note-decision": ("note-due",),
        tabled: ("note-decision",),
        "call-for-input": (tabled,),
    }
    latest = "call-for-input"
    for number in range(1, rounds + 1):
        found[f"draft-{number}"] = (latest,)
        found[f"comments-{number}"] = (f"draft-{number}",)
        latest = f"comments-{number}"
    return found | {
        "final-due": (latest,),
        "translation-due": ("final-due",),
        "translation-review-due": ("translation-due",),
        "panel-invitation": (tabled,),
        "panel-complete": ("panel-invitation",),
        "report-templates": ("panel-complete",),
        meetings.forum_start: ("translation-review-due", "translation-due", "final-due", "report-templates"),
        meetings.forum_end: (),
        "summary-due": ("report-templates", meetings.forum_end),
        "report-due": ("summary-due", meetings.forum_end),
        "roundtable-report-due": ("report-due",),
    }


def link(
    dues: Iterable[Due],
    session: str,
    rounds: int,
    meetings: Meetings,
    event_dates: Mapping[str, dt.date],
    drafting: Mapping[str, str] | None = None,
) -> dict[str, Node]:
    """The network of one session by key, each node after what it rests on.

    `dues` are those of the session's items and of its roundtable's report; `event_dates` those of the calendar, of
    which the network takes what it rests on. `drafting` has the language each paper is written in: its final text is
    that language's issue.
    """
    rests_on = precedents(rounds, meetings)
    by_milestone: dict[str, dict[str, Due]] = {milestone: {} for milestone in rests_on}
    for due in dues:
        if due.milestone in by_milestone:
            by_milestone[due.milestone][due.item] = due
    events = {event: event_dates[event] for event in rests_on if event in event_dates}

    def resolve(item: str, milestone: str) -> Iterator[str]:
        if milestone in events:
            yield milestone
        elif there := by_milestone[milestone]:
            # The item itself, else what it is part of, else all its parts.
            above = [candidate for candidate in (item, item.partition(":")[0], session) if candidate in there]
            yield from (there[name].key for name in (above[:1] or there))
        else:
            for earlier in rests_on[milestone]:
                yield from resolve(item, earlier)

    def predecessors(item: str, milestone: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(key for earlier in rests_on[milestone] for key in resolve(item, earlier)))

    found: dict[str, Node] = {}
    for milestone in rests_on:
        if milestone in events:
            # An event needs what must be ready for it; other events it does not rest on.
            after = tuple(key for key in predecessors("", milestone) if key not in events)
            found[milestone] = Node(milestone, events[milestone], after=after, fixed=True)
        for due in by_milestone[milestone].values():
            language = ""
            if milestone == "translation-due":
                language = due.item.partition(":")[2]
            elif milestone == "final-due":
                language = (drafting or {}).get(due.item, "")
            after = predecessors(due.item, milestone)
            found[due.key] = Node(due.key, due.day, due.takes, after, met=due.met, language=language)
    return found


def in_order(nodes: Mapping[str, Node]) -> list[Node]:
    """The nodes, each after all it rests on.

    Raises:
        Invalid: a node rests on itself by way of others, told as a path, or on one that is not there.
    """
    for node in nodes.values():
        for key in node.after:
            if key not in nodes:
                raise Invalid(f"{node.key} rests on {key}, which is not in the plan; plan it, or take the link out")
    try:
        return [
            nodes[key] for key in TopologicalSorter({key: node.after for key, node in nodes.items()}).static_order()
        ]
    except CycleError as error:
        raise Invalid(f"{' → '.join(error.args[1])}: a deadline can't rest on itself; take one link out") from error


def with_days(nodes: Mapping[str, Node], days: Mapping[str, dt.date]) -> dict[str, Node]:
    """The same network with the planned days of `days` (by milestone key or event id) instead of its own."""
    return {
        key: node if days.get(key, node.day) == node.day else replace(node, day=days[key])
        for key, node in nodes.items()
    }
