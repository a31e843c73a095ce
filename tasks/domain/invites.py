"""Who is invited to an entry of the agenda, by the edition's key `invites`."""

from __future__ import annotations

from typing import Final

from tasks.domain.edition import Edition, Event, Invited
from tasks.domain.sharing import address_of, grants_of
from tasks.domain.view import TeamView

_MEETING: Final = "fof"


def invited_to(edition: Edition, event: Event) -> dict[str, str]:
    """The bodies that are invited to an event, by address in small letters; without the key the Friends to theirs."""
    word: Invited | None = "friends" if event.kind == _MEETING else None
    if edition.invites is not None:
        word = edition.invites.get(event.id)
    if word is None or word == "team":
        return {}
    bodies = [body for body in edition.bodies if word == "bodies" or body.kind in edition.friends]
    return {address: body.id for body in bodies if (address := address_of(edition, body.id))}


def invited_to_deadline(view: TeamView, milestone: str) -> dict[str, str]:
    """The same for the milestone of one session (`milestone` is its id): its team, where the edition says so."""
    if (view.edition.invites or {}).get(milestone) != "team":
        return {}
    return {grant.email: body for body, grant in grants_of(view).items()}
