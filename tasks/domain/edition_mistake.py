"""What a mistake in an edition is, and how what could not be read keeps from making more of them."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

Path = tuple[str | int, ...]

#: Stands where something could not be read: as a value, or as a key of a mapping that may hold more keys than we know,
#: or as the id of an entry. What hangs on it is not checked, for its own mistake is told already.
UNREAD: Final = "\ufffdunread\ufffd"


@dataclass(frozen=True)
class Mistake:
    """One mistake: where it stands, the offending value, what is wrong, what would be allowed.

    `meant` is what was probably meant. A mistake is only one as long as all places in `rests_on` could be read.
    """

    path: Path
    value: object
    problem: str
    allowed: tuple[str, ...] = ()
    meant: str = ""
    rests_on: tuple[Path, ...] = ()


def ids_of(entries: Iterable[str]) -> tuple[str, ...]:
    """The ids of a collection, each once; with `UNREAD` where one stands twice, for then another one is missing."""
    ids = list(entries)
    once = tuple(dict.fromkeys(ids))
    return once if len(once) == len(ids) else (*once, UNREAD)


def check_fields(path: Path, used: Collection[str], wanted: Collection[str], shown: str) -> Iterator[Mistake]:
    """What a text fills in against what it is to: each unknown name, and once all that it lacks.

    `shown` is how a name is written there, such as `{%s}`. What a name is probably meant for is not lacking.
    """
    unknown, missing = sorted(set(used) - set(wanted)), sorted(set(wanted) - set(used))
    meant = renamed(unknown, missing, last_pair=True)
    allowed = tuple(shown % name for name in sorted(wanted))
    for name in unknown:
        near = shown % meant[name] if name in meant else ""
        yield Mistake(path, shown % name, "nothing is filled in under this name", allowed, meant=near)
    lacking = [shown % name for name in missing if name not in meant.values()]
    if lacking:
        yield Mistake(path, None, f"lacks {', '.join(lacking)}; write it where it is to be filled in")


def renamed(unknown: Sequence[str], missing: Sequence[str], *, last_pair: bool = False) -> dict[str, str]:
    """Which of the `unknown` names are probably meant for which of the `missing` ones, each used once.

    With `last_pair`, one unknown and one missing name that are left over belong together however unlike they are.
    """
    close = sorted(
        ((difflib.SequenceMatcher(None, u, m).ratio(), u, m) for u in unknown for m in missing),
        key=lambda found: (-found[0], found[1:]),
    )
    pairs: dict[str, str] = {}
    for ratio, name, meant in close:
        if ratio >= 0.6 and name not in pairs and meant not in pairs.values():
            pairs[name] = meant
    left = [name for name in unknown if name not in pairs]
    lacking = [name for name in missing if name not in pairs.values()]
    if last_pair and len(left) == len(lacking) == 1:
        pairs[left[0]] = lacking[0]
    return pairs
