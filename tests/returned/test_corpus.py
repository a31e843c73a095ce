"""Real files with marks, whoever wrote them: each mark stands in one row, and pandoc has seen the same."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tasks.adapters.word.markup import reject_all
from tasks.domain.comment_matrix import Returned, compile_matrix
from tasks.domain.markup import MarkKind
from tests.adapters.word.markup_help import read
from tests.adapters.word.test_markup_generated import MARKED, compare
from tests.adapters.word.word_help import corpus


@pytest.mark.parametrize("file", [file for file in corpus() if file.id in (*MARKED, "none")])
def test_every_mark_of_a_real_file_stands_in_one_row(file: Path) -> None:
    """The draft is the file itself with all changes rejected: what was sent is not to be had."""
    data = file.read_bytes()
    markup = read(data)
    rows = compile_matrix(read(reject_all(data)), [Returned("body", file.name, markup)])
    standing = Counter(mark.mark for row in rows for mark in row.marks if not mark.mark.startswith("silent/"))
    assert standing == Counter({mark.id: 1 for mark in markup.marks})
    by_mark = {mark.mark: row for row in rows for mark in row.marks}
    for mark in markup.marks:
        if mark.kind is MarkKind.COMMENT:
            said = {(said.author, said.at, said.text) for said in by_mark[mark.id].comments}
            assert (mark.author, mark.at, mark.text) in said
    seen = compare(file)  # authors, times and text of all that pandoc shows; what it does not is told there
    assert len(seen.comments) <= sum(mark.kind is MarkKind.COMMENT for mark in markup.marks)
