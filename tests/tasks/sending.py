"""A sender that dies in the middle, in a process of its own.

It exits with 9 before the N-th step it would take, be it a statement to the database or a change of a file of the
outbox, of a folder or of the agenda; with 0 when all is sent, and with 3 when another sender was at work.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from sqlalchemy import event

from tasks import outbox
from tasks.adapters.local.delivery import local_delivery
from tasks.adapters.ports import Delivery, Found, Incoming, LostAnswer, Mail, Message, Sent, Unsure
from tasks.domain.errors import NotNow
from tests.tasks.office_help import Office

_FILE_CHANGES = {"os.rename", "os.remove", "os.mkdir", "tempfile.mkstemp"}


def in_a_fork(work: Callable[[], int]) -> int:
    """Start `work` in a process that is this one once more; its number, to wait for."""
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        code = work()
    finally:
        os._exit(code)


def ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def send_and_die(office: Office, die_before: int, wrap: Callable[[Mail], Mail] = lambda mail: mail) -> int:
    """Send what is approved, in this process, which dies before its N-th step; its exit code."""
    ours = office.again()
    left = die_before

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os._exit(9)

    event.listen(ours.ledger._engine, "before_cursor_execute", count)
    event.listen(ours.ledger._engine, "commit", count)
    places = tuple(f"{ours.home}/{name}" for name in ("outbox", "files", "agenda"))

    def changed(what: str, arguments: tuple[object, ...]) -> None:
        is_write = what == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if (what in _FILE_CHANGES or is_write) and str(arguments[0]).startswith(places):
            count()

    sys.addaudithook(changed)
    delivery = local_delivery(ours.home)
    try:
        outbox.send(ours.desk, Delivery(wrap(delivery.mail), delivery.files, delivery.agenda, delivery.name))
    except NotNow:
        return 3
    return 0


class Losing:
    """Mail whose answers get lost, by a list of what happens to each one in turn: kept, lost before, lost after."""

    def __init__(self, mail: Mail, fates: list[str], can_tell: bool = True) -> None:
        self._mail, self._fates, self._can_tell = mail, list(fates), can_tell

    def reserve(self, message: Message) -> str:
        return self._mail.reserve(message)

    def send(self, reserved: str, message: Message) -> Sent:
        fate = self._fates.pop(0) if self._fates else "kept"
        if fate == "lost before":
            raise LostAnswer("the connection was cut")
        sent = self._mail.send(reserved, message)
        if fate == "lost after":
            raise LostAnswer("the connection was cut")
        return sent

    def find(self, reserved: str) -> Found:
        return self._mail.find(reserved) if self._can_tell else Unsure("the mailbox does not answer")

    def discard(self, reserved: str) -> None:
        self._mail.discard(reserved)

    def incoming(self, cursor: str | None) -> tuple[list[Incoming], str]:
        return self._mail.incoming(cursor)
