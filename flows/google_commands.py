"""`roundtable google login | check`: sign in to Google Workspace, and see what is missing there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from config import settings as configuration
from tasks.domain.errors import Invalid, Unknown

google_app = typer.Typer(help="Google Workspace as the way letters and files go.", no_args_is_help=True)


@google_app.command("login")
def google_login(
    client: Annotated[Path, typer.Argument(help="The JSON of the OAuth client, as Google Cloud hands it out.")],
    translation: Annotated[bool, typer.Option("--translation", help="Ask for machine translation, too.")] = False,
) -> None:
    """Sign in once as a person: open the address that is printed, and allow what it asks for.

    The sign-in is kept in the file of credentials, readable by you alone.
    Example: `roundtable google login client_secret.json`
    """
    from flows import cli
    from tasks.adapters.google.credentials import SCOPES, TRANSLATION_SCOPES, write_secret
    from tasks.adapters.google.sign_in import sign_in

    google = _google()
    if not client.is_file():
        raise Unknown(f"{client}: no such file; download the JSON of the OAuth client, docs/google.md says where")
    scopes = {**SCOPES, **(TRANSLATION_SCOPES if translation else {})}
    write_secret(google.credentials, sign_in(client.read_text("utf-8"), scopes=scopes))
    cli.out.print(f"signed in; the credentials are in {google.credentials}", soft_wrap=True)


@google_app.command("check")
def google_check() -> None:
    """Say which scope or share is missing. Nothing is made, changed or sent.

    Example: `roundtable google check`
    """
    from flows import cli
    from flows.office import workspace
    from tasks.adapters.google.check import check

    findings = check(*workspace(_google()))
    for finding in findings:
        cli.out.print(f"{finding.need}: {finding.missing or 'granted'}", soft_wrap=True)
    if any(finding.missing for finding in findings):
        raise SystemExit(1)


def _google() -> configuration.Google:
    google = configuration.load().google
    if google is None:
        raise Invalid(
            "Google is not set up here: give the ids of drive and calendar in ROUNDTABLE_GOOGLE_DRIVE and "
            "ROUNDTABLE_GOOGLE_CALENDAR; docs/google.md says how"
        )
    return google
