"""Changes to an edition and to its records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import insert, select, update

from tasks.adapters.ledger import schema
from tasks.adapters.ledger.columns import plain, plain_facts
from tasks.adapters.ledger.rows import EditionRow, Record
from tasks.adapters.ledger.writing import Writing, day, fetch
from tasks.domain.edition_edits import differences
from tasks.domain.errors import Conflict

#: A record to be begun: its kind, key, state, session and facts.
Beginning = tuple[str, str, str, str | None, Mapping[str, Any]]


class Records(Writing):
    """The part of a change that starts editions and moves records."""

    def start_edition(self, config: Mapping[str, Any], sha: str, rehearsal: bool) -> bool:
        """Record the configuration an edition starts with; False when it was started with this one already.

        `Conflict` when it runs with another one, or was started as what it is not (a rehearsal, or a real edition).
        """
        found = self._edition_row()
        if found is not None:
            started = f"{self.edition} was started by {found.started_by} on {day(found.started_at)}"
            if found.rehearsal != rehearsal:
                kinds = {True: "a rehearsal", False: "a real edition"}
                raise Conflict(
                    f"{started} as {kinds[found.rehearsal]}, not {kinds[rehearsal]}; use another home for that"
                )
            if found.config_sha != sha:
                raise Conflict(
                    f"{started} and now has another configuration ({found.config_sha[:12]}, not {sha[:12]}); "
                    f"see `roundtable edition diff {self.edition}`, then "
                    f"`roundtable edition apply {self.edition} --by NAME`"
                )
            return False
        row = insert(schema.edition).values(
            edition=self.edition,
            config=plain(config),
            config_sha=sha,
            started_at=self.who.at,
            started_by=self.who.by,
            rehearsal=rehearsal,
            version=1,
        )
        self._connection.execute(row)
        self._is_started = True
        self._log("edition", "edition", self.edition, {"config_sha": [None, sha], "version": [None, 1]})
        return True

    def replace_config(self, config: Mapping[str, Any], sha: str) -> bool:
        """Put another configuration in force; False when it is in force already. `Unknown` before the start.

        The row keeps the newest one only: what it was before is in the history, by place.
        """
        self._require_edition()
        found = self._edition_row()
        assert found is not None
        if found.config_sha == sha:
            return False
        table = schema.edition
        self._connection.execute(
            update(table)
            .where(table.c.edition == self.edition)
            .values(config=plain(config), config_sha=sha, version=found.version + 1)
        )
        change = {place: [old, new] for place, old, new in differences(found.config, plain(config))}
        change |= {"config_sha": [found.config_sha, sha], "version": [found.version, found.version + 1]}
        self._log("edition", "edition", self.edition, change)
        return True

    def add_record(
        self, kind: str, key: str, state: str, session: str | None = None, facts: Mapping[str, Any] | None = None
    ) -> bool:
        """Begin a record at version 1; False, and nothing changed, when it exists (in whatever state)."""
        self._require_edition()
        if self.record(kind, key) is not None:
            return False
        self._begin([(kind, key, state, session, facts or {})])
        return True

    def add_records(self, records: Iterable[Beginning]) -> int:
        """Begin many records at version 1, all those that do not exist yet; how many."""
        self._require_edition()
        table = schema.record
        query = select(table.c.kind, table.c.key).where(table.c.edition == self.edition)
        known = {(kind, key) for kind, key in self._connection.execute(query)}
        fresh = {each[:2]: each for each in records if each[:2] not in known}
        self._begin(list(fresh.values()))
        return len(fresh)

    def _begin(self, records: Sequence[Beginning]) -> None:
        rows, lines = [], []
        for kind, key, state, session, facts in records:
            kept = plain_facts(facts)
            row = {"edition": self.edition, "kind": kind, "key": key, "session": session, "state": state}
            change: dict[str, Any] = {"state": [None, state], "version": [None, 1], "session": [None, session]}
            rows.append({**row, "version": 1, "facts": kept, "changed_at": self.who.at})
            lines.append(("record", kind, key, change | _difference({}, kept)))
        if rows:
            self._connection.execute(insert(schema.record), rows)
            self._log_all(lines)

    def move(self, record: Record, to: str, /, **facts: Any) -> Record:
        """`record` in state `to`, one version on, with `facts` merged in (None removes one).

        `Overtaken` when it is not in the ledger as it was read: another process was first. Whether the step is allowed
        is the domain's question, asked before.
        """
        self._still(record)
        return self._update(record, to, facts)

    def note(self, record: Record, /, **facts: Any) -> Record:
        """`record` with `facts` merged in (None removes one), in the same state, one version on.

        `Overtaken` as in `move`. When the facts are there already nothing is written and the version stays.
        """
        self._still(record)
        if _merged(record.facts, facts) == record.facts:
            return record
        return self._update(record, record.state, facts)

    def _update(self, record: Record, to: str, facts: Mapping[str, Any]) -> Record:
        after = replace(
            record,
            state=to,
            version=record.version + 1,
            facts=_merged(record.facts, facts),
            changed_at=self.who.at,
        )
        table = schema.record
        # Conditional although the lock is held: should anything else ever write here, this step is still done once.
        result = self._connection.execute(
            update(table)
            .where(table.c.edition == self.edition, table.c.kind == record.kind, table.c.key == record.key)
            .where(table.c.state == record.state, table.c.version == record.version)
            .values(state=after.state, version=after.version, facts=after.facts, changed_at=after.changed_at)
        )
        if result.rowcount == 0:
            self._overtaken(record, self.record(record.kind, record.key))
        change: dict[str, Any] = {"version": [record.version, after.version]}
        if to != record.state:
            change["state"] = [record.state, to]
        self._log("record", record.kind, record.key, change | _difference(record.facts, after.facts))
        return after

    def _edition_row(self) -> EditionRow | None:
        table = schema.edition
        query = select(table).where(table.c.edition == self.edition)
        return next(iter(fetch(self._connection, query, EditionRow)), None)


def _merged(facts: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in facts.items() if name not in changes}
    return kept | plain_facts(changes)


def _difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    names = sorted(before.keys() | after.keys())
    return {
        f"facts.{name}": [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)
    }
