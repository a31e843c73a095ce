"""The templates for note takers and rapporteur, and the letters they go out with."""

from __future__ import annotations

from tasks import forms
from tasks.adapters.ledger import Change, Record
from tasks.adapters.word.build import Guidance
from tasks.desk import Desk, Drafted, Made
from tasks.domain import letter
from tasks.domain import rapporteur_report as rules
from tasks.domain.edition import Session
from tasks.domain.errors import NotNow
from tasks.domain.text import Block, Table, Text
from tasks.pages import action_columns
from tasks.rapporteur_report.page import hints_of, questions_of, report_page
from tasks.steps import step


@step("Send note takers and rapporteur their templates")
def prepare(desk: Desk, session: Session, key: str) -> str:
    """Make the templates with the session's real panel and questions, and draft the letters."""
    records = _records(desk, session)
    made = _templates(desk, session, list(_TEMPLATES))
    letters = [*_to_note_takers(desk, session, made, ""), *_to_rapporteur(desk, session, made, "")]
    panel = rules.panel_of(desk.view(session))
    with desk.change("the templates for the report are due") as change:
        for kind, record in records.items():
            number = made[f"{kind}-template"].number
            desk.move(change, record, "prepared", template=number, attempt=0, panel=panel)
        _send(desk, change, made, letters)
    return f"{session.id}: templates for {rules.rapporteur_of(desk.view(session)) or 'the coordinator'}"


@step("Send the templates with the panel as it is now")
def remake(desk: Desk, session: Session, key: str) -> str:
    """Make the templates that were not returned yet anew, after the panel has changed, and draft their letters.

    The text stays, so a file made from the former template is taken too.
    """
    records, view = _records(desk, session), desk.view(session)
    outdated = rules.outdated_templates(view)
    if not outdated:
        raise NotNow(f"{session.id}: its templates show the panel as it is now")
    kinds = [f"{kind}-template" for kind in outdated]
    if "summary" in outdated:  # notes are taken until it is written
        kinds.append("note-taker-template")
    made = _templates(desk, session, kinds)
    again = f"/{made[kinds[0]].number}"
    letters = _to_rapporteur(desk, session, made, again)
    if "note-taker-template" in made:
        letters += _to_note_takers(desk, session, made, again)
    former = [letter.key for letter in desk.open_letters(session.id) if letter.kind in _LETTERS]
    with desk.change("the panel has changed") as change:
        for kind in outdated:
            number = made[f"{kind}-template"].number
            change.note(records[kind], template=number, panel=rules.panel_of(view))
        change.cancel_letters(former, "the panel has changed")
        _send(desk, change, made, letters)
    return f"{session.id}: {' and '.join(outdated)} templates with the panel as it is now"


#: What a returned copy of each template is.
_TEMPLATES = {"note-taker-template": "notes", "summary-template": "summary", "report-template": "report"}
_LETTERS = (letter.NoteTakerTemplate.kind, letter.RapporteurTemplate.kind)
#: A letter that goes with a template: its key, the letter, the enclosures.
_Enclosing = tuple[str, Drafted, list[str]]


def _records(desk: Desk, session: Session) -> dict[str, Record]:
    return {kind: desk.record(kind, session.id) for kind in ("summary", "report")}


def _templates(desk: Desk, session: Session, kinds: list[str]) -> dict[str, Made]:
    language = desk.edition.drafting_language.id
    asked, asked_in = questions_of(desk, session)
    hints: list[Block] = [Guidance((Text(line),)) for line in hints_of(desk, language, asked)]
    heading = forms.form_blocks(desk, language, ["questions"])[:1] if asked else []
    parts, summary_sections = session.report_parts, desk.edition.rules.summary_sections
    columns = action_columns(desk, language)
    actions = Table(
        (tuple((Text(name),) for name in columns), tuple((Text(""),) for _ in columns)),
        desk.words(language)("sections.proposed-actions"),
    )
    blocks = {
        "note-taker-template": [*heading, *asked, *forms.form_blocks(desk, language, parts)],
        "summary-template": forms.form_blocks(desk, language, summary_sections),
        "report-template": [*hints, *forms.form_blocks(desk, language, parts), actions],
    }
    questions = {} if not asked else dict.fromkeys(range(1, 1 + len(asked)), asked_in)
    return {
        kind: desk.write(
            report_page(desk, session, language, kind=kind),
            stage=rules.STAGE,
            kind=kind,
            key=session.id,
            session=session.id,
            language=language,
            number=desk.next_number(kind, session.id, language),
            known_as=_TEMPLATES[kind],
            title=session.title[language],
            blocks=blocks[kind],
            languages={} if kind == "summary-template" else questions,
        )
        for kind in kinds
    }


def _to_note_takers(desk: Desk, session: Session, made: dict[str, Made], again: str) -> list[_Enclosing]:
    letters = []
    for person in desk.edition.roundtable(session.roundtable).note_takers:
        recipient = desk.recipient(person, person)
        to = recipient.language.id
        asked = letter.NoteTakerTemplate(
            edition=desk.edition.names[to],
            deadline=desk.day(desk.due("summary-due", session.id), to),
            session=session.id,
            session_title=session.title[to],
        )
        drafted, enclosed = desk.draft(asked, recipient, session), [made["note-taker-template"].sha256]
        letters.append((f"{asked.kind}/{session.id}/{person}{again}", drafted, enclosed))
    return letters


def _to_rapporteur(desk: Desk, session: Session, made: dict[str, Made], again: str) -> list[_Enclosing]:
    rapporteur = rules.rapporteur_of(desk.view(session))
    if rapporteur is None:
        return []
    recipient = desk.recipient(rapporteur, rapporteur)
    to = recipient.language.id
    asked = letter.RapporteurTemplate(
        edition=desk.edition.names[to],
        deadline=desk.day(desk.due("summary-due", session.id), to),
        report_deadline=desk.day(desk.due("report-due", session.id), to),
        session=session.id,
        session_title=session.title[to],
    )
    enclosed = [made[kind].sha256 for kind in ("summary-template", "report-template") if kind in made]
    return [(f"{asked.kind}/{session.id}{again}", desk.draft(asked, recipient, session), enclosed)]


def _send(desk: Desk, change: Change, made: dict[str, Made], letters: list[_Enclosing]) -> None:
    for document in made.values():
        desk.add(change, document)
    for name, drafted, enclosed in letters:
        desk.post(change, name, drafted, enclosed)
