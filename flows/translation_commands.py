"""`roundtable translation ...`: what the checks found in a translation. The commands parse, call the flows, print."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

translation_app = typer.Typer(help="The checks of a translation: see and waive what they found.", no_args_is_help=True)

Edition = Annotated[str, typer.Argument(help="The edition: its folder's name under config/editions.")]
Key = Annotated[str, typer.Argument(help="The translation: the paper and the language, such as 1.1:fr.")]
Rehearsal = Annotated[bool, typer.Option("--rehearsal", help="In the edition's rehearsal.")]


@translation_app.command("show")
def translation_show(edition: Edition, key: Key, rehearsal: Rehearsal = False) -> None:
    """Show what the checks found in the file that came back last.

    Example: `roundtable translation show my-forum 1.1:fr`
    """
    from flows import cli
    from tasks.translation import checked_file, finding_rows

    desk = cli.looking_desk(edition, rehearsal)
    checked = checked_file(desk, key)
    rows = finding_rows(desk, checked, desk.edition.drafting_language.id)
    if rows:
        table = Table(*rows[0], show_lines=True)
        for row in rows:
            table.add_row(*row.values())
        cli.out.print(table)
    cli.out.print(
        f"{key}: {checked.translated:,} of {len(checked.segments):,} rows translated, "
        f"{len(checked.findings):,} findings, {len(checked.blocking):,} to mend or waive",
        markup=False,
    )


@translation_app.command("waive")
def translation_waive(
    edition: Edition,
    key: Key,
    findings: Annotated[list[int], typer.Argument(help="The numbers of the findings, as `show` has them.")],
    reason: Annotated[str, typer.Option("--reason", help="Why they may stand; it is kept.")],
    by: Annotated[str, typer.Option("--by", help="Your name; it is kept with what you do.")],
    rehearsal: Rehearsal = False,
) -> None:
    """Let findings stand. With the last one that holds the paper up it is issued in its language.

    Example: `roundtable translation waive my-forum 1.1:fr 3 5 --reason "quoted as spoken" --by "A. Person"`
    """
    from flows import cli
    from flows.translations import waive_findings

    if rehearsal:
        cli.enter_rehearsal(edition)
    cli.run_flow(waive_findings, edition=edition, key=key, findings=findings, reason=reason, by=by)
