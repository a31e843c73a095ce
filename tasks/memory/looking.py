"""What was translated before, in this edition or another, looked up for the segments of a text."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.adapters.ledger import MemoryRow
from tasks.desk import Desk
from tasks.domain.memory import LEAST, Index, Passage, Source, Suggestion, neighbours
from tasks.memory.pair import languages_of


class Memory:
    """All that the ledger has of a language pair, as it was when this was opened."""

    def __init__(self, index: Index) -> None:
        self._index = index

    @classmethod
    def open(cls, desk: Desk, source_language: str, target_language: str, least: int = LEAST) -> Memory:
        """The memory between two languages of the edition, fed by all editions.

        `least` is the least likeness of what is offered, 1 to 100.
        """
        rows = desk.ledger.memory(*languages_of(desk.edition, source_language, target_language))
        return cls(Index(map(_passage, rows), least))

    def suggest(self, units: Sequence[Source]) -> dict[str, list[Suggestion]]:
        """For each segment of a whole text in order what is offered, best first, at most five; without those with none.

        Where only some segments of a text are given, those between other neighbours than before are "exact".
        """
        found = {
            unit.id: self._index.suggest(unit.source, before, after)
            for unit, (before, after) in zip(units, neighbours(units), strict=True)
        }
        return {id: suggestions for id, suggestions in found.items() if suggestions}

    def search(self, text: str) -> list[Suggestion]:
        """What is offered for a text by itself."""
        return self._index.suggest(text)


def _passage(row: MemoryRow) -> Passage:
    where = f"imported {row.paper}" if row.origin == "imported" else f"{row.edition} {row.paper}"
    return Passage(
        row.source, row.target, row.before, row.after, segment=row.segment, came_from=where,
        is_reviewed=row.origin == "reviewed", is_superseded=row.superseded, at=row.at,
    )  # fmt: skip
