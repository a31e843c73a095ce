"""How a target is set in type: spaces, quotation marks, opening signs, the place of notes' marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tasks.domain.checks.finding import Check, Conventions, Finding, Unit
from tasks.domain.codes import tokens

_NO_BREAK: Final = "\u00a0\u202f"
_PUNCTUATION: Final = ".,;:!?…。，；：！？؟،؛"
#: Every sign that is a quotation mark somewhere, but the apostrophe.
_QUOTES: Final = '"“”„«»‹›「」『』'
#: Text around a place, so that a person finds it.
_AROUND: Final = 12
_ADDRESS: Final = re.compile(r"(?:https?|ftp|mailto):\S+")


def setting_findings(unit: Unit, target: str, conventions: Conventions) -> Iterator[Finding]:
    """What the target, whose visible text is `target`, does otherwise than its language."""
    text = _ADDRESS.sub(lambda match: "x" * len(match[0]), target)
    for place in _unspaced(text, conventions):
        yield Finding(unit.id, Check.SPACING, (("place", _context(target, place)),))
    foreign = dict.fromkeys(sign for sign in text if sign in _QUOTES and sign not in conventions.quotes)
    if conventions.quotes and foreign:
        yield Finding(unit.id, Check.QUOTES, (("signs", " ".join(foreign)), ("wanted", " ".join(conventions.quotes))))
    for closing, opening in conventions.opening.items():
        if text.count(closing) > text.count(opening):
            yield Finding(unit.id, Check.OPENING, (("sign", opening),))
    yield from _note_marks(unit, conventions.note_mark)


def _unspaced(text: str, conventions: Conventions) -> Iterator[int]:
    """Where a no-break space is wanting before or after a sign."""
    for place, sign in enumerate(text):
        before, after = text[place - 1 : place], text[place + 1 : place + 2]
        if sign in conventions.spaced_before and before and before not in _NO_BREAK:
            # A time (10:30), and a second sign (?!): one space for both.
            if not (before.isdigit() and after.isdigit()) and before not in conventions.spaced_before:
                yield place
        elif sign in conventions.spaced_after and after and after not in _NO_BREAK:
            yield place


def _note_marks(unit: Unit, wanted: str) -> Iterator[Finding]:
    """Marks of notes on the wrong side of the punctuation."""
    if not wanted or not unit.notes:
        return
    found = tokens(unit.target)
    for index, token in enumerate(found):
        if token.kind == "single" and token.number in unit.notes:
            before = "".join(each.text for each in found[:index] if each.kind == "text")[-1:]
            after = "".join(each.text for each in found[index + 1 :] if each.kind == "text")[:1]
            is_after = before != "" and before in _PUNCTUATION
            is_before = after != "" and after in _PUNCTUATION
            if (is_after and not is_before) if wanted == "before" else is_before:
                yield Finding(unit.id, Check.NOTE_MARK, (("code", str(token)), ("side", wanted)))


def _context(text: str, place: int) -> str:
    return text[max(0, place - _AROUND) : place + _AROUND].strip()
