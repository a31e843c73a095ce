"""A bilingual file comes back: what it translates is taken, all of it is checked, and it goes on or back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tasks.adapters.contents import extension_of
from tasks.adapters.ledger import Change, Record
from tasks.adapters.word.contexts import Overview
from tasks.desk import Desk, Drafted, Made
from tasks.domain import background_paper, letter
from tasks.domain.checks import Check
from tasks.domain.edition import Session
from tasks.domain.errors import NotNow
from tasks.domain.letter import Acknowledgement
from tasks.domain.outbox import Answered
from tasks.domain.targets import take
from tasks.domain.text import Block, Table, Text
from tasks.domain.translation import STAGE
from tasks.steps import Received, register
from tasks.translation.annotating import annotated
from tasks.translation.checking import Checked, check, finding_rows, spoken
from tasks.translation.knowing import learn
from tasks.translation.reading import targets_in
from tasks.translation.sending import by_translator
from tasks.translation.working import keep, load, named, segments_of

REPORT = "translation-report"
#: The bilingual file that goes back to be mended.
MARKED = "bilingual-remarks"
#: So many findings are told in the letter; the report that goes with it has them all.
_IN_THE_LETTER = 12


def receive(desk: Desk, file: Received) -> str:
    """Take the rows of a returned bilingual file, and check the translation as it then stands.

    Part of it is welcome: what is not there yet is told in the receipt. Where something is to be mended, a report of
    everything found goes back to the translator. What a person waived stays waived as long as it is found again as it
    was.
    """
    key, _, share_of = file.identity.key.partition("|")
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
    translator = share_of or desk.edition.language(language).translator
    before = load(desk, record)
    segments = segments_of(desk, record.facts["final"])
    translated = take(before, segments, targets_in(file.content), translator or desk.by)
    checked = check(desk, record, translated)
    made = desk.keep(
        file.data, stage=STAGE, kind="bilingual-received", key=key, session=session.id, language=language,
        number=desk.next_number("bilingual-received", key, language), extension=extension_of(file.content),
    )  # fmt: skip
    to_mend = [each for each in checked.blocking if each.check is not Check.MISSING]
    has_more = any(each.check is not Check.MISSING for each in checked.findings)
    report = report_of(desk, session, record, checked) if has_more else None
    marked = _marked(desk, record, file, checked, translator) if to_mend else None
    text, summary = keep(desk, record, translated), _summary(key, checked)
    left = by_translator(desk, record, segments, translated)
    file.receipt = _with_what_is_left(desk, file.receipt, checked)
    with desk.change(f"{file.name} came in") as change:
        register(desk, change, file, summary, is_answered=bool(to_mend))
        facts = {**named(desk, change, text, segments, translated), "attempt": attempt}
        desk.add(change, made, status="received")
        learn(desk, change, record, segments, translated)
        enclosed = [desk.add(change, each).sha256 for each in (report, marked) if each]
        if to_mend:
            send_back(desk, change, session, record, checked, translator, f"{attempt}", enclosed, file.mail)
        if checked.blocking:
            waited_for = dict.fromkeys([*left, *([translator] if to_mend else [])])
            change.note(record, **facts, **{"with": [each for each in waited_for if each]})
        else:
            desk.move(change, record, "received", **facts)
    return summary


def _summary(key: str, checked: Checked) -> str:
    total = len(checked.segments)
    told = f"{key}: {checked.translated:,} of {total:,} segments translated"
    missing = checked.missing
    broken = [each.segment for each in checked.findings if each.check is Check.CODES]
    if missing:
        told += f"; without translation: {shortened(missing)}"
    if broken:
        told += f"; codes that differ: {shortened(list(dict.fromkeys(broken)))}"
    others = [each for each in checked.blocking if each.check not in (Check.MISSING, Check.CODES)]
    if others:
        told += f"; to mend or waive: {shortened([f'{each.segment} {each.check}' for each in others])}"
    return told


def report_of(desk: Desk, session: Session, record: Record, checked: Checked) -> Made:
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


def _marked(desk: Desk, record: Record, file: Received, checked: Checked, translator: str | None) -> Made:
    """The file as it came in, with each finding at its row."""
    key, language = record.key, record.facts["language"]
    return desk.keep(
        annotated(desk, record, file.content, checked, translator), stage=STAGE, kind=MARKED, key=key,
        session=record.session, language=language, number=desk.next_number(MARKED, key, language), party=translator,
        extension=extension_of(file.content),
    )  # fmt: skip


def _table(desk: Desk, checked: Checked, language: str) -> list[Block]:
    rows = finding_rows(desk, checked, language)
    head = tuple((Text(name),) for name in rows[0])
    return [
        Table((head, *(tuple((Text(cell),) for cell in row.values()) for row in rows)), widths=(5, 13, 22, 10, 25, 25))
    ]


def send_back(
    desk: Desk,
    change: Change,
    session: Session,
    record: Record,
    checked: Checked,
    translator: str | None,
    what: str,
    enclosed: Sequence[str],
    mail: Answered | None = None,
) -> None:
    """Draft the letter that asks a translator to mend what was found; where there is none, the coordinator sees it."""
    if not translator:
        return
    language, recipient = record.facts["language"], desk.recipient(translator, translator)
    to = recipient.language.id
    words = desk.words(to)
    reasons = _of_missing(desk, checked, to)
    others = [each for each in checked.blocking if each.check is not Check.MISSING]
    reasons += [
        words("checks.of_row", row=each.segment, finding=spoken(words, each)) for each in others[:_IN_THE_LETTER]
    ]
    if len(others) > _IN_THE_LETTER:
        reasons.append(words("checks.more", count=desk.number(len(others) - _IN_THE_LETTER, to)))
    drafted = desk.draft(
        letter.TranslationReturned(
            edition=desk.edition.names[to],
            deadline=desk.day(desk.answer_by("translation-due", record.key), to),
            session=session.id,
            session_title=session.title[to],
            paper_title=background_paper.paper_of(session, record.facts["paper"]).title[to],
            target_language=desk.language_name(language, to),
            reasons=reasons,
        ),
        recipient,
        session,
    )
    desk.post(change, f"translation-returned/{record.key}/{what}", drafted, enclosed, answered=mail)


def _with_what_is_left(desk: Desk, receipt: Drafted | None, checked: Checked) -> Drafted | None:
    """The receipt of a file that leaves rows open, with those."""
    if receipt is None or not isinstance(receipt.letter, Acknowledgement) or not checked.missing:
        return receipt
    remarks = [*receipt.letter.remarks, *_of_missing(desk, checked, receipt.recipient.language.id)]
    session = desk.edition.session(receipt.session) if receipt.session else None
    return desk.draft(replace(receipt.letter, remarks=remarks), receipt.recipient, session)


def _of_missing(desk: Desk, checked: Checked, language: str) -> list[str]:
    if not checked.missing:
        return []
    count = desk.number(len(checked.missing), language)
    return [desk.words(language)("reasons.incomplete", count=count, rows=shortened(checked.missing))]


def shortened(entries: list[str], most: int = 8) -> str:
    """The first entries of a list that may be long."""
    return ", ".join(entries[:most]) + (f" ... ({len(entries) - most} more)" if len(entries) > most else "")
