"""A bilingual file comes back: it is checked, and goes on, or back to the translator with what was found."""

from __future__ import annotations

from tasks.adapters.contents import extension_of
from tasks.adapters.ledger import Change, Record
from tasks.adapters.word.contexts import Overview
from tasks.desk import Desk, Made
from tasks.domain import background_paper, letter
from tasks.domain.checks import Check
from tasks.domain.edition import Session
from tasks.domain.errors import NotNow
from tasks.domain.outbox import Answered
from tasks.domain.text import Block, Table, Text
from tasks.domain.translation import STAGE
from tasks.steps import Received, register
from tasks.translation.checking import Checked, check_file, finding_rows, spoken

REPORT = "translation-report"
#: So many findings are told in the letter; the report that goes with it has them all.
_IN_THE_LETTER = 12


def receive(desk: Desk, file: Received) -> str:
    """Check a returned bilingual file; where something is to be mended it goes back with a report of everything found.

    It is kept either way. What a person waived in an earlier file stays waived as long as it is found again as it was.
    """
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
    checked = check_file(desk, record, file.content)
    made = desk.keep(
        file.data, stage=STAGE, kind="bilingual-received", key=key, session=session.id, language=language,
        number=attempt, extension=extension_of(file.content),
    )  # fmt: skip
    report = _report(desk, session, record, checked) if checked.findings else None
    summary = _summary(key, checked)
    with desk.change(f"{file.name} came in") as change:
        register(desk, change, file, summary, is_answered=bool(checked.blocking))
        row = desk.add(change, made, status="received")
        if report:
            desk.add(change, report)
        if checked.blocking:
            change.note(record, attempt=attempt)
            _send_back(desk, change, session, record, checked, attempt, report, file.mail)
        else:
            desk.move(change, record, "received", attempt=attempt, returned=row.sha256)
    return summary


def _summary(key: str, checked: Checked) -> str:
    total = len(checked.segments)
    told = f"{key}: {checked.translated:,} of {total:,} segments translated"
    missing = [each.segment for each in checked.findings if each.check is Check.MISSING]
    broken = [each.segment for each in checked.findings if each.check is Check.CODES]
    if missing:
        told += f"; without translation: {shortened(missing)}"
    if broken:
        told += f"; codes that differ: {shortened(list(dict.fromkeys(broken)))}"
    others = [each for each in checked.blocking if each.check not in (Check.MISSING, Check.CODES)]
    if others:
        told += f"; to mend or waive: {shortened([f'{each.segment} {each.check}' for each in others])}"
    return told


def _report(desk: Desk, session: Session, record: Record, checked: Checked) -> Made:
    """Everything that was found, as a Word file in the language of the translation."""
    key, language = record.key, record.facts["language"]
    words, paper = desk.words(language), background_paper.paper_of(session, record.facts["paper"])
    number = desk.next_number(REPORT, key, language)
    title = words("documents.translation-report")
    mend = len(checked.blocking)
    context = Overview(
        **desk.page(language, version=str(number)),
        kind=title,
        title=paper.title[language],
        subtitle=words("session_title", number=session.id, title=session.title[language]),
        intro=[
            words(
                "checks.intro", translated=desk.number(checked.translated, language),
                total=desk.number(len(checked.segments), language), mend=desk.number(mend, language),
                look=desk.number(len(checked.findings) - mend, language),
            )
        ],
    )  # fmt: skip
    return desk.write(
        context, stage=STAGE, kind=REPORT, key=key, session=session.id, language=language, number=number, title=title,
        blocks=_table(desk, checked, language), name=f"{record.facts['paper']}-{REPORT}-v{number}-{language}",
    )  # fmt: skip


def _table(desk: Desk, checked: Checked, language: str) -> list[Block]:
    rows = finding_rows(desk, checked, language)
    head = tuple((Text(name),) for name in rows[0])
    return [
        Table((head, *(tuple((Text(cell),) for cell in row.values()) for row in rows)), widths=(5, 13, 22, 10, 25, 25))
    ]


def _send_back(
    desk: Desk,
    change: Change,
    session: Session,
    record: Record,
    checked: Checked,
    attempt: int,
    report: Made | None,
    mail: Answered | None,
) -> None:
    language = record.facts["language"]
    translator = desk.edition.language(language).translator
    if not translator:
        return
    recipient = desk.recipient(translator, translator)
    to = recipient.language.id
    words = desk.words(to)
    missing = [each.segment for each in checked.findings if each.check is Check.MISSING]
    reasons = []
    if missing:
        reasons.append(words("reasons.incomplete", count=desk.number(len(missing), to), rows=shortened(missing)))
    others = [each for each in checked.blocking if each.check is not Check.MISSING]
    reasons += [
        words("checks.of_row", row=each.segment, finding=spoken(words, each)) for each in others[:_IN_THE_LETTER]
    ]
    if len(others) > _IN_THE_LETTER:
        reasons.append(words("checks.more", count=desk.number(len(others) - _IN_THE_LETTER, to)))
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
    enclosed = [report.sha256] if report else []
    desk.post(change, f"translation-returned/{record.key}/{attempt}", drafted, enclosed, answered=mail)


def shortened(entries: list[str], most: int = 8) -> str:
    """The first entries of a list that may be long."""
    return ", ".join(entries[:most]) + (f" ... ({len(entries) - most} more)" if len(entries) > most else "")
