"""The records of an edition held in memory: read whole once, then only what the history says has changed since.

Every change of a record leaves a line in the history, in the order of commits, so the lines after the last one seen
name all that is stale. What is held is never changed: a reader keeps what it was given, another gets the newer one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from sqlalchemy import Connection, bindparam, func, select

from tasks.adapters.ledger import schema
from tasks.adapters.ledger.rows import Record
from tasks.adapters.ledger.writing import fetch

_record, _history = schema.record, schema.history
_WHOLE = select(_record).where(_record.c.edition == bindparam("edition"))
_SOME = _WHOLE.where(_record.c.kind.in_(bindparam("kinds", expanding=True)))
_SOME = _SOME.where(_record.c.key.in_(bindparam("keys", expanding=True)))
_LAST = select(func.max(_history.c.seq)).where(_history.c.edition == bindparam("edition"))
# An expression, lest SQLite look the edition up in an index and read all its lines: their number comes first.
_SINCE = select(_history.c.seq, _history.c.subject, _history.c.kind, _history.c.key).where(
    _history.c.seq > bindparam("seq"), _history.c.edition.concat("") == bindparam("edition")
)
#: From so many changed records on it is quicker to read them all.
_MANY = 200


class Held:
    """The records of one edition as the history's line `seq` left them."""

    def __init__(self, seq: int, records: Iterable[Record]) -> None:
        self.seq = seq
        self._records = {(record.kind, record.key): record for record in records}

    @cached_property
    def all(self) -> Sequence[Record]:
        """By kind and key: sorted here, for a database sorts texts by its own locale."""
        return [self._records[name] for name in sorted(self._records)]

    @cached_property
    def of_session(self) -> dict[str | None, list[Record]]:
        found: dict[str | None, list[Record]] = {}
        for record in self.all:
            found.setdefault(record.session, []).append(record)
        return found

    @cached_property
    def of_kind(self) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = {}
        for record in self.all:
            found.setdefault(record.kind, []).append(record)
        return found

    def select(self, kind: str | None, session: str | None) -> list[Record]:
        """The records of a kind and session, each where it is not None."""
        if session is None:
            return list(self.all if kind is None else self.of_kind.get(kind, []))
        return [record for record in self.of_session.get(session, []) if kind is None or record.kind == kind]

    def brought_up(self, connection: Connection, edition: str) -> Held:
        """The same as the ledger is now."""
        lines = connection.execute(_SINCE, {"seq": self.seq, "edition": edition}).all()
        if not lines:
            return self
        stale = {(line.kind, line.key) for line in lines if line.subject == "record"}
        seq = max(line.seq for line in lines)
        if len(stale) > _MANY:
            return read_whole(connection, edition)
        kinds, keys = [kind for kind, _ in stale], [key for _, key in stale]
        found = fetch(connection, _SOME, Record, {"edition": edition, "kinds": kinds, "keys": keys}) if stale else []
        return Held(seq, [*self._records.values(), *found])


def read_whole(connection: Connection, edition: str) -> Held:
    """Every record of an edition, in the one transaction of `connection`."""
    seq = connection.scalar(_LAST, {"edition": edition}) or 0
    return Held(seq, fetch(connection, _WHOLE, Record, {"edition": edition}))
