"""The shape of an edition: what pydantic says is wrong, one mistake each, and an edition built from all that is right.

The rough edition is never used but to check what names what, so that one run tells every mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from tasks.domain.edition import BY_LANGUAGE, ONE_TEXT, Edition, Model
from tasks.domain.edition_mistake import UNREAD, Mistake, Path, renamed

#: Pydantic's wording where it speaks of programs, not of an edition. `valid date` and the like stay.
_DATE = "Input should be a valid date such as 2031-06-05"


#: The keys of an edition that hold entries with an id.
COLLECTIONS = [name for name, info in Edition.model_fields.items() if get_origin(info.annotation) is list]


def check_shape(config: dict[str, Any], model: type[Model] = Edition) -> tuple[list[Mistake], set[Path]]:
    """Mistakes of shape in `config`, which is to be a `model`, and the places of all that is not to be relied on."""
    doubtful = set(_unread(config, ()))
    found: dict[Path, list[ErrorDetails]] = {}
    try:
        model.model_validate(config)
    except ValidationError as error:
        for detail in error.errors():
            path = _within(config, detail)
            # Nothing is said of what was not read, nor of the kind of what holds it.
            if not any(path[: len(unread)] == unread or unread[: len(path)] == path for unread in doubtful):
                found.setdefault(path, []).append(detail)
    extra = [path for path, details in found.items() if details[0]["type"] == "extra_forbidden"]
    missing = {path for path, details in found.items() if details[0]["type"] == "missing"}
    missing_here = {path for path in missing if UNREAD in _at(config, path[:-1])}
    meant: dict[Path, str] = {}
    for parent in {path[:-1] for path in extra}:
        unknown = [str(path[-1]) for path in extra if path[:-1] == parent]
        lacking = [str(path[-1]) for path in sorted(missing - missing_here) if path[:-1] == parent]
        for name, key in renamed(unknown, lacking).items():
            meant[(*parent, name)] = key
            missing_here.add((*parent, key))
    mistakes = [_mistake(model, path, found[path], meant) for path in found if path not in missing_here]
    # What is wrong with an entry as a whole leaves its parts and its id to be relied on.
    doubtful |= {
        path for path, details in found.items() if not isinstance(details[0]["input"], dict) or path in missing
    }
    return mistakes, doubtful | set(extra)


def rough_edition(config: dict[str, Any], doubtful: set[Path]) -> Edition:
    """An edition of all in `config` but what is `doubtful`, which is left out or filled in, ids with `UNREAD`."""
    made: Edition = _rough(Edition, config, (), doubtful)
    return made


def _unread(value: Any, path: Path) -> Iterator[Path]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        if inner == UNREAD:
            yield (*path, key)
        else:
            yield from _unread(inner, (*path, key))


def _within(config: dict[str, Any], detail: ErrorDetails) -> Path:
    """Where the mistake stands in `config`: pydantic's place without the parts that name a type and not a key."""
    value: Any = config
    loc = tuple(part for part in detail["loc"] if part not in (ONE_TEXT, BY_LANGUAGE))
    for length, part in enumerate(loc):
        inside = part in value if isinstance(value, dict) else isinstance(value, list) and isinstance(part, int)
        if not inside:
            is_key = detail["type"] == "missing" and length == len(loc) - 1
            return loc[: length + is_key]
        value = value[part]
    return loc


def key_of(name: str, info: FieldInfo) -> str:
    """The key of a model's field in the files: its name, but where that is a word of Python's, as `from`."""
    return info.alias or name


def _at(config: Any, path: Path) -> Any:
    for part in path:
        config = config[part]
    return config


def _mistake(root: type[Model], path: Path, details: list[ErrorDetails], meant: dict[Path, str]) -> Mistake:
    first = details[0]
    if first["type"] == "extra_forbidden":
        model = _model_at(root, path[:-1])
        allowed = tuple(sorted(key_of(*field) for field in model.model_fields.items())) if model else ()
        return Mistake(path, path[-1], "no such key here", allowed, meant=meant.get(path, ""))
    if first["type"] == "missing":
        return Mistake(path, None, "this key is missing")
    said = [_DATE if "date" in detail["type"] else detail["msg"].removeprefix("Value error, ") for detail in details]
    value = path[-1] if first["loc"][-1] == "[key]" else first["input"]
    # The values pydantic lists in its message are not listed again; the one that is near is named.
    choices = re.findall(r"'([^']+)'", first["msg"]) if first["type"] == "literal_error" else []
    near = renamed([str(value)], choices)
    return Mistake(path, value, " or: ".join(dict.fromkeys(said)), meant=near.get(str(value), ""))


def _plain(annotation: Any) -> Any:
    """`annotation` without what pydantic checks beside it and without None."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    others = [arg for arg in get_args(annotation) if arg is not type(None)]
    if len(others) == 1 and len(get_args(annotation)) == 2:
        return _plain(others[0])
    return annotation


def _model_at(root: type[Model], path: Path) -> type[Model] | None:
    kind: Any = root
    for part in path:
        fields = kind.model_fields if isinstance(kind, type) and issubclass(kind, Model) else {}
        if isinstance(part, str) and part in fields:
            kind = _plain(fields[part].annotation)
        elif get_origin(kind) in (list, tuple, dict):
            kind = _plain(get_args(kind)[1 if get_origin(kind) is dict else 0])
        else:
            return None
    return kind if isinstance(kind, type) and issubclass(kind, Model) else None


def _rough(annotation: Any, raw: Any, path: Path, doubtful: set[Path]) -> Any:
    kind = _plain(annotation)
    if isinstance(raw, dict) and get_origin(kind) in (Union, UnionType):
        # Where a text may stand once or by language, this one stands by language.
        kind = next((arm for arm in map(_plain, get_args(kind)) if get_origin(arm) is dict), kind)
    if isinstance(kind, type) and issubclass(kind, Model):
        given = raw if isinstance(raw, dict) else {}
        return kind.model_construct(**{
            name: _rough(info.annotation, given.get(key), (*path, key), doubtful)
            if _stands(given.get(key), (*path, key), doubtful) or info.is_required() or UNREAD in given
            else info.get_default(call_default_factory=True)
            for name, info in kind.model_fields.items()
            for key in [key_of(name, info)]
        })  # fmt: skip
    if get_origin(kind) is list:
        inner = get_args(kind)[0]
        if isinstance(raw, list):
            return [_rough(inner, item, (*path, index), doubtful) for index, item in enumerate(raw)]
        doubtful.add(path)
        return [_rough(inner, None, (*path, 0), doubtful)]
    if get_origin(kind) is dict:
        given = raw if isinstance(raw, dict) else {UNREAD: UNREAD}
        inner = get_args(kind)[1]
        return {key: _rough(inner, value, (*path, key), doubtful) for key, value in given.items()}
    if path not in doubtful:
        try:
            value = TypeAdapter(kind).validate_python(raw)
            return value.strip() if isinstance(value, str) else value
        except ValidationError:
            doubtful.add(path)
    return _filler(kind)


def _stands(raw: Any, path: Path, doubtful: set[Path]) -> bool:
    return raw is not None and (path not in doubtful or isinstance(raw, (dict, list)))


def _filler(kind: Any) -> Any:
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if get_origin(kind) is Union or kind is bool:
        return False
    return {str: UNREAD, int: 1}.get(kind)
