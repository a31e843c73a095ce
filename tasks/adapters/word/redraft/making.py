"""The next draft: the changes of a round made in the XML of the draft, everything else left as it is.

All changes are made tracked first. The clean version is that one with all of them accepted, so the two can't differ.
See docs/dev/analysis/redrafts.md.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tasks.adapters.word.inlines import is_repeated, text_boxes
from tasks.adapters.word.markup import accept_all
from tasks.adapters.word.markup.elements import is_change
from tasks.adapters.word.markup.reading import Reader
from tasks.adapters.word.ooxml import MC, Element, elements, w
from tasks.adapters.word.opc import Docx, unpack
from tasks.adapters.word.redraft.edits import Editor
from tasks.adapters.word.redraft.looks import make_looks
from tasks.adapters.word.redraft.notes import Note, write_notes
from tasks.adapters.word.redraft.passage import Passage
from tasks.adapters.word.redraft.pen import Pen, free_ids, number
from tasks.adapters.word.redraft.rows import make_rows, strike_row
from tasks.domain.errors import Invalid
from tasks.domain.markup import Change, Edit, Formatting, MarkKind, Markup, RowEdit
from tasks.domain.redraft import row_of


@dataclass(frozen=True)
class Redraft:
    """The file, and the changes that a program can't make in it: they are for the editor."""

    data: bytes
    left: tuple[Change, ...]


def redraft(
    master: bytes,
    changes: Sequence[Change],
    *,
    author: str,
    at: dt.datetime,
    tracked: bool,
    notes: Sequence[Note] = (),
) -> Redraft:
    """A draft with these changes made in it: `tracked` in the name of `author` at this time, or clean.

    Positions are those of the draft as `read_markup` reads it. The changes may not overlap; of two new paragraphs in
    one place the first given stands first. Parts and paragraphs that no change touches stay as they are.

    Raises:
        Invalid: the draft has tracked changes of its own, so that positions in it could mean two things.
    """
    docx = unpack(master)
    reader = Reader(docx, with_atoms=True)
    draft = reader.read()
    if any(mark.kind is not MarkKind.COMMENT for mark in draft.marks):
        raise Invalid("the draft has tracked changes; accept or reject them before others are made in it")
    found = zip(reader.indices, reader.atoms, strict=True)
    passages = {index: Passage(element, atoms) for index, (element, atoms) in enumerate(found)}
    pen = Pen(author, at)
    if left := _make(draft, passages, changes, pen):
        # Who tried to make them has cut runs in two: begun anew without them, their paragraphs stay as they are.
        able = [change for change in changes if change not in left]
        rest = redraft(master, able, author=author, at=at, tracked=tracked, notes=notes)
        return Redraft(rest.data, tuple(change for change in changes if change in left or change in rest.left))
    ids = free_ids(_roots(docx, reader.trees))
    number(reader.trees.values(), ids)
    write_notes(docx, draft, passages, notes, pen, ids)
    for root in reader.trees.values():
        _repeat_boxes(root)
    for part, root in reader.trees.items():
        if _has_changes(root) or (notes and part == docx.main):
            docx.write(part, root)
    data = docx.to_bytes()
    return Redraft(data if tracked else accept_all(data, comments=True), ())


def _make(draft: Markup, passages: Mapping[int, Passage], changes: Sequence[Change], pen: Pen) -> list[Change]:
    """Make the changes in the trees; those that are left."""
    rows = [change for change in changes if isinstance(change, RowEdit)]
    left: list[Change] = [*make_rows(rows, passages, pen)]
    gone = {index for row in rows if row.cells is None and row not in left for index in row_of(draft, row.row)}
    looks = [change for change in changes if isinstance(change, Formatting) and change.start.paragraph not in gone]
    edits = [change for change in changes if isinstance(change, Edit) and change.start.paragraph not in gone]
    left += make_looks(looks, passages, pen)
    left += Editor(draft, passages, pen).make(edits)
    strike_row(sorted(gone), passages, pen)
    return left


def _roots(docx: Docx, trees: Mapping[str, Element]) -> list[Element]:
    """The parts whose marks need ids of their own: those with text, and the comments."""
    comments = docx.related(docx.main, "comments")
    return [*trees.values(), *([docx.tree(comments)] if comments else [])]


def _has_changes(root: Element) -> bool:
    return any(is_change(node) for node in root.iter())


def _repeat_boxes(root: Element) -> None:
    """Let the copies of changed text boxes, which only old programs read, say what the boxes say."""
    for alternate in root.iter(f"{{{MC}}}AlternateContent"):
        if is_repeated(alternate) or not len(alternate):
            continue
        first, *others = elements(alternate)
        ours = text_boxes(first)
        theirs = [box for other in others for box in other.iter(w("txbxContent"))]
        if len(ours) == len(theirs) and any(map(_has_changes, ours)):
            for one, other in zip(ours, theirs, strict=True):
                for node in list(other):
                    other.remove(node)
                other.extend(copy.deepcopy(one))
