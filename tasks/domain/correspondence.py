"""Who signs a letter and who gets a copy of it, by the edition's tables."""

from __future__ import annotations

from typing import Final

from tasks.domain.edition import Edition, Staff
from tasks.domain.letter import LETTERS
from tasks.domain.outbox import ACTS

ANY: Final = "*"
#: Parts somebody has in a letter's session, which `copies` may name beside ids.
PARTS: Final = ("lead", "co-lead", "coordinator", "director")
_RANK: Final = ("director", "coordinator", "operator", "member")


def kinds() -> tuple[str, ...]:
    """What the tables may say of letters: every kind, and all others."""
    return (ANY, *(letter.kind for letter in LETTERS))


def signatory_of(edition: Edition, kind: str, session: str | None, party: str | None) -> Staff:
    """Who signs a letter of `kind` about `session` to `party`; never whom it goes to, where there are others."""
    is_directors = edition.signs.get(kind, edition.signs.get(ANY)) == "director"
    first = [edition.coordinator_of(edition.session(session))] if session and not is_directors else []
    staff = [*first, *sorted(edition.staff, key=lambda member: _RANK.index(member.role))]
    return next((member for member in staff if member.id != party), staff[0])


def copies_of(edition: Edition, kind: str, session: str | None, party: str) -> list[str]:
    """The ids of who gets a copy of a letter of `kind` about `session` to `party`, each once, never `party` itself."""
    if kind in ACTS or not edition.has("bodies", party):
        return []
    found: list[str] = []
    for rule in edition.copies:
        if {ANY, kind} & set(rule.letters) and (not rule.to or party in rule.to):
            found += [id for named in rule.cc for id in _who(edition, session, named)]
    return [id for id in dict.fromkeys(found) if id != party]


def _who(edition: Edition, session: str | None, named: str) -> list[str]:
    """Whom a word of `cc` means; nobody where the letter's session has no such part."""
    if named not in PARTS:
        return [named]
    if named == "director":
        return [member.id for member in edition.staff if member.role == "director"]
    if session is None:
        return []
    about = edition.session(session)
    if named == "coordinator":
        return [edition.coordinator_of(about).id]
    team = about.team
    holder = None if team is None else team.lead if named == "lead" else team.co_lead
    return [holder] if holder else []
