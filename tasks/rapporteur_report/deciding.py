"""The coordinator's decision on a report, or on a summary that is held, and the letter with which one goes back."""

from __future__ import annotations

from tasks import decisions
from tasks.decisions import Correction
from tasks.desk import Desk, Drafted
from tasks.domain import letter
from tasks.domain import rapporteur_report as rules
from tasks.domain.edition import Session
from tasks.domain.errors import Invalid, Unknown
from tasks.letters import mail_about


def decide(
    desk: Desk,
    session: Session,
    answer: str,
    cleared: bool = False,
    reason: str = "",
    correction: Correction | None = None,
    kind: str = "report",
) -> str:
    """Record the coordinator's decision on a report, or on a summary that is held: `accept` or `return`.

    `cleared` says that every flagged sentence is a matter of record; without it what has flagged sentences is not
    accepted. `kind` is report or summary.
    """
    about = f"{session.id} {kind}"
    if answer not in ("accept", "return"):
        raise Invalid(f"{about}: {answer!r} is no decision; it is 'accept' or 'return'")
    if answer == "return" and not reason.strip():
        raise Invalid(f"{about}: a {kind} goes back with a reason; say what is to be mended")
    if not session.report_parts:
        raise Unknown(f"{session.id}: this session has no {kind}")
    record = desk.record(kind, session.id)
    flagged = record.facts.get("attributions", [])
    if answer == "accept" and record.state == "received" and flagged and not cleared:
        listed = "\n".join(f"  {sentence}" for sentence in flagged)
        raise Invalid(
            f"{about}: {sentences(len(flagged))} may say who said something; return the {kind}, or accept "
            f"it with --cleared if each is a matter of record:\n{listed}"
        )
    key = correction.key if correction else f"{kind}/{session.id}/{record.facts.get('attempt', 0)}"
    rapporteur = rules.rapporteur_of(desk.view(session))
    drafted = return_letter(desk, session, kind, rapporteur, [reason]) if answer == "return" and rapporteur else None
    mail = mail_about(desk, kind, session.id) if drafted else None
    with desk.change(f"decision on the {kind}: {answer}") as change:
        content = {"decision": answer, "cleared": len(flagged) if cleared else 0}
        taken = decisions.take(
            desk,
            change,
            key=key,
            kind=kind,
            subject=session.id,
            answer=content,
            reason=reason,
            correction=correction,
        )
        if taken.record is None:
            return taken.message
        decisions.must_be(desk, taken.record, "received", about, f"no {kind} awaits a decision")
        desk.move(change, taken.record, "accepted" if answer == "accept" else "returned")
        if drafted:
            attempt = taken.record.facts["attempt"]
            desk.post(change, f"report-returned/{kind}/{session.id}/{attempt}/decision", drafted, answered=mail)
    return "\n".join([f"{about}: {answer}ed by {desk.by}", *taken.undone])


def sentences(count: int) -> str:
    return f"{count} sentence{'s' if count > 1 else ''}"


def return_letter(desk: Desk, session: Session, kind: str, rapporteur: str, reasons: list[str]) -> Drafted:
    recipient = desk.recipient(rapporteur, rapporteur)
    to = recipient.language.id
    return desk.draft(
        letter.ReportReturned(
            edition=desk.edition.names[to],
            deadline=desk.day(desk.answer_by(f"{kind}-due", session.id), to),
            session=session.id,
            session_title=session.title[to],
            document=desk.words(to)(f"documents.{'summary' if kind == 'summary' else 'rapporteur-report'}"),
            reasons=reasons,
        ),
        recipient,
        session,
    )
