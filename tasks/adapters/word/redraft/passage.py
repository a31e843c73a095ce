"""One paragraph of a draft as its text: cut at any sign, its stretches found as runs, new text put between them.

Positions are those of the reader of marks (`atoms`); they stay the same while marks are made, since what is taken out
stays in the file. New text is never counted.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from tasks.adapters.word.ooxml import XML_SPACE, Element, W, child, elements, is_element, local, val, w

#: What text may stand in within a paragraph and be changed there all the same.
_WRAPPERS: Final = frozenset(
    ("hyperlink", "smartTag", "customXml", "dir", "bdo", "fldSimple", "sdt", "sdtContent", "ins", "del")
)
#: Of these a half can't be split off without making another of them.
_WHOLE: Final = frozenset(("fldSimple", "sdt", "sdtContent"))
_TEXTS: Final = (w("t"), w("delText"))


class NotPossible(Exception):
    """A change that is left to a person: it would cut something in two that has to stay whole."""


@dataclass(frozen=True)
class Place:
    """Where new text goes: after an element, or before it; or as the first or only thing of a paragraph (`holder`)."""

    node: Element
    is_after: bool = True
    is_within: bool = False

    def put(self, new: Element) -> None:
        """Put an element there."""
        if self.is_within:
            self.node.append(new)
        elif self.is_after:
            tail, self.node.tail = self.node.tail, None
            self.node.addnext(new)
            new.tail = tail
        else:
            self.node.addprevious(new)


class Passage:
    """A paragraph: `element` is the one whose end is the old one; new ends put in before it part it into several."""

    def __init__(self, element: Element, atoms: Sequence[tuple[Element, int]]) -> None:
        self.element = element
        #: The first of the elements that hold the text now, and the first of those that stand before it as new ones.
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
        _begin_run(nodes[0])
        _end_run(nodes[-1])
        begins, ends = nodes[0].getparent(), nodes[-1].getparent()
        runs = list(_runs(self._paragraphs(nodes)))
        found = runs[runs.index(begins) : runs.index(ends) + 1] if begins in runs and ends in runs else []
        if not found or not _is_balanced(found):
            raise NotPossible("it cuts a field in two")
        return [run for run in found if run.find(w("commentReference")) is None]

    def place(self, offset: int) -> Place:
        """Where new text at a position goes: outside of what ended before it."""
        index = self._cut(offset)
        before = self._atoms[index - 1][0] if index else None
        after = self._atoms[index][0] if index < len(self._atoms) else None
        if before is not None:
            return _after(before, after)
        return _before(after) if after is not None else Place(self.head, is_within=True)

    def look(self, offset: int, *, of_next: bool = False) -> Element | None:
        """How text at a position is formatted: like what stands before it, or after it (`of_next`)."""
        place = self.place(offset)
        link = _link(place.node)
        index = self._cut(offset)
        before, after = self._atoms[:index][::-1], self._atoms[index:]
        for node, _ in after + before if of_next else before + after:
            if node.tag in _TEXTS and (of_next or _link(node) is link):
                return child(node.getparent(), "rPr")
        return child(self.element, "pPr", "rPr")

    def usual_look(self) -> Element | None:
        """How most of the paragraph is formatted."""
        looks: defaultdict[bytes, int] = defaultdict(int)
        known: dict[bytes, Element | None] = {}
        for node, length in self._atoms:
            if node.tag in _TEXTS and _link(node) is None:
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
            holder, rest = _paragraph_of(place.node), place.node.getnext() if place.is_after else place.node
        if place.is_within or place.node.getparent() is not holder:
            rest = _part(place, holder)
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
            if local(above) not in _WRAPPERS:
                raise NotPossible("it stands in something that is not changed by a program")

    def _paragraphs(self, nodes: Iterable[Element]) -> list[Element]:
        return list(dict.fromkeys(_paragraph_of(node) for node in nodes))


def _halves(node: Element, length: int) -> list[tuple[Element, int]]:
    text = node.text or ""
    rest = copy.deepcopy(node)
    node.text, rest.text, rest.tail = text[:length], text[length:], None
    for each in (node, rest):
        each.set(XML_SPACE, "preserve")
    node.addnext(rest)
    return [(node, length), (rest, len(text) - length)]


def _begin_run(node: Element) -> None:
    """Let a run begin with one of its children; what stands before that gets one of its own."""
    run = node.getparent()
    assert run is not None
    earlier = [each for each in node.itersiblings(preceding=True) if local(each) != "rPr"][::-1]
    if any(is_element(each) for each in earlier):
        run.addprevious(_like(run, earlier))


def _end_run(node: Element) -> None:
    """Let a run end with one of its children; what stands after that gets one of its own."""
    run = node.getparent()
    assert run is not None
    later = list(node.itersiblings())
    if any(is_element(each) for each in later):
        made = _like(run, later)
        made.tail, run.tail = run.tail, None
        run.addnext(made)


def _like(run: Element, content: Iterable[Element]) -> Element:
    made = run.makeelement(run.tag, {str(key): str(value) for key, value in run.attrib.items()})
    if (look := child(run, "rPr")) is not None:
        made.append(copy.deepcopy(look))
    made.extend(content)
    return made


def _after(before: Element, after: Element | None) -> Place:
    """After what stands before: past the ends of fields there, and out of what has nothing more to come."""
    position = _inline(before)
    if position.tag == w("r"):
        _end_run(before)
    elif after is not None and position is _inline(after):
        raise NotPossible("it goes into a formula or the like")
    seen = False
    for run in _runs([_paragraph_of(before)]):
        if seen:
            kinds = [val(node, "fldCharType") for node in elements(run) if local(node) == "fldChar"]
            if "begin" in kinds or (after is not None and after.getparent() is run):
                break
            if "end" in kinds:
                position = run
        seen = seen or run is position or position in run.iterancestors()
        if after is not None and run is _inline(after):
            break
    above = position.getparent()
    while above is not None and local(above) != "p" and (after is None or above not in after.iterancestors()):
        position, above = above, above.getparent()
    return _allowed(Place(position))


def _before(after: Element) -> Place:
    """Before the first sign of a paragraph: before the field it stands in, and out of what begins with it."""
    position = _inline(after)
    if position.tag == w("r"):
        _begin_run(after)
        position = _inline(after)
    for run in _runs([_paragraph_of(after)]):
        if any(val(node, "fldCharType") == "begin" for node in elements(run)):
            position = run
            break
        if run is position:
            break
    while (above := position.getparent()) is not None and local(above) != "p":
        position = above
    return Place(position, is_after=False)


def _allowed(place: Place) -> Place:
    for above in place.node.iterancestors():
        if local(above) == "p":
            return place
        if local(above) not in _WRAPPERS:
            raise NotPossible("it stands in something that is not changed by a program")
    raise NotPossible("it stands in no paragraph")


def _inline(node: Element) -> Element:
    """What holds an atom in its paragraph: its run, its formula, or the field that it is."""
    found = node
    for above in node.iterancestors():
        if local(above) in ("p", *_WRAPPERS) and str(above.tag).startswith(f"{{{W}}}"):
            break
        found = above
    return found


def _runs(paragraphs: Iterable[Element]) -> Iterator[Element]:
    """The runs of paragraphs in order, without those of text boxes in them."""
    for paragraph in paragraphs:
        for run in paragraph.iter(w("r")):
            if _paragraph_of(run) is paragraph:
                yield run


def _is_balanced(runs: Iterable[Element]) -> bool:
    """Whether fields that begin in these runs end in them, and the other way round."""
    depth = 0
    for run in runs:
        for node in elements(run):
            kind = val(node, "fldCharType")
            depth += (kind == "begin") - (kind == "end")
            if depth < 0 or (kind == "separate" and not depth):
                return False
    return depth == 0


def _part(place: Place, holder: Element) -> Element | None:
    """Part what stands around a place in two halves; the element of the paragraph that begins the second."""
    if place.is_within:
        return None
    node, is_after = place.node, place.is_after
    while (above := node.getparent()) is not None and above is not holder:
        if local(above) in _WHOLE or local(above) not in _WRAPPERS:
            raise NotPossible("it cuts a field or a form in two")
        later = list(node.itersiblings()) if is_after else [node, *node.itersiblings()]
        rest = above.makeelement(above.tag, {str(key): str(value) for key, value in above.attrib.items()})
        rest.extend(later)
        rest.tail, above.tail = above.tail, None
        above.addnext(rest)
        node, is_after = above, True
    return node.getnext() if is_after else node


def check_split(node: Element) -> None:
    """Refuse to part a paragraph after this node: within a field or a form.

    Raises:
        NotPossible: it stands in one.
    """
    depth = 0
    for run in _runs([_paragraph_of(node)]):
        kinds = [val(each, "fldCharType") for each in elements(run)]
        depth += kinds.count("begin") - kinds.count("end")
        if run is node or node in run.iterancestors():
            break
    if depth > 0 or any(local(above) in _WHOLE for above in node.iterancestors()):
        raise NotPossible("it cuts a field or a form in two")


def _paragraph_of(node: Element) -> Element:
    return next(node.iterancestors(w("p")))


def _link(node: Element) -> Element | None:
    return next((above for above in node.iterancestors(w("hyperlink"), w("p")) if local(above) == "hyperlink"), None)


def _canonical(node: Element) -> bytes:
    return etree.tostring(node, method="c14n")
