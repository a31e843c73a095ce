"""Summary and report become documents, and proposed actions come into the register."""

from __future__ import annotations

from tasks import forms
from tasks.adapters.ledger import Record
from tasks.adapters.word import reader
from tasks.desk import Desk, Made
from tasks.domain.edition import Session
from tasks.domain.rapporteur_report import STAGE
from tasks.rapporteur_report.actions import action_numbers, ids_by_name, read_actions
from tasks.rapporteur_report.page import hints_of, questions_of, report_page
from tasks.steps import step


@step("Issue the one-page summary")
def issue_summary(desk: Desk, session: Session, key: str) -> str:
    """Make the summary a document for the general rapporteur and the closing plenary."""
    record = desk.record("summary", session.id)
    made = _issued(desk, session, record, "summary", desk.edition.rules.summary_sections)
    with desk.change(f"the summary is {'accepted' if record.state == 'accepted' else 'complete'}") as change:
        desk.move(change, record, "issued", document=made.sha256)
        desk.add(change, made)
    return f"{session.id}: summary issued"


@step("Issue the rapporteur report")
def issue_report(desk: Desk, session: Session, key: str) -> str:
    """Make the accepted report a document and put its proposed actions into the register."""
    record = desk.record("report", session.id)
    made = _issued(desk, session, record, "report", session.report_parts)
    bodies, points, issues = ids_by_name(desk)
    rows = read_actions(desk, session, reader.read_body(desk.open(record.facts["received"])).blocks).rows
    with desk.change("the report is accepted") as change:
        desk.move(change, record, "issued", document=made.sha256)
        document = desk.add(change, made)
        for number, row in zip(action_numbers(session, rows), rows, strict=True):
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
        blocks=forms.own_blocks(desk, body.blocks, sections, hints_of(desk, language, questions_of(desk, session)[0])),
        images=body.images,
    )
