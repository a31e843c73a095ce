"""Mails that came in through Gmail, from a point in its history on."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
from typing import Any, Final

from tasks.adapters.google.service import Services
from tasks.adapters.mail_in import read_mail
from tasks.adapters.ports import Gone, Incoming

#: Mails fetched with one request. Gmail allows 100 and recommends at most 50; each may have 25 MB.
_TOGETHER: Final = 10
#: Labels of what is no mail of a partner's.
_NOT_IN: Final = {"DRAFT", "SENT", "SPAM", "TRASH", "CHAT"}


class GmailInbox:
    """What comes in of `tasks.adapters.ports.Mail`, for the mailbox that signs in."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def incoming(self, cursor: str | None) -> tuple[list[Incoming], str]:
        """The mails that came in after `cursor`, a history id; from None on, what is in the inbox.

        Gmail forgets a history id after a week or more: then all of the inbox is given again, too.
        """
        what = "what came in by mail"
        fresh: list[str] | None = None
        if cursor is not None:
            try:
                fresh, cursor = self._after(cursor, what)
            except Gone:
                fresh = None
        if fresh is None or cursor is None:
            # The cursor first: what comes in between is given twice, not never.
            profile = self._services.gmail.users().getProfile(userId="me")
            cursor = str(self._services.call(profile, what)["historyId"])
            messages = self._services.gmail.users().messages()
            listed = self._services.pages(messages, "messages", what, userId="me", labelIds=["INBOX"], maxResults=500)
            fresh = [mail["id"] for mail in listed]
        mails = [mail for mail in self._fetch(fresh, what) if mail is not None and _came_in(mail)]
        return [_read(mail) for mail in sorted(mails, key=lambda mail: (int(mail["internalDate"]), mail["id"]))], cursor

    def _after(self, cursor: str, what: str) -> tuple[list[str], str]:
        history, reached, found = self._services.gmail.users().history(), cursor, {}
        request = history.list(userId="me", startHistoryId=cursor, historyTypes=["messageAdded"], maxResults=500)
        while request is not None:
            page = self._services.call(request, what)
            reached = str(page["historyId"])
            for record in page.get("history", []):
                found.update({added["message"]["id"]: added["message"] for added in record.get("messagesAdded", [])})
            request = history.list_next(request, page)
        return [id for id, mail in found.items() if _came_in(mail)], reached

    def _fetch(self, ids: list[str], what: str) -> list[Any]:
        """Whole mails, attachments and all, in a tenth as many requests; None for one deleted meanwhile."""
        messages, found = self._services.gmail.users().messages(), []
        for start in range(0, len(ids), _TOGETHER):
            requests = [messages.get(userId="me", id=id, format="raw") for id in ids[start : start + _TOGETHER]]
            found += self._services.batch(requests, what)
        return found


def _read(mail: Any) -> Incoming:
    raw = base64.urlsafe_b64decode(mail["raw"] + "=" * (-len(mail["raw"]) % 4))
    at = dt.datetime.fromtimestamp(int(mail["internalDate"]) / 1000, dt.UTC)
    return dataclasses.replace(read_mail(raw, mail["id"], at), thread=mail["threadId"])


def _came_in(mail: Any) -> bool:
    """Whether a mail came in: also when a filter has moved it out of the inbox, or when we sent it to ourselves."""
    labels = set(mail.get("labelIds", []))
    return "INBOX" in labels or not labels & _NOT_IN
