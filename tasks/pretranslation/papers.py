"""The papers whose text is final, each with what a machine would be asked for its translation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tasks.adapters.word.segments import Segment, extract
from tasks.desk import Desk
from tasks.pretranslation.port import Pretranslator
from tasks.pretranslation.quoting import Quote, quote


@dataclass(frozen=True)
class _Unit:
    """A segment of a paper as the memory and machines look at it."""

    id: str
    source: str


def quotes(desk: Desk, language: str, provider: Pretranslator) -> dict[str, Quote]:
    """By paper what `provider` would be asked for its translation into a language. It is not asked yet."""
    source, found = desk.edition.drafting_language.id, {}
    for record in desk.ledger.records(desk.edition.id, "background-paper"):
        if record.state == "issued":
            final = desk.current("background-paper", record.key, source)
            found[record.key] = quote(desk, source, language, units_of(extract(desk.open(final.sha256))), provider)
    return found


def units_of(segments: Iterable[Segment]) -> list[_Unit]:
    """The segments of a paper as the memory and machines look at them."""
    return [_Unit(each.id, each.text) for each in segments]
