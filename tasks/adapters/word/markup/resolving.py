"""All changes of a file accepted, or all rejected: what Word does with one click, on every part of the file.

A note goes with its mark; the parts of the comments go with the last comment.
"""

from __future__ import annotations

from typing import Final

from tasks.adapters.word.markup.tree import resolve
from tasks.adapters.word.ooxml import Element, elements, local, remove, val, w
from tasks.adapters.word.opc import Docx, unpack

_COMMENT_PARTS: Final = ("comments", "commentsExtended", "commentsIds", "commentsExtensible", "people")
_NOTES: Final = ("footnote", "endnote")
#: Parts beside the main one that may hold changes.
_PARTS: Final = frozenset(("header", "footer", "footnotes", "endnotes", "comments", "styles", "numbering"))


def accept_all(data: bytes, *, comments: bool = False) -> bytes:
    """The file with every change made and none marked; its comments go unless `comments`.

    A comment on what goes stays, at the place where that was; one on a row goes with it.
    """
    return _resolved(data, accept=True, comments=comments)


def reject_all(data: bytes, *, comments: bool = False) -> bytes:
    """The file as it was before it was changed with tracking on; its comments go unless `comments`."""
    return _resolved(data, accept=False, comments=comments)


def _resolved(data: bytes, *, accept: bool, comments: bool) -> bytes:
    docx = unpack(data)
    if not comments:
        gone = {r.id for r in docx.relationships(docx.main) if r.kind in _COMMENT_PARTS}
        if gone:
            docx.unrelate(docx.main, gone)
            docx.sweep()
    main = docx.tree(docx.main)
    notes, tied = note_marks(main), _tied(main)
    related = [r.target for r in docx.relationships(docx.main) if r.kind in _PARTS and r.target in docx.parts]
    for part in dict.fromkeys([docx.main, *related]):
        root = main if part == docx.main else docx.tree(part)
        is_changed = resolve(root, accept=accept)
        if not comments:
            is_changed |= _drop_comments(root)
        if is_changed:
            docx.write(part, root)
    drop_notes(docx, notes - note_marks(main))
    if comments:
        _drop_comments_of(docx, tied - _tied(main))
    return docx.to_bytes()


def _tied(root: Element) -> set[str]:
    """The comments that a tree refers to, by Word's id."""
    return {val(node, "id") or "" for node in root.iter(w("commentReference"))}


def _drop_comments_of(docx: Docx, ids: set[str]) -> None:
    """Take these comments out of their part: of a row that goes nothing is left that they could be tied to."""
    part = docx.related(docx.main, "comments")
    if part is not None and ids:
        root = docx.tree(part)
        for comment in [node for node in root.iterchildren(w("comment")) if val(node, "id") in ids]:
            remove(comment)
        docx.write(part, root)


def _drop_comments(root: Element) -> bool:
    found = list(root.iter(w("commentRangeStart"), w("commentRangeEnd"), w("commentReference")))
    for node in found:
        run = node.getparent()
        remove(node)
        if run is not None and local(run) == "r" and not any(local(n) != "rPr" for n in elements(run)):
            remove(run)
    return bool(found)


def note_marks(root: Element) -> set[tuple[str, str]]:
    """The notes a tree refers to: `footnote` or `endnote`, and the id."""
    return {(tag, val(node, "id") or "") for tag in _NOTES for node in root.iter(w(f"{tag}Reference"))}


def drop_notes(docx: Docx, notes: set[tuple[str, str]]) -> None:
    """Take these notes out of their parts."""
    for tag in {tag for tag, _ in notes}:
        part = docx.related(docx.main, tag + "s")
        if part is None:
            continue
        root = docx.tree(part)
        for note in [note for note in root.iterchildren(w(tag)) if (tag, val(note, "id")) in notes]:
            remove(note)
        docx.write(part, root)
