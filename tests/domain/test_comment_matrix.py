"""The comments of a round as rows: every mark in exactly one, the same whatever the order, decided and carried out."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tasks.domain.comment_matrix import (
    Disposition,
    Filled,
    Kind,
    Returned,
    Row,
    Spoken,
    accepted_changes,
    compile_matrix,
    figures,
    undecided,
)
from tasks.domain.markup import At, Edit, Mark, MarkKind, Piece
from tests.domain.test_proposals import LONG, OTHER, THIRD, Copy, copies, draft_of

DRAFT = draft_of(LONG, OTHER, THIRD)
AT = dt.datetime(2031, 4, 2, 10, tzinfo=dt.UTC)


def replaced(old, new, author="Ana", draft=DRAFT, paragraph=0):
    """A copy with one word replaced."""
    copy = Copy.of(draft)
    begins = sum(len(p.original) + 1 for p in draft.paragraphs[:paragraph])
    at = begins + draft.paragraphs[paragraph].original.index(old)
    copy.take_out(at, at + len(old), author)
    copy.put_in(at + len(old), new, author)
    return copy.markup()


def commented(markup, paragraph, quote, text, id="comments/comment/1", **more):
    """The same with a comment on some words."""
    here = markup.paragraphs[paragraph]
    pieces = []
    for piece in here.pieces:
        before, found, after = piece.text.partition(quote)
        parts = [(before, ()), (found, (id,)), (after, ())] if found else [(piece.text, ())]
        pieces += [replace(piece, text=part, marks=piece.marks + own) for part, own in parts if part]
    paragraphs = list(markup.paragraphs)
    paragraphs[paragraph] = replace(here, pieces=tuple(pieces))
    mark = Mark(id, MarkKind.COMMENT, (paragraph,), text=text, quote=quote, author="Ana", at=AT, **more)
    return replace(markup, paragraphs=tuple(paragraphs), marks=(*markup.marks, mark))


def rows_of(**markups):
    return compile_matrix(DRAFT, [Returned(body, f"sha-{body}", markup) for body, markup in markups.items()])


@given(st.lists(copies(), min_size=1, max_size=1), st.integers(0, 2**16))
def test_every_mark_is_in_exactly_one_row_whatever_the_order(made, seed):
    draft, copy = made[0]
    files = [Returned("north", "n", copy.markup()), Returned("south", "s", copy.markup()), Returned("east", "e", draft)]
    rows = compile_matrix(draft, files)
    refs = [(ref.source, ref.mark) for row in rows for ref in row.marks]
    assert len(refs) == len(set(refs))
    assert {ref for ref in refs if "silent" not in ref[1]} == {
        (file.source, mark.id) for file in files for mark in file.markup.marks
    }
    assert {ref[1] for ref in refs if ref[0] == "n"} == {ref[1] for ref in refs if ref[0] == "s"}
    random.Random(seed).shuffle(files)
    assert compile_matrix(draft, files) == rows
    assert len({row.id for row in rows}) == len(rows)
    kept = TypeAdapter(tuple[Row, ...])
    assert kept.validate_json(kept.dump_json(rows)) == rows


def test_the_same_change_asked_for_by_two_is_one_row_with_both():
    (row,) = rows_of(north=replaced("seldom", "rarely"), south=replaced("seldom", "rarely", "Ben"))
    assert (row.bodies, row.paragraph, row.number, row.kind) == (("north", "south"), 0, 1, Kind.SUBSTANTIVE)
    assert [(p.text, p.is_deleted, p.is_inserted) for p in row.proposal if p.is_deleted or p.is_inserted] == [
        ("seldom", True, False), ("rarely", False, True)
    ]  # fmt: skip
    assert not row.conflicts


def test_a_row_that_others_join_keeps_its_id():
    (alone,) = rows_of(south=replaced("seldom", "rarely"))
    (joined,) = rows_of(north=replaced("seldom", "rarely"), south=replaced("seldom", "rarely"))
    assert alone.id == joined.id


def test_contradictory_changes_are_two_rows_that_know_of_each_other():
    one, other = rows_of(north=replaced("seldom", "rarely"), south=replaced("seldom", "never"))
    assert (one.conflicts, other.conflicts) == ((other.id,), (one.id,))
    assert one.same_passage == (other.id,)
    decided = dict.fromkeys((one.id, other.id), Disposition.ACCEPTED)
    found = accepted_changes((one, other), decided)
    assert (found.changes, found.conflicts) == ((), ((one, other),))
    found = accepted_changes((one, other), {one.id: Disposition.ACCEPTED, other.id: Disposition.NOT_ACCEPTED})
    assert found.changes == one.changes


def test_a_comment_tied_to_a_change_is_in_its_row_and_others_have_their_own():
    tied = commented(replaced("seldom", "rarely"), 0, "rarely", "The figures say so.")
    (row,) = rows_of(north=tied)
    assert [(said.text, said.author, said.at) for said in row.comments] == [("The figures say so.", "Ana", AT)]
    assert row.changes
    apart = commented(replaced("seldom", "rarely"), 1, "private money", "By whom?")
    change, comment = rows_of(north=apart)
    assert (change.comments, comment.paragraph, comment.passage) == ((), 1, OTHER)
    assert comment.changes == ()


def test_replies_are_in_the_row_of_their_comment():
    first = commented(DRAFT, 1, "private money", "By whom?")
    both = commented(first, 1, "private money", "By the sender.", "comments/comment/2", reply_to="comments/comment/1")
    (row,) = rows_of(north=both)
    assert [(said.text, said.reply_to) for said in row.comments] == [("By whom?", None), ("By the sender.", 0)]
    assert len(row.marks) == 2


def test_a_comment_without_a_place_is_on_the_whole():
    lost = replace(DRAFT, marks=(Mark("comments/comment/1", MarkKind.COMMENT, (), text="A fine paper."),))
    (row,) = rows_of(north=lost)
    assert (row.kind, row.paragraph, row.guess, row.number) == (Kind.GENERAL, None, None, None)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("seldom", "rarely", Kind.SUBSTANTIVE),
        ("used.", "used!", Kind.EDITORIAL),
        ("Countries", "countries", Kind.EDITORIAL),
        ("learned", "learnd", Kind.EDITORIAL),
        ("learned", "learned 3 times", Kind.SUBSTANTIVE),
        ("skills", "skill", Kind.EDITORIAL),
        ("have", "has", Kind.SUBSTANTIVE),
        ("of", "off", Kind.SUBSTANTIVE),
    ],
)
def test_editorial_is_what_changes_no_more_than_a_slip_of_the_pen(old, new, kind):
    (row,) = rows_of(north=replaced(old, new))
    assert row.kind is kind


def test_formatting_is_editorial_and_says_what():
    piece = Piece("private money", marks=("document/rPrChange/1",))
    before, after = OTHER.split("private money")
    bold = replace(DRAFT.paragraphs[1], pieces=(Piece(before), piece, Piece(after)))
    mark = Mark("document/rPrChange/1", MarkKind.FORMATTING, (1,), text="bold: on", quote="private money", author="Ana")
    markup = replace(DRAFT, paragraphs=(DRAFT.paragraphs[0], bold, DRAFT.paragraphs[2]), marks=(mark,))
    (row,) = rows_of(north=markup)
    (change,) = row.changes
    assert (row.kind, row.comments[0].text, change.bold, change.italic) == (Kind.EDITORIAL, "[bold: on]", True, None)


def test_what_was_said_of_the_version_before_is_carried_over():
    earlier = draft_of("An opening that went later on.", LONG, OTHER, THIRD)
    file = Returned("north", "n", replaced("seldom", "rarely", draft=earlier, paragraph=1))
    (row,) = compile_matrix(DRAFT, [file], earlier=earlier)
    at = LONG.index("seldom")
    assert row.paragraph == 0
    assert [replace(change, marks=()) for change in row.changes] == [Edit(At(0, at), At(0, at + 6), "rarely")]
    changed = draft_of(LONG.replace("seldom", "hardly ever"), OTHER, THIRD)
    (row,) = compile_matrix(changed, [file], earlier=earlier)
    assert (row.paragraph, row.changes) == (0, ())
    assert [p.text for p in row.proposal if p.is_inserted] == ["rarely"]


def test_texts_and_tables_come_in_beside_the_files():
    text = "Dear colleagues,\n\nA useful draft.\n\nPara 2: by whom?\nNobody knows.\n\nKind regards"
    spoken = [Spoken("north", "t", "A. Person", AT, text)]
    table = (("Paragraph", "Comment", "Proposed wording"), ("3", "Too bold", "many reasons"), ("9", "?", ""))
    filled = [Filled("south", "f", table)]
    rows = compile_matrix(DRAFT, [], spoken, filled)
    assert [(row.paragraph, row.kind, row.comments[0].text, row.comments[0].source) for row in rows] == [
        (None, Kind.GENERAL, "A useful draft.", "mail"),
        (None, Kind.GENERAL, "9: ?", "table"),
        (1, Kind.SUBSTANTIVE, "Para 2: by whom?\nNobody knows.", "mail"),
        (2, Kind.SUBSTANTIVE, "Too bold", "table"),
    ]  # fmt: skip
    assert rows[-1].proposal == (Piece("many reasons", is_inserted=True),)


def test_what_is_accepted_without_a_change_is_for_a_person():
    rows = rows_of(north=commented(replaced("seldom", "rarely"), 1, "private money", "By whom?"))
    change, comment = rows
    found = accepted_changes(rows, {change.id: Disposition.PARTLY, comment.id: Disposition.ACCEPTED})
    assert (found.changes, found.by_hand) == ((), (change, comment))
    assert undecided(rows, {change.id: Disposition.NOTED}) == (comment,)


def test_figures_count_each_row_once_for_each_body():
    rows = rows_of(north=replaced("seldom", "rarely"), south=replaced("seldom", "rarely"))
    found = figures(rows)
    assert found.by_body == {"north": {"substantive": 1}, "south": {"substantive": 1}}
    assert found.by_paragraph == {0: 1}
