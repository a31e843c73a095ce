"""The draft after changes, apart from Word: what its paragraphs say then, and changes brought to their least form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from tasks.domain.markup import OBJECT, PARAGRAPH, At, Change, Edit, Markup, Paragraph, RowEdit, Story, text_between

#: What an edit leaves alone where it can: the ends of paragraphs, and what is no text.
_KEPT: Final = (PARAGRAPH, OBJECT)


def ordered(changes: Iterable[Change]) -> list[Edit]:
    """The edits of the text, in the order of the draft; those at one place in the order given."""
    return sorted((c for c in changes if isinstance(c, Edit)), key=lambda edit: (edit.start, edit.end))


def trimmed(draft: Markup, edit: Edit) -> Edit:
    """The same edit without the ends of paragraphs and the objects that it takes out and puts in again at either end.

    Words stay whole: what is left of an edit is shown to people.
    """
    within = draft.paragraphs[edit.start.paragraph : edit.end.paragraph + 1]
    if any(paragraph.story is not within[0].story for paragraph in within):
        return edit  # a text box hangs in between, whose text stands between the two positions and is not meant
    old, new = text_between(draft.paragraphs, edit.start, edit.end), edit.text
    alike = _alike(old, new)
    first = max(old.rfind(sign, 0, alike) for sign in _KEPT) + 1
    old, new = old[first:], new[first:]
    alike = _alike(old[::-1], new[::-1])
    last = max((alike - place for sign in _KEPT if (place := old[len(old) - alike :].find(sign)) >= 0), default=0)
    start = _further(within, edit.start, first)
    end = _further(within, start, len(old) - last)
    return replace(edit, start=start, end=end, text=new[: len(new) - last])


def _alike(one: str, other: str) -> int:
    """How many signs two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _further(paragraphs: Sequence[Paragraph], at: At, count: int) -> At:
    """The position so many signs after another one, the end of a paragraph being one."""
    for paragraph in paragraphs:
        if paragraph.index < at.paragraph:
            continue
        begins = at.offset if paragraph.index == at.paragraph else 0
        if begins + count <= len(paragraph.original):
            return At(paragraph.index, begins + count)
        count -= len(paragraph.original) - begins + 1
    raise ValueError(f"there are not so many signs after {at}")


def texts_after(draft: Markup, changes: Iterable[Change]) -> dict[Story, tuple[str, ...]]:
    """What the paragraphs of each story say when the changes are made; they may not overlap.

    Notes stay also where their mark goes: a mark is one OBJECT like others, and a draft does not say whose.
    """
    changes = list(changes)
    rows = [change for change in changes if isinstance(change, RowEdit)]
    gone = {index for row in rows if row.cells is None for index in row_of(draft, row.row)}
    edits: defaultdict[int, list[Edit]] = defaultdict(list)
    for edit in ordered(changes):
        edits[edit.start.paragraph].append(edit)
    before, after = _new_rows(draft, rows)
    found: dict[Story, list[str]] = {story: [] for story in Story}
    begun: dict[tuple[Story, str, int | None], str] = {}
    skip: dict[tuple[Story, str, int | None], At] = {}
    for paragraph in draft.paragraphs:
        index = paragraph.index
        found[paragraph.story] += before.get(index, [])
        key = (paragraph.story, paragraph.place, paragraph.anchor)
        if index not in gone:
            done = skip.pop(key, At(index, 0))
            if done.paragraph > index:
                skip[key] = done
                continue
            text, position = begun.pop(key, ""), done.offset
            for edit in edits[index]:
                text += paragraph.original[position : edit.start.offset] + edit.text
                position = edit.end.offset
                if edit.end.paragraph > index:
                    skip[key] = edit.end
            if key in skip:
                *ended, begun[key] = text.split(PARAGRAPH)
            else:
                ended = (text + paragraph.original[position:]).split(PARAGRAPH)
            found[paragraph.story] += ended
        found[paragraph.story] += after.get(index, [])
    return {story: tuple(texts) for story, texts in found.items()}


def row_of(draft: Markup, index: int) -> list[int]:
    """The indices of all that stands in the row of a table in which paragraph `index` stands."""
    begins = draft.paragraphs[index].place.rpartition(", cell ")[0] + ", cell "
    return [p.index for p in draft.paragraphs if p.place.startswith(begins)]


def _new_rows(draft: Markup, rows: Iterable[RowEdit]) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """The paragraphs of new rows: before the paragraph that begins the row they precede, after the one that ends it."""
    before: defaultdict[int, list[str]] = defaultdict(list)
    after: defaultdict[int, list[str]] = defaultdict(list)
    for row in rows:
        if row.cells is not None:
            indices = row_of(draft, row.row)
            place = before[indices[0]] if row.is_before else after[indices[-1]]
            place += [line for cell in row.cells for line in cell.split(PARAGRAPH)]
    return before, after
