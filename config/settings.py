"""Where this installation lives: the only module that reads the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

#: The checkout.
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """`home` holds all run-time data; `ledger_url` the ledger; a rehearsal has a home of its own."""

    home: Path
    ledger_url: str
    editions: Path
    templates: Path
    rehearsal: bool
    api_port: int

    @property
    def prefect_home(self) -> Path:
        return self.home / "prefect"


def load(rehearsal_of: str | None = None) -> Settings:
    """The settings in force; with `rehearsal_of`, those of that edition's rehearsal.

    ROUNDTABLE_HOME moves the run-time data, ROUNDTABLE_LEDGER names another database, ROUNDTABLE_EDITIONS another
    folder of editions, ROUNDTABLE_PORT another port for the Prefect server, ROUNDTABLE_REHEARSAL marks the process as
    one of a rehearsal's.
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
    )


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
