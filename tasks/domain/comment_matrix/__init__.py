"""The comments of a round as rows of one matrix: who says what about which passage, and what it would change.

    rows = compile_matrix(draft, [Returned("ghana", sha256, read_markup(docx)), ...])
    undecided(rows, {rows[0].id: Disposition.ACCEPTED})          the rows nobody has decided on
    accepted_changes(rows, decided).changes                      what can be made by a program

Every mark of every file is in exactly one row; a row may join several: a thread of comments, a comment and the change
it is tied to, the same change proposed by several bodies. Rows are known by what they say, so that a decision holds
when the matrix is compiled anew with a file more.
"""

from tasks.domain.comment_matrix.compiling import compile_matrix
from tasks.domain.comment_matrix.passages import number_at
from tasks.domain.comment_matrix.rows import (
    Accepted,
    Disposition,
    Figures,
    Filled,
    Kind,
    MarkRef,
    Returned,
    Row,
    Said,
    Spoken,
    accepted_changes,
    figures,
    undecided,
)

__all__ = [
    "Accepted",
    "Disposition",
    "Figures",
    "Filled",
    "Kind",
    "MarkRef",
    "Returned",
    "Row",
    "Said",
    "Spoken",
    "accepted_changes",
    "compile_matrix",
    "figures",
    "number_at",
    "undecided",
]
