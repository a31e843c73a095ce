"""Sections of an edition and the words for them: an id of a section is one the wording has a heading and hints for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from tasks.domain.edition import Edition
from tasks.domain.edition_mistake import UNREAD, Mistake, Path


def sections_of(edition: Edition) -> Iterator[tuple[Path, str]]:
    """Every place where the edition names a section, with the section's id."""
    for name in ("note_sections", "paper_sections", "summary_sections"):
        yield from ((("rules", name, i), id) for i, id in enumerate(getattr(edition.rules, name)))
    for i, session in enumerate(edition.sessions):
        yield from ((("sessions", i, "report_parts", j), id) for j, id in enumerate(session.report_parts))


def check_section_words(edition: Edition, words: Mapping[str, Collection[str]]) -> Iterator[Mistake]:
    """Every section has a heading and hints in every language; `words` are the keys of the wordings by language id.

    Without them its form could not be made.
    """
    headings = {key.removeprefix("sections.") for keys in words.values() for key in keys if key.startswith("sections.")}
    allowed = tuple(sorted(id for id in headings if all(_lacks(id, keys) == () for keys in words.values())))
    for path, id in sections_of(edition):
        lacking = {language: lacks for language, keys in words.items() if (lacks := _lacks(id, keys))}
        if lacking and id != UNREAD:
            groups = dict.fromkeys(group for lacks in lacking.values() for group in lacks)
            keys = " and ".join(f"`{group}.{id}`" for group in groups)
            problem = f"is a section without words in {', '.join(lacking)}; add {keys} to the wording"
            # Where some language has words for it, it is a section, and no slip of the pen.
            yield Mistake(path, id, problem, () if len(lacking) < len(words) else allowed, rests_on=(("languages",),))


def _lacks(section: str, keys: Collection[str]) -> tuple[str, ...]:
    return tuple(group for group in ("sections", "guidance") if f"{group}.{section}" not in keys)
