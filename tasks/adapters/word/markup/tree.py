"""All changes in one tree accepted, or all rejected.

The rules are Word's own (docs/dev/analysis/revisions.md): a paragraph whose end goes is joined with the next and takes
its properties; a row goes with its cells; a table goes with its last row.
"""

from __future__ import annotations

from typing import Final

from tasks.adapters.word.markup.elements import PROPERTIES, PUT_IN, TAKEN_OUT, is_change
from tasks.adapters.word.markup.former import resolve_formatting
from tasks.adapters.word.ooxml import Element, child, elements, is_element, local, remove, val, w

#: Mark a stretch or a place, and stay when what is between them goes.
_PLACES: Final = frozenset(
    ("bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "permStart", "permEnd")
)
_BLOCKS: Final = frozenset(("p", "tbl", "sdt", "customXml", "altChunk"))
#: Stand around paragraphs without being more than a wrapper of them.
_CONTROL: Final = frozenset(("sdt", "sdtContent", "customXml"))
_PAIRED: Final = ("bookmark", "commentRange", "perm")
#: Begin the stretch of a content control that came or went itself, its content staying.
_CONTROLS: Final = {
    True: ("customXmlDelRangeStart", "customXmlMoveFromRangeStart"),
    False: ("customXmlInsRangeStart", "customXmlMoveToRangeStart"),
}


def resolve(root: Element, *, accept: bool) -> bool:
    """Make every change in a tree, or undo every one; whether there was any."""
    changes = [node for node in root.iter() if is_change(node)]
    if not changes:
        return False
    dropped = frozenset(TAKEN_OUT if accept else PUT_IN)
    resolve_formatting(changes, accept=accept)
    _controls(root, accept=accept)
    _rows(root, dropped, "cellDel" if accept else "cellIns")
    joined = [paragraph for paragraph in root.iter(w("p")) if _end_goes(paragraph, dropped)]
    _content(changes, dropped)
    for paragraph in joined:
        _join(paragraph)
    for node in [node for node in root.iter() if is_change(node)]:
        remove(node)
    _mend(root)
    return True


def _controls(root: Element, *, accept: bool) -> None:
    """Free the content of controls that go."""
    for start in list(root.iter(*(w(name) for name in _CONTROLS[accept]))):
        control = start.getnext()
        if control is None or local(control) not in ("sdt", "customXml"):
            continue
        content = child(control, "sdtContent") if local(control) == "sdt" else control
        for node in [n for n in content if local(n) != "customXmlPr"] if content is not None else ():
            control.addprevious(node)
        remove(control)


def _rows(root: Element, dropped: frozenset[str], cell_mark: str) -> None:
    """Take out rows and cells that go, and the tables of which nothing is left."""
    for row in list(root.iter(w("tr"))):
        if any(local(node) in dropped for node in _within(child(row, "trPr"))):
            remove(row)
    for mark in list(root.iter(w(cell_mark))):
        cell = next(mark.iterancestors(w("tc")), None)
        if cell is not None:
            remove(cell)
    for tag, inner in (("tr", "tc"), ("tbl", "tr")):
        for holder in [h for h in root.iter(w(tag)) if next(h.iter(w(inner)), None) is None]:
            remove(holder)


def _content(changes: list[Element], dropped: frozenset[str]) -> None:
    """Take out what goes, and free what stays of its wrapper."""
    for node in changes:
        parent = node.getparent()
        if parent is None or local(parent) in PROPERTIES or local(node) not in (PUT_IN | TAKEN_OUT):
            continue
        if local(node) in dropped:
            for place in _places(node):
                node.addprevious(place)
        else:
            for text in list(node.iter(w("delText"), w("delInstrText"))):
                text.tag = w("t") if local(text) == "delText" else w("instrText")
            for inner in list(node):
                node.addprevious(inner)
        remove(node)


def _places(node: Element) -> list[Element]:
    """What stays of content that goes: beginnings and ends of stretches, and the marks of comments."""
    found = []
    for place in [n for n in node.iter() if is_element(n) and local(n) in (*_PLACES, "commentReference")]:
        if next(place.iterancestors(w("txbxContent")), None) is not next(node.iterancestors(w("txbxContent")), None):
            continue  # in a text box, which goes whole
        if local(place) == "commentReference":
            run = place.makeelement(w("r"))
            run.append(place)
            found.append(run)
        else:
            found.append(place)
    return found


def _end_goes(paragraph: Element, dropped: frozenset[str]) -> bool:
    return any(local(node) in dropped for node in _within(child(paragraph, "pPr", "rPr")))


def _join(paragraph: Element) -> None:
    """Join a paragraph with the next one, whose properties hold for both; alone and empty it goes altogether."""
    content = [node for node in paragraph if local(node) != "pPr"]
    between, following = _following(paragraph)
    if following is not None:
        place = 1 if child(following, "pPr") is not None else 0
        for offset, node in enumerate([*content, *between]):
            following.insert(place + offset, node)
        _take_out(paragraph)
    elif not any(is_element(node) and local(node) not in _PLACES for node in content) and _may_go(paragraph):
        for node in content:
            paragraph.addprevious(node)
        _take_out(paragraph)


def _following(paragraph: Element) -> tuple[list[Element], Element | None]:
    """The paragraph after this one, also out of a control or into one, and the places between the two; no table is."""
    between: list[Element] = []
    node: Element | None = paragraph
    while node is not None:
        following = node.getnext()
        if following is None:
            above = node.getparent()
            node = above if above is not None and local(above) in _CONTROL else None
            continue
        node = following
        while local(node) in _CONTROL and (inner := _within(node)):
            node = inner[0]
        if local(node) == "p":
            return between, node
        if local(node) in _BLOCKS - _CONTROL or local(node) == "sectPr":
            return between, None
        if local(node) in _PLACES:
            between.append(node)
    return between, None


def following(paragraph: Element) -> Element | None:
    """The paragraph that one is joined with when its end goes; None where a table or nothing comes next."""
    return _following(paragraph)[1]


def _take_out(paragraph: Element) -> None:
    """Remove a paragraph, and the control in which nothing is left."""
    content = paragraph.getparent()
    remove(paragraph)
    if content is not None and local(content) == "sdtContent" and not _within(content):
        control = content.getparent()
        if control is not None:
            remove(control)


def _may_go(paragraph: Element) -> bool:
    """Whether what holds a paragraph would still end with one: a cell, a note and a body each need that."""
    parent = paragraph.getparent()
    others = [node for node in _within(parent) if local(node) in _BLOCKS and node is not paragraph]
    return bool(others) and local(others[-1]) == "p"


def _mend(root: Element) -> None:
    """Give a paragraph to what needs one, and take away halves of pairs."""
    for holder in root.iter(*(w(tag) for tag in ("body", "tc", "txbxContent", "footnote", "endnote", "comment"))):
        blocks = [node for node in elements(holder) if local(node) in _BLOCKS]
        if not blocks:
            holder.insert(1 if child(holder, "tcPr") is not None else 0, holder.makeelement(w("p")))
        elif local(blocks[-1]) == "tbl" and local(holder) != "body":
            holder.append(holder.makeelement(w("p")))
    for kind in _PAIRED:
        starts = {val(node, "id") for node in root.iter(w(f"{kind}Start"))}
        ends = {val(node, "id") for node in root.iter(w(f"{kind}End"))}
        for node in [n for n in root.iter(w(f"{kind}Start"), w(f"{kind}End")) if val(n, "id") in starts ^ ends]:
            remove(node)


def _within(node: Element | None) -> list[Element]:
    return [] if node is None else list(elements(node))
