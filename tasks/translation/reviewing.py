"""Reviewers read a translation: they get it as a Word document, and change it with tracked changes and comments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from tasks.adapters.ledger import Record
from tasks.adapters.word.markup import read_markup
from tasks.adapters.word.opc import Docx, unpack
from tasks.adapters.word.segments import Segment, extract
from tasks.comment_matrix import as_it_reads
from tasks.desk import Desk, Drafted
from tasks.domain import background_paper, letter
from tasks.domain.checks.finding import visible
from tasks.domain.codes import check_codes, renumbered
from tasks.domain.edition import Session
from tasks.domain.errors import NotNow, Unknown
from tasks.domain.markup import OBJECT, MarkKind
from tasks.domain.targets import Remark, Translated, pairs, read_by, review
from tasks.domain.translation import REVIEW, STAGE, ask_until, review_key, reviewers_of, reviews_of
from tasks.steps import Received, register, step
from tasks.translation.checking import check
from tasks.translation.issuing import build
from tasks.translation.knowing import learn
from tasks.translation.returning import owners_of, rows_of, send_back_to_owners
from tasks.translation.working import facts_of, keep, load, segments_of

DOCUMENT = "translation-review"
#: How the places of notes begin.
_NOTES = ("footnote", "endnote")


@step("Send the translation to its reviewers")
def ask_reviewers(desk: Desk, session: Session, key: str) -> str:
    """Give each reviewer the paper in the other language, known by its properties, and ask for corrections in it."""
    record = desk.record(STAGE, key)
    paper, language, version = record.facts["paper"], record.facts["language"], record.facts["version"]
    data = build(desk, session, record, load(desk, record), "for_review")
    is_again = any(each.state != "asked" for each in reviews_of(desk.view(session), key))
    until = ask_until(desk.edition, desk.due("translation-review-due", key), desk.today, is_again=is_again)
    copies = []
    for body in reviewers_of(desk.edition, paper, language):
        made = desk.keep(
            desk.stamp(data, DOCUMENT, review_key(key, body), session.id, language, version), stage=STAGE,
            kind=DOCUMENT, key=key, session=session.id, language=language, party=body,
            number=desk.next_number(DOCUMENT, key, language),
        )  # fmt: skip
        copies.append((body, made, _request(desk, session, record, body, until)))
    with desk.change("the translation is complete") as change:
        desk.move(change, record, "reviewing")
        for body, made, drafted in copies:
            desk.add(change, made)
            facts = {"translation": key, "paper": paper, "body": body, "version": version, "document": made.sha256}
            facts |= {"until": until.isoformat() if is_again else None}
            if not change.add_record(REVIEW, review_key(key, body), "asked", session.id, facts):
                asked = change.record(REVIEW, review_key(key, body))
                assert asked is not None
                desk.move(change, asked, "asked", **facts)
            desk.post(change, f"translation-review/{key}/{version}/{body}", drafted, [made.sha256])
    return f"{key}: for review to {', '.join(body for body, _, _ in copies)} until {until:%-d %B %Y}"


def receive_review(desk: Desk, file: Received) -> str:
    """Take a reviewer's corrections into the translation: tracked or not, what reads differently now is a correction.

    What does not fit a segment's codes, paragraphs put in or taken out, and comments are remarks for the translator.
    """
    review_record, record = asked_review(desk, file.identity.key, file.name)
    if file.identity.version != record.facts["version"]:
        raise NotNow(
            f"{file.name}: it reviews version {file.identity.version} of the paper, version "
            f"{record.facts['version']} is in force; the reviewers are asked again with that"
        )
    body, language = review_record.facts["body"], record.facts["language"]
    session = desk.edition.session(file.identity.session)
    segments, translated = segments_of(desk, record.facts["final"]), load(desk, record)
    found = _read(desk, review_record, file, segments, translated, language)
    reviewed = review(translated, segments, found.corrected, body)
    reviewed = replace(reviewed, remarks=(*reviewed.remarks, *found.remarks))
    made = desk.keep(
        file.data, stage=STAGE, kind=f"{DOCUMENT}-received", key=record.key, session=session.id, language=language,
        party=body, number=desk.next_number(f"{DOCUMENT}-received", record.key, language),
    )  # fmt: skip
    text = keep(desk, record, reviewed)
    summary = f"{record.key}: {len(found.corrected)} rows corrected and {len(found.remarks)} remarks by {body}"
    with desk.change(f"{file.name} came in") as change:
        change.note(record, **facts_of(text, segments, reviewed))
        register(desk, change, file, summary)
        desk.add(change, made, status="received")
        if text:
            desk.add(change, text)
        facts = {"corrected": len(found.corrected), "remarks": len(found.remarks)}
        desk.move(change, review_record, "answered", **facts)
    return summary


@step("Take the review into the translation")
def close_review(desk: Desk, session: Session, key: str) -> str:
    """Note who read the translation; with remarks left it goes back to the translator, else it can be issued."""
    record = desk.record(STAGE, key)
    segments, translated = segments_of(desk, record.facts["final"]), load(desk, record)
    readers = [each.facts["body"] for each in reviews_of(desk.view(session), key) if each.state in ("answered", "nil")]
    for body in readers:
        translated = read_by(translated, segments, body)
    checked = check(desk, record, translated)
    owners, version = owners_of(desk, record, checked.blocking, translated), record.facts["version"]
    files = {owner: rows_of(desk, session, record, owner, rows, translated) for owner, rows in owners.items()}
    text = keep(desk, record, translated)
    with desk.change("the review is over") as change:
        facts = {**facts_of(text, segments, translated), "reviewed": version}
        if owners:
            desk.move(change, record, "sent", **facts, **{"with": [owner for owner in owners if owner]})
        else:
            desk.move(change, record, "reviewed", **facts)
        if text:
            desk.add(change, text)
        learn(desk, change, record, segments, translated)
        send_back_to_owners(desk, change, session, record, checked, owners, f"{version}/review", files)
    told = f"{key}: read by {', '.join(readers) or 'nobody'}"
    return f"{told}; {len(checked.blocking)} findings go to the translator" if owners else told


@dataclass(frozen=True)
class _Found:
    """What a reviewer did: corrected targets by segment, and what is to be said of others."""

    corrected: Mapping[str, str]
    remarks: Sequence[Remark]


def _read(
    desk: Desk,
    review_record: Record,
    file: Received,
    segments: Sequence[Segment],
    translated: Translated,
    language: str,
) -> _Found:
    """The returned document against the one that was sent, whose segments are those of the paper in its language."""
    body = review_record.facts["body"]
    sent = extract(desk.open(review_record.facts["document"]))
    returned = extract(unpack(as_it_reads(file).data))
    sources, stand = {each.id: each.text for each in segments}, translated.in_force(segments)
    corrected: dict[str, str] = {}
    remarks: list[Remark] = []

    def remark(segment: str, text: str) -> None:
        remarks.append(Remark(segment, corrected.get(segment, stand[segment]), body, text))

    words = desk.words(language)
    there = dict(pairs([each.text for each in sent], [each.text for each in returned]))
    notes = [there[number] for number, each in enumerate(sent) if number in there and each.place.startswith(_NOTES)]
    are_notes_moved = notes != sorted(notes)
    known: dict[str, str] = {}
    for number, segment in enumerate(sent):
        if segment.id not in stand:
            continue
        if number not in there:
            remark(segment.id, words("checks.taken_out"))
            continue
        after = returned[there[number]]
        known[after.id] = segment.id
        if after.text == segment.text:
            continue
        text = renumbered(after.text, segment.text, stand[segment.id])
        if segment.notes and are_notes_moved:
            text = None  # cut anew, marks are numbered by their order: which note is which cannot be told
        if text is None or check_codes(sources[segment.id], text):
            remark(segment.id, words("checks.reads_now", text=visible(after.text)))
        else:
            corrected[segment.id] = text
    latest = next(iter(stand), "")
    for each in returned:
        latest = known.get(each.id, latest)
        if each.id not in known:
            remark(latest, words("checks.put_in", text=visible(each.text)))
    for place, text in _comments(file.docx, returned):
        remark(known.get(place, latest), text)
    return _Found(corrected, remarks)


def _comments(docx: Docx, returned: Sequence[Segment]) -> list[tuple[str, str]]:
    """(segment of the returned text, words) of every comment that is not resolved."""
    markup = read_markup(docx)
    texts = {each.id: visible(each.text) for each in returned}
    found = []
    for mark in markup.marks:
        if mark.kind is MarkKind.COMMENT and not mark.is_resolved and mark.paragraphs:
            about = markup.paragraphs[mark.paragraphs[0]].final.replace(OBJECT, " ")
            ranked = process.extract(about, texts, scorer=fuzz.ratio, limit=1)
            found.append((ranked[0][2] if ranked else "", mark.text))
    return found


def asked_review(desk: Desk, key: str, name: str) -> tuple[Record, Record]:
    """The review a person or file names, and its translation, while it is being reviewed."""
    review_record = desk.ledger.record(desk.edition.id, REVIEW, key)
    if review_record is None:
        asked = ", ".join(each.key for each in desk.ledger.records(desk.edition.id, REVIEW))
        raise Unknown(f"{name}: {desk.edition.id} has no review {key}; it has {asked or 'none'}")
    record = desk.record(STAGE, review_record.facts["translation"])
    if record.state != "reviewing":
        raise NotNow(f"{name}: no review of {record.key} is awaited, the translation is {record.state}")
    return review_record, record


def _request(desk: Desk, session: Session, record: Record, body: str, until: dt.date) -> Drafted:
    recipient = desk.recipient(body)
    to = recipient.language.id
    return desk.draft(
        letter.TranslationReview(
            edition=desk.edition.names[to],
            deadline=desk.day(until, to),
            session=session.id,
            session_title=session.title[to],
            paper_title=background_paper.paper_of(session, record.facts["paper"]).title[to],
            target_language=desk.language_name(record.facts["language"], to),
        ),
        recipient,
        session,
    )
