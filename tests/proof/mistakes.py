"""How many mistakes put in on purpose the checks find, and how often they are wrong about good translations."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from tasks.domain.checks import Finding
from tests.domain.injector import Injected, Pair, inject
from tests.proof.papers import Translated


@dataclass
class Caught:
    """Mistakes by kind: how many were put in, how many were found; and those that were not."""

    injected: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    missed: list[Injected] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.caught.total() / max(1, self.injected.total())


@dataclass
class Alarms:
    """Segments of good translations by language: how many there are, and in how many something was found.

    `blocking` are those that would have held a paper up.
    """

    segments: Counter[str] = field(default_factory=Counter)
    flagged: Counter[str] = field(default_factory=Counter)
    blocking: Counter[str] = field(default_factory=Counter)

    def count(self, language: str, segments: int, findings: Sequence[Finding]) -> None:
        """Add a translation with what was found in it."""
        self.segments[language] += segments
        self.flagged[language] += len({each.segment for each in findings})
        self.blocking[language] += len({each.segment for each in findings if each.is_blocking})

    @property
    def share(self) -> float:
        return self.flagged.total() / max(1, self.segments.total())


def catch(papers: Sequence[Translated], mistakes: int, seed: int = 20310709) -> Caught:
    """Put so many mistakes, one at a time, into translations. A finding counts that was not there before."""
    rng, told = random.Random(seed), Caught()
    before = [{each.key for each in paper.findings()} for paper in papers]
    while told.injected.total() < mistakes:
        number = rng.randrange(len(papers))
        paper = papers[number]
        pairs = [Pair(unit.id, unit.source, unit.target) for unit in paper.units]
        names = [form for name in paper.names for form in name.targets]
        terms = [(source, term.targets[0]) for term in paper.terms for source in term.sources]
        made = inject(pairs, rng, paper.locale, names, terms)
        if made is None:
            continue
        changed, mistake = made
        units = [replace(unit, target=pair.target) for unit, pair in zip(paper.units, changed, strict=True)]
        told.injected[mistake.kind] += 1
        found = [each for each in paper.findings(units) if each.segment == mistake.segment]
        if any(each.key not in before[number] for each in found):
            told.caught[mistake.kind] += 1
        else:
            told.missed.append(mistake)
    return told


def false_alarms(papers: Iterable[Translated]) -> Alarms:
    """What the checks find in translations as they are."""
    told = Alarms()
    for paper in papers:
        told.count(paper.language, len(paper.units), paper.findings())
    return told
