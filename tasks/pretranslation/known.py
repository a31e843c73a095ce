"""What needs no machine: segments that were translated before, and those that are nothing but a known name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tasks.desk import Desk
from tasks.domain.codes import tokens
from tasks.domain.memory import Source, Suggestion, repeated
from tasks.domain.translation import names_in, terms_in
from tasks.memory import Memory


def known(
    desk: Desk,
    source_language: str,
    target_language: str,
    units: Sequence[Source],
    remembered: Mapping[str, Sequence[Suggestion]] | None = None,
) -> dict[str, Suggestion]:
    """For the segments of a whole text in order the best that can be filled in as it is; without those with none.

    The same text comes before a name of the edition, that before a text that is nearly the same. `remembered` is what
    the memory suggests, where it was asked already.
    """
    if remembered is None:
        remembered = Memory.open(desk, source_language, target_language).suggest(units)
    names = _called(desk, source_language, target_language)
    found = {}
    for unit in units:
        fitting = [each for each in remembered.get(unit.id, ()) if each.fits]
        if not fitting or fitting[0].kind == "fuzzy":
            fitting = [*_named(unit.source, names), *fitting]
        if fitting:
            found[unit.id] = fitting[0]
    return found


def _called(desk: Desk, source: str, target: str) -> dict[str, str]:
    """What the glossary, the edition and the wording call things: terms, bodies and events, the sections of papers."""
    called = {text: term.targets[0] for term in terms_in(desk.edition, source, target) for text in term.sources}
    called |= {name.source: name.targets[0] for name in names_in(desk.edition, source, target)}
    theirs, ours = desk.words(source), desk.words(target)
    sections = (f"sections.{section}" for section in desk.edition.rules.paper_sections)
    return called | {theirs(section): ours(section) for section in sections}


def unknown(units: Sequence[Source], known: Mapping[str, Suggestion]) -> list[Source]:
    """The segments of a whole text that nothing is known of, each text once."""
    again = {id for others in repeated(units).values() for id in others}
    return [unit for unit in units if unit.id not in known and unit.id not in again]


def _named(source: str, names: Mapping[str, str]) -> list[Suggestion]:
    """The name in the target's language where a segment is nothing else, its codes around it."""
    parts = tokens(source)
    said = [at for at, part in enumerate(parts) if part.kind == "text" and part.text.strip()]
    if len(said) != 1:
        return []
    text = parts[said[0]].text
    name = names.get(text.strip())
    if not name:
        return []
    parts[said[0]] = replace(parts[said[0]], text=text.replace(text.strip(), name))
    return [Suggestion("".join(map(str, parts)), "glossary", 100, "glossary")]
