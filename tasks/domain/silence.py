"""Silence: who of those asked has answered, and the silence procedure of an edition that opted in.

The Forum is non-binding: silence is recorded and nothing is concluded from it. Only where the edition says so does a
draft count as agreed when nobody has objected until an exact instant; any answer with a text breaks the silence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from tasks.domain.edition import SilenceProcedure
from tasks.domain.view import Standing

KIND = "silence"

How = Literal["not_sent", "asked", "extended", "answered", "answered_late", "nil", "silent"]


def how(comments: Standing, *, is_sent: bool, has_extension: bool) -> How:
    """How one body stands in one round, from its comment record and the letter that asked it."""
    match comments.state:
        case "answered":
            return "answered_late" if comments.facts.get("late") else "answered"
        case "nil":
            return "nil"
        case "silent":
            return "silent"
    if not is_sent:
        return "not_sent"
    return "extended" if has_extension else "asked"


def expires_at(
    procedure: SilenceProcedure, zone: str, circulated: dt.date, move: Callable[[dt.date, int], dt.date]
) -> dt.datetime:
    """The instant (UTC) a draft circulated on a day counts as agreed: so many working days later, at its time of day.

    `zone` is the edition's, where the procedure names none; `move` counts working days.
    """
    day = move(circulated, procedure.days)
    time = dt.time.fromisoformat(procedure.at)
    return dt.datetime.combine(day, time, ZoneInfo(procedure.zone or zone)).astimezone(dt.UTC)


@dataclass(frozen=True)
class Objection:
    """A body's answer with a text, and when it came."""

    body: str
    at: dt.datetime


def result(
    expires: dt.datetime, objections: Iterable[Objection], now: dt.datetime
) -> tuple[Literal["running", "broken", "expired"], Objection | None]:
    """What came of the silence until `now`, and the objection that broke it.

    What comes at the very instant is in time; after it nothing breaks the silence any more.
    """
    first = min((o for o in objections if o.at <= min(expires, now)), key=lambda o: (o.at, o.body), default=None)
    if first is not None:
        return "broken", first
    return ("expired" if now > expires else "running"), None
