"""The comments of a round: compiled into one matrix, decided row by row, answered body by body, made into a next draft.

A round is `PAPER|ROUND`, the key of its matrix. What stands in a matrix is kept as data beside the Word file and the
spreadsheet, so that a decision is always about exactly what was shown.
"""

from tasks.comment_matrix.checking import as_it_reads, differences_in, remarked, shown_differences, spoken
from tasks.comment_matrix.compiling import compile_round, version_of
from tasks.comment_matrix.deciding import correct, decide, receive, refuse_undecided
from tasks.comment_matrix.document import table_rows
from tasks.comment_matrix.reading import Matrix, load, matrix_of
from tasks.comment_matrix.settling import enclosures, settle_round
from tasks.comment_matrix.texts import add_text, answered, is_late

__all__ = [
    "Matrix",
    "add_text",
    "answered",
    "as_it_reads",
    "compile_round",
    "correct",
    "decide",
    "differences_in",
    "enclosures",
    "is_late",
    "load",
    "matrix_of",
    "receive",
    "refuse_undecided",
    "remarked",
    "settle_round",
    "shown_differences",
    "spoken",
    "table_rows",
    "version_of",
]
