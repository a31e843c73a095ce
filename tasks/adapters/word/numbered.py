"""Paragraph numbers of a paper: its running text set in the style whose numbers Word counts by itself."""

from __future__ import annotations

from tasks.adapters.word.body import split
from tasks.adapters.word.ooxml import Element, child, local, val, w
from tasks.adapters.word.opc import unpack
from tasks.adapters.word.stylenames import StyleNames
from tasks.adapters.word.styles import Styles

_RUNNING_TEXT = ("Body Text", "Normal")


def number_paragraphs(data: bytes) -> bytes:
    """The file with its plain body paragraphs numbered; headings, lists, tables, captions and empty lines stay.

    Writers paste and type in whatever plain style is at hand, so the style is set when their file becomes a draft.
    Safe to repeat. A document without that style is left as it is.
    """
    docx = unpack(data)
    names = StyleNames(docx)
    target = names.find("Numbered Paragraph")
    plain = {None, *(names.find(name) for name in _RUNNING_TEXT)} - {target}
    if target is None:
        return data
    root = docx.tree(docx.main)
    changed = False
    for element in split(docx, root, Styles(docx)).body:
        if local(element) != "p" or not _has_text(element):
            continue
        properties, style = child(element, "pPr"), child(element, "pPr", "pStyle")
        if val(style) not in plain or child(properties, "numPr") is not None:
            continue
        if properties is None:
            properties = element.makeelement(w("pPr"))
            element.insert(0, properties)
        if style is None:
            style = element.makeelement(w("pStyle"))
            properties.insert(0, style)
        style.set(w("val"), target)
        changed = True
    if not changed:
        return data
    docx.write(docx.main, root)
    return docx.to_bytes()


def _has_text(paragraph: Element) -> bool:
    return any(str(node.text or "").strip() for node in paragraph.iter(w("t")))
