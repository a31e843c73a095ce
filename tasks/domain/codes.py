"""Inline codes in the text of a segment: ⟦1⟧…⟦/1⟧ around a stretch, ⟦2/⟧ by itself.

A code stands for formatting, a link, a footnote mark, a break: a translator moves it, but neither loses nor adds one.
A bracket that belongs to the text itself is doubled.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Final, Literal

Kind = Literal["text", "open", "close", "single", "damaged"]

_TOKEN: Final = re.compile(r"⟦⟦|⟧⟧|⟦(?P<open>\d{1,6})⟧|⟦/(?P<close>\d{1,6})⟧|⟦(?P<single>\d{1,6})/⟧|[⟦⟧]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Token:
    """A stretch of text, or a code by its number."""

    kind: Kind
    text: str = ""
    number: int = 0

    def __str__(self) -> str:
        return {"open": f"⟦{self.number}⟧", "close": f"⟦/{self.number}⟧", "single": f"⟦{self.number}/⟧"}.get(
            self.kind, escape(self.text)
        )


def escape(text: str) -> str:
    """Text as it stands in a segment: its own brackets doubled."""
    return text.replace("⟦", "⟦⟦").replace("⟧", "⟧⟧")


def tokens(text: str) -> list[Token]:
    """A segment's text cut into stretches and codes. A bracket that is neither is `damaged`."""
    found: list[Token] = []
    stretch = ""
    at = 0
    for match in _TOKEN.finditer(text):
        stretch += text[at : match.start()]
        at = match.end()
        if match[0] in ("⟦⟦", "⟧⟧"):
            stretch += match[0][0]
            continue
        if stretch:
            found.append(Token("text", stretch))
            stretch = ""
        if match["open"]:
            found.append(Token("open", number=int(match["open"])))
        elif match["close"]:
            found.append(Token("close", number=int(match["close"])))
        elif match["single"]:
            found.append(Token("single", number=int(match["single"])))
        else:
            found.append(Token("damaged", match[0]))
    stretch += text[at:]
    if stretch:
        found.append(Token("text", stretch))
    return found


def check_codes(source: str, target: str) -> list[str]:
    """What is wrong with the codes of `target`, one line each; nothing where it can be built.

    Every code of the source, once; pairs closed in the order of opening and inside the same pair as before, not
    emptied; no damaged bracket and no character Word cannot hold.
    """
    theirs, ours = tokens(target), tokens(source)
    problems = [f"a bracket {t.text} that belongs to no code" for t in theirs if t.kind == "damaged"]
    expected, got = (Counter(str(t) for t in side if t.kind in ("open", "close", "single")) for side in (ours, theirs))
    problems += [f"code {code} is missing" for code in expected if not got[code]]
    problems += [f"code {code} stands {got[code]} times" for code in expected if got[code] > 1]
    problems += [f"code {code} is not in the source" for code in got if code not in expected]
    if not problems:
        problems += _nesting(ours, theirs)
    if found := _CONTROL.search(target):
        problems.append(f"a control character (U+{ord(found[0]):04X})")
    return problems


def _nesting(source: list[Token], target: list[Token]) -> list[str]:
    problems: list[str] = []
    stack: list[int] = []
    inside = _parents(source)
    for token in target:
        if token.kind == "open":
            if (stack[-1] if stack else 0) != inside[token.number]:
                problems.append(f"code {token} stands inside another pair than in the source")
            stack.append(token.number)
        elif token.kind == "close" and (not stack or stack.pop() != token.number):
            return [f"code {token} does not close what was opened last"]
    filled = _filled(target)
    return problems + [f"nothing stands in ⟦{number}⟧" for number in sorted(_filled(source) - filled)]


def _parents(source: list[Token]) -> dict[int, int]:
    parents: dict[int, int] = {}
    stack = [0]
    for token in source:
        if token.kind == "open":
            parents[token.number] = stack[-1]
            stack.append(token.number)
        elif token.kind == "close":
            stack.pop()
    return parents


def _filled(side: list[Token]) -> set[int]:
    """The pairs that have something between their codes, text or a code by itself."""
    filled: set[int] = set()
    stack: list[int] = []
    for token in side:
        if token.kind == "open":
            stack.append(token.number)
        elif token.kind == "close" and stack:
            stack.pop()
        elif token.kind == "single" or token.text.strip():
            filled.update(stack)
    return filled


def renumbered(text: str, like: str, to: str) -> str | None:
    """`text`, whose codes are numbered as those of `like`, with the numbers that the same codes have in `to`.

    A file that is cut anew numbers its codes by their order in it. None where the three do not have the same codes in
    the same order of kinds, so that nobody can tell which is which.
    """
    numbered = [[t for t in tokens(side) if t.kind in ("open", "close", "single")] for side in (text, like, to)]
    kinds = [[(t.kind, t.number) for t in side] for side in numbered[:2]]
    if sorted(kinds[0]) != sorted(kinds[1]) or [t.kind for t in numbered[1]] != [t.kind for t in numbered[2]]:
        return None
    numbers = {theirs.number: ours.number for theirs, ours in zip(numbered[1], numbered[2], strict=True)}
    return "".join(
        str(replace(token, number=numbers[token.number]) if token in numbered[0] else token) for token in tokens(text)
    )
