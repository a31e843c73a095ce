"""The body of a document as plain values: what papers, notes and reports are made of, apart from Word.

A body is a list of blocks; a block holds inlines. Word, Markdown and the checks meet here, so that a rule about text
(a word limit, a required part, an attributed sentence) never needs to know a file format.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Text:
    """A stretch of text in one formatting; `link` is the address it leads to.

    `change` shows it as proposed: put in, or taken out. To Word it is no tracked change.
    """

    text: str
    bold: bool = False
    italic: bool = False
    link: str | None = None
    change: Literal["inserted", "deleted"] | None = None


@dataclass(frozen=True)
class Footnote:
    """A footnote at the place of its mark."""

    content: tuple[Text, ...]


Inline = Text | Footnote


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is a section of the document. `key` names the section where it is a required one."""

    level: int
    content: tuple[Inline, ...]
    key: str | None = None


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; numbered ones get Word's automatic paragraph number."""

    content: tuple[Inline, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Item:
    """One item of a bullet or numbered list; `first` starts a list anew."""

    content: tuple[Inline, ...]
    ordered: bool = False
    first: bool = False


@dataclass(frozen=True)
class Table:
    """A table: the first row is its heading. Cells hold inlines.

    `widths` are the columns' shares of the width; without them columns are as wide as their words ask for. Where there
    are `choices`, the cells of the last column are chosen from them.
    """

    rows: tuple[tuple[tuple[Inline, ...], ...], ...]
    caption: str = ""
    widths: tuple[int, ...] = ()
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A picture by its file name, with a caption that is also its alternative text."""

    image: str
    caption: str


Block = Heading | Paragraph | Item | Table | Figure


def plain(content: Iterable[Inline]) -> str:
    """The text of inlines without footnotes."""
    return "".join(part.text for part in content if isinstance(part, Text))


def text_of(block: Block) -> str:
    """The text of a block without footnotes; a table's cells are joined by tabs and lines."""
    if isinstance(block, Table):
        return "\n".join("\t".join(plain(cell) for cell in row) for row in block.rows)
    if isinstance(block, Figure):
        return block.caption
    return plain(block.content)


def inlines(block: Block) -> Iterator[Inline]:
    """Every inline of a block, cells row by row."""
    if isinstance(block, Table):
        for row in block.rows:
            for cell in row:
                yield from cell
    elif not isinstance(block, Figure):
        yield from block.content


@dataclass(frozen=True)
class WordCount:
    """Words by where they stand; a limit counts them all."""

    body: int = 0
    tables: int = 0
    footnotes: int = 0

    @property
    def total(self) -> int:
        return self.body + self.tables + self.footnotes


def split_sections(blocks: Iterable[Block], headings: dict[str, set[str]]) -> dict[str, list[Block]]:
    """Blocks by section key, in the order found.

    `headings` maps a key to every wording of its heading, in whatever language; letters' case and spaces do not count.
    Blocks before the first known heading are left out; an unknown heading belongs to the section it stands in.
    """
    wanted = {_fold(text): key for key, texts in headings.items() for text in texts}
    found: dict[str, list[Block]] = {}
    current: list[Block] | None = None
    for block in blocks:
        key = wanted.get(_fold(text_of(block))) if isinstance(block, Heading) else None
        if key is not None:
            current = found.setdefault(key, [])
        elif current is not None:
            current.append(block)
    return found


def _fold(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .:")


@dataclass(frozen=True)
class Body:
    """A document's title and blocks, with the pictures they name."""

    title: str
    blocks: tuple[Block, ...]
    images: dict[str, bytes] = field(default_factory=dict)
