"""What a template's plain text becomes in Word: page numbers, tabs and line ends."""

from __future__ import annotations

import copy
import re
from typing import Final

from tasks.adapters.word.ooxml import XML_SPACE, Element, child, remove, w
from tasks.adapters.word.writing import el, put_text

_FIELD: Final = re.compile(r"(\{page\}|\{pages\})")
_CODES: Final = {"{page}": " PAGE ", "{pages}": " NUMPAGES "}


def set_breaks(root: Element) -> None:
    """Turn tabs and line ends within texts into Word's own; they came with the values."""
    for text in list(root.iter(w("t"))):
        content = text.text or ""
        if "\n" in content or "\t" in content:
            holder = el("r")
            put_text(holder, content)
            parent = text.getparent()
            if parent is None:
                continue
            place = parent.index(text)
            remove(text)
            for offset, node in enumerate(list(holder)):
                parent.insert(place + offset, node)


def set_page_fields(root: Element) -> None:
    """Turn {page} and {pages} in a text into the fields of the page number and the number of pages.

    So the wording says where they stand ("Page {page} of {pages}"), which differs from language to language.
    """
    for text in list(root.iter(w("t"))):
        run = text.getparent()
        parent = None if run is None else run.getparent()
        if run is None or parent is None or not _FIELD.search(text.text or ""):
            continue
        properties = child(run, "rPr")
        made = []
        for piece in _FIELD.split(text.text or ""):
            if not piece:
                continue
            single = el("r", *([] if properties is None else [copy.deepcopy(properties)]))
            shown = el("t")
            shown.set(XML_SPACE, "preserve")
            shown.text = "1" if piece in _CODES else piece
            single.append(shown)
            made.append(el("fldSimple", single, instr=_CODES[piece]) if piece in _CODES else single)
        place = parent.index(run) + 1
        for offset, node in enumerate(made):
            parent.insert(place + offset, node)
        remove(text)
