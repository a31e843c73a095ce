"""The plan as plain rows in one language: what is due when, from whom, why on that day, and how it stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tasks.asks import name_of_milestone, name_of_party
from tasks.calendar_view.reading import Calendar, Owed, State, read
from tasks.desk import Desk
from tasks.domain.calendar import Planned, Shift
from tasks.domain.errors import Unknown
from tasks.domain.locale import format_date, format_time, language_of
from tasks.domain.rule import Bound, parse_rule
from tasks.domain.workdays import holiday_name


@dataclass(frozen=True)
class Extension:
    """More time for one party, by its name."""

    party: str
    until: dt.date


@dataclass(frozen=True)
class Row:
    """One deadline in words. `time` is empty where it ends with the day; `session` is None for a roundtable.

    `slack_days` are working days, None where there is nothing left to be late with.
    """

    key: str
    name: str
    session: str | None
    stage: str
    due: dt.date
    time: str
    movers: tuple[str, ...]
    since: dt.date
    baseline: dt.date
    actual: dt.date | None
    extensions: tuple[Extension, ...]
    state: State
    reason: str
    slack_days: int | None
    critical: bool


def rows(
    desk: Desk, language: str, *, session: str | None = None, body: str | None = None, calendar: Calendar | None = None
) -> list[Row]:
    """The plan by days: all of it, one session's, or what one body owes anywhere, each on its own day.

    Raises:
        Unknown: the edition has no such session or body.
    """
    if session is not None and not desk.edition.has("sessions", session):
        raise Unknown(f"{session}: {desk.edition.id} has no such session; there are {_ids(desk.edition.sessions)}")
    if body is not None and not desk.edition.has("bodies", body):
        raise Unknown(f"{body}: {desk.edition.id} has no such body; there are {_ids(desk.edition.bodies)}")
    calendar = calendar or read(desk)
    owed = list(calendar.owed.values()) if body is None else calendar.of_body(body)
    if session is not None:
        wanted = {each.key for each in calendar.of_session(session)}
        owed = [each for each in owed if each.key in wanted]
    return [spoken(desk, each, language) for each in owed]


def spoken(desk: Desk, owed: Owed, language: str) -> Row:
    """One deadline in words."""
    names = tuple(name_of_party(desk, party, language) for party in owed.movers)
    # Of an extension that somebody had who is no mover any more nobody need know.
    extensions = [(party, until) for party, until in (owed.extensions or {}).items() if party in owed.movers]
    return Row(
        key=owed.key,
        name=name_of_milestone(desk, owed.key, language),
        session=owed.session,
        stage=owed.stage,
        due=owed.due,
        time=time_of(desk, owed, language),
        movers=names,
        since=owed.since,
        baseline=owed.baseline,
        actual=owed.actual,
        extensions=tuple(Extension(name_of_party(desk, party, language), until) for party, until in extensions),
        state=owed.state,
        reason=reason_of(desk, owed.planned, language),
        slack_days=owed.slack_days,
        critical=owed.critical,
    )


def time_of(desk: Desk, owed: Owed, language: str) -> str:
    """The time of day where the rule has one, as the clocks of its zone show it."""
    if owed.due_at is None:
        return ""
    return format_time(owed.due_at, owed.zone or desk.edition.time_zone, desk.edition.language(language).locale)


def reason_of(desk: Desk, planned: Planned | None, language: str) -> str:
    """Why a deadline is on another day than its rule counted, or stays on a day off; empty where neither is so."""
    words = desk.words(language)
    said = []
    for shift in planned.shifts if planned else ():
        reason = _reason(desk, planned, shift, language)
        if shift.from_date == shift.to_date:
            said.append(words("calendar.day_off", reason=reason))
        else:
            said.append(words("calendar.shifted", old=desk.day(shift.from_date, language), reason=reason))
    return "; ".join(said)


def _reason(desk: Desk, planned: Planned | None, shift: Shift, language: str) -> str:
    bounds = {str(bound): bound for bound in (parse_rule(planned.rule).bounds if planned else ())}
    if shift.reason in bounds:
        return _bound(desk, bounds[shift.reason], shift.to_date, language)
    locale = desk.edition.language(language).locale
    day = shift.from_date
    if shift.reason == f"{day:%A}":
        return format_date(day, locale, "EEEE")
    name, _, country = shift.reason.rpartition(" (")
    if name and country.removesuffix(")") in _countries(desk, planned):
        code = country.removesuffix(")")
        return f"{holiday_name(code, day, language_of(locale)) or name} ({code})"
    for closure in desk.edition.closures:
        if closure.first <= day <= closure.until:
            return closure.names.get(language, shift.reason)
    return shift.reason


def _bound(desk: Desk, bound: Bound, day: dt.date, language: str) -> str:
    """The limit by the name of its event, or by its day where it is counted from one."""
    event = bound.offset is None and not bound.anchor.received and desk.edition.has("events", bound.anchor.id)
    anchor = desk.edition.event(bound.anchor.id).names[language] if event else desk.day(day, language)
    return desk.words(language)(f"calendar.not_{bound.limit}_than", anchor=anchor)


def _countries(desk: Desk, planned: Planned | None) -> list[str]:
    own = next((m.holidays for m in desk.edition.milestones if planned and m.id == planned.milestone), None)
    return desk.edition.holidays if own is None else own


def _ids(entries: object) -> str:
    return ", ".join(entry.id for entry in entries)  # type: ignore[attr-defined]
