"""The boundary to the partners: mail, files and the agenda, as every backend offers them.

Values and protocols only. A backend is `tasks.adapters.local` or `tasks.adapters.google`; both pass the same tests,
tests/adapters/delivery_contract.py. No backend reads the clock: a message brings its date, an entry its change.

    RoundtableError
    └── DeliveryError
        ├── Transient    not done, may be tried again, not before `after_seconds`
        ├── Quota        not done, the provider's allowance is used up; a person or tomorrow helps
        ├── Denied       a scope or a share is missing; the message says which
        ├── Gone         what was named is not there (any more)
        ├── Conflict     something else is already there under that id or name
        └── LostAnswer   it may have happened: ask `find`, or repeat what is safe to repeat
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, TypeAlias

from tasks.domain.errors import Invalid, RoundtableError

Role: TypeAlias = Literal["reader", "commenter"]

#: What SMTP carries without an extension (RFC 5321, 4.1.2): nothing else gets into a header.
_MAILBOX: Final = re.compile(
    r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@[A-Z0-9-]+(\.[A-Z0-9-]+)*", re.A | re.I
)
_CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
#: In the text of a mail lines and tabs are meant, the rest is not.
_TEXT_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
#: RFC 6838 (4.2).
_MIME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*")


class DeliveryError(RoundtableError):
    """Something outside did not do what it was asked."""


class Transient(DeliveryError):
    """Not done; may be tried again in `after_seconds`, or when the caller thinks fit if that is None."""

    def __init__(self, message: str, after_seconds: float | None = None) -> None:
        self.after_seconds = after_seconds
        super().__init__(message)


class Quota(DeliveryError):
    """Not done; the allowance of the day, the user or the drive is used up."""


class Denied(DeliveryError):
    """Not done; the message names the scope or the share that is missing."""


class Gone(DeliveryError):
    """What was named is not there."""


class Conflict(DeliveryError):
    """Something else is there under that id or name."""


class LostAnswer(DeliveryError):
    """It may have been done: the connection ended before the answer."""


@dataclass(frozen=True)
class Address:
    """A mailbox and the name shown before it, which may be empty."""

    name: str
    email: str


@dataclass(frozen=True)
class Attachment:
    """A file of a mail; `sha256` is that of `data`, in hexadecimal, `mime` like "application/pdf"."""

    name: str
    data: bytes
    sha256: str
    mime: str

    @classmethod
    def of(cls, name: str, data: bytes, mime: str) -> Attachment:
        """`data` under `name`, its hash counted."""
        return cls(name, data, hashlib.sha256(data).hexdigest(), mime)


@dataclass(frozen=True)
class Message:
    """One mail to go out. `key` is its letter's in the ledger; `date`, aware, goes into the Date header.

    `in_reply_to` is the `thread` of a Sent or Incoming whose thread this mail continues.

    Raises:
        Invalid: nobody to send it to, an address no mail server takes, a line end in a header, or an attachment that
            is not what its hash says.
    """

    key: str
    sender: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    text: str
    language: str
    attachments: tuple[Attachment, ...]
    date: dt.datetime
    in_reply_to: str | None = None

    def __post_init__(self) -> None:
        if self.date.tzinfo is None:
            raise ValueError(f"letter {self.key}: the date of a mail is aware")
        if not self.to:
            raise Invalid(f"letter {self.key} has no recipient; name one")
        for address in (self.sender, *self.to, *self.cc):
            if not _MAILBOX.fullmatch(address.email):
                raise Invalid(f"letter {self.key}: {address.email!r} is no mail address; correct it in the edition")
        heads = [self.subject, *(address.name for address in (self.sender, *self.to, *self.cc))]
        for head in [*heads, self.key, self.language, *(attachment.name for attachment in self.attachments)]:
            if _CONTROLS.search(head):
                raise Invalid(f"letter {self.key}: {head!r} has a line end or control character; take it out")
        if found := _TEXT_CONTROLS.search(self.text):
            raise Invalid(f"letter {self.key}: its text has the control character {found[0]!r}; take it out")
        for attachment in self.attachments:
            if not 0 < len(attachment.name.encode()) <= 240 or not _MIME.fullmatch(attachment.mime):
                whose = f"letter {self.key}: the attachment {attachment.name!r} of type {attachment.mime!r}"
                raise Invalid(f"{whose} needs a name of at most 240 bytes and a type like application/pdf")
            if hashlib.sha256(attachment.data).hexdigest() != attachment.sha256:
                raise Invalid(f"letter {self.key}: {attachment.name} is not the file that was approved; approve again")


@dataclass(frozen=True)
class Sent:
    """It went out: what the provider calls the mail, and the thread it is in."""

    reference: str
    thread: str


@dataclass(frozen=True)
class NotSent:
    """It certainly did not go out."""


@dataclass(frozen=True)
class Unsure:
    """Nobody but a person can tell; `reason` says why."""

    reason: str


Found: TypeAlias = Sent | NotSent | Unsure


@dataclass(frozen=True)
class Incoming:
    """A mail that came in; `text` is plain, `date` aware.

    `defect` is empty, or says in one sentence what of the mail could not be read: the rest is then as far as it could.
    """

    reference: str
    thread: str
    sender: Address
    subject: str
    text: str
    date: dt.datetime
    attachments: tuple[Attachment, ...]
    defect: str = ""


class Mail(Protocol):
    """Mails out, each at most once, and in, each at least once."""

    def reserve(self, message: Message) -> str:
        """An id for `message` before anything goes out.

        May be called again after a crash: at worst an unsent draft is left over, never anything sent.
        """
        ...

    def send(self, reserved: str, message: Message) -> Sent:
        """Let `message` go out as `reserved`; repeated, still one mail.

        Raises:
            Gone: it was never reserved, or discarded; nothing went out.
            LostAnswer: it may have gone out; ask `find`.
        """
        ...

    def find(self, reserved: str) -> Found:
        """What became of `reserved`, after a crash or a lost answer; of an id never reserved: not sent."""
        ...

    def discard(self, reserved: str) -> None:
        """Drop an unsent draft; what was sent stays sent. Safe to repeat."""
        ...

    def incoming(self, cursor: str | None) -> tuple[list[Incoming], str]:
        """The mails that came after `cursor`, oldest first, and the cursor to store once they are taken in.

        None is the beginning. The same cursor again gives the same mails again.
        """
        ...


@dataclass(frozen=True)
class FileRef:
    """A file, and one revision of it, as the provider calls them."""

    reference: str
    revision: str


@dataclass(frozen=True)
class Arrived:
    """A file that a partner put or changed in a team's folder; `sender` is a mail address where it is known.

    `defect` is empty, or says in one sentence why `data` is.
    """

    reference: str
    folder: str
    name: str
    data: bytes
    sender: str | None
    at: dt.datetime
    defect: str = ""


class Files(Protocol):
    """A folder per team, whose files keep every revision for ever, and who may see it."""

    def folder(self, edition: str, team: str) -> str:
        """The id of the team's folder, made once."""
        ...

    def put(self, folder: str, name: str, data: bytes, known: str | None, version_id: str) -> FileRef:
        """A new file, or with `known`, a reference, a new revision of that file, which is then called `name`.

        Args:
            version_id: a SHA-256 that names this version in this folder: put again, it is the same revision.

        Raises:
            Gone: there is no `folder`, or no file `known` in it.
            Conflict: another file of the folder has this name.
        """
        ...

    def read(self, ref: str, revision: str | None = None) -> bytes:
        """What the file holds now, or held at `revision`; Gone when there is no such file or revision."""
        ...

    def shares(self, folder: str) -> dict[str, Role]:
        """Who may do what in the folder, by mail address in small letters."""
        ...

    def share(self, folder: str, email: str, role: Role, notify: bool, message: str = "") -> None:
        """Let `email` see the folder as `role`, in place of the role it had. Safe to repeat.

        Args:
            notify: the provider tells that person, who is told nothing where the share was there already.
            message: What the provider adds, in our words, to what it tells.
        """
        ...

    def unshare(self, folder: str, email: str) -> None:
        """Take `email` off the folder. Safe to repeat."""
        ...

    def changes(self, cursor: str | None) -> tuple[list[Arrived], str]:
        """What partners put or changed after `cursor`, oldest first, and the cursor to store once it is taken in.

        None is the beginning. The same cursor again gives at least the same files again, as they are now or were then.
        """
        ...


@dataclass(frozen=True)
class AgendaEntry:
    """A milestone of an edition on its calendar.

    `due` is a date for a whole day, or an aware instant, written in `zone` (an IANA name); `until_date` is the last day
    of several whole ones. `changed_at`, aware, is when the ledger changed it; it is no part of what is compared.
    """

    edition: str
    title: str
    due: dt.date | dt.datetime
    zone: str
    changed_at: dt.datetime = field(compare=False)
    until_date: dt.date | None = None
    description: str = ""

    def __post_init__(self) -> None:
        if self.changed_at.tzinfo is None or (isinstance(self.due, dt.datetime) and self.due.tzinfo is None):
            raise ValueError(f"{self.edition}, {self.title}: instants of an agenda are aware")

    @property
    def when(self) -> str:
        """The day, or the instant in UTC, in ISO form: the same in whatever zone a backend hands it back."""
        return self.due.astimezone(dt.UTC).isoformat() if isinstance(self.due, dt.datetime) else self.due.isoformat()


@dataclass(frozen=True)
class Guests:
    """The guests of an entry, addresses in small letters, and the last invitation; None before the first."""

    emails: frozenset[str] = frozenset()
    invitation: str | None = None


class Agenda(Protocol):
    """The milestones of an edition on a calendar that its partners see. Every method is safe to repeat."""

    def put(self, id: str, entry: AgendaEntry) -> None:
        """Make the entry `id` (see `agenda_id`), or make it what `entry` says, also after it was cancelled."""
        ...

    def put_all(self, entries: Mapping[str, AgendaEntry]) -> None:
        """`put` for many entries of one edition, by id; where it fails, some may be there and others not."""
        ...

    def cancel(self, id: str) -> None:
        """Call the entry off; nothing happens where there is none."""
        ...

    def cancel_all(self, ids: Collection[str]) -> None:
        """`cancel` for many entries; where it fails, some may be called off and others not."""
        ...

    def get(self, id: str) -> AgendaEntry | None:
        """The entry as it stands; None when there never was one or it was cancelled."""
        ...

    def invite(self, id: str, emails: Sequence[str], invitation: str) -> None:
        """Make `emails` guests of the entry beside those it has; the provider tells them. `put` leaves guests alone.

        Args:
            invitation: names this invitation: repeated under the same name nobody is told again.

        Raises:
            Gone: there is no such entry, or it was cancelled.
            LostAnswer: they may have been told; ask `guests`.
        """
        ...

    def guests(self, id: str) -> Guests:
        """Who is a guest of the entry, and by which invitation last; nobody where there is no entry."""
        ...

    def uninvite(self, id: str, email: str) -> None:
        """Take a guest off the entry; nobody is told."""
        ...


@dataclass(frozen=True)
class Delivery:
    """One backend, whole; `name` is "local" or "google"."""

    mail: Mail
    files: Files
    agenda: Agenda
    name: str


def agenda_id(edition: str, key: str) -> str:
    """The id of a milestone's entry, the same for ever: 34 letters of base32hex, as Google asks of an event's id."""
    digest = hashlib.sha256(json.dumps([edition, key]).encode()).digest()[:20]
    return "rt" + base64.b32hexencode(digest).decode().lower()
