"""Gmail v1 with one mailbox, as far as Roundtable uses it."""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from tasks.adapters.google.fake.discovery import Call, Refused


@dataclass
class _Mail:
    id: str
    thread: str
    labels: list[str]
    raw: bytes
    at: dt.datetime
    history: int
    #: As it was delivered, in order, by the outside.
    heads: EmailMessage = field(init=False)

    def __post_init__(self) -> None:
        parsed = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        self.heads = parsed


class FakeGmail:
    """Its mails, and what partners do."""

    def __init__(self, tick: Callable[[], dt.datetime], me: str, page_limit: int) -> None:
        self._tick, self._me, self._page_limit = tick, me, page_limit
        self.mails: dict[str, _Mail] = {}
        self.drafts: dict[str, str] = {}
        #: What went out, as the recipients got it.
        self.delivered: list[bytes] = []
        self._history: list[tuple[int, str]] = []
        self._forgotten = 0
        self._number = 0x18A0

    def methods(self) -> dict[str, Callable[[Call], Any]]:
        """What can be called."""
        return {
            "gmail.users.drafts.create": self._create,
            "gmail.users.drafts.get": self._get_draft,
            "gmail.users.drafts.send": self._send,
            "gmail.users.drafts.delete": self._delete,
            "gmail.users.threads.get": self._thread,
            "gmail.users.messages.list": self._list,
            "gmail.users.messages.get": self._get,
            "gmail.users.history.list": self._changes,
            "gmail.users.getProfile": self._profile,
        }

    def receive(self, raw: bytes, labels: tuple[str, ...] = ("INBOX", "UNREAD")) -> str:
        """A mail comes in, into the thread of what it answers; its id."""
        mail = self._new(raw, list(labels), None)
        mail.thread = self._thread_of(mail.heads) or mail.id
        return mail.id

    def last_id(self, thread: str) -> str:
        """The Message-ID of the last mail of a thread, which whoever got it answers."""
        there = [mail for mail in self.mails.values() if mail.thread == thread and "DRAFT" not in mail.labels]
        return str(there[-1].heads["Message-ID"]).strip() if there else ""

    def rewrite(self, draft: str, raw: bytes) -> None:
        """Somebody changes a draft: its message is another, since messages can't be changed."""
        old = self.mails.pop(self.drafts[draft])
        self.drafts[draft] = self._new(raw, ["DRAFT"], old.thread).id

    def forget(self) -> None:
        """More than a week goes by: history so far can't be asked for any more."""
        self._forgotten = self._number

    def _new(self, raw: bytes, labels: list[str], thread: str | None) -> _Mail:
        self._number += 1
        id = f"{self._number:016x}"
        mail = self.mails[id] = _Mail(id, thread or id, labels, raw, self._tick(), self._number)
        self._history.append((self._number, id))
        return mail

    def _create(self, call: Call) -> dict[str, Any]:
        raw, thread = self._content(call, call.body.get("message", {}))
        mail = self._new(raw, ["DRAFT"], thread)
        id = f"r-{int(mail.id, 16) * 7919}"
        self.drafts[id] = mail.id
        return {"id": id, "message": self._show(mail, "minimal")}

    def _send(self, call: Call) -> dict[str, Any]:
        self._user(call)
        id = call.body["id"]
        if id not in self.drafts:
            raise Refused(404, "notFound", "Requested entity was not found.")
        draft = self.mails[self.drafts[id]]
        raw, thread = draft.raw, draft.thread
        if "message" in call.body:
            raw, thread = self._content(call, call.body["message"])[0], draft.thread
        mail = message_from_bytes(raw, policy=policy.SMTP)
        if not any(address for name in ("To", "Cc", "Bcc") for address in mail.get_all(name, [])):
            raise Refused(400, "invalidArgument", "Recipient address required")
        del self.drafts[id], self.mails[draft.id]
        # Its own Message-ID, whatever was there.
        own = f"Message-ID: <CA{draft.id}+sent@mail.gmail.example>".encode()
        raw = re.sub(rb"(?mi)^Message-ID:[^\r\n]*", own, raw, count=1)
        sent = self._new(raw, ["SENT"], thread)
        self.delivered.append(sent.raw)
        return self._show(sent, "minimal")

    def _content(self, call: Call, message: dict[str, Any]) -> tuple[bytes, str | None]:
        self._user(call)
        if (call.media is None) == ("raw" not in message):
            raise Refused(400, "invalidArgument", "'raw' RFC822 payload message string or uploading message required")
        if call.media is not None and call.media_type != "message/rfc822":
            raise Refused(400, "badContent", f"Media type '{call.media_type}' is not supported")
        raw = call.media if call.media is not None else base64.urlsafe_b64decode(message["raw"])
        if set(message) - {"raw", "threadId"} or len(raw) > 36_700_160:
            raise Refused(400, "invalidArgument", "a message of threadId and raw, of 35 MB at most")
        thread = message.get("threadId")
        there = [mail for mail in self.mails.values() if mail.thread == thread]
        if thread is not None and not there:
            raise Refused(404, "notFound", "Requested entity was not found.")
        mail = message_from_bytes(raw, policy=policy.default)
        joins = thread is None or there[0].labels == ["DRAFT"] or (mail["References"] and mail["In-Reply-To"])
        subjects = {_plain(one.heads["Subject"]) for one in there} | {_plain(mail["Subject"])}
        return raw, thread if joins and (thread is None or len(subjects) == 1) else None

    def _get_draft(self, call: Call) -> dict[str, Any]:
        id = self._known(call, self.drafts)
        return {"id": id, "message": self._show(self.mails[self.drafts[id]], call.get("format", "full"))}

    def _delete(self, call: Call) -> None:
        id = self._known(call, self.drafts)
        del self.mails[self.drafts.pop(id)]

    def _thread(self, call: Call) -> dict[str, Any]:
        self._user(call)
        there = [mail for mail in self.mails.values() if mail.thread == call.get("id")]
        if not there:
            raise Refused(404, "notFound", "Requested entity was not found.")
        shown = [self._show(mail, call.get("format", "full"), call.get("metadataHeaders")) for mail in there]
        return {"id": call.get("id"), "historyId": str(self._number), "messages": shown}

    def _list(self, call: Call) -> dict[str, Any]:
        self._user(call)
        wanted = set(call.get("labelIds", []))
        # The newest first.
        found = [mail for mail in reversed(self.mails.values()) if wanted <= set(mail.labels)]
        page = self._page(call, "messages", [{"id": mail.id, "threadId": mail.thread} for mail in found])
        return {"resultSizeEstimate": len(found), **page}

    def _get(self, call: Call) -> dict[str, Any]:
        id = self._known(call, self.mails)
        return self._show(self.mails[id], call.get("format", "full"), call.get("metadataHeaders"))

    def _changes(self, call: Call) -> dict[str, Any]:
        self._user(call)
        start = int(call.get("startHistoryId", "0"))
        if start < self._forgotten:
            raise Refused(404, "notFound", "Requested entity was not found.")
        if call.get("historyTypes") != ["messageAdded"]:
            raise Refused(400, "invalidArgument", "the fake has the history of new messages only")
        records = []
        for number, id in self._history:
            if number > start:
                mail = self.mails.get(id)
                labels = mail.labels if mail else ["DRAFT"]
                added = {"id": id, "threadId": mail.thread if mail else id, "labelIds": labels}
                records.append({"id": str(number), "messages": [added], "messagesAdded": [{"message": added}]})
        return {"historyId": str(self._number), **self._page(call, "history", records)}

    def _profile(self, call: Call) -> dict[str, Any]:
        self._user(call)
        return {"emailAddress": self._me, "historyId": str(self._number), "messagesTotal": len(self.mails)}

    def _page(self, call: Call, key: str, items: list[Any]) -> dict[str, Any]:
        size = call.get("maxResults", 100)
        if not 0 < size <= 500:
            raise Refused(400, "invalidArgument", "maxResults is 500 at most")
        first = int(call.get("pageToken", "0"))
        last = first + min(size, self._page_limit)
        more = {"nextPageToken": str(last)} if last < len(items) else {}
        # An empty list is left out, as Gmail does.
        return {**({key: items[first:last]} if items[first:last] else {}), **more}

    def _known(self, call: Call, there: dict[str, Any]) -> str:
        self._user(call)
        if call.get("id") not in there:
            raise Refused(404, "notFound", "Requested entity was not found.")
        return str(call.get("id"))

    def _user(self, call: Call) -> None:
        if call.get("userId") not in {"me", self._me}:
            raise Refused(403, "forbidden", "Delegation denied")

    def _thread_of(self, mail: EmailMessage) -> str | None:
        answered = f"{mail.get('References', '')} {mail.get('In-Reply-To', '')}"
        ids = {one.heads.get("Message-ID", ""): one.thread for one in self.mails.values()}
        return next((thread for id, thread in ids.items() if id and id.strip() in answered), None)

    def _show(self, mail: _Mail, form: str, wanted: list[str] | None = None) -> dict[str, Any]:
        shown: dict[str, Any] = {"id": mail.id, "threadId": mail.thread, "labelIds": mail.labels}
        if form == "minimal":
            return shown
        shown |= {"historyId": str(mail.history), "internalDate": str(int(mail.at.timestamp() * 1000))}
        if form == "raw":
            return {
                **shown,
                "raw": base64.urlsafe_b64encode(mail.raw).decode().rstrip("="),
                "sizeEstimate": len(mail.raw),
            }
        if form != "metadata":
            raise AssertionError(f"the fake has no {form} messages")
        names = None if wanted is None else {name.lower() for name in wanted}
        heads = [{"name": k, "value": str(v)} for k, v in mail.heads.items() if names is None or k.lower() in names]
        return {**shown, "payload": {"headers": heads}}


def _plain(subject: Any) -> str:
    return str(subject or "").lower().removeprefix("re:").strip()
