"""Editions from their folders of YAML: loaded, checked, and every mistake told with file and line, in one run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from tasks.adapters.edition_lines import lines_of
from tasks.adapters.edition_shape import COLLECTIONS, check_shape, rough_edition
from tasks.adapters.edition_yaml import Source, read_files
from tasks.domain.edition import Edition, Model
from tasks.domain.edition_check import cross_check
from tasks.domain.edition_mistake import Mistake
from tasks.domain.edition_mistake import Path as Place
from tasks.domain.errors import Mistakes, Unknown

Kind = TypeVar("Kind", bound=Model)

#: What a rehearsal lays over an edition.
OVERLAY: Final = "rehearsal/overlay.yaml"


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
    return parse(edition, files_of(root, edition, overlay=overlay))


def files_of(root: Path, edition: str, *, overlay: bool = False) -> dict[str, bytes]:
    """The files of the edition in `root/edition` by their names; with `overlay` that of the rehearsal, if it has one.

    Raises:
        Unknown: there is no such folder, or it does not have the file with which an edition begins.
    """
    folder = root / edition
    if not folder.is_dir():
        raise Unknown(f"{edition}: no such edition; there are: {', '.join(available(root)) or 'none'}")
    if not (folder / "edition.yaml").is_file():
        raise Unknown(f"{edition}: its folder has no edition.yaml, with which every edition begins; write that file")
    paths = [path for path in sorted(folder.glob("*.yaml")) if path.is_file()]
    if overlay and (folder / OVERLAY).is_file():
        paths.append(folder / OVERLAY)
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def parse(edition: str, files: Mapping[str, str | bytes]) -> Loaded:
    """The edition that `files` (name to YAML) make together. A later file is laid over the earlier ones.

    Raises:
        Mistakes: everything that is wrong with the files, in one message.
    """
    examined = examine(edition, files)
    refuse(edition, examined.lines())
    return examined.loaded()


@dataclass(frozen=True)
class Examined:
    """What files make together, as far as they could be read, and every mistake in them.

    The model is a rough one where there are mistakes, and nothing to work with.
    """

    source: Source
    model: Edition
    found: list[Mistake]
    doubtful: set[Place]

    def lines(self, others: Iterable[Mistake] = (), *, besides: Examined | None = None) -> list[str]:
        """A line for each mistake, `others` about the same files included; without those that `besides` has too."""
        told = besides._told() if besides else set()
        known = besides.source.mistakes if besides else ()
        found = [*self.found, *(mistake for mistake in others if _stands(mistake, self.doubtful))]
        return [
            *(line for line in self.source.mistakes if line not in known),
            *lines_of(self.source, [mistake for mistake in found if self._key(mistake) not in told]),
        ]

    def loaded(self) -> Loaded:
        """The edition, where nothing is wrong with it."""
        plain = self.model.model_dump(mode="json")
        return Loaded(self.model, plain, fingerprint(plain))

    def _told(self) -> set[tuple[str, str, str]]:
        return {self._key(mistake) for mistake in self.found}

    def _key(self, mistake: Mistake) -> tuple[str, str, str]:
        return self.source.place(mistake.path), str(mistake.value), mistake.problem


def examine(edition: str, files: Mapping[str, str | bytes]) -> Examined:
    """The edition that `files` make together and all that is wrong with them."""
    source = read_files(files, COLLECTIONS)
    source.config["id"] = edition
    found, doubtful = check_shape(source.config)
    sound = not (source.mistakes or found)
    model = Edition.model_validate(source.config) if sound else rough_edition(source.config, doubtful)
    found += [mistake for mistake in cross_check(model) if _stands(mistake, doubtful)]
    return Examined(source, model, found, doubtful)


def read_as(
    model: type[Kind], name: str, content: bytes, check: Callable[[Kind], Iterable[Mistake]] = lambda made: ()
) -> Kind:
    """One file of YAML as `model`, read as the files of an edition are; `check` says what is wrong with what it says.

    Raises:
        Mistakes: everything that is wrong with the file, in one message.
    """
    source = read_files({name: content}, ())
    found, _ = check_shape(source.config, model)
    refuse(name, [*source.mistakes, *lines_of(source, found)])
    made = model.model_validate(source.config)
    refuse(name, list(lines_of(source, check(made))))
    return made


def refuse(what: str, mistakes: Sequence[str]) -> None:
    """Raise Mistakes with all of them, if there are any."""
    if mistakes:
        count = f"{len(mistakes)} mistake{'s' if len(mistakes) > 1 else ''}"
        raise Mistakes(f"{what}: {count}; mend the files and check again", mistakes)


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
