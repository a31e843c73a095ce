"""Everything in the folder of an edition: its configuration, and the words, templates and rehearsal beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tasks.adapters.edition_files import OVERLAY, Kind, Loaded, examine, files_of, read_as, refuse
from tasks.adapters.edition_lines import line_of
from tasks.adapters.edition_wording import check_wording
from tasks.adapters.letters import LetterTemplates
from tasks.adapters.word.render import misfits
from tasks.domain.edition import Edition
from tasks.domain.edition_mistake import UNREAD, Mistake
from tasks.domain.edition_script_check import check_script
from tasks.domain.errors import Mistakes, Unknown
from tasks.domain.letter import LETTERS
from tasks.domain.locale import find_locale
from tasks.domain.players import Script
from tasks.domain.readers import Reading


def check(root: Path, edition: str, templates: Path) -> Loaded:
    """The edition in `root/edition`, once all in its folder was compared with the project's `templates`.

    Raises:
        Unknown: there is no such folder.
        Mistakes: everything that is wrong with any file, in one message.
    """
    folder = root / edition
    plain = examine(edition, files_of(root, edition))
    model = plain.model
    beside: list[str] = []
    lacking: list[Mistake] = []
    # Which files are read hangs on the languages: of those that are wrong themselves only that is told.
    if _languages_are_known(model):
        wording = check_wording(model, folder / "wording", templates / "wording")
        beside += [*wording.lines, *_letters(model, folder / "letters")]
        lacking += [*wording.lacking, *_missing_letters(model, folder / "letters", templates / "letters")]
    beside += _documents(folder / "documents", templates / "documents")
    lines = plain.lines(lacking)
    laid = examine(edition, files_of(root, edition, overlay=True)) if (folder / OVERLAY).is_file() else plain
    lines += laid.lines(besides=plain)
    refuse(edition, [*lines, *beside, *_rehearsal(folder, laid.model)])
    return plain.loaded()


def _languages_are_known(edition: Edition) -> bool:
    try:
        return all(language.id != UNREAD and find_locale(language.locale) for language in edition.languages)
    except Unknown:
        return False


def _letters(edition: Edition, own: Path) -> Iterator[str]:
    """What is wrong with the letters in the edition's folder."""
    kinds = {f"{kind.kind}.{tag}.j2": (kind, tag) for kind in LETTERS for tag in _tags(edition)}
    templates = LetterTemplates([own])
    for path in sorted(own.glob("*.j2")):
        if path.name not in kinds:
            mistake = Mistake((), path.name, "is no letter in a language of the edition", tuple(kinds))
            yield line_of(f"letters/{path.name}", mistake)
            continue
        for line, mistake in templates.problems(*kinds[path.name]):
            yield line_of(f"letters/{path.name}:{line}", mistake)


def _tags(edition: Edition) -> set[str]:
    return {tag for each in edition.languages for tag in (each.locale, find_locale(each.locale).language)}


def _missing_letters(edition: Edition, own: Path, shared: Path) -> Iterator[Mistake]:
    """The letters that are there in no folder, in one mistake for each language."""
    templates = LetterTemplates([own, shared])
    for i, language in enumerate(edition.languages):
        missing = []
        for kind in LETTERS:
            try:
                templates.find(kind.kind, language.locale)
            except Unknown:
                missing.append(kind.kind)
        if missing:
            tag = find_locale(language.locale).language
            problem = f"there is no letters/KIND.{tag}.j2 for {', '.join(missing)}"
            yield Mistake(("languages", i, "locale"), language.locale, problem)


def _documents(own: Path, shared: Path) -> Iterator[str]:
    """What is wrong with the Word templates in the edition's folder."""
    names = tuple(sorted(path.name for path in shared.glob("*.docx")))
    # Word keeps a file of such a name beside each one that is open.
    for path in sorted(path for path in own.glob("*.doc*") if not path.name.startswith("~$")):
        if path.name not in names:
            yield line_of(f"documents/{path.name}", Mistake((), path.name, "is the template of no document", names))
            continue
        yield from (line_of(f"documents/{path.name}", mistake) for mistake in misfits(path, shared / path.name))


def _rehearsal(folder: Path, edition: Edition) -> Iterator[str]:
    """What is wrong with the scripts of a rehearsal and with what its readers do to their copies."""
    for path in sorted(folder.glob("rehearsal/*.yaml")):
        if path != folder / OVERLAY:
            yield from _mistakes(folder, path, Script, lambda script: check_script(script, edition))
    for path in sorted(folder.glob("rehearsal/materials/*/*.yaml")):
        yield from _mistakes(folder, path, Reading, lambda reading: ())


def _mistakes(
    folder: Path, path: Path, model: type[Kind], check: Callable[[Kind], Iterable[Mistake]]
) -> tuple[str, ...]:
    try:
        read_as(model, path.relative_to(folder).as_posix(), path.read_bytes(), check)
    except Mistakes as mistakes:
        return mistakes.mistakes
    return ()
