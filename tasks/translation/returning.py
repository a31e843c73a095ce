"""What is to be mended goes back to whose rows it is in: the report of the checks, and the letter that brings it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from tasks.adapters.ledger import Change, Record
from tasks.adapters.word.contexts import Overview
from tasks.desk import Desk, Made
from tasks.domain import background_paper, letter
from tasks.domain.checks import Finding
from tasks.domain.edition import Session
from tasks.domain.outbox import Answered
from tasks.domain.targets import Origin, Translated
from tasks.domain.text import Block, Table, Text
from tasks.domain.translation import STAGE, ask_until
from tasks.translation.checking import Checked, finding_rows, spoken
from tasks.translation.forms import bilingual_files, share_for
from tasks.translation.working import segments_of

REPORT = "translation-report"
#: The kinds of letters that ask somebody for something of a translation.
ASKED: Final = ("translation-request", "translation-returned", "translation-review")
#: So many findings are told in the letter; the report that goes with it has them all.
_IN_THE_LETTER = 12


def owner_of(desk: Desk, record: Record, segment: str, translated: Translated) -> str | None:
    """Whose a row is: whom it was assigned to, else who translated it, else the language's translator."""
    assigned, held = record.facts.get("assigned", {}).get(segment), translated.targets.get(segment)
    if assigned and desk.edition.has("people", assigned):
        return str(assigned)
    if held is not None and held.origin is Origin.TRANSLATOR and desk.edition.has("people", held.by):
        return held.by
    return desk.edition.language(record.facts["language"]).translator


def owners_of(
    desk: Desk, record: Record, findings: Iterable[Finding], translated: Translated
) -> dict[str | None, list[str]]:
    """The segments of findings by whose rows they are."""
    found: dict[str | None, list[str]] = {}
    for each in findings:
        segments = found.setdefault(owner_of(desk, record, each.segment, translated), [])
        if each.segment not in segments:
            segments.append(each.segment)
    return found


def rows_of(
    desk: Desk, session: Session, record: Record, owner: str | None, rows: Collection[str], translated: Translated
) -> list[Made]:
    """New files with the rows that their owner is to mend, as they stand now."""
    theirs = [each for each in segments_of(desk, record.facts["final"]) if each.id in rows]
    until = ask_until(desk.edition, desk.due("translation-due", record.key), desk.today, is_again=True)
    share = share_for(desk, record, owner, theirs, until)
    return bilingual_files(desk, session, record, record.facts["version"], share, translated, {})


def void_letters(
    desk: Desk, change: Change, record: Record, kinds: Collection[str], reason: str, to: str | None = None
) -> None:
    """Cancel the letters of some kinds about a translation that are not on their way: all, or those `to` somebody."""
    found = [
        letter.key
        for letter in desk.open_letters(record.session)
        if letter.kind in kinds
        and letter.key.split("/")[1].partition("|")[0] == record.key
        and to in (None, letter.party)
    ]
    change.cancel_letters(found, reason)


def send_back_to_owners(
    desk: Desk,
    change: Change,
    session: Session,
    record: Record,
    checked: Checked,
    owners: Mapping[str | None, Sequence[str]],
    what: str,
    files: Mapping[str | None, Sequence[Made]],
) -> None:
    """Tell each owner of rows what is to be mended in them, with a report and new files."""
    for number, (owner, segments) in enumerate(owners.items()):
        theirs = checked.of(segments)
        made = [report_of(desk, session, record, theirs, owner, number), *files[owner]]
        sent = [desk.add(change, each).sha256 for each in made]
        send_back(desk, change, session, record, theirs, owner, f"{what}/{owner}", sent)


def report_of(
    desk: Desk, session: Session, record: Record, checked: Checked, translator: str | None, after: int = 0
) -> Made:
    """Everything that was found, as a Word file in the language of the translation; each translator's is their own."""
    key, language = record.key, record.facts["language"]
    words, paper = desk.words(language), background_paper.paper_of(session, record.facts["paper"])
    number = desk.next_number(REPORT, key, language) + after
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
        blocks=_table(desk, checked, language), party=translator,
        name=f"{record.facts['paper']}-{REPORT}-v{number}-{language}",
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
    reasons = of_missing(desk, checked, to)
    others = checked.to_mend
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


def of_missing(desk: Desk, checked: Checked, language: str) -> list[str]:
    if not checked.missing:
        return []
    count = desk.number(len(checked.missing), language)
    return [desk.words(language)("reasons.incomplete", count=count, rows=shortened(checked.missing))]


def shortened(entries: list[str], most: int = 8) -> str:
    """The first entries of a list that may be long."""
    return ", ".join(entries[:most]) + (f" ... ({len(entries) - most} more)" if len(entries) > most else "")
