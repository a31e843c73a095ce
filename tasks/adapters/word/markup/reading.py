"""A Word file read whole: every paragraph of every part, every mark its readers left. See docs/dev/analysis/.

One walk over each part, in reading order. What changes something carries `w:id` and `w:author`; after the walk a look
at everything that does finds marks in places that hold no text, so that none is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from tasks.adapters.word.inlines import chosen
from tasks.adapters.word.markup.atoms import Fields, is_math, text_of_atom, text_of_math
from tasks.adapters.word.markup.comments import Comment, read_comments, time_of
from tasks.adapters.word.markup.looks import describe
from tasks.adapters.word.ooxml import MC, Element, child, elements, is_element, local, val, w
from tasks.adapters.word.opc import Docx
from tasks.adapters.word.styles import Styles
from tasks.domain.markup import OBJECT, Mark, MarkKind, Markup, Paragraph, Piece, Story

_PUT_IN: Final = {"ins": MarkKind.INSERTION, "moveTo": MarkKind.MOVED_TO}
_TAKEN_OUT: Final = {"del": MarkKind.DELETION, "moveFrom": MarkKind.MOVED_FROM}
_TRANSPARENT: Final = frozenset(("hyperlink", "smartTag", "customXml", "dir", "bdo", "fldSimple"))
#: Begin or end a stretch whose content is marked by itself.
_RANGES: Final = frozenset(("moveFromRangeStart", "moveToRangeStart"))
_NOTES: Final = {"footnotes": ("footnote", Story.FOOTNOTE), "endnotes": ("endnote", Story.ENDNOTE)}


def read_markup(docx: Docx) -> Markup:
    """Every paragraph and every mark of a file that was opened safely.

    Raises:
        Invalid: a part is missing or is no XML.
    """
    return _Reader(docx).read()


@dataclass(frozen=True)
class _State:
    """What holds for the text that is walked over now."""

    put_in: tuple[str, ...] = ()
    taken_out: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()


@dataclass
class _Open:
    """A paragraph while it is read."""

    index: int
    pieces: list[Piece] = field(default_factory=list)
    boxes: list[tuple[Element, _State]] = field(default_factory=list)


class _Reader:
    def __init__(self, docx: Docx) -> None:
        self._docx = docx
        self._styles = Styles(docx)
        self._paragraphs: list[Paragraph] = []
        self._marks: dict[str, Mark] = {}
        self._ids: dict[Element, str] = {}
        self._part = ""
        self._story = Story.BODY
        self._place: list[str] = []
        self._anchor: int | None = None
        self._fields = Fields()
        self._commenting: dict[str, None] = {}  # comments whose range is open, in order
        self._quotes: dict[str, list[str]] = {}
        self._touched: dict[str, list[int]] = {}
        self._referred: dict[tuple[Story, str], tuple[int, _State]] = {}
        self._indices: dict[Element, int] = {}
        self._tables = 0
        self._comments = {comment.id: comment for comment in read_comments(docx)}

    def read(self) -> Markup:
        main = self._docx.tree(self._docx.main)
        self._read_part(self._docx.main, Story.BODY, main)
        for kind, (tag, story) in _NOTES.items():
            part = self._docx.related(self._docx.main, kind)
            if part is not None:
                self._read_notes(part, story, tag)
        for story in (Story.HEADER, Story.FOOTER):
            parts = [r.target for r in self._docx.relationships(self._docx.main) if r.kind == story.value]
            for part in dict.fromkeys(part for part in parts if part in self._docx.parts):
                self._read_part(part, story, self._docx.tree(part), place=story.value)
        said = map(self._mark_of, self._comments.values())
        return Markup(tuple(_numbered(self._paragraphs)), (*self._marks.values(), *said))

    # Parts

    def _read_part(self, part: str, story: Story, root: Element, place: str = "") -> None:
        self._begin(part, story)
        self._place = [place] if place else []
        holder = child(root, "body")
        self._blocks(root if holder is None else holder, _State())
        self._the_rest(root)

    def _read_notes(self, part: str, story: Story, tag: str) -> None:
        self._begin(part, story)
        root = self._docx.tree(part)
        referred = (id for kind, id in self._referred if kind is story)
        order = {id: number for number, id in enumerate(referred, start=1)}
        for note in elements(root):
            id = val(note, "id") or ""
            if local(note) != tag or val(note, "type") not in (None, "normal"):
                continue
            self._place = [f"{story.value} {order.get(id, id)}"]
            # A note goes where its mark goes: put in with it, taken out with it.
            self._anchor, state = self._referred.get((story, id), (None, _State()))
            self._blocks(note, state)
        self._anchor = None
        self._the_rest(root)

    def _begin(self, part: str, story: Story) -> None:
        self._part, self._story = part.rpartition("/")[2].removesuffix(".xml"), story
        self._fields = Fields()
        self._commenting = {}
        self._tables = 0

    # Blocks

    def _blocks(self, holder: Element, state: _State) -> None:
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
            elif name in _PUT_IN or name in _TAKEN_OUT:
                self._blocks(node, self._under(node, name, state))
            elif node.tag == f"{{{MC}}}AlternateContent":
                self._blocks(chosen(node), state)
            elif name in ("commentRangeStart", "commentRangeEnd"):
                self._range(node, name)
            elif name == "customXml":
                self._blocks(node, state)

    def _table(self, table: Element, state: _State) -> None:
        self._tables += 1
        number = self._tables
        for row_number, row in enumerate(_inner(table, "tr"), start=1):
            under, mark = self._row_state(row, state)
            first = len(self._paragraphs)
            for cell_number, cell in enumerate(_inner(row, "tc"), start=1):
                self._place.append(f"table {number}, row {row_number}, cell {cell_number}")
                self._blocks(cell, under)
                self._place.pop()
            if mark is not None:
                inside = self._paragraphs[first:]
                text = "\t".join("".join(piece.text for piece in paragraph.pieces) for paragraph in inside)
                self._marks[mark] = replace(self._marks[mark], paragraphs=tuple(p.index for p in inside), text=text)

    def _row_state(self, row: Element, state: _State) -> tuple[_State, str | None]:
        """The state within a row, and the mark by which it was put in or taken out."""
        properties = child(row, "trPr")
        put_in, taken_out = child(properties, "ins"), child(properties, "del")
        if put_in is not None:
            id = self._register(put_in, MarkKind.ROW_INSERTED)
            return replace(state, put_in=(*state.put_in, id)), id
        if taken_out is not None:
            id = self._register(taken_out, MarkKind.ROW_DELETED)
            return replace(state, taken_out=(*state.taken_out, id)), id
        return state, None

    # Paragraphs

    def _paragraph(self, node: Element, state: _State) -> None:
        index = len(self._paragraphs)
        opened = _Open(index)
        properties = child(node, "pPr")
        inserted = self._paragraph_mark(properties, index, ("ins", "moveTo"), MarkKind.PARAGRAPH_INSERTED)
        deleted = self._paragraph_mark(properties, index, ("del", "moveFrom"), MarkKind.PARAGRAPH_DELETED)
        self._indices[node] = index
        for comment in self._commenting:
            self._touch(comment, index)
        self._inline(node, state, opened)
        look = self._styles.look(node)
        self._paragraphs.append(
            Paragraph(
                index=index,
                story=self._story,
                pieces=_merged(opened.pieces),
                number=1 if look.role == "numbered" else None,  # counted when all are read
                place=", ".join(self._place),
                anchor=self._anchor,
                level=look.level if look.role == "heading" else 0,
                mark_inserted=inserted,
                mark_deleted=deleted,
            )
        )
        for comment in self._commenting:
            self._quotes[comment].append("\n")
        for box, under in opened.boxes:
            self._text_box(box, under, index)

    def _paragraph_mark(
        self, properties: Element | None, index: int, tags: tuple[str, str], kind: MarkKind
    ) -> str | None:
        for tag in tags:
            node = child(properties, "rPr", tag)
            if node is not None:
                return self._register(node, kind, (index,))
        return None

    def _text_box(self, box: Element, state: _State, anchor: int) -> None:
        before = self._story, self._anchor, self._fields
        self._story, self._anchor, self._fields = Story.TEXT_BOX, anchor, Fields()
        self._place.append("text box")
        self._blocks(box, state)
        self._place.pop()
        self._story, self._anchor, self._fields = before

    def _inline(self, holder: Element, state: _State, opened: _Open) -> None:
        for node in elements(holder):
            name = local(node)
            if name == "r":
                self._run(node, state, opened)
            elif name in _PUT_IN or name in _TAKEN_OUT:
                began = len(opened.pieces)
                self._inline(node, self._under(node, name, state), opened)
                self._complete(self._ids[node], opened.pieces[began:])
            elif name in _TRANSPARENT:
                self._inline(node, state, opened)
            elif name == "sdt":
                content = child(node, "sdtContent")
                if content is not None:
                    self._inline(content, state, opened)
            elif is_math(node):
                self._put(text_of_math(node), state, opened)
            elif node.tag == f"{{{MC}}}AlternateContent":
                self._inline(chosen(node), state, opened)
            elif name in ("commentRangeStart", "commentRangeEnd"):
                self._range(node, name, opened.index)

    def _run(self, run: Element, state: _State, opened: _Open) -> None:
        change = child(run, "rPr", "rPrChange")
        if change is not None:
            id = self._register(change, MarkKind.FORMATTING, (opened.index,), describe(change))
            state = replace(state, formats=(*state.formats, id))
        began = len(opened.pieces)
        for node in elements(run):
            name = local(node)
            if name == "commentReference":
                self._refer(val(node, "id") or "", opened.index)
            elif name in ("footnoteReference", "endnoteReference"):
                story = Story.FOOTNOTE if name == "footnoteReference" else Story.ENDNOTE
                self._referred.setdefault((story, val(node, "id") or ""), (opened.index, state))
                self._put(OBJECT, state, opened)
            elif (volatile := self._fields.see(node)) is not None:
                self._put(volatile, state, opened, always=True)
            else:
                self._put(text_of_atom(node), state, opened)
                opened.boxes += ((box, state) for box in _boxes(node))
        if change is not None:
            quoted = "".join(piece.text for piece in opened.pieces[began:])
            self._marks[id] = replace(self._marks[id], quote=quoted)

    def _put(self, text: str, state: _State, opened: _Open, *, always: bool = False) -> None:
        if not text or (self._fields.is_hiding and not always):
            return
        marks = (*state.put_in, *state.taken_out, *state.formats, *self._comment_ids())
        opened.pieces.append(Piece(text, bool(state.put_in), bool(state.taken_out), marks))
        for comment in self._commenting:
            if not state.taken_out:
                self._quotes[comment].append(text)

    # Marks

    def _under(self, node: Element, name: str, state: _State) -> _State:
        """The state within something put in or taken out."""
        kind = _PUT_IN.get(name) or _TAKEN_OUT[name]
        id = self._register(node, kind, (len(self._paragraphs),))
        if name in _PUT_IN:
            return replace(state, put_in=(*state.put_in, id))
        return replace(state, taken_out=(*state.taken_out, id))

    def _complete(self, id: str, pieces: list[Piece]) -> None:
        """Give a mark the text it puts in or takes out."""
        self._marks[id] = replace(self._marks[id], text="".join(piece.text for piece in pieces))

    def _register(self, node: Element, kind: MarkKind, paragraphs: tuple[int, ...] = (), text: str = "") -> str:
        """The id of a new mark."""
        name = f"{self._part}/{local(node)}/{val(node, 'id') or '0'}"
        id, number = name, 1
        while id in self._marks:
            number += 1
            id = f"{name}~{number}"
        self._ids[node] = id
        self._marks[id] = Mark(
            id=id, kind=kind, paragraphs=paragraphs, text=text, author=val(node, "author") or "", at=time_of(node)
        )
        return id

    def _the_rest(self, root: Element) -> None:
        """Marks where there is no text: of sections, tables, cells, numbering, content controls."""
        last: int | None = None
        for node in root.iter():
            last = self._indices.get(node, last)
            if not is_element(node) or node in self._ids or val(node, "author") is None or _is_repeated(node):
                continue
            name = local(node)
            if name in _RANGES or name == "comment":
                continue
            index = self._first_in(node, last)
            text = describe(node) or name
            self._register(node, MarkKind.FORMATTING, () if index is None else (index,), text)

    def _first_in(self, node: Element, last: int | None) -> int | None:
        """The paragraph a mark without text stands at: the first of its cell, row or table, else the last one read."""
        for above in node.iterancestors(w("p"), w("tc"), w("tr"), w("tbl")):
            found = [self._indices[p] for p in above.iter(w("p")) if p in self._indices]
            return found[0] if found else last
        return last

    # Comments

    def _comment_ids(self) -> tuple[str, ...]:
        return tuple(_comment_id(id) for id in self._commenting)

    def _range(self, node: Element, name: str, index: int | None = None) -> None:
        id = val(node, "id") or ""
        if name == "commentRangeStart":
            self._commenting[id] = None
            self._quotes.setdefault(id, [])
            if index is not None:
                self._touch(id, index)
        else:
            self._commenting.pop(id, None)

    def _refer(self, id: str, index: int) -> None:
        """Where a comment hangs that has no range, or the end of one that has."""
        if not self._touched.get(id):
            self._touch(id, index)

    def _touch(self, id: str, index: int) -> None:
        touched = self._touched.setdefault(id, [])
        if not touched or touched[-1] != index:
            touched.append(index)

    def _mark_of(self, comment: Comment) -> Mark:
        return Mark(
            id=_comment_id(comment.id),
            kind=MarkKind.COMMENT,
            paragraphs=tuple(self._touched.get(comment.id, ())),
            text=comment.text,
            quote="".join(self._quotes.get(comment.id, ())).strip("\n"),
            author=comment.author,
            initials=comment.initials,
            at=comment.at,
            reply_to=_comment_id(comment.reply_to) if comment.reply_to is not None else None,
            is_resolved=comment.is_resolved,
        )


def _comment_id(id: str) -> str:
    return f"comments/comment/{id}"


def _inner(parent: Element, tag: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, also those in content controls."""
    for node in elements(parent):
        name = local(node)
        if name == tag:
            yield node
        elif name == "sdt" and (content := child(node, "sdtContent")) is not None:
            yield from _inner(content, tag)
        elif name in ("ins", "del", "customXml", "moveFrom", "moveTo"):
            yield from _inner(node, tag)


def _boxes(node: Element) -> list[Element]:
    """The text boxes in a drawing, those within them left to their own walk."""
    if local(node) not in ("drawing", "pict", "object", "AlternateContent"):
        return []
    top = chosen(node) if local(node) == "AlternateContent" else node
    found = [box for box in top.iter(w("txbxContent")) if not _is_repeated(box)]
    return [box for box in found if not any(above in found for above in box.iterancestors())]


def _is_repeated(node: Element) -> bool:
    """Whether a node stands in the copy of something that old programs read instead."""
    return any(above.getprevious() is not None for above in node.iterancestors(f"{{{MC}}}Fallback"))


def _merged(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Neighbours in one state as one piece."""
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        if last is not None and replace(last, text="") == replace(piece, text=""):
            found[-1] = replace(last, text=last.text + piece.text)
        else:
            found.append(piece)
    return tuple(found)


def _numbered(paragraphs: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """The paragraphs with the numbers of the text before it was changed.

    Paragraphs whose ends were put in are one with the next that keeps its own: they were one when the text went out,
    and it is the last that says whether that one was numbered.
    """
    count, together = 0, list[Paragraph]()
    for paragraph in paragraphs:
        together.append(paragraph)
        if paragraph.mark_inserted is not None:
            continue
        is_whole = any(each.original for each in together) or not any(piece.is_inserted for piece in paragraph.pieces)
        number = None
        if paragraph.number is not None and is_whole:
            count += 1
            number = count
        for each in together:
            has_number = bool(each.original) or (each is paragraph and is_whole)
            yield replace(each, number=number if has_number else None)
        together = []
    yield from (replace(each, number=None) for each in together)
