"""Rows on the same passage, and rows that cannot be made together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tasks.domain.comment_matrix.rows import Row
from tasks.domain.markup import PARAGRAPH, At, Change, Formatting, Markup, RowEdit


def related(draft: Markup, rows: Sequence[Row]) -> Iterator[Row]:
    """The rows with those on the same passage, and those that can't be made together."""
    spans = {row.id: list(_spans(draft, row)) for row in rows}
    touched = [{p for a, b in spans[row.id] for p in range(a.paragraph, b.paragraph + 1)} for row in rows]
    on_paragraph: dict[int, list[int]] = defaultdict(list)
    for place, paragraphs in enumerate(touched):
        for paragraph in paragraphs:
            on_paragraph[paragraph].append(place)
    for place, row in enumerate(rows):
        around = {other for paragraph in touched[place] for other in on_paragraph[paragraph]} - {place}
        near = [rows[other] for other in sorted(around)]
        clash = [o for o in near if any(_clash(a, b) for a in row.changes for b in o.changes)]
        same = [o for o in near if any(_overlap(a, b) for a in spans[row.id] for b in spans[o.id])]
        yield replace(row, same_passage=tuple(o.id for o in same), conflicts=tuple(o.id for o in clash))


def _spans(draft: Markup, row: Row) -> Iterator[tuple[At, At]]:
    for change in row.changes:
        if isinstance(change, RowEdit):
            yield At(change.row, 0), At(change.row, len(draft.paragraphs[change.row].original))
        else:
            yield change.start, change.end
    if not row.changes and row.paragraph is not None and row.passage:
        begin = draft.paragraphs[row.paragraph].original.find(row.passage)
        if begin >= 0:
            yield At(row.paragraph, begin), At(row.paragraph, begin + len(row.passage))


def _overlap(one: tuple[At, At], other: tuple[At, At]) -> bool:
    (a, b), (c, d) = one, other
    return (a < d and c < b) or (a == b and c <= a <= d) or (c == d and a <= c <= b)


def _clash(one: Change, other: Change) -> bool:
    """Whether two changes can't both be made: they touch the same text, or put different text in one place."""
    if isinstance(one, RowEdit) or isinstance(other, RowEdit):
        return (
            isinstance(one, RowEdit) and isinstance(other, RowEdit) and one.row == other.row
            and (one.cells is None) != (other.cells is None)
        )  # fmt: skip
    if isinstance(one, Formatting) or isinstance(other, Formatting):
        return False
    if one.start < other.end and other.start < one.end:
        return True
    if not one.start == one.end == other.start == other.end:
        return False
    # New paragraphs can stand one after the other; words in one place can't.
    return one.text != other.text and PARAGRAPH not in (one.text[:1], other.text[:1])
