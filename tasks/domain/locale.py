"""Dates, numbers and lists as a language writes them.

A locale is a language tag as editions spell it: `fr`, `en-GB`, `zh`. What CLDR knows of it comes from Babel, so that a
new language needs no code. An unknown tag is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

import babel.dates
import babel.lists
import babel.numbers
from babel.core import Locale, UnknownLocaleError, get_global
from pyuca import Collator

from tasks.domain.errors import Unknown

#: Where CLDR's likeliest region is not the one whose spelling intergovernmental documents follow.
_PREFERRED_REGION = {"en": "GB"}
#: CLDR's codes of letters that stand for no place: unknown, and two for tests of software.
_NO_TERRITORY = frozenset({"ZZ", "XA", "XB"})


@lru_cache(maxsize=64)
def find_locale(tag: str) -> Locale:
    """The Babel locale of a language tag; Unknown with the tag when there is none."""
    try:
        return Locale.parse(tag.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise Unknown(f"{tag!r} is no language tag known here; write one such as 'fr' or 'en-GB'") from error


def language_of(tag: str) -> str:
    """The language of a tag without its region or script: `en-GB` gives `en`."""
    return find_locale(tag).language


@lru_cache(maxsize=8192)
def format_date(day: date, tag: str, form: str = "long") -> str:
    """A date in words, such as `9 July 2030`; `form` is one of Babel's: short, medium, long, full, or a pattern.

    Plain `en` is read as `en-GB` (9 July 2030): the documents are those of an intergovernmental meeting.
    """
    return babel.dates.format_date(day, format=form, locale=_regional(tag))


def format_weekday(day: date, tag: str, *, year: bool = True) -> str:
    """A date with its day of the week, both short, such as `Mon, 9 Jul 2030`; without the year `Mon 9 Jul`."""
    return str(babel.dates.format_skeleton("yMMMEd" if year else "MMMEd", day, locale=_regional(tag)))


def months_of(tag: str) -> list[str]:
    """The names of the months from January on, as they stand in a date."""
    return [str(name) for _, name in sorted(_regional(tag).months["format"]["wide"].items())]


def territories_of(tag: str) -> set[str]:
    """The names of all countries and territories, and of the unions of them that CLDR has a code for."""
    territories = find_locale(tag).territories
    return {str(name) for code, name in territories.items() if code.isalpha() and code not in _NO_TERRITORY}


def format_time(instant: datetime, zone: str, tag: str) -> str:
    """An aware instant as the clocks of `zone` (an IANA name) show it, with the place: `17:00 (Brussels)`."""
    place = babel.dates.get_timezone_location(zone, locale=_regional(tag), return_city=True)
    clock = babel.dates.format_time(instant, "HH:mm", tzinfo=babel.dates.get_timezone(zone), locale=_regional(tag))
    return f"{clock} ({place})"


def format_instant(instant: datetime, zone: str, tag: str) -> str:
    """An aware instant as day and time of `zone`, short: `14 Mar 2007, 10:20`."""
    there = babel.dates.get_timezone(zone)
    clock = babel.dates.format_time(instant, "HH:mm", tzinfo=there, locale=_regional(tag))
    return f"{format_date(instant.astimezone(there).date(), tag, 'medium')}, {clock}"


def format_dates(first: date, last: date, tag: str) -> str:
    """A stretch of days, such as `9–11 July 2030`; a single day where both are the same."""
    if first == last:
        return format_date(first, tag)
    locale = _regional(tag)
    unit = "y" if first.year != last.year else "M" if first.month != last.month else "d"
    # Most languages have the pattern with short months only; the long name goes into the same place.
    patterns = locale.interval_formats.get("yMMMMd") or locale.interval_formats.get("yMMMd") or {}
    pattern = patterns.get(unit)
    if not pattern:
        return f"{format_date(first, tag)} – {format_date(last, tag)}"
    halves = zip((first, last), pattern, strict=True)
    return "".join(format_date(day, tag, re.sub("(?<!M)MMM(?!M)", "MMMM", half)) for day, half in halves)


def format_number(number: int | float | Decimal, tag: str) -> str:
    """A number with the language's separators: 1,500 or 1 500."""
    return babel.numbers.format_decimal(number, locale=_regional(tag))


def format_price(amount: Decimal, currency: str, tag: str) -> str:
    """An amount of money with its currency, such as `€12.50` or `12,50 €`; `currency` is its ISO 4217 code."""
    return babel.numbers.format_currency(amount, currency, locale=_regional(tag))


def plural_form(number: int, tag: str) -> str:
    """The plural form a language counts `number` things in, by its CLDR name: zero, one, two, few, many or other."""
    return find_locale(tag).plural_form(number)


def format_percent(share: float | Decimal, tag: str) -> str:
    """A share of one in per cent, such as 0.25 as `25%` or `25 %`."""
    return babel.numbers.format_percent(share, locale=_regional(tag))


def join_list(items: Sequence[str], tag: str) -> str:
    """Items joined as a sentence joins them: `Ghana, Mali and Peru`."""
    return babel.lists.format_list(list(items), locale=_regional(tag))


def alphabetical(name: str) -> tuple[int, ...]:
    """The key to sort names by, as readers of any alphabet expect it: accents and case come after the letters.

    Source: the Unicode Collation Algorithm with its default table. What a language orders otherwise, such as Chinese by
    sound, is not known to it.
    """
    key: tuple[int, ...] = _collator().sort_key(name)
    return key


@lru_cache(maxsize=1)
def _collator() -> Collator:
    return Collator()


def language_name(named: str, tag: str) -> str:
    """The name of language `named` in the language `tag`, with a capital where the script has them."""
    name = find_locale(named).get_display_name(find_locale(tag)) if "-" in named else None
    name = name or find_locale(tag).languages.get(language_of(named), named)
    return name[:1].upper() + name[1:]


def is_rtl(tag: str) -> bool:
    """Whether the language is written from right to left."""
    return find_locale(tag).text_direction == "rtl"


def script_of(tag: str) -> str:
    """The script a language is written in, such as `Latn`; empty where it is not known."""
    locale = find_locale(tag)
    likely = get_global("likely_subtags").get(locale.language, "").split("_")
    return str(locale.script or next((part for part in likely if len(part) == 4), ""))


def proofing_tag(tag: str) -> str:
    """The tag with a region, as Word's proofing tools want it: `fr` gives `fr-FR`; a tag with a region is kept."""
    locale = _regional(tag)
    if locale.territory:
        return f"{locale.language}-{locale.territory}"
    likely = get_global("likely_subtags").get(locale.language, "")
    region = likely.split("_")[-1]
    return f"{locale.language}-{region}" if len(region) == 2 and region.isupper() else locale.language


def _regional(tag: str) -> Locale:
    locale = find_locale(tag)
    region = _PREFERRED_REGION.get(locale.language)
    return find_locale(f"{locale.language}-{region}") if region and not locale.territory else locale


def some_of(names: Sequence[str], most: int) -> str:
    """Names in the words of our messages, of very many only the first: a, b and 3 more."""
    left = len(names) - most
    return ", ".join(names[:most]) + (f" and {left} more" if left > 0 else "")


def counted(number: int, one: str, more: str = "") -> str:
    """So many things in the words of our messages: 1 comment, 2 comments; `more` where an s does not do."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"
