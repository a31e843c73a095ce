"""What a returned Word file says, apart from Word: its paragraphs, and the marks its readers left in them.

A mark is one thing a person did: a comment, a reply, an insertion, a deletion, half of a move, a change of formatting,
a paragraph mark or a table row put in or taken out. A document without marks is a draft.

The text of a paragraph is what Word shows of it: a tab is "\\t", a line break "\\n", and what is no text (a note's
mark, a picture, a text box's anchor) is one OBJECT. Its two texts are the `original` one, all changes rejected, and
the `final` one, all accepted.

Positions are counted in the original text of a draft's paragraphs. An edit takes away what lies between two of them
and puts its own text there, in which PARAGRAPH ends a paragraph. So one form says everything that can happen to
running text:

    a word replaced       Edit(At(4, 10), At(4, 15), "rights")
    a paragraph added     Edit(At(4, n), At(4, n), PARAGRAPH + "A new one.")     n: the length of paragraph 4
    a paragraph removed   Edit(At(4, 0), At(5, 0), "")
    paragraph 4 split     Edit(At(4, 20), At(4, 21), PARAGRAPH)                  the blank there goes
    4 and 5 joined        Edit(At(4, n), At(5, 0), " ")
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

#: Stands in a text for what is none: a note's mark, a picture, the anchor of a text box.
OBJECT: Final = "\ufffc"
#: In the text of an edit, the end of a paragraph.
PARAGRAPH: Final = "\u2029"


class Story(StrEnum):
    """The parts of a Word file that hold text of their own."""

    BODY = "body"
    HEADER = "header"
    FOOTER = "footer"
    FOOTNOTE = "footnote"
    ENDNOTE = "endnote"
    TEXT_BOX = "text box"


class MarkKind(StrEnum):
    """What a reader did. A paragraph mark put in splits a paragraph, one taken out joins it with the next."""

    COMMENT = "comment"
    INSERTION = "insertion"
    DELETION = "deletion"
    MOVED_FROM = "moved from"
    MOVED_TO = "moved to"
    FORMATTING = "formatting"
    PARAGRAPH_INSERTED = "paragraph mark inserted"
    PARAGRAPH_DELETED = "paragraph mark deleted"
    ROW_INSERTED = "row inserted"
    ROW_DELETED = "row deleted"


@dataclass(frozen=True)
class Mark:
    """One thing a reader did.

    `id` is the same whenever the same file is read, and no other mark of the file has it. `paragraphs` are the indices
    it touches, in reading order: of a comment several, or none where its anchor was lost; of a row all of its cells';
    of what came or went with a note or a text box that one's, too; of anything else one. `text` is what the comment
    says, what was put in or taken out, or how the formatting differs. `quote` is what a comment is tied to, or what
    was formatted.
    `at` is None where the program that wrote the file left the time out. A reply names its comment in `reply_to`.
    `is_tracked` is False for what was found by comparison with what was sent.
    """

    id: str
    kind: MarkKind
    paragraphs: tuple[int, ...]
    text: str = ""
    quote: str = ""
    author: str = ""
    initials: str = ""
    at: dt.datetime | None = None
    reply_to: str | None = None
    is_resolved: bool = False
    is_tracked: bool = True


@dataclass(frozen=True)
class Piece:
    """A stretch of a paragraph in one state; `marks` are the ids of what put it in, took it out, formats it, or says
    something about it.

    What one reader put in and another took out again is both, and in neither text.
    """

    text: str
    is_inserted: bool = False
    is_deleted: bool = False
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of any part of a file.

    `index` counts all of them in reading order: the body with its tables and text boxes, then notes, headers, footers.
    `number` is the paragraph number that a reader sees (None: it has none), counted without what was put in.
    `place` says where it stands where that is not the running text: "table 2, row 3, cell 1", "footnote 4".
    `anchor` is the index of the body's paragraph that a note or text box hangs on.
    `level` is that of a heading, 0 for other text. `mark_inserted` and `mark_deleted` are the ids of the marks by
    which its end was put in or taken out.
    """

    index: int
    story: Story
    pieces: tuple[Piece, ...]
    number: int | None = None
    place: str = ""
    anchor: int | None = None
    level: int = 0
    mark_inserted: str | None = None
    mark_deleted: str | None = None

    @cached_property
    def original(self) -> str:
        """Its text with all changes rejected."""
        return "".join(piece.text for piece in self.pieces if not piece.is_inserted)

    @cached_property
    def final(self) -> str:
        """Its text with all changes accepted."""
        return "".join(piece.text for piece in self.pieces if not piece.is_deleted)

    def spans(self, begins: int = 0) -> Iterator[tuple[Piece, int, int]]:
        """Each piece with where it begins and ends in the original text, counted from `begins`; put in, it has no
        length."""
        for piece in self.pieces:
            ends = begins if piece.is_inserted else begins + len(piece.text)
            yield piece, begins, ends
            begins = ends


@dataclass(frozen=True)
class Markup:
    """A Word file read whole: every paragraph, every mark."""

    paragraphs: tuple[Paragraph, ...]
    marks: tuple[Mark, ...]

    @cached_property
    def by_id(self) -> dict[str, Mark]:
        """The marks by id."""
        return {mark.id: mark for mark in self.marks}

    @cached_property
    def numbered(self) -> dict[int, int]:
        """The index of each numbered paragraph, by its number."""
        return {p.number: p.index for p in self.paragraphs if p.number is not None}


@dataclass(frozen=True, order=True)
class At:
    """A position in a draft: before character `offset` of the original text of paragraph `paragraph`."""

    paragraph: int
    offset: int


@dataclass(frozen=True)
class Edit:
    """What lies between two positions of a draft replaced by `text`; `marks` are the ids of what asks for it.

    Both positions are of the same story and the same cell.
    """

    start: At
    end: At
    text: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowEdit:
    """A table's row: a new one with these `cells` after the one in which paragraph `row` stands, or that one removed.

    `cells` is None where the row is removed. A new first row has `is_before`.
    """

    row: int
    cells: tuple[str, ...] | None
    is_before: bool = False
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Formatting:
    """A stretch made bold, italic or underlined, or freed of it; None leaves as it is.

    Other changes of formatting are shown to the editor, and not made by a program.
    """

    start: At
    end: At
    bold: bool | None = None
    italic: bool | None = None
    underline: bool | None = None
    marks: tuple[str, ...] = ()


Change = Edit | RowEdit | Formatting


def text_between(paragraphs: Iterable[Paragraph], start: At, end: At) -> str:
    """The original text from one position to another, paragraphs ended by PARAGRAPH."""
    found = []
    for paragraph in paragraphs:
        if start.paragraph <= paragraph.index <= end.paragraph:
            text = paragraph.original
            first = start.offset if paragraph.index == start.paragraph else 0
            last = end.offset if paragraph.index == end.paragraph else len(text)
            found.append(text[first:last])
    return PARAGRAPH.join(found)
