"""Rounds of returned files held against what was done to them; `make returned` prints the figures of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tasks.domain.comment_matrix import Returned, compile_matrix
from tests.returned.judge import Verdict, judge_rounds, judge_rows, read
from tests.returned.returns import round_of
from tests.returned.seeds import DEVELOPING, FILES, IN_LIBREOFFICE, JUDGING
from tests.tools import libreoffice, validator

#: Kinds of elements that must occur, or the generator has lost one.
KINDS = {"comment", "ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "silent"}
#: What the validator knows nothing about: Word lets people comment on notes.
_ON_NOTES = "does not exist in part 'WordprocessingCommentsPart'"


def assert_good(verdict: Verdict) -> None:
    """Every mark in one row, read right, and 99 in a hundred on the right paragraph, the rest to be placed."""
    told = "\n".join([str(verdict), *verdict.faults[:20]])
    assert verdict.marks > 10 * verdict.files, told
    assert (verdict.lost, verdict.twice, verdict.wrong, verdict.misread, verdict.unknown) == (0, 0, 0, 0, 0), told
    assert verdict.share_right >= 0.99, told


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_every_mark_stands_in_one_row_where_it_belongs(rounds: Callable[[int, int], int]) -> None:
    assert_good(judge_rounds(JUDGING[: rounds(3, len(JUDGING))]))


@pytest.mark.soak
@pytest.mark.timeout(0)
@pytest.mark.skipif(libreoffice.missing() is not None, reason=str(libreoffice.missing()))
def test_so_does_every_mark_of_files_saved_by_libreoffice(rounds: Callable[[int, int], int]) -> None:
    assert_good(judge_rounds(IN_LIBREOFFICE[: rounds(1, 4)], rounds(3, FILES), in_word=False))


def test_a_round_of_a_seed_is_the_same_each_time_and_has_every_kind_of_mark() -> None:
    _, once = round_of(DEVELOPING[0], 8)
    _, again = round_of(DEVELOPING[0], 8)
    assert once == again
    assert {left.element for file in once for left in file.left} == KINDS
    assert {file.is_on_before for file in round_of(DEVELOPING[0], 20)[1]} == {True, False}


@pytest.mark.skipif(validator.missing() is not None, reason=str(validator.missing()))
def test_returned_files_are_as_valid_as_the_draft(tmp_path: Path) -> None:
    paper, files = round_of(DEVELOPING[2], 4)
    draft = tmp_path / "draft.docx"
    draft.write_bytes(paper.data)
    paths = [tmp_path / f"{number}.docx" for number in range(len(files))]
    for path, file in zip(paths, files, strict=True):
        path.write_bytes(file.data)
    found = validator.validate([draft, *paths])
    before = {str(finding) for finding in found[draft]}
    assert [
        each for path in paths for each in map(str, found[path]) if each not in before and _ON_NOTES not in each
    ] == []


def test_the_judge_sees_what_is_lost_twice_misplaced_and_misread() -> None:
    paper, files = round_of(DEVELOPING[3], 2)
    read_files = {file.name: read(file.data) for file in files}
    returned = [Returned("b", file.name, read_files[file.name]) for file in files]
    rows = compile_matrix(read(paper.data), returned, earlier=read(paper.before))
    assert judge_rows(rows, read_files, files).faults == []
    worse = next(place for place, row in enumerate(rows) if row.comments and not row.changes and len(row.marks) == 1)
    cases = {
        "lost": [],
        "twice": [rows[worse], rows[worse]],
        "wrong": [replace(rows[worse], paragraph=0)],
        "to_place": [replace(rows[worse], paragraph=None)],
        "misread": [replace(rows[worse], passage="", comments=())],
    }
    for kind, instead in cases.items():
        verdict = judge_rows([*rows[:worse], *instead, *rows[worse + 1 :]], read_files, files)
        assert Counter({name: getattr(verdict, name) for name in cases}) == Counter({kind: 1}), kind
