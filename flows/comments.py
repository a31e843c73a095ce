"""What the team does with the comments of a round: decides on each, and registers those that came as text.

Each is a typed flow, a form in the Prefect UI and a command on the shell.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from prefect.client.schemas.objects import State

from flows.comment_table import show_table
from flows.decisions import session_of_paper
from flows.edition import follow_up
from flows.office import answer, desk_for, flow, inbox, inbox_text
from tasks import comment_matrix
from tasks.comment_matrix import Matrix, matrix_of
from tasks.desk import Desk
from tasks.domain.comment_matrix import Disposition
from tasks.domain.errors import Invalid


@flow(name="decide-comments", flow_run_name="{edition} {paper} comments: {decision}")
async def decide_comments(
    edition: str,
    paper: str,
    decision: Disposition,
    by: str,
    comments: list[str] | None = None,
    rest: bool = False,
    reason: str = "",
    round: int | None = None,
    today: dt.date | None = None,
) -> State[Any]:
    """Record the team's decision on comments of a round.

    Args:
        edition: The edition.
        paper: The paper, such as its session's number with the suffix.
        decision: What the team decided.
        by: Your name; it is kept with the decision.
        comments: The comments by their keys in the matrix.
        rest: Every comment of the round that is not decided yet.
        reason: Why; each body reads it in its reply. A comment that is not accepted needs one.
        round: The comment round; without it the newest.
        today: A simulated date, in a rehearsal only.
    """
    shown: list[tuple[Desk, Matrix]] = []

    def work() -> str:
        desk = desk_for(edition, by=by, today=today)
        session_of_paper(desk, paper)
        matrix = matrix_of(desk, paper, round)
        keys = comments or [row.id for row in matrix.undecided if rest]
        if not keys:
            raise Invalid(
                f"{paper}: name comments on draft {matrix.round} by their keys, or say that you mean the rest"
            )
        told = comment_matrix.decide(desk, matrix.key, keys, decision, reason)
        shown.append((desk, matrix_of(desk, paper, matrix.round)))
        return told

    state = await follow_up(edition, answer(work), today)
    for desk, matrix in shown:
        await show_table(desk, matrix)
    return state


@flow(name="add-comments", flow_run_name="{edition} {paper} comments of {body}")
async def add_comments(
    edition: str, paper: str, body: str, file: str, by: str, today: dt.date | None = None
) -> State[Any]:
    """Register a body's comments that came as text, from a text file in the inbox.

    Args:
        edition: The edition.
        paper: The paper.
        body: The body that made them.
        file: The name of a text file (UTF-8) in the inbox.
        by: Your name; it is kept with the comments.
        today: A simulated date, in a rehearsal only.
    """

    def work() -> str:
        desk = desk_for(edition, by=by, today=today)
        session = session_of_paper(desk, paper)
        told = comment_matrix.add_text(desk, session, paper, body, inbox_text(file))
        inbox().file(file, "filed")
        return told

    return await follow_up(edition, answer(work), today)
