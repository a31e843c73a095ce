"""What a plan of deadlines must be, worked out a second time: slowly, day by day, sharing no code with the first.

A rule is a plain structure here and is only written out as text (`text_of`) for the other side to read. A day is found
by walking along the days, an instant by walking along the hours and minutes of UTC and reading a clock in the zone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from tests.domain.calendar_days import Office, instant_of
from tests.domain.calendar_given import Calendar, Milestone, Offset, Session, anchor_words, bound_words


class Refused(Exception):
    """There is no such plan; the arguments are what a refusal has to name."""


@dataclass(frozen=True)
class Move:
    """From one day to another, for any one of `reasons`: a day may be free for several."""

    from_date: dt.date
    to_date: dt.date
    reasons: frozenset[str]


@dataclass(frozen=True)
class Due:
    session: str | None
    day: dt.date
    at: dt.datetime
    anchor: str
    anchor_date: dt.date
    moves: tuple[Move, ...]
    projected: bool


_LEVELS = {
    "session": (
        "note-invitation", "note-due", "note-decision", "panel-invitation", "panel-complete", "report-templates",
        "summary-due", "report-due",
    ),
    "paper": ("call-for-input", "input-due", "draft", "comments", "final-due"),
    "translation": ("translation-due", "translation-review-due"),
    "roundtable": ("roundtable-report-due",),
}  # fmt: skip


def level_of(milestone: str) -> str:
    stem = milestone.rstrip("0123456789").removesuffix("-") if milestone[-1].isdigit() else milestone
    return next(level for level, ids in _LEVELS.items() if stem in ids)


def _has(session: Session, milestone: str) -> bool:
    """Whether a session goes through a milestone of its own level: what it lacks it does not go through."""
    if milestone.startswith("note-"):
        return session.team
    return session.seats if milestone.startswith("panel-") else session.reports


class Oracle:
    """The plan of one calendar."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.rules = {milestone.id: milestone for milestone in calendar.milestones}
        self.done: dict[tuple[str, str, str], Due] = {}
        # (level, item): session, parent, children. A paper without suffix has the id of its session.
        self.session: dict[tuple[str, str], Session | None] = {}
        self.parent: dict[tuple[str, str], tuple[str, str]] = {}
        for roundtable in calendar.roundtables:
            self.session["roundtable", roundtable] = None
        for session in calendar.sessions:
            self._put("session", session.id, session, ("roundtable", session.roundtable))
            for suffix in session.papers:
                paper = session.id + suffix
                self._put("paper", paper, session, ("session", session.id))
                for language in calendar.languages:
                    self._put("translation", f"{paper}:{language}", session, ("paper", paper))

    def _put(self, level: str, item: str, session: Session, parent: tuple[str, str]) -> None:
        self.session[level, item] = session
        self.parent[level, item] = parent

    def items(self, milestone: str) -> list[tuple[str, str]]:
        """What `milestone` is due for."""
        level = level_of(milestone)
        found = []
        for place, session in self.session.items():
            if place[0] != level:
                continue
            if level == "session" and not (session and _has(session, milestone)):
                continue
            if level == "roundtable" and not any(
                s.reports and s.roundtable == place[1] for s in self.calendar.sessions
            ):
                continue
            found.append(place)
        return found

    def plan(self) -> dict[str, Due]:
        """Every milestone by its key.

        Raises:
            Refused: a cycle, or an anchor that is not there.
        """
        return {
            f"{place[1]}/{milestone}": self.due(place, milestone, ())
            for milestone in self.rules
            for place in self.items(milestone)
        }

    def anchors_of(self, place: tuple[str, str], anchor: str) -> list[tuple[str, str]]:
        """The items whose milestone `anchor` is meant where `place` names it."""
        having = self.items(anchor)
        up: tuple[str, str] | None = place
        while up is not None:
            if up in having:
                return [up]
            up = self.parent.get(up)
        return [item for item in having if place in self._ancestors(item)]

    def _ancestors(self, place: tuple[str, str]) -> Iterator[tuple[str, str]]:
        while (found := self.parent.get(place)) is not None:
            yield (place := found)

    def start(
        self, place: tuple[str, str], offset: Offset, path: tuple[tuple[str, str, str], ...]
    ) -> tuple[dt.date, bool]:
        """The day of an anchor, and whether it may still change with what comes in."""
        if offset.anchor in self.calendar.events:
            return self.calendar.moved.get(offset.anchor, self.calendar.events[offset.anchor]), False
        if offset.anchor not in self.rules:
            raise Refused(offset.anchor)
        places = self.anchors_of(place, offset.anchor)
        if not places:
            raise Refused(offset.anchor)
        days, open_ = [], False
        for at in places:
            came = self.calendar.received.get(f"{at[1]}/{offset.anchor}") if offset.received else None
            planned = self.due(at, offset.anchor, path)
            days.append(came or planned.day)
            # What rests on a projected day is projected too, until what it waits for itself has come in.
            open_ = open_ or (came is None and (offset.received or planned.projected))
        return max(days), open_

    def due(self, place: tuple[str, str], milestone: str, path: tuple[tuple[str, str, str], ...]) -> Due:
        here = (*place, milestone)
        if here in path:
            raise Refused(*(name for _, _, name in path[path.index(here) :]), milestone)
        if here not in self.done:
            self.done[here] = self._work_out(place, self.rules[milestone], (*path, here))
        return self.done[here]

    def _work_out(self, place: tuple[str, str], milestone: Milestone, path: tuple[tuple[str, str, str], ...]) -> Due:
        calendar, rule = self.calendar, milestone.rule
        countries = calendar.countries if milestone.holidays is None else milestone.holidays
        office = Office(countries, calendar.closures)
        anchor_date, projected = self.start(place, rule.offset, path)
        day = office.day_of(rule.offset, anchor_date)
        moves = []
        if reasons := office.free(day):
            to = day if rule.offset.unit == "on" else office.nearest(day, rule.offset.side)
            moves.append(Move(day, to, reasons))
            day = to
        for bound in rule.bounds:
            start, open_ = self.start(place, bound.offset, path)
            projected = projected or open_
            limit = office.day_of(bound.offset, start)
            if day > limit if bound.limit == "later" else day < limit:
                moves.append(Move(day, limit, frozenset({bound_words(bound)})))
                day = limit
                if reasons := office.free(day):
                    to = office.nearest(day, "before" if bound.limit == "later" else "after")
                    moves.append(Move(day, to, reasons))
                    day = to
        at = instant_of(day, rule.at or (23, 59), rule.zone or calendar.zone)
        session = self.session[place]
        name = session.id if session else None
        return Due(name, day, at, anchor_words(rule.offset), anchor_date, tuple(moves), projected)
