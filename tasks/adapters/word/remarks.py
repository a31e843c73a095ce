"""What we remark on the rows of a bilingual file, as Word's comments on the cells of their targets.

The file goes to and fro: remarks of an earlier time are taken out before new ones are put in. What others commented
stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count

from tasks.adapters.word.bilingual import target_cells
from tasks.adapters.word.direction import own_runs, set_language
from tasks.adapters.word.language import set_direction
from tasks.adapters.word.ooxml import Element, child, elements, local, number_of, remove, val, w
from tasks.adapters.word.opc import Docx
from tasks.adapters.word.redraft.commenting import comment, comments_part, range_marks
from tasks.adapters.word.redraft.pen import Pen


def put_remarks(docx: Docx, remarks: Mapping[str, Sequence[str]], pen: Pen, language: str, rtl: bool) -> None:
    """Put remarks, written in `language`, on the targets of segments (by id), in place of all that `pen` has written.

    One on a segment without a row is left out: there is nothing to put it on.
    """
    remove_remarks(docx, pen.author)
    root = docx.tree(docx.main)
    cells = target_cells(root)
    placed = [(cells[segment], text) for segment, texts in remarks.items() if segment in cells for text in texts]
    if not placed:
        return
    part = comments_part(docx)
    comments = docx.tree(part)
    ids = count(1 + max((number_of(val(node, "id")) for node in elements(comments)), default=0))
    for cell, text in placed:
        id = str(next(ids))
        made = comment(text, id, pen)
        for run in [run for paragraph in made for run in own_runs(paragraph)]:
            set_language(run, language, rtl)
        set_direction(made, rtl)
        comments.append(made)
        _tie(cell, id)
    docx.write(part, comments)
    docx.write(docx.main, root)


def remove_remarks(docx: Docx, author: str) -> None:
    """Take every comment of an author out; an answer to one stays as a comment by itself."""
    part = docx.related(docx.main, "comments")
    if part is None:
        return
    comments = docx.tree(part)
    ours = [node for node in elements(comments) if local(node) == "comment" and val(node, "author") == author]
    if not ours:
        return
    ids = {val(node, "id") for node in ours}
    paragraphs = {value for node in ours for value in _attributes(node.iter(w("p")), "paraId")}
    for node in ours:
        remove(node)
    docx.write(part, comments)
    for kind in ("commentsExtended", "commentsIds"):
        _forget(docx, kind, paragraphs)
    root = docx.tree(docx.main)
    for mark in list(root.iter(w("commentRangeStart"), w("commentRangeEnd"), w("commentReference"))):
        if val(mark, "id") in ids:
            run = mark.getparent()
            remove(mark)
            if run is not None and local(run) == "r" and all(local(node) == "rPr" for node in elements(run)):
                remove(run)
    docx.write(docx.main, root)


def _forget(docx: Docx, kind: str, paragraphs: set[str]) -> None:
    """Take what a part beside the comments says of these out of it; a comment that answered one answers none."""
    part = docx.related(docx.main, kind)
    if part is None:
        return
    root = docx.tree(part)
    for entry in list(elements(root)):
        if paragraphs & set(_attributes([entry], "paraId")):
            remove(entry)
        for name in [name for name in entry.attrib if str(name).endswith("}paraIdParent")]:
            if entry.get(name) in paragraphs:
                del entry.attrib[name]
    docx.write(part, root)


def _attributes(nodes: Iterable[Element], name: str) -> list[str]:
    """The values of an attribute whose namespace differs from Word to Word."""
    return [str(value) for node in nodes for key, value in node.attrib.items() if str(key).endswith(f"}}{name}")]


def _tie(cell: Element, id: str) -> None:
    """Lay the passage of a comment around all of a cell's text, its mark behind that."""
    paragraphs = list(cell.iter(w("p")))
    if not paragraphs:
        return
    start, end, shown = range_marks(id)
    first = paragraphs[0]
    first.insert(child(first, "pPr") is not None, start)
    paragraphs[-1].extend([end, shown])
