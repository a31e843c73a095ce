"""The papers whose text is final, each with what a machine would be asked for its translation."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.adapters.word.segments import extract
from tasks.desk import Desk
from tasks.pretranslation.port import Pretranslator
from tasks.pretranslation.quoting import Quote, quote


@dataclass(frozen=True)
class Segment:
    """A segment of a paper as it is to be translated."""

    id: str
    source: str


def quotes(desk: Desk, language: str, provider: Pretranslator) -> dict[str, Quote]:
    """By paper what `provider` would be asked for its translation into a language. It is not asked yet."""
    source, found = desk.edition.drafting_language.id, {}
    for record in desk.ledger.records(desk.edition.id, "background-paper"):
        if record.state == "issued":
            final = desk.current("background-paper", record.key, source)
            found[record.key] = quote(desk, source, language, segments_of(desk, final.sha256), provider)
    return found


def segments_of(desk: Desk, sha256: str) -> list[Segment]:
    """The segments of a document of the store in order."""
    return [Segment(each.id, each.text) for each in extract(desk.open(sha256))]
