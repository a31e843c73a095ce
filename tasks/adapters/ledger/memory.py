"""The translation memory grows: each passage once for its place, be it remembered as often as it may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import bindparam, delete, insert

from tasks.adapters.ledger import schema
from tasks.adapters.ledger.columns import storable
from tasks.adapters.ledger.rows import MemoryRow
from tasks.adapters.ledger.writing import Writing, fetch, rows_where

Origin = Literal["reviewed", "translated", "imported"]
_PLACE = ("edition", "source_language", "target_language", "paper", "segment", "source_key")


@dataclass(frozen=True)
class Remembered:
    """What remembering changed: passages that are new, that say something else now, and that lost their place."""

    new: int = 0
    replaced: int = 0
    superseded: int = 0


@dataclass(frozen=True)
class Translated:
    """A passage to remember, its codes numbered as in `MemoryRow`."""

    segment: str
    source_key: str
    source: str
    target: str
    before: str
    after: str


class Memories(Writing):
    """The part of a change that remembers translations."""

    def remember(
        self,
        source_language: str,
        target_language: str,
        passages: Sequence[Translated],
        *,
        paper: str,
        session: str | None,
        origin: Origin,
    ) -> Remembered:
        """Remember passages of a paper, or of a file by its name. What is there already changes nothing.

        The same source in the same segment takes the place of the earlier one; another source supersedes it, and the
        earlier one is still of use. A passage that was reviewed stays so, as long as it says the same.
        """
        self._require_edition()
        values = {
            "edition": self.edition,
            "source_language": source_language,
            "target_language": target_language,
            "paper": paper,
        }
        held = {
            (row.segment, row.source_key): row
            for row in fetch(self._connection, rows_where(schema.memory, tuple(values)), MemoryRow, values)
        }
        changed: dict[tuple[str, str], MemoryRow] = {}
        for each in passages:
            place = each.segment, each.source_key
            row = MemoryRow(
                **values, segment=each.segment, source_key=each.source_key, session=session,
                source=storable(each.source), target=storable(each.target), before=each.before, after=each.after,
                origin=origin, superseded=False, by=storable(self.who.by), at=self.who.at, run=self.who.run,
            )  # fmt: skip
            changed[place] = _as_reviewed(row, held[place]) if place in held else row
        segments = {segment for segment, _ in changed}
        gone = {
            place: replace(row, superseded=True)
            for place, row in held.items()
            if place[0] in segments and place not in changed and not row.superseded
        }
        changed = {place: row for place, row in changed.items() if place not in held or not _is_same(row, held[place])}
        if not changed and not gone:
            return Remembered()
        self._put([*changed.values(), *gone.values()], [*(changed.keys() & held.keys()), *gone])
        done = Remembered(len(changed.keys() - held.keys()), len(changed.keys() & held.keys()), len(gone))
        told = {"event": "remembered", "origin": origin, "session": session, **vars(done)}
        self._log("memory", "memory", f"{paper}:{source_language}:{target_language}", told)
        return done

    def _put(self, rows: Sequence[MemoryRow], instead_of: Sequence[tuple[str, str]]) -> None:
        table = schema.memory
        if instead_of:
            of_place = [table.c[name] == bindparam(f"at_{name}") for name in _PLACE]
            common = {f"at_{name}": getattr(rows[0], name) for name in _PLACE[:4]}
            places = [{**common, "at_segment": segment, "at_source_key": key} for segment, key in instead_of]
            self._connection.execute(delete(table).where(*of_place), places)
        self._connection.execute(insert(table), [vars(row) for row in rows])


def _as_reviewed(row: MemoryRow, held: MemoryRow) -> MemoryRow:
    """A row that takes the place of one, reviewed where that was and says the same."""
    is_reviewed = held.origin == "reviewed" and row.target == held.target
    return replace(row, origin="reviewed") if is_reviewed else row


def _is_same(row: MemoryRow, held: MemoryRow) -> bool:
    """Whether two rows differ in nothing but who wrote them when."""
    return replace(row, by=held.by, at=held.at, run=held.run) == held
