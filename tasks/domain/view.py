"""What a stage looks at: one team's records beside the edition and its calendar, all at one moment.

Stages answer two questions about it, without touching anything: which steps are due (`Step`), and who waits for whom
until when (`Wait`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from tasks.domain.edition import Edition, Session


class Standing(Protocol):
    """A record as the ledger hands it out."""

    @property
    def kind(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def session(self) -> str | None: ...
    @property
    def state(self) -> str: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...
    @property
    def changed_at(self) -> dt.datetime: ...


@dataclass(frozen=True)
class Step:
    """One thing the engine does by itself now: `name` is a step of `stage`, `key` the record it is done to."""

    stage: str
    name: str
    key: str


@dataclass(frozen=True)
class Wait:
    """Somebody's move. `parties` are ids of bodies, people or staff; empty where the calendar itself is awaited.

    `since` is when the move became theirs. `kind` and `key` name the record that waits, `milestone` the deadline;
    `ask` is the word under which the wording has what is asked and how to answer.
    """

    stage: str
    kind: str
    key: str
    what: str
    parties: tuple[str, ...]
    until: dt.date
    since: dt.date
    milestone: str = ""
    ask: str = ""


@dataclass(frozen=True)
class TeamView:
    """One session of an edition as it stands.

    `deadlines` are the days that hold now, by milestone key; `extensions` those granted to one party, by milestone key
    and party.
    """

    edition: Edition
    session: Session
    records: Mapping[tuple[str, str], Standing]
    deadlines: Mapping[str, dt.date]
    extensions: Mapping[tuple[str, str], dt.date] = field(default_factory=dict)

    def due(self, milestone: str, item: str | None = None) -> dt.date:
        """The day a milestone of the session, or of one of its papers or translations (`item`), is due."""
        return self.deadlines[milestone_key(item or self.session.id, milestone)]

    def due_for(self, party: str, milestone: str, item: str | None = None) -> dt.date:
        """The day it is due from `party`, who may have been given longer."""
        key = milestone_key(item or self.session.id, milestone)
        return self.extensions.get((key, party), self.deadlines[key])

    def find(self, kind: str, key: str) -> Standing | None:
        return self.records.get((kind, key))

    def state(self, kind: str, key: str) -> str | None:
        """The state of a record, None where there is none."""
        record = self.find(kind, key)
        return record.state if record else None

    def of_kind(self, kind: str) -> list[Standing]:
        return [record for (record_kind, _), record in self.records.items() if record_kind == kind]


def milestone_key(item: str, milestone: str) -> str:
    """The key of a milestone of one item: a session, paper, translation or roundtable."""
    return f"{item}/{milestone}"


def date_of(facts: Mapping[str, Any], name: str, otherwise: dt.date) -> dt.date:
    """The date kept under `name` in a record's facts."""
    value = facts.get(name)
    return dt.date.fromisoformat(value) if value else otherwise


def days_off(due: dt.date, today: dt.date) -> int:
    """Days left until `due`; negative when it is past."""
    return (due - today).days
