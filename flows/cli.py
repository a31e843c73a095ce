"""The `roundtable` command: parses, calls the flows, prints. No logic of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, NoReturn
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Column, Table

from config import settings as configuration
from flows.calendar_commands import calendar_app
from flows.calendar_view_commands import show_calendar, show_compliance
from flows.comments_commands import comments_app
from flows.document_commands import documents
from flows.forecast_commands import forecast
from flows.glossary_commands import glossary_app
from flows.google_commands import google_app
from flows.mailroom_commands import mailroom_app
from flows.memory_commands import memory_app
from flows.outbox_commands import outbox_app
from flows.rehearsal_commands import rehearse
from flows.translation_commands import translation_app
from tasks.domain.errors import Refusal, RoundtableError

app = typer.Typer(
    name="roundtable",
    help="Prepare the sessions of an intergovernmental forum, from concept note to rapporteur report.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
decide_app = typer.Typer(help="Record what people decided.", no_args_is_help=True)
edition_app = typer.Typer(help="See and apply changes of a running edition's configuration.", no_args_is_help=True)
app.add_typer(decide_app, name="decide")
app.add_typer(edition_app, name="edition")
app.add_typer(comments_app, name="comments")
app.add_typer(translation_app, name="translation")
app.add_typer(memory_app, name="memory")
app.add_typer(glossary_app, name="glossary")
app.add_typer(outbox_app, name="outbox")
app.add_typer(mailroom_app, name="mailroom")
app.add_typer(calendar_app, name="calendar")
calendar_app.callback(invoke_without_command=True)(show_calendar)
app.command("compliance")(show_compliance)
app.command("forecast")(forecast)
app.command("documents")(documents)
app.command("rehearse")(rehearse)
app.add_typer(google_app, name="google")
# What is printed is what people wrote: `[ghana]` is no markup, and `:100:`, the line of a mistake, no picture. A pipe
# or a log has no width of its own; tables need some.
out = Console(markup=False, emoji=False, highlight=False, width=None if sys.stdout.isatty() else 140)

Edition = Annotated[str, typer.Argument(help="The edition: its folder's name under config/editions.")]
By = Annotated[str, typer.Option("--by", help="Your name; it is kept with what you do.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; the person concerned may read it.")]


def main() -> None:
    """Entry point: people's mistakes end with one message, never with a traceback."""
    _own_prefect()
    # Asked to end, end as after Ctrl-C: servers and workers that were started here are stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        app()
    except RoundtableError as error:
        _fail(str(error))


def _fail(message: str) -> NoReturn:
    out.print(message, style="red", soft_wrap=True)
    raise SystemExit(1)


def _own_prefect() -> None:
    """Point Prefect at this installation's own home and, where `roundtable up` runs, at its server."""
    from flows.server import is_ready, quiet

    settings = configuration.load()
    if "PREFECT_API_URL" in os.environ:
        return
    values = quiet(os.environ, settings.api_port, settings.prefect_home)
    if not is_ready(values["PREFECT_API_URL"]):
        del values["PREFECT_API_URL"]  # without a server Prefect starts one for this command
        values["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"] = "120"
    os.environ.update(values)


def run_flow(flow: Callable[..., Awaitable[Any]], **parameters: Any) -> None:
    """Run a flow here and print how it ended; a refusal ends the command with 1."""
    state = asyncio.run(_await(flow(**parameters, return_state=True)))
    message = state.message or state.name
    if state.name == "Refused" or state.is_failed():
        _fail(message)
    out.print(message, soft_wrap=True)


async def _await(run: Awaitable[Any]) -> Any:
    return await run


@app.command()
def check(edition: Edition) -> None:
    """Check the configuration of an edition and tell every mistake at once.

    Example: `roundtable check my-forum`
    """
    from tasks.adapters import edition_folder
    from tasks.domain.calendar import deadlines

    settings = configuration.load()
    found = edition_folder.check(settings.editions, edition, settings.templates).edition
    out.print(
        f"{edition}: no mistakes. {len(found.sessions)} sessions, {sum(len(s.papers) for s in found.sessions)} papers, "
        f"{sum(len(s.seats) for s in found.sessions)} seats, {len(found.bodies)} bodies, {len(found.people)} people, "
        f"{len(found.languages)} languages."
    )
    table = Table("milestone", "rule", "due", "who moves", title="Deadlines")
    days = deadlines(found)
    # A milestone that no session goes through has no day.
    for milestone in sorted((m for m in found.milestones if m.id in days), key=lambda m: days[m.id]):
        table.add_row(milestone.id, milestone.rule, f"{days[milestone.id]:%a %-d %B %Y}", milestone.mover)
    out.print(table)


@app.command()
def start(edition: Edition, by: By) -> None:
    """Start an edition: its configuration is recorded in the ledger, which wins from then on.

    Example: `roundtable start my-forum --by "A. Person"`
    """
    from flows.edition import start_edition

    run_flow(start_edition, edition=edition, by=by)


@app.command()
def status(
    edition: Edition,
    session: Annotated[str | None, typer.Argument(help="One session; without it, the board of all.")] = None,
    by: Annotated[str, typer.Option("--by", help="Your name: of documents, those you may see are listed.")] = "",
    rehearsal: Annotated[bool, typer.Option("--rehearsal", help="Look at the edition's rehearsal.")] = False,
) -> None:
    """Show who waits for whom until when: the board, or one session with its timeline and documents.

    Examples: `roundtable status my-forum` · `roundtable status my-forum 1.1`
    """
    from rich.markdown import Markdown

    from flows.board import board_rows, session_markdown
    from flows.decisions import find_session

    desk = looking_desk(edition, rehearsal)
    if session:
        out.print(Markdown(session_markdown(desk, find_session(desk, session), by)))
        return
    rows = board_rows(desk)
    stages = [name for name in rows[0] if name not in ("next", "until", "days left", "who moves")]
    table = Table(*stages, "whose move it is", title=f"{edition} on {desk.today:%-d %B %Y}")
    for row in rows:
        move = (
            f"{row['who moves']}: {row['next']}, until {row['until']} ({row['days left']})"
            if row["until"]
            else row["next"]
        )
        table.add_row(*(row[name] for name in stages), move)
    out.print(table)


def looking_desk(edition: str, rehearsal: bool = False) -> Any:
    """A desk to look at things; in a rehearsal on the day where its clock stands."""
    from flows import office
    from flows.office import last_simulated_day

    if rehearsal:
        enter_rehearsal(edition)
    today = last_simulated_day(edition) if configuration.load().rehearsal else None
    return office.desk_for(edition, today=today, run="looking")


def enter_rehearsal(edition: str) -> None:
    """From here on this process works in the home of an edition's rehearsal."""
    os.environ.update(configuration.environment_for(configuration.load(edition), edition))


@app.command()
def sweep(edition: Annotated[str | None, typer.Argument(help="One edition; without it, all.")] = None) -> None:
    """Do today what the daily sweep does: file what came in, advance every team.

    Example: `roundtable sweep`
    """
    from flows.deadlines import daily_sweep

    run_flow(daily_sweep, edition=edition)


@app.command()
def receive(
    edition: Edition,
    files: Annotated[list[Path], typer.Argument(help="Word files, under any name.", exists=True, dir_okay=False)],
    by: By,
) -> None:
    """Take files into the inbox and hand each to its stage, whatever its name.

    Example: `roundtable receive my-forum "FINAL note (2).docx" --by "A. Person"`
    """
    from flows.mailroom import receive_documents
    from flows.office import inbox

    failed = False
    for file in files:
        inbox().drop(file.name, file.read_bytes())
        try:
            run_flow(receive_documents, edition=edition, name=file.name, by=by)
        except SystemExit:
            failed = True  # one bad file never stops the others
    raise SystemExit(int(failed))


@decide_app.command("note")
def decide_note(
    edition: Edition,
    session: Annotated[str, typer.Argument(help="The session.")],
    decision: Annotated[str, typer.Argument(help="accept or return.")],
    by: By,
    reason: Reason = "",
) -> None:
    """Accept a concept note, or return it with a reason.

    Example: `roundtable decide note my-forum 1.1 accept --by "A. Person"`
    """
    from flows.decisions import decide_note as flow

    run_flow(
        flow, edition=edition, session=session, decision=one_of(decision, "accept", "return"), by=by, reason=reason
    )


@decide_app.command("outcome")
def decide_outcome(
    edition: Edition,
    session: Annotated[str, typer.Argument(help="The session whose note was tabled.")],
    outcome: Annotated[str, typer.Argument(help="One of the edition's outcomes.")],
    by: By,
    joined: Annotated[
        list[str] | None, typer.Option("--joined", help="A body that joined the team; may be repeated.")
    ] = None,
    reason: Reason = "",
) -> None:
    """Record what the meeting did with a concept note, and who joined the team.

    Example: `roundtable decide outcome my-forum 1.1 supported --joined some-body --by "A. Person"`
    """
    from flows.decisions import record_outcome as flow

    run_flow(flow, edition=edition, session=session, outcome=outcome, by=by, joined=joined or [], reason=reason)


@decide_app.command("paper")
def decide_paper(
    edition: Edition,
    paper: Annotated[str, typer.Argument(help="The paper, such as 1.1 or 1.4-a.")],
    decision: Annotated[str, typer.Argument(help="freeze or return.")],
    by: By,
    reason: Reason = "",
) -> None:
    """Freeze the final text of a background paper, or return it with a reason.

    Example: `roundtable decide paper my-forum 1.4-a freeze --by "A. Person"`
    """
    from flows.decisions import decide_paper as flow

    run_flow(flow, edition=edition, paper=paper, decision=one_of(decision, "freeze", "return"), by=by, reason=reason)


@decide_app.command("nil")
def decide_nil(
    edition: Edition,
    paper: Annotated[str, typer.Argument(help="The paper whose draft is circulating.")],
    body: Annotated[str, typer.Argument(help="The body that has no comments.")],
    by: By,
    reason: Reason = "",
) -> None:
    """Record that a partner has no comments on the draft that is circulating.

    Example: `roundtable decide nil my-forum 1.1 some-body --by "A. Person"`
    """
    from flows.decisions import record_nil_return as flow

    run_flow(flow, edition=edition, paper=paper, body=body, by=by, reason=reason)


@decide_app.command("report")
def decide_report(
    edition: Edition,
    session: Annotated[str, typer.Argument(help="The session.")],
    decision: Annotated[str, typer.Argument(help="accept or return.")],
    by: By,
    cleared: Annotated[bool, typer.Option("--cleared", help="Each flagged sentence is a matter of record.")] = False,
    summary: Annotated[bool, typer.Option("--summary", help="The summary is meant, not the report.")] = False,
    reason: Reason = "",
) -> None:
    """Accept a rapporteur report or a summary that is held, or return it with a reason.

    Example: `roundtable decide report my-forum 1.1 accept --cleared --by "A. Person"`
    """
    from flows.decisions import decide_report as flow

    answer, document = one_of(decision, "accept", "return"), "summary" if summary else "report"
    run_flow(
        flow, edition=edition, session=session, decision=answer, by=by, cleared=cleared, reason=reason,
        document=document,
    )  # fmt: skip


@decide_app.command("correct")
def decide_correct(
    edition: Edition,
    key: Annotated[str, typer.Argument(help="The decision's key, as `roundtable history` shows it.")],
    to: Annotated[str, typer.Argument(help="The right answer.")],
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="Why the first answer was wrong.")],
    replacement: Annotated[str | None, typer.Option("--replacement", help="Who is asked next, for a seat.")] = None,
    joined: Annotated[list[str] | None, typer.Option("--joined", help="Who joined the team, for an outcome.")] = None,
    cleared: Annotated[bool, typer.Option("--cleared", help="Flagged sentences are matters of record.")] = False,
) -> None:
    """Correct a wrong decision. What followed from it is taken back, listed, and done again.

    Example: `roundtable decide correct my-forum note/1.1/1 return --reason "Wrong file." --by "A. Person"`
    """
    from flows.decisions import correct_decision as flow

    run_flow(
        flow, edition=edition, key=key, to=to, reason=reason, by=by, replacement=replacement, joined=joined or [],
        cleared=cleared,
    )  # fmt: skip


@app.command()
def panel(
    edition: Edition,
    seat: Annotated[str, typer.Argument(help="The seat.")],
    reply: Annotated[str, typer.Argument(help="confirmed, declined, withdrawn or nominated.")],
    by: By,
    replacement: Annotated[str | None, typer.Option("--replacement", help="Who is asked next.")] = None,
    reason: Reason = "",
) -> None:
    """Record a panellist's answer, or name a candidate for a seat.

    Example: `roundtable panel my-forum 1.1-chair confirmed --by "A. Person"`
    """
    from flows.decisions import record_answer as flow

    answer = one_of(reply, "confirmed", "declined", "withdrawn", "nominated")
    run_flow(flow, edition=edition, seat=seat, reply=answer, by=by, replacement=replacement, reason=reason)


@app.command()
def history(
    edition: Edition,
    decisions: Annotated[bool, typer.Option("--decisions", help="Only what people decided, with each key.")] = False,
    rehearsal: Annotated[bool, typer.Option("--rehearsal", help="Look at the edition's rehearsal.")] = False,
    last: Annotated[int, typer.Option("--last", help="How many lines.")] = 40,
    full: Annotated[bool, typer.Option("--full", help="Every value and the id of every run in full.")] = False,
) -> None:
    """Show what changed, when (in the edition's time zone), by whom, why, and in which run of Prefect's.

    Examples: `roundtable history my-forum --decisions` · `roundtable history my-forum --last 3 --full`
    """
    desk = looking_desk(edition, rehearsal)
    zone, characters = ZoneInfo(desk.edition.time_zone), None if full else _SHORT_ID
    if decisions:
        key = Column("key", no_wrap=True)  # to be copied: corrections name it
        table = Table(key, "answer", "by", "at", "run", "reason", title=f"{edition}: decisions")
        for row in desk.ledger.decisions(edition)[-last:]:
            answer = ", ".join(f"{name}: {value}" for name, value in row.answer.items())
            answer += "" if row.current else " (corrected)"
            at = f"{row.decided_at.astimezone(zone):{_MOMENT}}"
            table.add_row(row.key, answer, row.decided_by, at, row.run[:characters], row.reason or "")
    else:
        table = Table("at", "what", "change", "by", "run", "why", title=f"{edition}: history")
        for line in desk.ledger.history(edition)[-last:]:
            at, what = f"{line.at.astimezone(zone):{_MOMENT}}", f"{line.kind} {line.key}"
            table.add_row(at, what, _changes(line.change, full), line.by, line.run[:characters], line.why)
    out.print(table)


#: A moment to the minute, with its zone: an hour comes twice when the clocks go back.
_MOMENT = "%-d %B %Y %H:%M %Z"
#: Unless all is asked for: so many characters of a run's id, which tell it apart, and of each value.
_SHORT_ID, _SHORT_VALUE = 8, 40


@edition_app.command("diff")
def edition_diff(edition: Edition) -> None:
    """Show what the edited configuration would change, before `apply` does it.

    Example: `roundtable edition diff my-forum`
    """
    from flows.office import open_ledger, running
    from tasks.adapters.edition_files import load
    from tasks.domain.edition_edits import differences, shown

    settings = configuration.load()
    row = running(open_ledger(settings), edition)
    loaded = load(settings.editions, edition, overlay=settings.rehearsal)
    changed = list(differences(row.config, loaded.config))
    table = Table("place", "in force", "edited", title=f"{edition}: {len(changed)} differences")
    for place, old, new in changed:
        table.add_row(place, shown(old, 70), shown(new, 70))
    out.print(table if changed else f"{edition}: the folder says what is in force; nothing to apply")
    if changed:
        _print_what_follows(edition, loaded)


def _print_what_follows(edition: str, loaded: Any) -> None:
    """What an edited folder does to the deadlines, as moving a meeting shows it."""
    from flows.calendar import summary, tables
    from tasks import meetings

    desk = looking_desk(edition)
    found = meetings.follow_edit(desk, loaded.edition)
    if found.is_nothing:
        return
    for title, columns, rows in tables(desk, found):
        follows = Table(*columns, title=title)
        for row in rows:
            follows.add_row(*row)
        out.print(follows)
    out.print(summary(found), soft_wrap=True)


@edition_app.command("apply")
def edition_apply(edition: Edition, by: By) -> None:
    """Put the edited configuration in force, with history.

    Example: `roundtable edition apply my-forum --by "A. Person"`
    """
    from flows.edition import change_edition

    run_flow(change_edition, edition=edition, by=by)


@app.command()
def up(
    rehearsal: Annotated[str | None, typer.Option("--rehearsal", help="Open the UI on an edition's rehearsal.")] = None,
) -> None:
    """Start Prefect's server, a worker and all deployments, and print the address of the UI. Stop it with Ctrl-C.

    Examples: `roundtable up` · `roundtable up --rehearsal my-forum`
    """
    from flows.up import run

    os.environ.pop("PREFECT_API_URL", None)
    run(rehearsal, lambda line: out.print(line, soft_wrap=True))


def one_of(value: str, *allowed: str) -> str:
    """`value`, where it is one of those allowed.

    Raises:
        Refusal: it is not; the message has them all.
    """
    if value not in allowed:
        raise Refusal(f"{value!r} is not possible here; write {' or '.join(allowed)}")
    return value


def _changes(change: Mapping[str, Any], full: bool) -> str:
    """A line of the history in words, each value cut unless asked for in `full`: `field: old → new`."""
    from tasks.domain.edition_edits import shown

    def said(value: object) -> str:
        return shown(value, None if full else _SHORT_VALUE)

    return "; ".join(
        f"{name}: {said(value[0])} → {said(value[1])}"
        if isinstance(value, list) and len(value) == 2
        else f"{name}: {said(value)}"
        for name, value in change.items()
    )
