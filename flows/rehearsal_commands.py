"""`roundtable rehearse`: a whole preparation, replayed. The command starts a server, the rehearsal, and prints."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Annotated

import typer

from config import settings as configuration
from flows.calendar_view_commands import show_compliance
from flows.outbox_commands import outbox_count
from flows.translation_commands import translation_status


def rehearse(
    edition: Annotated[str, typer.Argument(help="The edition: its folder's name under config/editions.")],
    until: Annotated[
        str | None, typer.Option("--until", help="Stop after this simulated day, such as 2030-03-31.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget an earlier rehearsal and begin anew.")] = False,
    delivery: Annotated[
        str, typer.Option("--delivery", help="local, or google: a made-up Google on this machine.")
    ] = "local",
) -> None:
    """Replay a whole preparation on a simulated clock, in a home of its own; real data is never touched.

    Interrupted and started again, it goes on; by way of Google it begins anew.
    Examples: `roundtable rehearse my-forum` · `roundtable rehearse my-forum --delivery google --fresh`
    """
    import shutil

    from flows import cli
    from flows.server import for_replay, free_port, quiet, running
    from tasks.adapters import edition_folder

    cli.one_of(delivery, "local", "google")
    settings = configuration.load(edition)
    edition_folder.check(settings.editions, edition, settings.templates)
    if fresh:
        shutil.rmtree(settings.home, ignore_errors=True)
    os.environ.pop("PREFECT_API_URL", None)
    port = free_port()
    environment = for_replay(quiet(configuration.environment_for(settings, edition), port, settings.prefect_home))
    cli.out.print(f"Rehearsal of {edition}. Its home is {settings.home}; starting a Prefect server of its own ...")
    with running(environment, port, settings.home / "server.log"):
        command = [sys.executable, "-m", "flows.rehearsal", edition, "--delivery", delivery]
        command += [until] if until else []
        code = subprocess.run(command, env=environment, cwd=configuration.ROOT, check=False).returncode
    if code == 0:
        cli.status(edition, None, "", rehearsal=True)
        _tell_how_the_calendar_was_kept(edition)
        outbox_count(edition)
        translation_status(edition)
        cli.out.print(f"\nThe documents are in {settings.home / 'documents' / edition}")
        cli.out.print(f"See its board and runs: roundtable up --rehearsal {edition}")
    raise SystemExit(code)


def _tell_how_the_calendar_was_kept(edition: str) -> None:
    """The compliance report by stage, and where the documents of the calendar are."""
    from flows import cli

    desk = cli.looking_desk(edition)
    show_compliance(edition=edition, per="stage")
    for kind in ("compliance", "schedule", "forecast"):
        for row in desk.ledger.documents(edition, kind=kind):
            where = desk.store.home / "documents" / edition / "forum" / row.stage / row.name
            cli.out.print(f"{kind} of {row.made_at:%-d %B %Y}: {where}", soft_wrap=True)
