"""The glossary of an edition: its own terms, and what its bodies and events are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tasks.domain.checks import Names, Terms
from tasks.domain.edition import Edition, Language, Term, TermKind


@dataclass(frozen=True)
class Entry:
    """A term as a file from outside has it: names by language id, preferred first; what it does not say is empty."""

    id: str
    names: Mapping[str, list[str]]
    kind: TermKind | None = None
    note: str = ""


def all_terms(edition: Edition) -> list[Term]:
    """The whole glossary: the edition's own terms, then the derived ones."""
    return [*edition.terms, *derived_terms(edition)]


def derived_terms(edition: Edition) -> list[Term]:
    """Bodies and events as terms, under ids such as `body.norway`."""
    found = [Term(id=f"body.{body.id}", kind="body", names=_alone(body.names)) for body in edition.bodies]
    return found + [Term(id=f"event.{event.id}", kind="meeting", names=_alone(event.names)) for event in edition.events]


def _alone(names: dict[str, str]) -> dict[str, list[str]]:
    return {language: [name] for language, name in names.items()}


def language_called(languages: Sequence[Language], tag: str) -> str | None:
    """The language of an edition that a file calls `tag`: by its id, its locale, or its locale without region."""
    wanted = tag.strip().replace("_", "-").casefold()
    for language in languages:
        if wanted in (language.id.casefold(), language.locale.casefold()):
            return language.id
    alike = [each.id for each in languages if each.locale.casefold().partition("-")[0] == wanted.partition("-")[0]]
    return alike[0] if len(alike) == 1 else None


def taken_in(edition: Edition, entries: Sequence[Entry]) -> tuple[list[Term], list[str]]:
    """The terms that `entries` add or change, as they would be then; and what is left out, one line each.

    An entry is the term with its id, else the one with its first name in the drafting language. Languages it lacks stay
    as they are; a new term needs them all. Names of bodies and events are changed where these stand.
    """
    drafting = edition.drafting_language.id
    own, derived = ({term.id: term for term in each} for each in (edition.terms, derived_terms(edition)))
    called = {name.casefold(): term for term in reversed(edition.terms) for name in term.names[drafting]}
    terms, left_out = [], []
    for entry in entries:
        first = next(iter(entry.names.get(drafting, [])), "")
        term = own.get(entry.id) or called.get(first.casefold())
        lacking = [language.id for language in edition.languages if not entry.names.get(language.id)]
        if term is not None:
            changed = term.model_copy(
                update={
                    "names": {**term.names, **{id: names for id, names in entry.names.items() if names}},
                    "kind": entry.kind or term.kind,
                    "note": entry.note or term.note,
                }
            )
            terms += [changed] if changed != term else []
        elif entry.id in derived:
            if any(derived[entry.id].names[language] != names for language, names in entry.names.items()):
                what = entry.id.partition(".")[0]
                left_out.append(f"{entry.id}: another name; change it where the {what} stands, not in the glossary")
        elif lacking:
            left_out.append(f"{entry.id}: has no name in {', '.join(lacking)}")
        else:
            names = {language.id: entry.names[language.id] for language in edition.languages}
            terms.append(Term(id=entry.id, kind=entry.kind or "term", names=names, note=entry.note or None))
    return terms, left_out


def entries_in(source: str, terms: Terms, names: Names) -> dict[str, str]:
    """The terms and names that stand in a visible source, by what they are usually called, as a translator is told.

    A name that is the same in both languages is left out.
    """
    found = {name.source: _told(name.targets) for name in names.found_in(source) if name.targets != (name.source,)}
    terms_found = [term for _, term in terms.found_in(names.without(source))]
    return found | {term.sources[0]: _told(term.targets, term.note) for term in terms_found}


def _told(targets: tuple[str, ...], note: str = "") -> str:
    """The preferred name, then the admitted ones, then the note: `recopie · copie (of a text)`."""
    return " · ".join(targets) + (f" ({note})" if note else "")
