"""A rehearsal's Google: the made-up one on this machine, over HTTP, and what it was asked."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from tasks.adapters.google.delivery import Workspace, google_delivery
from tasks.adapters.google.fake.calendar import CALENDAR_ID
from tasks.adapters.google.fake.drive import DRIVE_ID
from tasks.adapters.google.fake.loopback import serve, services_at
from tasks.adapters.google.fake.workspace import FakeGoogle
from tasks.adapters.google.service import Calls
from tasks.adapters.ports import Delivery, Found, Incoming, Mail, Message, Sent

Answer = TypeVar("Answer")


class GooglePost:
    """Mails of a rehearsal's people, put into the made-up Gmail's mailbox."""

    def __init__(self, google: FakeGoogle) -> None:
        self._gmail = google.gmail

    def message_id(self, thread: str) -> str:
        """The Message-ID of the last mail in Gmail's thread."""
        return self._gmail.last_id(thread)

    def deliver(self, name: str, mail: bytes, at: dt.datetime) -> None:
        """Let the mail come in, into the thread of what it answers."""
        self._gmail.receive(mail)

    def take_back(self, is_taken: Callable[[Incoming], bool]) -> None:
        """Nothing: this Google lives and ends with the rehearsal."""


class CountedMail:
    """Mail that knows for which letter each call was made; the rest is nobody's letter."""

    def __init__(self, mail: Mail, calls: Calls) -> None:
        self._mail = mail
        self._calls = calls
        #: Calls by the key of a letter.
        self.by_letter: Counter[str] = Counter()

    def reserve(self, message: Message) -> str:
        """As the mail within."""
        return self._for(message, lambda: self._mail.reserve(message))

    def send(self, reserved: str, message: Message) -> Sent:
        """As the mail within."""
        return self._for(message, lambda: self._mail.send(reserved, message))

    def find(self, reserved: str) -> Found:
        """As the mail within."""
        return self._mail.find(reserved)

    def discard(self, reserved: str) -> None:
        """As the mail within."""
        self._mail.discard(reserved)

    def incoming(self, cursor: str | None) -> tuple[list[Incoming], str]:
        """As the mail within."""
        return self._mail.incoming(cursor)

    def _for(self, message: Message, work: Callable[[], Answer]) -> Answer:
        before = self._calls.total
        try:
            return work()
        finally:
            self.by_letter[message.key] += self._calls.total - before


@lru_cache(maxsize=1)
def _connected(root_url: str) -> tuple[Delivery, CountedMail, Calls]:
    services = services_at(root_url)
    delivery = google_delivery(services, Workspace(DRIVE_ID, CALENDAR_ID))
    mail = CountedMail(delivery.mail, services.calls)
    return replace(delivery, mail=mail), mail, services.calls


def rehearsed_delivery(root_url: str) -> Delivery:
    """The backend that speaks to the made-up Google at `root_url`, the same each time."""
    return _connected(root_url)[0]


@contextmanager
def made_up_google(google: FakeGoogle | None = None) -> Iterator[tuple[GooglePost, str]]:
    """A Google while the block lasts: its outside end, and its address, by which this process then delivers."""
    google = google or FakeGoogle()
    with serve(google) as root_url:
        os.environ["ROUNDTABLE_GOOGLE_FAKE"] = root_url
        try:
            yield GooglePost(google), root_url
        finally:
            del os.environ["ROUNDTABLE_GOOGLE_FAKE"]
            _connected.cache_clear()


def report(root_url: str, sessions: Mapping[str, str | None]) -> list[str]:
    """Calls by method, then by team, as lines to be read.

    Args:
        sessions: The session of each letter, by its key.
    """
    _, mail, calls = _connected(root_url)
    by_team: Counter[str] = Counter()
    for key, number in mail.by_letter.items():
        by_team[sessions.get(key) or ""] += number
    shared = calls.total - sum(by_team.values()) + by_team.pop("", 0)
    return [
        f"{calls.total:,} calls to the made-up Google, by method:",
        *(f"  {method:32} {number:6,}" for method, number in calls.counts().items()),
        "by team:",
        *(f"  {team:32} {number:6,}" for team, number in sorted(by_team.items())),
        f"  {'all together: mails read, others':32} {shared:6,}",
    ]
