"""Rows of tables put in and taken out, tracked."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Final

from tasks.adapters.word.ooxml import Element, child, elements, local, remove, w
from tasks.adapters.word.redraft.passage import Passage
from tasks.adapters.word.redraft.pen import Pen, run_of
from tasks.adapters.word.redraft.places import NotPossible
from tasks.domain.markup import PARAGRAPH, RowEdit

#: What a new row does not take over from the one it is made like.
_OWN: Final = frozenset(("tblHeader", "ins", "del", "trPrChange"))


def make_rows(edits: Iterable[RowEdit], passages: Mapping[int, Passage], pen: Pen) -> list[RowEdit]:
    """Put rows in and take rows out; the edits that can't be made.

    A new row is like the one it stands beside. Those that follow one row stand in the order given.
    """
    left = []
    last: dict[Element, Element] = {}
    for edit in edits:
        row = next(passages[edit.row].element.iterancestors(w("tr")), None)
        try:
            if row is None:
                raise NotPossible("it is in no table")
            if edit.cells is None:
                _properties(row).append(pen.mark("del"))
            else:
                made = _new_row(row, edit.cells, pen)
                if edit.is_before:
                    row.addprevious(made)
                else:
                    last.get(row, row).addnext(made)
                    last[row] = made
        except NotPossible:
            left.append(edit)
    return left


def strike_row(indices: Iterable[int], passages: Mapping[int, Passage], pen: Pen) -> None:
    """Mark the text of a row that goes; where that can't be done the row's own mark is enough."""
    for index in indices:
        passage = passages[index]
        try:
            pen.delete(passage.select(0, passage.length))
        except NotPossible:
            continue


def _properties(row: Element) -> Element:
    """A row's properties; its own mark comes last in them, but for a change of them."""
    found = child(row, "trPr")
    if found is None:
        found = row.makeelement(w("trPr"))
        row.insert(sum(local(node) == "tblPrEx" for node in row), found)
    return found


def _new_row(row: Element, texts: tuple[str, ...], pen: Pen) -> Element:
    cells = list(row.iterchildren(w("tc")))
    if len(cells) != len(texts) or any(local(node) not in ("tc", "trPr", "tblPrEx") for node in elements(row)):
        raise NotPossible("the row beside it has other cells")
    if next(row.iter(w("vMerge"), w("tbl")), None) is not None:
        raise NotPossible("cells of the row beside it are joined with others, or hold a table")
    made = row.makeelement(row.tag)
    for tag in ("tblPrEx", "trPr"):
        if (properties := child(row, tag)) is not None:
            made.append(copy.deepcopy(properties))
    properties = _properties(made)
    for node in [node for node in elements(properties) if local(node) in _OWN]:
        remove(node)
    properties.append(pen.mark("ins"))
    made.extend(_cell(cell, text, pen) for cell, text in zip(cells, texts, strict=True))
    return made


def _cell(cell: Element, text: str, pen: Pen) -> Element:
    made = cell.makeelement(cell.tag)
    if (properties := child(cell, "tcPr")) is not None:
        made.append(copy.deepcopy(properties))
    model = next(cell.iter(w("p")))
    look = next((child(run, "rPr") for run in model.iter(w("r")) if run.find(w("t")) is not None), None)
    for line in text.split(PARAGRAPH):
        paragraph = made.makeelement(w("p"))
        if (properties := child(model, "pPr")) is not None:
            paragraph.append(copy.deepcopy(properties))
        if line:
            new = pen.mark("ins")
            new.append(run_of(line, look))
            paragraph.append(new)
        made.append(paragraph)
    return made
