"""What the readers of a rehearsal do to their copies of a draft: data of the edition, one file for each copy.

author: Norvanie
marks:
  - {words: on the basis of need, comment: Comment ce besoin est-il mesuré ?}
  - {words: unskilled help, instead: care assistant}
  - {words: The task of policy, paragraph: Cities should be heard, too.}
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tasks.domain.edition import Model


class ReaderMark(Model):
    """One thing done at `words`, which stand in exactly one paragraph of the draft, outside links.

    A `comment` on them; other words `instead` of them ("" strikes them out); a new `paragraph` after theirs.
    """

    words: str = Field(min_length=1)
    comment: str | None = None
    instead: str | None = None
    paragraph: str | None = None


class Reading(Model):
    """One copy: whose name its marks bear (the body's id where none is given), whether changes are tracked, and which
    program saved it."""

    author: str = ""
    tracking: bool = True
    saved_by: Literal["word", "libreoffice"] = "word"
    marks: tuple[ReaderMark, ...]
