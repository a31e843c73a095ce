"""What of a team's work its bodies see in the team's folder, and in which role each of them sees it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from tasks.domain.edition import Edition, FolderRole
from tasks.domain.view import TeamView

#: The kinds of documents a team's folder holds, each in its current version: what has been circulated or issued. Files
#: for one party only, forms and what comes in are none of them.
KINDS: Final = ("concept-note", "background-paper", "panel-list", "summary", "report")
#: A final text that waits for its coordinator is nobody else's yet: the folder keeps the version before.
_PAPER_IS_OUT: Final = ("circulated", "deciding", "issued")


@dataclass(frozen=True)
class Grant:
    """An address that may see a team's folder, and as what."""

    email: str
    role: FolderRole


def is_for_the_folder(view: TeamView, kind: str, key: str) -> bool:
    """Whether the current document of this kind and key is for the bodies of the team."""
    return kind in KINDS and (kind != "background-paper" or view.state(kind, key) in _PAPER_IS_OUT)


def version_id(kind: str, key: str, language: str, number: int, sha256: str) -> str:
    """What names a version of a document in a folder, as a SHA-256."""
    return hashlib.sha256("\n".join([kind, key, language, str(number), sha256]).encode()).hexdigest()


def grants_of(view: TeamView) -> dict[str, Grant]:
    """Who is to see the team's folder, by body: the team and who joined it, as far as e-mail reaches them."""
    team = view.session.team
    if team is None:
        return {}
    edition = view.edition
    note = view.find("concept-note", view.session.id)
    joined = note.facts.get("joined", []) if note else []
    found = {}
    for body in dict.fromkeys([*team.bodies, *joined]):
        email = address_of(edition, body)
        only_observes = body in team.observers and body not in joined
        if email:
            found[body] = Grant(email, edition.folders.observers if only_observes else edition.folders.members)
    return found


def address_of(edition: Edition, body: str) -> str | None:
    """Where the focal point of a body is reached, in small letters; None where e-mail does not reach it."""
    entry = edition.body(body)
    return (entry.focal_point.email or "").lower() or None if entry.reached_by_email else None
