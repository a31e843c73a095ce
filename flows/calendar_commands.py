"""`roundtable calendar ...`: the commands that change the calendar. They parse, call the flows, print."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table

from tasks.domain.errors import Invalid

calendar_app = typer.Typer()

EditionOption = Annotated[
    str | None, typer.Option("--edition", help="The edition; not needed where only one is running.")
]
Rehearsal = Annotated[bool, typer.Option("--rehearsal", help="Look at the edition's rehearsal.")]
By = Annotated[str, typer.Option("--by", help="Your name; it is kept with what you do.")]


def chosen(edition: str | None, rehearsal: bool) -> str:
    """The edition a command means, its rehearsal's home entered where that is asked for."""
    from flows import cli
    from flows.calendar import the_edition
    from flows.office import open_ledger

    if rehearsal:
        if not edition:
            raise Invalid("say which edition's rehearsal is meant with --edition")
        cli.enter_rehearsal(edition)
    return the_edition(edition, open_ledger().editions())


@calendar_app.command("move")
def calendar_move(
    event: Annotated[str, typer.Argument(help="The meeting or other dated event, such as fof-3.")],
    date: Annotated[str, typer.Argument(help="Its new first day, such as 2007-06-15.")],
    edition: EditionOption = None,
    also: Annotated[
        list[str] | None, typer.Option("--also", help="Another event that moves with it, as EVENT=DATE; repeatable.")
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Do it; without this nothing is changed.")] = False,
    by: Annotated[str, typer.Option("--by", help="Your name; needed with --apply.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why it moves; everybody concerned may read it.")] = "",
    rehearsal: Rehearsal = False,
) -> None:
    """Show everything that follows if a meeting moves; with --apply, do it in one transaction. Moving back undoes it.

    Examples: `roundtable calendar move fof-3 2007-06-15` ·
    `roundtable calendar move fof-3 2007-06-15 --apply --by "A. Person" --reason "The hall is taken."`
    """
    from flows import cli
    from flows.calendar import move_meeting, summary, tables
    from flows.decisions import calendar_day
    from tasks import meetings

    name, new = chosen(edition, rehearsal), calendar_day(date)
    others = {}
    for pair in also or []:
        id, _, text = pair.partition("=")
        others[id] = calendar_day(text)
    if apply:
        cli.run_flow(
            move_meeting, edition=name, event=event, date=new, by=by, apply=True, reason=reason, also=others or None
        )
        return
    desk = cli.looking_desk(name)
    found = meetings.preview(desk, {event: new, **others})
    if found.is_nothing:
        cli.out.print(f"{event}: is on {new:%-d %B %Y} already; nothing would change")
        return
    for title, columns, rows in tables(desk, found):
        table = Table(*columns, title=title, title_justify="left")
        for row in rows:
            table.add_row(*row)
        cli.out.print(table)
    cli.out.print(summary(found), soft_wrap=True)
    cli.out.print("This is a preview; nothing was changed. Do it with --apply --by NAME.")


@calendar_app.command("extend")
def calendar_extend(
    milestone: Annotated[str, typer.Argument(help="The deadline's key, such as 1.1/comments-1.")],
    party: Annotated[str, typer.Argument(help="The body or person who gets more time.")],
    until: Annotated[str, typer.Argument(help="The new last day, such as 2007-05-18.")],
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept with the extension.")],
    edition: EditionOption = None,
) -> None:
    """Give one party more time: no reminder and no lateness before the new day, for this party only.

    Example: `roundtable calendar extend 1.1/comments-1 some-body 2007-05-18 --reason "Elections." --by "A. Person"`
    """
    from flows import cli
    from flows.calendar import grant_extension
    from flows.decisions import calendar_day

    cli.run_flow(
        grant_extension, edition=chosen(edition, False), milestone=milestone, party=party, until=calendar_day(until),
        reason=reason, by=by,
    )  # fmt: skip


@calendar_app.command("calls")
def calendar_calls(edition: EditionOption = None, rehearsal: Rehearsal = False) -> None:
    """List the bodies that e-mail does not reach and somebody has to call, or ask through an embassy.

    Example: `roundtable calendar calls`
    """
    from flows import cli
    from tasks.deadlines import open_calls

    desk: Any = cli.looking_desk(chosen(edition, rehearsal))
    calls = open_calls(desk)
    table = Table("call", "who", "about", "since", title=f"{desk.edition.id}: {len(calls)} calls to make")
    for call in calls:
        about = ", ".join(call.facts["asks"])
        table.add_row(call.key, call.facts["party"], about, f"{call.changed_at:%-d %B %Y}")
    cli.out.print(table if calls else "no call is to be made")


@calendar_app.command("called")
def calendar_called(
    call: Annotated[str, typer.Argument(help="The call's key, as `roundtable calendar calls` lists it.")],
    by: By,
    note: Annotated[str, typer.Option("--note", help="Who was spoken to, and what came of it.")],
    edition: EditionOption = None,
) -> None:
    """Record that a call was made.

    Example: `roundtable calendar called "1.1/draft-1|some-body|2007-04-27|before-3" --note "They send it." --by A`
    """
    from flows import cli
    from flows.calendar import record_call

    cli.run_flow(record_call, edition=chosen(edition, False), call=call, note=note, by=by)
