"""Mails and shared folders: what of them is a file to be taken in, what is kept beside, and how far was read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from tasks.adapters.ledger import Change, Ledger
from tasks.adapters.ports import Attachment, Incoming
from tasks.desk import Desk
from tasks.letters import MAIL

CURSOR = "cursor"
#: Attachments that no one means as an answer: pictures of a signature, calendar entries, cards, signatures.
_BESIDE = (
    "image/", "text/calendar", "text/vcard", "text/x-vcard", "application/pkcs7-signature",
    "application/x-pkcs7-signature", "application/pgp-signature", "message/",
)  # fmt: skip


def is_beside(attachment: Attachment) -> bool:
    """Whether an attachment is only kept: nobody is written to because of it."""
    return attachment.mime.casefold().startswith(_BESIDE)


def mail_key(mail: Incoming) -> str:
    """The key of a mail's record, made of what its provider calls it."""
    return hashlib.sha256(mail.reference.encode()).hexdigest()[:16]


def keep_mail(desk: Desk, mail: Incoming, outcomes: Sequence[str]) -> None:
    """Record a mail with its text and the hash of each of its files, once each was dealt with. Safe to repeat."""
    facts = {
        "reference": mail.reference,
        "thread": mail.thread,
        "sender": mail.sender.email,
        "subject": mail.subject,
        "text": mail.text,
        "date": mail.date.isoformat(),
        "files": {attachment.sha256: attachment.name for attachment in mail.attachments},
        "outcomes": list(outcomes),
        "defect": mail.defect,
    }
    with desk.change(f"a mail from {mail.sender.email} came in") as change:
        change.add_record(MAIL, mail_key(mail), "taken", facts=facts)


def is_taken(ledger: Ledger, edition: str, mail: Incoming) -> bool:
    """Whether a mail, or a file of it, was taken in."""
    return ledger.record(edition, MAIL, mail_key(mail)) is not None or any(
        ledger.arrival(edition, attachment.sha256) for attachment in mail.attachments
    )


def cursor_of(desk: Desk, source: str) -> str | None:
    """How far `source` (a backend's mail or files) was read; None before the first time."""
    record = desk.ledger.record(desk.edition.id, CURSOR, source)
    return record.facts.get("cursor") if record else None


def keep_cursor(desk: Desk, source: str, cursor: str) -> None:
    """Remember how far `source` was read; only once all that lies before was taken in, or lies in the tray."""
    if cursor_of(desk, source) != cursor:
        with desk.change(f"{source} was read") as change:
            _note(change, source, cursor=cursor, tries={})


def count_try(desk: Desk, source: str, reference: str) -> int:
    """Remember that taking in what `source` calls `reference` failed once more; how often since the cursor moved."""
    record = desk.ledger.record(desk.edition.id, CURSOR, source)
    tries = dict(record.facts.get("tries", {})) if record else {}
    tries[reference] = tries.get(reference, 0) + 1
    with desk.change(f"a fault of ours held up what came by {source}") as change:
        _note(change, source, tries=tries)
    return int(tries[reference])


def _note(change: Change, source: str, **facts: Any) -> None:
    if not change.add_record(CURSOR, source, "reading", facts=facts):
        record = change.record(CURSOR, source)
        assert record is not None
        change.note(record, **facts)
