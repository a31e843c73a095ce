"""Marks in somebody's name: what is put in, taken out, formatted; and new text in runs."""

from __future__ import annotations

import copy
import datetime as dt
import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Final

from lxml import etree

from tasks.adapters.word.ooxml import XML_SPACE, Element, child, elements, ensure, local, number_of, remove, val, w

#: The id of a mark until all are made: a run that is cut in two takes its marks with it, and each needs its own.
_PENDING: Final = "new"
_TOKEN: Final = re.compile("[\t\n\u2011]|[^\t\n\u2011]+")
_SIGNS: Final = {"\t": "tab", "\n": "br", "\u2011": "noBreakHyphen"}
_DELETED: Final = {w("t"): w("delText"), w("instrText"): w("delInstrText")}


class Pen:
    """Writes marks of one author and time."""

    def __init__(self, author: str, at: dt.datetime) -> None:
        self.author = author
        self.date = at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def mark(self, tag: str) -> Element:
        """A mark without content; it gets its id at the end."""
        attributes = {w("id"): _PENDING, w("author"): self.author, w("date"): self.date}
        return etree.Element(w(tag), attributes)

    def inserted(self, text: str, look: Element | None) -> Element:
        """Text put in, in one run formatted like `look`."""
        made = self.mark("ins")
        made.append(run_of(text, look))
        return made

    def delete(self, runs: Iterable[Element]) -> Element | None:
        """Take runs out; the last of the marks that do so, neighbours in one."""
        mark = None
        for run in runs:
            if mark is None or run.getprevious() is not mark:
                mark = self.mark("del")
                run.addprevious(mark)
            mark.append(run)
            for node in elements(run):
                node.tag = _DELETED.get(str(node.tag), node.tag)
                if node.tag == w("delText"):
                    node.set(XML_SPACE, "preserve")
        return mark


def number(roots: Iterable[Element], ids: Iterator[int]) -> None:
    """Give every mark that was made an id of its own, in the order of the file."""
    for node in (node for root in roots for node in root.iter()):
        if val(node, "id") == _PENDING:
            node.set(w("id"), str(next(ids)))


def free_ids(roots: Iterable[Element]) -> Iterator[int]:
    """Numbers that no mark, bookmark or note of these trees has for its id."""
    used = {number_of(id) for root in roots for node in root.iter() if (id := val(node, "id")) is not None}
    return (number for number in itertools.count(1) if number not in used)


def run_of(text: str, look: Element | None) -> Element:
    """A run with this text, formatted like `look`, the properties of a run or of a paragraph's end."""
    run = etree.Element(w("r"))
    if look is not None and len(look):
        properties = copy.deepcopy(look)
        properties.tag = w("rPr")
        for node in list(elements(properties)):
            if local(node) in ("ins", "del", "moveFrom", "moveTo", "rPrChange"):
                remove(node)
        run.append(properties)
    for token in _TOKEN.findall(text):
        node = etree.SubElement(run, w(_SIGNS.get(token, "t")))
        if token not in _SIGNS:
            node.text = token
            node.set(XML_SPACE, "preserve")
    return run


def properties_of(paragraph: Element, pen: Pen | None = None) -> Element:
    """The properties for a new paragraph like another one, its end put in by `pen`. A section ends only once."""
    model = child(paragraph, "pPr")
    made = etree.Element(w("pPr")) if model is None else copy.deepcopy(model)
    for node in list(elements(made)):
        if local(node) in ("sectPr", "pPrChange"):
            remove(node)
    for mark in made.iterfind(f"{w('rPr')}/{w('del')}"):
        remove(mark)
    if pen is not None:
        mark_end(made, pen.mark("ins"))
    return made


def mark_end(properties: Element, mark: Element) -> None:
    """Say in a paragraph's properties that its end was put in or taken out."""
    ensure(properties, "rPr").insert(0, mark)
