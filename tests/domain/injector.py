"""Mistakes put into good translations on purpose, written apart from the checks that are to find them.

Each mistake is one that translators make: a figure with two digits changed about, a date in another month, a name of
another country, a segment left out or left in the source's language, a code lost, a mark on the wrong side.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from babel.dates import get_month_names


@dataclass(frozen=True)
class Pair:
    """A segment as the injector sees it."""

    id: str
    source: str
    target: str


@dataclass(frozen=True)
class Injected:
    """What was done to which segment."""

    kind: str
    segment: str
    before: str
    after: str


def _number(pair: Pair, rng: random.Random, locale: str, names: Sequence[str]) -> str | None:
    places = list(re.finditer(r"\d+", pair.target))
    if not places:
        return None
    place = rng.choice(places)
    digit = rng.randrange(place.start(), place.end())
    other = rng.choice([d for d in "123456789" if d != pair.target[digit]])
    return pair.target[:digit] + other + pair.target[digit + 1 :]


def _lost_number(pair: Pair, rng: random.Random, locale: str, names: Sequence[str]) -> str | None:
    places = list(re.finditer(r"(?<![\d⟦/])\d{2,}(?![\d⟧])", pair.target))
    if not places:
        return None
    place = rng.choice(places)
    return pair.target[: place.start()] + pair.target[place.end() :]


def _month(pair: Pair, rng: random.Random, locale: str, names: Sequence[str]) -> str | None:
    months = [str(name) for name in get_month_names("wide", locale=locale.replace("-", "_")).values()]
    dates = [(m, name) for name in months for m in re.finditer(rf"\b{re.escape(name)}\b(?= (?:de )?\d)", pair.target)]
    if not dates:
        return None
    place, name = rng.choice(dates)
    other = rng.choice([each for each in months if each != name])
    return pair.target[: place.start()] + other + pair.target[place.end() :]


def _name(pair: Pair, rng: random.Random, locale: str, names: Sequence[str]) -> str | None:
    there = [name for name in names if re.search(rf"\b{re.escape(name)}\b", pair.target) and len(name) > 3]
    if not there:
        return None
    name = rng.choice(there)
    other = rng.choice([each for each in names if each not in pair.target and name not in each])
    return re.sub(rf"\b{re.escape(name)}\b", other, pair.target)


def _missing(pair: Pair, rng: random.Random, locale: str, names: Sequence[str]) -> str | None:
    return rng.choice(["", "  ", "\u00a0"])


def _untranslated(pair: Pair, rng: random.Random, locale: str, names: Sequence[str]) -> str | None:
    return pair.source if len(pair.source.split()) > 12 else None


def _lost_code(pair: Pair, rng: random.Random, locale: str, names: Sequence[str]) -> str | None:
    codes = list(re.finditer(r"⟦/?\d+/?⟧", pair.target))
    if not codes:
        return None
    code = rng.choice(codes)
    return pair.target[: code.start()] + pair.target[code.end() :]


def _note(pair: Pair, rng: random.Random, locale: str, names: Sequence[str]) -> str | None:
    """The mark of a footnote (or a break) is lost, or stands a second time."""
    marks = list(re.finditer(r"⟦\d+/⟧", pair.target))
    if not marks:
        return None
    mark = rng.choice(marks)
    return pair.target[: mark.start()] + mark[0] * rng.choice([0, 2]) + pair.target[mark.end() :]


def _half(pair: Pair, rng: random.Random, locale: str, names: Sequence[str]) -> str | None:
    """Only the first part of a long segment is translated."""
    words = pair.target.split(" ")
    return " ".join(words[: len(words) // 3]) if len(words) > 24 and "⟦" not in pair.target else None


def _twice(pair: Pair, rng: random.Random, locale: str, names: Sequence[str]) -> str | None:
    words = pair.target.split(" ")
    places = [i for i, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    if not places:
        return None
    place = rng.choice(places)
    return " ".join([*words[: place + 1], words[place], *words[place + 1 :]])


def _typed_number(pair: Pair, rng: random.Random, locale: str, names: Sequence[str]) -> str | None:
    """The number that Word counts is typed once more."""
    is_prose = len(pair.target.split()) > 8 and not pair.target[0].isdigit()
    return f"{rng.randrange(1, 60)}. {pair.target}" if is_prose else None


KINDS: dict[str, Callable[[Pair, random.Random, str, Sequence[str]], str | None]] = {
    "number": _number, "lost number": _lost_number, "date": _month, "name": _name, "missing": _missing,
    "untranslated": _untranslated, "code": _lost_code, "half": _half, "repeated word": _twice,
    "typed number": _typed_number, "footnote": _note,
}  # fmt: skip


def _term(pair: Pair, rng: random.Random, terms: Sequence[tuple[str, str]]) -> str | None:
    """A term of the glossary has the name of another one."""
    there = [
        (source, target)
        for source, target in terms
        if _whole(source).search(pair.source) and _whole(target).search(pair.target)
    ]
    # Within a longer term its words are none of its own.
    there = [
        (source, target) for source, target in there if not any(source in each and source != each for each, _ in there)
    ]
    if not there:
        return None
    _, name = rng.choice(there)
    other = rng.choice([each for _, each in terms if not set(each.lower().split()) & set(name.lower().split())])
    return _whole(name).sub(other, pair.target)


def _whole(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(words)}\b", re.IGNORECASE)


def inject(
    pairs: Sequence[Pair],
    rng: random.Random,
    locale: str,
    names: Sequence[str],
    terms: Sequence[tuple[str, str]] = (),
) -> tuple[list[Pair], Injected] | None:
    """One mistake in one segment, of each kind as often; None where the kind drawn fits none of the segments drawn.

    `terms` are those of a glossary, in source and target.
    """
    kind = rng.choice([*sorted(KINDS), *(["term"] if terms else [])])
    for index in rng.sample(range(len(pairs)), len(pairs)):
        pair = pairs[index]
        after = _term(pair, rng, terms) if kind == "term" else KINDS[kind](pair, rng, locale, names)
        if after is not None and after != pair.target:
            break
    else:
        return None
    changed = list(pairs)
    changed[index] = replace(pair, target=after)
    return changed, Injected(kind, pair.id, pair.target, after)
