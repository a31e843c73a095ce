"""Where this installation lives: the only module that reads the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

#: The checkout.
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Google:
    """Google Workspace as the backend of delivery: the file of credentials, the shared drive, the calendar.

    `subject` is the mailbox a service account acts for, where it is one.
    """

    credentials: Path
    drive_id: str
    calendar_id: str
    subject: str | None


@dataclass(frozen=True)
class Settings:
    """`home` holds all run-time data; `ledger_url` the ledger; a rehearsal has a home of its own.

    `google` is None where letters and files go by the local backend; `google_fake` is the address of the made-up Google
    that a rehearsal goes by, if it does.
    """

    home: Path
    ledger_url: str
    editions: Path
    templates: Path
    rehearsal: bool
    api_port: int
    google: Google | None = None
    google_fake: str | None = None

    @property
    def prefect_home(self) -> Path:
        return self.home / "prefect"


def load(rehearsal_of: str | None = None) -> Settings:
    """The settings in force; with `rehearsal_of`, those of that edition's rehearsal.

    ROUNDTABLE_HOME moves the run-time data, ROUNDTABLE_LEDGER names another database, ROUNDTABLE_EDITIONS another
    folder of editions, ROUNDTABLE_PORT another port for the Prefect server, ROUNDTABLE_REHEARSAL marks the process as
    one of a rehearsal's. ROUNDTABLE_GOOGLE_DRIVE and ROUNDTABLE_GOOGLE_CALENDAR (ids) let letters go by Google,
    with the credentials in ROUNDTABLE_GOOGLE_CREDENTIALS (a file); a rehearsal stays on this machine, where
    ROUNDTABLE_GOOGLE_FAKE, which it sets for itself, is the address of a made-up Google.
    """
    home = Path(os.environ.get("ROUNDTABLE_HOME") or ROOT / "var").absolute()
    inside = os.environ.get("ROUNDTABLE_REHEARSAL") or None
    if rehearsal_of and not inside:
        home = home / "rehearsal" / rehearsal_of
    ledger = os.environ.get("ROUNDTABLE_LEDGER")
    # A real ledger named by the environment must never receive a rehearsal.
    if not ledger or (rehearsal_of and not inside):
        ledger = f"sqlite:///{home / 'ledger.sqlite'}"
    return Settings(
        home=home,
        ledger_url=ledger,
        editions=Path(os.environ.get("ROUNDTABLE_EDITIONS") or ROOT / "config" / "editions").absolute(),
        templates=ROOT / "templates",
        rehearsal=bool(rehearsal_of or inside),
        api_port=int(os.environ.get("ROUNDTABLE_PORT") or 4200),
        google=None if rehearsal_of or inside else _google(home),
        google_fake=os.environ.get("ROUNDTABLE_GOOGLE_FAKE") if inside else None,
    )


def _google(home: Path) -> Google | None:
    drive, calendar = os.environ.get("ROUNDTABLE_GOOGLE_DRIVE"), os.environ.get("ROUNDTABLE_GOOGLE_CALENDAR")
    if not drive or not calendar:
        return None
    credentials = Path(os.environ.get("ROUNDTABLE_GOOGLE_CREDENTIALS") or home / "google.json").absolute()
    return Google(credentials, drive, calendar, os.environ.get("ROUNDTABLE_GOOGLE_SUBJECT") or None)


def environment_for(settings: Settings, edition: str) -> dict[str, str]:
    """The environment in which a child process sees the same settings; `edition` names the rehearsal, if it is one."""
    values = {
        "ROUNDTABLE_HOME": str(settings.home),
        "ROUNDTABLE_LEDGER": settings.ledger_url,
        "ROUNDTABLE_EDITIONS": str(settings.editions),
        "ROUNDTABLE_PORT": str(settings.api_port),
        "ROUNDTABLE_CHECKOUT": str(ROOT),
        "PREFECT_HOME": str(settings.prefect_home),
    }
    inherited = dict(os.environ)
    if settings.rehearsal:
        values["ROUNDTABLE_REHEARSAL"] = edition
        # A database of Prefect's named for the real thing must not receive a rehearsal's runs.
        for name in ("PREFECT_API_DATABASE_CONNECTION_URL", "PREFECT_SERVER_DATABASE_CONNECTION_URL"):
            inherited.pop(name, None)
    return {**inherited, **values}
