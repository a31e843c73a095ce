"""Mails through Gmail: a draft first, whose id is stored, then that draft is sent, once.

A draft can be sent only once: Gmail deletes it as it sends, and answers 404 to the next attempt. So an answer that was
lost is settled by asking whether the draft is still there. The Message-ID does not help: Gmail puts its own.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from typing import Any, Final

from googleapiclient.http import MediaInMemoryUpload

from tasks.adapters.google.inbox import GmailInbox
from tasks.adapters.google.service import Services
from tasks.adapters.mail_out import LETTER_HEADER, MESSAGE_ID, write_mail
from tasks.adapters.ports import (
    Conflict,
    Found,
    Gone,
    LostAnswer,
    Message,
    NotSent,
    Sent,
    Transient,
    Unsure,
)
from tasks.domain.errors import Invalid

#: Above this a mail is uploaded, in parts that can be resumed, and not written into the request itself.
_UPLOAD_BYTES: Final = 5 * 1024 * 1024
#: What Gmail takes (`maxSize` of drafts.send in its discovery document).
_LARGEST_BYTES: Final = 36_700_160


@dataclass(frozen=True)
class _Reserved:
    """What has to be known of a draft to find out later what became of it.

    `message` is another as soon as somebody changes the draft, whose id stays. `opens` says that the draft began its
    thread; `letter` and `digest` are hashes of the letter's key and of all of it.
    """

    draft: str
    message: str
    thread: str
    opens: bool
    letter: str
    digest: str

    def __str__(self) -> str:
        return "/".join(
            [self.draft, self.message, self.thread, "opens" if self.opens else "joins", self.letter, self.digest]
        )


class GmailMail(GmailInbox):
    """`tasks.adapters.ports.Mail` for the mailbox that signs in."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        #: Drafts deleted here, of which it is certain that they were drafts to the end.
        self._discarded: set[str] = set()

    def reserve(self, message: Message) -> str:
        """Make a draft of `message`.

        Raises:
            Invalid: it is larger than Gmail takes.
            Transient: no answer. The draft may have been made; nothing goes out from it.
        """
        what = f"the draft of letter {message.key}"
        thread, raw = self._write(message)
        if len(raw) > _LARGEST_BYTES:
            raise Invalid(
                f"letter {message.key} has {len(raw):,} bytes with its attachments, Gmail takes {_LARGEST_BYTES:,}; "
                "put the files into the team's folder instead"
            )
        body, media = _content(raw, thread)
        request = self._services.gmail.users().drafts().create(userId="me", body={"message": body}, **media)
        try:
            draft = self._services.call(request, what, effect="once")
        except LostAnswer as error:
            raise Transient(str(error)) from None
        made = draft["message"]
        opens = thread is None or made["threadId"] != thread
        return str(_Reserved(draft["id"], made["id"], made["threadId"], opens, _hash(message.key), _digest(message)))

    def send(self, reserved: str, message: Message) -> Sent:
        """Send the draft as it was reserved.

        Raises:
            Conflict: `message` is not the one that was reserved, or somebody has changed the draft in Gmail since.
        """
        known = _parse(reserved)
        if known is None:
            raise Gone(f"{reserved!r} is no draft of Gmail's; reserve letter {message.key} again")
        if known.digest != _digest(message):
            raise Conflict(f"letter {message.key} was changed since {known.draft} was reserved; reserve it again")
        what, drafts = f"sending letter {message.key}", self._services.gmail.users().drafts()
        try:
            draft = self._services.call(drafts.get(userId="me", id=known.draft, format="minimal"), what)
            if draft["message"]["id"] != known.message:
                raise Conflict(f"{what}: somebody has changed the draft in Gmail; delete it there, reserve it again")
            sent = self._services.call(drafts.send(userId="me", body={"id": known.draft}), what, effect="once")
        except Gone:
            # Sent before, by us or by somebody in Gmail; or deleted.
            if isinstance(found := self.find(reserved), Sent):
                return found
            raise
        return Sent(sent["id"], sent["threadId"])

    def find(self, reserved: str) -> Found:
        """Not sent while the draft is there; sent when its thread holds it; else nobody can tell."""
        known = _parse(reserved)
        if known is None or known.draft in self._discarded:
            return NotSent()
        drafts, threads = self._services.gmail.users().drafts(), self._services.gmail.users().threads()
        try:
            self._services.call(drafts.get(userId="me", id=known.draft, format="minimal"), f"the draft {known.draft}")
        except Gone:
            pass
        else:
            return NotSent()
        wanted = threads.get(userId="me", id=known.thread, format="metadata", metadataHeaders=[LETTER_HEADER])
        try:
            thread = self._services.call(wanted, f"the thread {known.thread}")
        except Gone:
            return Unsure(f"Gmail has neither the draft {known.draft} nor its thread any more: somebody deleted them")
        sent = [mail for mail in thread["messages"] if "SENT" in mail.get("labelIds", [])]
        ours = [mail for mail in sent if known.letter in map(_hash, map(_decode, _headers(mail, LETTER_HEADER)))]
        # A thread that began with this draft begins, once it is sent, with this mail.
        if found := ours[-1:] or (sent[:1] if known.opens else []):
            return Sent(found[0]["id"], found[0]["threadId"])
        return Unsure(f"Gmail has no draft {known.draft} any more, and nothing sent in its thread: somebody deleted it")

    def discard(self, reserved: str) -> None:
        """Delete the draft."""
        if (known := _parse(reserved)) is None:
            return
        request = self._services.gmail.users().drafts().delete(userId="me", id=known.draft)
        try:
            self._services.call(request, f"deleting the draft {known.draft}")
        except Gone:
            return
        self._discarded.add(known.draft)

    def _write(self, message: Message) -> tuple[str | None, bytes]:
        """The thread that `message` continues, None where there is none (any more), and its bytes.

        Gmail asks for References and In-Reply-To beside the thread's id, and for the same subject. What answers a mail
        that did not come through Gmail names it by its Message-ID, by which the partner's mail program finds it.
        """
        last = None
        if message.in_reply_to is not None and MESSAGE_ID.fullmatch(message.in_reply_to):
            return None, write_mail(message, _mail_id(message))
        if message.in_reply_to is not None:
            threads = self._services.gmail.users().threads()
            wanted = threads.get(userId="me", id=message.in_reply_to, format="metadata", metadataHeaders=["Message-ID"])
            try:
                thread = self._services.call(wanted, f"the thread {message.in_reply_to}")
            except Gone:
                return None, write_mail(dataclasses.replace(message, in_reply_to=None), _mail_id(message))
            there = [mail for mail in thread["messages"] if "DRAFT" not in mail.get("labelIds", [])]
            last = next((id for mail in reversed(there) for id in _headers(mail, "Message-ID")), None)
        return message.in_reply_to, write_mail(dataclasses.replace(message, in_reply_to=last), _mail_id(message))


def _content(raw: bytes, thread: str | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """A message for the body of a request, and what else the request needs where the message is large."""
    body = {} if thread is None else {"threadId": thread}
    if len(raw) <= _UPLOAD_BYTES:
        return {**body, "raw": base64.urlsafe_b64encode(raw).decode("ascii")}, {}
    return body, {"media_body": MediaInMemoryUpload(raw, "message/rfc822", resumable=True)}


def _headers(mail: Any, name: str) -> list[str]:
    headers = mail.get("payload", {}).get("headers", [])
    return [header["value"].strip() for header in headers if header["name"].lower() == name.lower()]


def _decode(value: str) -> str:
    """A header as it was meant: Gmail may hand it out with its encoded words."""
    try:
        return str(make_header(decode_header(value)))
    except (MessageError, ValueError, LookupError):
        return value


def _mail_id(message: Message) -> str:
    return _hash(f"{message.key}\n{message.date.isoformat()}", 40)


def _digest(message: Message) -> str:
    whole = write_mail(message, _mail_id(message))
    return hashlib.sha256(whole + repr(message.in_reply_to).encode()).hexdigest()[:32]


def _hash(text: str, length: int = 16) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def _parse(reserved: str) -> _Reserved | None:
    parts = reserved.split("/")
    if len(parts) != 6 or not all(parts) or parts[3] not in {"opens", "joins"}:
        return None
    draft, message, thread, opens, letter, digest = parts
    return _Reserved(draft, message, thread, opens == "opens", letter, digest)
