"""Marks in places that hold no text: sections, tables, cells, numbering, styles. So none is lost."""

from __future__ import annotations

from collections.abc import Mapping

from tasks.adapters.word.inlines import is_repeated
from tasks.adapters.word.markup.elements import MOVES, PROPERTIES, PUT_IN, TAKEN_OUT
from tasks.adapters.word.markup.looks import describe
from tasks.adapters.word.markup.register import Register
from tasks.adapters.word.ooxml import Element, is_element, local, val, w
from tasks.domain.markup import MarkKind


def register_rest(root: Element, part: str, indices: Mapping[Element, int], register: Register) -> None:
    """Add everything in a part that has an author and was not met yet, at the paragraph it belongs to."""
    last: int | None = None
    for node in root.iter():
        last = indices.get(node, last)
        if not is_element(node) or val(node, "author") is None or register.has(node):
            continue
        name = local(node)
        if name in MOVES or name == "comment" or is_repeated(node):
            continue
        parent = node.getparent()
        kind = PUT_IN.get(name) or TAKEN_OUT.get(name)
        if kind is None or (parent is not None and local(parent) in PROPERTIES):
            kind, text = MarkKind.FORMATTING, describe(node)
        else:
            text = "".join(inner.text or "" for inner in node.iter(w("t"), w("delText")))
        index = _first_in(node, last, indices)
        register.add(part, node, kind, () if index is None else (index,), text)


def _first_in(node: Element, last: int | None, indices: Mapping[Element, int]) -> int | None:
    """The paragraph a mark stands at: the first of its cell, row or table, else the last one before it."""
    for above in node.iterancestors(w("p"), w("tc"), w("tr"), w("tbl")):
        for paragraph in above.iter(w("p")):
            if paragraph in indices:
                return indices[paragraph]
        return last
    return last
