"""All changes of a file accepted, or all rejected: what Word does with one click, on every part of the file.

The rules are Word's own (docs/dev/analysis/revisions.md): a paragraph whose end goes is joined with the next and takes
its properties; a row goes with its cells; a note goes with its mark.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tasks.adapters.word.ooxml import Element, child, elements, is_element, local, remove, val, w
from tasks.adapters.word.opc import Docx, unpack

_PUT_IN: Final = frozenset(("ins", "moveTo"))
_TAKEN_OUT: Final = frozenset(("del", "moveFrom"))
_PROPERTIES: Final = frozenset(("rPr", "pPr", "trPr", "tcPr", "tblPr", "numPr", "sectPr"))
#: Mark a stretch or a place, and stay when what is between them goes.
_PLACES: Final = frozenset(
    ("bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "permStart", "permEnd")
)
#: What a former set of properties leaves alone: it was never part of it.
_KEPT: Final = {"pPr": ("rPr", "sectPr"), "sectPr": ("headerReference", "footerReference")}
_BLOCKS: Final = frozenset(("p", "tbl", "sdt", "customXml", "altChunk"))
_COMMENT_PARTS: Final = ("comments", "commentsExtended", "commentsIds", "commentsExtensible", "people")
_STORIES: Final = frozenset(("header", "footer", "footnotes", "endnotes"))


def accept_all(data: bytes, *, comments: bool = False) -> bytes:
    """The file with every change made and none marked; its comments go unless `comments`."""
    return _resolved(data, _TAKEN_OUT, comments)


def reject_all(data: bytes, *, comments: bool = False) -> bytes:
    """The file as it was before it was changed with tracking on; its comments go unless `comments`."""
    return _resolved(data, _PUT_IN, comments)


def _resolved(data: bytes, dropped: frozenset[str], comments: bool) -> bytes:
    docx = unpack(data)
    related = [r.target for r in docx.relationships(docx.main) if r.kind in _STORIES and r.target in docx.parts]
    for part in dict.fromkeys([docx.main, *related]):
        root = docx.tree(part)
        if resolve(root, dropped) | (not comments and _drop_comments(root)):
            docx.write(part, root)
    drop_unused_notes(docx)
    if not comments:
        gone = {r.id for r in docx.relationships(docx.main) if r.kind in _COMMENT_PARTS}
        docx.unrelate(docx.main, gone)
        if gone:
            docx.sweep()
    return docx.to_bytes()


def resolve(root: Element, dropped: frozenset[str] = _TAKEN_OUT) -> bool:
    """Make or undo every change in a tree, whichever way `dropped` says goes; whether there was any.

    With what was taken out dropped, all changes are accepted; with what was put in, all are rejected.
    """
    before = sum(1 for _ in _marks(root))
    if not before:
        return False
    _formatting(root, is_accepted=dropped is _TAKEN_OUT)
    _rows(root, dropped)
    joined = [p for p in root.iter(w("p")) if _end_goes(p, dropped)]
    _content(root, dropped)
    for paragraph in joined:
        _join(paragraph)
    for node in [n for n in root.iter() if is_element(n) and _is_mark(n)]:
        remove(node)
    _mend(root)
    return True


def _is_mark(node: Element) -> bool:
    name = local(node)
    if name in _PUT_IN or name in _TAKEN_OUT or name.endswith("Change"):
        return True
    return name in ("cellIns", "cellDel", "cellMerge") or ("Range" in name and name.startswith(("move", "customXml")))


def _marks(root: Element) -> Iterator[Element]:
    return (node for node in root.iter() if is_element(node) and _is_mark(node))


def _formatting(root: Element, *, is_accepted: bool) -> None:
    for change in [n for n in root.iter() if is_element(n) and local(n).endswith("Change")]:
        holder = change.getparent()
        if holder is None:
            continue
        if not is_accepted and local(change) != "numberingChange":
            _restore(holder, change)
        remove(change)
    for numbering in list(root.iter(w("numPr"))):
        mark = child(numbering, "ins")
        if mark is not None:
            remove(mark if is_accepted else numbering)


def _restore(holder: Element, change: Element) -> None:
    """Put the former properties in the place of the present ones."""
    kept = _KEPT.get(local(holder), ())
    for node in [n for n in elements(holder) if local(n) not in kept and n is not change]:
        holder.remove(node)
    for node in reversed(_within(next(elements(change), None))):
        holder.insert(sum(local(n) in ("headerReference", "footerReference") for n in elements(holder)), node)


def _rows(root: Element, dropped: frozenset[str]) -> None:
    for row in list(root.iter(w("tr"))):
        if any(local(node) in dropped for node in _within(child(row, "trPr"))):
            remove(row)
    cell_mark = "cellDel" if dropped is _TAKEN_OUT else "cellIns"
    for mark in list(root.iter(w(cell_mark))):
        for cell in mark.iterancestors(w("tc")):
            remove(cell)
            break


def _content(root: Element, dropped: frozenset[str]) -> None:
    """Take out what goes, and free what stays of its wrapper."""
    for node in [n for n in root.iter() if is_element(n) and local(n) in (_PUT_IN | _TAKEN_OUT)]:
        parent = node.getparent()
        if parent is None or local(parent) in _PROPERTIES:
            continue
        if local(node) in dropped:
            for place in [n for n in node.iter() if is_element(n) and local(n) in _PLACES]:
                node.addprevious(place)
        else:
            for text in list(node.iter(w("delText"), w("delInstrText"))):
                text.tag = w("t") if local(text) == "delText" else w("instrText")
            for inner in list(node):
                node.addprevious(inner)
        remove(node)


def _end_goes(paragraph: Element, dropped: frozenset[str]) -> bool:
    return any(local(node) in dropped for node in _within(child(paragraph, "pPr", "rPr")))


def _join(paragraph: Element) -> None:
    """Join a paragraph with the next one, whose properties hold for both; alone and empty it goes altogether."""
    content = [node for node in paragraph if not (is_element(node) and local(node) == "pPr")]
    following = paragraph.getnext()
    while following is not None and is_element(following) and local(following) in _PLACES:
        following = following.getnext()
    if following is not None and is_element(following) and local(following) == "p":
        place = 1 if child(following, "pPr") is not None else 0
        for offset, node in enumerate(content):
            following.insert(place + offset, node)
        remove(paragraph)
    elif not any(is_element(node) and local(node) not in _PLACES for node in content):
        for node in content:
            paragraph.addprevious(node)
        if _may_go(paragraph):
            remove(paragraph)


def _may_go(paragraph: Element) -> bool:
    """A cell, a note and a body each need a paragraph last."""
    parent = paragraph.getparent()
    if parent is None:
        return False
    if local(parent) == "body":
        return True
    others = [node for node in elements(parent) if local(node) in _BLOCKS and node is not paragraph]
    return bool(others) and local(others[-1]) == "p"


def _mend(root: Element) -> None:
    """Tables without rows and rows without cells go; a cell or a text box without a paragraph gets one."""
    for row in [r for r in root.iter(w("tr")) if next(r.iter(w("tc")), None) is None]:
        remove(row)
    for table in [t for t in root.iter(w("tbl")) if next(t.iter(w("tr")), None) is None]:
        remove(table)
    for holder in root.iter(w("tc"), w("txbxContent"), w("footnote"), w("endnote"), w("comment")):
        blocks = [node for node in elements(holder) if local(node) in _BLOCKS]
        if not blocks or local(blocks[-1]) == "tbl":
            holder.append(holder.makeelement(w("p")))
    _pair(root)


def _pair(root: Element) -> None:
    """Take away beginnings and ends of stretches that have lost the other half."""
    for kind in ("bookmark", "commentRange", "perm"):
        starts = {val(n, "id"): n for n in root.iter(w(f"{kind}Start"))}
        ends = {val(n, "id"): n for n in root.iter(w(f"{kind}End"))}
        for id, node in (starts | ends).items():
            if id not in starts or id not in ends:
                remove(node)


def _drop_comments(root: Element) -> bool:
    found = list(root.iter(w("commentRangeStart"), w("commentRangeEnd"), w("commentReference")))
    for node in found:
        run = node.getparent()
        remove(node)
        if run is not None and local(run) == "r" and not any(local(n) != "rPr" for n in elements(run)):
            remove(run)
    return bool(found)


def drop_unused_notes(docx: Docx) -> None:
    """Take out the notes that nothing refers to any more."""
    main = docx.tree(docx.main)
    for kind, tag in (("footnotes", "footnote"), ("endnotes", "endnote")):
        part = docx.related(docx.main, kind)
        if part is None:
            continue
        used = {val(node, "id") for node in main.iter(w(f"{tag}Reference"))}
        root = docx.tree(part)
        own = [note for note in root.iterchildren(w(tag)) if val(note, "type") in (None, "normal")]
        unused = [note for note in own if val(note, "id") not in used]
        for note in unused:
            remove(note)
        if unused:
            docx.write(part, root)


def _within(node: Element | None) -> list[Element]:
    return [] if node is None else list(elements(node))
