"""Numbers and dates of a segment, whatever way a language writes them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from babel.numbers import get_decimal_symbol, get_group_symbol

from tasks.domain.checks.finding import Check, Finding
from tasks.domain.locale import find_locale, format_number, months_of

#: No-break, narrow no-break and thin space: what may part thousands whatever a language prefers (ISO 80000-1).
_SPACES: Final = "\u00a0\u202f\u2009"
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)*")
#: A number right before or after the name of a month makes it a date: 9 July, 1er juillet, 9 de julio de 2007.
_BEFORE: Final = re.compile(r"\d\S{0,2}\s*(?:\w{1,3}\s+)?$")
_AFTER: Final = re.compile(r"^\.?,?\s*(?:\w{1,3}\s+)?\d")
_ROMAN: Final = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
#: A century is counted in Roman figures in French and Spanish: the 21st is le XXIe.
_MOST_ROMAN: Final = 30


def figure_findings(segment: str, source: str, target: str, from_: str, to: str) -> Iterator[Finding]:
    """Numbers and months of the source that the target lacks, numbers it adds, numbers written as elsewhere.

    `source` and `target` are visible texts in the locales `from_` and `to`, their digits plain.
    """
    source, wanted_months = _without_months(source, from_)
    target, found_months = _without_months(target, to)
    for month in (wanted_months - found_months).elements():
        yield Finding(segment, Check.DATE, (("month", months_of(to)[month - 1]),))
    wanted, found = numbers(source, from_), numbers(target, to)
    as_elsewhere = numbers(target, from_)
    foreign = 0
    for number in (wanted - found).elements():
        if _is_roman(number, target):
            continue
        if as_elsewhere[number] > found[number]:
            foreign += 1
            yield Finding(segment, Check.NUMBER_FORM, (("number", _shown(number, to)),))
        else:
            yield Finding(segment, Check.NUMBER, (("number", _shown(number, to)),))
    added = list((found - wanted).elements())
    for number in added[foreign:]:
        yield Finding(segment, Check.ADDED_NUMBER, (("number", number),))


def numbers(text: str, locale: str) -> Counter[str]:
    """The numbers of a text in one notation: no group separators, a point before decimals."""
    group, decimal = get_group_symbol(find_locale(locale)), get_decimal_symbol(find_locale(locale))
    between = f"[{re.escape(group)}{_SPACES}]"
    text = re.sub(rf"(?<!\d)\d{{1,3}}(?:{between}\d{{3}})+(?!\d)", lambda m: re.sub(between, "", m[0]), text)
    text = re.sub(rf"(?<=\d){re.escape(decimal)}(?=\d)", ".", text)
    return Counter(_NUMBER.findall(text))


def plain_digits(text: str) -> str:
    """A text with the digits of any script as 0 to 9."""
    return "".join(str(unicodedata.digit(sign)) if sign.isdigit() and not sign.isascii() else sign for sign in text)


def _without_months(text: str, locale: str) -> tuple[str, Counter[int]]:
    """A text without the names of months in its dates, and how often each month stood in one."""
    names, pattern = _months(locale)
    found: Counter[int] = Counter()
    kept, at = "", 0
    for match in pattern.finditer(text):
        is_date = match[0][0].isdigit() or _BEFORE.search(text[: match.start()]) or _AFTER.search(text[match.end() :])
        if is_date:
            found[names[match[0]]] += 1
            kept += text[at : match.start()] + " "
            at = match.end()
    return kept + text[at:], found


@lru_cache(maxsize=64)
def _months(locale: str) -> tuple[dict[str, int], re.Pattern[str]]:
    """The names of months, long and short, as a language has them in and outside a date.

    A capital counts where the language has one: in English "may" is no month.
    """
    forms = find_locale(locale).months
    names = {
        written: month
        for context in ("format", "stand-alone")
        for width in ("abbreviated", "wide")
        for month, name in forms[context][width].items()
        for written in (str(name), str(name)[:1].upper() + str(name)[1:], str(name).upper())
    }
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    numbered = [name for name in longest_first if name[0].isdigit()]
    # A name that is a number (7月) stands between other signs without a space.
    alternatives = [
        rf"{before}(?:{'|'.join(map(re.escape, some))}){after}"
        for some, before, after in (
            (numbered, r"(?<!\d)", ""),
            ([name for name in longest_first if name not in numbered], r"(?<!\w)", r"(?!\w)"),
        )
        if some
    ]
    return names, re.compile("|".join(alternatives))


def _shown(number: str, locale: str) -> str:
    """A number as the language writes it."""
    if "." in number or number.startswith("0") or len(number) == 4:
        return number  # a section, and what is likely a year
    return format_number(int(number), locale)


def _is_roman(number: str, target: str) -> bool:
    if not number.isdigit() or not 0 < int(number) <= _MOST_ROMAN:
        return False
    rest, roman = int(number), ""
    for value, sign in _ROMAN:
        while rest >= value:
            rest, roman = rest - value, roman + sign
    return re.search(rf"(?<!\w){roman}(?:\W|e\b|$)", target) is not None
