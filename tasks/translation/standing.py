"""How far every translation of an edition is, for the people who look after them."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tasks.adapters.ledger import Record
from tasks.desk import Desk
from tasks.domain.targets import Origin, progress, repeats
from tasks.domain.translation import STAGE
from tasks.domain.workdays import workdays_of
from tasks.translation.checking import check
from tasks.translation.receiving import MARKED
from tasks.translation.working import load, segments_of


@dataclass(frozen=True)
class Standing:
    """One translation, or all of them: rows and words of the source; `reused` are rows from memory or repeated."""

    key: str
    state: str
    rows: int = 0
    done: int = 0
    reused: int = 0
    machine: int = 0
    stale: int = 0
    read: int = 0
    words: int = 0
    words_left: int = 0
    waived: int = 0

    def figures(self) -> tuple[int, ...]:
        return (
            self.rows, self.done, self.reused, self.machine, self.stale, self.read, self.words, self.words_left,
            self.waived,
        )  # fmt: skip


def standings(desk: Desk) -> list[Standing]:
    """Every translation in the order of the edition; one that was not sent yet has no rows."""
    return [_standing(desk, record) for record in desk.ledger.records(desk.edition.id, STAGE)]


def total(standings: Sequence[Standing]) -> Standing:
    """The figures of all of them together."""
    sums = (sum(figures) for figures in zip(*(each.figures() for each in standings), strict=True))
    return Standing(f"{len(standings)} translations", "", *sums)


@dataclass(frozen=True)
class Estimate:
    """When what is left in a language can be done: in so many working days of its translators, by `ready`."""

    language: str
    words_left: int
    words_per_day: int
    days: int
    ready: dt.date


def estimates(desk: Desk) -> list[Estimate]:
    """For each language with words left when they can be translated, by what the edition assumes of its translators."""
    left: Counter[str] = Counter()
    for record in desk.ledger.records(desk.edition.id, STAGE):
        left[record.facts["language"]] += record.facts.get("progress", {}).get("words_left", 0)
    found = []
    for language in desk.edition.languages:
        capacity = desk.edition.assumptions.capacity_of(language.id)
        a_day = capacity.words_per_day * capacity.translators
        if left[language.id]:
            days = math.ceil(left[language.id] / a_day)
            ready = workdays_of(desk.edition).move(desk.today, days)
            found.append(Estimate(language.id, left[language.id], a_day, days, ready))
    return found


@dataclass(frozen=True)
class Waiver:
    """A finding that somebody let stand."""

    key: str
    segment: str
    check: str
    by: str
    reason: str


@dataclass(frozen=True)
class Looked:
    """What the checks say of all translations as they stand: findings by check, those waived, files sent back."""

    findings: Mapping[str, int]
    waivers: Sequence[Waiver]
    sent_back: int


def looked_over(desk: Desk) -> Looked:
    """Check every translation that came back."""
    found: Counter[str] = Counter()
    waivers, sent_back = [], 0
    for record in desk.ledger.records(desk.edition.id, STAGE):
        if not record.facts.get("text"):
            continue
        checked = check(desk, record, load(desk, record))
        found.update(each.check for each in checked.findings if each.key not in checked.waived)
        for key, waiver in record.facts.get("waived", {}).items():
            segment, kind, *_ = key.split("|")
            waivers.append(Waiver(record.key, segment, kind, waiver["by"], waiver["reason"]))
        sent_back += len(desk.ledger.documents(desk.edition.id, kind=MARKED, key=record.key))
    return Looked(dict(sorted(found.items())), waivers, sent_back)


def _standing(desk: Desk, record: Record) -> Standing:
    if "final" not in record.facts:
        return Standing(record.key, record.state)
    segments, translated = segments_of(desk, record.facts["final"]), load(desk, record)
    how_far, again = progress(segments, translated), repeats(segments)
    taken = [each for each in segments if (held := translated.targets.get(each.id)) and not held.proposed]
    origins = {each.id: translated.targets[each.id].origin for each in taken}
    return Standing(
        key=record.key,
        state=record.state,
        rows=how_far.segments,
        done=how_far.done,
        reused=sum(origin is Origin.MEMORY or id in again for id, origin in origins.items()),
        machine=sum(origin is Origin.MACHINE for origin in origins.values()),
        stale=how_far.stale,
        read=how_far.read,
        words=how_far.words,
        words_left=how_far.words_left,
        waived=len(record.facts.get("waived", {})),
    )
