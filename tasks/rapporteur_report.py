"""Stage 5, the rapporteur report: templates, the summary within hours, the full report, the proposed actions."""

from __future__ import annotations

from tasks import decisions, forms
from tasks.adapters.ledger import Record
from tasks.adapters.word import reader
from tasks.adapters.word.contexts import Line, Report
from tasks.adapters.word.contexts import Seat as PanelRow
from tasks.decisions import Correction
from tasks.desk import Desk, Drafted, Made
from tasks.domain import letter
from tasks.domain import rapporteur_report as rules
from tasks.domain.concept_note import problems as text_problems
from tasks.domain.edition import Session, text_in
from tasks.domain.errors import Invalid, NotNow, Unknown
from tasks.domain.text import Block, Table, Text
from tasks.letters import mail_about
from tasks.pages import holders, person_cells
from tasks.steps import Received, register, step, take

STAGE = rules.STAGE


def advance(desk: Desk, session: Session) -> list[str]:
    """Do what is due for summary and report of `session`."""
    steps = {"prepare": prepare, "issue_summary": issue_summary, "issue_report": issue_report}
    return take(desk, session, rules.due, steps)


@step("Send note takers and rapporteur their templates")
def prepare(desk: Desk, session: Session, key: str) -> str:
    """Make the templates with the session's real panel and questions, and draft the letters."""
    language = desk.edition.drafting_language.id
    summary, report = desk.record("summary", session.id), desk.record("report", session.id)
    questions = _questions(desk, session)
    parts, summary_sections = session.report_parts, desk.edition.rules.summary_sections
    actions = Table(
        (tuple((Text(name),) for name in action_columns(desk, language)), _empty_row()), _caption(desk, language)
    )
    templates = {
        "note-taker-template": [*questions, *forms.form_blocks(desk, language, parts)],
        "summary-template": forms.form_blocks(desk, language, summary_sections),
        "report-template": [*forms.form_blocks(desk, language, parts), actions],
    }
    known = {"note-taker-template": "notes", "summary-template": "summary", "report-template": "report"}
    made = {
        kind: desk.write(
            report_page(desk, session, language, kind=kind),
            stage=STAGE,
            kind=kind,
            key=session.id,
            session=session.id,
            language=language,
            number=desk.next_number(kind, session.id, language),
            known_as=known[kind],
            title=session.title[language],
            blocks=blocks,
        )
        for kind, blocks in templates.items()
    }
    rapporteur = rules.rapporteur_of(desk.view(session))
    letters: list[tuple[str, Drafted, list[str]]] = []
    for person in desk.edition.roundtable(session.roundtable).note_takers:
        recipient = desk.recipient(person, person)
        to = recipient.language.id
        note_taker = letter.NoteTakerTemplate(
            edition=desk.edition.names[to],
            deadline=desk.day(desk.due("summary-due", session.id), to),
            session=session.id,
            session_title=session.title[to],
        )
        drafted = desk.draft(note_taker, recipient, session)
        letters.append((f"note-taker-template/{session.id}/{person}", drafted, [made["note-taker-template"].sha256]))
    if rapporteur:
        recipient = desk.recipient(rapporteur, rapporteur)
        to = recipient.language.id
        asked = letter.RapporteurTemplate(
            edition=desk.edition.names[to],
            deadline=desk.day(desk.due("summary-due", session.id), to),
            report_deadline=desk.day(desk.due("report-due", session.id), to),
            session=session.id,
            session_title=session.title[to],
        )
        attachments = [made["summary-template"].sha256, made["report-template"].sha256]
        letters.append((f"rapporteur-template/{session.id}", desk.draft(asked, recipient, session), attachments))
    with desk.change("the templates for the report are due") as change:
        desk.move(change, summary, "prepared", template=made["summary-template"].number, attempt=0)
        desk.move(change, report, "prepared", template=made["report-template"].number, attempt=0)
        for document in made.values():
            desk.add(change, document)
        for name, drafted, attachments in letters:
            desk.post(change, name, drafted, attachments)
    return f"{session.id}: templates for {rapporteur or 'the coordinator'}"


def _questions(desk: Desk, session: Session) -> list[Block]:
    """The questions of the accepted concept note, for the note taker's page."""
    note = desk.ledger.record(desk.edition.id, "concept-note", session.id)
    if note is None or "document" not in note.facts or "questions" not in desk.edition.rules.note_sections:
        return []
    body = reader.read_body(desk.open(note.facts["document"]))
    sections = forms.written_sections(desk, body.blocks, desk.edition.rules.note_sections)
    language = desk.edition.drafting_language.id
    heading = forms.form_blocks(desk, language, ["questions"])[:1]
    return [*heading, *sections.get("questions", [])]


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
    if file.identity.version != record.facts["template"]:
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
    count = forms.count_words(desk, file.docx, blocks, required)
    problems = text_problems(count, limit, forms.written_sections(desk, blocks, required), required)
    if kind == "report":
        actions = _proposed_actions(desk, session, blocks)
        problems += actions.problems or _unknown_names(desk, actions.rows)
    attempt = desk.next_number(f"{kind}-received", session.id)  # goes on where a correction went back
    made = desk.keep(
        file.data, stage=STAGE, kind=f"{kind}-received", key=session.id, session=session.id, language=language,
        number=attempt,
    )  # fmt: skip
    owner = rules.rapporteur_of(desk.view(session)) or "the rapporteur"
    facts = {"attempt": attempt, "received": made.sha256, "words": count.total}
    drafted = _returned_letter(desk, session, kind, problems, count.total, limit) if problems else None
    summary = f"{session.id} {kind}: "
    if problems:
        summary += forms.spoken_problems(problems, count.total, limit, owner)
    else:
        flagged = attributed(desk, blocks)
        facts["attributions"] = flagged
        summary += f"{count.total:,} words, complete"
        if flagged:
            summary += f"; {_sentences(len(flagged))} to clear (Chatham House Rule)"
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


def attributed(desk: Desk, blocks: tuple[Block, ...]) -> list[str]:
    """Sentences of `blocks` that may say who said something, in any language of the edition."""
    words = [desk.words(entry.id) for entry in desk.edition.languages]
    roles = {role for each in words for role in each.strings("speaking_roles")}
    verbs = {verb for each in words for verb in each.strings("reporting_verbs")}
    return rules.attributions(blocks, rules.names_that_speak(desk.edition), roles, verbs)


def _proposed_actions(desk: Desk, session: Session, blocks: tuple[Block, ...]) -> rules.ProposedActions:
    parts = forms.written_sections(desk, blocks, session.report_parts)
    languages = [entry.id for entry in desk.edition.languages]
    headings = {heading for language in languages for heading in action_columns(desk, language)}
    none = {desk.words(language)("labels.none") for language in languages}
    return rules.proposed_actions(blocks, parts.get(session.report_parts[-1], []), headings, none)


def _unknown_names(desk: Desk, rows: list[rules.ActionRow]) -> list[tuple[str, int | str]]:
    """Names in the table of actions that the edition does not know, as problems."""
    bodies, points, issues = _by_name(desk)
    found: list[tuple[str, int | str]] = []
    for row in rows:
        found += [("unknown_body", name) for name in row.leads if name not in bodies]
        found += [("unknown_issue", name) for name in row.horizontal if name not in issues]
        if row.reporting_point and row.reporting_point not in points:
            found.append(("unknown_point", row.reporting_point))
    return found


def _by_name(desk: Desk) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Ids of bodies, reporting points and horizontal issues by their names in every language."""
    edition = desk.edition
    bodies = {name: body.id for body in edition.bodies for name in body.names.values()}
    points = {name: id for id in edition.rules.reporting_points for name in edition.event(id).names.values()}
    issues = {}
    if edition.horizontal:
        issues = {name: issue.id for issue in edition.horizontal.issues for name in issue.title.values()}
    return bodies, points, issues


def _returned_letter(
    desk: Desk, session: Session, kind: str, problems: list[tuple[str, int | str]], words: int, limit: int
) -> Drafted | None:
    rapporteur = rules.rapporteur_of(desk.view(session))
    if rapporteur is None:
        return None
    recipient = desk.recipient(rapporteur, rapporteur)
    to = recipient.language.id
    reasons = forms.reasons_for(desk, problems, to, words, limit)
    return _return(desk, session, kind, rapporteur, reasons)


def _return(desk: Desk, session: Session, kind: str, rapporteur: str, reasons: list[str]) -> Drafted:
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
            f"{about}: {_sentences(len(flagged))} may say who said something; return the {kind}, or accept "
            f"it with --cleared if each is a matter of record:\n{listed}"
        )
    key = correction.key if correction else f"{kind}/{session.id}/{record.facts.get('attempt', 0)}"
    rapporteur = rules.rapporteur_of(desk.view(session))
    drafted = _return(desk, session, kind, rapporteur, [reason]) if answer == "return" and rapporteur else None
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
        if taken.record.state != "received":
            raise NotNow(
                f"{session.id} report: is {taken.record.state}, no report awaits a decision; "
                f"{decisions.awaiting(desk, 'report', 'received')}"
            )
        desk.move(change, taken.record, "accepted" if answer == "accept" else "returned")
        if drafted:
            attempt = taken.record.facts["attempt"]
            desk.post(change, f"report-returned/{kind}/{session.id}/{attempt}/decision", drafted, answered=mail)
    return "\n".join([f"{about}: {answer}ed by {desk.by}", *taken.undone])


def _sentences(count: int) -> str:
    return f"{count} sentence{'s' if count > 1 else ''}"


@step("Issue the one-page summary")
def issue_summary(desk: Desk, session: Session, key: str) -> str:
    """Make the summary a document for the general rapporteur and the closing plenary."""
    record = desk.record("summary", session.id)
    made = _issued(desk, session, record, "summary", desk.edition.rules.summary_sections)
    with desk.change("the summary is complete and names nobody, or was accepted") as change:
        desk.move(change, record, "issued", document=made.sha256)
        desk.add(change, made)
    return f"{session.id}: summary issued"


@step("Issue the rapporteur report")
def issue_report(desk: Desk, session: Session, key: str) -> str:
    """Make the accepted report a document and put its proposed actions into the register."""
    record = desk.record("report", session.id)
    made = _issued(desk, session, record, "report", session.report_parts)
    bodies, points, issues = _by_name(desk)
    rows = _proposed_actions(desk, session, reader.read_body(desk.open(record.facts["received"])).blocks).rows
    with desk.change("the report is accepted") as change:
        desk.move(change, record, "issued", document=made.sha256)
        document = desk.add(change, made)
        for number, row in zip(_action_numbers(session, rows), rows, strict=True):
            change.add_action(
                number,
                title=row.title,
                leads=[bodies[name] for name in row.leads],
                partners=row.partners,
                reporting_point=points.get(row.reporting_point, ""),
                horizontal=[issues[name] for name in row.horizontal],
                session=session.id,
                source_document=document.id,
            )
    return f"{session.id}: report issued, {len(rows)} proposed actions registered"


def _action_numbers(session: Session, rows: list[rules.ActionRow]) -> list[str]:
    """A number for each action that no other action of the edition has; the one in the report where it can be."""
    numbers: list[str] = []
    for index, row in enumerate(rows, start=1):
        number = row.number or str(index)
        if not number.startswith(f"{session.id}-"):
            number = f"{session.id}-{number}"
        while number in numbers:
            number += "+"
        numbers.append(number)
    return numbers


def _issued(desk: Desk, session: Session, record: Record, kind: str, sections: list[str]) -> Made:
    language = desk.edition.drafting_language.id
    body = reader.read_body(desk.open(record.facts["received"]))
    number = desk.next_number(kind, session.id, language)
    return desk.write(
        report_page(desk, session, language, kind=kind, number=number),
        stage=STAGE,
        kind=kind,
        key=session.id,
        session=session.id,
        language=language,
        number=number,
        title=session.title[language],
        blocks=forms.own_blocks(desk, body.blocks, sections),
        images=body.images,
    )


#: The wording of each kind's name on the page.
_DOCUMENTS = {
    "note-taker-template": "note-taker-template",
    "summary-template": "summary-template",
    "report-template": "rapporteur-template",
    "summary": "summary",
    "report": "rapporteur-report",
}


def report_page(desk: Desk, session: Session, language: str, *, kind: str, number: int = 0) -> Report:
    """The first page of summary, report and their templates, with the session's panel."""
    words = desk.words(language)
    symbol = ""
    if kind == "report":
        pattern = desk.edition.rules.symbols["report"]
        symbol = pattern.format(session=session.id, suffix="", roundtable=session.roundtable)
    panel = [
        PanelRow(
            role=desk.edition.role(seat.role).names[language],
            name=person_cells(desk, person, language)[0],
            body=text_in(desk.edition.body(person.body).names if person.body else person.organisation, language),
        )
        for seat, person in holders(desk, session)
    ]  # fmt: skip
    is_template, limits = kind.endswith("-template"), desk.edition.rules.word_limits
    return Report(
        **desk.page(language, symbol=symbol, version=str(number or "")),
        kind=words(f"documents.{_DOCUMENTS[kind]}"),
        title=session.title[language],
        subtitle=f"{words('labels.session')} {session.id}",
        facts=[
            Line(
                label=words("labels.roundtable"),
                value=f"{session.roundtable}: {desk.edition.roundtable(session.roundtable).title[language]}",
            )
        ],
        # A summary is one page; its panel stands in the report.
        panel_heading=words("labels.panel") if panel and kind != "summary" else "",
        panel_columns=[words(f"columns.{label}") for label in ("role", "name", "body")],
        panel=[] if kind == "summary" else panel,
        instructions_heading=words("instructions.heading") if is_template else "",
        instructions=words.strings(
            f"instructions.{'summary' if kind == 'summary-template' else _DOCUMENTS[kind]}",
            limit=desk.number(limits.summary if kind == "summary-template" else limits.report, language),
            deadline=desk.day(
                desk.due("report-due" if kind == "report-template" else "summary-due", session.id), language
            ),
        )
        if is_template
        else [],
    )


def action_columns(desk: Desk, language: str) -> list[str]:
    """Headings of the table of proposed actions."""
    return [desk.words(language)(f"columns.{column}") for column in rules.ACTION_COLUMNS]


def _empty_row() -> tuple[tuple[Text, ...], ...]:
    return tuple((Text(""),) for _ in rules.ACTION_COLUMNS)


def _caption(desk: Desk, language: str) -> str:
    return desk.words(language)("sections.proposed-actions")
