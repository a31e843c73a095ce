"""Stage 4, translation: a bilingual file to the translator, its check, the paper in the other language."""

from __future__ import annotations

from tasks.adapters.ledger import Change
from tasks.adapters.word import reader
from tasks.adapters.word.contexts import Bilingual
from tasks.adapters.word.front import replace_front
from tasks.adapters.word.rows import Rows
from tasks.adapters.word.segments import check_codes, extract, rebuild
from tasks.desk import Desk
from tasks.domain import background_paper, letter
from tasks.domain import translation as rules
from tasks.domain.edition import Session
from tasks.domain.errors import NotNow
from tasks.domain.locale import is_rtl, proofing_tag
from tasks.domain.outbox import Answered
from tasks.domain.text import Table, plain
from tasks.pages import paper_front
from tasks.steps import Received, register, step, take

STAGE = rules.STAGE


def advance(desk: Desk, session: Session) -> list[str]:
    """Do what is due for the translations of `session`."""
    return take(desk, session, rules.due, {"send": send, "issue": issue})


@step("Send the bilingual file to the translator")
def send(desk: Desk, session: Session, key: str) -> str:
    """Make the bilingual file of the final paper and draft the letter to the translator."""
    record = desk.record(STAGE, key)
    paper_key, language = record.facts["paper"], record.facts["language"]
    source, paper = desk.edition.drafting_language.id, background_paper.paper_of(session, paper_key)
    final = desk.current("background-paper", paper_key, source)
    segments = extract(desk.open(final.sha256))
    words = desk.words(language)
    names = {code: desk.language_name(code, language) for code in (source, language)}
    locales = {code: desk.edition.language(code).locale for code in (source, language)}
    made = desk.write(
        Bilingual(
            **desk.page(language, version=str(final.number)),
            kind=words("documents.bilingual"),
            title=paper.title[language],
            subtitle=f"{words('labels.session')} {session.id}",
            instructions_heading=words("instructions.bilingual-heading"),
            instructions=words.strings(
                "instructions.bilingual",
                target=names[language],
                deadline=desk.day(desk.answer_by("translation-due", key), language),
            ),
            number_label=words("columns.number"),
            source_label=names[source],
            target_label=names[language],
        ),
        stage=STAGE,
        kind="bilingual",
        key=key,
        session=session.id,
        language=language,
        number=desk.next_number("bilingual", key, language),
        version=final.number,
        title=paper.title[language],
        rows=Rows(
            [(segment.id, segment.text, "") for segment in segments],
            source_language=proofing_tag(locales[source]),
            source_rtl=is_rtl(locales[source]),
            target_language=proofing_tag(locales[language]),
            target_rtl=is_rtl(locales[language]),
        ),
    )
    translator = desk.edition.language(language).translator
    drafted = None
    if translator:
        recipient = desk.recipient(translator, translator)
        to = recipient.language.id
        drafted = desk.draft(
            letter.TranslationRequest(
                edition=desk.edition.names[to],
                deadline=desk.day(desk.answer_by("translation-due", record.key), to),
                session=session.id,
                session_title=session.title[to],
                paper_title=paper.title[to],
                source_language=desk.language_name(source, to),
                target_language=desk.language_name(language, to),
            ),
            recipient,
            session,
        )
    with desk.change("the final paper is issued") as change:
        desk.move(change, record, "sent", version=final.number, final=final.sha256, segments=len(segments), attempt=0)
        desk.add(change, made)
        if drafted:
            desk.post(change, f"translation-request/{key}/{final.number}", drafted, [made.sha256])
    return f"{key}: {len(segments)} segments to {translator or 'the coordinator'}"


def receive(desk: Desk, file: Received) -> str:
    """Check a returned bilingual file: every segment translated, no code lost; else it goes back with the figures."""
    key = file.identity.key
    session = desk.edition.session(file.identity.session)
    record = desk.record(STAGE, key)
    if record.state != "sent":
        raise NotNow(f"{file.name}: no translation of {key} is awaited, it is {record.state}")
    if file.identity.version != record.facts["version"]:
        raise NotNow(
            f"{file.name}: it translates version {file.identity.version} of the paper, version "
            f"{record.facts['version']} is in force; use the current bilingual file"
        )
    language, attempt = record.facts["language"], record.facts["attempt"] + 1
    targets = read_targets(file)
    segments = extract(desk.open(record.facts["final"]))
    missing = [s.id for s in segments if s.text.strip() and not targets.get(s.id, "").strip()]
    broken = [
        (s.id, problem)
        for s in segments
        if s.id in targets and s.id not in missing
        for problem in check_codes(s.text, targets[s.id])
    ]
    made = desk.keep(
        file.data,
        stage=STAGE,
        kind="bilingual-received",
        key=key,
        session=session.id,
        language=language,
        number=attempt,
    )
    state = "sent" if missing or broken else "received"
    translated = len(segments) - len(missing)
    summary = f"{key}: {translated:,} of {len(segments):,} segments translated"
    if missing:
        summary += f"; without translation: {shortened(missing)}"
    if broken:
        summary += f"; codes that differ: {shortened(list(dict.fromkeys(row for row, _ in broken)))}"
    with desk.change(f"{file.name} came in") as change:
        register(desk, change, file, summary, is_answered=state != "received")
        row = desk.add(change, made, status="received")
        if state == "received":
            desk.move(change, record, state, attempt=attempt, returned=row.sha256)
        else:
            change.note(record, attempt=attempt)
            _send_back(desk, change, session, record.key, attempt, missing, broken, file.mail)
    return summary


def _send_back(
    desk: Desk,
    change: Change,
    session: Session,
    key: str,
    attempt: int,
    missing: list[str],
    broken: list[tuple[str, str]],
    mail: Answered | None,
) -> None:
    record = desk.record(STAGE, key)
    language = record.facts["language"]
    translator = desk.edition.language(language).translator
    if not translator:
        return
    recipient = desk.recipient(translator, translator)
    to = recipient.language.id
    words = desk.words(to)
    reasons = []
    if missing:
        reasons.append(words("reasons.incomplete", count=desk.number(len(missing), to), rows=shortened(missing)))
    reasons += [words("reasons.codes", row=row, detail=detail) for row, detail in broken]
    paper = background_paper.paper_of(session, record.facts["paper"])
    drafted = desk.draft(
        letter.TranslationReturned(
            edition=desk.edition.names[to],
            deadline=desk.day(desk.answer_by("translation-due", record.key), to),
            session=session.id,
            session_title=session.title[to],
            paper_title=paper.title[to],
            target_language=desk.language_name(language, to),
            reasons=reasons,
        ),
        recipient,
        session,
    )
    desk.post(change, f"translation-returned/{key}/{attempt}", drafted, answered=mail)


def shortened(entries: list[str], most: int = 8) -> str:
    """The first entries of a list that may be long."""
    return ", ".join(entries[:most]) + (f" ... ({len(entries) - most} more)" if len(entries) > most else "")


def read_targets(file: Received) -> dict[str, str]:
    """Target text by segment from the bilingual table, whatever stands around it."""
    targets: dict[str, str] = {}
    for block in reader.read_body(file.docx).blocks:
        if isinstance(block, Table):
            for row in block.rows[1:]:
                if len(row) >= 3:
                    targets[plain(row[0]).strip()] = plain(row[2])
    return targets


@step("Issue the paper in the other language")
def issue(desk: Desk, session: Session, key: str) -> str:
    """Build the paper in its language from the checked bilingual file."""
    record = desk.record(STAGE, key)
    paper_key, language = record.facts["paper"], record.facts["language"]
    paper, version = background_paper.paper_of(session, paper_key), record.facts["version"]
    docx = desk.open(record.facts["returned"])
    returned = read_targets(Received("", b"", "", docx, desk.identity("", key, session.id, language, version)))
    # Rows a translator added are none of the paper's.
    known = {segment.id for segment in extract(desk.open(record.facts["final"]))}
    targets = {id: target for id, target in returned.items() if id in known}
    locale = desk.edition.language(language).locale
    built = rebuild(desk.store.get(record.facts["final"]), targets, proofing_tag(locale), is_rtl(locale))
    # The same number as the text it translates, so that "version 3" is one text in every language.
    number = max(desk.next_number("background-paper", paper_key, language), version)
    page = desk.render(
        paper_front(desk, session, paper_key, language, status="final", version=version),
        kind="background-paper", key=paper_key, session=session.id, language=language, title=paper.title[language],
        version=version, blocks=[],
    )  # fmt: skip
    data = desk.finish(
        replace_front(built, page), "background-paper", paper_key, session.id, language, version, paper.title[language]
    )
    made = desk.keep(
        data,
        stage="background-paper",
        kind="background-paper",
        key=paper_key,
        session=session.id,
        language=language,
        number=number,
    )
    with desk.change("the translation is complete") as change:
        desk.move(change, record, "issued", document=made.sha256)
        desk.add(change, made)
    return f"{paper_key}: issued in {language}"
