"""Texts made comparable: codes numbered from 1 as they appear, white space alike; capitals stay what they are."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, Protocol

from tasks.domain.codes import escape, tokens

_CODES: Final = ("open", "close", "single")
#: What every code begins with. Most texts have none, and need not be taken apart to know that.
_BRACKET: Final = "⟦"
#: A number with all that may group its digits; `1,500` is one figure.
FIGURE: Final = re.compile(r"\d+(?:[.,’' \u00a0\u202f]\d+)*")


class Source(Protocol):
    """A segment to translate."""

    @property
    def id(self) -> str: ...

    @property
    def source(self) -> str: ...


def numbering(source: str) -> dict[int, int]:
    """The number of each code of `source`, and its number from 1 as the codes appear."""
    if _BRACKET not in source:
        return {}
    found = dict.fromkeys(token.number for token in tokens(source) if token.kind in _CODES)
    return {number: place for place, number in enumerate(found, start=1)}


def renumbered(text: str, numbers: Mapping[int, int]) -> str:
    """`text` with other numbers for its codes; a code that is not among them keeps its own."""
    if all(old == new for old, new in numbers.items()):
        return text
    return "".join(str(replace(token, number=numbers.get(token.number, token.number))) for token in tokens(text))


def canonical(source: str, target: str) -> tuple[str, str]:
    """Both with the codes numbered as they appear in the source: how the memory keeps them."""
    numbers = numbering(source)
    return renumbered(source, numbers), renumbered(target, numbers)


def normalised(source: str) -> str:
    """What two segments have in common that are the same text with the same codes."""
    return _spaced(renumbered(source, numbering(source)))


def source_key(source: str) -> str:
    """The hash of a normalised source, 32 hexadecimal digits."""
    return hashlib.blake2b(normalised(source).encode("utf-8", "replace"), digest_size=16).hexdigest()


def without_codes(text: str) -> str:
    """The text of a segment, as a segment. What a code by itself kept apart stays apart."""
    if _BRACKET not in text:
        return text
    made, gap = "", False
    for token in tokens(text):
        if token.kind == "single":
            gap = True
        elif token.kind in ("text", "damaged"):
            made += " " if gap and made[-1:].isalnum() and token.text[:1].isalnum() else ""
            made, gap = made + token.text, False
    return escape(made)


def plain(source: str) -> str:
    """A source to compare by likeness: its text alone, white space alike."""
    return _spaced(without_codes(source))


def pattern(plain_text: str) -> str:
    """What two texts have in common that differ by figures at most."""
    return FIGURE.sub("0", plain_text)


def shape(text: str) -> str:
    """The codes of a text as they follow each other, whatever they are numbered and wherever they stand."""
    numbers = numbering(text)
    found = (replace(token, number=numbers[token.number]) for token in tokens(text) if token.kind in _CODES)
    return "".join(map(str, found))


def repeated(units: Sequence[Source]) -> dict[str, list[str]]:
    """Segments that stand several times in a text: the first one's id, and the ids of the others in order.

    The translation of the first is that of the others, see `carried`.
    """
    groups: dict[str, list[str]] = {}
    for unit in units:
        groups.setdefault(source_key(unit.source), []).append(unit.id)
    return {first: others for first, *others in groups.values() if others}


def neighbours(units: Sequence[Source]) -> Iterator[tuple[str, str]]:
    """For each segment of a whole text in order the `source_key` of the one before it and of the one after it."""
    keys = [source_key(""), *(source_key(unit.source) for unit in units), source_key("")]
    return zip(keys, keys[2:], strict=False)


def _spaced(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
