"""The tray: what came in and no rule is certain of waits here, with suggestions, until a person says what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tasks.adapters.ledger import Record
from tasks.adapters.word.identity import Identity
from tasks.desk import Desk
from tasks.domain import machines
from tasks.domain.errors import Invalid, NotNow, Unknown
from tasks.domain.matching import Given, Suggestion
from tasks.domain.outbox import Answered
from tasks.domain.rights import Subject, allow
from tasks.mailroom.evidence import given_files, senders_of
from tasks.mailroom.letters import refusal_for

TRAY = "tray"
#: Suggestions kept with a file; whoever looks at it may name anything else that is awaited.
_KEPT = 5


@dataclass(frozen=True)
class Came:
    """A file as it came in: name and bytes, and of a mail or share the sender's address, thread, subject and text.

    `called` is what to call it where its name may not stand; without it that is the name.
    """

    name: str
    data: bytes
    email: str = ""
    thread: str = ""
    note: str = ""
    subject: str = ""
    called: str = ""

    @property
    def mail(self) -> Answered | None:
        """The mail it came with, for a letter that answers it; None where it came otherwise."""
        return Answered(self.thread, self.subject, self.email) if self.thread else None


def tray_key(sha256: str) -> str:
    """The key of a file in the tray: enough of its hash to be copied by hand."""
    return sha256[:16]


def put_in_tray(desk: Desk, came: Came, sha256: str, reason: str, ranked: Sequence[Suggestion], *, what: str) -> str:
    """Let a file wait for a person, with the likeliest suggestions; safe to repeat. The message for the history.

    `what` is "file", or "mail" for the text of a mail that brought none. The file is in the store already.
    """
    key = tray_key(sha256)
    name = came.called or came.name
    said = f"{name}: {reason}; it waits in the tray as {key}"
    known = desk.ledger.record(desk.edition.id, TRAY, key)
    if known is not None and known.state != "waiting":
        return f"{name}: this very file was {known.state} by {known.facts['by']}: {known.facts['outcome']}"
    facts = {
        "what": what,
        "file": came.name,
        "sha256": sha256,
        "sender": came.email,
        "thread": came.thread,
        "note": came.note,
        "subject": came.subject,
        "reason": reason,
        "suggestions": [_facts(suggestion) for suggestion in ranked[:_KEPT]],
    }
    with desk.change(f"{came.name} came in") as change:
        change.register_arrival(sha256, came.name, "unplaced", said)
        change.add_record(TRAY, key, "waiting", facts=facts)
    return said


def _facts(suggestion: Suggestion) -> dict[str, Any]:
    given = suggestion.given
    return {
        "kind": given.kind, "key": given.key, "session": given.session, "party": given.party,
        "version": given.version, "round": given.round, "language": given.language, "score": suggestion.score,
        "reasons": list(suggestion.reasons),
    }  # fmt: skip


def waiting(desk: Desk) -> list[Record]:
    """What lies in the tray, by the day it came."""
    records = desk.ledger.records(desk.edition.id, TRAY)
    return sorted((r for r in records if r.state == "waiting"), key=lambda record: (record.changed_at, record.key))


def tray_record(desk: Desk, key: str) -> Record:
    """The waiting file `key`.

    Raises:
        Unknown: nothing by that key is or was in the tray.
        NotNow: it was assigned or rejected before; the message says by whom.
    """
    record = desk.ledger.record(desk.edition.id, TRAY, key)
    if record is None:
        lying = ", ".join(found.key for found in waiting(desk)) or "nothing"
        raise Unknown(f"{key}: is not in the tray of {desk.edition.id}; there is {lying}")
    if "assigned" not in machines.TRANSITIONS[TRAY][record.state]:
        raise NotNow(f"{key}: {_called(record)} was {record.state} by {record.facts['by']} on "
                     f"{record.changed_at:%-d %B %Y}: {record.facts['outcome']}")  # fmt: skip
    return record


def _called(record: Record) -> str:
    """A file by its name; a mail, whose subject may name people, by its key."""
    return str(record.facts["file"]) if record.facts["what"] == "file" else f"the mail {record.key}"


def mail_of(record: Record) -> Answered | None:
    """The mail that something in the tray came with; None where it came otherwise."""
    facts = record.facts
    return Answered(facts["thread"], facts.get("subject", ""), facts["sender"]) if facts["thread"] else None


def identity_for(desk: Desk, record: Record, what: str) -> tuple[Identity, str]:
    """What a person says a file is, as an identity with its party: the number of a suggestion, or KIND/KEY.

    Raises:
        Invalid: the file is a mail's text; or no such suggestion.
        Unknown: nothing of that kind and key is awaited; the message names what is.
    """
    if record.facts["what"] != "file":
        raise Invalid(
            f"{record.key}: is a mail without a file; record what it says, then take it out of the tray with "
            f"`roundtable mailroom reject`"
        )
    suggestions = record.facts["suggestions"]
    if what.isdigit():
        if not 1 <= int(what) <= len(suggestions):
            raise Invalid(f"{record.key}: has {len(suggestions)} suggestions, {what} is none; name it as KIND/KEY")
        chosen = suggestions[int(what) - 1]
        return _identity(desk, chosen["kind"], chosen["key"], chosen["session"], chosen["version"],
                         chosen["language"]), chosen["party"]  # fmt: skip
    kind, _, key = what.partition("/")
    given = given_files(desk)
    for found in given:
        if (found.kind, found.key) == (kind, key):
            return _identity(desk, kind, key, found.session, found.version, found.language), found.party
    raise Unknown(f"{what}: no such file is awaited; there is {', '.join(map(_spoken, given)) or 'nothing'}")


def _identity(desk: Desk, kind: str, key: str, session: str, version: int, language: str) -> Identity:
    return Identity(desk.edition.id, session, kind, key, version, language)


def _spoken(given: Given) -> str:
    return f"{given.kind}/{given.key}"


def reject(desk: Desk, key: str, reason: str) -> str:
    """Take something out of the tray that is nobody's answer; a file's sender, where known, is told what to do.

    Raises:
        Invalid: no reason.
        NotNow, Unknown: as `tray_record`.
        NotYours: the edition's rights do not let this person.
    """
    record = tray_record(desk, key)
    if record.state == "rejected":
        return f"{_called(record)}: was rejected already by {record.facts['by']}: {record.facts['outcome']}"
    if not reason.strip():
        raise Invalid(f"{key}: nothing leaves the tray without a reason; say why {_called(record)} is not wanted")
    allow(desk.edition, desk.by, "decide", Subject(TRAY))
    senders, _ = senders_of(desk.edition, record.facts["sender"])
    is_file = record.facts["what"] == "file"
    letter = refusal_for(desk, record.facts["file"], senders, "rejected") if is_file else None
    with desk.change(f"{record.facts['file']} is not wanted") as change:
        desk.move(change, record, "rejected", by=desk.by, outcome=reason)
        if letter is not None:
            desk.post(change, f"file-refused/{key}", letter, answered=mail_of(record))
    return f"{_called(record)}: rejected by {desk.by}: {reason}" + (
        f"\n{record.facts['file']}: a letter to {letter.recipient.party} is drafted" if letter else ""
    )
