"""Where the body of a document starts: at its mark, else at the first section heading, else at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tasks.adapters.word.ooxml import Element, child, elements, local, val, w
from tasks.adapters.word.opc import Docx
from tasks.adapters.word.styles import Styles
from tasks.domain.errors import Invalid

#: The bookmark on the first paragraph of the body; bookmarks survive Word and LibreOffice.
BODY_MARK: Final = "roundtable_body"


@dataclass(frozen=True)
class Story:
    """A document's top-level elements before and after the start of its body; `section` is the last section's."""

    holder: Element
    front: list[Element]
    body: list[Element]
    section: Element | None


def split(docx: Docx, root: Element, styles: Styles) -> Story:
    """Cut the tree of the main part in two, without changing it."""
    holder = child(root, "body")
    if holder is None:
        raise Invalid(f"{docx.name}: the document has no body; ask for it saved again as .docx from Word")
    content = list(elements(holder))
    section = content.pop() if content and local(content[-1]) == "sectPr" else None
    start = _start(holder, content, styles)
    return Story(holder, content[:start], content[start:], section)


def _start(holder: Element, content: list[Element], styles: Styles) -> int:
    for mark in holder.iter(w("bookmarkStart")):
        if val(mark, "name") == BODY_MARK:
            top = mark
            while (above := top.getparent()) is not None and above is not holder:
                top = above
            if top in content:
                return content.index(top)
    for index, element in enumerate(content):
        paragraphs = [element] if local(element) == "p" else element.iter(w("p")) if local(element) == "sdt" else ()
        if any(_is_first_level(paragraph, styles) for paragraph in paragraphs):
            return index
    return 0


def _is_first_level(paragraph: Element, styles: Styles) -> bool:
    look = styles.look(paragraph)
    return look.role == "heading" and look.level == 1
