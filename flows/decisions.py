"""What people decide: each decision is a typed flow, a form in the Prefect UI and a command on the shell.

The same decision again gives the first answer; another one is refused and names who decided what and when.
"""

from __future__ import annotations

import datetime as dt
import difflib
from typing import Any, Literal

from prefect.client.schemas.objects import State

from flows.edition import follow_up
from flows.office import answer, desk_for, flow
from tasks import background_paper, comment_matrix, concept_note, extensions, panel, rapporteur_report, translation
from tasks.decisions import Correction
from tasks.desk import Desk
from tasks.domain.background_paper import paper_key
from tasks.domain.edition import Session
from tasks.domain.errors import Invalid, Unknown


@flow(name="decide-note", flow_run_name="{edition} {session} note: {decision}")
async def decide_note(
    edition: str,
    session: str,
    decision: Literal["accept", "return"],
    by: str,
    reason: str = "",
    today: dt.date | None = None,
) -> State[Any]:
    """Accept a concept note, or return it with a reason.

    Args:
        edition: The edition.
        session: The session whose note was received.
        decision: accept, or return with a reason.
        by: Your name; it is kept with the decision.
        reason: Why the note goes back; the lead will read it.
        today: A simulated date, in a rehearsal only.
    """

    def work() -> str:
        desk = desk_for(edition, by=by, today=today)
        return concept_note.decide(desk, find_session(desk, session), decision, reason)

    return await follow_up(edition, answer(work), today)


@flow(name="record-outcome", flow_run_name="{edition} {session} outcome: {outcome}")
async def record_outcome(
    edition: str,
    session: str,
    outcome: str,
    by: str,
    joined: list[str] | None = None,
    reason: str = "",
    today: dt.date | None = None,
) -> State[Any]:
    """Record what the meeting of the Friends of the Forum did with a concept note, and who joined the team.

    Args:
        edition: The edition.
        session: The session whose note was tabled.
        outcome: One of the outcomes of the edition.
        by: Your name; it is kept with the decision.
        joined: Bodies that joined the team at the meeting.
        reason: What the meeting asked for, where the note goes back.
        today: A simulated date, in a rehearsal only.
    """

    def work() -> str:
        desk = desk_for(edition, by=by, today=today)
        return concept_note.record_outcome(desk, find_session(desk, session), outcome, joined or [], reason)

    return await follow_up(edition, answer(work), today)


@flow(name="decide-paper", flow_run_name="{edition} {paper} final text: {decision}")
async def decide_paper(
    edition: str,
    paper: str,
    decision: Literal["freeze", "return"],
    by: str,
    reason: str = "",
    today: dt.date | None = None,
) -> State[Any]:
    """Freeze the final text of a background paper, or return it with a reason.

    Args:
        edition: The edition.
        paper: The paper, such as its session's number with the suffix.
        decision: freeze, or return with a reason.
        by: Your name; it is kept with the decision.
        reason: Why the text goes back; the writer will read it.
        today: A simulated date, in a rehearsal only.
    """

    def work() -> str:
        desk = desk_for(edition, by=by, today=today)
        return background_paper.decide(desk, session_of_paper(desk, paper), paper, decision, reason)

    return await follow_up(edition, answer(work), today)


@flow(name="record-answer", flow_run_name="{edition} {seat}: {reply}")
async def record_answer(
    edition: str,
    seat: str,
    reply: Literal["confirmed", "declined", "withdrawn", "nominated"],
    by: str,
    replacement: str | None = None,
    reason: str = "",
    today: dt.date | None = None,
) -> State[Any]:
    """Record a panellist's answer, or name a candidate for an open seat.

    Args:
        edition: The edition.
        seat: The seat.
        reply: confirmed, declined, withdrawn; or nominated, to name a candidate.
        by: Your name; it is kept with the decision.
        replacement: The person to be asked next.
        reason: What the person wrote, in a few words.
        today: A simulated date, in a rehearsal only.
    """

    def work() -> str:
        desk = desk_for(edition, by=by, today=today)
        return panel.answer(desk, _session_of_seat(desk, seat), seat, reply, replacement or None, reason)

    return await follow_up(edition, answer(work), today)


@flow(name="record-nil-return", flow_run_name="{edition} {paper} nothing from {body}")
async def record_nil_return(
    edition: str, paper: str, body: str, by: str, reason: str = "", today: dt.date | None = None
) -> State[Any]:
    """Record that a partner has no comments on the draft that is circulating.

    Args:
        edition: The edition.
        paper: The paper whose draft is circulating.
        body: The body that answered without comments.
        by: Your name; it is kept with the decision.
        reason: What it wrote, in a few words.
        today: A simulated date, in a rehearsal only.
    """

    def work() -> str:
        desk = desk_for(edition, by=by, today=today)
        return background_paper.nil_return(desk, session_of_paper(desk, paper), paper, body, reason)

    return await follow_up(edition, answer(work), today)


@flow(name="decide-report", flow_run_name="{edition} {session} {document}: {decision}")
async def decide_report(
    edition: str,
    session: str,
    decision: Literal["accept", "return"],
    by: str,
    cleared: bool = False,
    reason: str = "",
    document: Literal["report", "summary"] = "report",
    today: dt.date | None = None,
) -> State[Any]:
    """Accept a rapporteur report or a summary that is held, or return it with a reason.

    Args:
        edition: The edition.
        session: The session whose report or summary was received.
        decision: accept, or return with a reason.
        by: Your name; it is kept with the decision.
        cleared: Every flagged sentence is a matter of record and may name who said it.
        reason: Why it goes back; the rapporteur will read it.
        document: The report, or the summary, which waits for a decision only if it has flagged sentences.
        today: A simulated date, in a rehearsal only.
    """

    def work() -> str:
        desk = desk_for(edition, by=by, today=today)
        return rapporteur_report.decide(desk, find_session(desk, session), decision, cleared, reason, kind=document)

    return await follow_up(edition, answer(work), today)


@flow(name="correct-decision", flow_run_name="{edition} correct {key}")
async def correct_decision(
    edition: str,
    key: str,
    to: str,
    reason: str,
    by: str,
    replacement: str | None = None,
    joined: list[str] | None = None,
    cleared: bool = False,
    today: dt.date | None = None,
) -> State[Any]:
    """Correct a decision that was wrong. What followed from it is taken back, listed, and done again.

    Args:
        edition: The edition.
        key: The decision's key, as `roundtable history` shows it.
        to: The right answer, such as accept, return, freeze, confirmed, awaited, or an outcome.
        reason: Why the first answer was wrong.
        by: Your name; it is kept with the correction.
        replacement: The person to be asked next, for a seat.
        joined: Bodies that joined the team, for the outcome of a meeting.
        cleared: Flagged sentences are matters of record, for a report.
        today: A simulated date, in a rehearsal only.
    """

    def work() -> str:
        desk = desk_for(edition, by=by, today=today)
        decision = desk.ledger.decision(edition, key)
        if decision is None:
            keys = ", ".join(row.key for row in desk.ledger.decisions(edition, current=True)[-8:])
            raise Unknown(f"{key}: no such decision; the last ones are {keys or 'none'}")
        subject, correction = decision.subject_key, Correction(key, reason)
        match key.split("/", 1)[0]:
            case "note":
                return concept_note.decide(desk, find_session(desk, subject), to, reason, correction)
            case "outcome":
                return concept_note.record_outcome(
                    desk, find_session(desk, subject), to, joined or [], reason, correction
                )
            case "paper":
                session = session_of_paper(desk, subject)
                return background_paper.decide(desk, session, subject, to, reason, correction)
            case "seat":
                session = _session_of_seat(desk, subject)
                return panel.answer(desk, session, subject, to, replacement or None, reason, correction)
            case "report":
                return rapporteur_report.decide(desk, find_session(desk, subject), to, cleared, reason, correction)
            case "comments":
                return background_paper.correct_nil_return(desk, subject, to, correction)
            case "comment":
                return comment_matrix.correct(desk, key, to, reason)
            case "review":
                return translation.correct_review(desk, subject, to, correction)
            case "extension":
                milestone, _, party = subject.rpartition("|")
                return extensions.grant(desk, milestone, party, calendar_day(to), reason, correction)
        raise Invalid(f"{key}: a decision of this kind can't be corrected")

    return await follow_up(edition, answer(work), today)


def calendar_day(text: str) -> dt.date:
    """A day as people type it: 2007-06-15; Invalid where it is none."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"{text}: is no day; write it as 2007-06-15, year first") from None


def find_session(desk: Desk, session: str) -> Session:
    """The session of this id; Unknown with those there are."""
    if not desk.edition.has("sessions", session):
        known = ", ".join(entry.id for entry in desk.edition.sessions)
        raise Unknown(f"{session}: {desk.edition.id} has no such session; it has {known}")
    return desk.edition.session(session)


def session_of_paper(desk: Desk, paper: str) -> Session:
    """The session of a paper; Unknown with those there are."""
    papers = {paper_key(session, p): session for session in desk.edition.sessions for p in session.papers}
    if paper not in papers:
        raise Unknown(f"{paper}: {desk.edition.id} has no such paper; it has {', '.join(papers)}")
    return papers[paper]


def _session_of_seat(desk: Desk, seat: str) -> Session:
    for session in desk.edition.sessions:
        if any(entry.id == seat for entry in session.seats):
            return session
    near = difflib.get_close_matches(seat, [e.id for s in desk.edition.sessions for e in s.seats], n=5, cutoff=0.4)
    raise Unknown(f"{seat}: {desk.edition.id} has no such seat{'; there are ' + ', '.join(near) if near else ''}")
