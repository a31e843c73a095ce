"""The words of the documents, by language: every label, heading and hint that a template or a form shows.

A folder holds one YAML file per language, nested groups of strings and lists of strings. Keys are written with dots:
`sections.purpose`. An edition's own folder may add a language or say single things differently.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from tasks.adapters.edition_lines import lines_of
from tasks.adapters.edition_yaml import Source, read_files
from tasks.domain.edition_mistake import UNREAD, Mistake
from tasks.domain.edition_mistake import Path as Place
from tasks.domain.errors import Invalid, Mistakes, Unknown
from tasks.domain.locale import format_number, plural_form

Entry = str | tuple[str, ...]
_PLACE: Final = re.compile(r"\{(\w+)\}")


class Wording:
    """The wording of one language: `words("labels.version")`, `words.strings("guidance.purpose")`."""

    def __init__(self, locale: str, entries: Mapping[str, Entry]) -> None:
        self.locale = locale
        self.entries: Mapping[str, Entry] = MappingProxyType(dict(entries))

    def __call__(self, key: str, **values: object) -> str:
        """The wording of `key`, its {places} filled with `values`. Without values places stay as they are.

        Unknown when there is no such key, Invalid when it is a list or wants a value that is not given.
        """
        entry = self._entry(key)
        if not isinstance(entry, str):
            raise Invalid(f"wording {self.locale}: {key} is a list, one text is wanted")
        return self._filled(key, entry, values)

    def count(self, key: str, number: int) -> str:
        """So many things in the plural form of the language, {count} filled in: `calendar.working_days` and 5."""
        shown = format_number(number, self.locale)
        return self(f"{key}.{plural_form(number, self.locale)}", count=shown)

    def strings(self, key: str, **values: object) -> list[str]:
        """The texts under `key`, a single one as a list of one; places filled as above."""
        entry = self._entry(key)
        return [self._filled(key, text, values) for text in ([entry] if isinstance(entry, str) else entry)]

    def group(self, key: str) -> dict[str, str]:
        """The single texts right under `key` by their last part: every section's heading for "sections"."""
        prefix = f"{key}."
        found = {
            name[len(prefix) :]: entry
            for name, entry in self.entries.items()
            if name.startswith(prefix) and isinstance(entry, str) and "." not in name[len(prefix) :]
        }
        if not found:
            raise Unknown(f"wording {self.locale}: there is nothing under {key!r}; add it to {self.locale}.yaml")
        return found

    def has(self, key: str) -> bool:
        """Whether there is a wording of `key`."""
        return key in self.entries

    def _entry(self, key: str) -> Entry:
        try:
            return self.entries[key]
        except KeyError:
            raise Unknown(f"wording {self.locale}: {key!r} has no wording; add it to {self.locale}.yaml") from None

    def _filled(self, key: str, text: str, values: Mapping[str, object]) -> str:
        if not values:
            return text
        missing = sorted(set(_PLACE.findall(text)) - values.keys())
        if missing:
            raise Invalid(f"wording {self.locale}: {key} wants {{{missing[0]}}}, which is not given here")
        return _PLACE.sub(lambda place: str(values[place[1]]), text)


def load(folders: Sequence[Path], locale: str) -> Wording:
    """The wording in `locale`: later folders override earlier ones, and `en-GB` what it shares with `en`.

    Unknown when no folder has the language; Mistakes with every wrong value of a file. Files are read again when they
    change, and only then.
    """
    names = names_of(locale)
    files = [folder / f"{name}.yaml" for folder in folders for name in names]
    found = tuple((path, path.stat().st_mtime_ns) for path in files if path.is_file())
    if not found:
        where = ", ".join(folder.as_posix() for folder in folders)
        raise Unknown(f"there is no wording in {locale!r}; add {names[0]}.yaml to one of: {where}")
    return _merged(found, locale)


def names_of(locale: str) -> list[str]:
    """Names of its files without their ending, from the general to the special: zh, zh-Hant, zh-Hant-TW."""
    parts = locale.replace("_", "-").split("-")
    return ["-".join(parts[: count + 1]) for count in range(len(parts))]


def places_in(entry: Entry) -> frozenset[str]:
    """The names of the {places} in a wording, of a list in all its texts."""
    return frozenset(_PLACE.findall(entry if isinstance(entry, str) else " ".join(entry)))


@dataclass(frozen=True)
class WordingFile:
    """One file as it is written: its entries and, by their keys, their places in `source`; what is wrong with it."""

    source: Source
    entries: dict[str, Entry]
    paths: dict[str, Place]
    found: list[Mistake]

    @property
    def lines(self) -> list[str]:
        return [*self.source.mistakes, *lines_of(self.source, self.found)]


def read_file(path: Path, name: str) -> WordingFile:
    """The wording file at `path`, called `name` in what is said of it."""
    file = WordingFile(read_files({name: path.read_bytes()}, ()), {}, {}, [])
    _flatten(file, file.source.config, ())
    return file


@lru_cache(maxsize=64)
def _merged(files: tuple[tuple[Path, int], ...], locale: str) -> Wording:
    entries: dict[str, Entry] = {}
    for path, _ in files:
        file = read_file(path, path.name)
        if file.lines:
            raise Mistakes(f"{path.name}: mistakes in the wording", file.lines)
        entries.update(file.entries)
    return Wording(locale, entries)


def _flatten(file: WordingFile, group: Mapping[str, object], above: Place) -> None:
    for name, value in group.items():
        path = (*above, name)
        key = ".".join(map(str, path))
        if UNREAD in (name, value):
            continue  # told already
        if isinstance(value, dict):
            _flatten(file, value, path)
        elif isinstance(value, str):
            file.entries[key], file.paths[key] = value, path
        elif isinstance(value, list) and all(isinstance(part, str) for part in value):
            file.entries[key], file.paths[key] = tuple(value), path
        else:
            file.found.append(Mistake(path, None, "is no text and no list of texts"))
