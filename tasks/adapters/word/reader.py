"""A Word document's body as plain blocks, and its words counted.

Read is what a reader of the document with all changes accepted would see. Not read: a table of contents, prompts of
unfilled content controls, charts and other drawings that are not pictures, headers and footers.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from tasks.adapters.word.body import split
from tasks.adapters.word.captions import Caption, Raw, attach, without_label
from tasks.adapters.word.inlines import Found, Inlines, Picture, chosen, is_placeholder, joined, merged
from tasks.adapters.word.ooxml import MC, Element, child, elements, local, val, w
from tasks.adapters.word.opc import Docx
from tasks.adapters.word.package import core_title
from tasks.adapters.word.styles import Look, Styles
from tasks.domain.text import (
    Block,
    Body,
    Figure,
    Footnote,
    Heading,
    Inline,
    Item,
    Paragraph,
    Table,
    WordCount,
    inlines,
    plain,
    split_sections,
)

#: Scripts without spaces between words: each character counts as a word, as it does in Word.
_EACH: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORDS: Final = re.compile(rf"[{_EACH}]|[^\s{_EACH}]*\w[^\s{_EACH}]*")
_PICTURE_NAME: Final = re.compile(r"[\w.() -]+\.(png|jpe?g|gif|bmp|tiff?|svg|emf|wmf)", re.IGNORECASE)
_NESTED: Final = {w("customXml"), w("ins"), w("moveTo")}


def read_blocks(docx: Docx) -> list[Block]:
    """The blocks from the start of the body on; pictures are named as in `read_body`."""
    return list(read_body(docx).blocks)


def read_body(docx: Docx) -> Body:
    """The body with its title and the pictures its figures name.

    The title is the first paragraph of style Title, else the one of the file's properties.
    """
    reader = _Reader(docx)
    blocks = attach(reader.body())
    names = {block.image for block in blocks if isinstance(block, Figure)}
    return Body(reader.title or core_title(docx), tuple(blocks), {n: d for n, d in reader.images.items() if n in names})


def sections(docx: Docx, headings: dict[str, set[str]]) -> dict[str, list[Block]]:
    """The blocks below each known heading by its key; see split_sections."""
    return split_sections(read_blocks(docx), headings)


def count_words(docx: Docx) -> WordCount:
    """Words of the body by where they stand: text, tables, footnotes and endnotes. Text boxes count as body, once."""
    counts = {"body": 0, "tables": 0, "footnotes": 0}
    for raw in _Reader(docx).body():
        if isinstance(raw, Figure):
            continue  # its only text is the alternative one, which nobody reads on the page
        place = "tables" if isinstance(raw, Table) else "body"
        lines: Iterable[tuple[Inline, ...]]
        lines = (cell for row in raw.rows for cell in row) if isinstance(raw, Table) else (tuple(raw.content),)
        counts[place] += sum(words(plain(line)) for line in lines)
        content = raw.content if isinstance(raw, Caption) else inlines(raw)
        counts["footnotes"] += sum(words(plain(part.content)) for part in content if isinstance(part, Footnote))
    return WordCount(**counts)


def words(text: str) -> int:
    """How many words a text has: what spaces part, where it holds a letter or digit.

    So a dash or a French colon between spaces is none, where Word's own count takes each for a word.
    """
    return sum(1 for _ in _WORDS.finditer(text))


@dataclass
class _Cell:
    """A cell being read: its lines, and the pictures that follow the table as figures."""

    lines: list[list[Inline]]
    figures: list[Figure]


class _Reader:
    def __init__(self, docx: Docx) -> None:
        self._docx = docx
        self._styles = Styles(docx)
        self._inlines = Inlines(docx, self._styles, docx.main)
        self._lists: set[str] = set()
        self._counters: set[str] = set()
        self._after_bullet = False
        self.images: dict[str, bytes] = {}
        self.title = ""

    def body(self) -> list[Raw]:
        """The blocks of the body, captions still by themselves."""
        story = split(self._docx, self._docx.tree(self._docx.main), self._styles)
        for raw in (*story.front, *story.body):
            for paragraph in raw.iter(w("p")):
                if not self.title and self._styles.look(paragraph).role == "title":
                    self.title = " ".join(plain(self._inlines.read(paragraph).content).split())
        return list(self._blocks(story.body))

    def _blocks(self, nodes: Iterable[Element]) -> Iterator[Raw]:
        pending: list[Inline] = []
        before: Element | None = None
        for node in nodes:
            if node.tag == w("p"):
                found = self._inlines.read(node)
                found.content[:0] = pending
                found.label_end += len(pending)
                if _is_mark_deleted(node):
                    pending, before = found.content, node
                    continue
                pending, before = [], None
                yield from self._paragraph(node, found)
                continue
            if pending and before is not None:
                yield from self._paragraph(before, Found(pending))
                pending, before = [], None
            if node.tag == w("tbl"):
                yield from self._table(node)
            elif node.tag == w("sdt"):
                if not is_placeholder(node) and (content := child(node, "sdtContent")) is not None:
                    yield from self._blocks(elements(content))
            elif node.tag in _NESTED:
                yield from self._blocks(elements(node))
            elif node.tag == f"{{{MC}}}AlternateContent":
                yield from self._blocks(elements(chosen(node)))
        if pending and before is not None:
            yield from self._paragraph(before, Found(pending))

    def _paragraph(self, paragraph: Element, found: Found) -> Iterator[Raw]:
        look = self._styles.look(paragraph)
        content = merged(found.content)
        if content and look.role != "contents":
            was_bullet, self._after_bullet = self._after_bullet, look.role == "item" and not look.ordered
            if look.role == "heading":
                yield Heading(look.level, content)
            elif look.role == "item":
                yield Item(content, look.ordered, self._starts(look) if look.ordered else not was_bullet)
            elif look.role == "caption":
                yield Caption(merged(without_label(found)), found.sequence)
            else:
                yield Paragraph(content, numbered=look.role == "numbered")
        if found.pictures or found.boxes:
            self._after_bullet = False
        for picture in found.pictures:
            yield Figure(self._keep(picture), " ".join(picture.description.split()))
        for box in found.boxes:
            yield from self._blocks(elements(box))

    def _starts(self, look: Look) -> bool:
        """Whether a numbered item is its list's first. LibreOffice gives items of one list different numbers."""
        is_new = look.list_id not in self._lists
        starts = is_new and (look.restarts or look.counter not in self._counters)
        self._lists.add(look.list_id)
        self._counters.add(look.counter)
        return starts

    def _keep(self, picture: Picture) -> str:
        """The name of a picture: the one it came in under where Word still knows it, else that of its part."""
        data = self._docx.parts[picture.part]
        for name in (picture.name, posixpath.basename(picture.part), picture.part.replace("/", "-")):
            if _PICTURE_NAME.fullmatch(name) and self.images.get(name, data) == data:
                break
        self.images[name] = data
        return name

    def _table(self, table: Element) -> Iterator[Raw]:
        self._after_bullet = False
        figures: list[Figure] = []
        rows = tuple(tuple(self._row(row, figures)) for row in _children(table, "tr") if not _is_row_deleted(row))
        width = max(map(len, rows), default=0)
        if any(cell for row in rows for cell in row):
            yield Table(tuple(row + ((),) * (width - len(row)) for row in rows))
        yield from figures

    def _row(self, row: Element, figures: list[Figure]) -> Iterator[tuple[Inline, ...]]:
        yield from [()] * _span(child(row, "trPr", "gridBefore"), 0)
        for cell in _children(row, "tc"):
            properties = child(cell, "tcPr")
            joins = child(properties, "vMerge")
            if joins is not None and val(joins) != "restart":
                yield ()
            else:
                read = _Cell([], figures)
                self._cell(cell, read)
                yield merged(joined(read.lines, "\n"))
            yield from [()] * (_span(child(properties, "gridSpan"), 1) - 1)

    def _cell(self, cell: Element, into: _Cell) -> None:
        """A cell's lines; a table within it becomes lines of cells parted by tabs."""
        for raw in self._blocks(elements(cell)):
            if isinstance(raw, Figure):
                into.figures.append(raw)
            elif isinstance(raw, Table):
                into.lines += [joined((list(inner) for inner in row), "\t") for row in raw.rows]
            else:
                into.lines.append(list(raw.content))


def _children(parent: Element, tag: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, also those in content controls."""
    for node in elements(parent):
        if local(node) == tag:
            yield node
        elif node.tag == w("sdt") and (content := child(node, "sdtContent")) is not None:
            yield from _children(content, tag)
        elif node.tag in _NESTED:
            yield from _children(node, tag)


def _is_mark_deleted(paragraph: Element) -> bool:
    mark = child(paragraph, "pPr", "rPr")
    return child(mark, "del") is not None or child(mark, "moveFrom") is not None


def _is_row_deleted(row: Element) -> bool:
    return child(row, "trPr", "del") is not None


def _span(element: Element | None, default: int) -> int:
    text = val(element) or ""
    # A table has at most 63 columns: a larger number is a mistake, or an attempt to fill the memory.
    return min(int(text), 63) if text.isascii() and text.isdigit() and len(text) < 9 else default
