"""`roundtable comments ...`: the comments of a round. The commands parse, call the flows, print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from tasks.domain.errors import Invalid

comments_app = typer.Typer(help="The comments on a draft: see them, decide on them, add some.", no_args_is_help=True)

Edition = Annotated[str, typer.Argument(help="The edition: its folder's name under config/editions.")]
Paper = Annotated[str, typer.Argument(help="The paper, such as 1.1.")]
By = Annotated[str, typer.Option("--by", help="Your name; it is kept with what you do.")]
Round = Annotated[int | None, typer.Option("--round", help="The comment round; without it the newest.")]
Rehearsal = Annotated[bool, typer.Option("--rehearsal", help="In the edition's rehearsal.")]


@comments_app.command("show")
def comments_show(
    edition: Edition,
    paper: Paper,
    round: Round = None,
    undecided: Annotated[bool, typer.Option("--undecided", help="Only what is to be decided.")] = False,
    rehearsal: Rehearsal = False,
) -> None:
    """Show the comments of a round with the decisions on them; +put in+, ~taken out~.

    Example: `roundtable comments show my-forum 1.1 --undecided`
    """
    from flows import cli
    from tasks.comment_matrix import matrix_of, table_rows

    desk = cli.looking_desk(edition, rehearsal)
    matrix = matrix_of(desk, paper, round)
    left = {row.id for row in matrix.undecided}
    rows = table_rows(desk, matrix, desk.edition.drafting_language.id)
    title = f"{paper}: comments on draft {matrix.round}, {len(left)} of {len(matrix.rows)} to decide"
    table = Table(*(rows[0] if rows else ["comments"]), title=title, show_lines=True)
    for row, cells in zip(matrix.rows, rows, strict=True):
        if not undecided or row.id in left:
            table.add_row(*cells.values())
    cli.out.print(table)
    for name, reason in matrix.unread:
        cli.out.print(f"could not be read: {name}: {reason}", soft_wrap=True)


@comments_app.command("decide")
def comments_decide(
    edition: Edition,
    paper: Paper,
    decision: Annotated[str, typer.Argument(help="accepted, accepted-with-changes, partly, not-accepted or noted.")],
    by: By,
    comments: Annotated[list[str] | None, typer.Argument(help="The comments by key, as `show` has them.")] = None,
    rest: Annotated[bool, typer.Option("--rest", help="Every comment that is not decided yet.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why; the body will read it.")] = "",
    round: Round = None,
    rehearsal: Rehearsal = False,
) -> None:
    """Record the team's decision on comments. When all are decided, each body gets its reply as a draft.

    Examples: `roundtable comments decide my-forum 1.1 accepted 014·3fa1b2c4 --by "A. Person"` ·
    `roundtable comments decide my-forum 1.1 noted --rest --by "A. Person"`
    """
    from flows import cli
    from flows.comments import decide_comments
    from tasks.domain.comment_matrix import Disposition

    answer = cli.one_of(decision, *Disposition)
    if rehearsal:
        cli.enter_rehearsal(edition)
    cli.run_flow(
        decide_comments, edition=edition, paper=paper, decision=answer, by=by, comments=comments or [], rest=rest,
        reason=reason, round=round,
    )  # fmt: skip


@comments_app.command("add")
def comments_add(
    edition: Edition,
    paper: Paper,
    body: Annotated[str, typer.Argument(help="The body that made the comments.")],
    file: Annotated[Path, typer.Argument(help="A text file with the comments.", exists=True, dir_okay=False)],
    by: By,
    rehearsal: Rehearsal = False,
) -> None:
    """Register comments that came as text, such as "Para 14: ...", with the round of the paper.

    Example: `roundtable comments add my-forum 1.1 some-body mail.txt --by "A. Person"`
    """
    from flows import cli, office
    from flows.comments import add_comments

    if rehearsal:
        cli.enter_rehearsal(edition)
    if file.suffix.lower() != ".txt":
        raise Invalid(f"{file.name}: comments are added from a text file (.txt); a Word file is received")
    office.inbox().drop(file.name, file.read_bytes())
    cli.run_flow(add_comments, edition=edition, paper=paper, body=body, file=file.name, by=by)
