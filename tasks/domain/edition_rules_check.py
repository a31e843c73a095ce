"""What an edition says in words and rules: texts in every language, forms of address, symbols, sections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from string import Formatter
from typing import Any

from tasks.domain.edition import Edition
from tasks.domain.edition_mistake import UNREAD, Mistake, Path, renamed
from tasks.domain.workdays import time_zones

_LOCALISED = ("names", "title", "label", "place", "position", "organisation", "forms")
_SYMBOL_PARTS = ("session", "suffix", "roundtable")
_COURTESY_PARTS = ("name", "surname")
_SECTION = "this section stands twice"


def check_texts(edition: Edition) -> Iterator[Mistake]:
    """Every text stands in every language of the edition, in no other, and is not empty."""
    wanted = [language.id for language in edition.languages]
    if UNREAD in wanted:
        return
    # A rough edition holds fillers of which pydantic would warn.
    for path, texts in _texts(edition.model_dump(warnings=False), ()):
        missing = [] if UNREAD in texts else [id for id in wanted if id not in texts]
        extra = [id for id in texts if id not in wanted and id != UNREAD]
        meant = renamed(extra, missing, last_pair=True)
        for id in extra:
            problem = "is not a language of the edition"
            yield Mistake((*path, id), id, problem, tuple(sorted(wanted)), meant=meant.get(id, ""))
        for id in missing:
            if id not in meant.values():
                yield Mistake((*path, id), id, "the text in this language is missing")
        for id, text in texts.items():
            for place, words in _parts((*path, id), text):
                if not words.strip():
                    yield Mistake(place, words, "this text is empty")
                elif isinstance(text, dict):
                    yield from _placeholders(place, words, _COURTESY_PARTS)


def check_assumed(edition: Edition) -> Iterator[Mistake]:
    """What is marked as assumed is a key of what it stands in."""
    for path, entry in _entries(edition.model_dump(warnings=False), ()):
        marked = entry.get("assumed")
        for index, name in enumerate(marked if isinstance(marked, list) else []):
            if name not in entry and name != UNREAD:
                keys = tuple(sorted(entry.keys() - {"assumed"}))
                yield Mistake((*path, "assumed", index), name, "is marked as assumed and is no key here", keys)


def _entries(value: object, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every mapping in `value` with its place."""
    if isinstance(value, dict):
        yield path, value
    found = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in found:
        yield from _entries(inner, (*path, key))


def _parts(path: Path, text: Any) -> list[tuple[Path, str]]:
    """A text in one language with its place; of several, as a form of address or the names of a term, each."""
    if isinstance(text, dict):
        return [((*path, part), words) for part, words in text.items()]
    if isinstance(text, list):
        return [((*path, index), words) for index, words in enumerate(text)] or [(path, "")]
    return [(path, text)]


def _texts(value: object, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in _LOCALISED and isinstance(inner, dict):
                yield (*path, key), inner
            else:
                yield from _texts(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*path, index))


def _placeholders(path: Path, text: str, allowed: tuple[str, ...]) -> Iterator[Mistake]:
    shown = tuple(f"{{{name}}}" for name in allowed)
    try:
        fields = [field for field in Formatter().parse(text) if field[1] is not None]
    except ValueError:
        yield Mistake(path, text, "a brace stands alone; write {{ or }} where a brace is meant")
        return
    for _, name, spec, conversion in fields:
        if name not in allowed or spec or conversion:
            written = f"{{{name}{'!' + conversion if conversion else ''}{':' + spec if spec else ''}}}"
            yield Mistake(path, written, "no such placeholder here", shown)


def check_symbols(edition: Edition) -> Iterator[Mistake]:
    """Every document has a symbol that can be filled in, and no two documents have the same."""
    symbols: dict[str, str] = dict(edition.rules.symbols.items())
    wrong: set[str] = set()
    for kind, pattern in symbols.items():
        path: Path = ("rules", "symbols", kind)
        found = list(_placeholders(path, pattern, _SYMBOL_PARTS))
        if not pattern.strip():
            found = [Mistake(path, pattern, "this symbol is empty")]
        yield from found
        if found:
            wrong.add(kind)
    seen: dict[str, str] = {}
    for kind, what, parts in _documents(edition):
        if kind in wrong or UNREAD in parts:
            continue
        if kind not in symbols:
            wrong.add(kind)
            yield Mistake(("rules", "symbols"), kind, "this symbol is missing", rests_on=(("rules", "symbols"),))
            continue
        symbol = symbols[kind].format(**dict(zip(_SYMBOL_PARTS, parts, strict=True)))
        other = seen.setdefault(symbol, what)
        if other != what:
            wrong.add(kind)  # one line: the others of its kind collide for the same reason
            problem = f"would be the symbol of the {other} and of the {what}; tell them apart"
            yield Mistake(("rules", "symbols", kind), symbol, problem, rests_on=(("rules", "symbols"),))


def _documents(edition: Edition) -> Iterator[tuple[str, str, tuple[str, str, str]]]:
    """Kind, wording, and session, suffix and roundtable of every document that bears a symbol."""
    for session in edition.sessions:
        at = (session.id, "", session.roundtable)
        if session.team:
            yield "concept-note", f"concept note of {session.id}", at
        for paper in session.papers:
            yield (
                "background-paper",
                f"background paper {paper.suffix} of {session.id}".replace("  ", " "),
                (session.id, paper.suffix, session.roundtable),
            )
        if session.report_parts:
            yield "report", f"report of {session.id}", at
    for roundtable in edition.roundtables:
        yield "roundtable-report", f"report of roundtable {roundtable.id}", ("", "", roundtable.id)
    if edition.horizontal:
        yield "horizontal-report", "report on the horizontal issues", ("", "", "horizontal")


def check_silence(edition: Edition) -> Iterator[Mistake]:
    """A silence procedure is for rounds there are, in a zone there is."""
    procedure = edition.rules.silence_procedure
    if procedure is None:
        return
    path: Path = ("rules", "silence_procedure")
    for index, round in enumerate(procedure.rounds):
        if round > edition.rules.comment_rounds:
            yield Mistake((*path, "rounds", index), round, f"there are {edition.rules.comment_rounds} comment rounds")
        elif round in procedure.rounds[:index]:
            yield Mistake((*path, "rounds", index), round, "stands twice")
    if procedure.zone and procedure.zone not in time_zones():
        yield Mistake((*path, "zone"), procedure.zone, "not a time zone such as Europe/Paris", time_zones())


def check_terms(edition: Edition) -> Iterator[Mistake]:
    """No two terms are called the same in the language papers are written in: nobody could tell which is meant."""
    drafting = next((language.id for language in edition.languages if language.drafting), UNREAD)
    seen: dict[str, str] = {}
    for index, term in enumerate(edition.terms):
        for place, name in enumerate(term.names.get(drafting, [])):
            other = seen.setdefault(name.casefold(), term.id)
            if other != term.id and UNREAD not in (name, other, term.id):
                yield Mistake(("terms", index, "names", drafting, place), name, f"the term {other} is called so too")


def check_sections(edition: Edition) -> Iterator[Mistake]:
    """Sections and reporting points stand once, and there are sections to write."""
    rules = edition.rules
    yield from _twice(("rules", "reporting_points"), rules.reporting_points, "this reporting point stands twice")
    for name in ("note_sections", "paper_sections", "summary_sections"):
        sections: list[str] = getattr(rules, name)
        if not sections and name != "summary_sections":
            yield Mistake(("rules", name), sections, "needs at least one section")
        yield from _twice(("rules", name), sections, _SECTION)
    for index, session in enumerate(edition.sessions):
        yield from _twice(("sessions", index, "report_parts"), session.report_parts, _SECTION)


def _twice(path: Path, ids: Sequence[str], problem: str) -> Iterator[Mistake]:
    for index, id in enumerate(ids):
        if id in ids[:index] and id != UNREAD:
            yield Mistake((*path, index), id, problem)
