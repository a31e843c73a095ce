"""The entries of all files, texts and tables as the rows of one matrix."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from tasks.domain.comment_matrix.entries import Entry, add_said, entries_of_file, entries_of_table, entries_of_text
from tasks.domain.comment_matrix.kinds import kind_of
from tasks.domain.comment_matrix.overlaps import related
from tasks.domain.comment_matrix.passages import AROUND, number_at, shown, window
from tasks.domain.comment_matrix.rows import Filled, Kind, Returned, Row, Spoken
from tasks.domain.markup import PARAGRAPH, Change, Markup, text_between


def compile_matrix(
    draft: Markup,
    returned: Sequence[Returned],
    spoken: Sequence[Spoken] = (),
    filled: Sequence[Filled] = (),
    earlier: Markup | None = None,
) -> tuple[Row, ...]:
    """All comments on a draft, in the order of its paragraphs; whatever the order of the files, the same rows.

    A copy that is more like the version before, `earlier`, was made of that one; what it says is carried over.
    """
    entries: list[Entry] = []
    for each in sorted(returned, key=lambda each: (each.body, each.source)):
        entries += entries_of_file(draft, earlier, each)
    numbers = draft.numbered
    for said in sorted(spoken, key=lambda each: (each.body, each.source)):
        entries += entries_of_text(numbers, said)
    for table in sorted(filled, key=lambda each: (each.body, each.source)):
        entries += entries_of_table(numbers, table)
    rows = [_row(draft, entry) for entry in _without_twins(entries)]
    rows.sort(key=lambda row: (_order(row), row.kind, row.bodies, row.id))
    return tuple(related(draft, _with_own_ids(rows)))


def _without_twins(entries: Sequence[Entry]) -> list[Entry]:
    """Entries that would make the same change are one, with all who ask for it."""
    found: list[Entry] = []
    by_change: dict[object, Entry] = {}
    for entry in entries:
        key = (entry.paragraph, tuple(bare(change) for change in entry.changes))
        twin = by_change.get(key) if entry.changes else None
        if twin is None:
            by_change[key] = entry
            found.append(entry)
            continue
        add_said(twin, entry)
        twin.marks += entry.marks
        twin.is_tracked = twin.is_tracked and entry.is_tracked
    return found


def bare(change: Change) -> Change:
    """A change without who asks for it."""
    return replace(change, marks=())


def _row(draft: Markup, entry: Entry) -> Row:
    place = entry.paragraph if entry.paragraph is not None else entry.guess
    passage = entry.quote
    if entry.start is not None and entry.end is not None:
        windows = [window(draft, start, end) for start, end in ((entry.start, entry.end), *entry.also)]
        passage = PARAGRAPH.join(text_between(draft.paragraphs, start, end) for start, end in windows)
    elif place is not None and not passage:
        passage = draft.paragraphs[place].original[: 2 * AROUND]
    proposal = tuple(entry.pieces or ([] if entry.is_formatting else shown(draft, entry.changes)))
    row = Row(
        id="",
        bodies=tuple(dict.fromkeys(ref.body for ref in entry.marks)),
        paragraph=entry.paragraph,
        number=None if place is None else number_at(draft, place),
        guess=None if entry.paragraph is not None else entry.guess,
        kind=Kind.SUBSTANTIVE,
        passage=passage,
        comments=tuple(entry.said),
        proposal=proposal,
        changes=tuple(entry.changes),
        is_tracked=entry.is_tracked,
        marks=tuple(entry.marks),
    )
    return replace(row, kind=kind_of(row, entry), id=_id(row))


def _id(row: Row) -> str:
    """What a row says, in six signs: the change alone where it makes one, so that others may join in it."""
    place = (row.paragraph, row.guess)
    what: object = (
        row.bodies[0],
        [(s.author, s.text) for s in row.comments],
        [p.text for p in row.proposal],
        row.passage,
    )
    if row.changes:
        what = [repr(bare(change)) for change in row.changes]
    return hashlib.sha256(repr((place, what)).encode()).hexdigest()[:6]


def _with_own_ids(rows: Sequence[Row]) -> list[Row]:
    """The rows with ids that no two share."""
    seen: Counter[str] = Counter()
    found = []
    for row in rows:
        seen[row.id] += 1
        number = seen[row.id]
        found.append(row if number == 1 else replace(row, id=f"{row.id}{number}"))
    return found


def _order(row: Row) -> tuple[int, int]:
    """Comments on the whole first, then by place; what is to be placed by its guess."""
    place = row.paragraph if row.paragraph is not None else row.guess
    return (-1, 0) if place is None else (place, 0 if row.paragraph is not None else 1)
