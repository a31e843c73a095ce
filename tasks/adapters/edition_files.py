"""Editions from their folders of YAML: loaded, checked, and every mistake told with file and line, in one run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from tasks.adapters.edition_shape import COLLECTIONS, check_shape, rough_edition
from tasks.adapters.edition_yaml import Source, read_files
from tasks.domain.edition import Edition
from tasks.domain.edition_check import cross_check
from tasks.domain.edition_mistake import UNREAD, Mistake
from tasks.domain.edition_mistake import Path as Place
from tasks.domain.errors import Mistakes, Unknown

#: The same mistake in more places than this is told in one line.
_FEW = 3
#: So many of what would be allowed are shown, and one of them this much like the value (of 100) is what was meant.
_SHOWN = 12
_NEAR = 60


@dataclass(frozen=True)
class Loaded:
    """An edition with the plain configuration it came from and that configuration's hash."""

    edition: Edition
    config: dict[str, Any]
    sha256: str


def available(root: Path) -> list[str]:
    """Ids of the editions that have a folder under `root`."""
    return sorted(path.parent.name for path in root.glob("*/edition.yaml"))


def load(root: Path, edition: str, *, overlay: bool = False) -> Loaded:
    """The edition in `root/edition`; with `overlay`, with the rehearsal's fictitious bodies and people laid over it.

    Raises:
        Unknown: there is no such folder.
        Mistakes: everything that is wrong with the files, in one message.
    """
    folder = root / edition
    if not folder.is_dir():
        raise Unknown(f"{edition}: no such edition; there are: {', '.join(available(root)) or 'none'}")
    if not (folder / "edition.yaml").is_file():
        raise Unknown(
            f"{edition}: its folder has no edition.yaml, with which an edition begins; write {folder / 'edition.yaml'}"
        )
    paths = [path for path in sorted(folder.glob("*.yaml")) if path.is_file()]
    if overlay and (folder / "rehearsal" / "overlay.yaml").is_file():
        paths.append(folder / "rehearsal" / "overlay.yaml")
    return parse(edition, {str(path.relative_to(folder)): path.read_bytes() for path in paths})


def parse(edition: str, files: Mapping[str, str | bytes]) -> Loaded:
    """The edition that `files` (name to YAML) make together. A later file is laid over the earlier ones.

    Raises:
        Mistakes: everything that is wrong with the files, in one message.
    """
    source = read_files(files, COLLECTIONS)
    source.config["id"] = edition
    found, doubtful = check_shape(source.config)
    sound = not (source.mistakes or found)
    model = Edition.model_validate(source.config) if sound else rough_edition(source.config, doubtful)
    found += [mistake for mistake in cross_check(model) if _stands(mistake, doubtful)]
    mistakes = [*source.mistakes, *_lines(source, found)]
    if mistakes:
        count = f"{len(mistakes)} mistake{'s' if len(mistakes) > 1 else ''}"
        raise Mistakes(f"{edition}: {count}; mend the files and check again", mistakes)
    plain = model.model_dump(mode="json")
    return Loaded(model, plain, fingerprint(plain))


def fingerprint(config: dict[str, Any]) -> str:
    """The SHA-256 of a configuration, the same whatever the order of its keys."""
    return hashlib.sha256(json.dumps(config, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _stands(mistake: Mistake, doubtful: set[Place]) -> bool:
    """Whether `mistake` is one of its own and does not come from something `doubtful`."""
    return not any(
        mistake.path[: len(path)] == path
        or any(rest[: len(path)] == path or path[: len(rest)] == rest for rest in mistake.rests_on)
        for path in doubtful
    )


def _lines(source: Source, found: list[Mistake]) -> Iterator[str]:
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
            yield from (_line(source, mistake) for mistake in mistakes.values())
        else:
            places = list(dict.fromkeys(source.place(mistake.path) for mistake in others))
            more = ", ".join(places[:_FEW]) + (f" and {len(places) - _FEW} more" if len(places) > _FEW else "")
            yield f"{_line(source, first)}. The same at {more}"


def _line(source: Source, mistake: Mistake) -> str:
    value = "" if mistake.value is None else f" {_show(mistake.value)}:"
    text = f"{source.place(mistake.path)}: {_spell(mistake.path)}:{value} {mistake.problem}"
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


def _spell(path: Place) -> str:
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            name = part if part.isprintable() and 0 < len(part) <= 60 else _show(part)
            text += f"{'.' if text else ''}{name}"
    return text or "edition"
