"""The numbers that a reader saw before the text was changed."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace

from tasks.domain.markup import Paragraph, Story


def numbered(paragraphs: Sequence[Paragraph], new: Container[int]) -> Iterator[Paragraph]:
    """The paragraphs, those of the numbered style (any number so far) with the number they had.

    Paragraphs whose ends were put in are one with the next that kept its own: they were one when the text went out,
    and the last says whether it was numbered. Each that has some of the text of then has the number. `new` are those
    that came in a new row or cell.
    """
    numbers: dict[int, int] = {}
    together: list[Paragraph] = []
    count = 0
    for paragraph in [*paragraphs, None]:
        if paragraph is not None and (paragraph.story is not Story.BODY or paragraph.index in new):
            continue
        # Nothing is one with what stands in another cell, or behind a table.
        if together and (
            paragraph is None or paragraph.place != together[-1].place or together[-1].mark_inserted is None
        ):
            having = _having_number(together)
            count += bool(having)
            numbers |= dict.fromkeys(having, count)
            together = []
        if paragraph is not None:
            together.append(paragraph)
    yield from (replace(paragraph, number=numbers.get(paragraph.index)) for paragraph in paragraphs)


def _having_number(together: Sequence[Paragraph]) -> list[int]:
    """Which of these paragraphs, which were one, have the number of that one."""
    last = together[-1]
    if last.number is None:
        return []
    with_text = [paragraph.index for paragraph in together if paragraph.original]
    # Without text it was an empty line, or, if not even its end is left, nothing.
    return with_text or ([last.index] if last.mark_inserted is None else [])
