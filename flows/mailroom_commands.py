"""`roundtable mailroom ...`: the tray of what came in and nobody knows yet. Commands parse, call the flows, print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from tasks.domain.errors import Unknown

mailroom_app = typer.Typer(help="The tray: files that came in and must be looked at by a person.")

Edition = Annotated[str, typer.Argument(help="The edition, such as my-forum.")]
Document = Annotated[str, typer.Argument(help="The file's key, as `roundtable mailroom list` shows it.")]
By = Annotated[str, typer.Option("--by", help="Your name; it is kept with what you do.")]


@mailroom_app.command("list")
def mailroom_list(
    edition: Edition,
    rehearsal: Annotated[bool, typer.Option("--rehearsal", help="Look at the edition's rehearsal.")] = False,
) -> None:
    """List what waits in the tray, each with what it may be, the likeliest first.

    Example: `roundtable mailroom list my-forum`
    """
    from flows import cli
    from tasks import mailroom

    lying = mailroom.waiting(cli.looking_desk(edition, rehearsal))
    if not lying:
        cli.out.print(f"{edition}: the tray is empty")
        return
    table = Table("key", "file", "from", "came", "what it may be", title=f"{edition}: {len(lying)} in the tray")
    for record in lying:
        facts = record.facts
        may_be = [_spoken(number, entry) for number, entry in enumerate(facts["suggestions"], start=1)]
        what = "\n".join([facts["reason"], *may_be])
        table.add_row(record.key, facts["file"], facts["sender"], f"{record.changed_at:%-d %B %Y}", what)
    cli.out.print(table)


def _spoken(number: int, entry: dict[str, Any]) -> str:
    about = f"version {entry['version']}" + (f", round {entry['round']}" if entry["round"] else "")
    why = "; ".join(entry["reasons"])
    return f"{number}. {entry['kind']}/{entry['key']} of {entry['party']} ({about}), {entry['score']:.0%}: {why}"


@mailroom_app.command("silence")
def mailroom_silence(
    edition: Edition,
    session: Annotated[str | None, typer.Option("--session", help="Only one session's rounds.")] = None,
    word: Annotated[
        Path | None, typer.Option("--word", help="Write it as a Word document to this file.", dir_okay=False)
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", help="The language of the document; else that of the drafts.")
    ] = None,
    rehearsal: Annotated[bool, typer.Option("--rehearsal", help="Look at the edition's rehearsal.")] = False,
) -> None:
    """Show for every comment round who was asked, who answered and who is silent.

    Examples: `roundtable mailroom silence my-forum` · `roundtable mailroom silence my-forum --word status.docx`
    """
    from flows import cli
    from tasks import silence

    desk = cli.looking_desk(edition, rehearsal)
    if session is not None and not desk.edition.has("sessions", session):
        raise Unknown(f"{session}: {edition} has no such session; `roundtable status {edition}` lists them")
    if language is not None and not desk.edition.has("languages", language):
        raise Unknown(f"{language}: {edition} has the languages {', '.join(x.id for x in desk.edition.languages)}")
    about = desk.edition.session(session) if session else None
    found = silence.lines_of(desk, about)
    table = Table("draft", "body", "asked", "until", "answer", "on", title=f"{edition}: {len(found)} asked")
    for line in found:
        days = [f"{day:%-d %B %Y}" if day else "" for day in (line.sent, line.until, line.answered)]
        table.add_row(f"{line.paper}, {line.round}", line.body, *days[:2], line.how.replace("_", " "), days[2])
    cli.out.print(table)
    if word:
        word.write_bytes(silence.status_document(desk, language or desk.edition.drafting_language.id, about))


@mailroom_app.command("assign")
def mailroom_assign(
    edition: Edition,
    document: Document,
    what: Annotated[str, typer.Argument(help="The number of a suggestion, or KIND/KEY of what it answers.")],
    by: By,
) -> None:
    """Say what a file is; it is then taken like any other.

    Examples: `roundtable mailroom assign my-forum 1f3870be274f6c49 1 --by "A. Person"` ·
    `roundtable mailroom assign my-forum 1f3870be274f6c49 "comments/1.1|ghana" --by "A. Person"`
    """
    from flows import cli
    from flows.mailroom import assign_document

    cli.run_flow(assign_document, edition=edition, document=document, what=what, by=by)


@mailroom_app.command("reject")
def mailroom_reject(
    edition: Edition,
    document: Document,
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="Why it is not wanted, or what was done about it.")],
) -> None:
    """Take something out of the tray that is nobody's answer; a letter to its sender, where known, is drafted.

    Example: `roundtable mailroom reject my-forum 1f3870be274f6c49 --reason "Of last year." --by "A. Person"`
    """
    from flows import cli
    from flows.mailroom import reject_document

    cli.run_flow(reject_document, edition=edition, document=document, reason=reason, by=by)
