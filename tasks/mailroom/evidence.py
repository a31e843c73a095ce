"""What is known of a file that came in, and of everything that went out and may come back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from tasks.adapters.contents import Content, XliffFile, identity_of
from tasks.adapters.ledger import DocumentRow, LetterRow, Record
from tasks.adapters.word import reader
from tasks.adapters.word.identity import Identity
from tasks.desk import Desk
from tasks.domain.background_paper import text_milestone
from tasks.domain.checks import visible
from tasks.domain.edition import Edition, Session
from tasks.domain.matching import Evidence, Given, Mark, Prose
from tasks.domain.movers import movers_of
from tasks.domain.text import Block, Figure, Table, plain, text_of
from tasks.domain.translation import KINDS

#: The kind of record a file is about, by the kind its identity names.
RECORDS = {
    "concept-note-form": "concept-note",
    "background-paper": "background-paper",
    "comments": "comments",
    "comment-matrix": "comment-matrix",
    "bilingual": "translation",
    "translation-review": "translation-review",
    "summary": "summary",
    "report": "report",
}
#: Documents that go out to be returned, by their kind in the ledger.
_SENT = (
    "concept-note-form", "paper-skeleton", "background-paper", "circulation", "translation-review", "summary-template",
    "report-template", *KINDS.values(),
)  # fmt: skip
#: States of a record in which a file for it is awaited, or at least still taken.
_AWAITS = {
    "concept-note": ("invited", "returned", "received"),
    "background-paper": ("writing",),
    "comments": ("asked", "answered", "nil", "silent"),
    "translation": ("sent",),
    "translation-review": ("asked", "answered", "nil", "closed"),
    "summary": ("prepared", "returned"),
    "report": ("prepared", "returned"),
}


def senders_of(edition: Edition, email: str) -> tuple[frozenset[str], frozenset[str]]:
    """The parties a mail address is known to speak for, and those with an address at the same domain.

    A person's address speaks for the person and their body. The Taskforce hands in for anybody, so its addresses speak
    for nobody.
    """
    wanted, _, domain = email.strip().casefold().rpartition("@")
    exact: set[str] = set()
    near: set[str] = set()
    for address, parties in _addresses(edition):
        local, _, where = address.casefold().rpartition("@")
        if where != domain or not domain:
            continue
        near.update(parties)
        if local == wanted:
            exact.update(parties)
    return frozenset(exact), frozenset(near - exact)


def _addresses(edition: Edition) -> Iterator[tuple[str, tuple[str, ...]]]:
    for body in edition.bodies:
        if body.focal_point.email:
            yield body.focal_point.email, (body.id,)
    for person in edition.people:
        if person.email:
            yield person.email, (person.id, *([person.body] if person.body else []))


def evidence_of(desk: Desk, name: str, content: Content, *, email: str = "", thread: str = "") -> Evidence:
    """What a file that was opened safely, and the mail it came with, tell of it."""
    identity = identity_of(content)
    return replace(
        origin_of(desk, email=email, thread=thread),
        file_name=name,
        prose=prose_of(content),
        mark=Mark(identity.kind, identity.key, identity.version) if identity else None,
    )


def origin_of(desk: Desk, *, email: str, thread: str) -> Evidence:
    """What the mail alone tells: who wrote it, and which letter it answers; the file is not read."""
    senders, neighbours = senders_of(desk.edition, email)
    # A thread that none of our letters began tells nothing.
    is_ours = bool(thread) and desk.ledger.has_thread(desk.edition.id, thread)
    return Evidence("", Prose(()), thread=thread if is_ours else "", senders=senders, neighbours=neighbours)


def prose_of(content: Content) -> Prose:
    """The paragraphs of a document, the cells of its tables one by one; the sources and targets of a translation."""
    if isinstance(content, XliffFile):
        return Prose(tuple(visible(text) for row in content.rows for text in (row.source, row.target)))
    return Prose(tuple(text for block in reader.read_blocks(content) for text in _texts(block)))


def _texts(block: Block) -> list[str]:
    if isinstance(block, Table):
        return [plain(cell) for row in block.rows for cell in row]
    return [] if isinstance(block, Figure) else [text_of(block)]


def party_of(desk: Desk, session: Session, kind: str, key: str) -> str | None:
    """Who sends a file of this kind: a body or a person, None where only the Taskforce itself would."""
    if kind in ("comments", "translation-review"):
        return key.partition("|")[2] or None
    if kind == "bilingual" and "|" in key:  # one translator's share of a paper
        return key.partition("|")[2]
    if kind == "comment-matrix":
        return None  # the coordinator's own
    milestones = {"concept-note-form": "note-due", "background-paper": "final-due", "bilingual": "translation-due"}
    milestone = milestones.get(kind, f"{kind}-due")
    movers = movers_of(desk.view(session), f"{key}/{milestone}")
    return movers[0] if movers and not desk.edition.has("staff", movers[0]) else None


def record_of(desk: Desk, identity: Identity) -> Record | None:
    """The record a file is about; for comments that of the round its version went out in."""
    if identity.kind != "comments":
        return desk.ledger.record(desk.edition.id, RECORDS[identity.kind], record_key(identity))
    key, _, body = identity.key.partition("|")
    rounds = [
        record
        for record in desk.ledger.records(desk.edition.id, "comments", identity.session)
        if (record.facts["paper"], record.facts["body"], record.facts["version"]) == (key, body, identity.version)
    ]
    return rounds[-1] if rounds else None


def record_key(identity: Identity) -> str:
    """The key of the record a file is about; of a bilingual file without whose share of the paper it is."""
    return identity.key.partition("|")[0] if identity.kind == "bilingual" else identity.key


def milestone_of(edition: Edition, identity: Identity, record: Record) -> str:
    """The key of the deadline a file meets."""
    match identity.kind:
        case "concept-note-form":
            return f"{identity.key}/note-due"
        case "background-paper":
            return f"{identity.key}/{text_milestone(edition, record.facts['round'])}"
        case "comments":
            return f"{record.facts['paper']}/comments-{record.facts['round']}"
        case "bilingual":
            return f"{record_key(identity)}/translation-due"
        case "translation-review":
            return f"{record.facts['translation']}/translation-review-due"
    return f"{identity.key}/{identity.kind}-due"


def given_files(desk: Desk) -> list[Given]:
    """Every file that was given to a party, in the version that may still come back."""
    letters = desk.ledger.letters(desk.edition.id)
    prose: dict[tuple[str, str, int], Prose] = {}
    newest: dict[tuple[str, str, str], Given] = {}
    for row in desk.ledger.documents(desk.edition.id):
        if row.kind not in _SENT or row.session is None or row.status == "superseded":
            continue
        found = _given(desk, row, letters, prose)
        if found is None:
            continue
        place = (found.kind, found.key, found.party)
        if place not in newest or newest[place].version < found.version:
            newest[place] = found
    return list(newest.values())


def may_be(desk: Desk, content: Content, kind: str, language: str) -> bool:
    """Whether a file can be of this kind and language at all: XLIFF is a translation into the language it names."""
    if not isinstance(content, XliffFile):
        return True
    # Tools write a tag in letters of their own, and some without the region.
    named, ours = (
        re.split("[-_]", tag.casefold())[0] for tag in (content.target_locale, desk.edition.language(language).locale)
    )
    return kind == "bilingual" and named in ("", ours)


def _given(
    desk: Desk, row: DocumentRow, letters: list[LetterRow], prose: dict[tuple[str, str, int], Prose]
) -> Given | None:
    content = desk.content(row.sha256)
    letters_with_it = [letter for letter in letters if row.sha256 in letter.attachments]
    identity = identity_of(content)
    if identity is None or identity.kind not in RECORDS:
        return None
    session = desk.edition.session(identity.session)
    party, record = party_of(desk, session, identity.kind, identity.key), record_of(desk, identity)
    if party is None or record is None or record.state not in _AWAITS[record.kind]:
        return None
    # Every partner's copy of a draft has the same text: it is read once.
    text = (row.kind, row.key, row.number)
    if text not in prose:
        prose[text] = prose_of(content)
    return Given(
        kind=identity.kind,
        key=identity.key,
        session=identity.session,
        party=party,
        version=identity.version,
        language=identity.language,
        name=row.name,
        prose=prose[text],
        round=record.facts.get("round"),
        threads=frozenset(thread for letter in letters_with_it for thread in _thread(letter)),
        is_awaited=record.state not in ("answered", "nil", "received"),
    )


def _thread(letter: LetterRow) -> list[str]:
    """The thread a letter went out in; none before it was sent."""
    return [letter.thread] if letter.thread else []
