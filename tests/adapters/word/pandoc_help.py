"""The marks of a Word file as pandoc reads them: a reader that shares nothing with ours."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import pypandoc

#: What pandoc calls a mark, by the class of its span.
_CHANGES = ("insertion", "deletion")
_ENDS = ("paragraph-insertion", "paragraph-deletion")


@dataclass
class Seen:
    """Texts are without any space: pandoc makes one of several, and none of tabs at the start of a line.

    `changes` has the text by kind, author and time; `ends` how many paragraph ends; `comments` their author, time,
    text and what they are tied to, by Word's id.
    """

    changes: dict[tuple[str, str, str], str] = field(default_factory=lambda: defaultdict(str))
    ends: dict[tuple[str, str, str], int] = field(default_factory=lambda: defaultdict(int))
    comments: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    quotes: dict[str, str] = field(default_factory=lambda: defaultdict(str))
    text: str = ""


def see(path: str) -> Seen:
    """What pandoc sees in a file."""
    told = pypandoc.convert_file(path, "json", format="docx", extra_args=["--track-changes=all"])
    seen = Seen()
    _Walk(seen).walk(json.loads(told)["blocks"], ())
    return seen


class _Walk:
    def __init__(self, seen: Seen) -> None:
        self._seen = seen
        self._open: dict[str, None] = {}

    def walk(self, node: Any, within: tuple[tuple[str, str, str], ...]) -> None:
        if isinstance(node, list):
            for each in node:
                self.walk(each, within)
        elif isinstance(node, dict):
            kind: str | None = node.get("t")
            content: Any = node.get("c")
            if kind in ("Str", "Math", "Code"):
                self._say(content if isinstance(content, str) else content[-1], within)
            elif kind == "Span":
                self._span(content, within)
            else:
                self.walk(content, within)

    def _say(self, text: str, within: tuple[tuple[str, str, str], ...]) -> None:
        text = squeezed(text)
        self._seen.text += text
        for key in within:
            self._seen.changes[key] += text
        for id in self._open:
            self._seen.quotes[id] += text if not any(key[0] == "deletion" for key in within) else ""

    def _span(self, content: Any, within: tuple[tuple[str, str, str], ...]) -> None:
        (_, classes, pairs), inner = content
        name, values = (classes or [""])[0], dict(pairs)
        key = (name, values.get("author", ""), values.get("date", ""))
        if name in _CHANGES:
            self._seen.changes[key] += ""
            self.walk(inner, (*within, key))
        elif name in _ENDS:
            self._seen.ends[key] += 1
        elif name == "comment-start":
            own = Seen()
            _Walk(own).walk(inner, ())
            self._seen.comments[values["id"]] = (key[1], key[2], own.text)
            self._open[values["id"]] = None
        elif name == "comment-end":
            self._open.pop(values["id"], None)
            self.walk(inner, within)  # ends at one place stand in each other
        else:
            self.walk(inner, within)


def squeezed(text: str) -> str:
    """A text without space and without what is no text."""
    return "".join(text.replace("\ufffc", "").split())
