"""A bilingual file comes back: what it translates is taken, all of it is checked, and it goes on or back."""

from __future__ import annotations

from dataclasses import replace

from tasks.adapters.contents import extension_of
from tasks.adapters.ledger import Record
from tasks.desk import Desk, Drafted, Made
from tasks.domain.checks import Check
from tasks.domain.errors import NotNow
from tasks.domain.letter import Acknowledgement
from tasks.domain.targets import take
from tasks.domain.translation import STAGE
from tasks.steps import Received, register
from tasks.translation.annotating import annotated
from tasks.translation.checking import Checked, check
from tasks.translation.knowing import learn
from tasks.translation.reading import targets_in
from tasks.translation.returning import of_missing, owners_of, report_of, send_back, shortened, void_letters
from tasks.translation.sending import by_translator
from tasks.translation.working import facts_of, keep, load, segments_of

#: The bilingual file that goes back to be mended.
MARKED = "bilingual-remarks"


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
    to_mend = owners_of(desk, record, checked.to_mend, translated)
    theirs = checked.of(to_mend.get(translator, []))
    has_more = any(each.check is not Check.MISSING for each in checked.findings)
    report = report_of(desk, session, record, checked, translator) if has_more else None
    marked = _marked(desk, record, file, theirs, translator) if theirs.to_mend else None
    text, summary = keep(desk, record, translated), _summary(key, checked)
    waited_for = dict.fromkeys([*by_translator(desk, record, segments, translated), *to_mend])
    file.receipt = _with_what_is_left(desk, file.receipt, checked)
    with desk.change(f"{file.name} came in") as change:
        facts = {**facts_of(text, segments, translated), "attempt": attempt}
        if checked.blocking:
            change.note(record, **facts, **{"with": [each for each in waited_for if each]})
        else:
            desk.move(change, record, "received", **facts)
        register(desk, change, file, summary, is_answered=bool(theirs.to_mend))
        for each in (text, made, report, marked):
            if each:
                desk.add(change, each, status="received" if each is made else "current")
        learn(desk, change, record, segments, translated)
        void_letters(desk, change, record, ("translation-returned",), "another file came in", to=translator)
        if theirs.to_mend:
            what, enclosed = f"{record.facts['version']}/{attempt}", [each.sha256 for each in (report, marked) if each]
            send_back(desk, change, session, record, theirs, translator, what, enclosed, file.mail)
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


def _marked(desk: Desk, record: Record, file: Received, checked: Checked, translator: str | None) -> Made:
    """The file as it came in, with each finding at its row."""
    key, language = record.key, record.facts["language"]
    return desk.keep(
        annotated(desk, record, file.content, checked, translator), stage=STAGE, kind=MARKED, key=key,
        session=record.session, language=language, number=desk.next_number(MARKED, key, language), party=translator,
        extension=extension_of(file.content),
    )  # fmt: skip


def _with_what_is_left(desk: Desk, receipt: Drafted | None, checked: Checked) -> Drafted | None:
    """The receipt of a file that leaves rows open, with those."""
    if receipt is None or not isinstance(receipt.letter, Acknowledgement) or not checked.missing:
        return receipt
    remarks = [*receipt.letter.remarks, *of_missing(desk, checked, receipt.recipient.language.id)]
    session = desk.edition.session(receipt.session) if receipt.session else None
    return desk.draft(replace(receipt.letter, remarks=remarks), receipt.recipient, session)
