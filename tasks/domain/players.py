"""The people of a rehearsal: when each of them answers what waits for them, by habits and scenes.

A habit says how people of a kind usually behave; a scene is an exception. Both are data of the edition's rehearsal. An
answer never comes on the day the question was asked, so a day that is replayed after a crash has the same moves.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from tasks.domain.edition import Model
from tasks.domain.view import TeamView, Wait

MoveKind = Literal[
    "concept-note", "note-decision", "meeting-outcome", "draft", "comments", "paper-decision", "seat-answer",
    "translation", "translation-review", "summary", "report", "report-decision", "comment-decisions",
]  # fmt: skip


class Habit(Model):
    """Answers `days_before_due` the deadline, or `days_after` it became their move; spread over days by key."""

    days_before_due: int | None = None
    days_after: int = 1
    spread: int = Field(default=1, ge=1)


class Scene(Model):
    """An exception: what it must match, and what is different then. Unset parts match everything."""

    move: MoveKind
    session: str | None = None
    paper: str | None = None
    seat: str | None = None
    key: str | None = None
    round: int | None = None
    attempt: int | None = None
    body: str | None = None
    person: str | None = None
    # What is different:
    material: str | None = None
    file_name: str | None = None
    days_late: int | None = None
    days_after: int | None = None
    never: bool = False
    nil: bool | None = None
    answer: str | None = None
    replacement: str | None = None
    withdraws_after: int | None = None
    outcome: str | None = None
    joined: tuple[str, ...] = ()
    reason: str = ""
    cleared: bool | None = None
    incomplete: int = 0
    untranslated: int = 0
    # The coordinator lets what was found stand, for this reason, instead of asking for another file.
    waived: bool = False
    # How a file comes: handed over and not by mail; from another address; without the properties it was sent with.
    by_hand: bool = False
    address: str | None = None
    bare: bool = False
    # Sent once, and not whole.
    damaged: bool = False


class MeetingMove(Model):
    """On `day`, `event` is moved to the day `to`."""

    day: dt.date
    event: str
    to: dt.date
    reason: str


class Grant(Model):
    """On `day`, `party` gets until `until` for a milestone (by its key)."""

    day: dt.date
    milestone: str
    party: str
    until: dt.date
    reason: str


class Amendment(Model):
    """From `day` on, once it is published, `paper` is changed as the readings `material` say, one for each language."""

    day: dt.date
    paper: str
    material: str
    how: Literal["correction", "revision"] = "correction"
    reason: str


class Script(Model):
    """How the people of a rehearsal behave between two days, and what its office decides about the calendar.

    On the day `forecast_on` the rest of the season is forecast. `approves` approves each day's letters, which are sent
    the same day; without it they stay drafts.
    """

    begins: dt.date
    ends: dt.date
    meetings: tuple[MeetingMove, ...] = ()
    extensions: tuple[Grant, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    forecast_on: dt.date | None = None
    approves: str | None = None
    materials: Literal["authored", "pseudo"] = "authored"
    habits: dict[MoveKind, Habit]
    scenes: tuple[Scene, ...] = ()


@dataclass(frozen=True)
class Move:
    """One thing a person does today: `kind` on the record `key`, in the way of `scene`."""

    kind: MoveKind
    session: str
    record: str
    key: str
    party: str
    attempt: int
    round: int
    scene: Scene


#: Which move answers a wait on a record of this kind (and, for some, in this state).
_MOVES: dict[tuple[str, str], MoveKind] = {
    ("concept-note", "invited"): "concept-note",
    ("concept-note", "returned"): "concept-note",
    ("concept-note", "received"): "note-decision",
    ("concept-note", "tabled"): "meeting-outcome",
    ("background-paper", "writing"): "draft",
    ("background-paper", "submitted"): "paper-decision",
    ("comments", "asked"): "comments",
    ("comment-matrix", "open"): "comment-decisions",
    ("seat", "invited"): "seat-answer",
    ("translation", "sent"): "translation",
    ("translation-review", "asked"): "translation-review",
    ("summary", "prepared"): "summary",
    ("summary", "returned"): "summary",
    ("summary", "received"): "report-decision",
    ("report", "prepared"): "report",
    ("report", "returned"): "report",
    ("report", "received"): "report-decision",
}


def moves(view: TeamView, waits: Sequence[Wait], script: Script, today: dt.date) -> list[Move]:
    """What the people around one team do today, in a fixed order."""
    found: list[Move] = []
    for wait in waits:
        for record_key, party in _questions(view, wait):
            record = view.find(wait.kind, record_key)
            kind = _MOVES.get((wait.kind, record.state)) if record else None
            if record is None or kind is None:
                continue
            move = Move(
                kind=kind,
                session=view.session.id,
                record=wait.kind,
                key=record_key,
                party=party,
                attempt=record.facts.get("attempt", 0) + (0 if kind.endswith(("-decision", "-decisions")) else 1),
                round=record.facts.get("round", 1),
                scene=Scene(move=kind),
            )
            move = Move(**{**vars(move), "scene": _scene(script, move)})
            day = answer_day(script, move, wait)
            is_today = day == today if move.scene.damaged else day <= today
            if is_today and not move.scene.never:
                found.append(move)
    found += _withdrawals(view, script, today)
    return sorted(found, key=lambda move: (move.kind, move.key))


def _questions(view: TeamView, wait: Wait) -> list[tuple[str, str]]:
    """(record key, party) of everybody a wait is about."""
    if wait.kind == "comments":
        asked = [record for record in view.of_kind("comments") if record.state == "asked"]
        return [(record.key, record.facts["body"]) for record in asked if record.facts["paper"] == wait.key]
    return [(wait.key, party) for party in wait.parties[:1]]


def _scene(script: Script, move: Move) -> Scene:
    facts: dict[str, Any] = {
        "session": move.session,
        "paper": move.key.split("|")[0],
        "seat": move.key,
        "key": move.key,
        "round": move.round,
        "attempt": move.attempt,
        "body": move.party,
        "person": move.party,
    }
    for scene in script.scenes:
        wanted = {name: getattr(scene, name) for name in facts if getattr(scene, name) is not None}
        if scene.move == move.kind and all(facts[name] == value for name, value in wanted.items()):
            return scene
    return Scene(move=move.kind)


def answer_day(script: Script, move: Move, wait: Wait) -> dt.date:
    """The day a move is made: by habit, or later by scene, and never on the day it was asked for."""
    habit = script.habits.get(move.kind, Habit())
    spread = int(hashlib.sha256(f"{move.key}/{move.party}".encode()).hexdigest(), 16) % habit.spread
    if move.scene.days_late is not None:
        day = wait.until + dt.timedelta(days=move.scene.days_late)
    elif move.scene.days_after is not None:
        day = wait.since + dt.timedelta(days=move.scene.days_after)
    elif habit.days_before_due is not None:
        day = wait.until - dt.timedelta(days=habit.days_before_due + spread)
    else:
        day = wait.since + dt.timedelta(days=habit.days_after + spread)
    if move.kind == "meeting-outcome":
        day = max(day, wait.until + dt.timedelta(days=1))
    return max(day, wait.since + dt.timedelta(days=1))


def _withdrawals(view: TeamView, script: Script, today: dt.date) -> list[Move]:
    """People who confirmed and now withdraw, because a scene says so."""
    found = []
    for scene in script.scenes:
        if scene.move != "seat-answer" or scene.withdraws_after is None or scene.seat is None:
            continue
        record = view.find("seat", scene.seat)
        if record is None or record.state != "confirmed" or record.facts.get("person") != scene.person:
            continue
        if record.changed_at.date() + dt.timedelta(days=scene.withdraws_after) <= today:
            asked = Scene(move="seat-answer", answer="withdrawn", replacement=scene.replacement, reason=scene.reason)
            found.append(Move("seat-answer", view.session.id, "seat", scene.seat, scene.person or "", 0, 1, asked))
    return found
