"""How one file is taken in: opened safely, recognised, handed to its stage; or laid in the tray, or refused.

Whatever came of it is in the ledger when `take` returns, so the caller may put the file away and move its cursor on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from tasks import background_paper, comment_matrix, concept_note, mailroom, rapporteur_report, translation
from tasks.adapters.contents import Content, identity_of, objects_in, open_content, passed_on
from tasks.adapters.ledger import ArrivalRow, Record
from tasks.adapters.word.identity import Identity
from tasks.desk import Desk
from tasks.domain.errors import Invalid, NotNow, Overtaken, Refusal, Unknown
from tasks.domain.matching import Suggestion, certain, contradictions, suggest
from tasks.domain.rights import Subject, allow
from tasks.mailroom import Came
from tasks.steps import Received

#: Who takes a file, by the kind of its identity.
RECEIVERS: dict[str, Callable[[Desk, Received], str]] = {
    "concept-note-form": concept_note.receive,
    "background-paper": background_paper.receive,
    "comments": background_paper.receive_comments,
    "comment-matrix": comment_matrix.receive,
    "bilingual": translation.receive,
    "translation-review": translation.receive_review,
    "summary": rapporteur_report.receive_summary,
    "report": rapporteur_report.receive_report,
}


@dataclass(frozen=True)
class Outcome:
    """What became of a file, and the message that says it."""

    kind: Literal["taken", "tray", "refused"]
    message: str


class _Doubtful(Exception):
    """Not certain: the reason, and what it may be."""

    def __init__(self, reason: str, ranked: Sequence[Suggestion] = ()) -> None:
        self.reason = reason
        self.ranked = ranked
        super().__init__(reason)


def take(desk: Desk, came: Came) -> Outcome:
    """Take one file in. The same file again gets its first answer; one that was refused is looked at again.

    It may have come too early, or a decision was corrected since.
    """
    sha256 = hashlib.sha256(came.data).hexdigest()
    known = desk.ledger.arrival(desk.edition.id, sha256)
    if known is not None and known.outcome == "accepted":
        return _came_before(desk, came, known)
    desk.store.put(came.data)  # what came in is never lost, not even what is refused
    try:
        try:
            return Outcome("taken", _hand_over(desk, came, sha256))
        except Overtaken:
            return Outcome("taken", _hand_over(desk, came, sha256))
    except _Doubtful as doubt:
        message = mailroom.put_in_tray(desk, came, sha256, doubt.reason, doubt.ranked, what="file")
        return Outcome("tray", message)
    except Refusal as refusal:
        return _refuse(desk, came, sha256, refusal)


def _came_before(desk: Desk, came: Came, known: ArrivalRow) -> Outcome:
    """The first answer; but of two bodies that send the same bytes, the second's are for a person to place."""
    day = f"{known.received_at:%-d %B %Y}"
    identity = Identity(**known.identity) if known.identity else None
    party = _party(desk, identity) if identity else None
    senders, _ = mailroom.senders_of(desk.edition, came.email)
    if identity is not None and party is not None and senders and party not in senders:
        content = open_content(came.data, came.name)
        reason = (
            f"this very file came in on {day} from {party}, and now from the address of {' or '.join(sorted(senders))}"
        )
        ranked = _suggestions(desk, came, content)
        return Outcome("tray", mailroom.put_in_tray(desk, came, known.sha256, reason, ranked, what="file"))
    return Outcome("taken", f"{came.name}: this very file came in on {day} as {known.file_name}: {known.message}")


def _refuse(desk: Desk, came: Came, sha256: str, refusal: Refusal) -> Outcome:
    senders, _ = mailroom.senders_of(desk.edition, came.email)
    letter = mailroom.refusal_for(desk, came.name, senders or _by_properties(desk, came), mailroom.advice_on(refusal))
    with desk.change(f"{came.name} came in") as change:
        change.register_arrival(sha256, came.name, "refused", str(refusal))
        if letter is not None:
            desk.post(change, f"file-refused/{sha256[:16]}", letter, answered=came.mail)
    return Outcome("refused", str(refusal))


def _by_properties(desk: Desk, came: Came) -> list[str]:
    """Whose file it is by its own properties; nobody's where they are not to be believed."""
    try:
        identity = identity_of(open_content(came.data, came.name))
        if identity is None:
            return []
        _check(desk, came.name, identity)
    except Refusal:
        return []
    party = _party(desk, identity)
    return [party] if party else []


def _hand_over(desk: Desk, came: Came, sha256: str) -> str:
    content = open_content(came.data, came.name)
    identity = identity_of(content)
    if identity is None:
        identity = _recognised(desk, came, content)
    _check(desk, came.name, identity)
    party = _party(desk, identity)
    if party is not None and (came.email or came.thread):
        against = contradictions(
            mailroom.origin_of(desk, email=came.email, thread=came.thread),
            party,
            desk.ledger.threads(desk.edition.id, party),
        )
        if against:
            raise _Doubtful("; ".join(against), _suggestions(desk, came, content))
    return _receive(desk, came, sha256, content, identity, party)


def _recognised(desk: Desk, came: Came, content: Content) -> Identity:
    """What a file without properties certainly is; else it is for a person."""
    ranked = _suggestions(desk, came, content)
    evidence = mailroom.evidence_of(desk, came.name, content, email=came.email, thread=came.thread)
    found = certain(evidence, ranked)
    if found is None:
        best = f"; it is most like {ranked[0].given.kind} {ranked[0].given.key}" if ranked else ""
        raise _Doubtful(f"nothing in this file says for certain what it is{best}", ranked)
    given = found.given
    return Identity(desk.edition.id, given.session, given.kind, given.key, given.version, given.language)


def _suggestions(desk: Desk, came: Came, content: Content) -> list[Suggestion]:
    evidence = mailroom.evidence_of(desk, came.name, content, email=came.email, thread=came.thread)
    given = mailroom.given_files(desk)
    return suggest(evidence, [each for each in given if mailroom.may_be(desk, content, each.kind, each.language)])


def _receive(
    desk: Desk,
    came: Came,
    sha256: str,
    content: Content,
    identity: Identity,
    party: str | None,
    tray: Record | None = None,
) -> str:
    record = mailroom.record_of(desk, identity)
    if not mailroom.may_be(desk, content, identity.kind, identity.language):
        what = f"{identity.kind.replace('-', ' ')} {identity.key} in {identity.language}"
        raise Invalid(f"{came.name}: it is XLIFF and cannot be the {what}; ask for it as a Word file")
    note = mailroom.quarantine(desk, came.name, sha256, objects_in(content))
    receipt = mailroom.receipt_for(desk, came.name, identity, record, party, bool(note)) if record else None
    data = passed_on(came.data, content)
    file = Received(came.name, data, sha256, content, identity, receipt=receipt, tray=tray, mail=came.mail, note=note)
    told = RECEIVERS[identity.kind](desk, file)
    return f"{told}; {note}" if note else told


def assign(desk: Desk, key: str, what: str) -> str:
    """Hand something from the tray to the stage a person names: the number of a suggestion, or KIND/KEY.

    Raises:
        Refusal: of `mailroom.tray_record` and `mailroom.identity_for`, or the stage's own; the file then stays.
        NotYours: the edition's rights do not let this person decide about the session's files.
    """
    record = mailroom.tray_record(desk, key)
    identity, party = mailroom.identity_for(desk, record, what)
    allow(desk.edition, desk.by, "decide", Subject(mailroom.TRAY, identity.session))
    sha256, name = record.facts["sha256"], record.facts["file"]
    data = desk.store.get(sha256)
    facts = record.facts
    came = Came(name, data, facts["sender"], facts["thread"], subject=facts.get("subject", ""))
    return _receive(desk, came, sha256, open_content(data, name), identity, party, record)


def _party(desk: Desk, identity: Identity) -> str | None:
    return mailroom.party_of(desk, desk.edition.session(identity.session), identity.kind, identity.key)


def _check(desk: Desk, name: str, identity: Identity) -> None:
    """Refuse a file that names what is not there, or what does not belong together.

    Custom properties are anybody's to edit: one such file must not end the run of all the others.

    Raises:
        Unknown: an edition, session, record or language that is not here.
        NotNow: a document that was sent for information.
    """
    edition = desk.edition
    if identity.edition != edition.id:
        raise Unknown(f"{name}: this file belongs to the edition {identity.edition}, not to {edition.id}")
    if identity.session and not edition.has("sessions", identity.session):
        raise Unknown(f"{name}: it names the session {identity.session}, which {edition.id} does not have")
    if identity.kind not in RECEIVERS:
        raise NotNow(f"{name}: a {identity.kind.replace('-', ' ')} is sent for information; nothing is expected back")
    kind, key = mailroom.RECORDS[identity.kind], mailroom.record_key(identity)
    if identity.kind == "comments":
        kind, key = "background-paper", key.partition("|")[0]
    record = desk.ledger.record(edition.id, kind, key)
    if record is None or record.session != identity.session:
        raise Unknown(
            f"{name}: it names the {kind.replace('-', ' ')} {key}, which session {identity.session} does not have"
        )
    share_of = identity.key.partition("|")[2] if identity.kind == "bilingual" else ""
    if share_of and not edition.has("people", share_of):
        raise Unknown(f"{name}: it is the share of {share_of}, whom {edition.id} does not have among its people")
    if not edition.has("languages", identity.language):
        raise Unknown(f"{name}: it names the language {identity.language}, which {edition.id} does not have")


def belongs_elsewhere(desk: Desk, name: str, data: bytes) -> bool:
    """Whether a file is for another edition that runs in this home; that one's sweep takes it."""
    running = desk.ledger.editions()
    if len(running) == 1:
        return False
    try:
        identity = identity_of(open_content(data, name))
    except Refusal:
        return False
    return identity is not None and identity.edition != desk.edition.id and identity.edition in running


def worst(outcomes: Iterable[Outcome]) -> Literal["taken", "tray", "refused"]:
    """The outcome that most needs a person."""
    kinds = {outcome.kind for outcome in outcomes}
    return "refused" if "refused" in kinds else "tray" if "tray" in kinds else "taken"
