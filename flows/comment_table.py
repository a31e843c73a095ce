"""The comments of a round as a table of the UI."""

from __future__ import annotations

from prefect.artifacts import acreate_table_artifact

from flows.board import artifact_key, rehearsal_notice
from tasks.comment_matrix import Matrix, table_rows
from tasks.desk import Desk


async def show_table(desk: Desk, matrix: Matrix) -> None:
    """Keep a matrix as a table of the UI."""
    await acreate_table_artifact(
        key=artifact_key("comments", desk.edition.id, matrix.paper, str(matrix.round)),
        table=table_rows(desk, matrix, desk.edition.drafting_language.id),
        description=(
            f"{rehearsal_notice(desk)}{matrix.paper}: draft {matrix.round}, "
            f"{len(matrix.undecided)} of {len(matrix.rows)} to decide"
        ),
    )
