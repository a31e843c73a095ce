"""The mails of a rehearsal's people: each from its sender's own address, in the thread of the letter it answers."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from tasks.adapters.contents import mime_of
from tasks.adapters.ledger import LetterRow
from tasks.adapters.local.mail import INBOX, LocalMail
from tasks.adapters.local.store import write_whole
from tasks.adapters.mail_out import write_mail
from tasks.adapters.ports import Address, Attachment, Incoming, Message
from tasks.desk import Desk
from tasks.domain.outbox import Answered
from tasks.domain.players import Move
from tasks.rehearsal.players import Sent


class Post(Protocol):
    """The outside end of the office's mail, whichever backend it has."""

    def message_id(self, thread: str) -> str:
        """The Message-ID by which whoever got a letter of this thread (a backend's name for it) answers it."""
        ...

    def deliver(self, name: str, mail: bytes, at: dt.datetime) -> None:
        """Put a mail into the office's mailbox; `name` names its file where the mailbox is a folder."""
        ...

    def take_back(self, is_taken: Callable[[Incoming], bool]) -> None:
        """Take out of the mailbox what the office did not take in: after an interruption it is sent again."""
        ...


class LocalPost:
    """Mails as `.eml` files in the inbox of a home, where they stay."""

    def __init__(self, home: Path) -> None:
        self._inbox = home / INBOX
        self._mail = LocalMail(home)

    def message_id(self, thread: str) -> str:
        """The thread itself: the local backend names it so."""
        return thread

    def deliver(self, name: str, mail: bytes, at: dt.datetime) -> None:
        """Write the file, dated `at`: mails are numbered by their dates. Safe to repeat."""
        path = self._inbox / f"{at:%Y-%m-%d} {name}.eml"
        write_whole(path, mail)
        os.utime(path, (at.timestamp(), at.timestamp()))

    def take_back(self, is_taken: Callable[[Incoming], bool]) -> None:
        """Remove the files, and the office's knowledge of them."""
        self._mail.take_back(is_taken)


def mail_of(desk: Desk, move: Move, sent: Sent, post: Post) -> bytes | None:
    """The mail that brings a file; None where its sender has no address, or hands it over otherwise.

    From the sender's own address it answers the letter that asked for the file; from another it begins a thread.
    """
    sender = _sender(desk, move)
    if sender is None or move.scene.by_hand:
        return None
    letter = None if move.scene.address else _answered(desk, move, sent.filled)
    recipient = desk.recipient(move.party)
    signatory = letter.signatory if letter and letter.signatory else desk.signatory(
        move.kind, move.session, move.party, recipient.language.id
    )  # fmt: skip
    answered = Answered(letter.thread or "", letter.subject, sender.email) if letter else None
    message = Message(
        key="",  # it is no letter of ours: without a key no header says so
        sender=sender,
        to=(Address(signatory.name, signatory.email),),
        cc=(),
        subject=answered.reply if answered else Path(sent.name).stem,
        text=desk.words(recipient.language.id)("rehearsal_notice"),
        language=recipient.language.locale,
        attachments=(Attachment.of(sent.name, sent.data, mime_of(sent.name)),),
        date=desk.now,
        in_reply_to=post.message_id(answered.thread) if answered else None,
    )
    return write_mail(message, hashlib.sha256(sent.data).hexdigest()[:32])


def mail_name(move: Move) -> str:
    """A name for the file of a mail, made of the move."""
    return re.sub(r"[^\w.-]+", " ", f"{move.kind} {move.key} {move.attempt}")


def _sender(desk: Desk, move: Move) -> Address | None:
    """Who writes: the address the edition knows, or another where the scene says so.

    A body is not written for by mail where it is not reached so.
    """
    known = desk.addressee(move.party)
    email = move.scene.address or known.email
    return Address(known.name, email) if email else None


def _answered(desk: Desk, move: Move, document: str) -> LetterRow | None:
    """The letter that a person answers: the last that brought the document (a hash), else the last of the session."""
    letters = desk.ledger.letters(desk.edition.id, move.session, party=move.party, status="sent")
    sent = sorted((row for row in letters if row.thread), key=lambda row: (str(row.sent_at), row.key))
    return next(iter([row for row in sent if document in row.attachments][-1:] or sent[-1:]), None)
