"""Column types that mean the same on SQLite and PostgreSQL, and the one JSON form of the ledger."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Dialect, Text
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeDecorator

from tasks.domain.errors import Invalid
from tasks.domain.outbox import Act, Addressee, Invite, Share, Signatory


class NaiveTime(Invalid, DontWrapMixin):
    """A time without a zone; `DontWrapMixin` lets it reach the caller as it is, not as a database error."""


def utc(moment: datetime) -> datetime:
    """`moment` in UTC; `NaiveTime` when it has no zone, because nobody could tell later which hour was meant."""
    if moment.utcoffset() is None:
        raise NaiveTime(f"{moment.isoformat(' ')} has no time zone, so it can't be recorded; give it in UTC")
    return moment.astimezone(UTC)


def dumps(value: object) -> str:
    """`value` as JSON with sorted keys: equal values are equal texts, on both databases."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False)


def plain(value: Any) -> Any:
    """`value` as it will be read back (tuples as lists, keys as texts), so that comparisons are fair."""
    return json.loads(dumps(value))


def plain_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as stored: JSON values, and a fact that is None is one that is not there."""
    return {name: plain(value) for name, value in facts.items() if value is not None}


def storable(text: str) -> str:
    """`text` without what a database refuses: zero bytes, and the half characters of a badly encoded file name."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


class Instant(TypeDecorator[datetime]):
    """An aware time, kept as ISO text in UTC with microseconds: fixed width, so texts sort as times do."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else utc(value).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class AbsentAsEmpty(TypeDecorator[str]):
    """None kept as '': a unique constraint treats two NULLs as different, so it would not hold."""

    impl = Text
    cache_ok = True
    coerce_to_is_types = ()  # `column == None` must compare with '', not ask IS NULL

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str:
        return value or ""

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        return value or None


class Names(TypeDecorator[tuple[str, ...]]):
    """A JSON list of texts, a tuple in Python."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> list[str]:
        return list(value or ())

    def process_result_value(self, value: Any | None, dialect: Dialect) -> tuple[str, ...]:
        return tuple(value or ())


class Addressees(TypeDecorator[tuple[Addressee, ...]]):
    """The recipients of a letter: a JSON list of objects, a tuple in Python."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[Addressee, ...] | None, dialect: Dialect) -> list[dict[str, Any]]:
        return [asdict(each) for each in value or ()]

    def process_result_value(self, value: Any | None, dialect: Dialect) -> tuple[Addressee, ...]:
        return tuple(Addressee(**each) for each in value or ())


class Signature(TypeDecorator[Signatory]):
    """Who signs a letter: a JSON object, or nothing for one drafted before letters were signed."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Signatory | None, dialect: Dialect) -> dict[str, Any] | None:
        return None if value is None else asdict(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Signatory | None:
        return None if value is None else Signatory(**value)


class Deed(TypeDecorator[Act]):
    """What a letter does instead of being mailed: a JSON object that names its kind, or nothing."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Act | None, dialect: Dialect) -> dict[str, Any] | None:
        return None if value is None else {"act": _ACTS[type(value)], **asdict(value)}

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Act | None:
        if value is None:
            return None
        kind = next(kind for kind, name in _ACTS.items() if name == value["act"])
        return kind(**{name: part for name, part in value.items() if name != "act"})


_ACTS: dict[type[Act], str] = {Share: "share", Invite: "invite"}
