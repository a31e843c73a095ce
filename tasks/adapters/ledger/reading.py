"""Reading the ledger: each call its own short transaction, rows frozen, in the same order on every database."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, Text, cast, func, select

from tasks.adapters.ledger import schema
from tasks.adapters.ledger.engine import reachable, reader_of
from tasks.adapters.ledger.held import Held, read_whole
from tasks.adapters.ledger.rows import (
    ActionRow,
    ArrivalRow,
    DecisionRow,
    DocumentRow,
    EditionRow,
    HistoryRow,
    LetterRow,
    MemoryRow,
    Record,
)
from tasks.adapters.ledger.snapshot import snapshot
from tasks.adapters.ledger.writing import fetch, rows_where

Row = TypeVar("Row")
Result = TypeVar("Result")
_SHA256 = re.compile(r"\b[0-9a-f]{64}\b")


class Reading:
    """The reading half of a ledger. A filter that is None does not filter."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = reader_of(engine)
        self._held: dict[str, Held] = {}

    def edition(self, edition: str) -> EditionRow | None:
        """The edition with the configuration in force, or None before its start."""
        return next(iter(self._rows(schema.edition, EditionRow, edition=edition)), None)

    def in_force(self, edition: str) -> tuple[str, bool] | None:
        """The hash of the configuration in force and whether this is a rehearsal; None before the edition's start.

        The configuration itself is large and seldom new.
        """
        table = schema.edition
        query = select(table.c.config_sha, table.c.rehearsal).where(table.c.edition == edition)
        return self._read(lambda connection: next(((sha, is_) for sha, is_ in connection.execute(query)), None))

    def editions(self) -> list[str]:
        """Ids of the editions that were started."""
        return self._read(lambda connection: sorted(connection.scalars(select(schema.edition.c.edition))))

    def record(self, edition: str, kind: str, key: str) -> Record | None:
        return next(iter(self._rows(schema.record, Record, edition=edition, kind=kind, key=key)), None)

    def records(self, edition: str, kind: str | None = None, session: str | None = None) -> list[Record]:
        """By kind and key."""

        def up_to_date(connection: Connection) -> Held:
            held = self._held.get(edition)
            return read_whole(connection, edition) if held is None else held.brought_up(connection, edition)

        # Two threads may each bring it up: both are right when they read, and the next reader brings up either.
        held = self._held[edition] = self._read(up_to_date)
        return held.select(kind, session)

    def documents(
        self,
        edition: str,
        session: str | None = None,
        stage: str | None = None,
        kind: str | None = None,
        key: str | None = None,
        language: str | None = None,
        status: str | None = None,
        party: str | None = None,
        sha256: str | None = None,
    ) -> list[DocumentRow]:
        """By kind, key, language, version and party."""
        # Sorted here and below in Python: a database sorts texts by its own locale.
        found = self._rows(
            schema.document,
            DocumentRow,
            edition=edition,
            session=session,
            stage=stage,
            kind=kind,
            key=key,
            language=language,
            status=status,
            party=party,
            sha256=sha256,
        )
        return sorted(found, key=lambda row: (row.kind, row.key, row.language, row.number, row.party or ""))

    def files(self, edition: str) -> list[tuple[str | None, str, str, str, int]]:
        """Of every document session, stage, name, SHA-256 and size; what else is known of it is not read."""
        table = schema.document
        columns = (table.c.session, table.c.stage, table.c.name, table.c.sha256, table.c.size)
        query = select(*columns).where(table.c.edition == edition)
        return self._read(lambda connection: [tuple(row) for row in connection.execute(query)])

    def letters(
        self,
        edition: str,
        session: str | None = None,
        kind: str | None = None,
        party: str | None = None,
        person: str | None = None,
        status: str | None = None,
        key: str | None = None,
        thread: str | None = None,
    ) -> list[LetterRow]:
        """By key."""
        found = self._rows(
            schema.letter,
            LetterRow,
            edition=edition,
            session=session,
            kind=kind,
            party=party,
            person=person,
            status=status,
            key=key,
            thread=thread,
        )
        return sorted(found, key=lambda row: row.key)

    def letter_keys(self, edition: str, statuses: Collection[str]) -> list[str]:
        """The keys of the letters in these states, sorted; what they say is not read."""
        table = schema.letter
        query = select(table.c.key).where(table.c.edition == edition, table.c.status.in_(statuses))
        return self._read(lambda connection: sorted(connection.scalars(query)))

    def letter_states(self, edition: str, kind: str | None = None) -> dict[str, str]:
        """The state of each letter, or of each of a kind, by key; what they say is not read."""
        table = schema.letter
        query = select(table.c.key, table.c.status).where(table.c.edition == edition)
        if kind is not None:
            query = query.where(table.c.kind == kind)
        return self._read(lambda connection: {row.key: row.status for row in connection.execute(query)})

    def letter_attachments(self, edition: str, statuses: Collection[str]) -> dict[str, tuple[str, ...]]:
        """What goes with each letter in these states (hashes), by key; what they say is not read."""
        table = schema.letter
        query = select(table.c.key, table.c.attachments).where(table.c.edition == edition, table.c.status.in_(statuses))
        return self._read(lambda connection: {row.key: row.attachments for row in connection.execute(query)})

    def threads(self, edition: str, party: str) -> frozenset[str]:
        """The threads of every letter to a party that went out."""
        table = schema.letter
        to_them = (table.c.edition == edition, table.c.party == party, table.c.thread.is_not(None))
        query = select(table.c.thread).where(*to_them).distinct()
        return self._read(lambda connection: frozenset(connection.scalars(query)))

    def has_thread(self, edition: str, thread: str) -> bool:
        """Whether a letter went out in this thread."""
        table = schema.letter
        query = select(table.c.key).where(table.c.edition == edition, table.c.thread == thread).limit(1)
        return self._read(lambda connection: connection.execute(query).first() is not None)

    def decisions(
        self,
        edition: str,
        subject_kind: str | None = None,
        subject_key: str | None = None,
        key: str | None = None,
        current: bool | None = None,
    ) -> list[DecisionRow]:
        """With those that were corrected, by key and number."""
        found = self._rows(
            schema.decision,
            DecisionRow,
            edition=edition,
            subject_kind=subject_kind,
            subject_key=subject_key,
            key=key,
            current=current,
        )
        return sorted(found, key=lambda row: (row.key, row.number))

    def decision(self, edition: str, key: str) -> DecisionRow | None:
        """The answer in force."""
        return next(iter(self.decisions(edition, key=key, current=True)), None)

    def actions(self, edition: str, session: str | None = None) -> list[ActionRow]:
        """By session and id."""
        found = self._rows(schema.action, ActionRow, edition=edition, session=session)
        return sorted(found, key=lambda row: (row.session or "", row.id))

    def arrivals(self, edition: str) -> list[ArrivalRow]:
        """By time of arrival."""
        found = self._rows(schema.arrival, ArrivalRow, edition=edition)
        return sorted(found, key=lambda row: (row.received_at, row.file_name, row.sha256))

    def arrival(self, edition: str, sha256: str) -> ArrivalRow | None:
        return next(iter(self._rows(schema.arrival, ArrivalRow, edition=edition, sha256=sha256)), None)

    def memory(self, source_language: str, target_language: str) -> list[MemoryRow]:
        """The passages of a language pair, of all editions, by edition, paper and segment."""
        found = self._rows(schema.memory, MemoryRow, source_language=source_language, target_language=target_language)
        return sorted(found, key=lambda row: (row.edition, row.paper, row.segment, row.source_key))

    def memory_counts(self) -> list[tuple[str, str, str, str, str, int]]:
        """How many passages there are, of all editions: languages, edition, paper, origin, number."""
        table = schema.memory
        columns = (table.c.source_language, table.c.target_language, table.c.edition, table.c.paper, table.c.origin)
        query = select(*columns, func.count()).group_by(*columns)
        return self._read(lambda connection: sorted(tuple(row) for row in connection.execute(query)))

    def history(
        self,
        edition: str,
        since_seq: int = 0,
        kind: str | None = None,
        key: str | None = None,
        subject: str | None = None,
        records: Collection[tuple[str, str]] | None = None,
    ) -> list[HistoryRow]:
        """The lines after `since_seq`, in the order they were committed; `records` keeps those of (kind, key)."""
        table, filters = schema.history, _given(edition=edition, kind=kind, key=key, subject=subject)
        query = rows_where(table, tuple(filters)).where(table.c.seq > since_seq)
        if records is not None:
            # Both columns by themselves: so SQLite, too, finds the lines by its index instead of reading all.
            kinds, keys = {kind for kind, _ in records}, {key for _, key in records}
            query = query.where(table.c.kind.in_(kinds), table.c.key.in_(keys))
        found = self._read(lambda connection: fetch(connection, query.order_by(table.c.seq), HistoryRow, filters))
        return found if records is None else [line for line in found if (line.kind, line.key) in records]

    def last_seq(self, edition: str) -> int:
        """The number of the newest line of an edition's history, 0 before the first."""
        query = select(func.max(schema.history.c.seq)).where(schema.history.c.edition == edition)
        return self._read(lambda connection: connection.scalar(query) or 0)

    def referenced_hashes(self) -> set[str]:
        """The sha256 of every file the ledger names, of all editions: any other file in the store is an orphan.

        What stands in a record's facts counts whatever its kind, as the pictures of a mail do: other hashes among them
        are the name of no file and spare none.
        """

        def collect(connection: Connection) -> set[str]:
            found = set(connection.scalars(select(schema.document.c.sha256)))
            found |= set(connection.scalars(select(schema.arrival.c.sha256)))
            for attachments in connection.scalars(select(schema.letter.c.attachments)):
                found |= set(attachments)
            for facts in connection.scalars(select(cast(schema.record.c.facts, Text))):
                found.update(_SHA256.findall(facts))
            return found

        return self._read(collect)

    def snapshot(self, edition: str) -> dict[str, Any]:
        """The edition as sorted plain values without run ids and row numbers: two equal rehearsals compare equal."""
        return self._read(lambda connection: snapshot(connection, edition))

    def _rows(self, table: Table, make: Callable[..., Row], **filters: str | bool | None) -> list[Row]:
        values = _given(**filters)
        return self._read(lambda connection: fetch(connection, rows_where(table, tuple(values)), make, values))

    def _read(self, work: Callable[[Connection], Result]) -> Result:
        with reachable(self._engine.url), self._reader.connect() as connection:
            return work(connection)


def _given(**filters: str | bool | None) -> dict[str, str | bool]:
    return {name: value for name, value in filters.items() if value is not None}
