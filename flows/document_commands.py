"""`roundtable documents`: what there is, who it is for, and copies for whoever may have them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table


def documents(
    edition: Annotated[str, typer.Argument(help="The edition: its folder's name under config/editions.")],
    session: Annotated[str | None, typer.Argument(help="Only the documents of one session.")] = None,
    by: Annotated[str, typer.Option("--by", help="Your name: only what you may see is listed and copied.")] = "",
    public: Annotated[bool, typer.Option("--public", help="Only what is for everybody.")] = False,
    to: Annotated[
        Path | None, typer.Option("--to", help="Copy what is listed to this folder.", file_okay=False)
    ] = None,
    rehearsal: Annotated[bool, typer.Option("--rehearsal", help="Look at the edition's rehearsal.")] = False,
) -> None:
    """List the documents, each with whom it is for: the Friends of the Forum (fof) or everybody (public).

    Examples: `roundtable documents my-forum 1.1 --by "A. Person"` · `roundtable documents my-forum --public --to site`
    """
    from flows import cli
    from flows.decisions import find_session
    from tasks.documents import hand_out, seen_by

    desk = cli.looking_desk(edition, rehearsal)
    seen, others = seen_by(desk, by, find_session(desk, session).id if session else None)
    if public:
        seen = [each for each in seen if each.protection == "public"]
    table = Table("document", "version", "language", "made", "status", "for", title=f"{edition}: {len(seen)} documents")
    for each in seen:
        row = each.row
        table.add_row(row.name, str(row.number), row.language, f"{row.made_at:%-d %B %Y}", row.status, each.protection)
    cli.out.print(table)
    if others:
        cli.out.print(f"{others} more are not {by}'s to see")
    if to:
        cli.out.print(f"{hand_out(desk, seen, to)} copied to {to}", soft_wrap=True)
