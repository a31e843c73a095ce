"""The ledger: what the office knows, in one database.

    ledger = Ledger.open("sqlite:///var/ledger.sqlite")
    note = ledger.record("north-2031", "concept-note", "1.1")
    with ledger.change("north-2031", Who(by="A. Person", why="outcome of the meeting", run=run_id, at=now)) as change:
        change.move(note, "tabled", meeting="fof-2")

Two processes that advance the same team at once: one moves, the other is told `Overtaken` and reads again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from tasks.adapters.ledger.change import Change
from tasks.adapters.ledger.engine import make_engine, reachable
from tasks.adapters.ledger.reading import Reading
from tasks.adapters.ledger.rows import Who
from tasks.adapters.ledger.schema import REVISION, found_revision
from tasks.adapters.ledger.sender import only_one

_is_changing: ContextVar[bool] = ContextVar("ledger_is_changing", default=False)


class Ledger(Reading):
    """An open ledger; may be shared by threads, not by forked processes."""

    def __init__(self, url: str) -> None:
        """Use a ledger that has the present schema already; see `open`. `Invalid` for an address that can't be one."""
        super().__init__(make_engine(url))

    @classmethod
    def open(cls, url: str) -> Ledger:
        """The ledger at `url`, made or migrated to the present schema first."""
        ledger = cls(url)
        try:
            with reachable(ledger._engine.url), ledger._engine.connect() as connection:
                is_current = found_revision(connection) == REVISION
            if not is_current:
                from tasks.adapters.ledger.upgrade import upgrade_engine  # alembic: seldom needed, slow to import

                upgrade_engine(ledger._engine)
        except BaseException:
            ledger.dispose()
            raise
        return ledger

    def dispose(self) -> None:
        """Close the connections; the ledger may be used again and opens new ones."""
        self._engine.dispose()

    @contextmanager
    def only_sender(self) -> Iterator[Callable[[], None]]:
        """Be the only process that sends letters of this ledger; see `sender`. `NotNow` where another one is."""
        with only_one(self._engine, "sender") as still:
            yield still

    @contextmanager
    def only_keeper(self) -> Iterator[None]:
        """Be the only process that keeps folders and calendar up to this ledger. `NotNow` where another one does."""
        with only_one(self._engine, "keeper"):
            yield

    @contextmanager
    def change(self, edition: str, who: Who) -> Iterator[Change]:
        """One transaction on `edition`, committed at the end of the block, undone by any exception in it.

        From its first method on it holds the edition against other writers, so do the slow work (files, documents)
        before. `ledger.record(...)` in the block shows the state before; `change.record(...)` shows the one within.
        `LedgerUnavailable` when the database is away or stays busy.
        """
        if _is_changing.get():
            raise RuntimeError("a change inside a change would wait for itself; end the first one before")
        token = _is_changing.set(True)
        try:
            with (
                reachable(self._engine.url),
                self._engine.connect().execution_options(ledger_lock=edition) as connection,
            ):
                change = Change(connection, edition, who)
                yield change
                if change.wrote:
                    connection.commit()
        finally:
            _is_changing.reset(token)
