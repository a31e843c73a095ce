"""How a letter is carried out: mailed, or as the act it is, a folder that is shared or an invitation to an entry.

Whatever it is, the sender does the same: an id is reserved, the ledger says that it is on its way under that id, it is
carried out; after a crash the backend is asked what became of the id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Protocol

from tasks.adapters.ledger import LetterRow
from tasks.adapters.ports import Agenda, Delivery, Files, Found, Gone, Mail, Message, NotSent, Role, Sent, agenda_id
from tasks.desk import Desk
from tasks.domain.errors import Invalid
from tasks.domain.outbox import Invite, Share
from tasks.outbox.composing import compose, sent_text


class Errand(Protocol):
    """One letter, to be carried out once. Errors are those of `tasks.adapters.ports`."""

    def reserve(self) -> str:
        """The id it goes under; nobody is told anything by that. Safe to repeat."""
        ...

    def carry_out(self, reserved: str) -> Sent:
        """Do it as `reserved`, after `reserve`."""
        ...

    def find(self, reserved: str) -> Found:
        """What became of it."""
        ...

    def discard(self, reserved: str) -> None:
        """Drop what was prepared."""
        ...


def errand_for(desk: Desk, delivery: Delivery, letter: LetterRow) -> Errand:
    """How this letter is carried out by this backend."""
    match letter.act:
        case Share():
            return _Sharing(desk, delivery.files, letter, letter.act)
        case Invite():
            return _Inviting(desk.edition.id, delivery.agenda, letter, letter.act)
        case None:
            return _Mailing(desk, delivery.mail, letter)


class _Mailing:
    def __init__(self, desk: Desk, mail: Mail, letter: LetterRow) -> None:
        self._desk, self._mail, self._letter = desk, mail, letter
        self._message: Message | None = None

    def reserve(self) -> str:
        self._message = compose(self._desk, self._letter)
        return self._mail.reserve(self._message)

    def carry_out(self, reserved: str) -> Sent:
        assert self._message is not None
        return self._mail.send(reserved, self._message)

    def find(self, reserved: str) -> Found:
        return self._mail.find(reserved)

    def discard(self, reserved: str) -> None:
        self._mail.discard(reserved)


class _Sharing:
    """The folder's id is what is reserved: who may see it answers what became of the share."""

    def __init__(self, desk: Desk, files: Files, letter: LetterRow, share: Share) -> None:
        self._desk, self._files, self._letter, self._share = desk, files, letter, share

    @property
    def _role(self) -> Role:
        return "commenter" if self._share.role == "commenter" else "reader"

    def reserve(self) -> str:
        _addresses(self._letter)
        return self._files.folder(self._desk.edition.id, self._share.team)

    def carry_out(self, reserved: str) -> Sent:
        text = sent_text(self._desk, self._letter)
        for email in _addresses(self._letter):
            self._files.share(reserved, email, self._role, notify=True, message=text)
        return Sent(reserved, reserved)

    def find(self, reserved: str) -> Found:
        try:
            shares = self._files.shares(reserved)
        except Gone:
            return NotSent()
        given = all(shares.get(email.lower()) == self._role for email in _addresses(self._letter))
        return Sent(reserved, reserved) if given else NotSent()

    def discard(self, reserved: str) -> None:
        """The folder stays: it is the team's."""


class _Inviting:
    """The name of the invitation is what is reserved; the entry keeps the name of its last one."""

    def __init__(self, edition: str, agenda: Agenda, letter: LetterRow, invite: Invite) -> None:
        self._agenda, self._letter, self._invite = agenda, letter, invite
        self._id = agenda_id(edition, invite.entry)

    def reserve(self) -> str:
        _addresses(self._letter)
        entry = self._agenda.get(self._id)
        if entry is None or entry.when != self._invite.due or entry.title != self._letter.subject:
            raise Invalid(
                f"{self._letter.key}: the calendar does not say “{self._letter.subject}” on {self._invite.due} as it "
                "was approved; let the daily sweep bring it up to date, and send again"
            )
        return hashlib.sha256(f"{self._letter.key}\n{self._letter.digest}".encode()).hexdigest()[:32]

    def carry_out(self, reserved: str) -> Sent:
        self._agenda.invite(self._id, _addresses(self._letter), reserved)
        return Sent(reserved, reserved)

    def find(self, reserved: str) -> Found:
        found = self._agenda.guests(self._id)
        return Sent(reserved, reserved) if found.invitation == reserved else NotSent()

    def discard(self, reserved: str) -> None:
        """Nothing was prepared."""


def _addresses(letter: LetterRow) -> Sequence[str]:
    """Where it goes; Invalid where one has no address, which an approval does not let pass."""
    found = [each.email for each in letter.recipients if each.email]
    if not found or len(found) < len(letter.recipients):
        raise Invalid(f"{letter.key}: somebody has no address; reject it, and it is drafted anew")
    return found
