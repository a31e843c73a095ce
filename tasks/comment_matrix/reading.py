"""A matrix as it is kept: its rows, who made each mark when, and what was decided."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from pydantic import TypeAdapter

from tasks.adapters.ledger import Record
from tasks.desk import Desk
from tasks.domain.background_paper import MATRIX, round_key
from tasks.domain.comment_matrix import Disposition, Row, undecided
from tasks.domain.errors import NotNow, Unknown

_KEPT: Final = TypeAdapter(tuple[Row, ...])
#: Kinds of documents that hold a matrix: as data, for Word, for a spreadsheet.
ROWS, WORD, SHEET = "comment-rows", "comment-matrix", "comment-sheet"


@dataclass(frozen=True)
class Decided:
    """What the team decided on one row, by whom, and the reason it gives."""

    disposition: Disposition
    reason: str
    by: str


@dataclass(frozen=True)
class Matrix:
    """The comments of one round of a paper with the decisions on them.

    `marks` are author and time (ISO, "" where the file does not say) of each mark, by source and id; `unread` the files
    that could not be read, with the reason. `formerly` is what number each paragraph had in the draft before, by its
    number.
    """

    paper: str
    round: int
    version: int
    rows: tuple[Row, ...]
    marks: Mapping[str, Mapping[str, tuple[str, str]]]
    unread: tuple[tuple[str, str], ...]
    decided: Mapping[str, Decided]
    formerly: Mapping[int, int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return round_key(self.paper, self.round)

    @cached_property
    def keys(self) -> dict[str, str]:
        """The key people see, by row."""
        return {row.id: shown_key(row) for row in self.rows}

    @property
    def undecided(self) -> tuple[Row, ...]:
        """The rows that nobody has decided on."""
        return undecided(self.rows, self.decided)

    @property
    def dispositions(self) -> dict[str, Disposition]:
        return {row: decided.disposition for row, decided in self.decided.items()}

    def row(self, id: str) -> Row:
        """The row a person names, by its id or the key shown in the matrix; Unknown with those like it."""
        wanted = id.strip().casefold().rpartition("·")[2]
        found = [row for row in self.rows if row.id == wanted]
        if not found:
            some = ", ".join(shown_key(row) for row in self.undecided[:8]) or "none that is undecided"
            raise Unknown(f"{id}: there is no such comment on {self.paper}, draft {self.round}; there is {some}")
        return found[0]


def shown_key(row: Row) -> str:
    """A row's key as people see it: paragraph number, then its id; rows sort by it as text."""
    return f"{row.number:03}·{row.id}" if row.number is not None else f"000·{row.id}"


def decision_key(matrix: str, row: str) -> str:
    """The key of the decision on one row of a matrix."""
    return f"comment/{matrix}/{row}"


def matrix_of(desk: Desk, paper: str, round: int | None = None) -> Matrix:
    """The matrix of a round, or of the newest that has one.

    Raises:
        NotNow: the comments of that round were not compiled yet.
    """
    found = [
        record
        for record in desk.ledger.records(desk.edition.id, MATRIX)
        if record.facts["paper"] == paper and round in (None, record.facts["round"])
    ]
    if not found:
        which = f"draft {round}" if round else "any draft"
        raise NotNow(f"{paper}: no comments on {which} were compiled yet; they are when the round is over")
    return load(desk, max(found, key=lambda record: record.facts["round"]))


def load(desk: Desk, record: Record) -> Matrix:
    """The matrix of a record, with the decisions in force."""
    data = json.loads(desk.store.get(record.facts["rows_sha256"]))
    return Matrix(
        paper=str(record.facts["paper"]),
        round=int(record.facts["round"]),
        version=int(record.facts["version"]),
        rows=_KEPT.validate_python(data["rows"]),
        marks={source: {id: (who[0], who[1]) for id, who in marks.items()} for source, marks in data["marks"].items()},
        unread=tuple((name, reason) for name, reason in data["unread"]),
        decided=decisions_on(desk, record.key),
        formerly={int(number): former for number, former in data.get("formerly", {}).items()},
    )


def dump(matrix: Matrix) -> bytes:
    """The data of a matrix without its decisions: same rows, same bytes."""
    data = {
        "rows": _KEPT.dump_python(matrix.rows, mode="json"), "marks": matrix.marks, "unread": list(matrix.unread),
        "formerly": matrix.formerly,
    }  # fmt: skip
    return json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1).encode()


def decisions_on(desk: Desk, key: str) -> dict[str, Decided]:
    """The decisions in force on the rows of a matrix, by row."""
    begins = decision_key(key, "")
    return {
        row.key.removeprefix(begins): Decided(Disposition(row.answer["decision"]), row.reason or "", row.decided_by)
        for row in desk.ledger.decisions(desk.edition.id, MATRIX, key, current=True)
    }
