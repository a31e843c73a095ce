"""Letters that are not on their way follow the edition: a new focal point, another address."""

from __future__ import annotations

from tasks.adapters.ledger import LetterRow
from tasks.desk import Desk
from tasks.domain.outbox import OPEN, Addressee


def follow_addresses(desk: Desk) -> list[str]:
    """Take names and addresses of recipients and copies from the edition as it is now; the keys of what changed.

    A letter that was approved is a draft again. Shares and invitations are drafted anew by their own steps.
    """
    changed = [letter for letter in desk.letters_in(OPEN) if letter.act is None and _now(desk, letter) != _was(letter)]
    if changed:
        with desk.change("the edition has other names or addresses") as change:
            for letter in changed:
                recipients, cc = _now(desk, letter)
                change.edit_letter(letter.key, recipients=recipients, cc=cc)
    return [letter.key for letter in changed]


def _was(letter: LetterRow) -> tuple[tuple[Addressee, ...], tuple[Addressee, ...]]:
    return letter.recipients, letter.cc


def _now(desk: Desk, letter: LetterRow) -> tuple[tuple[Addressee, ...], tuple[Addressee, ...]]:
    recipients, copies = (
        tuple(_as_it_is(desk, each) for each in addressees) for addressees in (letter.recipients, letter.cc)
    )
    # A copy goes to an address, or not at all.
    return recipients, tuple(each for each in copies if each.email)


def _as_it_is(desk: Desk, each: Addressee) -> Addressee:
    """The same party as the edition has it; as it was where the edition has it no more."""
    known = any(desk.edition.has(collection, each.party) for collection in ("bodies", "people", "staff"))
    return desk.addressee(each.party) if known else each
