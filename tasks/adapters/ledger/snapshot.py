"""A picture of an edition in which two equal histories are equal.

Left out: run ids, numbers a database gives out (they have gaps after a rollback), and the names a mail provider gives
to letters, and how far each mailbox was read. Documents are named by content.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from tasks.adapters.ledger import schema
from tasks.adapters.ledger.columns import dumps
from tasks.domain.outbox import Addressee, Invite, Share, Signatory

_LEFT_OUT = {"id", "run", "seq", "history_seq", "edition", "reserved", "reference", "thread", "in_reply_to"}
#: The kind of record that says how far a mailbox was read, in its provider's words.
_CURSOR = "cursor"


def snapshot(connection: Connection, edition: str) -> dict[str, Any]:
    """{table: rows}, each row a dict of JSON values, sorted by content; the history too, as runs may interleave."""
    documents = schema.document
    query = select(documents.c.id, documents.c.sha256).where(documents.c.edition == edition)
    contents = {row.id: row.sha256 for row in connection.execute(query)}
    taken: dict[str, Any] = {}
    for table in schema.metadata.sorted_tables:
        rows = []
        for found in connection.execute(select(table).where(table.c.edition == edition)).mappings():
            if found.get("kind") == _CURSOR:
                continue
            row = {name: _plain(value) for name, value in found.items() if name not in _LEFT_OUT}
            if table is schema.action:
                row |= {"id": found["id"], "source_document": contents.get(found["source_document"])}
            rows.append(row)
        taken[table.name] = sorted(rows, key=dumps)
    return taken


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Signatory | Share | Invite):
        return asdict(value)
    if isinstance(value, tuple):
        return [asdict(each) if isinstance(each, Addressee) else each for each in value]
    return value
