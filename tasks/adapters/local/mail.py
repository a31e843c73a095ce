"""Mails as files: `.eml` that any mail program opens, out under `outbox/`, in from `inbox/mail/`.

An id is derived from what the message holds, so that one reserved again after a crash has the same id; sending is one
rename from `outbox/drafts/` to `outbox/sent/`, which has happened or has not.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tasks.adapters.durability import sync_folder
from tasks.adapters.local.arrivals import Arrivals, Seen
from tasks.adapters.local.store import write_whole
from tasks.adapters.mail_in import read_mail, read_thread
from tasks.adapters.mail_out import write_mail
from tasks.adapters.ports import Conflict, Found, Gone, Incoming, Message, NotSent, Sent

#: The folder, below a home, into which people put mails.
INBOX: Final = "inbox/mail"
_ID: Final = re.compile(r"[a-z0-9][a-z0-9.-]*")


class LocalMail:
    """The mails of one home. Another process may do the same at the same time: what is done twice is done once."""

    def __init__(self, home: Path) -> None:
        self._drafts = home / "outbox" / "drafts"
        self._sent = home / "outbox" / "sent"
        self._inbox = home / INBOX
        self._arrivals = Arrivals(self._inbox)

    def reserve(self, message: Message) -> str:
        """An id for `message`, whose draft is then in `outbox/drafts/`; the same message always has the same id."""
        reserved = _derive_id(message)
        draft = self._drafts / f"{reserved}.eml"
        if not (self._sent / draft.name).exists() and not draft.exists():
            write_whole(draft, write_mail(message, reserved))
        return reserved

    def send(self, reserved: str, message: Message) -> Sent:
        """Let the draft go out; Conflict if it is not exactly `message`, Gone if there is none."""
        if isinstance(found := self.find(reserved), Sent):
            return found
        if _derive_id(message) != reserved:
            raise Conflict(f"letter {message.key} was changed since {reserved} was reserved for it; reserve again")
        self._sent.mkdir(parents=True, exist_ok=True)
        try:
            os.replace(self._drafts / f"{reserved}.eml", self._sent / f"{reserved}.eml")
        except FileNotFoundError as error:
            # Another process may have been quicker, between the question and the rename.
            if isinstance(found := self.find(reserved), Sent):
                return found
            raise Gone(f"there is no draft {reserved} in {self._drafts}; reserve letter {message.key} again") from error
        # The other folder may come back with the draft after a power cut: what is in `sent` is asked for first.
        sync_folder(self._sent)
        return self._read_sent(reserved)

    def find(self, reserved: str) -> Found:
        """What became of `reserved`; here that can always be told."""
        sent = _ID.fullmatch(reserved) is not None and (self._sent / f"{reserved}.eml").exists()
        return self._read_sent(reserved) if sent else NotSent()

    def discard(self, reserved: str) -> None:
        """Remove the draft, if it is still one."""
        if _ID.fullmatch(reserved):
            (self._drafts / f"{reserved}.eml").unlink(missing_ok=True)

    def incoming(self, cursor: str | None) -> tuple[list[Incoming], str]:
        """The mails people put into `inbox/mail/` as `.eml` after `cursor`; they stay there, and a copy is kept."""
        seen, after = self._arrivals.after(cursor, [self._inbox], ".eml")
        return [self._read_one(one) for one in seen], after

    def take_back(self, is_taken: Callable[[Incoming], bool]) -> None:
        """Forget mails that `is_taken` says nobody took in, and remove their files: those of a rehearsal's people."""
        seen, _ = self._arrivals.after(None, [self._inbox], ".eml")
        self._arrivals.forget([one for one in seen if not is_taken(self._read_one(one))])

    def _read_one(self, one: Seen) -> Incoming:
        if one.sha256:
            mail = read_mail(self._arrivals.read(one), f"<{one.sha256}@inbox.invalid>", one.at)
        else:
            mail = read_mail(b"", f"<{_size_id(one.path, one.size)}@inbox.invalid>", one.at)
            mail = dataclasses.replace(mail, defect=f"{one.size:,} bytes are too many to be opened")
        return dataclasses.replace(mail, defect=f"{one.path}: {mail.defect}") if mail.defect else mail

    def _read_sent(self, reserved: str) -> Sent:
        with open(self._sent / f"{reserved}.eml", "rb") as file:
            own, thread = read_thread(file.read(1_000_000))
        return Sent(own, thread)


def _derive_id(message: Message) -> str:
    """An id that says which letter it is for, and is another as soon as anything of the message is."""
    addresses = [[one.name, one.email] for one in (message.sender, *message.to, *message.cc)]
    files = [[one.name, one.sha256, one.mime] for one in message.attachments]
    head = [message.key, len(message.to), message.subject, message.language, message.in_reply_to]
    whole = json.dumps([head, addresses, message.text, files, message.date.isoformat()])
    slug = re.sub(r"[^a-z0-9]+", "-", message.key.lower()).strip("-")[:60]
    return f"{slug}-{hashlib.sha256(whole.encode()).hexdigest()[:40]}".lstrip("-")


def _size_id(path: str, size: int) -> str:
    return hashlib.sha256(f"{path}\n{size}".encode()).hexdigest()
