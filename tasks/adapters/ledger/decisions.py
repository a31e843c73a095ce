"""Decisions: given once, repeated without effect, contradicted never, corrected with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select, update

from tasks.adapters.ledger import schema
from tasks.adapters.ledger.columns import plain
from tasks.adapters.ledger.rows import DecisionRow, Record
from tasks.adapters.ledger.writing import Writing, day, fetch, named
from tasks.domain.errors import Conflict, Invalid, Unknown


class Decisions(Writing):
    """The part of a change that records what people decided."""

    def decide(
        self, key: str, subject: Record, answer: Mapping[str, Any], reason: str | None = None
    ) -> tuple[DecisionRow, bool]:
        """The decision `key` on `subject`, and whether it is new.

        Repeated with the answer in force: that row and False. With another answer: `Conflict`, naming who decided what
        and when. A new one needs `subject` as the ledger has it (`Overtaken` otherwise), so decide before you move.
        """
        self._require_edition()
        found = self._current(key)
        given = plain(answer)
        if found is not None:
            if found.answer == given and (found.subject_kind, found.subject_key) == (subject.kind, subject.key):
                return found, False
            raise Conflict(
                f"{named(found.subject_key, found.subject_kind)} was decided otherwise: {spoken(found.answer)} "
                f"by {found.decided_by} on {day(found.decided_at)}; correct it with `roundtable decide correct`"
            )
        self._still(subject)
        return self._insert(key, 1, subject, given, reason, {"event": "decided"}, None), True

    def correct(self, key: str, answer: Mapping[str, Any], reason: str) -> DecisionRow:
        """The decision `key` with another answer, as its next number; the earlier one stays, no longer current.

        Its `before` is the record as it is now; what followed from the earlier answer is the history after the earlier
        row's `history_seq`. The answer in force given again: that row, nothing changed.
        """
        self._require_edition()
        found = self._current(key)
        if found is None:
            raise Unknown(f"{self.edition} has no decision {key!r} to correct; see `roundtable status {self.edition}`")
        given = plain(answer)
        if found.answer == given:
            return found
        if not reason.strip():
            whose = named(found.subject_key, found.subject_kind)
            raise Invalid(f"{whose}: a correction of {spoken(found.answer)} needs a reason; give one")
        subject = self.record(found.subject_kind, found.subject_key)
        assert subject is not None  # a foreign key, and records are never deleted
        table = schema.decision
        self._connection.execute(
            update(table)
            .where(table.c.edition == self.edition, table.c.key == key, table.c.number == found.number)
            .values(current=False)
        )
        event = {"event": "corrected", "instead_of": found.answer}
        return self._insert(key, found.number + 1, subject, given, reason, event, reason)

    def _insert(
        self,
        key: str,
        number: int,
        subject: Record,
        answer: dict[str, Any],
        reason: str | None,
        event: dict[str, Any],
        why: str | None,
    ) -> DecisionRow:
        told = {**event, "decision": key, "number": number, "answer": answer, "reason": reason}
        row = DecisionRow(
            edition=self.edition,
            key=key,
            number=number,
            subject_kind=subject.kind,
            subject_key=subject.key,
            answer=answer,
            reason=reason,
            decided_by=self.who.by,
            decided_at=self.who.at,
            before={"state": subject.state, "facts": dict(subject.facts)},
            # Filed under its subject, so that a record's history has its decisions in place.
            history_seq=self._log("decision", subject.kind, subject.key, told, why),
            run=self.who.run,
            current=True,
        )
        self._connection.execute(insert(schema.decision).values(**vars(row)))
        return row

    def _current(self, key: str) -> DecisionRow | None:
        table = schema.decision
        query = select(table).where(table.c.edition == self.edition, table.c.key == key, table.c.current)
        return next(iter(fetch(self._connection, query, DecisionRow)), None)


def spoken(answer: Mapping[str, Any]) -> str:
    """An answer in a sentence: `'accept'`, or `decision: accept, partners: WHO, IOM`."""
    if len(answer) == 1:
        return f"'{_said(*answer.values())}'"
    return ", ".join(f"{name}: {_said(value)}" for name, value in answer.items())


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)
