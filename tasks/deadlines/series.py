"""Which points of each series of reminders were handled, when, and by which letter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cached_property

from tasks.adapters.ledger import Change, Record
from tasks.domain import calendar_records
from tasks.domain.errors import Overtaken


class Series:
    """The points handled so far, by record of milestone and party: {"DUE|POINT": [day, letter]}."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = {record.key: record for record in records if record.kind == calendar_records.REMINDER}

    @cached_property
    def handled(self) -> dict[str, dt.date]:
        return {
            f"{key}|{point}": dt.date.fromisoformat(day)
            for key, record in self.records.items()
            for point, (day, _) in record.facts["points"].items()
        }

    def keep(self, change: Change, points: Iterable[str], today: dt.date, letter_key: str, session: str) -> None:
        """Record points as handled by a letter (or by none, where they were passed over).

        Raises:
            Overtaken: another sweep was here in the meantime.
        """
        by_record: dict[str, dict[str, list[str]]] = {}
        for point in points:
            milestone, party, due, name = point.rsplit("|", 3)
            by_record.setdefault(f"{milestone}|{party}", {})[f"{due}|{name}"] = [today.isoformat(), letter_key]
        for key, fresh in by_record.items():
            record = change.record(calendar_records.REMINDER, key)
            known = self.records.get(key)
            if (record.version if record else 0) != (known.version if known else 0):
                raise Overtaken(f"{key}: another sweep drafted this reminder; read again")
            if record is None:
                change.add_record(calendar_records.REMINDER, key, "counting", session, {"points": fresh})
            else:
                change.note(record, points=record.facts["points"] | fresh)
            after = change.record(calendar_records.REMINDER, key)
            assert after is not None
            self.records[key] = after
