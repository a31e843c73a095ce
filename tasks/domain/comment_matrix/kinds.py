"""What a comment is about: the paper as a whole, what it says, or only how it says it."""

from __future__ import annotations

import unicodedata
from typing import Final

from rapidfuzz.distance import OSA

from tasks.domain.comment_matrix.entries import Entry
from tasks.domain.comment_matrix.rows import Kind, Row

#: A slip of the pen changes one sign of a word at least this long.
_LONG_WORD: Final = 4


def kind_of(row: Row, entry: Entry) -> Kind:
    """General without a place; editorial where only the look, the spelling of a word or punctuation would change."""
    if row.paragraph is None and row.guess is None:
        return Kind.GENERAL
    if entry.is_formatting:
        return Kind.EDITORIAL
    gone = "".join(piece.text for piece in row.proposal if piece.is_deleted)
    come = "".join(piece.text for piece in row.proposal if piece.is_inserted)
    if row.comments or not row.proposal:
        return Kind.SUBSTANTIVE
    return Kind.EDITORIAL if _is_slip(gone, come) else Kind.SUBSTANTIVE


def _is_slip(gone: str, come: str) -> bool:
    """Whether a change is of punctuation, case, accents or a single sign in a long word, and of no figure."""
    if any(sign.isdigit() for sign in gone + come):
        return False
    old, new = _letters(gone), _letters(come)
    if old == new:
        return True
    one, other = gone.casefold().split(), come.casefold().split()
    return (
        len(one) == len(other) == 1 and min(len(one[0]), len(other[0])) >= _LONG_WORD
        and one[0][0] == other[0][0] and OSA.distance(one[0], other[0]) <= 1
    )  # fmt: skip


def _letters(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if sign.isalnum())
