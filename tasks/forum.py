"""What the edition as a whole owes: calls for input, compiled documents, annexes, roundtable reports, the register.

Each step looks at all sessions, is done once per state of things, and is safe to repeat.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence

from tasks import forms
from tasks.adapters.ledger import Record
from tasks.adapters.word import reader
from tasks.adapters.word.contexts import ListDocument, ListTable, Report
from tasks.desk import Desk
from tasks.domain import letter
from tasks.domain.background_paper import paper_of
from tasks.domain.edition import Roundtable, Session
from tasks.domain.text import Block, Heading, Item, Paragraph, Table, Text
from tasks.domain.view import Step
from tasks.pages import balances, holders, person_cells
from tasks.steps import step

STAGE = "forum"


def due(desk: Desk) -> list[Step]:
    """The steps that can be taken for the edition today."""
    records = desk.ledger.records(desk.edition.id)
    of_kind: dict[str, list[Record]] = {}
    for record in records:
        of_kind.setdefault(record.kind, []).append(record)
    steps = []
    if any(r.state != "planned" and not r.facts.get("called") for r in of_kind.get("background-paper", [])):
        steps.append(Step(STAGE, "call_for_input", "call-for-input"))
    steps += [
        Step(STAGE, "compile", meeting) for meeting in _meetings_to_compile(desk, of_kind.get("concept-note", []))
    ]
    if _panel_fingerprint(desk, of_kind):
        steps.append(Step(STAGE, "annex", "panellists-by-region"))
    steps += [Step(STAGE, "hand_over", roundtable.id) for roundtable in _summaries_complete(desk, of_kind)]
    issued = {r.session for r in of_kind.get("report", []) if r.state == "issued"}
    planned = {(r.kind, r.key) for r in records if r.state == "planned"}
    reporting = [session for session in desk.edition.sessions if session.report_parts]
    for roundtable in desk.edition.roundtables:
        sessions = {s.id for s in reporting if s.roundtable == roundtable.id}
        if ("roundtable-report", roundtable.id) in planned and sessions and sessions <= issued:
            steps.append(Step(STAGE, "roundtable_report", roundtable.id))
    if reporting and {s.id for s in reporting} <= issued:
        steps += [
            Step(STAGE, name, key)
            for kind, name, key in (
                ("horizontal-report", "horizontal_report", "horizontal"),
                ("action-register", "action_register", "actions"),
            )
            if (kind, key) in planned
        ]
    return steps


def advance(desk: Desk) -> list[str]:
    """Do what is due for the edition as a whole; what was done, in order."""
    steps = {
        "call_for_input": call_for_input,
        "compile": compile_notes,
        "annex": annex,
        "hand_over": hand_over,
        "roundtable_report": roundtable_report,
        "horizontal_report": horizontal_report,
        "action_register": action_register,
    }
    return [steps[found.name](desk, key=found.key) for found in due(desk)]


@step("Call on all focal points for input")
def call_for_input(desk: Desk, key: str) -> str:
    """One letter to each body's focal point for all papers that were opened since the last call."""
    records = desk.ledger.records(desk.edition.id, "background-paper")
    papers = [record for record in records if record.state != "planned" and not record.facts.get("called")]
    until = max(desk.deadlines["input-due"], desk.today)
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


def _meetings_to_compile(desk: Desk, notes: Sequence[Record]) -> list[str]:
    """Meetings whose notes are all numbered, or whose last working day before has come, and that table something."""
    found = []
    for event in desk.edition.events:
        waiting = [n for n in notes if n.state == "numbered" and n.facts.get("meeting") == event.id]
        if not waiting or event.date is None:
            continue
        coming = [n for n in notes if n.state in ("planned", "invited", "received", "returned", "accepted")]
        if not coming or desk.today >= event.date - dt.timedelta(days=1):
            found.append(event.id)
    return found


@step("Compile the concept notes for the meeting")
def compile_notes(desk: Desk, key: str) -> str:
    """One document with every note the meeting has before it; the notes are tabled by it."""
    edition, language = desk.edition, desk.edition.drafting_language.id
    notes = {
        r.key: r
        for r in desk.ledger.records(edition.id, "concept-note")
        if r.state in ("numbered", "tabled") and r.facts.get("meeting") == key
    }
    order = [session for session in edition.sessions if session.id in notes]
    words, event = desk.words(language), edition.event(key)
    assert event.date is not None
    blocks: list[Block] = []
    images: dict[str, bytes] = {}
    for session in order:
        facts = notes[session.id].facts
        blocks.append(_heading(1, words("session_title", number=session.id, title=session.title[language])))
        blocks.append(Paragraph((Text(facts["symbol"], italic=True),)))
        body = reader.read_body(desk.open(facts["document"]))
        blocks += [_deeper(block) for block in body.blocks]
        images |= body.images
    number = desk.next_number("compilation", key, language)
    made = desk.write(
        Report(
            **desk.page(language, version=str(number)),
            kind=words("documents.compilation"),
            title=event.names[language],
            subtitle=", ".join(part for part in (event.place, desk.day(event.date, language)) if part),
            facts=[],
            instructions_heading="",
            instructions=[],
        ),
        stage=STAGE,
        kind="compilation",
        key=key,
        session=None,
        language=language,
        number=number,
        title=event.names[language],
        blocks=[
            Paragraph((Text(words("texts.compilation_intro", meeting=event.names[language])),)),
            Paragraph((Text(words("texts.compilation_count", count=desk.number(len(order), language))),)),
            *blocks,
        ],
        images=images,
    )
    with desk.change(f"the notes for {key} are complete") as change:
        for note in notes.values():
            if note.state == "numbered":
                desk.move(change, note, "tabled")
        desk.add(change, made)
    return f"{key}: {len(order)} concept notes compiled"


def _panel_fingerprint(desk: Desk, of_kind: dict[str, list[Record]]) -> str:
    """What the annex of panellists would say, as a hash; empty while a panel is open or the annex says it already."""
    panels = of_kind.get("panel", [])
    if not panels or any(panel.state != "complete" for panel in panels):
        return ""
    confirmed = sorted(f"{s.key}={s.facts['person']}" for s in of_kind.get("seat", []) if s.state == "confirmed")
    fingerprint = hashlib.sha256("\n".join(confirmed).encode()).hexdigest()
    annexes = of_kind.get("annex", [])
    return "" if annexes and annexes[0].facts["panellists"] == fingerprint else fingerprint


@step("Issue the list of panellists by region")
def annex(desk: Desk, key: str) -> str:
    """All panellists by region with the balance, in each language of the edition."""
    of_kind: dict[str, list[Record]] = {}
    for found in desk.ledger.records(desk.edition.id):
        of_kind.setdefault(found.kind, []).append(found)
    fingerprint = _panel_fingerprint(desk, of_kind)
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


def _summaries_complete(desk: Desk, of_kind: dict[str, list[Record]]) -> list[Roundtable]:
    """Roundtables whose summaries are all issued and not handed over yet."""
    issued = {r.session for r in of_kind.get("summary", []) if r.state == "issued"}
    handed = {r.key for r in of_kind.get("roundtable-report", []) if r.facts.get("handed_over")}
    found = []
    for roundtable in desk.edition.roundtables:
        sessions = {s.id for s in desk.edition.sessions if s.roundtable == roundtable.id and s.report_parts}
        if sessions and sessions <= issued and roundtable.id not in handed:
            found.append(roundtable)
    return found


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


@step("Compile the roundtable report")
def roundtable_report(desk: Desk, key: str) -> str:
    """The coordinator's chapter: each session's aim, findings and recommendations, and all proposed actions."""
    roundtable, language = desk.edition.roundtable(key), desk.edition.drafting_language.id
    sessions = [s for s in desk.edition.sessions if s.roundtable == key and s.report_parts]
    blocks: list[Block] = []
    images: dict[str, bytes] = {}
    for session in sessions:
        session_blocks, session_images = _session_chapter(desk, session, language)
        blocks += session_blocks
        images |= session_images
    blocks += _actions_chapter(desk, {session.id for session in sessions}, language)
    return _chapter(
        desk, "roundtable-report", key, roundtable.title[language], roundtable.general_rapporteur, blocks, images
    )


def _session_chapter(desk: Desk, session: Session, language: str) -> tuple[list[Block], dict[str, bytes]]:
    """A session in the report of its roundtable: the summary whole, then the report's last two parts without tables."""
    words = desk.words(language)
    blocks: list[Block] = [_heading(1, words("session_title", number=session.id, title=session.title[language]))]
    images: dict[str, bytes] = {}
    last_parts = session.report_parts[-2:]
    for kind, sections in (("summary", desk.edition.rules.summary_sections), ("report", last_parts)):
        body = reader.read_body(desk.open(desk.current(kind, session.id, language).sha256))
        images |= body.images
        for section, content in forms.written_sections(desk, body.blocks, sections).items():
            blocks.append(_heading(2, words(f"sections.{section}")))
            # The table of actions stands once, at the end of the chapter.
            blocks += [_deeper(block, 2) for block in content if not isinstance(block, Table)]
    return blocks, images


@step("Compile the report on the horizontal issues")
def horizontal_report(desk: Desk, key: str) -> str:
    """For each horizontal issue: the sessions that carry it, and the actions proposed under it."""
    horizontal, language = desk.edition.horizontal, desk.edition.drafting_language.id
    assert horizontal is not None  # there is a record only where the edition has horizontal issues
    words = desk.words(language)
    blocks: list[Block] = []
    for issue in horizontal.issues:
        blocks.append(_heading(1, issue.title[language]))
        actions = [a for a in desk.ledger.actions(desk.edition.id) if issue.id in a.horizontal]
        touched = {action.session for action in actions}
        sessions = [s for s in desk.edition.sessions if issue.id in s.horizontal or s.id in touched]
        for index, session in enumerate(sessions):
            title = words("session_title", number=session.id, title=session.title[language])
            blocks.append(Item((Text(title),), first=index == 0))
        blocks.append(_heading(2, words("sections.proposed-actions")))
        blocks += _action_table(desk, [a.id for a in actions], language)
    return _chapter(
        desk, "horizontal-report", key, horizontal.title[language], horizontal.general_rapporteur, blocks, {}
    )


def _chapter(
    desk: Desk, kind: str, key: str, title: str, rapporteur: str, blocks: list[Block], images: dict[str, bytes]
) -> str:
    language = desk.edition.drafting_language.id
    words, record = desk.words(language), desk.record(kind, key)
    pattern = desk.edition.rules.symbols["roundtable-report" if kind == "roundtable-report" else "horizontal-report"]
    person = desk.edition.person(rapporteur)
    name = (
        desk.edition.courtesy(person.courtesy).forms[language].address.format(name=person.name, surname=person.surname)
    )
    number = desk.next_number(kind, key, language)
    intro = words(f"texts.{kind.replace('-', '_')}_intro", date=desk.day(desk.today, language))
    made = desk.write(
        Report(
            **desk.page(language, symbol=pattern.format(session="", suffix="", roundtable=key), version=str(number)),
            kind=words(f"documents.{kind}"),
            title=title,
            facts=[{"label": words("labels.general_rapporteur"), "value": name}],
        ),
        stage=STAGE,
        kind=kind,
        key=key,
        session=None,
        language=language,
        number=number,
        title=title,
        blocks=[Paragraph((Text(intro),)), *blocks],
        images=images,
    )
    with desk.change("every report it rests on is issued") as change:
        desk.move(change, record, "issued", document=made.sha256)
        desk.add(change, made)
    return f"{kind} {key}: issued"


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
            columns=_action_columns(desk, language),
            rows=[_action_cells(desk, a.id, language) for a in actions if a.session == session.id],
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


def _action_columns(desk: Desk, language: str) -> list[str]:
    labels = ("number", "action", "lead", "partners", "reporting_point", "horizontal_issues")
    return [desk.words(language)(f"columns.{label}") for label in labels]


def _action_cells(desk: Desk, action: str, language: str) -> list[str]:
    row = next(a for a in desk.ledger.actions(desk.edition.id) if a.id == action)
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


def _actions_chapter(desk: Desk, sessions: set[str], language: str) -> list[Block]:
    ids = [a.id for a in desk.ledger.actions(desk.edition.id) if a.session in sessions]
    return [_heading(1, desk.words(language)("sections.proposed-actions")), *_action_table(desk, ids, language)]


def _action_table(desk: Desk, ids: Iterable[str], language: str) -> list[Block]:
    rows = [_action_cells(desk, id, language) for id in ids]
    if not rows:
        return [Paragraph((Text(desk.words(language)("texts.no_actions")),))]
    cells = [_action_columns(desk, language), *rows]
    return [Table(tuple(tuple((Text(cell),) for cell in row) for row in cells))]


def _heading(level: int, text: str) -> Heading:
    return Heading(level, (Text(text),))


def _deeper(block: Block, by: int = 1) -> Block:
    """A heading moved below those of the document that takes it in."""
    return Heading(min(block.level + by, 3), block.content, block.key) if isinstance(block, Heading) else block
