"""Passages made ready to be looked up: by hash where the text is the same, by likeness where it is nearly.

A text is compared with those only that have words in common with it, the rare ones first, so that a look-up among
100,000 takes no longer than among some hundreds. What shares no word with it is not found, be it as like as can be;
short texts, in which one word is much, are compared with all of their length.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from tasks.domain.codes import check_codes
from tasks.domain.memory.fitting import carried, fit
from tasks.domain.memory.normal import pattern, plain, source_key
from tasks.domain.memory.passage import Passage, Suggestion

#: The least likeness of a text that is offered, of 100, and how many suggestions a segment gets.
LEAST: Final = 75
MOST: Final = 5
#: So many characters are few words.
_SHORT: Final = 32
#: The rarest words of a text that are looked for, and the texts with most of them that are compared.
_WORDS, _COMPARED = 32, 64
#: Scripts that part no words: every two characters of a run stand for one.
_UNPARTED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_PARTED: Final = re.compile(rf"[^\W{_UNPARTED}]+")
_RUN: Final = re.compile(rf"[{_UNPARTED}]+")


class Index:
    """Passages of one language pair; it does not change."""

    def __init__(self, passages: Iterable[Passage], least: int = LEAST) -> None:
        """`least` is the least likeness of a text that is offered, 1 to 100."""
        self._least = least
        self._same: dict[str, list[Passage]] = {}
        self._alike: dict[str, list[int]] = {}
        by_text: dict[str, list[Passage]] = {}
        for passage in passages:
            self._same.setdefault(source_key(passage.source), []).append(passage)
            by_text.setdefault(plain(passage.source), []).append(passage)
        # By length, so that those of nearly the same length stand together; then by content, so that ties are the same
        # whatever the order they came in.
        self._texts = sorted(by_text, key=lambda text: (len(text), text))
        self._lengths = [len(text) for text in self._texts]
        self._passages = [by_text[text] for text in self._texts]
        standing: dict[str, list[int]] = {}
        for place, text in enumerate(self._texts):
            self._alike.setdefault(pattern(text), []).append(place)
            for word in _words(text):
                standing.setdefault(word, []).append(place)
        self._standing = {word: np.array(places, dtype=np.int32) for word, places in standing.items()}

    def suggest(self, source: str, before: str = "", after: str = "", most: int = MOST) -> list[Suggestion]:
        """What is offered for a segment, best first: the same text, between the same neighbours first, else the likest.

        `before` and `after` are as in Passage. Each text is offered once, with where the best of its kind came from.
        """
        found = self._exact(source, before, after) or self._near(source)
        once: dict[str, Suggestion] = {}
        for suggestion in found:
            once.setdefault(suggestion.text, suggestion)
        return list(once.values())[:most]

    def _exact(self, source: str, before: str, after: str) -> list[Suggestion]:
        passages = sorted(self._same.get(source_key(source), ()), key=lambda passage: passage.target)
        passages.sort(key=lambda passage: passage.rank, reverse=True)
        inside, outside = list[Suggestion](), list[Suggestion]()
        for passage in passages:
            text = carried(passage.source, passage.target, source)
            if text is None or check_codes(source, text):
                continue
            if before and after and (passage.before, passage.after) == (before, after):
                inside.append(Suggestion(text, "in-context", 100, passage.came_from))
            else:
                outside.append(Suggestion(text, "exact", 100, passage.came_from))
        return inside + outside

    def _near(self, source: str) -> list[Suggestion]:
        text = plain(source)
        found = [
            (suggestion, passage)
            for place, likeness in self._likest(text)
            for passage in self._passages[place]
            if (suggestion := _fitted(passage, source, likeness)).score >= self._least
        ]
        found.sort(key=lambda each: (each[0].text, each[1].came_from))
        found.sort(key=lambda each: (each[0].score, each[0].fits, *each[1].rank), reverse=True)
        return [suggestion for suggestion, _ in found]

    def _likest(self, text: str) -> list[tuple[int, int]]:
        """Places of the texts like `text`, each with its likeness, rounded down."""
        places = sorted({*self._alike.get(pattern(text), ()), *self._candidates(text)})
        scored = process.extract(
            text,
            [self._texts[place] for place in places],
            scorer=Levenshtein.normalized_similarity,
            score_cutoff=self._least / 100,
            limit=None,
        )
        likeness = {places[at]: int(score * 100) for _, score, at in scored}
        # Texts that differ by figures only are like each other, however many the figures are of a short text.
        return list((dict.fromkeys(self._alike.get(pattern(text), ()), 0) | likeness).items())

    def _candidates(self, text: str) -> Sequence[int]:
        """Places of the texts to compare `text` with: of nearly its length, with most of its rare words."""
        share = self._least / 100
        first = bisect_left(self._lengths, math.ceil(len(text) * share))
        last = bisect_left(self._lengths, math.floor(len(text) / share) + 1)
        if len(text) <= _SHORT:
            return range(first, last)
        standing = [self._standing[word] for word in sorted(_words(text)) if word in self._standing]
        standing = sorted(standing, key=len)[:_WORDS]
        if not standing:
            return []
        within = [places[slice(*np.searchsorted(places, (first, last)))] for places in standing]
        weights = [math.log1p(len(self._texts) / len(places)) for places in standing]
        worth = np.bincount(
            np.concatenate(within) - first,
            weights=np.repeat(weights, [len(places) for places in within]),
            minlength=1,
        )
        if len(worth) > _COMPARED:
            # What is worth as much as the last one that is taken is taken too: no tie is decided by chance.
            worth[worth < np.partition(worth, -_COMPARED)[-_COMPARED]] = 0
        chosen: list[int] = (np.flatnonzero(worth) + first).tolist()
        return chosen


def _fitted(passage: Passage, source: str, likeness: int) -> Suggestion:
    text, score, fits = fit(passage, source, likeness)
    return Suggestion(text, "fuzzy", score, passage.came_from, fits)


def _words(text: str) -> set[str]:
    folded = text.casefold()
    words = set(_PARTED.findall(folded))
    words.update(run[at : at + 2] for run in _RUN.findall(folded) for at in range(max(1, len(run) - 1)))
    return words
