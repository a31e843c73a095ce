"""Blocks become the body of a Word document: real styles, automatic numbering, footnotes, tables, figures, links.

The body is what stands from the body mark on: a bookmark on its first paragraph, which Word and LibreOffice keep. The
styles are looked up by name in the document itself, so a restyled template needs no change here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from tasks.adapters.word.figure import FigureWriter
from tasks.adapters.word.ooxml import Element, R, child, ensure, local, val, w
from tasks.adapters.word.opc import Docx, unpack
from tasks.adapters.word.stylenames import StyleNames
from tasks.adapters.word.tables import build_table, is_landscape, text_width
from tasks.adapters.word.writing import InlineWriter, choice, el, numbered_caption, paragraph
from tasks.domain.errors import Invalid
from tasks.domain.text import Block, Figure, Heading, Item, Paragraph, Table, plain

#: The bookmark on the first paragraph of a document's body.
BODY_MARK: Final = "roundtable_body"
#: Space above what follows a table, in twips: a table itself cannot have any.
_AFTER_TABLE: Final = "200"
#: Space below the last item of a list, so that the list stands apart from what follows as its items do not.
_AFTER_LIST: Final = "180"


@dataclass(frozen=True)
class Guidance(Paragraph):
    """A hint in a form, in a style of its own ("Guidance") by which a reader can leave it out of the text."""


@dataclass(frozen=True)
class Quote(Paragraph):
    """A paragraph set off as a quotation."""


def fill_body(
    data: bytes,
    blocks: Sequence[Block],
    images: Mapping[str, bytes] | None = None,
    labels: Mapping[str, str] | None = None,
) -> bytes:
    """`data` with everything from the body mark on replaced by `blocks`. Same arguments, same bytes.

    `images` are the pictures that figures name, `labels` the words for `table` and `figure` before the numbers of
    captions, which have none without. Invalid where the document has no body mark or a picture is no
    picture, Unknown where a figure's picture is missing. Safe to repeat: notes and pictures of the former body go.
    """
    docx = unpack(data)
    fill(docx, blocks, images or {}, labels or {})
    return docx.to_bytes()


def fill(docx: Docx, blocks: Sequence[Block], images: Mapping[str, bytes], labels: Mapping[str, str]) -> list[range]:
    """fill_body on an open document; for each block the places of its elements among those of the document's body."""
    main = docx.main
    root = docx.tree(main)
    body = child(root, "body")
    mark = next((m for m in root.iter(w("bookmarkStart")) if val(m, "name") == BODY_MARK), None)
    if body is None or mark is None:
        raise Invalid(
            f"{docx.name}: the bookmark {BODY_MARK} is missing, so nobody knows where the body starts; "
            "put it on an empty paragraph of the template (in Word: Insert, Bookmark)"
        )
    ident = val(mark, "id") or "0"
    place = _empty_body(docx, root, body, mark)
    writer = BodyWriter(docx, images, labels, text_width(body), is_landscape(body))
    made = writer.write(blocks)
    first = place - len(made)
    _mark(made, ident)
    first += len(made)  # the mark may stand on a paragraph of its own, before the first block
    for offset, element in enumerate(made):
        body.insert(place + offset, element)
    docx.write(main, root)
    writer.finish()
    return [range(first + span.start, first + span.stop) for span in writer.spans]


class BodyWriter:
    """Turns blocks into elements of one document's body."""

    def __init__(
        self, docx: Docx, images: Mapping[str, bytes], labels: Mapping[str, str], width: int, turned: bool = False
    ) -> None:
        self._docx = docx
        self._styles = StyleNames(docx)
        self._inline = InlineWriter(docx, self._styles)
        self._figures = FigureWriter(docx, images, width, turned)
        self._labels = labels
        self._counts: Counter[str] = Counter()
        self._width = width
        self._lists: list[str] = []
        self._list: str | None = None
        #: Where each block's elements stand in what `write` made.
        self.spans: list[range] = []

    def write(self, blocks: Sequence[Block]) -> list[Element]:
        """The elements of the body, with room after tables and lists."""
        made: list[Element] = []
        for block, following in zip_longest(blocks, blocks[1:]):
            new = self._block(block)
            if isinstance(block, Item) and (not isinstance(following, Item) or following.first):
                _space(new[0], after=_AFTER_LIST)
            after_table = bool(made) and local(made[-1]) == "tbl"
            if after_table and local(new[0]) == "tbl":
                made.append(paragraph(self._styles.find("Table End"), []))  # else Word would make them one table
            elif after_table and not isinstance(block, (Heading, Table, Figure)):
                _space(new[0], before=_AFTER_TABLE)
            self.spans.append(range(len(made), len(made) + len(new)))
            made += new
        if made and local(made[-1]) == "tbl":
            made.append(paragraph(self._styles.find("Table End"), []))  # Word wants a paragraph last
        return made

    def finish(self) -> None:
        """Put the footnotes and the started lists into their parts."""
        self._inline.finish()
        if self._lists:
            _add_lists(self._docx, self._styles.numbering("List Number"), self._lists)

    def _block(self, block: Block) -> list[Element]:
        if isinstance(block, Table):
            return self._table(block)
        if isinstance(block, Figure):
            picture = self._figures.write(block)
            made = [paragraph(self._styles.find("Figure"), [picture])]
            return [*made, *self._caption(block.caption, "Figure", "Figure Caption")]
        content = self._inline.runs(block.content)
        if isinstance(block, Heading):
            return [paragraph(self._styles.find(f"heading {min(block.level, 3)}"), content)]
        if isinstance(block, Item):
            return [self._item(block, content)]
        name = "Body Text"
        if isinstance(block, Guidance):
            name = "Guidance"
        elif isinstance(block, Quote):
            name = "Quote"
        elif block.numbered:
            name = "Numbered Paragraph"
        return [paragraph(self._styles.find(name), content)]

    def _item(self, item: Item, content: list[Element]) -> Element:
        if not item.ordered:
            return paragraph(self._styles.find("List Bullet"), content)
        if item.first or self._list is None:
            self._list = _new_list(self._docx, len(self._lists))
            self._lists.append(self._list)
        number = el("numPr", el("ilvl", val="0"), el("numId", val=self._list))
        return paragraph(self._styles.find("List Number"), content, number)

    def _table(self, table: Table) -> list[Element]:
        cells = [[self._inline.runs(cell) for cell in row] for row in table.rows]
        texts = [[plain(cell) for cell in row] for row in table.rows]
        if table.choices:
            for row, text in zip(cells[1:], texts[1:], strict=True):
                row[-1] = [choice(text[-1], table.choices)]
        made = [build_table(cells, texts, self._width, self._styles, table.widths)]
        return [*self._caption(table.caption, "Table", "caption"), *made]

    def _caption(self, text: str, counter: str, style: str) -> list[Element]:
        """The paragraph of a caption, if there is one; `counter` is Word's own name, the same in every language."""
        if not text:
            return []
        self._counts[counter] += 1
        label = self._labels.get(counter.lower(), "")
        return [paragraph(self._styles.find(style), numbered_caption(text, label, counter, self._counts[counter]))]


def _empty_body(docx: Docx, root: Element, body: Element, mark: Element) -> int:
    """Take the former body out with what only it used; the place in `body` where the new one goes."""
    first = mark
    while (parent := first.getparent()) is not body:
        if parent is None:
            raise Invalid(f"{docx.name}: the bookmark {BODY_MARK} stands outside the text; put it on a paragraph of it")
        first = parent
    place = body.index(first)
    old = [element for element in list(body)[place:] if local(element) != "sectPr"]
    for element in old:
        body.remove(element)
    dropped = {ident for element in old for ident in _relations(element)} - _relations(root)
    docx.unrelate(docx.main, dropped)
    _drop_notes(docx, root)
    if dropped:
        docx.sweep()
    return place


def _relations(element: Element) -> set[str]:
    return {
        str(value) for node in element.iter() for name, value in node.attrib.items() if str(name).startswith(f"{{{R}}}")
    }


def _drop_notes(docx: Docx, root: Element) -> None:
    part = docx.related(docx.main, "footnotes")
    if part is None:
        return
    notes = docx.tree(part)
    used = {val(reference, "id") for reference in root.iter(w("footnoteReference"))}
    unused = [n for n in notes.iterchildren(w("footnote")) if val(n, "type") is None and val(n, "id") not in used]
    for note in unused:
        notes.remove(note)
    if unused:
        docx.write(part, notes)
        docx.unrelate(part, {r.id for r in docx.relationships(part)} - _relations(notes))


def _mark(made: list[Element], ident: str) -> None:
    """Put the body mark on the first paragraph; before a table that comes first stands a small one for it."""
    if not made or local(made[0]) != "p":
        made.insert(0, paragraph(None, []))
    first = made[0]
    position = 1 if child(first, "pPr") is not None else 0
    first.insert(position, el("bookmarkStart", id=ident, name=BODY_MARK))
    first.insert(position + 1, el("bookmarkEnd", id=ident))


def _space(element: Element, **sides: str) -> None:
    """Room before or after a paragraph, beside what it has already."""
    spacing = ensure(ensure(element, "pPr"), "spacing")
    for side, twips in sides.items():
        spacing.set(w(side), twips)


def _new_list(docx: Docx, started: int) -> str:
    part = docx.related(docx.main, "numbering")
    if part is None:
        return "0"
    numbers = [int(val(number, "numId") or 0) for number in docx.tree(part).iterchildren(w("num"))]
    return str(max([0, *numbers]) + started + 1)


def _add_lists(docx: Docx, linked: str | None, lists: Sequence[str]) -> None:
    """Give each list that starts anew its own number instance, counting from 1."""
    part = docx.related(docx.main, "numbering")
    if part is None or linked is None:
        return
    root = docx.tree(part)
    numbers = list(root.iterchildren(w("num")))
    abstract = next((val(child(number, "abstractNumId")) for number in numbers if val(number, "numId") == linked), None)
    place = root.index(numbers[-1]) + 1 if numbers else len(root)
    for offset, ident in enumerate(lists):
        start = el("lvlOverride", el("startOverride", val="1"), ilvl="0")
        root.insert(place + offset, el("num", el("abstractNumId", val=abstract or "0"), start, numId=ident))
    docx.write(part, root)
