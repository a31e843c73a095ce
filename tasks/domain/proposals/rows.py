"""Rows of tables that a file puts in or takes out, tracked or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from tasks.domain.markup import PARAGRAPH, At, MarkKind, Paragraph, RowEdit
from tasks.domain.proposals.ground import Ground, Proposal

_ROWS: Final = (MarkKind.ROW_INSERTED, MarkKind.ROW_DELETED)
_CELL: Final = re.compile(r"(.*table \d+, row \d+), cell \d+")


@dataclass
class Rows:
    """The rows of tables in a file that came or went."""

    ground: Ground

    @cached_property
    def paragraphs(self) -> set[int]:
        """Returned paragraphs of rows that were put in, tracked or not."""
        found = {p for mark in self.ground.alignment.returned.marks if mark.kind in _ROWS for p in mark.paragraphs}
        return found | {p.index for row in self.new for p in row}

    @cached_property
    def drafts(self) -> set[int]:
        """Paragraphs of the draft in rows that went with tracking off."""
        return {index for row in self.gone for index in row}

    def tracked(self) -> Iterator[Proposal]:
        for mark in self.ground.alignment.returned.marks:
            if mark.kind not in _ROWS or not mark.paragraphs:
                continue
            inside = [self.ground.alignment.returned.paragraphs[index] for index in mark.paragraphs]
            marks = [mark.id]
            for paragraph in inside:
                ends = (paragraph.mark_inserted, paragraph.mark_deleted)
                marks += [id for piece in paragraph.pieces for id in self.ground.changing(piece.marks)]
                marks += [id for id in ends if id]
            ids = tuple(dict.fromkeys(marks))
            if mark.kind is MarkKind.ROW_INSERTED:
                yield self._new_row(inside, ids)
            else:
                drafts = [self.ground.draft_of(p.index) for p in inside]
                known = [index for index in drafts if index is not None]
                yield self._gone_row(known, ids) if known else self.ground.by_hand(ids, inside[0].index)

    def silent(self) -> Iterator[Proposal]:
        for row in self.new:
            text = "\t".join(paragraph.original for paragraph in row)
            yield self._new_row(row, (self.ground.mark(MarkKind.ROW_INSERTED, row[0].index, text),))
        for indices in self.gone:
            text = "\t".join(self.ground.alignment.draft.paragraphs[index].original for index in indices)
            yield self._gone_row(indices, (self.ground.mark(MarkKind.ROW_DELETED, None, text),))

    @cached_property
    def new(self) -> list[list[Paragraph]]:
        """Rows of the returned file none of whose paragraphs is in the draft, and that no mark put in."""
        marked = {
            p for m in self.ground.alignment.returned.marks if m.kind is MarkKind.ROW_INSERTED for p in m.paragraphs
        }
        rows: dict[str, list[Paragraph]] = {}
        for paragraph in self.ground.alignment.returned.paragraphs:
            if match := _CELL.fullmatch(paragraph.place):
                rows.setdefault(match[1], []).append(paragraph)
        return [
            row
            for row in rows.values()
            if all(self.ground.draft_of(p.index) is None and p.index not in marked for p in row)
            and any(p.original.strip() for p in row)
        ]

    @cached_property
    def gone(self) -> list[list[int]]:
        rows: dict[str, list[int]] = {}
        for paragraph in self.ground.alignment.draft.paragraphs:
            if match := _CELL.fullmatch(paragraph.place):
                rows.setdefault(match[1], []).append(paragraph.index)
        kept = {unit.index for link in self.ground.alignment.links if link.returned for unit in link.draft}
        texts = self.ground.alignment.draft.paragraphs
        return [r for r in rows.values() if kept.isdisjoint(r) and any(texts[i].original.strip() for i in r)]

    def _new_row(self, inside: Sequence[Paragraph], marks: tuple[str, ...]) -> Proposal:
        cells: dict[str, list[str]] = {}
        for paragraph in inside:
            cells.setdefault(paragraph.place, []).append(paragraph.final)
        texts = tuple(PARAGRAPH.join(lines) for lines in cells.values())
        table = inside[0].place.rpartition(", row ")[0]
        around = (
            range(inside[0].index - 1, -1, -1),
            range(inside[-1].index + 1, len(self.ground.alignment.returned.paragraphs)),
        )
        for indices, is_before in zip(around, (False, True), strict=True):
            for index in indices:
                place = self.ground.alignment.returned.paragraphs[index].place
                if not place.startswith(f"{table}, row "):
                    break
                draft = self.ground.draft_of(index)
                if draft is not None:
                    at = At(draft, 0)
                    edit = RowEdit(draft, texts, is_before, marks)
                    return Proposal(marks, draft, None, at, at, edit, "\t".join(texts))
        return self.ground.by_hand(marks, inside[0].index, "\t".join(texts))

    def _gone_row(self, indices: Sequence[int], marks: tuple[str, ...]) -> Proposal:
        last = self.ground.alignment.draft.paragraphs[indices[-1]]
        return Proposal(
            marks, indices[0], None, At(indices[0], 0), At(last.index, len(last.original)),
            RowEdit(indices[0], None, marks=marks),
        )  # fmt: skip
