"""A copy of a draft as a reader sends it back: comments, changes, and the program that saved it. For rehearsals.

What Word and LibreOffice write is in docs/dev/analysis/. The same arguments give the same bytes but for the package's
own times, which `normalise` sets.
"""

from __future__ import annotations

import copy
import datetime as dt
import io
from collections.abc import Iterator
from itertools import count

import docx
from docx.document import Document
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from tasks.adapters.word.ooxml import Element, child, elements, ensure, local, w
from tasks.adapters.word.opc import unpack
from tasks.domain.errors import Invalid
from tasks.domain.readers import ReaderMark, Reading

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
#: Clear of the ids that the draft has.
_FIRST_ID = 9000
_MARKED = ("ins", "del", "rPrChange", "pPrChange")


def annotate(data: bytes, reading: Reading, author: str, now: dt.datetime, name: str) -> bytes:
    """`data` with what a reader did to it; `author` where the reading names nobody.

    Raises:
        Invalid: words of the reading `name` do not stand in exactly one place of the draft.
    """
    document = docx.Document(io.BytesIO(data))
    reader = _Reader(document, reading.author or author, now, reading.tracking, name)
    for mark in reading.marks:
        reader.do(mark)
    out = io.BytesIO()
    document.save(out)
    return _as_libreoffice(out.getvalue()) if reading.saved_by == "libreoffice" else out.getvalue()


class _Reader:
    """Somebody with a copy open."""

    def __init__(self, document: Document, author: str, now: dt.datetime, is_tracked: bool, name: str) -> None:
        self.document, self.author, self.now, self.is_tracked, self.name = document, author, now, is_tracked, name
        self._ids = count(_FIRST_ID)

    def do(self, mark: ReaderMark) -> None:
        paragraph = self._find(mark.words)
        runs = _cut_out(paragraph, mark.words)
        if not runs:
            raise Invalid(f"{self.name}: “{mark.words}” stands partly in a link or a field; name other words")
        if mark.comment is not None:
            self._comment(paragraph, runs, mark.comment)
        if mark.instead is not None:
            self._replace(runs, mark.instead)
        if mark.paragraph is not None:
            self._add(paragraph, mark.paragraph)

    def _find(self, words: str) -> Element:
        body: Element = self.document.element.body
        found = [each for each in body.iter(w("p")) if _text(each).count(words) == 1]
        if len(found) != 1:
            raise Invalid(f"{self.name}: “{words}” stands in {len(found)} paragraphs of the draft; name words of one")
        return found[0]

    def _comment(self, paragraph: Element, runs: list[Element], text: str) -> None:
        holder = Paragraph(paragraph, self.document)  # type: ignore[arg-type]  # lxml's element is python-docx's own
        ends = [Run(run, holder) for run in (runs[0], runs[-1])]  # type: ignore[arg-type]
        initials = "".join(word[0] for word in self.author.split()).upper()
        comment = self.document.add_comment(ends, text=text, author=self.author, initials=initials)
        # python-docx takes the time from the clock; a rehearsal has its own.
        comment._comment_elm.date = self.now

    def _replace(self, runs: list[Element], text: str) -> None:
        new = copy.deepcopy(runs[0])
        for node in elements(new):
            if local(node) != "rPr":
                new.remove(node)
        _write(new, "t", text)
        last = runs[-1]
        if text:
            last.addnext(self._mark(last, "ins", new) if self.is_tracked else new)
        for run in runs:
            if self.is_tracked:
                struck = self._mark(run, "del")
                run.addprevious(struck)
                struck.append(run)
                for node in run.iter(w("t")):
                    node.tag = w("delText")
            else:
                holder = run.getparent()
                assert holder is not None
                holder.remove(run)

    def _add(self, paragraph: Element, text: str) -> None:
        """A paragraph typed at the end of another: that one's end is new, the old end is the new one's."""
        new = paragraph.makeelement(w("p"))
        properties = child(paragraph, "pPr")
        if properties is not None:
            new.append(copy.deepcopy(properties))
        run = paragraph.makeelement(w("r"))
        _write(run, "t", text)
        new.append(self._mark(paragraph, "ins", run) if self.is_tracked else run)
        if self.is_tracked:
            ensure(ensure(paragraph, "pPr"), "rPr").append(self._mark(paragraph, "ins"))
        paragraph.addnext(new)

    def _mark(self, near: Element, tag: str, *inner: Element) -> Element:
        when = f"{self.now:%Y-%m-%dT%H:%M:%SZ}"
        mark = near.makeelement(w(tag), {w("id"): str(next(self._ids)), w("author"): self.author, w("date"): when})
        mark.extend(inner)
        return mark


def _text(paragraph: Element) -> str:
    """The text of the runs that stand in a paragraph itself."""
    return "".join(text for _, text in _runs(paragraph))


def _runs(paragraph: Element) -> Iterator[tuple[Element, str]]:
    for node in elements(paragraph):
        if local(node) == "r":
            yield node, "".join(each.text or "" for each in node.iter(w("t")))


def _cut_out(paragraph: Element, words: str) -> list[Element]:
    """The runs of exactly these words, cut out of longer ones; none where another kind of run is in the way."""
    start = _text(paragraph).index(words)
    found = []
    at = 0
    for run, text in list(_runs(paragraph)):
        first, last = max(start - at, 0), min(start + len(words) - at, len(text))
        at += len(text)
        if first >= last:
            continue
        if [local(node) for node in elements(run) if local(node) != "rPr"] != ["t"]:
            return []
        found.append(_part(run, text, first, last))
    return found


def _part(run: Element, text: str, first: int, last: int) -> Element:
    """A run cut in up to three: the one with the letters from `first` to `last`."""
    for piece, place in ((text[:first], run.addprevious), (text[last:], run.addnext)):
        if piece:
            beside = copy.deepcopy(run)
            _write(beside, "t", piece)
            place(beside)
    _write(run, "t", text[first:last])
    return run


def _write(run: Element, tag: str, text: str) -> None:
    for node in [*run.iter(w("t"))]:
        run.remove(node)
    words = run.makeelement(w(tag), {_SPACE: "preserve"})
    words.text = text
    run.append(words)


def _as_libreoffice(data: bytes) -> bytes:
    """The file as LibreOffice writes it: ids anew from 0, those of formatting all 0, properties in every run."""
    opened = unpack(data)
    root = opened.tree(opened.main)
    ids = count()
    for node in root.iter(*map(w, _MARKED)):
        node.set(w("id"), "0" if local(node).endswith("Change") else str(next(ids)))
    for run in root.iter(w("r")):
        if child(run, "rPr") is None:
            run.insert(0, run.makeelement(w("rPr")))
    opened.write(opened.main, root)
    name = "docProps/app.xml"
    if name in opened.parts:
        opened.parts[name] = _APPLICATION
    return opened.to_bytes()


_APPLICATION = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>LibreOffice/7.4.7.2$Linux_X86_64</Application></Properties>"
)
