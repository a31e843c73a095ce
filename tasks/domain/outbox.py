"""What may happen to a letter between its draft and its end, and what an approval is an approval of.

An approval is bound to the digest of recipients and copies, subject, body and signature, attachments, the mail that is
answered, and the act: whatever changes, it is void. Letting somebody see a folder and inviting to a calendar entry tell
people something, too: such an act is a letter that is carried out instead of mailed.

The states are in `tasks.domain.machines`, kind "letter"; docs/process.md says who moves a letter on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Final, TypeAlias

#: The kind of a letter among the tables of transitions.
LETTER: Final = "letter"
#: Not on its way yet: may be changed, and is cancelled where it has become pointless. One that failed was not sent.
OPEN: Final = ("draft", "approved", "failed")
#: What a sender takes up: approved, or tried before and certainly not sent.
READY: Final = ("approved", "failed")


@dataclass(frozen=True)
class Addressee:
    """One recipient: a body, person or member of the Taskforce (`party`), and the body they speak for, if any.

    `email` is None where the edition knows no address: such a letter can't be approved.
    """

    party: str
    body: str | None
    name: str
    email: str | None


@dataclass(frozen=True)
class Signatory:
    """The member of the Taskforce who signs a letter and sends it; `title` is in the letter's language."""

    member: str
    name: str
    title: str
    email: str


@dataclass(frozen=True)
class Answered:
    """The mail a letter answers: its thread, as the backend calls it, its subject, and who sent it."""

    thread: str
    subject: str
    email: str

    def is_from(self, recipients: Iterable[Addressee]) -> bool:
        """Whether one of `recipients` wrote the mail: nobody else is answered in its thread."""
        return self.email.casefold() in {each.email.casefold() for each in recipients if each.email}

    @property
    def reply(self) -> str:
        """The subject of an answer: mail programs keep a thread together by it, too. Empty where the mail has none."""
        subject = self.subject.strip()
        return subject if not subject or subject.casefold().startswith("re:") else f"Re: {subject}"


@dataclass(frozen=True)
class Share:
    """Let the recipients see the folder of `team` (a session) in a role: "reader" or "commenter"."""

    team: str
    role: str


@dataclass(frozen=True)
class Invite:
    """Make the recipients guests of the agenda's `entry` (the key of an event or milestone), as long as it is `due`.

    `due` is a day or an instant, in ISO form.
    """

    entry: str
    due: str


#: What a letter does where it is not mailed.
Act: TypeAlias = Share | Invite
#: The kinds of letters that are acts. Nobody gets a copy of them.
FOLDER_SHARE: Final = "folder-share"
AGENDA_INVITATION: Final = "agenda-invitation"
ACTS: Final = (FOLDER_SHARE, AGENDA_INVITATION)


def signed(body: str, signatory: Signatory | None) -> str:
    """A letter from salutation to signature, as it goes out."""
    if signatory is None:  # drafted before letters were signed
        return body
    return "\n".join([body, "", *(line for line in (signatory.name, signatory.title) if line)])


def digest(
    recipients: Sequence[Addressee],
    subject: str,
    body: str,
    attachments: Sequence[str],
    cc: Sequence[Addressee] = (),
    signatory: Signatory | None = None,
    in_reply_to: str | None = None,
    act: Act | None = None,
) -> str:
    """The SHA-256 of what an approval is for; `attachments` are hashes, in order, `in_reply_to` a thread."""
    content: list[object] = [[asdict(each) for each in recipients], subject, body, list(attachments)]
    # A letter that has none of these keeps the digest under which it was approved before there were any.
    if cc or signatory or in_reply_to:
        content += [[asdict(each) for each in cc], signatory and asdict(signatory), in_reply_to]
    if act:
        content.append({type(act).__name__: asdict(act)})
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def is_on_paper(recipients: Sequence[Addressee]) -> bool:
    """Whether e-mail reaches nobody a letter is for: approved, it is printed and delivered otherwise."""
    return bool(recipients) and not any(each.email for each in recipients)


def parse_text(text: str) -> tuple[str | None, str | None]:
    """Subject and body of a letter as a text file has them: `Subject: ...` in the first line, then the text.

    None for what the file does not have.
    """
    first, _, rest = text.strip().partition("\n")
    word, colon, subject = first.partition(":")
    if colon and word.strip().casefold() == "subject":
        return subject.strip() or None, rest.strip() or None
    return None, text.strip() or None


def why_not_approved(key: str, recipients: Sequence[Addressee]) -> str | None:
    """Why a letter can't be approved as it stands, with what to do next; None where it can."""
    if not recipients:
        return f"{key}: has no recipient; name one with `roundtable outbox edit`"
    missing = [each.party for each in recipients if not each.email]
    if missing:
        return (
            f"{key}: no e-mail address of {', '.join(missing)} is known; put it into the edition and take it over with "
            "`roundtable outbox edit --readdress`, or approve it by its key, to be printed and delivered otherwise"
        )
    return None


def code_of(shown: Iterable[tuple[str, str]]) -> str:
    """A short code for letters that were shown, as (key, digest): it is another when any of them is."""
    return hashlib.sha256(json.dumps(sorted(shown)).encode()).hexdigest()[:8]
