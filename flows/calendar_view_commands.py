"""`roundtable calendar` and `roundtable compliance`: what the calendar shows. They parse, call the tasks, print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from flows.calendar_commands import EditionOption, Rehearsal, chosen
from tasks.domain.errors import Invalid

if TYPE_CHECKING:
    from tasks.domain.edition import Edition

Word = Annotated[Path | None, typer.Option("--word", help="Write it as a Word document to this file.", dir_okay=False)]
Picture = Annotated[Path | None, typer.Option("--picture", help="Write its picture to this PNG file.", dir_okay=False)]
_STATES = {"late": "red", "open": "bold", "met": "green"}


def show_calendar(
    context: typer.Context,
    edition: EditionOption = None,
    session: Annotated[str | None, typer.Option("--session", help="Only one session's deadlines.")] = None,
    body: Annotated[str | None, typer.Option("--body", help="Only what one body owes, on its own days.")] = None,
    word: Word = None,
    picture: Picture = None,
    feeds: Annotated[bool, typer.Option("--feeds", help="Bring the .ics feeds up to date and say where.")] = False,
    language: Annotated[str | None, typer.Option("--language", help="The language of document and picture.")] = None,
    rehearsal: Rehearsal = False,
) -> None:
    """Show the plan of deadlines, one session's or one body's; move a meeting or grant more time with the commands.

    Slack is in working days, the critical path is marked. The Word schedule is kept in the ledger, too.

    Examples: `roundtable calendar` · `roundtable calendar --session 1.1 --word schedule.docx --picture plan.png` ·
    `roundtable calendar --body some-body` · `roundtable calendar --feeds`
    """
    if context.invoked_subcommand is not None:
        return
    from flows import cli
    from flows.calendar_view import calendar_rows
    from tasks import calendar_view

    if body is not None and (word or picture):
        raise Invalid(f"{body}: a schedule is of all sessions or of one; leave --body out, or take --session")
    desk = cli.looking_desk(chosen(edition, rehearsal))
    tongue = _language(desk.edition, language)
    rows = calendar_rows(desk, session=session, body=body)
    table = Table(title=f"{desk.edition.id}: {len(rows)} deadlines on {desk.today:%-d %B %Y}")
    for name in ("key", "due", "who moves", "state", "first planned", "why that day", "slack"):
        table.add_column(name, justify="right" if name == "slack" else "left", no_wrap=name == "key")
    for row in rows:
        cells = [row["key"], row["due"], row["who moves"], row["state"], row["first planned"], row["why that day"]]
        slack = f"{row['slack']} *" if row["critical"] else row["slack"]
        table.add_row(*cells, slack, style=_STATES.get(row["state"].partition(",")[0], ""))
    cli.out.print(table)
    if any(row["critical"] for row in rows):
        cli.out.print("* on the critical path: a day lost there is lost for the paper")
    if word:
        document, is_new = calendar_view.keep_schedule(desk, tongue, session)
        _write(word, desk.store.get(document.sha256))
        cli.out.print(f"{word}: version {document.number}, {'made now' if is_new else 'nothing new since it was made'}")
    if picture:
        _write(picture, calendar_view.draw_picture(desk, tongue, session))
        cli.out.print(f"{picture}: the plan as a picture")
    if feeds:
        changed = calendar_view.write_feeds(desk)
        cli.out.print(f"{desk.store.home / 'feeds' / desk.edition.id}: {len(changed)} feeds have changed")


def show_compliance(
    edition: EditionOption = None,
    per: Annotated[
        str, typer.Option("--per", help="Which table: session, stage, body or language; and of what the picture is.")
    ] = "",
    word: Word = None,
    picture: Picture = None,
    rehearsal: Rehearsal = False,
) -> None:
    """Show what was handed in and issued on time, against both plans, and whose delay the rest is, in working days.

    Examples: `roundtable compliance` · `roundtable compliance --per body --word report.docx --picture chart.png`
    """
    from flows import cli
    from flows.calendar_view import compliance_cells
    from tasks import compliance

    desk = cli.looking_desk(chosen(edition, rehearsal))
    found = compliance.assess(desk)
    if per and per not in found.sections:
        raise Invalid(f"{per!r} is not possible here; write {', '.join(found.sections)}")
    for name, lines in found.sections.items():
        if lines and per in ("", name):
            columns = list(compliance_cells(lines[0]))[1:]
            table = Table(name, title=f"{desk.edition.id}: by {name}, until {desk.today:%-d %B %Y}")
            for column in columns:
                table.add_column(column, justify="right")
            for line in lines:
                table.add_row(*compliance_cells(line).values())
            cli.out.print(table)
    table = Table("whose delay", "times", "working days", "longest")
    for late in found.lateness:
        table.add_row(late.party, f"{len(late.days)}", f"{sum(late.days)}", f"{max(late.days)}")
    cli.out.print(table if found.lateness else "nothing has come late")
    if word:
        document, is_new = compliance.keep_report(desk)
        _write(word, desk.store.get(document.sha256))
        cli.out.print(f"{word}: version {document.number}, {'made now' if is_new else 'nothing new since it was made'}")
    if picture:
        (drawn,) = [name for name in found.sections if name == (per or "stage")]
        _write(picture, compliance.draw_picture(desk, drawn))
        cli.out.print(f"{picture}: the report as a picture")


def _language(edition: Edition, id: str | None) -> str:
    if id is not None and not edition.has("languages", id):
        known = ", ".join(language.id for language in edition.languages)
        raise Invalid(f"{id}: is no language of {edition.id}; there are {known}")
    return id or edition.drafting_language.id


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise Invalid(f"{path}: can't be written ({error.strerror}); name a file in a folder that is there") from error
