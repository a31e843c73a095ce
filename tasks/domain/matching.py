"""Which of the files that went out has come back: evidence weighed to ranked suggestions, and when they are certain.

A file is known by the properties it was sent with. Where these are gone, four things speak for what it is: the letter
it answers, the address it came from, the text that was sent to each party, and its name. Each is worth its weight, and
none of them alone makes a match certain.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Final

from rapidfuzz import fuzz

#: What each sign is worth; together one. A file's own properties come before all of them.
_TEXT: Final = 0.40
_THREAD: Final = 0.25
_SENDER: Final = 0.20
_NAME: Final = 0.10
_AWAITED: Final = 0.05
_MARK: Final = 0.6
#: Without properties a match is certain from this likeness on, and this far ahead of the second.
CERTAIN_LIKENESS: Final = 0.6
CERTAIN_LEAD: Final = 0.15
#: A paragraph less like another than this is another one.
_SAME_PARAGRAPH: Final = 0.5
#: Words in a shingle. Two paragraphs that share none are not compared at all.
_SHINGLE: Final = 3
_NAME_LIKENESS: Final = 0.6
#: A shingle of more paragraphs than this tells nothing; it would only make a hostile file slow to read.
_COMMON: Final = 40
#: A character of a script without spaces is a word.
_WORD: Final = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\\W_\u3040-\u30ff\u3400-\u9fff]+")


@dataclass(frozen=True)
class Mark:
    """What a file's own properties say it is."""

    kind: str
    key: str
    version: int


@dataclass(frozen=True)
class Prose:
    """The paragraphs of a document, made comparable: letter case, spaces and punctuation do not count."""

    paragraphs: tuple[str, ...]

    @cached_property
    def lines(self) -> tuple[tuple[str, ...], ...]:
        """The words of each paragraph that has some."""
        found = (tuple(_WORD.findall(unicodedata.normalize("NFKC", text).casefold())) for text in self.paragraphs)
        return tuple(line for line in found if line)

    @cached_property
    def words(self) -> int:
        return sum(map(len, self.lines))


@dataclass(frozen=True)
class Given:
    """A file that was given to a party and may come back.

    `threads` are those of the letters it went out with; `round` is of a comment round or draft, where it has one.
    """

    kind: str
    key: str
    session: str
    party: str
    version: int
    language: str
    name: str
    prose: Prose
    round: int | None = None
    threads: frozenset[str] = frozenset()
    is_awaited: bool = True

    @property
    def mark(self) -> Mark:
        return Mark(self.kind, self.key, self.version)


@dataclass(frozen=True)
class Evidence:
    """What is known of a file that came in.

    `senders` are the parties the address is known to speak for, `neighbours` those with an address at the same domain.
    """

    file_name: str
    prose: Prose
    mark: Mark | None = None
    thread: str = ""
    senders: frozenset[str] = frozenset()
    neighbours: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Suggestion:
    """What a file may be. `score` from 0 to 1; `likeness` the share of the text sent that stands in it."""

    given: Given
    score: float
    likeness: float
    reasons: tuple[str, ...]


def suggest(evidence: Evidence, given: Iterable[Given]) -> list[Suggestion]:
    """Everything that speaks for itself at all, the likeliest first; the order of `given` does not matter."""
    measured: dict[Prose, float] = {}
    found = []
    for candidate in given:
        if candidate.prose not in measured:
            measured[candidate.prose] = likeness(candidate.prose, evidence.prose)
        suggestion = _weigh(evidence, candidate, measured[candidate.prose])
        if suggestion.reasons:
            found.append(suggestion)
    return sorted(found, key=_rank)


def _rank(suggestion: Suggestion) -> tuple[float, str, str, str, int]:
    given = suggestion.given
    return -suggestion.score, given.kind, given.key, given.party, -given.version


def _weigh(evidence: Evidence, given: Given, alike: float) -> Suggestion:
    reasons = []
    score = _TEXT * alike
    is_marked = evidence.mark == given.mark
    if is_marked:
        reasons.append("its properties say so")
    if evidence.thread and evidence.thread in given.threads:
        score += _THREAD
        reasons.append("it answers the letter that went with it")
    if given.party in evidence.senders:
        score += _SENDER
        reasons.append(f"it came from the address of {given.party}")
    elif given.party in evidence.neighbours:
        score += _SENDER / 2 / len(evidence.neighbours)
        reasons.append(f"it came from the domain of {given.party}")
    if alike >= 0.1:
        reasons.append(f"{alike:.0%} of the text that was sent stands in it")
    named = name_likeness(evidence.file_name, given.name)
    if named >= _NAME_LIKENESS:
        score += _NAME * named
        reasons.append(f"its name is like {given.name}")
    if reasons and given.is_awaited:
        score += _AWAITED
        reasons.append("it is awaited now")
    if evidence.mark is not None:
        score = _MARK * is_marked + (1 - _MARK) * score
    return Suggestion(given, round(min(score, 1.0), 4), alike, tuple(reasons))


def contradictions(evidence: Evidence, party: str, threads: frozenset[str] = frozenset()) -> list[str]:
    """What speaks against the file being this party's, in words; an unknown address or letter speaks against nobody."""
    found = []
    if evidence.senders and party not in evidence.senders:
        found.append(f"it is {party}'s by its properties and came from the address of {_named(evidence.senders)}")
    if evidence.thread and threads and evidence.thread not in threads:
        found.append(f"it is {party}'s by its properties and answers another letter")
    return found


def certain(evidence: Evidence, ranked: Sequence[Suggestion]) -> Suggestion | None:
    """The first of `ranked` where nothing can be said against it, else None.

    Either its properties say so and nobody contradicts; or it has none, and thread, sender and text agree on it, far
    ahead of everything else it may be.
    """
    if not ranked:
        return None
    first, given = ranked[0], ranked[0].given
    if evidence.mark is not None:
        agrees = evidence.mark == given.mark and not contradictions(evidence, given.party, given.threads)
        return first if agrees else None
    others = (other.score for other in ranked[1:] if (other.given.mark, other.given.party) != (given.mark, given.party))
    is_certain = (
        evidence.thread in given.threads
        and given.party in evidence.senders
        and first.likeness >= CERTAIN_LIKENESS
        and first.score - max(others, default=0.0) >= CERTAIN_LEAD
    )
    return first if is_certain else None


def likeness(sent: Prose, came: Prose) -> float:
    """How much of the text that was sent stands in the one that came, and a little how much of that one was sent.

    From 0 to 1, by words. An edited paragraph counts as far as it is the same.
    """
    if not sent.words or not came.words:
        return 0.0
    left = Counter(came.lines)
    found, rest = 0.0, []
    for line in sent.lines:
        if left[line]:
            left[line] -= 1
            found += len(line)
        else:
            rest.append(line)
    remaining = list(left.elements())
    places: dict[tuple[str, ...], set[int]] = {}
    for place, line in enumerate(remaining):
        for shingle in _shingles(line):
            places.setdefault(shingle, set()).add(place)
    taken: set[int] = set()
    for line in rest:
        shared = (places.get(shingle, set()) for shingle in _shingles(line))
        near = sorted({place for found_in in shared if len(found_in) <= _COMMON for place in found_in} - taken)
        rated = [(fuzz.ratio(line, remaining[place]) / 100, place) for place in near]
        best, place = max(rated, default=(0.0, 0), key=lambda pair: (pair[0], -pair[1]))
        if best >= _SAME_PARAGRAPH:
            taken.add(place)
            found += best * min(len(line), len(remaining[place]))
    return 0.8 * min(found / sent.words, 1.0) + 0.2 * min(found / came.words, 1.0)


def _shingles(line: tuple[str, ...]) -> set[tuple[str, ...]]:
    return {line[start : start + _SHINGLE] for start in range(len(line) - _SHINGLE + 1)}


def name_likeness(name: str, sent: str) -> float:
    """How alike two file names are, from 0 to 1, whatever the order of their words; endings do not count."""
    mine, theirs = (" ".join(_WORD.findall(PurePath(text).stem.casefold())) for text in (name, sent))
    return fuzz.token_sort_ratio(mine, theirs) / 100 if mine and theirs else 0.0


def _named(parties: Iterable[str]) -> str:
    return " or ".join(sorted(parties))
