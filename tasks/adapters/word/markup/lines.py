"""One paragraph read: its text in pieces, each with the marks that hold for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from tasks.adapters.word.inlines import chosen, text_boxes
from tasks.adapters.word.markup.anchors import Anchors
from tasks.adapters.word.markup.atoms import Fields, is_math, text_of_atom
from tasks.adapters.word.markup.elements import PUT_IN, TAKEN_OUT
from tasks.adapters.word.markup.looks import describe
from tasks.adapters.word.markup.register import Register
from tasks.adapters.word.markup.state import State
from tasks.adapters.word.ooxml import Element, child, elements, local, val
from tasks.domain.markup import OBJECT, MarkKind, Piece, Story

#: What only wraps the text of a paragraph.
_TRANSPARENT: Final = frozenset(("hyperlink", "smartTag", "customXml", "dir", "bdo"))
_NOTES: Final = {"footnoteReference": Story.FOOTNOTE, "endnoteReference": Story.ENDNOTE}


@dataclass
class Reading:
    """What is known so far of the file and of the part that is read now."""

    register: Register = field(default_factory=Register)
    anchors: Anchors = field(default_factory=Anchors)
    fields: Fields = field(default_factory=Fields)
    part: str = ""
    #: Where each note's mark stands and what holds for it, by kind and Word's id, in reading order.
    referred: dict[tuple[Story, str], tuple[int, State]] = field(default_factory=dict)


@dataclass
class Line:
    """A paragraph while it is read: its pieces, the elements they come from with the length of each, and the text boxes
    anchored in it."""

    index: int
    reading: Reading
    pieces: list[Piece] = field(default_factory=list)
    atoms: list[tuple[Element, int]] = field(default_factory=list)
    boxes: list[tuple[Element, State]] = field(default_factory=list)

    def read(self, holder: Element, state: State) -> None:
        """Take in what stands in a paragraph, or in a part of it."""
        for node in elements(holder):
            name = local(node)
            if name == "r":
                self._run(node, state)
            elif name in PUT_IN or name in TAKEN_OUT:
                self.read(node, self._under(node, name, state))
            elif name in _TRANSPARENT:
                self.read(node, state)
            elif name == "fldSimple":
                self._field(node, state)
            elif name == "sdt":
                content = child(node, "sdtContent")
                if content is not None:
                    self.read(content, state)
            elif name == "AlternateContent":
                self.read(chosen(node), state)
            elif name in ("commentRangeStart", "commentRangeEnd"):
                self.reading.anchors.range(node, self.index)
            elif is_math(node):
                self._math(node, state)

    def _run(self, run: Element, state: State) -> None:
        reading = self.reading
        change = child(run, "rPr", "rPrChange")
        if change is not None:
            state = state.formatted(self._add(change, MarkKind.FORMATTING, describe(change)))
        for node in elements(run):
            name = local(node)
            if name == "t":
                self.put(node, node.text or "", state)
            elif name == "commentReference":
                reading.anchors.refer(val(node, "id") or "", self.index)
            elif name in _NOTES:
                self._refer(_NOTES[name], val(node, "id") or "", state)
                self.put(node, OBJECT, state)
            elif (volatile := reading.fields.see(node)) is not None:
                self.put(node, volatile, state, always=True)
            else:
                self.put(node, text_of_atom(node), state)
                if name in ("drawing", "pict", "object", "AlternateContent"):
                    top = chosen(node) if name == "AlternateContent" else node
                    self.boxes += ((box, state) for box in text_boxes(top))

    def _field(self, node: Element, state: State) -> None:
        fields = self.reading.fields
        volatile = fields.begin(val(node, "instr") or "")
        if volatile is not None:
            self.put(node, volatile, state, always=True)
        self.read(node, state)
        fields.end()

    def _math(self, node: Element, state: State) -> None:
        """A formula's letters and figures. Changes are marked within it as they are in other text."""
        name = local(node)
        if name == "t":
            self.put(node, node.text or "", state)
        elif name in ("commentRangeStart", "commentRangeEnd"):
            self.reading.anchors.range(node, self.index)
        elif not name.endswith("Pr"):
            under = self._under(node, name, state) if name in PUT_IN or name in TAKEN_OUT else state
            for inner in elements(node):
                self._math(inner, under)

    def put(self, node: Element, text: str, state: State, *, always: bool = False) -> None:
        """Text in this state; what a field hides only where it stands for the field."""
        reading = self.reading
        if not text or (reading.fields.is_hiding and not always):
            return
        changes = state.marks
        if changes:
            reading.register.say(changes, text, self.index)
        reading.anchors.say(text, self.index, is_deleted=bool(state.taken_out))
        self.atoms.append((node, len(text)))
        self.pieces.append(Piece(text, bool(state.put_in), bool(state.taken_out), (*changes, *reading.anchors.keys)))

    def _refer(self, story: Story, id: str, state: State) -> None:
        before = self.reading.referred.get((story, id))
        if before is None:
            self.reading.referred[story, id] = (self.index, state)
        else:  # a note that was moved has two marks
            index = before[0] if not before[1].taken_out else self.index
            self.reading.referred[story, id] = (index, before[1].also(state))

    def _under(self, node: Element, name: str, state: State) -> State:
        return state.under(name, self._add(node, PUT_IN.get(name) or TAKEN_OUT[name]))

    def _add(self, node: Element, kind: MarkKind, text: str = "") -> str:
        return self.reading.register.add(self.reading.part, node, kind, (self.index,), text)


def merged(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Neighbours in one state as one piece."""
    found: list[Piece] = []
    texts: list[str] = []
    for piece in pieces:
        last = found[-1] if found else None
        if (
            last is not None
            and (last.is_inserted, last.is_deleted) == (piece.is_inserted, piece.is_deleted)
            and last.marks == piece.marks
        ):
            texts.append(piece.text)
        else:
            _close(found, texts)
            found.append(piece)
            texts = [piece.text]
    _close(found, texts)
    return tuple(found)


def _close(found: list[Piece], texts: list[str]) -> None:
    if len(texts) > 1:
        found[-1] = replace(found[-1], text="".join(texts))
