"""One sender at a time, and one that keeps folders and calendar up: a lock gone with its process, however that ends.

SQLite: a lock on a file beside the ledger. PostgreSQL: an advisory lock, held by a connection of its own.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from tasks.adapters.ledger.engine import lock_number, reachable
from tasks.domain.errors import NotNow

_BUSY = {
    "sender": "another process is sending letters at this moment; it sends all that is approved, so look again later",
    "keeper": "another process brings the folders and the calendar up to date at this moment",
}


@contextmanager
def only_one(engine: Engine, name: Literal["sender", "keeper"]) -> Iterator[Callable[[], None]]:
    """Be the only one of this name at this ledger. What it yields is called before each step: `NotNow` if it is lost.

    `NotNow` at once where another process has the lock.
    """
    with _locked_file(engine, name) if engine.dialect.name == "sqlite" else _advisory(engine, name) as still:
        yield still


@contextmanager
def _locked_file(engine: Engine, name: str) -> Iterator[Callable[[], None]]:
    database = str(engine.url.database).removeprefix("file:").partition("?")[0]
    handle = os.open(Path(f"{database}.{name}"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotNow(_BUSY[name]) from None
        yield lambda: None  # a lock on a file is lost with its process only
    finally:
        os.close(handle)


@contextmanager
def _advisory(engine: Engine, name: str) -> Iterator[Callable[[], None]]:
    number = lock_number(name)
    # Autocommit: a transaction held open all the while would keep the database from tidying up.
    with (
        reachable(engine.url),
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        if not connection.execute(text("SELECT pg_try_advisory_lock(:n)"), {"n": number}).scalar():
            raise NotNow(_BUSY[name])

        def still() -> None:
            try:
                connection.execute(text("SELECT 1"))
            except DBAPIError as error:
                raise NotNow("the connection that kept other senders out is gone; send again") from error

        try:
            yield still
        finally:
            if not connection.closed and not connection.invalidated:
                connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": number})
