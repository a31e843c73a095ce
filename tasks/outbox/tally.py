"""How many letters of each kind there are, and how far they have come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tasks.adapters.ledger import LetterRow


@dataclass(frozen=True)
class Tally:
    """The letters of one kind: drafted ones are all, and each is sent, cancelled, or waiting for somebody.

    `approved` are those that say today what somebody approved, sent or not.
    """

    kind: str
    drafted: int
    approved: int
    sent: int
    cancelled: int

    @property
    def waiting(self) -> int:
        """Letters that are neither sent nor cancelled: drafts, approved ones, failed ones, those nobody can tell of."""
        return self.drafted - self.sent - self.cancelled


def tally(letters: Iterable[LetterRow]) -> list[Tally]:
    """The letters by kind, in alphabetical order."""
    by_kind: dict[str, list[LetterRow]] = {}
    for row in letters:
        by_kind.setdefault(row.kind, []).append(row)
    return [_count(kind, by_kind[kind]) for kind in sorted(by_kind)]


def total(tallies: Iterable[Tally]) -> Tally:
    """All kinds together."""
    found = list(tallies)
    return Tally(
        kind="all",
        drafted=sum(one.drafted for one in found),
        approved=sum(one.approved for one in found),
        sent=sum(one.sent for one in found),
        cancelled=sum(one.cancelled for one in found),
    )


def _count(kind: str, letters: list[LetterRow]) -> Tally:
    return Tally(
        kind=kind,
        drafted=len(letters),
        approved=sum(row.approved_digest == row.digest for row in letters),
        sent=sum(row.status == "sent" for row in letters),
        cancelled=sum(row.status == "cancelled" for row in letters),
    )
