"""Connections that behave alike on SQLite and PostgreSQL.

A connection with the execution option `ledger_lock` (the name of an edition) writes: it waits for its turn *when its
transaction begins*, so what it reads is what it changes, and numbers in the history follow the order of commits.
SQLite: BEGIN IMMEDIATE. PostgreSQL: an advisory lock per edition, held to the end of the transaction.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, InterfaceError, NoSuchModuleError, OperationalError

from tasks.adapters.durability import outlives_power
from tasks.adapters.ledger.columns import dumps
from tasks.domain.errors import Invalid, RoundtableError

#: How long a process waits for its turn before it gives up.
PATIENCE_SECONDS = 30.0


class LedgerUnavailable(RoundtableError):
    """The ledger can't be reached or stayed busy. Nothing was recorded; the same step may be tried again."""


def make_engine(url: str) -> Engine:
    """An engine for `sqlite:///file` or `postgresql+psycopg://...`; `Invalid` for any other address.

    The folder of an SQLite file is made. Nothing is connected yet.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(parsed)
        if parsed.drivername == "postgresql+psycopg":
            return _postgresql(parsed)
    except (ArgumentError, NoSuchModuleError):
        raise Invalid(
            "the address of the ledger can't be read; give sqlite:///FILE or postgresql+psycopg://..."
        ) from None
    raise Invalid(f"a ledger on {parsed.drivername} is not supported; give sqlite:///FILE or postgresql+psycopg://...")


def reader_of(engine: Engine) -> Engine:
    """The same engine for reading: every statement of one connection sees the same state of the ledger."""
    if engine.dialect.name == "sqlite":
        return engine  # a read transaction in WAL mode does so by itself
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


@contextmanager
def reachable(url: URL) -> Iterator[None]:
    """Tell a ledger that is away or busy from a mistake; the password in the address is not shown."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        cause = (str(error.orig).strip().splitlines() or ["no answer"])[0]
        shown = url.render_as_string(hide_password=True)
        raise LedgerUnavailable(
            f"the ledger at {shown} did not answer ({cause}); nothing was recorded: "
            "see that it is there, then try again"
        ) from error


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:" or url.query.get("mode") == "memory":
        raise Invalid("a ledger in memory would be gone with its process; give a file: sqlite:///FILE")
    if not url.database.startswith("file:"):
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": PATIENCE_SECONDS}, json_serializer=dumps)

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _: object) -> None:
        # The driver's own idea of when to begin would turn BEGIN IMMEDIATE off: SQLAlchemy's documented remedy.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {int(PATIENCE_SECONDS * 1000)}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA recursive_triggers = ON")
        _use_wal(connection)
        if not outlives_power():
            connection.execute("PRAGMA synchronous = NORMAL")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        writes = "ledger_lock" in connection.get_execution_options()
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _use_wal(connection: sqlite3.Connection) -> None:
    """Readers and one writer side by side. Two processes that make the file at once: SQLite does not wait here."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                connection.execute("PRAGMA journal_mode = WAL").fetchone()
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _postgresql(url: URL) -> Engine:
    settings: dict[str, Any] = {"options": f"-c lock_timeout={int(PATIENCE_SECONDS * 1000)} -c timezone=UTC"}
    engine = create_engine(
        url, connect_args=settings if "options" not in url.query else {}, json_serializer=dumps, pool_pre_ping=True
    )

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        name = connection.get_execution_options().get("ledger_lock")
        if name is not None:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (lock_number(name),))

    return engine


def lock_number(name: str) -> int:
    """A number for the lock of `name`, the same in every process; 64 bits with a sign, as PostgreSQL wants."""
    return int.from_bytes(hashlib.sha256(f"roundtable ledger {name}".encode()).digest()[:8], "big", signed=True)
