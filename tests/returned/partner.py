"""A partner at work on a copy of a draft: each thing it does to the file, and a note of what it did.

What Word writes for each is in docs/dev/analysis/. Every act has a minute of its own, so author and time tell the mark
even where a program gave all ids anew.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

from lxml import etree

from tests.returned.package import (
    W14,
    W15,
    Node,
    Package,
    add_last,
    cut,
    make,
    name_of,
    properties,
    run,
    text_of,
    w,
)

_BEGINS = dt.datetime(2007, 5, 2, 8, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Left:
    """One mark a partner left.

    `lines` are the paragraphs of the file it worked on, any of which is the right one: a new paragraph stands after one
    and before the next. `text` is what was put in or said, `passage` the words it is about. What was done with tracking
    off has no `id`.
    """

    id: str
    element: str
    author: str
    at: dt.datetime
    lines: frozenset[int]
    text: str = ""
    passage: str = ""


class Partner:
    """Somebody with a copy of a draft in Word; `left` says what was done so far. Positions count the former letters."""

    def __init__(self, data: bytes) -> None:
        self.package = Package(data)
        self.lines = self.package.lines()
        self.left: list[Left] = []
        self.author = "Anna Writer"
        self._numbers = count(1000)
        self._minutes = count()
        self._comments: list[Node] = []
        self._extended: list[Node] = []
        self._first_note = len(list(self.package.body.iter(w("p"))))
        self.now = _BEGINS

    def act(self, author: str) -> None:
        """The next thing is done by `author`, a minute later."""
        self.author, self.now = author, _BEGINS + dt.timedelta(minutes=next(self._minutes))

    def file(self) -> bytes:
        """The copy as it goes back."""
        self.package.add_comments(self._comments, self._extended)
        return self.package.to_bytes()

    # Marks

    def _mark(self, name: str, line: int, *, text: str = "", passage: str = "", also: Iterable[int] = ()) -> Node:
        """An empty element of a tracked change, noted as left at `line`."""
        id = str(next(self._numbers))
        part = "document" if line < self._first_note else "footnotes"
        where = frozenset({line, *also})
        self.left.append(Left(f"{part}/{name}/{id}", name, self.author, self.now, where, text, passage))
        return make(name, id=id, author=self.author, date=f"{self.now:%Y-%m-%dT%H:%M:%SZ}")

    def _silent(self, line: int, text: str, passage: str, also: Iterable[int] = ()) -> None:
        self.left.append(Left("", "silent", "", self.now, frozenset({line, *also}), text, passage))

    def _wrap(self, line: int, start: int, stop: int, name: str, also: Iterable[int] = ()) -> None:
        """Mark the letters between two positions as taken out (`del`) or moved from here."""
        paragraph = self.lines[line]
        first = cut(paragraph, start)
        held: Node = None
        for node in list(paragraph)[first : cut(paragraph, stop)]:
            if name_of(node) == "hyperlink":
                runs = list(node)
                mark = self._mark(name, line, passage=text_of(node), also=also)
                node.insert(0, mark)
                mark.extend(runs)
                held = None
            elif name_of(node) == "r" and not node.findall(w("commentReference")):
                if held is None:
                    held = self._mark(name, line, also=also)
                    node.addprevious(held)
                held.append(node)
                self.left[-1] = _longer(self.left[-1], text_of(node))
            else:
                held = None
        if name == "del":
            for node in paragraph.iter(w("del")):
                for words in node.iter(w("t")):
                    words.tag = w("delText")

    # Comments

    def comment(self, line: int, start: int, stop: int, said: str, to: int | None = None) -> str:
        """Comment on the words between two positions, up to a position of the next paragraph `to`; its id."""
        id = self._note(said)
        end_line = self.lines[line if to is None else to]
        first = self.lines[line]
        first.insert(cut(first, start), make("commentRangeStart", id=id))
        reference = make("r", make("commentReference", id=id))
        place = cut(end_line, stop)
        end_line.insert(place, make("commentRangeEnd", id=id))
        end_line.insert(place + 1, reference)
        quote = text_of(first)[start:stop] if to is None else text_of(first)[start:]
        self._said(id, {line}, said, quote)
        return id

    def point(self, line: int, said: str) -> None:
        """Comment on a whole paragraph: a reference without a range."""
        id = self._note(said)
        self.lines[line].append(make("r", make("commentReference", id=id)))
        self._said(id, {line}, said, "")

    def reply(self, to: str, line: int, said: str) -> None:
        """Answer the comment `to`, which stands at `line`, at the same range."""
        id = self._note(said, parent=to)
        for name in ("commentRangeStart", "commentRangeEnd"):
            (at,) = (node for node in self.package.body.iter(w(name)) if node.get(w("id")) == to)
            at.addnext(make(name, id=id))
        (at,) = (node for node in self.package.body.iter(w("commentReference")) if node.get(w("id")) == to)
        held: Node = at.getparent()
        held.addnext(make("r", make("commentReference", id=id)))
        self._said(id, {line}, said, "")

    def resolve(self, id: str) -> None:
        """Tick a comment off."""
        wanted = f"{int(id):08X}"
        (found,) = (node for node in self._extended if node.get(f"{{{W15}}}paraId") == wanted)
        found.set(f"{{{W15}}}done", "1")

    def _note(self, said: str, parent: str | None = None) -> str:
        id = str(next(self._numbers))
        paragraph = make("p", make("r", make("annotationRef")), run(said))
        paragraph.set(f"{{{W14}}}paraId", f"{int(id):08X}")
        initials = "".join(word[0] for word in self.author.split())
        when = f"{self.now:%Y-%m-%dT%H:%M:%SZ}"
        self._comments.append(make("comment", paragraph, id=id, author=self.author, date=when, initials=initials))
        thread = {f"{{{W15}}}paraId": f"{int(id):08X}", f"{{{W15}}}done": "0"}
        if parent is not None:
            thread[f"{{{W15}}}paraIdParent"] = f"{int(parent):08X}"
        self._extended.append(etree.Element(f"{{{W15}}}commentEx", thread, nsmap={"w15": W15}))
        return id

    def _said(self, id: str, lines: set[int], said: str, quote: str) -> None:
        left = Left(f"comments/comment/{id}", "comment", self.author, self.now, frozenset(lines), said, quote)
        self.left.append(left)

    # Words

    def insert(self, line: int, at: int, text: str) -> None:
        """Type something in."""
        paragraph = self.lines[line]
        place = cut(paragraph, at)
        mark = self._mark("ins", line, text=text)
        mark.append(run(text))
        paragraph.insert(place, mark)

    def insert_and_strike(self, line: int, at: int, text: str, struck: str, other: str) -> None:
        """Type something in, some of which another person takes out again."""
        self.insert(line, at, f"{text} ")
        (mark,) = (n for n in self.lines[line].iter(w("ins")) if self.left[-1].id.endswith(f"/{n.get(w('id'))}"))
        self.act(other)
        inner = self._mark("del", line)
        inner.append(run(struck, tag="delText"))
        mark.append(inner)

    def delete(self, line: int, start: int, stop: int) -> None:
        """Strike words out."""
        self._wrap(line, start, stop, "del")

    def notes_between(self, line: int, start: int, stop: int) -> set[int]:
        """The paragraphs of the footnotes whose marks stand between two positions."""
        paragraph = self.lines[line]
        first, last = cut(paragraph, start), cut(paragraph, stop)
        held = {n.get(w("id")) for node in list(paragraph)[first:last] for n in node.iter(w("footnoteReference"))}
        return {index for index, node in enumerate(self.lines) if node.getparent().get(w("id")) in held - {None}}

    def replace(self, line: int, start: int, stop: int, text: str) -> None:
        """Put other words in the place of some."""
        self._wrap(line, start, stop, "del")
        paragraph = self.lines[line]
        place = cut(paragraph, stop)
        mark = self._mark("ins", line, text=text)
        mark.append(run(text))
        paragraph.insert(place, mark)

    def embolden(self, line: int, start: int, stop: int) -> None:
        """Set words in bold."""
        paragraph = self.lines[line]
        first = cut(paragraph, start)
        for node in list(paragraph)[first : cut(paragraph, stop)]:
            if name_of(node) != "r" or not text_of(node) or node.find(f"{w('rPr')}/{w('rPrChange')}") is not None:
                continue
            looks = node.find(w("rPr"))
            if looks is None:
                looks = make("rPr")
                node.insert(0, looks)
            former = make("rPr", *copy.deepcopy(list(looks)))
            style = looks.find(w("rStyle"))
            for old in [*looks.findall(w("b"))]:
                looks.remove(old)
            looks.insert(0 if style is None else 1, make("b"))
            mark = self._mark("rPrChange", line, passage=text_of(node))
            mark.append(former)
            looks.append(mark)

    def align(self, line: int) -> None:
        """Set a paragraph to the right."""
        paragraph = self.lines[line]
        held = properties(paragraph)
        former = make("pPr", *(copy.deepcopy(node) for node in held if name_of(node) not in ("rPr", "sectPr")))
        for old in held.findall(w("jc")):
            held.remove(old)
        add_last(paragraph, make("jc", val="right"))
        mark = self._mark("pPrChange", line)
        mark.append(former)
        add_last(paragraph, mark)

    def move_words(self, line: int, start: int, stop: int, to: int, at: int) -> None:
        """Move words to another paragraph, tracked as a move."""
        name = f"move{next(self._numbers)}"
        words = text_of(self.lines[line])[start:stop]
        target = self.lines[to]
        place = cut(target, at)
        cut(self.lines[line], start)
        cut(self.lines[line], stop)  # before anything is done, as it may refuse
        mark = self._mark("moveTo", to, text=words, also=[])
        mark.append(run(words))
        target.insert(place, mark)
        self._ranges("moveTo", name, mark, mark)
        self._wrap(line, start, stop, "moveFrom")
        moved = [n for n in self.lines[line].iter(w("moveFrom")) if n.get(w("date")) == mark.get(w("date"))]
        self._ranges("moveFrom", name, moved[0], moved[-1])

    def _ranges(self, kind: str, name: str, first: Node, last: Node) -> None:
        id = str(next(self._numbers))
        when = first.get(w("date"))
        first.addprevious(make(f"{kind}RangeStart", id=id, author=self.author, date=when, name=name))
        last.addnext(make(f"{kind}RangeEnd", id=id))


def _longer(left: Left, text: str) -> Left:
    return Left(left.id, left.element, left.author, left.at, left.lines, left.text, left.passage + text)
