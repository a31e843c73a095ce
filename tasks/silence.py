"""The silence ledger: per round and body what was asked and answered, in a table; and the silence procedure.

Nothing is kept twice: the table is read from comment records, letters and extensions. Only a silence procedure has
records of its own, one for each draft that goes round in a round of which the edition says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from tasks.adapters.ledger import Record
from tasks.adapters.word.contexts import Overview
from tasks.desk import Desk, Drafted
from tasks.domain import letter
from tasks.domain import silence as rules
from tasks.domain.background_paper import paper_of, writer
from tasks.domain.edition import Session
from tasks.domain.locale import format_date, format_time
from tasks.domain.text import Block, Heading, Paragraph, Table, Text
from tasks.domain.view import date_of, milestone_key
from tasks.domain.workdays import workdays_of


@dataclass(frozen=True)
class Line:
    """One body in one comment round. `sent` is when the letter that asked it went out, `answered` when it answered."""

    session: str
    paper: str
    round: int
    body: str
    how: rules.How
    until: dt.date
    sent: dt.date | None
    answered: dt.date | None


def lines_of(desk: Desk, session: Session | None = None) -> list[Line]:
    """Who was asked in every comment round and how each stands, by paper, round and body."""
    edition = desk.edition
    asks = desk.ledger.letters(edition.id, session.id if session else None, kind="circulation")
    letters = {row.key.partition("~")[0]: row for row in asks}
    views = [desk.view(session)] if session else desk.views()
    found = []
    for view in views:
        zone = ZoneInfo(edition.time_zone)
        for record in view.of_kind("comments"):
            paper, round, body = record.facts["paper"], record.facts["round"], record.facts["body"]
            milestone = milestone_key(paper, f"comments-{round}")
            asked, granted = letters.get(f"circulation/{paper}/{round}/{body}"), view.extensions.get((milestone, body))
            holds = view.find("background-paper", paper)
            planned = view.deadlines[milestone]
            is_open = holds is not None and holds.state == "circulated" and holds.facts["round"] == round
            until = date_of(holds.facts, "until", planned) if holds and is_open else planned
            sent = asked.sent_at.astimezone(zone).date() if asked and asked.sent_at else None
            has_answered = record.state in ("answered", "nil")
            found.append(
                Line(
                    session=view.session.id,
                    paper=paper,
                    round=round,
                    body=body,
                    how=rules.how(record, is_sent=sent is not None, has_extension=granted is not None),
                    until=max(until, granted) if granted else until,
                    sent=sent,
                    answered=record.changed_at.astimezone(zone).date() if has_answered else None,
                )
            )
    return sorted(found, key=lambda line: (line.session, line.paper, line.round, line.body))


def status_document(desk: Desk, language: str, session: Session | None = None) -> bytes:
    """The status of all comment rounds, or those of one session, as a Word document."""
    words, edition = desk.words(language), desk.edition
    lines = lines_of(desk, session)
    blocks: list[Block] = []
    for paper, round in dict.fromkeys((line.paper, line.round) for line in lines):
        rows = [line for line in lines if (line.paper, line.round) == (paper, round)]
        title = paper_of(edition.session(rows[0].session), paper).title[language]
        heading = words("silence.round", number=paper, title=title, round=desk.number(round, language))
        blocks += [Heading(1, (Text(heading),)), _table(desk, rows, language)]
    if not lines:
        blocks.append(Paragraph((Text(words("silence.nothing")),)))
    context = Overview(
        **desk.page(language),
        kind=words("silence.title"),
        title=edition.names[language],
        subtitle=words("session_title", number=session.id, title=session.title[language]) if session else "",
        intro=[words("silence.intro", date=format_date(desk.today, words.locale)), words("silence.no_approval")],
    )
    return desk.render(
        context, kind="silence-status", key=session.id if session else edition.id,
        session=session.id if session else None, language=language, title=words("silence.title"), version=1,
        blocks=blocks,
    )  # fmt: skip


def _table(desk: Desk, lines: Sequence[Line], language: str) -> Table:
    words = desk.words(language)

    def day(date: dt.date | None) -> str:
        return desk.day(date, language) if date else ""

    head = [words("columns.body"), *(words(f"silence.{column}") for column in ("sent", "until", "answer", "on"))]
    rows = [
        [desk.edition.body(line.body).names[language], day(line.sent), day(line.until), words(f"silence.{line.how}"),
         day(line.answered)]
        for line in lines
    ]  # fmt: skip
    return Table(tuple(tuple((Text(cell),) if cell else () for cell in row) for row in (head, *rows)))


# The silence procedure


def due(desk: Desk, records: Iterable[Record] | None = None) -> bool:
    """Whether a silence procedure begins or ends now."""
    return bool(_moves(desk, list(records or desk.records())))


def advance(desk: Desk) -> list[str]:
    """Begin the procedure for each draft that goes round in a round of the edition's choice; tell each result at once.

    Safe to repeat. Where the edition has opted in to no procedure, nothing happens.
    """
    return [_take(desk, move) for move in _moves(desk, desk.records())]


@dataclass(frozen=True)
class _Move:
    record: Record | None
    session: str
    paper: str
    round: int
    version: int
    circulated: dt.date
    to: str
    expires: dt.datetime
    broken_by: rules.Objection | None = None


def _moves(desk: Desk, records: Sequence[Record]) -> list[_Move]:
    """What is due: procedures to begin, and running ones whose result is known."""
    procedure = desk.edition.rules.silence_procedure
    if procedure is None:
        return []
    known = {record.key: record for record in records if record.kind == rules.KIND}
    found = []
    for paper in (record for record in records if record.kind == "background-paper"):
        if paper.state != "circulated" or paper.facts["round"] not in procedure.rounds:
            continue
        round, version = paper.facts["round"], paper.facts["version"]
        if f"{paper.key}|{version}" in known:
            continue
        circulated = paper.changed_at.astimezone(ZoneInfo(desk.edition.time_zone)).date()
        expires = rules.expires_at(procedure, desk.edition.time_zone, circulated, workdays_of(desk.edition).move)
        found.append(_Move(None, paper.session or "", paper.key, round, version, circulated, "running", expires))
    for record in known.values():
        facts = record.facts
        if record.state != "running":
            continue
        expires = dt.datetime.fromisoformat(facts["expires_at"])
        to, objection = rules.result(expires, _objections(records, facts["paper"], facts["version"]), desk.now)
        if to != "running":
            found.append(
                _Move(record, record.session or "", facts["paper"], facts["round"], facts["version"],
                      dt.date.fromisoformat(facts["circulated"]), to, expires, objection)
            )  # fmt: skip
    return found


def _objections(records: Iterable[Record], paper: str, version: int) -> list[rules.Objection]:
    """The answers with a text to one version of a paper; who has no comments consents."""
    return [
        rules.Objection(record.facts["body"], dt.datetime.fromisoformat(record.facts["first_at"]))
        for record in records
        if record.kind == "comments"
        and record.state == "answered"
        and (record.facts["paper"], record.facts["version"]) == (paper, version)
    ]


def _take(desk: Desk, move: _Move) -> str:
    session, key = desk.edition.session(move.session), f"{move.paper}|{move.version}"
    facts = {
        "paper": move.paper, "round": move.round, "version": move.version, "expires_at": move.expires.isoformat(),
        "circulated": move.circulated.isoformat(),
    }  # fmt: skip
    if move.record is None:
        with desk.change("the edition's silence procedure") as change:
            change.add_record(rules.KIND, key, "running", session.id, facts)
        until = f"{move.expires:%-d %B %Y %H:%M} UTC"
        return f"{move.paper}: draft {move.round} counts as agreed unless somebody objects until {until}"
    by = move.broken_by
    paper = paper_of(session, move.paper)
    asked = [
        r.facts["body"]
        for r in desk.ledger.records(desk.edition.id, "comments", session.id)
        if (r.facts["paper"], r.facts["version"]) == (move.paper, move.version)
    ]
    drafts = [(party, _letter(desk, session, move, party)) for party in dict.fromkeys([writer(session, paper), *asked])]
    with desk.change("the silence was broken" if by else "nobody objected in time") as change:
        told = {"by": by.body, "at": by.at.isoformat()} if by else {}
        desk.move(change, move.record, move.to, **told)
        for party, drafted in drafts:
            desk.post(change, f"silence-result/{move.paper}/{move.version}/{party}", drafted)
    result = f"broken by {by.body} on {by.at:%-d %B %Y %H:%M} UTC" if by else "nobody objected; the draft is agreed"
    return f"{move.paper}: silence on draft {move.round}: {result}; {len(drafts)} parties are told"


def _letter(desk: Desk, session: Session, move: _Move, party: str) -> Drafted:
    recipient = desk.recipient(party)
    to = recipient.language.id
    words, by = desk.words(to), move.broken_by
    if by is None:
        result = words("silence.result_expired")
    else:
        name = desk.edition.body(by.body).names[to]
        result = words("silence.result_broken", body=name, date=_instant(desk, by.at, to))
    told = letter.SilenceResult(
        edition=desk.edition.names[to],
        deadline=_instant(desk, move.expires, to),
        session=session.id,
        session_title=session.title[to],
        paper_title=paper_of(session, move.paper).title[to],
        round=desk.number(move.round, to),
        result=result,
    )
    return desk.draft(told, recipient, session)


def _instant(desk: Desk, at: dt.datetime, language: str) -> str:
    """A day and time in words, in the zone of the procedure."""
    procedure = desk.edition.rules.silence_procedure
    zone = (procedure.zone if procedure else None) or desk.edition.time_zone
    time = format_time(at, zone, desk.edition.language(language).locale)
    day = desk.day(at.astimezone(ZoneInfo(zone)).date(), language)
    return desk.words(language)("silence.instant", date=day, time=time)
