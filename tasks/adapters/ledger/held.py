"""The records of an edition held in memory: read whole once, then only what the history says has changed since.

Every change of a record leaves a line in the history, in the order of commits, so the lines after the last one seen
name all that is stale. What is held is never changed: a reader keeps what it was given, another gets the newer one.
"""

from __future__ import annotations

from bisect import bisect_left

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
#: What is of no session is filed under no name.
_NONE = ""
_Lists = dict[str, list[Record]]
#: From so many changed records on it is quicker to read them all.
_MANY = 200


class Held:
    """The records of one edition as the history's line `seq` left them, in lists by kind and by session."""

    def __init__(self, seq: int, of_kind: _Lists, of_session: _Lists) -> None:
        self.seq = seq
        self._of_kind = of_kind
        self._of_session = of_session

    def select(self, kind: str | None, session: str | None) -> list[Record]:
        """The records of a kind and session, each where it is not None; by kind and key."""
        if session is not None:
            found = self._of_session.get(session, [])
            return [record for record in found if kind is None or record.kind == kind]
        kinds = sorted(self._of_kind) if kind is None else [kind]
        return [record for each in kinds for record in self._of_kind.get(each, [])]

    def brought_up(self, connection: Connection, edition: str) -> Held:
        """The same as the ledger is now."""
        lines = connection.execute(_SINCE, {"seq": self.seq, "edition": edition}).all()
        if not lines:
            return self
        stale = {(line.kind, line.key) for line in lines if line.subject == "record"}
        if len(stale) > _MANY:
            return read_whole(connection, edition)
        kinds, keys = [kind for kind, _ in stale], [key for _, key in stale]
        found = fetch(connection, _SOME, Record, {"edition": edition, "kinds": kinds, "keys": keys}) if stale else []
        of_kind, of_session = {**self._of_kind}, {**self._of_session}
        for record in found:
            _place(of_kind, record.kind, record)
            _place(of_session, record.session or _NONE, record)
        return Held(max(line.seq for line in lines), of_kind, of_session)


def read_whole(connection: Connection, edition: str) -> Held:
    """Every record of an edition, in the one transaction of `connection`."""
    seq = connection.scalar(_LAST, {"edition": edition}) or 0
    of_kind: _Lists = {}
    of_session: _Lists = {}
    # Sorted here, for a database sorts texts by its own locale.
    for record in sorted(fetch(connection, _WHOLE, Record, {"edition": edition}), key=_name):
        of_kind.setdefault(record.kind, []).append(record)
        of_session.setdefault(record.session or _NONE, []).append(record)
    return Held(seq, of_kind, of_session)


def _place(lists: _Lists, name: str, record: Record) -> None:
    """Put a record into a copy of the list `name`, in the place of its earlier self; others may hold the list."""
    fresh = [*lists.get(name, [])]
    at = bisect_left(fresh, _name(record), key=_name)
    is_known = at < len(fresh) and _name(fresh[at]) == _name(record)
    fresh[at : at + is_known] = [record]
    lists[name] = fresh


def _name(record: Record) -> tuple[str, str]:
    return record.kind, record.key
