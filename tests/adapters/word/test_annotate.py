"""What a rehearsal's readers do to a copy of a draft, read again."""

from __future__ import annotations

import datetime as dt

import pytest

from tasks.adapters.word.annotate import annotate
from tasks.adapters.word.markup import reject_all
from tasks.adapters.word.package import normalise
from tasks.domain.errors import Invalid
from tasks.domain.markup import MarkKind, Markup
from tasks.domain.readers import Reading
from tests.adapters.word.markup_help import lines, read
from tests.adapters.word.word_help import p, r, raw

NOW = dt.datetime(2031, 3, 1, 9, 30, tzinfo=dt.UTC)
DRAFT = raw(p(r("The task of ") + r("policy", "<w:b/>") + r(" is hard.")) + p(r("A second one.")))
MARKS = [
    {"words": "task of policy", "comment": "Whose?"},
    {"words": "is hard", "instead": "is easy"},
    {"words": "second", "instead": "", "paragraph": "A third one."},
]


def returned(**other: object) -> Markup:
    reading = Reading.model_validate({"marks": MARKS, **other})
    data = normalise(annotate(DRAFT, reading, "Anna", NOW, "anna"), NOW)
    assert data == normalise(annotate(DRAFT, reading, "Anna", NOW, "anna"), NOW)
    return read(data)


@pytest.mark.parametrize("saved_by", ["word", "libreoffice"])
def test_a_reader_comments_and_changes_with_name_and_time(saved_by: str) -> None:
    markup = returned(saved_by=saved_by)
    assert lines(markup) == [
        "The task of policy [-is hard-][+is easy+].", "A [-second-] one.¶+", "[+A third one.+]",
    ]  # fmt: skip
    assert {(mark.author, mark.at) for mark in markup.marks} == {("Anna", NOW)}
    (comment,) = [mark for mark in markup.marks if mark.kind is MarkKind.COMMENT]
    assert (comment.quote, comment.text, comment.paragraphs) == ("task of policy", "Whose?", (0,))


def test_with_tracking_off_nothing_says_what_was_changed() -> None:
    markup = returned(tracking=False, author="Ben")
    assert lines(markup) == ["The task of policy is easy.", "A  one.", "A third one."]
    assert [(mark.kind, mark.author) for mark in markup.marks] == [(MarkKind.COMMENT, "Ben")]


def test_rejected_it_is_the_draft_again() -> None:
    reading = Reading.model_validate({"marks": MARKS})
    assert lines(read(reject_all(annotate(DRAFT, reading, "Anna", NOW, "anna")))) == lines(read(DRAFT))


@pytest.mark.parametrize(("words", "count"), [("nowhere", 0), ("d", 2)])
def test_words_that_are_not_in_one_place_are_named(words: str, count: int) -> None:
    reading = Reading.model_validate({"marks": [{"words": words, "comment": "?"}]})
    with pytest.raises(Invalid, match=f"anna: “{words}” stands in {count} paragraphs of the draft; name words of one"):
        annotate(DRAFT, reading, "Anna", NOW, "anna")
