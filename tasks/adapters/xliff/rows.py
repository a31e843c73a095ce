"""What a file for a translator holds, whichever version it is written in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal
from urllib.parse import quote, unquote

from tasks.adapters.word.identity import Identity

Status = Literal["open", "suggested", "translated", "reviewed"]

#: Every status, the least advanced first.
STATUSES: Final[tuple[Status, ...]] = ("open", "suggested", "translated", "reviewed")
#: Whose notes are about a row's place in the paper, and whose hold the identity of the file.
PLACE: Final = "place"
IDENTITY: Final = "identity"
#: Whose all our other notes are.
OURS: Final = "roundtable"
_SCHEME: Final = "roundtable:"


def placed(notes: Iterable[tuple[str | None, str]]) -> tuple[str, tuple[str, ...]]:
    """Of a row's notes, each with what it is: where the row stands, and what the others say."""
    found = list(notes)
    place = next((text for what, text in found if what == PLACE), "")
    return place, tuple(text for what, text in found if what != PLACE)


def notice_in(notes: Iterable[tuple[str | None, str]]) -> str:
    """Of a whole file's notes, each with what it is, the one that is shown above its rows; empty where none is."""
    return next((text for what, text in notes if what == OURS), "")


@dataclass(frozen=True)
class Match:
    """A suggestion for a row: how good it is (0 to 100) and where it comes from."""

    text: str
    score: int
    origin: str


@dataclass(frozen=True)
class Row:
    """A segment to translate; source, target and matches are texts with inline codes (tasks.domain.codes).

    `id` is a word without spaces, as segments have it. A row that is `open` has no target. `notes` are shown to the
    translator.
    """

    id: str
    place: str
    source: str
    target: str = ""
    status: Status = "open"
    notes: tuple[str, ...] = ()
    matches: tuple[Match, ...] = ()


@dataclass(frozen=True)
class XliffFile:
    """A whole file: what it is, its languages (tags such as `en-GB`) and its rows; `notice` is shown above them.

    A file that came back may have lost its identity: then it is None.
    """

    identity: Identity | None
    source_locale: str
    target_locale: str
    rows: tuple[Row, ...]
    notice: str = ""

    def filled(self, targets: Mapping[str, str]) -> XliffFile:
        """The file as a translator leaves it: `targets` by row, the others as they were, an empty one open."""
        rows = tuple(
            replace(row, target=targets[row.id], status="translated" if targets[row.id].strip() else "open")
            if row.id in targets
            else row
            for row in self.rows
        )
        return replace(self, rows=rows)


def score_of(quality: str | None) -> int:
    """The score of a match as tools write it: `87`, `87%` or `87.5`; 0 where it is none."""
    whole = (quality or "").strip().removesuffix("%").partition(".")[0]
    return min(int(whole), 100) if whole.isascii() and whole.isdigit() else 0


def to_address(identity: Identity | None) -> str:
    """An identity as the `original` of a file: `roundtable:EDITION/SESSION/KIND/KEY/VERSION/LANGUAGE`."""
    if identity is None:
        return _SCHEME
    return _SCHEME + "/".join(quote(str(value), safe="") for value in vars(identity).values())


def find_identity(places: Iterable[str | None]) -> Identity | None:
    """The identity in the first of `places` that holds a whole one, whatever a tool wrote before it."""
    for place in places:
        _, scheme, address = (place or "").rpartition(_SCHEME)
        parts = [unquote(part) for part in address.strip().split("/")]
        if scheme and len(parts) == 6 and parts[4].isascii() and parts[4].isdigit():
            edition, session, kind, key, version, language = parts
            if edition and kind and key:
                return Identity(edition, session, kind, key, int(version), language)
    return None
