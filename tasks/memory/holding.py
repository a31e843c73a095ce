"""What the memory holds, counted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tasks.desk import Desk
from tasks.memory.pair import languages_of


@dataclass(frozen=True)
class Holding:
    """How many passages of a pair, such as `en:fr`, come from a paper of an edition, or from a file that was read in.

    Languages are those of the memory, which all editions share.
    """

    pair: str
    edition: str
    paper: str
    origin: str
    passages: int


def held(desk: Desk, pairs: Collection[tuple[str, str]] | None = None) -> list[Holding]:
    """What the memory holds, of all editions; with `pairs`, of those pairs of this edition's languages alone."""
    wanted = None if pairs is None else {languages_of(desk.edition, *pair) for pair in pairs}
    return [
        Holding(f"{source}:{target}", edition, paper, origin, passages)
        for source, target, edition, paper, origin, passages in desk.ledger.memory_counts()
        if wanted is None or (source, target) in wanted
    ]
