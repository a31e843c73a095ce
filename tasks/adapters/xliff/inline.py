"""Inline codes as elements and back: a pair around a stretch of text, a single one by itself.

What a pair is called differs between versions; what a reader takes for what is said by a table of names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from lxml import etree

from tasks.adapters.word.ooxml import Element, is_element, local
from tasks.domain.codes import Token, escape, tokens
from tasks.domain.errors import Invalid

_NUMBER: Final = re.compile(r"\d{1,6}")


class NotOurs(Exception):
    """An inline element that stands for none of our codes; `str` of it says which, and in whose row."""


@contextmanager
def writing(row: str) -> Iterator[None]:
    """Say in whose row something cannot be written. Raises Invalid."""
    try:
        yield
    except ValueError as error:
        # lxml's word for characters that XML has not.
        raise Invalid(f"segment {row}: {error}; take the character out") from error


@contextmanager
def reading(row: str) -> Iterator[None]:
    """Say in whose row an element stands that is none of ours. Raises NotOurs."""
    try:
        yield
    except NotOurs as error:
        raise NotOurs(f"segment {row} holds {error}") from error


def write_text(parent: Element, text: str, pair: str, single: str) -> None:
    """Put a segment's text into `parent`, its codes as elements named `pair` and `single`.

    Raises:
        Invalid: codes that do not close in the order they were opened, or a damaged bracket.
        ValueError: a control character.
    """
    stack = [parent]
    for token in tokens(text):
        inside = stack[-1]
        if token.kind == "text":
            _append(inside, token.text)
        elif token.kind == "open":
            stack.append(etree.SubElement(inside, pair, id=str(token.number)))
        elif token.kind == "single":
            etree.SubElement(inside, single, id=str(token.number))
        elif token.kind == "close" and len(stack) > 1 and inside.get("id") == str(token.number):
            stack.pop()
        else:
            raise Invalid(f"the code {token} in “{text[:40]}” closes nothing; mend the codes of this text")
    if len(stack) > 1:
        raise Invalid(f"the code ⟦{stack[-1].get('id')}⟧ in “{text[:40]}” is not closed; mend the codes of this text")


def _append(parent: Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = text
    else:
        parent.text = text


#: What an element is to us: the text of a segment that it stands for, given what it holds as text.
Meaning = Callable[[Element, str], str]


def pair(element: Element, inside: str) -> str:
    """A code around what the element holds."""
    number = _number(element, "id")
    return f"{Token('open', number=number)}{inside}{Token('close', number=number)}"


def single(element: Element, inside: str) -> str:
    """A code by itself; what a tool wrote into it is its native form, not text."""
    return str(Token("single", number=_number(element, "id")))


def opening(element: Element, inside: str) -> str:
    """The beginning of a pair that other elements of the text stand in."""
    return str(Token("open", number=_number(element, "id")))


def closing(element: Element, inside: str) -> str:
    """Its end, known by the beginning's id."""
    return str(Token("close", number=_number(element, "startRef" if element.get("startRef") else "id")))


def half(element: Element, inside: str) -> str:
    """The beginning or end of a pair whose other half stands in another segment."""
    return (closing if element.get("pos") == "close" else opening)(element, inside)


def marker(element: Element, inside: str) -> str:
    """A tool's own remark on a stretch of text: the text alone counts."""
    return inside


def read_text(element: Element, meanings: Mapping[str, Meaning]) -> str:
    """What `element` holds as a segment's text. Raises NotOurs for an element that `meanings` (by name) lacks."""
    parts = [escape(element.text or "")]
    for node in element:
        if is_element(node):
            meaning = meanings.get(local(node))
            if meaning is None or etree.QName(node).namespace != etree.QName(element).namespace:
                raise NotOurs(f"<{local(node)[:40]}>, which is none of our inline codes")
            parts.append(meaning(node, read_text(node, meanings) if meaning in (pair, marker) else ""))
        parts.append(escape(node.tail or ""))
    return "".join(parts)


def _number(element: Element, attribute: str) -> int:
    found = element.get(attribute) or ""
    if not _NUMBER.fullmatch(found) or not found.isascii():
        raise NotOurs(f'<{local(element)} {attribute}="{found[:40]}">, which is none of our inline codes')
    return int(found)
