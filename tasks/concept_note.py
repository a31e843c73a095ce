"""Stage 1, the concept note: form, check, decision, number, outcome of the meeting."""

from __future__ import annotations

from tasks import decisions, forms
from tasks.adapters.ledger import Record
from tasks.adapters.word import reader
from tasks.adapters.word.contexts import ConceptNote
from tasks.decisions import Correction
from tasks.desk import Desk, Drafted
from tasks.domain import concept_note as rules
from tasks.domain import letter
from tasks.domain.edition import Session
from tasks.domain.errors import Invalid, NotNow, Unknown
from tasks.domain.text import Body
from tasks.letters import mail_about
from tasks.steps import Received, register, step, take

STAGE = rules.STAGE


def advance(desk: Desk, session: Session) -> list[str]:
    """Do what is due for the concept note of `session`."""
    return take(desk, session, rules.due, {"invite": invite, "number": number})


@step("Send the lead the form of the concept note")
def invite(desk: Desk, session: Session, key: str) -> str:
    """Make the form in the lead's working language and draft the invitation."""
    assert session.team is not None
    note = desk.record(STAGE, session.id)
    recipient = desk.recipient(session.team.lead)
    language = recipient.language.id
    made = desk.write(
        _context(desk, session, language, is_form=True),
        stage=STAGE,
        kind="concept-note-form",
        key=session.id,
        session=session.id,
        language=language,
        number=desk.next_number("concept-note-form", session.id, language),
        title=session.title[language],
        blocks=forms.form_blocks(desk, language, desk.edition.rules.note_sections),
    )
    invitation = letter.NoteInvitation(
        edition=desk.edition.names[language],
        deadline=desk.day(desk.due("note-due", session.id), language),
        session=session.id,
        session_title=session.title[language],
        word_limit=desk.number(desk.edition.rules.word_limits.concept_note, language),
    )
    drafted = desk.draft(invitation, recipient, session)
    with desk.change("the invitation to write the concept note is due") as change:
        desk.move(change, note, "invited", form=made.sha256, form_version=made.number)
        desk.add(change, made)
        desk.post(change, f"note-invitation/{session.id}", drafted, [made.sha256])
    return f"{session.id}: form for {session.team.lead} in {language}"


def receive(desk: Desk, file: Received) -> str:
    """Check a returned form: it awaits a decision, or goes back with the reasons."""
    session = desk.edition.session(file.identity.key)
    note = desk.record(STAGE, session.id)
    if note.state not in ("invited", "returned", "received"):
        raise NotNow(
            f"{file.name}: the concept note of {session.id} is {note.state} already; a new version is taken only "
            "after the decision was corrected"
        )
    if file.identity.version != note.facts["form_version"]:
        raise NotNow(
            f"{file.name}: this is version {file.identity.version} of the form for {session.id}, version "
            f"{note.facts['form_version']} is in use; copy the text into the current form"
        )
    language = file.identity.language
    body = reader.read_body(file.docx)
    count = forms.count_words(desk, file.docx, body.blocks, desk.edition.rules.note_sections)
    limits = desk.edition.rules.word_limits
    sections = forms.written_sections(desk, body.blocks, desk.edition.rules.note_sections)
    problems = rules.problems(count, limits.concept_note, sections, desk.edition.rules.note_sections)
    attempt = desk.next_number("concept-note-received", session.id)  # goes on where a correction went back
    kept = desk.keep(
        file.data, stage=STAGE, kind="concept-note-received", key=session.id, session=session.id, language=language,
        number=attempt,
    )  # fmt: skip
    facts = {"attempt": attempt, "received": kept.sha256, "words": count.total, "language": language}
    assert session.team is not None
    recipient = desk.recipient(session.team.lead)
    reasons = forms.reasons_for(desk, problems, recipient.language.id, count.total, limits.concept_note)
    drafted = _returned_letter(desk, session, reasons)
    found = forms.spoken_problems(problems, count.total, limits.concept_note, session.team.lead)
    summary = f"{session.id} concept note: " + (
        found or f"{count.total:,} words, complete; it awaits the coordinator's decision"
    )
    with desk.change(f"{file.name} came in") as change:
        register(desk, change, file, summary, is_answered=bool(problems))
        desk.add(change, kept, status="received")
        if problems:
            desk.move(change, note, "returned", **facts, reasons=reasons)
            desk.post(change, f"note-returned/{session.id}/{attempt}", drafted, answered=file.mail)
        else:
            desk.move(change, note, "received", **facts, reasons=None)
    return summary


def _returned_letter(desk: Desk, session: Session, reasons: list[str]) -> Drafted:
    assert session.team is not None
    recipient = desk.recipient(session.team.lead)
    language = recipient.language.id
    return desk.draft(
        letter.NoteReturned(
            edition=desk.edition.names[language],
            deadline=desk.day(desk.answer_by("note-decision", session.id), language),
            session=session.id,
            session_title=session.title[language],
            reasons=reasons,
        ),
        recipient,
        session,
    )


def decide(desk: Desk, session: Session, answer: str, reason: str = "", correction: Correction | None = None) -> str:
    """Record the coordinator's decision on a received note: `accept`, or `return` with a reason.

    Raises:
        NotNow: no note awaits a decision.
        Conflict: it was decided otherwise before.
    """
    if answer not in ("accept", "return"):
        raise Invalid(f"{session.id} concept note: {answer!r} is no decision; it is 'accept' or 'return'")
    if answer == "return" and not reason.strip():
        raise Invalid(f"{session.id} concept note: a note goes back with a reason; say what is to be mended")
    note = _note(desk, session)
    key = correction.key if correction else f"note/{session.id}/{note.facts['attempt']}"
    drafted = _returned_letter(desk, session, [reason]) if answer == "return" else None
    mail = mail_about(desk, "concept-note-form", session.id) if drafted else None
    with desk.change(f"decision on the concept note: {answer}") as change:
        taken = decisions.take(
            desk, change, key=key, kind=STAGE, subject=session.id, answer={"decision": answer}, reason=reason,
            correction=correction,
        )  # fmt: skip
        if taken.record is None:
            return taken.message
        decisions.must_be(desk, taken.record, "received", f"{session.id} concept note", "no note awaits a decision")
        desk.move(change, taken.record, "accepted" if answer == "accept" else "returned")
        if drafted:
            attempt = taken.record.facts["attempt"]
            desk.post(change, f"note-returned/{session.id}/{attempt}/decision", drafted, answered=mail)
    return "\n".join([f"{session.id} concept note: {answer}ed by {desk.by}", *taken.undone])


@step("Number the accepted concept note")
def number(desk: Desk, session: Session, key: str) -> str:
    """Make the accepted note a numbered document for the next meeting."""
    assert session.team is not None
    note = desk.record(STAGE, session.id)
    language = note.facts["language"]
    meeting = rules.meeting_for(desk.edition, desk.today)
    body = accepted_body(desk, note.facts["received"])
    version = desk.next_number("concept-note", session.id, language)
    symbol = symbol_of(desk, session)
    made = desk.write(
        _context(desk, session, language, symbol=symbol, version=version),
        stage=STAGE,
        kind="concept-note",
        key=session.id,
        session=session.id,
        language=language,
        number=version,
        title=session.title[language],
        blocks=body.blocks,
        images=body.images,
    )
    recipient = desk.recipient(session.team.lead)
    to = recipient.language.id
    event = desk.edition.event(meeting)
    assert event.date is not None
    accepted = letter.NoteAccepted(
        edition=desk.edition.names[to],
        deadline=desk.day(event.date, to),
        session=session.id,
        session_title=session.title[to],
        symbol=symbol,
        meeting=event.names[to],
    )
    drafted = desk.draft(accepted, recipient, session)
    with desk.change("the accepted concept note gets its number") as change:
        desk.move(change, note, "numbered", symbol=symbol, meeting=meeting, document=made.sha256)
        desk.add(change, made)
        desk.post(change, f"note-accepted/{session.id}/{version}", drafted, [made.sha256])
    return f"{session.id}: numbered {symbol}, to be tabled at {meeting}"


def accepted_body(desk: Desk, sha256: str) -> Body:
    """What the lead wrote, without the form's own guidance."""
    body = reader.read_body(desk.open(sha256))
    return Body(body.title, tuple(forms.own_blocks(desk, body.blocks, desk.edition.rules.note_sections)), body.images)


def record_outcome(
    desk: Desk,
    session: Session,
    outcome: str,
    joined: list[str],
    reason: str = "",
    correction: Correction | None = None,
) -> str:
    """Record what the meeting did with the note, and the bodies that joined the team there.

    Raises:
        Unknown: the outcome is none of the edition's, or a body is unknown.
        NotNow: the note is not before a meeting.
    """
    outcomes = {entry.id: entry for entry in desk.edition.rules.note_outcomes}
    if outcome not in outcomes:
        raise Unknown(f"{session.id}: {outcome!r} is no outcome of this edition; allowed: {', '.join(outcomes)}")
    for body in joined:
        if not desk.edition.has("bodies", body):
            raise Unknown(
                f"{session.id}: {body!r} is no body of this edition; add it first, `roundtable edition apply`"
            )
    note = _note(desk, session)
    meeting = note.facts.get("meeting")
    if meeting is None:
        raise NotNow(f"{session.id} concept note: is {note.state}, no meeting has it before it yet")
    key = correction.key if correction else _outcome_key(desk, note, meeting)
    leads_to = outcomes[outcome].leads_to
    drafted = _returned_letter(desk, session, [reason or outcome]) if leads_to == "returned" else None
    with desk.change(f"outcome of {meeting}: {outcome}") as change:
        answer = {"outcome": outcome, "joined": sorted(set(joined))}
        taken = decisions.take(
            desk, change, key=key, kind=STAGE, subject=session.id, answer=answer, reason=reason, correction=correction
        )
        if taken.record is None:
            return taken.message
        decisions.must_be(desk, taken.record, "tabled", f"{session.id} concept note", "it is not before a meeting")
        desk.move(change, taken.record, leads_to, outcome=outcome, joined=answer["joined"])
        if drafted:
            desk.post(change, f"note-returned/{session.id}/{taken.record.facts['attempt']}/{meeting}", drafted)
    return "\n".join([f"{session.id}: {outcome} at {meeting}; joined: {', '.join(joined) or 'none'}", *taken.undone])


def _outcome_key(desk: Desk, note: Record, meeting: str) -> str:
    """One question, one key: what `meeting` did with this text. A text it sent back may come before it again."""
    key = f"outcome/{note.key}/{meeting}"
    earlier = desk.ledger.decision(desk.edition.id, key)
    if earlier and earlier.before["facts"].get("document") != note.facts.get("document"):
        return f"{key}/{note.facts['attempt']}"
    return key


def symbol_of(desk: Desk, session: Session) -> str:
    return desk.edition.rules.symbols["concept-note"].format(
        session=session.id, suffix="", roundtable=session.roundtable
    )


def _note(desk: Desk, session: Session) -> Record:
    if session.team is None:
        raise Unknown(f"{session.id}: this session has no team and so no concept note")
    return desk.record(STAGE, session.id)


def _context(
    desk: Desk, session: Session, language: str, *, is_form: bool = False, symbol: str = "", version: int = 0
) -> ConceptNote:
    words = desk.words(language)
    return ConceptNote(
        **desk.page(language, symbol=symbol, version=str(version or "")),
        kind=words("documents.concept-note-form" if is_form else "documents.concept-note"),
        title=session.title[language],
        session=f"{words('labels.session')} {session.id}",
        roster_heading=words("labels.team"),
        roster=desk.roster(desk.view(session), language),
        instructions_heading=words("instructions.heading") if is_form else "",
        instructions=words.strings(
            "instructions.concept-note",
            limit=desk.number(desk.edition.rules.word_limits.concept_note, language),
            deadline=desk.day(desk.due("note-due", session.id), language),
        )
        if is_form
        else [],
    )
