"""Changes to documents and arrivals: what was made, and what came in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from tasks.adapters.ledger import schema
from tasks.adapters.ledger.columns import plain, storable
from tasks.adapters.ledger.rows import DocumentRow
from tasks.adapters.ledger.writing import Writing, day, fetch, named
from tasks.domain.errors import Conflict, Invalid, Unknown

DOCUMENT_STATUSES = ("current", "superseded", "received")
OUTCOMES = ("accepted", "refused", "unplaced")


class Papers(Writing):
    """The part of a change that registers files. The file itself is on disk, synced, before its row is written."""

    def add_document(
        self,
        *,
        stage: str,
        kind: str,
        key: str,
        language: str,
        number: int,
        name: str,
        sha256: str,
        size: int,
        session: str | None = None,
        party: str | None = None,
        status: str = "current",
        made_at: datetime | None = None,
        made_by: str | None = None,
        quotes: Sequence[str] = (),
    ) -> DocumentRow:
        """Register version `number` of a document; the row that is there when it is the same file already.

        `made_at`, `made_by`: those of the change unless given. `Conflict` when this version is another file.
        """
        self._require_edition()
        _one_of("status of a document", status, DOCUMENT_STATUSES)
        table = schema.document
        query = select(table).where(
            table.c.edition == self.edition,
            table.c.kind == kind,
            table.c.key == key,
            table.c.language == language,
            table.c.number == number,
            table.c.party == party,
        )
        found = next(iter(fetch(self._connection, query, DocumentRow)), None)
        if found is not None:
            if found.sha256 == sha256:
                return found
            whose = f" from {party}" if party else ""
            raise Conflict(
                f"{named(key, kind)}, version {number} ({language}){whose} is another file already: {found.name}, "
                f"by {found.made_by} on {day(found.made_at)}; give the new file the next version number"
            )
        values: dict[str, Any] = {
            "session": session,
            "stage": stage,
            "kind": kind,
            "key": key,
            "language": language,
            "number": number,
            "name": storable(name),
            "sha256": sha256,
            "size": size,
            "party": party,
            "status": status,
            "made_by": made_by or self.who.by,
            "quotes": tuple(quotes),
        }
        row = insert(table).values(edition=self.edition, made_at=made_at or self.who.at, run=self.who.run, **values)
        document_id = self._connection.execute(row.returning(table.c.id)).scalar_one()
        told = {
            name: value for name, value in values.items() if name not in ("kind", "key", "size", "made_by", "quotes")
        }
        self._log("document", kind, key, {"event": "added"} | told)
        return fetch(self._connection, select(table).where(table.c.id == document_id), DocumentRow)[0]

    def supersede_documents(self, ids: Iterable[int], reason: str) -> list[DocumentRow]:
        """Mark documents as superseded; those it changed, as they are now. `Unknown` for an id of no document."""
        self._require_edition()
        table = schema.document
        changed = []
        for document_id in ids:
            query = select(table).where(table.c.edition == self.edition, table.c.id == document_id)
            found = next(iter(fetch(self._connection, query, DocumentRow)), None)
            if found is None:
                raise Unknown(f"{self.edition} has no document {document_id}; see `roundtable status {self.edition}`")
            if found.status == "superseded":
                continue
            self._connection.execute(update(table).where(table.c.id == document_id).values(status="superseded"))
            event = {
                "event": "superseded",
                "status": [found.status, "superseded"],
                "language": found.language,
                "number": found.number,
                "party": found.party,
                "sha256": found.sha256,
            }
            self._log("document", found.kind, found.key, event, why=reason)
            changed.append(replace(found, status="superseded"))
        return changed

    def register_arrival(
        self,
        sha256: str,
        file_name: str,
        outcome: str,
        message: str,
        identity: Mapping[str, Any] | None = None,
        received_at: datetime | None = None,
        received_by: str | None = None,
    ) -> bool:
        """Register a file that came in, and what became of it; False when this file came before, with that outcome.

        One that was not accepted may be later, when its time has come or after a correction: that is True. What was
        accepted stays so.
        `received_at`, `received_by`: those of the change unless given. The file name may hold anything a disk allows.
        """
        self._require_edition()
        _one_of("outcome of an arrival", outcome, OUTCOMES)
        table = schema.arrival
        mine = (table.c.edition == self.edition, table.c.sha256 == sha256)
        known = self._connection.execute(select(table.c.outcome).where(*mine)).scalar()
        if known in ("accepted", outcome):
            return False
        values = {
            "file_name": storable(file_name),
            "outcome": outcome,
            "message": storable(message),
            "identity": None if identity is None else plain(identity),
            "received_by": received_by or self.who.by,
        }
        if known is not None:
            self._connection.execute(update(table).where(*mine).values(**values))
            self._log(
                "arrival", "arrival", sha256, values | {"event": f"{outcome} after all", "outcome": [known, outcome]}
            )
            return True
        row = insert(table).values(
            edition=self.edition, sha256=sha256, received_at=received_at or self.who.at, run=self.who.run, **values
        )
        self._connection.execute(row)
        self._log("arrival", "arrival", sha256, {"event": "received"} | values)
        return True


def _one_of(what: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise Invalid(f"{value!r} is no {what}; allowed: {', '.join(allowed)}")
