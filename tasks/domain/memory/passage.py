"""What goes into the memory, and what it offers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Kind = Literal["in-context", "exact", "fuzzy", "glossary", "machine"]
_LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True)
class Passage:
    """A segment with its translation, both with the same codes.

    `before` and `after` are the `source_key` of its neighbours in the text it stands in, that of the empty text at an
    edge, and empty where nobody knows. `came_from` says to a person where it stands; `is_superseded` that the text
    there has another source by now.
    """

    source: str
    target: str
    before: str = ""
    after: str = ""
    segment: str = ""
    came_from: str = ""
    is_reviewed: bool = False
    is_superseded: bool = False
    at: dt.datetime = _LONG_AGO

    @property
    def rank(self) -> tuple[bool, bool, dt.datetime]:
        """The greater the better: what stands in a text, what was reviewed, what is newer."""
        return not self.is_superseded, self.is_reviewed, self.at


@dataclass(frozen=True)
class Suggestion:
    """A translation offered for a segment, like it to `score` of 100.

    `fits`: it has the codes of the segment, so that it can be filled in as it is; the text of any other has no codes
    and is to be looked at.
    """

    text: str
    kind: Kind
    score: int
    came_from: str
    fits: bool = True
