"""One sender at a time: a lock that is gone with its process, however that ends.

SQLite: a lock on a file beside the ledger. PostgreSQL: an advisory lock, held by a connection of its own.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from tasks.adapters.ledger.engine import lock_number, reachable
from tasks.domain.errors import NotNow

_BUSY = "another process is sending letters at this moment; it sends whatever is approved, so look again in a while"


@contextmanager
def only_sender(engine: Engine) -> Iterator[Callable[[], None]]:
    """Be the only sender of this ledger. What it yields is called before each letter: `NotNow` if the lock was lost.

    `NotNow` at once where another process has the lock.
    """
    with _locked_file(engine) if engine.dialect.name == "sqlite" else _advisory(engine) as still:
        yield still


@contextmanager
def _locked_file(engine: Engine) -> Iterator[Callable[[], None]]:
    database = str(engine.url.database).removeprefix("file:").partition("?")[0]
    handle = os.open(Path(f"{database}.sender"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotNow(_BUSY) from None
        yield lambda: None  # a lock on a file is lost with its process only
    finally:
        os.close(handle)


@contextmanager
def _advisory(engine: Engine) -> Iterator[Callable[[], None]]:
    number = lock_number("sender")
    # Autocommit: a transaction held open all the while would keep the database from tidying up.
    with (
        reachable(engine.url),
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        if not connection.execute(text("SELECT pg_try_advisory_lock(:n)"), {"n": number}).scalar():
            raise NotNow(_BUSY)

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
