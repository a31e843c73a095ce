"""What goes into the checks and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from tasks.domain.codes import tokens


class Check(StrEnum):
    """What was looked for. The wording says each under `checks.`."""

    MISSING = "missing"
    CODES = "codes"
    NUMBER = "number"
    ADDED_NUMBER = "added-number"
    NUMBER_FORM = "number-form"
    DATE = "date"
    PARAGRAPH = "paragraph"
    NAME = "name"
    UNTRANSLATED = "untranslated"
    LANGUAGE = "language"
    NOTE_MARK = "note-mark"
    SPACING = "spacing"
    QUOTES = "quotes"
    OPENING = "opening"
    REPEATED = "repeated"
    LENGTH = "length"
    GLOSSARY = "glossary"
    # Of the translation as it stands, not of its words:
    STALE = "stale"
    UNREAD = "unread"
    REMARK = "remark"


#: What changes what a paper says, or leaves a hole in it: mended or waived before issue. The rest is for the reviser.
BLOCKING: Final = frozenset(
    {
        Check.MISSING, Check.CODES, Check.NUMBER, Check.NUMBER_FORM, Check.DATE, Check.PARAGRAPH, Check.NAME,
        Check.UNTRANSLATED, Check.LANGUAGE, Check.STALE, Check.UNREAD, Check.REMARK,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One thing wrong with one segment: `values` fill the places of the check's wording."""

    segment: str
    check: Check
    values: tuple[tuple[str, str], ...] = ()

    @property
    def is_blocking(self) -> bool:
        return self.check in BLOCKING

    @property
    def key(self) -> str:
        """The same whenever the same thing is wrong with the same segment: by it a waiver is known again."""
        return "|".join([self.segment, self.check, *(value for _, value in self.values)])


@dataclass(frozen=True)
class Unit:
    """A segment with its target; `notes` are the codes in it that are marks of footnotes or endnotes."""

    id: str
    source: str
    target: str
    notes: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Conventions:
    """How a language is set in type; what is empty is not checked.

    `spaced_before` and `spaced_after` are the signs that a no-break space stands before or after, `quotes` the
    quotation marks it has, `opening` what a sentence that ends with a sign begins with, `note_mark` whether the mark of
    a note stands `before` or `after` punctuation, `may_repeat` the words that may stand twice in a row.
    """

    spaced_before: str = ""
    spaced_after: str = ""
    quotes: str = ""
    opening: Mapping[str, str] = field(default_factory=dict)
    note_mark: str = ""
    may_repeat: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Side:
    """A language of a translation: its locale and its conventions."""

    locale: str
    conventions: Conventions = Conventions()


@dataclass(frozen=True)
class Name:
    """What a body, meeting or person is called in the source, and in the target in any of these ways."""

    source: str
    targets: tuple[str, ...]


@dataclass(frozen=True)
class TermPair:
    """A term of the glossary: all it is called in the source, and in the target, each the preferred name first.

    `note` is for the translator.
    """

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    note: str = ""


def visible(text: str, notes: frozenset[int] = frozenset()) -> str:
    """A segment's text as it is read: without codes, a space for a break or field, nothing for the mark of a note."""
    parts = []
    for token in tokens(text):
        if token.kind == "text":
            parts.append(token.text)
        elif token.kind == "single" and token.number not in notes:
            parts.append(" ")
    return "".join(parts)
