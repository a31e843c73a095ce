"""`roundtable forecast`: parses, asks the flow's functions, prints."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from flows.calendar_commands import EditionOption, Rehearsal, chosen

_Words = list[str] | None


def forecast(
    edition: EditionOption = None,
    move: Annotated[
        _Words, typer.Option("--move", help="What if an event were on another day, as EVENT=DATE; repeatable.")
    ] = None,
    translators: Annotated[
        _Words, typer.Option("--translators", help="What if so many translated, as LANGUAGE=NUMBER; repeatable.")
    ] = None,
    earlier: Annotated[
        _Words, typer.Option("--earlier", help="What if it came working days earlier, as 1.1/draft-2=5; repeatable.")
    ] = None,
    seasons: Annotated[int, typer.Option("--seasons", help="How many seasons are simulated.", min=1)] = 10_000,
    seed: Annotated[
        int, typer.Option("--seed", help="Where the random numbers begin; the same, the same forecast.", min=0)
    ] = 1,
    picture: Annotated[Path | None, typer.Option("--picture", help="Write the chart to this PNG file.")] = None,
    word: Annotated[Path | None, typer.Option("--word", help="Write a Word document to this file.")] = None,
    language: Annotated[
        str | None, typer.Option("--language", help="The language of chart and document; else that of the drafts.")
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the Word document in the ledger; needs --by.")] = False,
    by: Annotated[str, typer.Option("--by", help="Your name; needed with --keep.")] = "",
    calibrate: Annotated[
        int | None,
        typer.Option("--calibrate", help="Instead, tell how often it is right on so many made-up histories.", min=1),
    ] = None,
    rehearsal: Rehearsal = False,
) -> None:
    """Forecast which papers are issued in time in which language, and what holds them up most.

    Examples: `roundtable forecast` · `roundtable forecast --move fof-3=2007-06-15 --translators fr=2` ·
    `roundtable forecast --earlier 1.1/draft-2=5 --word forecast.docx` · `roundtable forecast --calibrate 200`
    """
    from flows import cli
    from flows import forecast as flow
    from tasks import forecast as tasks

    what_if = flow.read_what_if(move or [], translators or [], earlier or [])
    name = chosen(edition, rehearsal)
    desk = cli.looking_desk(name)
    if calibrate:
        lines = flow.calibration(desk, what_if, histories=calibrate, seed=seed)
        cli.out.print("\n".join(lines))
        return
    wanted = flow.language_of(desk, language)
    outlook = flow.look_ahead(desk, what_if, seasons=seasons, seed=seed)
    rows = flow.rows(desk, outlook)
    table = Table(*rows[0], title=flow.summary(desk, outlook), title_justify="left")
    for row in rows:
        table.add_row(*row.values())
    cli.out.print(table)
    for line in (*flow.hold_ups(desk, outlook), *flow.what_ifs(desk, outlook)):
        cli.out.print(line, soft_wrap=True)
    if picture:
        picture.write_bytes(tasks.picture(desk, outlook, wanted))
    if word:
        word.write_bytes(tasks.write(desk, tasks.forecast_document(desk, outlook, wanted), wanted))
    if keep:
        cli.run_flow(
            flow.forecast_edition, edition=name, moves=dict(what_if.moves), translators=dict(what_if.translators),
            earlier=dict(what_if.earlier), seasons=seasons, seed=seed, keep=True, language=wanted, by=by,
        )  # fmt: skip
