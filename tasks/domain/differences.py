"""The editor's own next text held against the decisions: what was accepted and is missing, what was not and is there.

Both the text and the decided changes are laid over the draft they start from. Around each change the stretch is taken
that was changed in the text, and what it says now is compared with what it would say. What an editor wrote otherwise
but to the same end counts: the words that were to come are there, the words that were to go are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tasks.domain.comment_matrix import Disposition, Row, accepted_changes
from tasks.domain.markup import PARAGRAPH, At, Change, Edit, Markup, RowEdit, text_between
from tasks.domain.placing import align
from tasks.domain.proposals import proposals_of
from tasks.domain.redraft import ordered, row_of


class Finding(StrEnum):
    """How a text differs from a decision."""

    MISSING = "missing"
    NOT_ACCEPTED = "not-accepted"


@dataclass(frozen=True)
class _Text:
    """What was changed from a draft to a text: edits, rows, and the paragraphs that were moved."""

    draft: Markup
    edits: tuple[Edit, ...]
    rows: tuple[RowEdit, ...]
    moved: tuple[str, ...]

    def has(self, change: Change, accepted: Sequence[Edit]) -> bool | None:
        """Whether a change was made; None where that can't be told, or all around it is as was decided."""
        if isinstance(change, RowEdit):
            return any(self._is_same_row(change, row) for row in self.rows)
        if not isinstance(change, Edit):
            return None  # formatting that was changed with tracking off can't be told from the text
        start, end = self._around(change, accepted)
        now, before = self._says(start, end, self.edits), self._says(start, end, ())
        if now == self._says(start, end, accepted):
            return None
        gone, come = _plain(text_between(self.draft.paragraphs, change.start, change.end)), _plain(change.text)
        if now == self._says(start, end, [change]):
            return True
        if not gone + come:
            return False
        has_come = not come or come in self.moved or now.count(come) > before.count(come)
        has_gone = not gone or gone in come or now.count(gone) < before.count(gone)
        return has_come and has_gone

    def _around(self, change: Edit, accepted: Sequence[Edit]) -> tuple[At, At]:
        """The stretch of the draft that was changed, or was to be changed, in one piece with this change."""
        start, end = change.start, change.end
        touched = True
        while touched:
            near = [edit for edit in (*self.edits, *accepted) if edit.start <= end and start <= edit.end]
            touched = any(edit.start < start or edit.end > end for edit in near)
            start = min([start, *(edit.start for edit in near)])
            end = max([end, *(edit.end for edit in near)])
        return start, end

    def _says(self, start: At, end: At, edits: Iterable[Edit]) -> str:
        """A stretch of the draft with edits made in it; every space alike."""
        found, done = [], start
        for edit in ordered(edits):
            if done <= edit.start and edit.end <= end:
                found += [text_between(self.draft.paragraphs, done, edit.start), edit.text]
                done = edit.end
        return _plain("".join([*found, text_between(self.draft.paragraphs, done, end)]))

    def _is_same_row(self, one: RowEdit, other: RowEdit) -> bool:
        if one.cells is None or other.cells is None:
            return one.cells is other.cells and row_of(self.draft, one.row) == row_of(self.draft, other.row)
        return list(map(_plain, one.cells)) == list(map(_plain, other.cells))


def differences(
    draft: Markup, text: Markup, rows: Sequence[Row], decided: Mapping[str, Disposition]
) -> tuple[tuple[Row, Finding], ...]:
    """The rows whose decision the next text does not follow, in the order of the matrix.

    Told of are changes that were accepted and are missing, and changes that were not accepted and are there. What
    contradicts each other, was accepted with changes or in part, or concerns only formatting is left to the editor.
    """
    found = accepted_changes(rows, decided)
    accepted = [change for change in found.changes if isinstance(change, Edit)]
    made = _made(draft, text)
    told = []
    for row in rows:
        wanted = row in found.rows
        if row.changes and (wanted or decided.get(row.id) is Disposition.NOT_ACCEPTED):
            states = [made.has(change, accepted) for change in row.changes]
            if wanted and False in states:
                told.append((row, Finding.MISSING))
            elif not wanted and True in states and False not in states:
                told.append((row, Finding.NOT_ACCEPTED))
    return tuple(told)


def _made(draft: Markup, text: Markup) -> _Text:
    alignment = align(draft, text)
    changes = [proposal.change for proposal in proposals_of(alignment).found]
    moved = [link for link in alignment.links if link.is_moved]
    went = [Edit(At(unit.index, 0), At(unit.index, len(unit.text)), "") for link in moved for unit in link.draft]
    return _Text(
        draft,
        (*(change for change in changes if isinstance(change, Edit)), *went),
        tuple(change for change in changes if isinstance(change, RowEdit)),
        tuple(_plain(link.returned_text) for link in moved),
    )


def _plain(text: str) -> str:
    return " ".join(text.replace(PARAGRAPH, " ").split())
