"""What may happen to a letter between its draft and its end, and what an approval is an approval of.

An approval is bound to the digest of recipients, subject, body and attachments: whatever changes, it is void. The
states are in `tasks.domain.machines`, kind "letter"; docs/process.md says who moves a letter on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Final

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


def digest(recipients: Sequence[Addressee], subject: str, body: str, attachments: Sequence[str]) -> str:
    """The SHA-256 of what an approval is for; `attachments` are hashes, in order."""
    content = [[asdict(each) for each in recipients], subject, body, list(attachments)]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def why_not_approved(key: str, recipients: Sequence[Addressee]) -> str | None:
    """Why a letter can't be approved as it stands, with what to do next; None where it can."""
    if not recipients:
        return f"{key}: has no recipient; name one with `roundtable outbox edit`"
    missing = [each.party for each in recipients if not each.email]
    if missing:
        return (
            f"{key}: no e-mail address of {', '.join(missing)} is known; put it into the edition and take it over with "
            "`roundtable outbox edit --readdress`, or deliver the letter otherwise and reject it, saying so"
        )
    return None


def code_of(shown: Iterable[tuple[str, str]]) -> str:
    """A short code for letters that were shown, as (key, digest): it is another when any of them is."""
    return hashlib.sha256(json.dumps(sorted(shown)).encode()).hexdigest()[:8]
