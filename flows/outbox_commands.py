"""`roundtable outbox ...`: letters before and after they are sent. The commands parse, call the flows, print."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from tasks.domain.errors import Invalid

outbox_app = typer.Typer(help="Letters: read, approve, edit, reject and send them.", no_args_is_help=True)

Edition = Annotated[str, typer.Argument(help="The edition: its folder's name under config/editions.")]
Key = Annotated[str, typer.Argument(help="The letter's key, as `roundtable outbox list` shows it.")]
By = Annotated[str, typer.Option("--by", help="Your name; it is kept with what you do.")]
Reader = Annotated[str, typer.Option("--by", help="Your name: only what you may read is shown.")]
Session = Annotated[str | None, typer.Option("--session", help="Only the letters about one session.")]
Kind = Annotated[str | None, typer.Option("--kind", help="Only the letters of one kind, such as reminder.")]
Rehearsal = Annotated[bool, typer.Option("--rehearsal", help="In the edition's rehearsal.")]

#: Columns of the table that counts letters, as `tasks.outbox.Tally` has them.
_COUNTED = ("drafted", "approved", "sent", "cancelled", "waiting")


@outbox_app.command("list")
def outbox_list(
    edition: Edition,
    session: Session = None,
    kind: Kind = None,
    status: Annotated[
        str | None, typer.Option("--status", help="Only those in one state, such as draft or unknown.")
    ] = None,
    by: Reader = "",
    rehearsal: Rehearsal = False,
) -> None:
    """List the letters with their state and where each goes.

    Example: `roundtable outbox list my-forum --session 1.1 --status draft`
    """
    from flows import cli
    from tasks import outbox

    desk = cli.looking_desk(edition, rehearsal)
    found = outbox.listed(desk, session, kind, status)
    letters = outbox.seen_by(desk, by, found)
    table = Table("key", "to", "address", "language", "subject", "status", title=f"{edition}: {len(letters)} letters")
    for row in letters:
        address = ", ".join(each.email or "no address" for each in row.recipients) or "no address"
        table.add_row(row.key, row.person or row.party or "", address, row.language, row.subject, row.status)
    cli.out.print(table)
    if len(letters) < len(found):
        cli.out.print(f"{len(found) - len(letters)} more are not {by}'s to read")


@outbox_app.command("count")
def outbox_count(edition: Edition, rehearsal: Rehearsal = False) -> None:
    """Count the letters of each kind: drafted, approved, sent, cancelled, and waiting for somebody.

    Example: `roundtable outbox count my-forum`
    """
    from flows import cli
    from tasks import outbox

    counted = outbox.tally(outbox.listed(cli.looking_desk(edition, rehearsal)))
    table = Table("kind", *_COUNTED, title=f"{edition}: letters")
    for column in table.columns[1:]:
        column.justify = "right"
    for one in counted:
        table.add_row(one.kind, *(str(getattr(one, name)) for name in _COUNTED))
    together = outbox.total(counted)
    table.add_section()
    table.add_row(together.kind, *(str(getattr(together, name)) for name in _COUNTED))
    cli.out.print(table)


@outbox_app.command("show")
def outbox_show(edition: Edition, key: Key, by: Reader = "", rehearsal: Rehearsal = False) -> None:
    """Print exactly what will go out, headers included, or what went out.

    Example: `roundtable outbox show my-forum note-invitation/1.1`
    """
    from flows import cli
    from tasks import outbox

    desk = cli.looking_desk(edition, rehearsal)
    cli.out.print(outbox.written(desk, outbox.letter_for(desk, by, key)), soft_wrap=True)


@outbox_app.command("approve")
def outbox_approve(
    edition: Edition,
    by: By,
    keys: Annotated[list[str] | None, typer.Argument(help="The letters by key; or choose them by an option.")] = None,
    session: Session = None,
    kind: Kind = None,
    every: Annotated[bool, typer.Option("--all", help="Every draft.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Approve them; without this they are shown and counted.")] = False,
    code: Annotated[
        str, typer.Option("--code", help="The code said when they were shown: none may have changed since.")
    ] = "",
    send: Annotated[bool, typer.Option("--send", help="Send them at once, and whatever else is approved.")] = False,
    rehearsal: Rehearsal = False,
) -> None:
    """Show letters that are to be approved, with their number; with --yes, approve exactly these.

    Examples: `roundtable outbox approve my-forum note-invitation/1.1 --by "A. Person"` ·
    `roundtable outbox approve my-forum --session 1.1 --yes --by "A. Person"`
    """
    from flows import cli, office
    from flows.outbox import approve_letters
    from tasks import outbox

    if rehearsal:
        cli.enter_rehearsal(edition)
    desk = cli.looking_desk(edition)
    found = outbox.shown(office.desk_for(edition, by=by, today=desk.today if desk.rehearsal else None, run="looking"),
                         keys or [], session, kind, every)  # fmt: skip
    table = Table("key", "to", "subject", title=f"{edition}: {len(found.letters)} letters to approve")
    for row in found.letters:
        table.add_row(row.key, ", ".join(f"{each.name} <{each.email}>" for each in row.recipients), row.subject)
    cli.out.print(table)
    for line in found.others:
        cli.out.print(f"not {line}", soft_wrap=True)
    if not yes:
        cli.out.print(f"Nothing was approved. To approve these {len(found.letters)}: add --yes --code {found.code}")
        return
    chosen = [row.key for row in found.letters]
    if not chosen:
        cli.out.print("no letter to approve")
        return
    cli.run_flow(approve_letters, edition=edition, by=by, keys=chosen, code=code or found.code, send=send)


@outbox_app.command("edit")
def outbox_edit(
    edition: Edition,
    key: Key,
    by: By,
    subject: Annotated[str | None, typer.Option("--subject", help="Its new subject.")] = None,
    text: Annotated[
        Path | None,
        typer.Option(
            "--text", help="A text file with its new text, from salutation to closing.", exists=True, dir_okay=False
        ),
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", help="A body, person or member of staff it goes to instead."),
    ] = None,
    readdress: Annotated[bool, typer.Option("--readdress", help="Take the address the edition has now.")] = False,
    rehearsal: Rehearsal = False,
) -> None:
    """Change a letter that is not on its way; an approval of what it said is void.

    Example: `roundtable outbox edit my-forum note-invitation/1.1 --to some-body --by "A. Person"`
    """
    from flows import cli, office
    from flows.outbox import edit_letter

    if rehearsal:
        cli.enter_rehearsal(edition)
    said = [f"Subject: {subject}"] if subject is not None else []
    said += [_read(text)] if text is not None else []
    file = f"letter-{hashlib.sha256(chr(10).join(said).encode()).hexdigest()[:12]}.txt" if said else ""
    if file:
        office.inbox().drop(file, "\n\n".join(said).encode())
    cli.run_flow(edit_letter, edition=edition, key=key, by=by, file=file, to=to or [], readdress=readdress)


@outbox_app.command("reject")
def outbox_reject(
    edition: Edition,
    key: Key,
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="Why it is not to be sent.")],
    rehearsal: Rehearsal = False,
) -> None:
    """Cancel a letter that is not on its way.

    Example: `roundtable outbox reject my-forum reminder/1.1 --reason "Said on the phone." --by "A. Person"`
    """
    from flows import cli
    from flows.outbox import reject_letter

    if rehearsal:
        cli.enter_rehearsal(edition)
    cli.run_flow(reject_letter, edition=edition, key=key, reason=reason, by=by)


@outbox_app.command("send")
def outbox_send(edition: Edition, by: By, rehearsal: Rehearsal = False) -> None:
    """Send every letter that is approved, each once.

    Example: `roundtable outbox send my-forum --by "A. Person"`
    """
    from flows import cli
    from flows.outbox import send_letters

    if rehearsal:
        cli.enter_rehearsal(edition)
    cli.run_flow(send_letters, edition=edition, by=by)


@outbox_app.command("delivered")
def outbox_delivered(
    edition: Edition,
    key: Key,
    by: By,
    how: Annotated[str, typer.Option("--how", help="By which means, such as post.")],
    rehearsal: Rehearsal = False,
) -> None:
    """Record that an approved letter was delivered by other means than mail.

    Example: `roundtable outbox delivered my-forum circulation/1.1 --how post --by "A. Person"`
    """
    from flows import cli
    from flows.outbox import letter_delivered

    if rehearsal:
        cli.enter_rehearsal(edition)
    cli.run_flow(letter_delivered, edition=edition, key=key, how=how, by=by)


@outbox_app.command("settle")
def outbox_settle(
    edition: Edition,
    key: Key,
    outcome: Annotated[str, typer.Argument(help="sent, not-sent or cancelled.")],
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="How you know.")],
    rehearsal: Rehearsal = False,
) -> None:
    """Say what became of a letter of which nobody could tell whether it was sent.

    Example: `roundtable outbox settle my-forum note-invitation/1.1 sent --reason "It is in Sent." --by "A. Person"`
    """
    from flows import cli
    from flows.outbox import settle_letter

    if outcome not in ("sent", "not-sent", "cancelled"):
        raise Invalid(f"{outcome!r} is not possible here; write sent, not-sent or cancelled")
    if rehearsal:
        cli.enter_rehearsal(edition)
    cli.run_flow(settle_letter, edition=edition, key=key, outcome=outcome, reason=reason, by=by)


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except UnicodeDecodeError:
        raise Invalid(f"{file}: is no text in UTF-8; save it as one") from None
