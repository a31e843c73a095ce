"""Formatting changed, tracked: bold, italic and underlined, on and off."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping

from lxml import etree

from tasks.adapters.word.ooxml import Element, ensure, w
from tasks.adapters.word.redraft.passage import Passage
from tasks.adapters.word.redraft.pen import Pen
from tasks.adapters.word.redraft.places import NotPossible
from tasks.domain.markup import Formatting


def make_looks(changes: Iterable[Formatting], passages: Mapping[int, Passage], pen: Pen) -> list[Formatting]:
    """Format stretches; those that can't be."""
    left = []
    for change in changes:
        try:
            runs = [run for stretch in _stretches(change, passages) for run in stretch]
        except NotPossible:
            left.append(change)
            continue
        for run in runs:
            _format(run, change, pen)
    return left


def _stretches(change: Formatting, passages: Mapping[int, Passage]) -> list[list[Element]]:
    found = []
    for index in range(change.start.paragraph, change.end.paragraph + 1):
        passage = passages[index]
        start = change.start.offset if index == change.start.paragraph else 0
        end = change.end.offset if index == change.end.paragraph else passage.length
        found.append(passage.select(start, end))
    return found


def _format(run: Element, change: Formatting, pen: Pen) -> None:
    properties = ensure(run, "rPr")
    mark = properties.find(w("rPrChange"))
    former = copy.deepcopy(properties)
    for tags, state in ((("b", "bCs"), change.bold), (("i", "iCs"), change.italic)):
        if state is not None:
            for tag in tags:
                _set(ensure(properties, tag), None if state else "0")
    if change.underline is not None:
        _set(ensure(properties, "u"), "single" if change.underline else "none")
    if mark is not None or etree.tostring(former) == etree.tostring(properties):
        return  # formatted before by another change, which has kept what was there first; or so already
    mark = pen.mark("rPrChange")
    mark.append(former)
    properties.append(mark)


def _set(node: Element, value: str | None) -> None:
    node.attrib.pop(w("val"), "")
    if value is not None:
        node.set(w("val"), value)
