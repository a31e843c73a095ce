"""The wording of an edition against that of the project: every key it knows, every {place}, every language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tasks.adapters.edition_lines import line_of, lines_of
from tasks.adapters.wording import Entry, WordingFile, names_of, places_in, read_file
from tasks.domain.edition import Edition
from tasks.domain.edition_mistake import Mistake, check_fields, renamed
from tasks.domain.edition_words_check import check_section_words
from tasks.domain.locale import find_locale, some_of

#: Groups to which an edition may add the words for sections of its own.
_OF_SECTIONS: Final = ("sections.", "guidance.")
#: The plural forms there are (CLDR). A language needs those that it has.
_PLURALS: Final = frozenset({"zero", "one", "two", "few", "many", "other"})
#: So many of the keys a language lacks are spelt out.
_SPELT: Final = 5


@dataclass
class CheckedWording:
    """What is wrong in the files of the wording themselves, and what is lacking for the edition's own files."""

    lines: list[str] = field(default_factory=list)
    lacking: list[Mistake] = field(default_factory=list)


def check_wording(edition: Edition, sections: set[str] | None, own: Path, shared: Path) -> CheckedWording:
    """The files in the edition's folder `own` against those in the project's folder `shared`.

    `sections` are the ids for which the edition may have words of its own; None where not all of them are known.
    """
    checked = CheckedWording()
    ours = {path.stem: read_file(path, path.name).entries for path in sorted(shared.glob("*.yaml"))}
    known: dict[str, Entry] = {}
    for entries in ours.values():
        known = {**entries, **known}
    names = {name for language in edition.languages for name in names_of(language.locale)}
    written: dict[str, dict[str, Entry]] = {}
    unread: set[str] = set()
    for path in sorted(own.glob("*.yaml")):
        place = f"wording/{path.name}"
        if path.stem not in names:
            allowed = tuple(sorted(f"{name}.yaml" for name in names))
            mistake = Mistake((), path.name, "is the wording of no language of the edition", allowed)
            checked.lines.append(line_of(place, mistake))
            continue
        file = read_file(path, place)
        mistakes = [*file.found, *_of_file(file, known, sections)]
        checked.lines += [*file.source.mistakes, *lines_of(file.source, mistakes)]
        written[path.stem] = file.entries
        if file.lines:
            unread.add(path.stem)
    keys: dict[str, set[str]] = {}
    for i, language in enumerate(edition.languages):
        files = names_of(language.locale)
        if unread.isdisjoint(files):
            keys[language.id] = {key for each in (ours, written) for name in files for key in each.get(name, ())}
            added = [key for name in files for key in written.get(name, ()) if key not in known]
            checked.lacking += _of_language(i, language.locale, keys[language.id], known, added)
    # Of a language without any wording it is said that there is none, and not of each section.
    told = {mistake.path[1] for mistake in checked.lacking}
    there = {language.id: keys[language.id] for i, language in enumerate(edition.languages)
             if language.id in keys and i not in told}  # fmt: skip
    checked.lacking += check_section_words(edition, there)
    return checked


def _of_file(file: WordingFile, known: Mapping[str, Entry], sections: set[str] | None) -> Iterator[Mistake]:
    of_sections = [key for key in file.entries if key.startswith(_OF_SECTIONS)]
    own = of_sections if sections is None else [f"{group}{id}" for group in _OF_SECTIONS for id in sections]
    allowed = {*known, *own}
    groups = {key[:i] for key in allowed for i, letter in enumerate(key) if letter == "."}
    strange: set[tuple[str | int, ...]] = set()
    for key, entry in file.entries.items():
        path, parts = file.paths[key], key.split(".")
        if key not in allowed:
            # The first part that is unknown, once, whatever stands below it.
            known_parts = next(i for i in range(len(parts)) if ".".join(parts[: i + 1]) not in groups)
            if (place := path[: known_parts + 1]) not in strange:
                strange.add(place)
                above = "".join(f"{part}." for part in parts[:known_parts])
                siblings = {name.removeprefix(above).split(".")[0] for name in allowed if name.startswith(above)}
                yield Mistake(place, parts[known_parts], "is no wording of any document", tuple(sorted(siblings)))
            continue
        if not entry or not all(text.strip() for text in ([entry] if isinstance(entry, str) else entry)):
            yield Mistake(path, None, "this text is empty")
            continue
        usual = known.get(key, ("",) if parts[0] == "guidance" else "")
        if isinstance(usual, str) and not isinstance(entry, str):
            yield Mistake(path, None, "is a list; one text is wanted here")
        for mistake in check_fields(path, places_in(entry), places_in(usual), "{%s}"):
            # Words of a single thing or two may say the number themselves.
            if mistake.value or parts[-1] not in _PLURALS:
                yield mistake


def _of_language(
    i: int, locale: str, keys: set[str], known: Mapping[str, Entry], added: list[str]
) -> Iterator[Mistake]:
    """What the language lacks: everything, or single keys; not what one of the keys `added` is probably meant for."""
    path = ("languages", i, "locale")
    files = " or ".join(f"wording/{name}.yaml" for name in names_of(locale))
    if not keys:
        yield Mistake(path, locale, f"there is no wording in this language; write {files}")
        return
    plurals = {*find_locale(locale).plural_form.tags, "other"}
    # How a language is set in type is its own: what it does not have is left out.
    missing = sorted(
        key
        for key in known.keys() - keys
        if not key.startswith("typography.") and (key.split(".")[-1] not in _PLURALS - plurals)
    )
    meant = renamed(added, missing).values()
    missing = [key for key in missing if key not in meant]
    if missing:
        yield Mistake(path, locale, f"its wording lacks {some_of(missing, _SPELT)}; add to {files}")
