"""The page of summary, report and their templates, and what stands on it: panel, questions, the columns of actions."""

from __future__ import annotations

from tasks import forms
from tasks.adapters.word import reader
from tasks.adapters.word.contexts import Line, Report
from tasks.adapters.word.contexts import Seat as PanelRow
from tasks.desk import Desk
from tasks.domain.edition import Session, text_in
from tasks.domain.text import Block, Figure, text_of
from tasks.pages import holders, person_cells

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


def questions_of(desk: Desk, session: Session) -> tuple[list[Block], str]:
    """The questions of the accepted concept note and the language they are in; none where it has none."""
    note = desk.ledger.record(desk.edition.id, "concept-note", session.id)
    if note is None or "document" not in note.facts or "questions" not in desk.edition.rules.note_sections:
        return [], ""
    body = reader.read_body(desk.open(note.facts["document"]))
    sections = forms.written_sections(desk, body.blocks, desk.edition.rules.note_sections)
    asked = [block for block in sections.get("questions", []) if text_of(block).strip()]
    return [block for block in asked if not isinstance(block, Figure)], note.facts["language"]


def hints_of(desk: Desk, language: str, questions: list[Block]) -> list[str]:
    """The questions as the rapporteur's template has them above its first part: hints, and no part of a report."""
    if not questions:
        return []
    return [desk.words(language)("labels.questions"), *(" ".join(text_of(block).split()) for block in questions)]
