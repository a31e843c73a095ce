"""Translations go into the memory, within the change that makes them known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tasks.adapters.ledger import Change
from tasks.adapters.ledger.memory import Origin, Remembered, Translated
from tasks.desk import Desk
from tasks.domain.codes import check_codes
from tasks.domain.memory import Passage, Source, canonical, neighbours, source_key
from tasks.memory.pair import languages_of


def passages_of(units: Sequence[Source], targets: Mapping[str, str]) -> list[Passage]:
    """The segments of a whole text in order that have a target, each with its neighbours. Blank targets are none."""
    return [
        Passage(unit.source, targets[unit.id], before, after, segment=unit.id)
        for unit, (before, after) in zip(units, neighbours(units), strict=True)
        if targets.get(unit.id, "").strip()
    ]


def remember(
    desk: Desk,
    change: Change,
    source_language: str,
    target_language: str,
    passages: Sequence[Passage],
    *,
    paper: str,
    session: str | None,
    origin: Origin,
) -> Remembered:
    """Remember the passages of a paper between two languages of the edition; again changes nothing.

    Text of a machine belongs here only when a person has gone through it. A passage whose codes are not those of its
    source is left out: nothing could be built of it.
    """
    kept = []
    for passage in passages:
        if is_whole(passage.source, passage.target):
            source, target = canonical(passage.source, passage.target)
            key = source_key(source)
            kept.append(Translated(passage.segment, key, source, target, passage.before, passage.after))
    languages = languages_of(desk.edition, source_language, target_language)
    return change.remember(*languages, kept, paper=paper, session=session, origin=origin)


def is_whole(source: str, target: str) -> bool:
    """Whether a translation can be built: both are text, and their codes are the same."""
    return bool(source.strip() and target.strip()) and not check_codes(source, source) + check_codes(source, target)
