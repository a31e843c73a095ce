"""Calls, annexes, hand-overs and the register: what is made of all sessions at once."""

from __future__ import annotations

from tasks.adapters.ledger import ActionRow, Record
from tasks.adapters.word.contexts import ListDocument, ListTable
from tasks.desk import Desk
from tasks.domain import letter
from tasks.domain.background_paper import paper_of
from tasks.forum.due import STAGE, panel_fingerprint
from tasks.pages import action_columns, balances, holders, person_cells
from tasks.steps import step


@step("Call on all focal points for input")
def call_for_input(desk: Desk, key: str) -> str:
    """One letter to each body's focal point for all papers that were opened since the last call."""
    records = desk.ledger.records(desk.edition.id, "background-paper")
    papers = [record for record in records if record.state != "planned" and not record.facts.get("called")]
    until = max(desk.answer_by("input-due", record.key) for record in papers)
    drafts = []
    for body in desk.edition.bodies:
        recipient = desk.recipient(body.id)
        to = recipient.language.id
        titles = [f"{r.key} {paper_of(desk.edition.session(r.session or ''), r.key).title[to]}" for r in papers]
        call = letter.CallForInput(edition=desk.edition.names[to], deadline=desk.day(until, to), papers=titles)
        drafts.append((body.id, desk.draft(call, recipient)))
    batch = "+".join(r.key for r in papers)
    with desk.change("the call for input is due") as change:
        for record in papers:
            change.note(record, called=desk.today.isoformat())
        for body_id, drafted in drafts:
            desk.post(change, f"call-for-input/{body_id}/{batch}", drafted)
    return f"call for input to {len(drafts)} focal points for {len(papers)} papers"


@step("Issue the list of panellists by region")
def annex(desk: Desk, key: str) -> str:
    """All panellists by region with the balance, in each language of the edition."""
    of_kind: dict[str, list[Record]] = {}
    for found in desk.ledger.records(desk.edition.id):
        of_kind.setdefault(found.kind, []).append(found)
    fingerprint = panel_fingerprint(desk, of_kind)
    if not fingerprint:
        return f"{key}: nothing new"
    made = []
    for entry in desk.edition.languages:
        language, words = entry.id, desk.words(entry.id)
        seats = [
            (session, seat, person) for session in desk.edition.sessions for seat, person in holders(desk, session)
        ]
        regions = [region.id for region in desk.edition.regions]
        regions += sorted({person.region for _, _, person in seats} - set(regions))
        names = {region.id: region.names[language] for region in desk.edition.regions}
        columns = [words(f"columns.{label}") for label in ("session", "role", "name", "position", "body")]
        tables = [
            ListTable(
                heading=names.get(region, words("not_stated")),
                columns=columns,
                rows=[
                    [
                        session.id,
                        desk.edition.role(seat.role).names[language],
                        *person_cells(desk, person, language)[:3],
                    ]
                    for session, seat, person in seats
                    if person.region == region
                ],
            )
            for region in regions
        ]
        number = desk.next_number(key, "panellists", language)
        page = ListDocument(
            **desk.page(language, version=str(number)),
            kind=words("documents.panellists-by-region"),
            title=desk.edition.names[language],
            intro=[words("texts.panellists_intro", date=desk.day(desk.today, language))],
            tables=[table for table in tables if table["rows"]],
            balances_heading=words("balance.heading"),
            balances=balances(desk, list({person.id: person for _, _, person in seats}.values()), language),
        )
        made.append(
            desk.write(
                page, stage=STAGE, kind=key, key="panellists", session=None, language=language, number=number,
                title=words("documents.panellists-by-region"),
            )
        )  # fmt: skip
    with desk.change("every panel is complete") as change:
        if not change.add_record("annex", key, "issued", None, {"panellists": fingerprint}):
            record = change.record("annex", key)
            assert record is not None
            desk.move(change, record, "issued", panellists=fingerprint)
        for document in made:
            desk.add(change, document)
    return f"{key}: issued in {len(made)} languages"


@step("Hand the summaries to the general rapporteur")
def hand_over(desk: Desk, key: str) -> str:
    """Draft the letter with every summary of the roundtable, for the closing plenary."""
    roundtable = desk.edition.roundtable(key)
    record = desk.record("roundtable-report", key)
    recipient = desk.recipient(roundtable.general_rapporteur, roundtable.general_rapporteur)
    to, drafting = recipient.language.id, desk.edition.drafting_language.id
    sessions = [s for s in desk.edition.sessions if s.roundtable == key and s.report_parts]
    last = desk.edition.event(desk.edition.forum_end).date
    assert last is not None
    drafted = desk.draft(
        letter.SummariesForGeneralRapporteur(
            edition=desk.edition.names[to],
            deadline=desk.day(last, to),
            roundtable_title=roundtable.title[to],
            sessions=[f"{session.id} {session.title[to]}" for session in sessions],
        ),
        recipient,
    )
    attachments = [desk.current("summary", session.id, drafting).sha256 for session in sessions]
    with desk.change("every summary of the roundtable is there") as change:
        change.note(record, handed_over=desk.today.isoformat())
        desk.post(change, f"summaries/{key}", drafted, attachments)
    return f"roundtable {key}: {len(sessions)} summaries to {recipient.party}"


@step("Issue the register of proposed actions")
def action_register(desk: Desk, key: str) -> str:
    """Every proposed action with lead, partners, reporting point and horizontal issues, by session."""
    language = desk.edition.drafting_language.id
    words, record = desk.words(language), desk.record("action-register", key)
    actions = desk.ledger.actions(desk.edition.id)
    number = desk.next_number("action-register", key, language)
    tables = [
        ListTable(
            heading=words("session_title", number=session.id, title=session.title[language]),
            columns=action_columns(desk, language),
            rows=[action_cells(desk, action, language) for action in actions if action.session == session.id],
        )
        for session in desk.edition.sessions
    ]
    made = desk.write(
        ListDocument(
            **desk.page(language, version=str(number)),
            kind=words("documents.action-register"),
            title=desk.edition.names[language],
            intro=[words("texts.actions_intro", date=desk.day(desk.today, language))],
            tables=[table for table in tables if table["rows"]],
        ),
        stage=STAGE,
        kind="action-register",
        key=key,
        session=None,
        language=language,
        number=number,
        title=words("documents.action-register"),
    )
    with desk.change("every report is issued") as change:
        desk.move(change, record, "issued", actions=len(actions))
        desk.add(change, made)
    return f"register of {len(actions)} proposed actions"


def action_cells(desk: Desk, row: ActionRow, language: str) -> list[str]:
    edition = desk.edition
    issues = {i.id: i.title[language] for i in edition.horizontal.issues} if edition.horizontal else {}
    return [
        row.id,
        row.title,
        "; ".join(edition.body(body).names[language] for body in row.leads) or desk.words(language)("texts.no_lead"),
        row.partners,
        edition.event(row.reporting_point).names[language] if row.reporting_point else "",
        "; ".join(issues[issue] for issue in row.horizontal),
    ]
