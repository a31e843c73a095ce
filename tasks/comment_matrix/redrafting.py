"""The next draft out of the decisions: what is accepted is made, the rest is left to the editor in comments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tasks.adapters.word.redraft import Note, Redraft, redraft
from tasks.comment_matrix.compiling import version_of
from tasks.comment_matrix.document import pieces, plain_words, sorted_names
from tasks.comment_matrix.reading import Matrix, shown_key
from tasks.desk import Desk, Made
from tasks.domain.background_paper import STAGE
from tasks.domain.comment_matrix import Row, accepted_changes
from tasks.domain.edition import Session
from tasks.domain.markup import At, MarkKind, Markup, RowEdit

#: Kinds of documents: the draft with the changes made, and with the same as tracked changes.
CLEAN, TRACKED = "redraft-clean", "redraft-tracked"


def keep_redrafts(desk: Desk, session: Session, matrix: Matrix, draft: Markup) -> list[Made]:
    """The draft with the accepted changes in the store, clean and tracked; the writer may go on in either.

    They keep the identity of the draft, so that what is written into them comes back as the next text. Of a draft with
    tracked changes of its own there are none.
    """
    if any(mark.kind is not MarkKind.COMMENT for mark in draft.marks):
        return []
    language = desk.edition.drafting_language.id
    number = desk.next_number(TRACKED, matrix.key, language)
    tracked, clean = _versions(desk, matrix, draft)
    return [
        desk.keep(
            data, stage=STAGE, kind=kind, key=matrix.key, session=session.id, language=language, number=number,
            name=f"{matrix.paper}-{kind}-draft-{matrix.round}-v{number}-{language}",
        )
        for kind, data in ((TRACKED, tracked), (CLEAN, clean))
    ]  # fmt: skip


def _versions(desk: Desk, matrix: Matrix, draft: Markup) -> tuple[bytes, bytes]:
    """The tracked and the clean version; reasons stand in the first only."""
    master = desk.store.get(version_of(desk, matrix.paper, matrix.version))
    author = desk.words(desk.edition.drafting_language.id)("labels.office")

    def make(rows: Iterable[Row], *, tracked: bool, notes: Sequence[Note] = ()) -> Redraft:
        changes = [change for row in rows for change in row.changes]
        return redraft(master, changes, author=author, at=desk.now, tracked=tracked, notes=notes)

    found = accepted_changes(matrix.rows, matrix.dispositions)
    rows, by_hand = list(found.rows), list(found.by_hand)
    while True:
        notes = [_conflict(desk, draft, each) for each in found.conflicts]
        notes += [_by_hand(desk, matrix, draft, row) for row in sorted(by_hand, key=matrix.rows.index)]
        reasons = [_reason(matrix, draft, row) for row in rows if matrix.decided[row.id].reason]
        tracked = make(rows, tracked=True, notes=[*notes, *(reasons if desk.edition.rules.reasons_in_draft else [])])
        if not tracked.left:
            return tracked.data, make(rows, tracked=False, notes=notes).data
        # Of a row with several changes, such as a move, all are made or none.
        by_hand += [row for row in rows if not set(tracked.left).isdisjoint(row.changes)]
        rows = [row for row in rows if row not in by_hand]


def _conflict(desk: Desk, draft: Markup, rows: Sequence[Row]) -> Note:
    words = desk.words(desk.edition.drafting_language.id)
    places = [_passage(draft, row) for row in rows]
    text = "\n".join([words("matrix.conflict"), *(_told(desk, row) for row in rows)])
    return Note(min(start for start, _ in places), max(end for _, end in places), text)


def _by_hand(desk: Desk, matrix: Matrix, draft: Markup, row: Row) -> Note:
    words = desk.words(desk.edition.drafting_language.id)
    decided = matrix.decided[row.id]
    outcome = words(f"matrix.decisions.{decided.disposition}")
    lines = [words("matrix.left_to_editor"), _told(desk, row), ": ".join(p for p in (outcome, decided.reason) if p)]
    return Note(*_passage(draft, row), "\n".join(lines))


def _reason(matrix: Matrix, draft: Markup, row: Row) -> Note:
    return Note(*_passage(draft, row), f"{shown_key(row)}: {matrix.decided[row.id].reason}")


def _told(desk: Desk, row: Row) -> str:
    """A row in one line: its key, who says it, and what."""
    names = "; ".join(sorted_names(desk, row.bodies, desk.edition.drafting_language.id))
    said = [plain_words(pieces(row.proposal)), *(said.text for said in row.comments)]
    return " · ".join([shown_key(row), names, *(" ".join(text.split()) for text in said if text)])


def _passage(draft: Markup, row: Row) -> tuple[At, At]:
    """Where a row's note is tied to: its first change, else the words it is about, else its whole paragraph."""
    if row.changes:
        change = row.changes[0]
        return (At(change.row, 0),) * 2 if isinstance(change, RowEdit) else (change.start, change.end)
    index = row.paragraph if row.paragraph is not None else row.guess or 0
    begins = draft.paragraphs[index].original.find(row.passage) if row.passage else -1
    if begins < 0:
        return At(index, 0), At(index, 0)
    return At(index, begins), At(index, begins + len(row.passage))
