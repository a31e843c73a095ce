"""The network of one session as its edition plans it: what rests on what, with the days that hold now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from tasks.domain.background_paper import paper_key
from tasks.domain.calendar import items_of
from tasks.domain.day_count import DayCount
from tasks.domain.edition import Edition, Session
from tasks.domain.network import Due, Meetings, Node, link
from tasks.domain.view import milestone_key
from tasks.domain.workdays import workdays_of

_ROUNDTABLE_REPORT = "roundtable-report-due"


def meetings_of(edition: Edition) -> Meetings:
    """The events the process turns on."""
    return Meetings(edition.rules.note_tabled_at, edition.forum_start, edition.forum_end)


def event_dates(edition: Edition) -> dict[str, dt.date]:
    """The day of every event that has one, by id."""
    return {event.id: event.date for event in edition.events if event.precision == "day" and event.date}


def named_meetings(edition: Edition) -> dict[str, dt.date]:
    """The days of the meetings worth naming where something is too late for them: of the Friends, and the Forum."""
    kinds = ("fof", "forum")
    return {event.id: event.date for event in edition.events if event.kind in kinds and event.date}


def keys_of(edition: Edition, session: Session) -> list[str]:
    """Keys of all milestones of a session, and of the report of its roundtable where it rests on this session."""
    keys = [milestone_key(item, milestone) for item, milestone in items_of(edition, session)]
    if session.report_parts:
        keys.append(milestone_key(session.roundtable, _ROUNDTABLE_REPORT))
    return keys


def network_of(
    edition: Edition, session: Session, due: Mapping[str, dt.date], met: Mapping[str, dt.date]
) -> dict[str, Node]:
    """The network of `session`, with the due days and the days of what was met, both by milestone key."""
    takes = {milestone.id: milestone.takes for milestone in edition.milestones}
    dues = []
    for key in keys_of(edition, session):
        item, _, milestone = key.rpartition("/")
        if key in due:
            dues.append(Due(item, milestone, due[key], takes[milestone], met.get(key)))
    drafting = {paper_key(session, paper): edition.drafting_language.id for paper in session.papers}
    rounds = edition.rules.comment_rounds
    return link(dues, session.id, rounds, meetings_of(edition), event_dates(edition), drafting)


def day_count_of(edition: Edition) -> DayCount:
    """The working days of the edition."""
    workdays = workdays_of(edition)
    return DayCount(lambda day: not workdays.is_free(day))
