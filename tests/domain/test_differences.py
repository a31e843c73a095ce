"""The next text against the decisions: missing, there though not accepted, and what is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain.comment_matrix import Disposition, Kind, Row
from tasks.domain.differences import Finding, differences
from tasks.domain.markup import PARAGRAPH, At, Change, Edit, Formatting, Markup, Paragraph, Piece, RowEdit, Story
from tasks.domain.placing import former_numbers
from tasks.domain.redraft import texts_after, trimmed
from tests.domain.test_proposals import LONG, OTHER, THIRD, draft_of

DRAFT = draft_of(LONG, OTHER, THIRD)
ACCEPTED, REFUSED = Disposition.ACCEPTED, Disposition.NOT_ACCEPTED


def row(id: str, *changes: Change) -> Row:
    return Row(id, ("north",), 0, 1, None, Kind.SUBSTANTIVE, "", (), (), changes, True, ())


def replaced(paragraph: int, old: str, new: str) -> Edit:
    at = DRAFT.paragraphs[paragraph].original.index(old)
    return Edit(At(paragraph, at), At(paragraph, at + len(old)), new)


def text_with(*changes: Change) -> Markup:
    made: Markup = draft_of(*texts_after(DRAFT, changes)[Story.BODY])
    return made


def found(text: Markup, *decided: tuple[Row, Disposition]) -> list[tuple[str, Finding]]:
    rows = [row for row, _ in decided]
    return [(r.id, f) for r, f in differences(DRAFT, text, rows, {row.id: how for row, how in decided})]


CHANGES = [
    replaced(0, "seldom", "rarely"),
    replaced(1, "private money", "what people send home"),
    Edit(At(1, len(OTHER)), At(1, len(OTHER)), PARAGRAPH + "An altogether new paragraph about fees."),
    Edit(At(2, 0), At(2, 0), "It is said that "),
    replaced(2, THIRD.split()[-2], ""),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_missing_or_there(change: Edit) -> None:
    there, not_there = text_with(change), text_with()
    assert found(there, (row("a", change), ACCEPTED)) == []
    assert found(not_there, (row("a", change), ACCEPTED)) == [("a", Finding.MISSING)]
    assert found(there, (row("a", change), REFUSED)) == [("a", Finding.NOT_ACCEPTED)]
    assert found(not_there, (row("a", change), REFUSED)) == []
    assert found(there, (row("a", change), Disposition.PARTLY)) == []


@given(st.lists(st.sampled_from([ACCEPTED, REFUSED]), min_size=len(CHANGES), max_size=len(CHANGES)), st.data())
def test_each_of_many_is_told_by_itself(decided: list[Disposition], data: st.DataObject) -> None:
    made = data.draw(st.lists(st.sampled_from(CHANGES), unique=True))
    rows = [(row(str(number), change), how) for number, (change, how) in enumerate(zip(CHANGES, decided, strict=True))]
    expected = [
        (each.id, Finding.MISSING if how is ACCEPTED else Finding.NOT_ACCEPTED)
        for each, how in rows
        if (how is ACCEPTED) != (each.changes[0] in made)
    ]
    assert found(text_with(*made), *rows) == expected


def test_what_an_editor_wrote_otherwise_to_the_same_end_counts() -> None:
    wanted = row("a", replaced(0, "seldom", "rarely"))
    assert found(text_with(replaced(0, "seldom", "rarely or never")), (wanted, ACCEPTED)) == []
    assert found(text_with(replaced(0, "seldom", "hardly ever")), (wanted, ACCEPTED)) == [("a", Finding.MISSING)]


def test_of_two_proposals_for_one_place_the_one_not_accepted_is_not_told_of() -> None:
    one, other = row("a", replaced(0, "seldom", "rarely")), row("b", replaced(0, "seldom", "very rarely"))
    assert found(text_with(*one.changes), (one, ACCEPTED), (other, REFUSED)) == []
    assert found(text_with(*other.changes), (one, REFUSED), (other, ACCEPTED)) == []
    assert found(text_with(*other.changes), (one, ACCEPTED), (other, REFUSED)) == [("b", Finding.NOT_ACCEPTED)]


def test_a_paragraph_that_was_moved_is_where_it_was_to_go() -> None:
    move = row("a", Edit(At(0, 0), At(1, 0), ""), Edit(At(2, len(THIRD)), At(2, len(THIRD)), PARAGRAPH + LONG))
    assert found(draft_of(OTHER, THIRD, LONG), (move, ACCEPTED)) == []
    assert found(DRAFT, (move, ACCEPTED)) == [("a", Finding.MISSING)]


def test_formatting_is_not_told_of_and_rows_are() -> None:
    assert found(DRAFT, (row("a", Formatting(At(0, 0), At(0, 3), bold=True)), ACCEPTED)) == []
    cells = [("one", "two"), ("three", "four"), ("five", "six")]

    def table(rows: list[tuple[str, str]]) -> Markup:
        places = [(f"table 1, row {r}, cell {c}", t) for r, row in enumerate(rows, 1) for c, t in enumerate(row, 1)]
        return Markup(tuple(Paragraph(i, Story.BODY, (Piece(t),), place=p) for i, (p, t) in enumerate(places)), ())

    rows = [row("gone", RowEdit(2, None)), row("new", RowEdit(0, ("seven", "eight")))]
    decided = {"gone": ACCEPTED, "new": REFUSED}
    assert [(r.id, f) for r, f in differences(table(cells), table(cells), rows, decided)] == [("gone", Finding.MISSING)]
    kept = differences(table(cells), table([cells[0], ("seven", "eight"), *cells[1:]]), rows, decided)
    assert [(r.id, f) for r, f in kept] == [("gone", Finding.MISSING), ("new", Finding.NOT_ACCEPTED)]


def test_an_edit_leaves_alone_the_ends_that_stay() -> None:
    both = Edit(At(0, 5), At(2, 4), LONG[5:] + PARAGRAPH + "Another." + PARAGRAPH + THIRD[:4])
    assert trimmed(DRAFT, both) == Edit(At(1, 0), At(1, len(OTHER)), "Another.")


def test_a_number_is_known_by_the_one_it_was() -> None:
    new = draft_of("A paragraph that was not there before at all.", LONG, THIRD)
    assert former_numbers(DRAFT, new) == {2: 1, 3: 3}
