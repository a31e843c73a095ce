"""The letters of the calendar: reminders, call tasks, reports of delay; each drafted with the points it handles."""

from __future__ import annotations

import datetime as dt

from tasks.asks import how_to_answer, name_of_milestone, name_of_party, what_is_asked
from tasks.deadlines.open_asks import Asked, Open
from tasks.deadlines.series import Series
from tasks.desk import Desk, Drafted
from tasks.desk.milestones import received_of
from tasks.domain import calendar_records, letter
from tasks.domain.critical_path import Consequence, consequences
from tasks.domain.edition import text_in
from tasks.domain.reminder import CallTask, Escalation, Nudge, Reminder
from tasks.domain.session_network import day_count_of, keys_of, named_meetings, network_of

#: What a coordinator can take in: so many consequences of one delay are told, those of issued papers first.
_CONSEQUENCES = 5


def post_reminder(desk: Desk, reminder: Reminder, asked: Asked, series: Series) -> None:
    """One letter to the party, or where e-mail does not reach it one task for its coordinator."""
    first = asked[reminder.nudges[0].ask.key, reminder.party]
    session = first.view.session
    is_call = isinstance(reminder, CallTask)
    reader = desk.edition.coordinator_of(session).id if is_call else reminder.party
    recipient = desk.recipient(reader)
    to = recipient.language.id
    asks = [_sentence(desk, nudge, asked[nudge.ask.key, reminder.party], to) for nudge in reminder.nudges]
    name, deadline = desk.edition.names[to], desk.day(reminder.nudges[0].ask.due, to)
    wanted: letter.Letter = letter.Reminder(edition=name, deadline=deadline, asks=asks)
    if is_call:
        party, contact = name_of_party(desk, reminder.party, to), _contact(desk, reminder.party, to)
        wanted = letter.CallTask(edition=name, deadline=deadline, asks=asks, party=party, contact=contact)
    drafted, key = desk.draft(wanted, recipient), f"{wanted.kind}/{reminder.points[0]}"
    with desk.change("a call is due" if is_call else "a reminder is due") as change:
        series.keep(change, (*reminder.points, *reminder.skipped), desk.today, key, session.id)
        desk.post(change, key, drafted)
        if is_call:
            facts = {"party": reminder.party, "letter": key, "asks": [nudge.ask.key for nudge in reminder.nudges]}
            change.add_record(calendar_records.CALL, reminder.points[0], "open", session.id, facts)


def _sentence(desk: Desk, nudge: Nudge, about: Open, language: str) -> str:
    words, wait = desk.words(language), about.wait
    said = {
        "what": what_is_asked(desk, about.view.session, wait, language),
        "asked": desk.day(wait.since, language),
        "due": desk.day(nudge.ask.due, language),
        "how": how_to_answer(desk, wait, language),
    }
    if nudge.days_left >= 0:
        return words("texts.ask", **said)
    return words("texts.ask_overdue", **said, days=words.count("calendar.working_days", -nudge.days_left))


def _contact(desk: Desk, party: str, language: str) -> str:
    """How to reach somebody whom e-mail does not reach: by telephone where a number is known, else the embassy."""
    words, edition = desk.words(language), desk.edition
    body = edition.person(party).body if edition.has("people", party) else party
    if body is None:
        return name_of_party(desk, party, language)
    contact = edition.body(body).focal_point
    if contact.phone:
        name = contact.name or edition.body(body).names[language]
        return words("texts.contact_phone", name=name, number=contact.phone)
    embassy = text_in(edition.body(body).embassy, language) or edition.body(body).names[language]
    return words("texts.contact_embassy", name=embassy)


def who_is_told(desk: Desk, escalation: Escalation, about: Open) -> str:
    """Who is told of a delay: the session's coordinator, later the director."""
    coordinator = desk.edition.coordinator_of(about.view.session).id
    directors = [member.id for member in desk.edition.staff if member.role == "director"]
    return coordinator if escalation.level == "coordinator" or not directors else directors[0]


def post_escalation(desk: Desk, escalation: Escalation, asked: Asked, series: Series) -> None:
    """Tell the coordinator, later the director, who is late with what, and what follows from it."""
    about = asked[escalation.ask.key, escalation.ask.party]
    drafted = _overdue(desk, escalation, about, series)
    key = f"overdue/{escalation.point}"
    with desk.change(f"{escalation.ask.party} is {escalation.days_late} working days late") as change:
        series.keep(change, [escalation.point], desk.today, key, about.view.session.id)
        desk.post(change, key, drafted)


def _overdue(desk: Desk, escalation: Escalation, about: Open, series: Series) -> Drafted:
    ask, session = escalation.ask, about.view.session
    recipient = desk.recipient(who_is_told(desk, escalation, about))
    to = recipient.language.id
    words = desk.words(to)
    record = series.records.get(f"{ask.key}|{ask.party}")
    points = record.facts["points"] if record else {}
    reminded = sorted(
        {day for point, (day, key) in points.items() if key.startswith("reminder/") and point.startswith(str(ask.due))}
    )
    late = words.count("calendar.working_days", escalation.days_late)
    what = what_is_asked(desk, session, about.wait, to)
    return desk.draft(
        letter.Overdue(
            edition=desk.edition.names[to],
            deadline=desk.day(ask.due, to),
            party=name_of_party(desk, ask.party, to),
            what=what,
            days=late,
            reminded=[desk.day(dt.date.fromisoformat(day), to) for day in reminded],
            consequences=_consequences(desk, about, what, late, to),
        ),
        recipient,
        session,
    )


def _consequences(desk: Desk, about: Open, what: str, late: str, language: str) -> list[str]:
    """What can't be kept any more if the answer comes today, in sentences."""
    edition, words = desk.edition, desk.words(language)
    keys = set(keys_of(edition, about.view.session))
    records = desk.ledger.records(edition.id, kind=calendar_records.MILESTONE)
    milestones = {record.key: record for record in records if record.key in keys}
    planned = {key: dt.date.fromisoformat(record.facts["due"]) for key, record in milestones.items()}
    nodes = network_of(edition, about.view.session, planned, received_of(milestones))
    if about.wait.milestone not in nodes or nodes[about.wait.milestone].met:
        return []
    events = named_meetings(edition)
    days = day_count_of(edition)
    follow = consequences(nodes, about.wait.milestone, desk.today, days, events)

    def told(found: Consequence) -> str:
        if found.language and found.behind:
            return words(
                "texts.consequence_late_issue",
                what=what,
                days=late,
                language=desk.language_name(found.language, language),
                event=edition.event(found.behind).names[language],
                date=desk.day(events[found.behind], language),
            )
        other, day = name_of_milestone(desk, found.key, language), desk.day(found.planned, language)
        return words("texts.consequence_impossible", what=what, days=late, other=other, date=day)

    first = sorted((f for f in follow if f.key in milestones), key=lambda f: not (f.language and f.behind))
    return list(dict.fromkeys(told(found) for found in first[:_CONSEQUENCES]))
