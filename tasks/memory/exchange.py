"""The memory goes out as TMX for other programs, and what they remember comes in."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import BinaryIO

from tasks.adapters import tmx
from tasks.adapters.ledger import MemoryRow
from tasks.desk import Desk
from tasks.domain.edition import Edition
from tasks.domain.errors import Invalid
from tasks.domain.locale import language_of
from tasks.domain.memory import Passage, canonical, source_key, without_codes
from tasks.memory.pair import languages_of
from tasks.memory.remembering import is_whole, remember

Pair = tuple[str, str]


@dataclass(frozen=True)
class Import:
    """What a file would add: passages by pair of the edition's languages, and how many it has of what else.

    `known` are in the memory already, with this translation; `foreign` have no pair of the edition's languages;
    `unusable` are empty.
    """

    passages: dict[Pair, list[Passage]]
    known: int
    foreign: int
    unusable: int

    @property
    def new(self) -> int:
        return sum(map(len, self.passages.values()))

    def __str__(self) -> str:
        pairs = ", ".join(f"{source}:{target} {len(found):,}" for (source, target), found in self.passages.items())
        return (
            f"{self.new:,} new{f' ({pairs})' if pairs else ''}, {self.known:,} known, "
            f"{self.foreign:,} of other languages, {self.unusable:,} without text"
        )


def export(desk: Desk, source: str, target: str, file: BinaryIO) -> int:
    """Write the passages of a pair, of all editions, as TMX; how many."""
    from_, to = (desk.edition.language(id).locale for id in (source, target))
    rows = desk.ledger.memory(*languages_of(desk.edition, source, target))
    tmx.write(file, (_unit(row, from_, to) for row in rows), source_language=from_, version=version("roundtable"))
    return len(rows)


def _unit(row: MemoryRow, source: str, target: str) -> tmx.Unit:
    told = {
        "x-edition": row.edition, "x-paper": row.paper, "x-session": row.session or "", "x-segment": row.segment,
        "x-origin": row.origin, "x-before": row.before, "x-after": row.after,
    }  # fmt: skip
    return tmx.Unit(
        {source: row.source, target: row.target},
        properties={name: value for name, value in told.items() if value},
        changed_by=row.by,
        changed_at=row.at,
    )


def plan_import(desk: Desk, file: BinaryIO, name: str) -> Import:
    """What a TMX file would add to the memory. A translation is between the language the file is from and each other.

    Where a unit's codes differ between two languages, both texts are taken without.

    Raises:
        Invalid: the file is no TMX, is damaged, or holds nothing for this edition.
    """
    found: dict[Pair, list[Passage]] = {}
    known: dict[Pair, set[tuple[str, str]]] = {}
    count = Counter[str]()
    for unit in tmx.read(file, name):
        pairs = list(_pairs(desk.edition, unit))
        count["foreign"] += not pairs
        for pair, source, target in pairs:
            passage = _passage(unit, source, target)
            if passage is None:
                count["unusable"] += 1
                continue
            if pair not in known:
                known[pair] = _known(desk, *pair)
            same = source_key(passage.source), passage.target
            if same in known[pair]:
                count["known"] += 1
                continue
            known[pair].add(same)
            found.setdefault(pair, []).append(passage)
    if not found and not count["known"]:
        languages = ", ".join(language.locale for language in desk.edition.languages)
        raise Invalid(f"{name}: has no translation between two languages of {desk.edition.id} ({languages})")
    return Import(dict(sorted(found.items())), count["known"], count["foreign"], count["unusable"])


def take_in(desk: Desk, planned: Import, name: str) -> None:
    """Remember what a file adds, in one transaction; again adds nothing."""
    with desk.change(f"{name} was read into the memory") as change:
        for (source, target), passages in planned.passages.items():
            remember(desk, change, source, target, passages, paper=name, session=None, origin="imported")


def _pairs(edition: Edition, unit: tmx.Unit) -> Iterator[tuple[Pair, str, str]]:
    """Pairs of the edition's languages that a unit has, with both texts."""
    texts: dict[str, str] = {}
    for tag, text in unit.texts.items():
        texts.setdefault(_primary(tag), text)
    ids = {language_of(language.locale): language.id for language in edition.languages}
    from_ = _primary(unit.source_language or edition.drafting_language.locale)
    if from_ in ids and from_ in texts:
        for language, text in texts.items():
            if language in ids and language != from_:
                yield (ids[from_], ids[language]), texts[from_], text


def _primary(tag: str) -> str:
    """The language of a tag as other programs write it: `EN-GB`, `en_us`."""
    return tag.replace("_", "-").partition("-")[0].casefold()


def _passage(unit: tmx.Unit, source: str, target: str) -> Passage | None:
    if not is_whole(source, target):
        source, target = without_codes(source), without_codes(target)
    if not is_whole(source, target):
        return None
    source, target = canonical(source, target)
    # A place of its own for each translation, so that none takes the place of another.
    place = hashlib.blake2b(f"{source}\0{target}".encode(), digest_size=16).hexdigest()
    told = unit.properties
    return Passage(source, target, told.get("x-before", ""), told.get("x-after", ""), segment=place)


def _known(desk: Desk, source: str, target: str) -> set[tuple[str, str]]:
    rows = desk.ledger.memory(*languages_of(desk.edition, source, target))
    return {(row.source_key, row.target) for row in rows}
