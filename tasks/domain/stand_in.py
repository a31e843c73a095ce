"""A stand-in for a translation, where a rehearsal or a test has no translator."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from babel.numbers import get_group_symbol

from tasks.domain.checks import Name, Names, TermPair, Terms, visible
from tasks.domain.codes import tokens
from tasks.domain.edition import Edition
from tasks.domain.locale import find_locale, format_number, months_of
from tasks.domain.translation import names_in, terms_in

#: One letter for one letter.
_LETTERS: Final = str.maketrans("aceinosuyACEINOSUY", "àçéîñôšûýÀÇÉÎÑÔŠÛÝ")


def stand_in(edition: Edition, source: str, target: str) -> StandIn:
    """The stand-in for translations between two languages of an edition."""
    names, terms = names_in(edition, source, target), terms_in(edition, source, target)
    return StandIn(names, terms, edition.language(source).locale, edition.language(target).locale)


class StandIn:
    """Text that is readable, visibly not the source, and right where a translation is checked.

    Names, the months of dates and numbers are those of the target's language, codes are kept; terms of the glossary
    follow in brackets.
    """

    def __init__(self, names: Sequence[Name], terms: Sequence[TermPair], from_: str, to: str) -> None:
        """From the locale `from_` into `to`; names and terms in both."""
        self._to = to
        self._names, self._terms = Names(names), Terms(terms, from_, to)
        months = zip(months_of(from_), months_of(to), strict=True)
        self._known = {name.source: name.targets[0] for name in names if name.source} | dict(months)
        known = "|".join(map(re.escape, sorted(self._known, key=lambda text: (-len(text), text))))
        self._group = get_group_symbol(find_locale(from_))
        number = rf"(?<!\d)\d{{1,3}}(?:{re.escape(self._group)}\d{{3}})+(?!\d)"
        self._pattern = re.compile(rf"(?P<known>(?<!\w)(?:{known})(?!\w))|(?P<number>{number})")

    def __call__(self, text: str) -> str:
        """The stand-in for a segment's text."""
        made = "".join(str(token) if token.kind != "text" else self._put(str(token)) for token in tokens(text))
        terms = self._terms.found_in(self._names.without(visible(text)))
        return made + "".join(f" ({term.targets[0]})" for _, term in terms)

    def _put(self, text: str) -> str:
        made, at = "", 0
        for match in self._pattern.finditer(text):
            made += text[at : match.start()].translate(_LETTERS)
            at = match.end()
            if match["known"]:
                made += self._known[match["known"]]
            else:
                made += format_number(int(match["number"].replace(self._group, "")), self._to)
        return made + text[at:].translate(_LETTERS)
