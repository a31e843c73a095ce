"""Editions from their folders of YAML: loaded, checked, and every mistake told with file and line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from rapidfuzz import process

from tasks.domain.edition import Edition
from tasks.domain.edition_check import Mistake, cross_check
from tasks.domain.errors import Mistakes, Unknown


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
    if not (folder / "edition.yaml").is_file():
        raise Unknown(f"{edition}: no such edition; there are: {', '.join(available(root)) or 'none'}")
    paths = sorted(folder.glob("*.yaml"))
    if overlay and (folder / "rehearsal" / "overlay.yaml").is_file():
        paths.append(folder / "rehearsal" / "overlay.yaml")
    return parse(edition, {str(path.relative_to(folder)): path.read_text("utf-8") for path in paths})


def parse(edition: str, files: dict[str, str]) -> Loaded:
    """The edition that `files` (name to YAML text) make together. A later file is laid over the earlier ones."""
    config: dict[str, Any] = {"id": edition}
    places: dict[tuple[str | int, ...], str] = {}
    mistakes: list[str] = []
    for name, text in files.items():
        try:
            node = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            mistakes.append(f"{name}:{mark.line + 1 if mark else 1}: not readable as YAML: {error.problem}")
            continue
        if not isinstance(node, yaml.MappingNode):
            mistakes.append(f"{name}:1: a file of an edition is a mapping of keys, such as `sessions:`")
            continue
        mistakes.extend(f"{name}:{line}: the key {key!r} stands twice" for key, line in _repeated_keys(node))
        _lay_over(config, yaml.safe_load(text), node, places, (), name)
    if not mistakes:
        mistakes.extend(_validate(config, places))
    if mistakes:
        count = f"{len(mistakes)} mistake{'s' if len(mistakes) > 1 else ''}"
        raise Mistakes(f"{edition}: {count}; mend the files and check again", mistakes)
    model = Edition.model_validate(config)
    plain = model.model_dump(mode="json")
    return Loaded(model, plain, fingerprint(plain))


def fingerprint(config: dict[str, Any]) -> str:
    """The SHA-256 of a configuration, the same whatever the order of its keys."""
    return hashlib.sha256(json.dumps(config, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _validate(config: dict[str, Any], places: dict[tuple[str | int, ...], str]) -> Iterator[str]:
    try:
        model = Edition.model_validate(config)
    except ValidationError as error:
        for detail in error.errors():
            path = tuple(detail["loc"])
            if detail["type"] == "extra_forbidden":
                allowed = _fields_at(path[:-1])
                yield _line(places, Mistake(path, path[-1], "no such key here", tuple(allowed)))
            elif detail["type"] == "missing":
                yield f"{_place(places, path[:-1])}: {_spell(path)}: this key is missing"
            else:
                problem = detail["msg"].removeprefix("Value error, ")
                yield _line(places, Mistake(path, detail["input"], problem))
        return
    for mistake in cross_check(model):
        yield _line(places, mistake)


def _fields_at(path: tuple[str | int, ...]) -> list[str]:
    """Names of the keys allowed at `path`, read from the models themselves."""
    schema: Any = Edition.model_json_schema()
    definitions = schema["$defs"]
    for part in path:
        options = schema.get("anyOf", [schema])
        schema = next((option for option in options if "$ref" in option or "items" in option), options[0])
        schema = definitions[schema["$ref"].split("/")[-1]] if "$ref" in schema else schema
        schema = schema.get("items", {}) if isinstance(part, int) else schema.get("properties", {}).get(part, {})
        if not schema and isinstance(part, str):
            return []
    options = schema.get("anyOf", [schema])
    schema = next((option for option in options if "$ref" in option), options[0])
    schema = definitions[schema["$ref"].split("/")[-1]] if "$ref" in schema else schema
    return sorted(schema.get("properties", {}))


def _line(places: dict[tuple[str | int, ...], str], mistake: Mistake) -> str:
    text = f"{_place(places, mistake.path)}: {_spell(mistake.path)}: {_show(mistake.value)}: {mistake.problem}"
    if mistake.allowed:
        near = process.extractOne(str(mistake.value), mistake.allowed, score_cutoff=60)
        if near:
            text += f"; did you mean {near[0]!r}?"
        shown = ", ".join(mistake.allowed[:12])
        text += f" Allowed: {shown}{', ...' if len(mistake.allowed) > 12 else ''}"
    return text


def _show(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _spell(path: tuple[str | int, ...]) -> str:
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f"{'.' if text else ''}{part}"
    return text or "edition"


def _place(places: dict[tuple[str | int, ...], str], path: tuple[str | int, ...]) -> str:
    """File and line of the nearest thing at or above `path` that stands in a file."""
    for length in range(len(path), 0, -1):
        if path[:length] in places:
            return places[path[:length]]
    return "edition.yaml:1"


def _repeated_keys(node: yaml.Node) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield key.value, key.start_mark.line + 1
            seen.add(key.value)
            yield from _repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _repeated_keys(value)


def _lay_over(
    base: dict[str, Any],
    new: dict[str, Any],
    node: yaml.MappingNode,
    places: dict[tuple[str | int, ...], str],
    path: tuple[str | int, ...],
    file: str,
) -> None:
    """Merge `new` into `base`: mappings key by key, lists of things with an `id` entry by entry, all else replaced."""
    for key_node, value_node in node.value:
        key, here = key_node.value, (*path, key_node.value)
        places[here] = f"{file}:{key_node.start_mark.line + 1}"
        value, present = new[key], base.get(key)
        if isinstance(value, dict) and isinstance(value_node, yaml.MappingNode):
            target = base.setdefault(key, {}) if isinstance(present, dict) or present is None else {}
            base[key] = target
            _lay_over(target, value, value_node, places, here, file)
        elif isinstance(value, list) and value and all(isinstance(v, dict) and "id" in v for v in value):
            entries = present if isinstance(present, list) else []
            known = {entry["id"]: index for index, entry in enumerate(entries)} if present else {}
            base[key] = entries
            for entry, entry_node in zip(value, value_node.value, strict=True):
                index = known.get(entry["id"], len(entries))
                if index == len(entries):
                    entries.append({})
                places[(*here, index)] = f"{file}:{entry_node.start_mark.line + 1}"
                _lay_over(entries[index], entry, entry_node, places, (*here, index), file)
        else:
            base[key] = value
            _mark_places(value_node, places, here, file)


def _mark_places(
    node: yaml.Node, places: dict[tuple[str | int, ...], str], path: tuple[str | int, ...], file: str
) -> None:
    if isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            places[(*path, index)] = f"{file}:{child.start_mark.line + 1}"
            _mark_places(child, places, (*path, index), file)
    elif isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            places[(*path, key.value)] = f"{file}:{key.start_mark.line + 1}"
            _mark_places(child, places, (*path, key.value), file)
