"""Mistakes as lines: where, which key, the offending value, what is wrong, what was probably meant, what is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rapidfuzz import fuzz, process

from tasks.adapters.edition_yaml import Source
from tasks.domain.edition_mistake import UNREAD, Mistake, Path
from tasks.domain.locale import some_of

#: The same mistake in more places than this is told in one line.
_FEW: Final = 3
#: So many of what would be allowed are shown, and one of them this much like the value (of 100) is what was meant.
_SHOWN: Final = 12
_NEAR: Final = 60


def lines_of(source: Source, found: Iterable[Mistake]) -> Iterator[str]:
    """One line for each mistake, and one for all the places where the same thing is wrong in the same way.

    A renamed language is missed in every text, and through an alias one place is wrong several times over.
    """
    alike: dict[object, dict[tuple[str, str | int | None], Mistake]] = {}
    for mistake in found:
        end = mistake.path[-1] if mistake.path else None
        key = (str(mistake.value), mistake.problem, mistake.allowed, end if mistake.value is None else "")
        alike.setdefault(key, {}).setdefault((source.place(mistake.path), end), mistake)
    for mistakes in alike.values():
        first, *others = mistakes.values()
        if len(others) < _FEW:
            yield from (line_of(source.place(mistake.path), mistake) for mistake in mistakes.values())
        else:
            places = list(dict.fromkeys(source.place(mistake.path) for mistake in others))
            yield f"{line_of(source.place(first.path), first)}. The same at {some_of(places, _FEW)}"


def line_of(place: str, mistake: Mistake) -> str:
    """The line that tells a mistake at `place`, with its path and value as far as it has them."""
    path = f" {_spell(mistake.path)}:" if mistake.path else ""
    value = "" if mistake.value is None else f" {_show(mistake.value)}:"
    text = f"{place}:{path}{value} {mistake.problem}"
    allowed = [name for name in mistake.allowed if name != UNREAD]
    likeliest = process.extract(str(mistake.value), allowed, scorer=fuzz.ratio, processor=str.casefold, limit=_SHOWN)
    near = mistake.meant or next((name for name, score, _ in likeliest if score >= _NEAR), "")
    if near:
        text += f"; did you mean {near!r}?"
    if allowed:
        # Of many, those most like the value: what was meant is among them, wherever it stands in the files.
        shown = allowed if len(allowed) <= _SHOWN else [name for name, _, _ in likeliest]
        more = f" and {len(allowed) - _SHOWN} more" if len(allowed) > _SHOWN else ""
        text += f"{'' if near else '.'} Allowed: {', '.join(shown)}{more}"
    return text


def _show(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping of keys"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _spell(path: Path) -> str:
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            name = part if part.isprintable() and 0 < len(part) <= 60 else _show(part)
            text += f"{'.' if text else ''}{name}"
    return text
