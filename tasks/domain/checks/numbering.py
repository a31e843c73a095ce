"""Paragraph numbers that somebody typed: those of the source, and none beside the numbers Word counts by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tasks.domain.checks.figures import numbers
from tasks.domain.checks.finding import Check, Finding

#: A number at the very start with a sign behind it that no figure in a sentence has: 14. or 14) or (14) or 2.1. or 14、
_TYPED: Final = re.compile(r"\s*[(（]?(\d{1,3}(?:\.\d{1,3})*)(?:[.)．）](?=\s|[^\W\d])|、|\s[-–]\s)\s*")
#: Stands in a finding for the side that has no number.
_NONE: Final = "–"


def numbering_findings(segment: str, source: str, target: str, from_: str) -> Iterator[Finding]:
    """A typed paragraph number that differs; `source`, whose locale is `from_`, and `target` have the digits 0 to 9.

    A number the source has elsewhere is no paragraph number in the target: some languages begin a date with `9.`
    """
    wanted, found = (typed_number(text) for text in (source, target))
    if wanted != found and (wanted or found not in numbers(source, from_)):
        yield Finding(segment, Check.PARAGRAPH, (("number", wanted or _NONE), ("found", found or _NONE)))


def typed_number(text: str) -> str:
    """The paragraph number a text begins with, empty where it has none."""
    found = _TYPED.match(text)
    return found[1] if found else ""


def without_number(text: str) -> str:
    """A text without the paragraph number it begins with."""
    return _TYPED.sub("", text, count=1) if typed_number(text) else text
