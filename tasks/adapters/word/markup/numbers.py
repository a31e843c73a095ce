"""The numbers that a reader saw before the text was changed."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace

from tasks.domain.markup import Paragraph, Story


def numbered(paragraphs: Iterable[Paragraph], new: Container[int]) -> Iterator[Paragraph]:
    """The paragraphs, those of the numbered style (any number so far) with the number they had.

    Paragraphs whose ends were put in are one with the next that kept its own: they were one when the text went out,
    and the last says whether it was numbered. Each that has some of the text of then has the number. `new` are those
    that came in a new row or cell.
    """
    count = 0
    together: list[Paragraph] = []
    for paragraph in paragraphs:
        if together and _holder(together[-1]) != _holder(paragraph):
            yield from (replace(each, number=None) for each in together)
            together = []
        together.append(paragraph)
        if paragraph.mark_inserted is not None:
            continue
        number = None
        if paragraph.number is not None and paragraph.story is Story.BODY and paragraph.index not in new:
            count += 1
            number = count
        has_text = any(each.original for each in together)
        for each in together:
            is_it = bool(each.original) if has_text else each is paragraph
            yield replace(each, number=number if is_it else None)
        together = []
    yield from (replace(each, number=None) for each in together)


def _holder(paragraph: Paragraph) -> tuple[Story, str]:
    return paragraph.story, paragraph.place
