"""Terms of the glossary: which of them a source has, and whether its target has them in one of their forms.

Words are compared without regard to letter case, by their stems where Snowball knows the language, else whole; a word
all in capitals is an abbreviation and stays as it is. In a source a term stands where its words stand in a row, the
longest one first. In a target a form stands where each of its words stands somewhere, alone or within a longer
word, as in compounds and after joined articles; words of up to three letters, such as articles, do not count beside
longer ones. Scripts without spaces have words of one sign, which must stand in a row.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import snowballstemmer
from rapidfuzz import fuzz

from tasks.domain.checks.finding import Check, Finding, TermPair
from tasks.domain.locale import find_locale

_SIGN: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD: Final = re.compile(rf"[{_SIGN}]|[^\W_{_SIGN}]+")
#: Words this short are articles, prepositions and the like.
_SMALL: Final = 3
#: A stem at least this long may stand within a longer word; shorter ones stand in too many by chance.
_LONG: Final = 5
#: How alike (0 to 100) a stem and one that lost or changed a vowel in another case or number are.
_ALIKE: Final = 85
_OF_THIS_THREAD: Final = threading.local()


class _Stems:
    """The stems of one language's words."""

    def __init__(self, locale: str) -> None:
        language = (find_locale(locale).english_name or "").partition(" ")[0].lower()
        self._language = language if language in snowballstemmer.algorithms() else ""

    def __call__(self, word: str) -> str:
        if len(word) > 1 and word.isupper() and word.lower() != word:
            return word
        return _stem(self._language, word.casefold()) if self._language else word.casefold()

    def of(self, text: str) -> tuple[str, ...]:
        return tuple(map(self, _WORD.findall(text)))


@lru_cache(maxsize=200_000)
def _stem(language: str, word: str) -> str:
    # Snowball's stemmers carry state: each thread has its own.
    stemmers = vars(_OF_THIS_THREAD)
    if language not in stemmers:
        stemmers[language] = snowballstemmer.stemmer(language)
    stem: str = stemmers[language].stemWord(word)
    return stem


@dataclass(frozen=True)
class _Form:
    """A name of a term in the target: the stems of its words, and the words."""

    stems: tuple[str, ...]
    words: tuple[str, ...]

    @cached_property
    def weighty(self) -> list[tuple[str, str]]:
        """Stem and word of what counts."""
        both = list(zip(self.stems, self.words, strict=True))
        return [(stem, word) for stem, word in both if len(word) > _SMALL or stem.isupper()] or both

    @cached_property
    def is_of_signs(self) -> bool:
        return any(re.fullmatch(f"[{_SIGN}]", stem) for stem in self.stems)


class Terms:
    """The terms of a paper's languages, made ready to be looked for."""

    def __init__(self, terms: Sequence[TermPair], from_: str, to: str) -> None:
        self._source, self._target = _Stems(from_), _Stems(to)
        self._forms = {term: [self._form(name) for name in term.targets] for term in terms}
        self._starting: dict[str, list[tuple[tuple[str, ...], TermPair]]] = {}
        for term in terms:
            for stems in filter(None, map(self._source.of, term.sources)):
                self._starting.setdefault(stems[0], []).append((stems, term))
        for entries in self._starting.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def _form(self, name: str) -> _Form:
        return _Form(self._target.of(name), tuple(word.casefold() for word in _WORD.findall(name)))

    def found_in(self, source: str) -> list[tuple[str, TermPair]]:
        """Each term that stands in a visible source, once, as it stands there."""
        words = list(_WORD.finditer(source))
        stems = [self._source(word[0]) for word in words]
        found: dict[TermPair, str] = {}
        at = 0
        while at < len(words):
            length = 1
            for term_stems, term in self._starting.get(stems[at], ()):
                if tuple(stems[at : at + len(term_stems)]) == term_stems:
                    length = len(term_stems)
                    found.setdefault(term, source[words[at].start() : words[at + length - 1].end()])
                    break
            at += length
        return [(said, term) for term, said in found.items()]

    def findings(self, segment: str, source: str, target: str) -> Iterator[Finding]:
        """Terms of a visible source that its target has in none of their forms."""
        found = self.found_in(source)
        if not found:
            return
        words = _WORD.findall(target)
        stems = [self._target(word) for word in words]
        anywhere = {*stems, *(word.casefold() for word in words)}
        for said, term in found:
            if not any(_stands(form, stems, anywhere) for form in self._forms[term]):
                yield Finding(segment, Check.GLOSSARY, (("term", said), ("expected", term.targets[0])))


def _stands(form: _Form, stems: Sequence[str], anywhere: set[str]) -> bool:
    if form.is_of_signs:
        return any(tuple(stems[at : at + len(form.stems)]) == form.stems for at in range(len(stems)))
    return all(stem in anywhere or _stands_within(stem, word, anywhere) for stem, word in form.weighty)


def _stands_within(stem: str, word: str, anywhere: set[str]) -> bool:
    return len(stem) >= _LONG and any(
        stem in other or word in other or fuzz.ratio(stem, other) >= _ALIKE for other in anywhere
    )
