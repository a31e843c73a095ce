"""The rows of a matrix, what they are made of, and what was decided on them."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from tasks.domain.markup import Change, Markup, Piece

Source = Literal["file", "mail", "table"]


class Kind(StrEnum):
    """What a comment is about: the paper as a whole, what it says, or only how it says it."""

    GENERAL = "general"
    SUBSTANTIVE = "substantive"
    EDITORIAL = "editorial"


class Disposition(StrEnum):
    """What the team decides on a row. Not accepting one wants a reason."""

    ACCEPTED = "accepted"
    ACCEPTED_WITH_CHANGES = "accepted-with-changes"
    PARTLY = "partly"
    NOT_ACCEPTED = "not-accepted"
    NOTED = "noted"


@dataclass(frozen=True)
class MarkRef:
    """A mark by the body that made it, the hash of its file or text, and its id there."""

    body: str
    source: str
    mark: str


@dataclass(frozen=True)
class Said:
    """A comment; `reply_to` is the place in the row's comments of the one it answers."""

    body: str
    author: str
    at: dt.datetime | None
    text: str
    reply_to: int | None = None
    is_resolved: bool = False
    source: Source = "file"


@dataclass(frozen=True)
class Row:
    """One row of the matrix.

    `paragraph` is the index in the draft, None where it is to be placed by a person; then `guess` is the likeliest, or
    None where the comment is on the paper as a whole. `number` is the paragraph number a reader sees there. `proposal`
    shows the passage with what would change, `changes` would make it; without them it is made by hand.
    """

    id: str
    bodies: tuple[str, ...]
    paragraph: int | None
    number: int | None
    guess: int | None
    kind: Kind
    passage: str
    comments: tuple[Said, ...]
    proposal: tuple[Piece, ...]
    changes: tuple[Change, ...]
    is_tracked: bool
    marks: tuple[MarkRef, ...]
    same_passage: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Returned:
    """A copy of the draft that came back."""

    body: str
    source: str
    markup: Markup


@dataclass(frozen=True)
class Spoken:
    """Comments that came as text, in a mail or a file without the draft."""

    body: str
    source: str
    author: str
    at: dt.datetime | None
    text: str


@dataclass(frozen=True)
class Filled:
    """Comments that came in a table; its first row may be headings."""

    body: str
    source: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Accepted:
    """What the accepted rows ask for: rows whose changes can all be made together, rows that contradict each other, and
    rows that a person has to see to."""

    rows: tuple[Row, ...]
    conflicts: tuple[tuple[Row, ...], ...]
    by_hand: tuple[Row, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes of the rows."""
        return tuple(change for row in self.rows for change in row.changes)


@dataclass(frozen=True)
class Figures:
    """Rows by body and kind, and by the draft's paragraph."""

    by_body: Mapping[str, Mapping[str, int]]
    by_paragraph: Mapping[int, int]


def undecided(rows: Iterable[Row], decided: Container[str]) -> tuple[Row, ...]:
    """The rows that nobody has decided on."""
    return tuple(row for row in rows if row.id not in decided)


def accepted_changes(rows: Sequence[Row], decided: Mapping[str, Disposition]) -> Accepted:
    """What follows from the decisions for the next draft."""
    accepted = {row.id: row for row in rows if decided.get(row.id) is Disposition.ACCEPTED}
    partly = (Disposition.ACCEPTED_WITH_CHANGES, Disposition.PARTLY)
    by_hand = [row for row in rows if decided.get(row.id) in partly or (row.id in accepted and not row.changes)]
    conflicts: list[tuple[Row, ...]] = []
    seen: set[str] = set()
    found: list[Row] = []
    for row in rows:
        if row.id not in accepted or not row.changes or row.id in seen:
            continue
        together, waiting = [], [row.id]
        while waiting:
            id = waiting.pop()
            if id not in seen and id in accepted:
                seen.add(id)
                together.append(accepted[id])
                waiting += accepted[id].conflicts
        if len(together) > 1:
            conflicts.append(tuple(sorted(together, key=rows.index)))
        else:
            found.append(row)
    return Accepted(tuple(found), tuple(conflicts), tuple(by_hand))


def figures(rows: Iterable[Row]) -> Figures:
    """How many rows each body has of each kind, and each paragraph of the draft."""
    by_body: dict[str, Counter[str]] = defaultdict(Counter)
    by_paragraph: Counter[int] = Counter()
    for row in rows:
        for body in row.bodies:
            by_body[body][row.kind.value] += 1
        place = row.paragraph if row.paragraph is not None else row.guess
        if place is not None:
            by_paragraph[place] += 1
    return Figures(by_body, by_paragraph)
