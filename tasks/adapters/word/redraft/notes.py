"""Notes to the editor as Word's comments, tied to passages of a draft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tasks.adapters.word.ooxml import Element, child, local
from tasks.adapters.word.opc import Docx
from tasks.adapters.word.redraft.commenting import comment, comments_part, range_marks
from tasks.adapters.word.redraft.passage import Passage
from tasks.adapters.word.redraft.pen import Pen
from tasks.adapters.word.redraft.places import NotPossible, Place
from tasks.domain.markup import At, Markup, Story


@dataclass(frozen=True)
class Note:
    """What is said to the editor about a passage of the draft; lines are parted by "\\n"."""

    start: At
    end: At
    text: str


def write_notes(
    docx: Docx, draft: Markup, passages: Mapping[int, Passage], notes: Sequence[Note], pen: Pen, ids: Iterator[int]
) -> None:
    """Tie the notes to their passages and put what they say into the part of the comments, made where it is missing."""
    if not notes:
        return
    part = comments_part(docx)
    root = docx.tree(part)
    for note in notes:
        id = str(next(ids))
        _tie(draft, passages, note, id)
        root.append(comment(note.text, id, pen))
    docx.write(part, root)


def _tie(draft: Markup, passages: Mapping[int, Passage], note: Note, id: str) -> None:
    """Put the range of a comment around its passage, and its mark behind that.

    A passage of nothing, or one that can't be cut out, is its whole paragraph.
    """
    start, end = _in_body(draft, note)
    first, last = passages[start.paragraph], passages[end.paragraph]
    same = start.paragraph == end.paragraph
    before = _runs_of(first, start.offset, end.offset if same else first.length)
    after = before if same else _runs_of(last, 0, end.offset)
    begins, ends, shown = range_marks(id)
    if before:
        _outermost(before[0]).addprevious(begins)
    else:
        first.head.insert(child(first.head, "pPr") is not None, begins)
    if after:
        node = _outermost(after[-1])
        while (following := node.getnext()) is not None and local(following) == "ins":
            node = following
        Place(node).put(ends)
    else:
        last.element.append(ends)
    Place(ends).put(shown)


def _runs_of(passage: Passage, start: int, end: int) -> list[Element]:
    try:
        found = passage.select(start, end) if start < end else []
        return found or passage.select(0, passage.length)
    except NotPossible:
        return []


def _outermost(run: Element) -> Element:
    """A run with what marks it as put in or taken out."""
    above = run.getparent()
    return _outermost(above) if above is not None and local(above) in ("ins", "del") else run


def _in_body(draft: Markup, note: Note) -> tuple[At, At]:
    """The passage of a note; of one in a footnote or a text box the paragraph that it hangs on, else the first."""
    here = draft.paragraphs[note.start.paragraph]
    if here.story is Story.BODY:
        return note.start, note.end
    place = here.index if here.anchor is None else here.anchor
    while draft.paragraphs[place].story is not Story.BODY:
        place = draft.paragraphs[place].anchor or 0
    return At(place, 0), At(place, 0)
