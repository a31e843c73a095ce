"""Notes to the editor as Word's comments, tied to passages of a draft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from tasks.adapters.word.ooxml import Element, W, child, local, w
from tasks.adapters.word.opc import OFFICE_REL, Docx
from tasks.adapters.word.redraft.passage import Passage
from tasks.adapters.word.redraft.pen import Pen, run_of
from tasks.adapters.word.redraft.places import NotPossible, Place
from tasks.domain.markup import At, Markup, Story

_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"


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
    part = docx.related(docx.main, "comments")
    if part is None:
        root = etree.Element(w("comments"), nsmap={"w": W})
        part = docx.free_name("word/comments.xml")
        docx.write(part, root)
        docx.add(part, docx.parts[part], _TYPE)
        docx.relate(docx.main, OFFICE_REL + "comments", part)
    root = docx.tree(part)
    for note in notes:
        id = str(next(ids))
        _tie(draft, passages, note, id)
        root.append(_comment(note, id, pen))
    docx.write(part, root)


def _comment(note: Note, id: str, pen: Pen) -> Element:
    initials = "".join(word[0] for word in pen.author.split())
    attributes = {w("id"): id, w("author"): pen.author, w("date"): pen.date, w("initials"): initials}
    made = etree.Element(w("comment"), attributes)
    for number, line in enumerate(note.text.split("\n")):
        paragraph = etree.SubElement(made, w("p"))
        if not number:
            etree.SubElement(etree.SubElement(paragraph, w("r")), w("annotationRef"))
        paragraph.append(run_of(line, None))
    return made


def _tie(draft: Markup, passages: Mapping[int, Passage], note: Note, id: str) -> None:
    """Put the range of a comment around its passage, and its mark behind that.

    A passage of nothing, or one that can't be cut out, is its whole paragraph.
    """
    start, end = _in_body(draft, note)
    first, last = passages[start.paragraph], passages[end.paragraph]
    same = start.paragraph == end.paragraph
    before = _runs_of(first, start.offset, end.offset if same else first.length)
    after = before if same else _runs_of(last, 0, end.offset)
    begins, ends = first.element.makeelement(w("commentRangeStart")), last.element.makeelement(w("commentRangeEnd"))
    shown = last.element.makeelement(w("r"))
    reference = etree.SubElement(shown, w("commentReference"))
    for node in (begins, ends, reference):
        node.set(w("id"), id)
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
