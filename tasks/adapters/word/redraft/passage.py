"""One paragraph of a draft as its text: cut at any sign, its stretches found as runs, new text put between them.

Positions are those of the reader of marks (`atoms`); they stay the same while marks are made, since what is taken out
stays in the file. New text is never counted.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from lxml import etree

from tasks.adapters.word.ooxml import XML_SPACE, Element, child, local, w
from tasks.adapters.word.redraft.places import (
    WRAPPERS,
    NotPossible,
    Place,
    begin_run,
    end_run,
    is_balanced,
    link_of,
    paragraph_of,
    part_at,
    place_after,
    place_before,
    runs_in,
)  # fmt: skip

_TEXTS: Final = (w("t"), w("delText"))


class Passage:
    """A paragraph: `element` is the one whose end is the old one; new ends put in before it part it into several."""

    def __init__(self, element: Element, atoms: Sequence[tuple[Element, int]]) -> None:
        self.element = element
        #: The first of the elements that hold the text now, and the first new paragraph put before them.
        self.head = self.top = element
        #: The new paragraph that follows, if one does.
        self.after: Element | None = None
        self._atoms = list(atoms)

    @property
    def length(self) -> int:
        return sum(length for _, length in self._atoms)

    def select(self, start: int, end: int) -> list[Element]:
        """The runs of what stands between two positions, cut so that they hold nothing else.

        Raises:
            NotPossible: a part of a field, a formula or the like would be left.
        """
        first, last = self._cut(start), self._cut(end)
        if first == last:
            return []
        nodes = [node for node, _ in self._atoms[first:last]]
        for node in nodes:
            self._check(node)
        begin_run(nodes[0])
        end_run(nodes[-1])
        begins, ends = nodes[0].getparent(), nodes[-1].getparent()
        runs = list(runs_in(dict.fromkeys(map(paragraph_of, nodes))))
        found = runs[runs.index(begins) : runs.index(ends) + 1] if begins in runs and ends in runs else []
        if not found or not is_balanced(found):
            raise NotPossible("it cuts a field in two")
        return [run for run in found if run.find(w("commentReference")) is None]

    def place(self, offset: int) -> Place:
        """Where new text at a position goes: outside of what ended before it."""
        index = self._cut(offset)
        before = self._atoms[index - 1][0] if index else None
        after = self._atoms[index][0] if index < len(self._atoms) else None
        if before is not None:
            return place_after(before, after)
        return place_before(after) if after is not None else Place(self.head, is_within=True)

    def look(self, offset: int, *, of_next: bool = False) -> Element | None:
        """How text at a position is formatted: like what stands before it, or after it (`of_next`)."""
        place = self.place(offset)
        link = link_of(place.node)
        index = self._cut(offset)
        before, after = self._atoms[:index][::-1], self._atoms[index:]
        for node, _ in after + before if of_next else before + after:
            if node.tag in _TEXTS and (of_next or link_of(node) is link):
                return child(node.getparent(), "rPr")
        return child(self.element, "pPr", "rPr")

    def usual_look(self) -> Element | None:
        """How most of the paragraph is formatted."""
        looks: defaultdict[bytes, int] = defaultdict(int)
        known: dict[bytes, Element | None] = {}
        for node, length in self._atoms:
            if node.tag in _TEXTS and link_of(node) is None:
                look = child(node.getparent(), "rPr")
                key = b"" if look is None else _canonical(look)
                looks[key] += length
                known[key] = look
        return known[max(looks, key=lambda key: looks[key])] if looks else child(self.element, "pPr", "rPr")

    def split(self, place: Place, properties: Element) -> Element:
        """Make a new paragraph of all that stands before a place; that one, with an end of its own."""
        if place.is_within:
            holder, rest = self.head, None
        else:
            holder, rest = paragraph_of(place.node), place.node.getnext() if place.is_after else place.node
        if place.is_within or place.node.getparent() is not holder:
            rest = part_at(place, holder)
        made = holder.makeelement(w("p"))
        made.append(properties)
        for node in [node for node in holder if local(node) != "pPr"]:
            if node is rest:
                break
            made.append(node)
        holder.addprevious(made)
        if self.top is self.head:
            self.top = made
        self.head = made
        return made

    # How it is done

    def _cut(self, offset: int) -> int:
        """The number of the first atom from a position on, none reaching over it."""
        begins = 0
        for index, (node, length) in enumerate(self._atoms):
            if offset <= begins:
                return index
            if offset < begins + length:
                run = node.getparent()
                if node.tag not in _TEXTS or run is None or local(run) != "r":
                    raise NotPossible("it cuts a sign in two")
                self._atoms[index : index + 1] = _halves(node, offset - begins)
                return index + 1
            begins += length
        return len(self._atoms)

    def _check(self, node: Element) -> None:
        run = node.getparent()
        if run is None or local(run) != "r" or local(node) in ("ruby", "fldChar"):
            raise NotPossible("it takes out a formula, a field or the like")
        for above in run.iterancestors():
            if local(above) == "p":
                return
            if local(above) not in WRAPPERS:
                raise NotPossible("it stands in something that is not changed by a program")


def _halves(node: Element, length: int) -> list[tuple[Element, int]]:
    text = node.text or ""
    rest = copy.deepcopy(node)
    node.text, rest.text, rest.tail = text[:length], text[length:], None
    for each in (node, rest):
        each.set(XML_SPACE, "preserve")
    node.addnext(rest)
    return [(node, length), (rest, len(text) - length)]


def _canonical(node: Element) -> bytes:
    return etree.tostring(node, method="c14n")
