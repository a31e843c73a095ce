"""A target put in a paragraph's place: the counterpart of cutting it (see skeleton)."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from lxml import etree

from tasks.adapters.word.atoms import PROPERTIES, Atom, Holder, Item
from tasks.adapters.word.ooxml import XML_SPACE, Element, child, local, w
from tasks.domain.codes import Token

#: Marks that belong before a changed text; all others that stood within it follow it.
_LEADING: Final = ("bookmarkStart", "commentRangeStart", "permStart", "footnoteRef", "endnoteRef", "annotationRef")
_BREAKS: Final = re.compile(r"[\t\r\n]+")


@dataclass(eq=False)
class Level:
    """What stands directly in a paragraph or pair: `run` gives new text its formatting."""

    run: Element | None
    parts: list[Gap | Single | Pair] = field(default_factory=list)


@dataclass(eq=False)
class Gap:
    level: Level
    atoms: list[Atom] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(atom.text for atom in self.atoms)


@dataclass(eq=False)
class Single:
    number: int
    items: Sequence[Item]


@dataclass(eq=False)
class Pair:
    """A stretch in another formatting, a link or control (`holder`), or a link made by a field (`opening`)."""

    number: int
    level: Level
    holder: Holder | None = None
    opening: Sequence[Item] = ()
    closing: Sequence[Item] = ()


def refill(paragraph: Element, root: Level, target: Sequence[Token]) -> None:
    """Put a target in the paragraph's place. Its codes must be those of `root` (see check_codes)."""
    gaps: dict[tuple[str, int], Gap] = {}
    codes: dict[int, Single | Pair] = {}
    _index(root, ("start", 0), gaps, codes)
    _assemble(paragraph, list(_Filler(gaps, codes).level(root, ("start", 0), iter(target))))


class _Filler:
    """Walks a target's tokens and gives each gap and code its place."""

    def __init__(self, gaps: dict[tuple[str, int], Gap], codes: dict[int, Single | Pair]) -> None:
        self._gaps = gaps
        self._codes = codes

    def level(self, level: Level, key: tuple[str, int], waiting: Iterator[Token]) -> Iterator[Atom | Holder]:
        """Everything up to the end of this level, in the target's order."""
        text = ""
        for token in waiting:
            if token.kind == "text":
                text = token.text
                continue
            yield from self._gap(level, key, text)
            text = ""
            if token.kind == "close":
                return
            code = self._codes[token.number]
            if isinstance(code, Single):
                yield from code.items
                key = ("single", token.number)
            else:
                inner = list(self.level(code.level, ("open", token.number), waiting))
                yield from _pair(code, inner)
                key = ("close", token.number)
        yield from self._gap(level, key, text)

    def _gap(self, level: Level, key: tuple[str, int], text: str) -> Iterator[Atom]:
        gap = self._gaps[key]
        if gap.text == text and (gap.level is level or not text):
            yield from gap.atoms
            return
        marks = [atom for atom in gap.atoms if atom.kind in ("mark", "text")]
        first = next((index for index, atom in enumerate(marks) if atom.kind == "text"), len(marks))
        leads = [a.kind == "mark" and (i < first or local(a.node) in _LEADING) for i, a in enumerate(marks)]
        yield from (atom for atom, lead in zip(marks, leads, strict=True) if lead)
        if text:
            node = etree.Element(w("t"))
            node.text = _BREAKS.sub(" ", text)
            node.set(XML_SPACE, "preserve")
            yield Atom((_like(level.run),), node, "text", text)
        yield from (a for a, lead in zip(marks, leads, strict=True) if a.kind == "mark" and not lead)


def _pair(code: Pair, inner: list[Item]) -> Iterator[Item]:
    if code.holder is None:
        yield from (*code.opening, *inner, *code.closing)
        return
    element = code.holder.element
    within = child(element, "sdtContent") if element.tag == w("sdt") else element
    if within is not None:
        _assemble(within, inner)
    yield code.holder


def _assemble(parent: Element, items: Sequence[Item]) -> None:
    """Replace what `parent` holds by `items`; neighbours that came from one run come back into one."""
    kept = [node for node in parent if node.tag in PROPERTIES]
    for node in list(parent):
        if node not in kept:
            parent.remove(node)
    opened: list[tuple[Element, Element]] = []
    for item in items:
        depth = 0
        while depth < min(len(opened), len(item.chain)) and opened[depth][0] is item.chain[depth]:
            depth += 1
        del opened[depth:]
        for original in item.chain[depth:]:
            made = _like(original)
            made.tail = original.tail
            (opened[-1][1] if opened else parent).append(made)
            opened.append((original, made))
        node = item.element if isinstance(item, Holder) else item.node
        (opened[-1][1] if opened else parent).append(node)


def _like(original: Element | None) -> Element:
    """A run (or what stands around runs) like this one, with its properties and without its content."""
    if original is None:
        return etree.Element(w("r"))
    prefixes = cast("dict[str, str]", original.nsmap)  # a prefix may be used in a value, as `Requires="wps"` does
    made = etree.Element(original.tag, cast("dict[str, str]", original.attrib), nsmap=prefixes)
    made.text = original.text
    for node in original:
        if node.tag in PROPERTIES:
            made.append(copy.deepcopy(node))
    return made


def _index(
    level: Level, key: tuple[str, int], gaps: dict[tuple[str, int], Gap], codes: dict[int, Single | Pair]
) -> None:
    """Every gap by the code it follows, every code by its number."""
    for part in level.parts:
        if isinstance(part, Gap):
            gaps[key] = part
        else:
            codes[part.number] = part
            if isinstance(part, Pair):
                _index(part.level, ("open", part.number), gaps, codes)
            key = ("single" if isinstance(part, Single) else "close", part.number)
