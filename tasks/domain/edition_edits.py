"""What an edit of an edition's configuration changes: place by place, for the history and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

#: Characters of a value that one line shows.
_SHOWN = 80


def differences(old: Any, new: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """(place, old, new) for everything that differs; entries of lists are matched by their id."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted(old.keys() | new.keys()):
            yield from differences(old.get(key), new.get(key), f"{path}.{key}" if path else str(key))
    elif _has_ids(old) and _has_ids(new) and (old or new):
        before, after = {entry["id"]: entry for entry in old}, {entry["id"]: entry for entry in new}
        for id in dict.fromkeys([*before, *after]):
            yield from differences(before.get(id), after.get(id), f"{path}[{id}]")
    elif old != new:
        yield path, old, new


def _has_ids(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) and "id" in entry for entry in value)


def told(place: str, old: Any, new: Any) -> str:
    """One difference as a line without a mail address: Prefect keeps what a run says, and no address is to be there."""
    if isinstance(old, Mapping) or isinstance(new, Mapping):
        return f"{place}: is {'new' if old is None else 'taken out' if new is None else 'another'}"
    if "@" in f"{old}{new}":
        return f"{place}: address changed"
    return f"{place}: {shown(old, _SHOWN)} -> {shown(new, _SHOWN)}"


def shown(value: Any, characters: int | None = None) -> str:
    """A value as text, cut to so many characters where a number is given."""
    text = "nothing" if value is None else str(value)
    return text if characters is None or len(text) <= characters else f"{text[: characters - 3]}..."
