"""A Word file read whole: every paragraph of every part, every mark its readers left. See docs/dev/analysis/.

One walk over each part, in reading order; after it a look at what it does not come by, so that no mark is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tasks.adapters.word.inlines import chosen
from tasks.adapters.word.markup.atoms import Fields
from tasks.adapters.word.markup.comments import Comment, read_comments
from tasks.adapters.word.markup.elements import PUT_IN, TAKEN_OUT
from tasks.adapters.word.markup.lines import Line, Reading, merged
from tasks.adapters.word.markup.looks import describe
from tasks.adapters.word.markup.numbers import numbered
from tasks.adapters.word.markup.rest import register_rest
from tasks.adapters.word.markup.state import State
from tasks.adapters.word.markup.threads import thread
from tasks.adapters.word.ooxml import Element, child, elements, local, val
from tasks.adapters.word.opc import Docx
from tasks.adapters.word.styles import Styles
from tasks.domain.markup import Mark, MarkKind, Markup, Paragraph, Story

_NOTES: Final = {Story.FOOTNOTE: "footnotes", Story.ENDNOTE: "endnotes"}
#: Parts that show no text of their own and may hold marks all the same.
_OTHERS: Final = ("comments", "styles", "numbering")
_ROWS: Final = {"ins": MarkKind.ROW_INSERTED, "del": MarkKind.ROW_DELETED}
_CELLS: Final = {"cellIns": "ins", "cellDel": "del"}
_RANGE: Final = ("commentRangeStart", "commentRangeEnd")
_WRAPPERS: Final = frozenset(("ins", "del", "moveFrom", "moveTo", "customXml"))


def read_markup(docx: Docx) -> Markup:
    """Every paragraph and every mark of a file that was opened safely.

    Raises:
        Invalid: a part is missing or is no XML.
    """
    return Reader(docx).read()


class Reader:
    """One reading of a file; what it came by is kept for who goes on to change it.

    `trees` are the roots of the parts with paragraphs, `indices` the paragraphs' elements in order; `atoms`, where they
    are wanted, what the text of each comes from: elements with the length of each.
    """

    def __init__(self, docx: Docx, *, with_atoms: bool = False) -> None:
        self._docx = docx
        self.trees: dict[str, Element] = {}
        self.indices: dict[Element, int] = {}
        self.atoms: list[list[tuple[Element, int]]] = []
        self._with_atoms = with_atoms
        self._styles = Styles(docx)
        self._reading = Reading()
        self._register = self._reading.register
        self._paragraphs: list[Paragraph] = []
        self._new: set[int] = set()
        self._story = Story.BODY
        self._place: list[str] = []
        self._anchor: int | None = None
        self._tables = self._boxes = 0

    def read(self) -> Markup:
        """All of it, once."""
        main = self._docx.main
        self._begin(main, Story.BODY)
        self._part(self._tree(main))
        for story, kind in _NOTES.items():
            if part := self._docx.related(main, kind):
                self._begin(part, story)
                self._notes(self._tree(part))
        for story in (Story.HEADER, Story.FOOTER):
            parts = [r.target for r in self._docx.relationships(main) if r.kind == story.value]
            for number, part in enumerate(dict.fromkeys(p for p in parts if p in self._docx.parts), start=1):
                self._begin(part, story)
                self._place = [f"{story.value} {number}"]
                self._part(self._tree(part))
        for kind in _OTHERS:
            part = self._docx.related(main, kind) or ""
            if b":author=" in self._docx.parts.get(part, b""):
                self._begin(part, Story.BODY)
                register_rest(self._docx.tree(part), self._reading.part, {}, self._register)
        paragraphs = tuple(numbered(self._paragraphs, self._new))
        return Markup(paragraphs, (*self._register.marks(), *self._comments()))

    def _tree(self, part: str) -> Element:
        self.trees[part] = self._docx.tree(part)
        return self.trees[part]

    def _begin(self, part: str, story: Story) -> None:
        self._reading.part, self._story = part.rpartition("/")[2].removesuffix(".xml"), story
        self._reading.fields = Fields()
        self._place = []
        self._tables = self._boxes = 0

    def _part(self, root: Element) -> None:
        self._reading.anchors.begin(root)
        body = child(root, "body")
        self._blocks(root if body is None else body, State())
        register_rest(root, self._reading.part, self.indices, self._register)

    def _notes(self, root: Element) -> None:
        self._reading.anchors.begin(root)
        story = self._story
        referred = {id: where for (kind, id), where in self._reading.referred.items() if kind is story}
        order = {id: number for number, id in enumerate(referred, start=1)}
        for note in elements(root):
            if local(note) not in ("footnote", "endnote") or val(note, "type") not in (None, "normal"):
                continue
            id = val(note, "id") or ""
            self._place = [f"{story.value} {order.get(id, id)}"]
            # A note goes where its mark goes: put in with it, taken out with it.
            self._anchor, state = referred.get(id, (None, State()))
            self._blocks(note, state)
        self._anchor = None
        register_rest(root, self._reading.part, self.indices, self._register)

    # Blocks

    def _blocks(self, holder: Element, state: State) -> None:
        for node in elements(holder):
            name = local(node)
            if name == "p":
                self._paragraph(node, state)
            elif name == "tbl":
                self._table(node, state)
            elif name == "sdt":
                content = child(node, "sdtContent")
                if content is not None:
                    self._blocks(content, state)
            elif name in PUT_IN or name in TAKEN_OUT:
                kind = PUT_IN.get(name) or TAKEN_OUT[name]
                self._blocks(node, state.under(name, self._add(node, kind)))
            elif name == "AlternateContent":
                self._blocks(chosen(node), state)
            elif name in _RANGE:
                self._reading.anchors.range(node, None)
            elif name == "customXml":
                self._blocks(node, state)

    def _table(self, table: Element, state: State) -> None:
        self._tables += 1
        number = self._tables
        for row_number, row in enumerate(self._inner(table, "tr"), start=1):
            under, rows = state, []
            for node in elements(properties) if (properties := child(row, "trPr")) is not None else ():
                if local(node) in _ROWS:
                    rows.append(self._add(node, _ROWS[local(node)]))
                    under = under.under(local(node), rows[-1])
            for cell_number, cell in enumerate(self._inner(row, "tc"), start=1):
                self._place.append(f"table {number}, row {row_number}, cell {cell_number}")
                self._cell(cell, under)
                self._place.pop()
                self._register.say(rows, "\t")

    def _cell(self, cell: Element, state: State) -> None:
        properties = child(cell, "tcPr")
        for node in elements(properties) if properties is not None else ():
            if local(node) in _CELLS:
                id = self._add(node, MarkKind.FORMATTING, describe(node))
                state = state.under(_CELLS[local(node)], id)
        self._blocks(cell, state)

    def _inner(self, parent: Element, tag: str) -> Iterator[Element]:
        """Rows of a table or cells of a row, also those in content controls."""
        for node in elements(parent):
            name = local(node)
            if name == tag:
                yield node
            elif name == "sdt" and (content := child(node, "sdtContent")) is not None:
                yield from self._inner(content, tag)
            elif name in _WRAPPERS:
                yield from self._inner(node, tag)
            elif name in _RANGE:
                self._reading.anchors.range(node, None)

    def _paragraph(self, node: Element, state: State) -> None:
        index = len(self._paragraphs)
        self.indices[node] = index
        if state.put_in:
            self._new.add(index)
        self._register.say(state.marks, "", index)
        properties = child(node, "pPr")
        inserted = self._end(properties, ("ins", "moveTo"), MarkKind.PARAGRAPH_INSERTED)
        deleted = self._end(properties, ("del", "moveFrom"), MarkKind.PARAGRAPH_DELETED)
        line = Line(index, self._reading)
        line.read(node, state)
        if self._with_atoms:
            self.atoms.append(line.atoms)
        # Placed by what it was when it was sent: a change of its properties keeps the former ones.
        former = child(properties, "pPrChange")
        look = self._styles.look(node if former is None else former)
        self._paragraphs.append(
            Paragraph(
                index=index,
                story=self._story,
                pieces=merged(line.pieces),
                number=0 if look.role == "numbered" else None,  # counted when all are read
                place=", ".join(self._place),
                anchor=self._anchor,
                level=look.level if look.role == "heading" else 0,
                mark_inserted=inserted,
                mark_deleted=deleted,
            )
        )
        self._reading.anchors.end_paragraph(index)
        self._reading.fields.end_paragraph()
        for box, under in line.boxes:
            self._text_box(box, under, index)

    def _end(self, properties: Element | None, tags: tuple[str, ...], kind: MarkKind) -> str | None:
        """The mark by which a paragraph's end was put in or taken out."""
        found = [node for tag in tags if (node := child(properties, "rPr", tag)) is not None]
        return self._add(found[0], kind) if found else None

    def _text_box(self, box: Element, state: State, anchor: int) -> None:
        before = self._story, self._anchor, self._reading.fields, self._place
        self._boxes += 1
        self._story, self._anchor, self._reading.fields = Story.TEXT_BOX, anchor, Fields()
        self._place = [*self._place, f"text box {self._boxes}"]
        self._blocks(box, state)
        self._story, self._anchor, self._reading.fields, self._place = before

    def _add(self, node: Element, kind: MarkKind, text: str = "") -> str:
        """The id of a mark at the paragraph that comes next, or is read now."""
        # What holds whole paragraphs touches those that are read within it.
        own = (len(self._paragraphs),) if kind in (MarkKind.PARAGRAPH_INSERTED, MarkKind.PARAGRAPH_DELETED) else ()
        return self._register.add(self._reading.part, node, kind, own, text)

    # Comments

    def _comments(self) -> list[Mark]:
        comments = thread(self._docx, read_comments(self._docx), self._reading.anchors.span)
        first = {comment.key: comment for comment in comments}
        return [self._comment(comment, first.get(comment.reply_to or "")) for comment in comments]

    def _comment(self, comment: Comment, answered: Comment | None) -> Mark:
        anchors = self._reading.anchors
        # A reply is tied to what its comment is tied to; some programs repeat that, some do not.
        id = comment.id if answered is None or anchors.paragraphs(comment.id) else answered.id
        return Mark(
            id=comment.key,
            kind=MarkKind.COMMENT,
            paragraphs=anchors.paragraphs(id),
            text=comment.text,
            quote=anchors.quote(id),
            author=comment.author,
            initials=comment.initials,
            at=comment.at,
            reply_to=comment.reply_to,
            is_resolved=comment.is_resolved,
        )
