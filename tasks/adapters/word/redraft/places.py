"""Places between the signs of a paragraph, and what stands around them: runs, links, fields, forms."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from tasks.adapters.word.ooxml import Element, W, child, elements, is_element, local, val, w

#: What text may stand in within a paragraph and be changed there all the same.
WRAPPERS: Final = frozenset(
    ("hyperlink", "smartTag", "customXml", "dir", "bdo", "fldSimple", "sdt", "sdtContent", "ins", "del")
)
#: Of these a half can't be split off without making another of them.
_WHOLE: Final = frozenset(("fldSimple", "sdt", "sdtContent"))


class NotPossible(Exception):
    """A change that is left to a person: it would cut something in two that has to stay whole."""


@dataclass(frozen=True)
class Place:
    """Where new text goes: after an element, or before it; or in a paragraph without text."""

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


def place_after(before: Element, after: Element | None) -> Place:
    """After what stands before: past the ends of fields there, and out of what has nothing more to come."""
    position = _inline(before)
    if position.tag == w("r"):
        end_run(before)
    elif after is not None and position is _inline(after):
        raise NotPossible("it goes into a formula or the like")
    seen = False
    for run in runs_in([paragraph_of(before)]):
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


def place_before(after: Element) -> Place:
    """Before the first sign of a paragraph: before the field it stands in, and out of what begins with it."""
    position = _inline(after)
    if position.tag == w("r"):
        begin_run(after)
        position = _inline(after)
    for run in runs_in([paragraph_of(after)]):
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
        if local(above) not in WRAPPERS:
            raise NotPossible("it stands in something that is not changed by a program")
    raise NotPossible("it stands in no paragraph")


def _inline(node: Element) -> Element:
    """What holds an atom in its paragraph: its run, its formula, or the field that it is."""
    found = node
    for above in node.iterancestors():
        if local(above) in ("p", *WRAPPERS) and str(above.tag).startswith(f"{{{W}}}"):
            break
        found = above
    return found


def part_at(place: Place, holder: Element) -> Element | None:
    """Part what stands around a place in two halves; the element of the paragraph that begins the second."""
    if place.is_within:
        return None
    node, is_after = place.node, place.is_after
    while (above := node.getparent()) is not None and above is not holder:
        if local(above) in _WHOLE or local(above) not in WRAPPERS:
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
    for run in runs_in([paragraph_of(node)]):
        kinds = [val(each, "fldCharType") for each in elements(run)]
        depth += kinds.count("begin") - kinds.count("end")
        if run is node or node in run.iterancestors():
            break
    if depth > 0 or any(local(above) in _WHOLE for above in node.iterancestors()):
        raise NotPossible("it cuts a field or a form in two")


def begin_run(node: Element) -> None:
    """Let a run begin with one of its children; what stands before that gets one of its own."""
    run = node.getparent()
    assert run is not None
    earlier = [each for each in node.itersiblings(preceding=True) if local(each) != "rPr"][::-1]
    if any(is_element(each) for each in earlier):
        run.addprevious(_like(run, earlier))


def end_run(node: Element) -> None:
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


def runs_in(paragraphs: Iterable[Element]) -> Iterator[Element]:
    """The runs of paragraphs in order, without those of text boxes in them."""
    for paragraph in paragraphs:
        for run in paragraph.iter(w("r")):
            if paragraph_of(run) is paragraph:
                yield run


def is_balanced(runs: Iterable[Element]) -> bool:
    """Whether fields that begin in these runs end in them, and the other way round."""
    depth = 0
    for run in runs:
        for node in elements(run):
            kind = val(node, "fldCharType")
            depth += (kind == "begin") - (kind == "end")
            if depth < 0 or (kind == "separate" and not depth):
                return False
    return depth == 0


def paragraph_of(node: Element) -> Element:
    """The paragraph that something in it stands in."""
    return next(node.iterancestors(w("p")))


def link_of(node: Element) -> Element | None:
    """The link that something stands in, None where it stands in none."""
    return next((above for above in node.iterancestors(w("hyperlink"), w("p")) if local(above) == "hyperlink"), None)
