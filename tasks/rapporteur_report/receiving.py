"""Summaries and reports that come back: checked, listed what is to be cleared, or returned with the reasons."""

from __future__ import annotations

from collections.abc import Sequence

from tasks import forms
from tasks.adapters.word import reader
from tasks.desk import Desk, Drafted
from tasks.domain import rapporteur_report as rules
from tasks.domain.concept_note import problems as text_problems
from tasks.domain.edition import Session
from tasks.domain.errors import NotNow
from tasks.domain.text import Block
from tasks.rapporteur_report.actions import read_actions, unknown_names
from tasks.rapporteur_report.deciding import return_letter, sentences
from tasks.rapporteur_report.page import hints_of, questions_of
from tasks.steps import Received, register


def receive_summary(desk: Desk, file: Received) -> str:
    """Check a returned summary: it is taken, is held while it has sentences to clear, or goes back with the reasons."""
    return _receive(desk, file, "summary")


def receive_report(desk: Desk, file: Received) -> str:
    """Check a returned report and list the sentences to clear; it awaits a decision, or goes back with the reasons."""
    return _receive(desk, file, "report")


def _receive(desk: Desk, file: Received, kind: str) -> str:
    session = desk.edition.session(file.identity.key)
    record = desk.record(kind, session.id)
    if record.state not in ("prepared", "returned"):
        raise NotNow(f"{file.name}: no {kind} of {session.id} is awaited, it is {record.state}")
    # An earlier template has the same text and differs by its panel, which a returned file is not asked for.
    if file.identity.version > record.facts["template"]:
        raise NotNow(
            f"{file.name}: version {file.identity.version} of the template for {session.id}, version "
            f"{record.facts['template']} is in use; copy the text into the current one"
        )
    language = desk.edition.drafting_language.id
    limits, required = desk.edition.rules.word_limits, session.report_parts
    limit = limits.report
    if kind == "summary":
        limit, required = limits.summary, desk.edition.rules.summary_sections
    blocks = reader.read_body(file.docx).blocks
    hints = hints_of(desk, language, questions_of(desk, session)[0])
    count = forms.count_words(desk, file.docx, blocks, required, hints)
    problems = text_problems(count, limit, forms.written_sections(desk, blocks, required), required)
    if kind == "report":
        actions = read_actions(desk, session, blocks)
        problems += actions.problems or unknown_names(desk, actions.rows)
    attempt = desk.next_number(f"{kind}-received", session.id)  # goes on where a correction went back
    made = desk.keep(
        file.data, stage=rules.STAGE, kind=f"{kind}-received", key=session.id, session=session.id, language=language,
        number=attempt,
    )  # fmt: skip
    owner = rules.rapporteur_of(desk.view(session)) or "the rapporteur"
    facts = {"attempt": attempt, "received": made.sha256, "words": count.total}
    drafted = _returned_letter(desk, session, kind, problems, count.total, limit) if problems else None
    summary = f"{session.id} {kind}: "
    if problems:
        summary += forms.spoken_problems(problems, count.total, limit, owner)
    else:
        flagged = attributed(desk, forms.own_blocks(desk, blocks, required, hints))
        facts["attributions"] = flagged
        summary += f"{count.total:,} words, complete"
        if flagged:
            summary += f"; {sentences(len(flagged))} to clear (Chatham House Rule)"
    with desk.change(f"{file.name} came in") as change:
        register(desk, change, file, summary, is_answered=drafted is not None)
        desk.add(change, made, status="received")
        if problems:
            change.note(record, **facts)
        else:
            desk.move(change, record, "received", **facts)
        if drafted:
            desk.post(change, f"report-returned/{kind}/{session.id}/{attempt}", drafted, answered=file.mail)
    return summary


def attributed(desk: Desk, blocks: Sequence[Block]) -> list[str]:
    """Sentences of `blocks` that may say who said something, in any language of the edition."""
    words = [desk.words(entry.id) for entry in desk.edition.languages]
    roles = {role for each in words for role in each.strings("speaking_roles")}
    verbs = {verb for each in words for verb in each.strings("reporting_verbs")}
    return rules.attributions(blocks, rules.names_that_speak(desk.edition), roles, verbs)


def _returned_letter(
    desk: Desk, session: Session, kind: str, problems: list[tuple[str, int | str]], words: int, limit: int
) -> Drafted | None:
    rapporteur = rules.rapporteur_of(desk.view(session))
    if rapporteur is None:
        return None
    recipient = desk.recipient(rapporteur, rapporteur)
    to = recipient.language.id
    reasons = forms.reasons_for(desk, problems, to, words, limit)
    return return_letter(desk, session, kind, rapporteur, reasons)
