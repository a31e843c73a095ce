"""The marks of a file as they are met: each has an id of its own, the paragraphs it touches and what it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from tasks.adapters.word.markup.comments import time_of
from tasks.adapters.word.ooxml import Element, local, val
from tasks.domain.markup import Mark, MarkKind

_ROWS: Final = (MarkKind.ROW_INSERTED, MarkKind.ROW_DELETED)


class Register:
    """Marks by id, in the order they were met."""

    def __init__(self) -> None:
        self._marks: dict[str, Mark] = {}
        self._used: Counter[str] = Counter()
        self._texts: dict[str, list[str]] = {}
        self._touched: dict[str, dict[int, None]] = {}
        self._seen: dict[Element, str] = {}

    def add(self, part: str, node: Element, kind: MarkKind, paragraphs: Iterable[int] = (), text: str = "") -> str:
        """The id of a new mark: part, element and Word's own id, with `~2` where the file has used that before."""
        id = self.name(f"{part}/{local(node)}/{val(node, 'id') or '0'}")
        self._seen[node] = id
        self._touched[id] = dict.fromkeys(paragraphs)
        self._texts[id] = []
        self._marks[id] = Mark(id, kind, (), text, author=val(node, "author") or "", at=time_of(node))
        return id

    def name(self, wanted: str) -> str:
        """`wanted`, or the same with a number that no mark has."""
        self._used[wanted] += 1
        return wanted if self._used[wanted] == 1 else f"{wanted}~{self._used[wanted]}"

    def has(self, node: Element) -> bool:
        """Whether an element was met before."""
        return node in self._seen

    def say(self, ids: Iterable[str], text: str, index: int | None = None) -> None:
        """Text that these marks put in, take out or format, in paragraph `index`."""
        for id in ids:
            self._texts[id].append(text)
            if index is not None:
                self._touched[id][index] = None

    def marks(self) -> list[Mark]:
        """All of them. What a change of formatting was made to is its quote, else what was met is the text."""
        found = []
        for id, mark in self._marks.items():
            text = "".join(self._texts[id])
            touched = tuple(self._touched[id])
            if mark.text:
                found.append(replace(mark, paragraphs=touched, quote=text))
            else:
                # The text of a row: its cells', parted by tabs.
                ended = text.removesuffix("\t") if mark.kind in _ROWS else text
                found.append(replace(mark, paragraphs=touched, text=ended))
        return found
