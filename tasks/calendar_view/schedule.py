"""The schedule as a Word document of the ledger, and its Gantt pictures."""

from __future__ import annotations

from tasks.adapters.ledger import DocumentRow
from tasks.adapters.plots.gantt import STATES, Mark
from tasks.asks import name_of_party
from tasks.calendar_view.reading import Calendar, Owed, read
from tasks.calendar_view.rows import reason_of, time_of
from tasks.desk import Desk
from tasks.domain.locale import join_list
from tasks.domain.session_network import named_meetings
from tasks.schedules import (
    Laid,
    ScheduleRow,
    SessionSchedule,
    edition_picture,
    keep_if_new,
    schedule_document,
    session_picture,
)

#: More names than these are counted: all focal points of a Forum fill a page.
_NAMES = 4


def schedules(
    desk: Desk, language: str, session: str | None = None, calendar: Calendar | None = None
) -> list[SessionSchedule]:
    """The plan of every session, or of one, as the schedule shows it: without what nobody waits for any more."""
    calendar = calendar or read(desk)
    found = []
    for each in desk.edition.sessions:
        if session is None or each.id == session:
            owed = [one for one in calendar.of_session(each.id) if one.state in STATES]
            paths = calendar.analyses[each.id].paths
            slack = paths[0].slack_days if paths and owed else None
            lines = tuple(_row(desk, one, language) for one in owed)
            found.append(SessionSchedule(each.id, each.title[language], lines, slack))
    return found


def _row(desk: Desk, owed: Owed, language: str) -> ScheduleRow:
    words = desk.words(language)
    names = {milestone.id: milestone.names[language] for milestone in desk.edition.milestones}
    name, item = names[owed.milestone], owed.key.rpartition("/")[0]
    paper, _, target = item.partition(":")
    if target:
        name = words("label_value", label=name, value=desk.language_name(target, language))
    if owed.session is not None and paper != owed.session:
        name = words("paper_title", title=name, number=paper)
    elif owed.session is None:
        name = words("roundtable_title", number=item, title=name)
    told = [reason_of(desk, owed.planned, language)]
    for party, until in (owed.extensions or {}).items():
        if party in owed.movers:
            longer = words("calendar.extended_until", date=desk.day(until, language))
            told.append(words("label_value", label=name_of_party(desk, party, language), value=longer))
    assert owed.state in STATES
    return ScheduleRow(
        name=name,
        kind=owed.stage,
        since=owed.since,
        due=owed.due,
        time=time_of(desk, owed, language),
        mover=_movers(desk, owed, language),
        state=owed.state,
        baseline=owed.baseline,
        actual=owed.actual,
        reason="; ".join(filter(None, told)),
        critical=owed.critical,
    )


def _movers(desk: Desk, owed: Owed, language: str) -> str:
    names = [name_of_party(desk, party, language) for party in owed.movers]
    if len(names) > _NAMES:
        names[_NAMES - 1 :] = [f"+\u00a0{desk.number(len(names) - _NAMES + 1, language)}"]
    return join_list(names, desk.edition.language(language).locale)


def marks(desk: Desk, language: str) -> list[Mark]:
    """The meetings the plan is made for, by day."""
    days = named_meetings(desk.edition)
    return [Mark(days[id], desk.edition.event(id).names[language]) for id in sorted(days, key=lambda id: days[id])]


def draw_picture(desk: Desk, language: str, session: str | None = None) -> bytes:
    """The Gantt picture (PNG) of all sessions, or of one."""
    found = schedules(desk, language, session)
    words = desk.words(language)
    if session is None:
        title = desk.marked(words("schedule.all_sessions"), language)
        return edition_picture(words, found, marks(desk, language), desk.today, title)
    title = desk.marked(words("session_title", number=found[0].number, title=found[0].title), language)
    return session_picture(words, found[0], marks(desk, language), desk.today, title)


def keep_schedule(desk: Desk, language: str, session: str | None = None) -> tuple[DocumentRow, bool]:
    """The schedule of all sessions, or of one, and whether a new version was made: none while its rows are the same."""
    key = session or desk.edition.id
    found, meetings = schedules(desk, language, session), marks(desk, language)
    words = desk.words(language)
    title = desk.edition.names[language]
    if session is not None:
        title = words("session_title", number=session, title=desk.edition.session(session).title[language])

    def lay(number: int) -> Laid:
        page = desk.page(language, version=str(number))
        return schedule_document(words, page, title=title, sessions=found, marks=meetings, today=desk.today)

    return keep_if_new(
        desk, lay, (found, meetings), kind="schedule", key=key, session=session, language=language,
        title=words("documents.schedule"),
        days={row.due for each in found for row in each.rows} | {mark.date for mark in meetings},
    )  # fmt: skip
