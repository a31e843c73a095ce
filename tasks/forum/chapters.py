"""Compiled documents and reports: what is put together from the documents of the sessions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tasks import forms
from tasks.adapters.ledger import ActionRow
from tasks.adapters.word import reader
from tasks.adapters.word.contexts import Report
from tasks.desk import Desk
from tasks.domain.edition import Session, text_in
from tasks.domain.text import Block, Heading, Item, Paragraph, Table, Text
from tasks.forum.due import STAGE
from tasks.forum.lists import action_cells
from tasks.pages import action_columns
from tasks.steps import step


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
    blocks: list[Block] = [
        Paragraph((Text(words("texts.compilation_intro", meeting=event.names[language])),)),
        Paragraph((Text(words("texts.compilation_count", count=desk.number(len(order), language))),)),
    ]
    images: dict[str, bytes] = {}
    languages: dict[int, str] = {}
    for session in order:
        facts = notes[session.id].facts
        blocks.append(_heading(1, words("session_title", number=session.id, title=session.title[language])))
        blocks.append(Paragraph((Text(facts["symbol"], italic=True),)))
        body = reader.read_body(desk.open(facts["document"]))
        first = len(blocks)
        blocks += [_deeper(block) for block in body.blocks]
        languages |= dict.fromkeys(range(first, len(blocks)), facts["language"])
        images |= body.images
    number = desk.next_number("compilation", key, language)
    made = desk.write(
        Report(
            **desk.page(language, version=str(number)),
            kind=words("documents.compilation"),
            title=event.names[language],
            subtitle=", ".join(
                part for part in (text_in(event.place, language), desk.day(event.date, language)) if part
            ),
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
        blocks=blocks,
        images=images,
        languages=languages,
    )
    with desk.change(f"the notes for {key} are complete") as change:
        for note in notes.values():
            if note.state == "numbered":
                desk.move(change, note, "tabled")
        desk.add(change, made)
    return f"{key}: {len(order)} concept notes compiled"


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
        taken, pictures = _parts_of(desk, kind, session, sections, language, 2)
        blocks += taken
        images |= pictures
    return blocks, images


def _parts_of(
    desk: Desk, kind: str, session: Session, sections: Sequence[str], language: str, level: int
) -> tuple[list[Block], dict[str, bytes]]:
    """These parts of a session's issued document, each under its heading of `level`, without tables; its pictures."""
    body = reader.read_body(desk.open(desk.current(kind, session.id, language).sha256))
    # A part ends where the next one begins, so all of them are looked for.
    every = session.report_parts if kind == "report" else sections
    written = forms.written_sections(desk, body.blocks, every)
    blocks: list[Block] = []
    for section, content in ((part, written[part]) for part in sections if part in written):
        blocks.append(_heading(level, desk.words(language)(f"sections.{section}")))
        # Proposed actions stand once, in a table of their own.
        blocks += [_deeper(block, level) for block in content if not isinstance(block, Table)]
    return blocks, body.images


@step("Compile the report on the horizontal issues")
def horizontal_report(desk: Desk, key: str) -> str:
    """For each horizontal issue the sessions that carry it and the actions proposed under it; what they all reported.

    A session's findings stand once, whatever the number of its issues.
    """
    horizontal, language = desk.edition.horizontal, desk.edition.drafting_language.id
    assert horizontal is not None  # there is a record only where the edition has horizontal issues
    words = desk.words(language)
    blocks: list[Block] = []
    carried: dict[str, list[str]] = {}
    for issue in horizontal.issues:
        blocks.append(_heading(1, issue.title[language]))
        actions = [a for a in desk.ledger.actions(desk.edition.id) if issue.id in a.horizontal]
        touched = {action.session for action in actions}
        sessions = [s for s in desk.edition.sessions if issue.id in s.horizontal or s.id in touched]
        for index, session in enumerate(sessions):
            title = words("session_title", number=session.id, title=session.title[language])
            blocks.append(Item((Text(title),), first=index == 0))
            carried.setdefault(session.id, []).append(issue.title[language])
        blocks.append(_heading(2, words("sections.proposed-actions")))
        blocks += _action_table(desk, actions, language)
    blocks.append(_heading(1, words("sections.observations")))
    images: dict[str, bytes] = {}
    for session in (each for each in desk.edition.sessions if each.id in carried and each.report_parts):
        blocks.append(_heading(2, words("session_title", number=session.id, title=session.title[language])))
        issues = words("label_value", label=words("labels.horizontal_issues"), value="; ".join(carried[session.id]))
        blocks.append(_heading(3, issues))  # a heading, so that the session's own never ends a page
        findings = [part for part in session.report_parts if part == "observations"] or session.report_parts[:1]
        taken, pictures = _parts_of(desk, "report", session, findings, language, 3)
        # The chapter's heading says it already.
        blocks += [block for block in taken if block != _heading(3, words("sections.observations"))]
        images |= pictures
    return _chapter(
        desk, "horizontal-report", key, horizontal.title[language], horizontal.general_rapporteur, blocks, images
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


def _actions_chapter(desk: Desk, sessions: set[str], language: str) -> list[Block]:
    actions = [a for a in desk.ledger.actions(desk.edition.id) if a.session in sessions]
    return [_heading(1, desk.words(language)("sections.proposed-actions")), *_action_table(desk, actions, language)]


def _action_table(desk: Desk, actions: Iterable[ActionRow], language: str) -> list[Block]:
    rows = [action_cells(desk, action, language) for action in actions]
    if not rows:
        return [Paragraph((Text(desk.words(language)("texts.no_actions")),))]
    cells = [action_columns(desk, language), *rows]
    return [Table(tuple(tuple((Text(cell),) for cell in row) for row in cells))]


def _heading(level: int, text: str) -> Heading:
    return Heading(level, (Text(text),))


def _deeper(block: Block, by: int = 1) -> Block:
    """A heading moved below those of the document that takes it in."""
    return Heading(min(block.level + by, 3), block.content, block.key) if isinstance(block, Heading) else block
