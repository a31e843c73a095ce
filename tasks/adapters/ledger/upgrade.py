"""Bring a ledger to the schema of this software: `upgrade(url)`. Safe to repeat, and in several processes at once."""

from __future__ import annotations

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Engine

from tasks.adapters.ledger.engine import make_engine, reachable
from tasks.adapters.ledger.schema import REVISION, found_revision
from tasks.domain.errors import Invalid

_alembic_is_busy = threading.Lock()  # alembic keeps its running migration in a global


def upgrade(url: str) -> None:
    """Create or migrate the ledger at `url`, all or nothing; `Invalid` when it belongs to newer software."""
    engine = make_engine(url)
    try:
        upgrade_engine(engine)
    finally:
        engine.dispose()


def upgrade_engine(engine: Engine) -> None:
    """The same for an engine of `make_engine`."""
    # The lock of no edition: of two processes that find an old schema, the second one waits and finds a new one.
    with (
        reachable(engine.url),
        _alembic_is_busy,
        engine.connect().execution_options(ledger_lock="") as connection,
        connection.begin(),
    ):
        config = alembic_config()
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise Invalid(
                f"the ledger has schema {found_revision(connection)!r}, this software knows {REVISION!r} and older: "
                "it was last used by a newer version; install that version"
            ) from error


def alembic_config() -> Config:
    """Alembic's settings, made here because there is no alembic.ini: the ledger's address comes from the caller."""
    config = Config()
    folder = Path(__file__).with_name("migrations")
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


def newest_revision() -> str | None:
    """The last migration on disk."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()
