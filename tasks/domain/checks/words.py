"""Names, and whether a segment is translated at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from rapidfuzz import fuzz

from tasks.domain.checks.finding import Check, Conventions, Finding, Name
from tasks.domain.locale import language_of

#: How much of a name must stand in the target (0 to 100): languages inflect names and join articles to them.
_ALIKE: Final = 80
#: So many words beside names may well be the same in both languages (a heading, a title).
_FEW_WORDS: Final = 3
#: A shorter text does not say what language it is in.
_SURE_LETTERS: Final = 60
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_TWICE: Final = re.compile(r"(?<!\w)([^\W\d_]{2,})[ \u00a0]+\1(?!\w)", re.IGNORECASE)
#: A text in the source's language has at least so many of its words from the source: two texts about one thing do.
_SHARED: Final = 0.25
#: The language a text is in, as a code such as `fr`, or None where that is not sure.
Identify = Callable[[str], str | None]


class Names:
    """The names of a paper's languages, made ready to be looked for."""

    def __init__(self, names: Sequence[Name]) -> None:
        self._by_source = {name.source: name for name in names if name.source}
        longest_first = sorted(self._by_source, key=lambda source: (-len(source), source))
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first)) or '(?!)'})(?!\w)")

    def findings(self, segment: str, source: str, target: str) -> Iterator[Finding]:
        """Names of the source that the target does not have in any of their ways."""
        folded = target.casefold()
        for name in self.found_in(source):
            if not any(_stands_in(form.casefold(), folded) for form in name.targets):
                yield Finding(segment, Check.NAME, (("name", name.source), ("expected", name.targets[0])))

    def found_in(self, source: str) -> list[Name]:
        """Each name that stands in a source, once, in order."""
        return [self._by_source[found] for found in dict.fromkeys(self._pattern.findall(source))]

    def translated(self, text: str) -> str | None:
        """A text in the target's language where it holds nothing but names, figures and signs; None where it does."""
        if any(map(str.isalpha, self.without(text))):
            return None
        return self._pattern.sub(lambda match: self._by_source[match[0]].targets[0], text)

    def without(self, text: str) -> str:
        """A text without the names in it."""
        return self._pattern.sub(" ", text)


def language_findings(
    segment: str, source: str, target: str, names: Names, from_: str, identify: Identify | None
) -> Iterator[Finding]:
    """A target that is its source again, or that reads as the source's language, whose locale is `from_`.

    A third language is no mistake: the title of a book, the name of an institution.
    """
    if source.split() == target.split():
        if len(_WORD.findall(names.without(source))) >= _FEW_WORDS:
            yield Finding(segment, Check.UNTRANSLATED)
        return
    text = names.without(target)
    if sum(map(str.isalpha, text)) < _SURE_LETTERS or _shared(text, source) < _SHARED:
        return
    if identify is not None and identify(text) == language_of(from_):
        yield Finding(segment, Check.LANGUAGE)


def repeated_findings(segment: str, source: str, target: str, conventions: Conventions) -> Iterator[Finding]:
    """Words that stand twice in a row, but not in the source."""
    if _TWICE.search(source):
        return
    for match in _TWICE.finditer(target):
        if match[1].casefold() not in conventions.may_repeat:
            yield Finding(segment, Check.REPEATED, (("word", match[1]),))


def _shared(text: str, source: str) -> float:
    """The share of a text's words that the source has too."""
    words, known = _WORD.findall(text.casefold()), set(_WORD.findall(source.casefold()))
    return sum(word in known for word in words) / len(words) if words else 0.0


def _stands_in(name: str, text: str) -> bool:
    return name in text or (len(name) > 3 and fuzz.partial_ratio(name, text) >= _ALIKE)
