"""What every change shares: its transaction, the edition it belongs to, and the history it must leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, Table, bindparam, insert, select

from tasks.adapters.ledger import schema
from tasks.adapters.ledger.columns import plain, storable
from tasks.adapters.ledger.rows import Record, Who
from tasks.domain.errors import Overtaken, Unknown

Row = TypeVar("Row")


def fetch(
    connection: Connection, query: Select[Any], make: Callable[..., Row], values: Mapping[str, Any] | None = None
) -> list[Row]:
    """The rows of `query`, each handed to `make`: a row class has the columns of its table, in their order."""
    return [make(*row) for row in connection.execute(query, values or {})]


@lru_cache(maxsize=256)
def rows_where(table: Table, names: tuple[str, ...]) -> Select[Any]:
    """The query for the rows with given values in the columns `names`; made once, asked thousands of times."""
    return select(table).where(*(table.c[name] == bindparam(name, type_=table.c[name].type) for name in names))


def named(key: str, kind: str) -> str:
    """A record as people call it: "1.3 concept note"."""
    return f"{key} {kind.replace('-', ' ')}"


def day(moment: datetime) -> str:
    """The day of a moment, for a message: "3 March 2031"."""
    return f"{moment.day} {moment:%B %Y}"


class Writing:
    """One open change of one edition. `wrote` turns true with the first line of history."""

    def __init__(self, connection: Connection, edition: str, who: Who) -> None:
        self.edition = edition
        self.who = who
        self.wrote = False
        self._connection = connection
        self._is_started = False

    def record(self, kind: str, key: str) -> Record | None:
        """The record as it is inside this change: nobody else can move it before this change ends."""
        return next(iter(self._records_where(kind=kind, key=key)), None)

    def records(self, kind: str, session: str | None = None) -> list[Record]:
        """The records of a kind as they are inside this change, by key; of one session where it is named."""
        of_session = {} if session is None else {"session": session}
        return sorted(self._records_where(kind=kind, **of_session), key=lambda row: row.key)

    def _records_where(self, **values: str) -> list[Record]:
        values["edition"] = self.edition
        return fetch(self._connection, rows_where(schema.record, tuple(values)), Record, values)

    def _still(self, record: Record) -> None:
        """`Overtaken` unless `record` is what the ledger has now."""
        if record.edition != self.edition:
            raise ValueError(f"a record of {record.edition} in a change of {self.edition}")
        self._require_edition()
        found = self.record(record.kind, record.key)
        if found is None or (found.state, found.version) != (record.state, record.version):
            self._overtaken(record, found)

    def _overtaken(self, record: Record, found: Record | None) -> None:
        now = f"{found.state} (version {found.version})" if found else "not in the ledger"
        raise Overtaken(
            f"{named(record.key, record.kind)}: read as {record.state} (version {record.version}), but is now {now}; "
            "read it again"
        )

    def _require_edition(self) -> None:
        if self._is_started:
            return
        table = schema.edition
        if self._connection.execute(select(table.c.edition).where(table.c.edition == self.edition)).first() is None:
            raise Unknown(f"{self.edition} has not been started; start it with `roundtable start {self.edition}`")
        self._is_started = True

    def _log(self, subject: str, kind: str, key: str, change: dict[str, Any], why: str | None = None) -> int:
        """Append a line to the history; its number."""
        line = self._line(subject, kind, key, change, why)
        seq: int = self._connection.execute(insert(schema.history).returning(schema.history.c.seq), line).scalar_one()
        self.wrote = True
        return seq

    def _log_all(self, lines: Sequence[tuple[str, str, str, dict[str, Any]]]) -> None:
        """Append many lines at once: subject, kind, key and change of each."""
        self._connection.execute(insert(schema.history), [self._line(*line) for line in lines])
        self.wrote = True

    def _line(
        self, subject: str, kind: str, key: str, change: dict[str, Any], why: str | None = None
    ) -> dict[str, Any]:
        return {
            "edition": self.edition,
            "subject": subject,
            "kind": kind,
            "key": key,
            "change": plain(change),
            "by": storable(self.who.by),
            "at": self.who.at,
            "why": storable(why if why is not None else self.who.why),
            "run": self.who.run,
        }
