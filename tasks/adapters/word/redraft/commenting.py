"""Comments of Word's written into a file: their part, and what one says."""

from __future__ import annotations

from typing import Final

from lxml import etree

from tasks.adapters.word.ooxml import Element, W, w
from tasks.adapters.word.opc import OFFICE_REL, Docx
from tasks.adapters.word.redraft.pen import Pen, run_of

_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"


def comments_part(docx: Docx) -> str:
    """The part of the comments, made where it is missing."""
    part = docx.related(docx.main, "comments")
    if part is None:
        part = docx.free_name("word/comments.xml")
        docx.write(part, etree.Element(w("comments"), nsmap={"w": W}))
        docx.add(part, docx.parts[part], _TYPE)
        docx.relate(docx.main, OFFICE_REL + "comments", part)
    return part


def comment(text: str, id: str, pen: Pen) -> Element:
    """A comment; its lines are parted by "\\n"."""
    initials = "".join(word[0] for word in pen.author.split())
    attributes = {w("id"): id, w("author"): pen.author, w("date"): pen.date, w("initials"): initials}
    made = etree.Element(w("comment"), attributes)
    for number, line in enumerate(text.split("\n")):
        paragraph = etree.SubElement(made, w("p"))
        if not number:
            etree.SubElement(etree.SubElement(paragraph, w("r")), w("annotationRef"))
        paragraph.append(run_of(line, None))
    return made


def range_marks(id: str) -> tuple[Element, Element, Element]:
    """Where a comment's passage starts, where it ends, and the run with its mark that follows."""
    start, end, shown = (
        etree.Element(w("commentRangeStart")),
        etree.Element(w("commentRangeEnd")),
        etree.Element(w("r")),
    )
    for node in (start, end, etree.SubElement(shown, w("commentReference"))):
        node.set(w("id"), id)
    return start, end, shown
