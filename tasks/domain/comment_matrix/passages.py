"""Passages of a draft as they are shown: in their sentences, with what would change, under the number readers see."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tasks.domain.markup import PARAGRAPH, At, Change, Edit, Markup, Piece, RowEdit, Story, text_between

#: A passage is shown with the sentence it stands in, up to so many signs on each side.
AROUND: Final = 240
_SENTENCE_END: Final = re.compile(r"[.!?…。！？؟](?:[”’»\")\]]*)\s+")


def number_at(draft: Markup, index: int) -> int | None:
    """The paragraph number a reader finds a place by: its own, that of what it hangs on, or the last one before it."""
    here = draft.paragraphs[index]
    if here.number is not None:
        return here.number
    if here.anchor is not None:
        return number_at(draft, here.anchor)
    if here.story is not Story.BODY:
        return None
    return next((p.number for p in reversed(draft.paragraphs[:index]) if p.number is not None), None)


def window(draft: Markup, start: At, end: At) -> tuple[At, At]:
    """A passage with the sentences around it."""
    first, last = draft.paragraphs[start.paragraph].original, draft.paragraphs[end.paragraph].original
    begins = [m.end() for m in _SENTENCE_END.finditer(first) if m.end() <= start.offset]
    ends = [m.end() for m in _SENTENCE_END.finditer(last) if m.end() > max(end.offset, 1)]
    begin = max([*begins[-1:], start.offset - AROUND, 0])
    finish = min([*ends[:1], end.offset + AROUND, len(last)])
    return At(start.paragraph, begin), At(end.paragraph, max(finish, end.offset))


def shown(draft: Markup, changes: Sequence[Change]) -> list[Piece]:
    """Passages with what would change in them."""
    found: list[Piece] = []
    for change in changes:
        if isinstance(change, RowEdit):
            inside = [
                p.original
                for p in draft.paragraphs
                if row_place(p.place) == row_place(draft.paragraphs[change.row].place)
            ]
            if change.cells is None:
                found.append(Piece("\t".join(inside), is_deleted=True))
            else:
                found.append(Piece("\t".join(change.cells), is_inserted=True))
            continue
        start, end = window(draft, change.start, change.end)
        old = text_between(draft.paragraphs, change.start, change.end)
        parts = [Piece(text_between(draft.paragraphs, start, change.start))]
        if isinstance(change, Edit):
            parts += [Piece(old, is_deleted=True), Piece(change.text, is_inserted=True)]
        else:
            parts += [Piece(old)]
        parts.append(Piece(text_between(draft.paragraphs, change.end, end)))
        found += [Piece(PARAGRAPH)] if found else []
        found += [piece for piece in parts if piece.text]
    return found


def row_place(place: str) -> str:
    return place.rpartition(", cell ")[0]
