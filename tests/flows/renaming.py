"""An edition with every id and language code renamed: the same forum under names no code can know.

The renaming goes over the YAML nodes by the model of an edition, which says what is an id and which texts are keyed by
language. Each letter and digit of an id becomes another one, so what is made of ids (a paper's key is its session's id
and a suffix, a translation's that and a language) is renamed by the same rule.
"""

from __future__ import annotations

import shutil
import string
import types
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import yaml

from tasks.domain.edition import NOT_STATED, Edition, Id, MaybeLocalised, Model
from tasks.domain.milestones import required_milestones
from tasks.domain.players import Script
from tasks.domain.rule import Anchor, parse_rule

#: Ids that are the engine's own words, the same in every edition.
_ENGINE = {
    ("Milestone", "id"), ("Session", "report_parts"), ("Rules", "note_sections"), ("Rules", "paper_sections"),
    ("Rules", "summary_sections"), ("Assumptions", "answers"), ("Edition", "signs"), ("Edition", "protection"),
}  # fmt: skip
#: Fields that hold ids although their type is plain text.
_IDS = {
    ("Body", "region"), ("Person", "region"), ("Paper", "suffix"), ("Scene", "session"), ("Scene", "paper"),
    ("Scene", "seat"), ("Scene", "key"), ("Scene", "body"), ("Scene", "person"), ("Scene", "replacement"),
    ("Scene", "outcome"), ("Scene", "joined"), ("MeetingMove", "event"), ("Grant", "party"), ("Script", "approves"),
    ("Amendment", "paper"),
}  # fmt: skip

_MILESTONES = required_milestones(9)

_LETTERS = string.ascii_lowercase
_OTHER = str.maketrans(
    _LETTERS + _LETTERS.upper() + string.digits,
    _LETTERS[11:] + _LETTERS[:11] + (_LETTERS[11:] + _LETTERS[:11]).upper() + string.digits[3:] + string.digits[:3],
)


def renamed(id: str) -> str:
    """The new name of an id, or of what is made of several."""
    return id if id == NOT_STATED else id.translate(_OTHER)


def rename_edition(source: Path, target: Path) -> None:
    """Write the edition in the folder `source`, all its ids renamed, to the folder `target`."""
    for path in [*source.glob("*.yaml"), source / "rehearsal" / "overlay.yaml"]:
        _rewrite(path, target / path.relative_to(source), Edition)
    _rewrite(source / "rehearsal" / "script.yaml", target / "rehearsal" / "script.yaml", Script)
    for session in (source / "rehearsal" / "materials").iterdir():
        folder = target / "rehearsal" / "materials" / renamed(session.name)
        folder.mkdir(parents=True)
        for file in session.iterdir():
            stem, paper, suffix = file.name.partition("background-paper")
            # Of a material's name, the paper's suffix is an id; the language is that of its text.
            own, dot, rest = suffix.partition(".")
            shutil.copy(file, folder / (f"{paper}{renamed(own)}{dot}{rest}" if paper and not stem else file.name))
    for folder in (path for name in ("letters", "wording", "documents") if (path := source / name).is_dir()):
        shutil.copytree(folder, target / folder.name)


def _rewrite(source: Path, target: Path, model: type[Model]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    node = _model(model, yaml.safe_load(source.read_text("utf-8")))
    target.write_text(yaml.safe_dump(node, allow_unicode=True, sort_keys=False), "utf-8")


def _model(model: type[Model], node: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(model, include_extras=True)
    hints |= {info.alias: hints[name] for name, info in model.model_fields.items() if info.alias}
    return {name: _field(model.__name__, name, hints[name], value) for name, value in node.items()}


def _field(model: str, name: str, hint: Any, value: Any) -> Any:
    if (model, name) in _ENGINE:
        return value
    if (model, name) in _IDS:
        return [renamed(entry) for entry in value] if isinstance(value, list) else _id(value)
    if (model, name) == ("Grant", "milestone"):
        item, _, milestone = value.rpartition("/")
        return f"{renamed(item)}/{milestone}"
    if (model, name) == ("Milestone", "rule"):
        rule = parse_rule(value)
        bounds = tuple(replace(bound, anchor=_anchor(bound.anchor)) for bound in rule.bounds)
        return str(replace(rule, anchor=_anchor(rule.anchor), bounds=bounds))
    return _value(hint, value)


def _anchor(anchor: Anchor) -> Anchor:
    """Events are the edition's, milestones the engine's own."""
    return anchor if anchor.id in _MILESTONES else replace(anchor, id=renamed(anchor.id))


def _value(hint: Any, value: Any) -> Any:
    if hint == Id:
        return _id(value)
    if MaybeLocalised in (hint, *get_args(hint)) and isinstance(value, dict):
        return {_id(language): text for language, text in value.items()}
    if get_origin(hint) is Annotated:
        return value
    kind, inner = get_origin(hint), get_args(hint)
    if kind in (Union, types.UnionType):
        fitting = [option for option in inner if option is not type(None)]
        return value if value is None or len(fitting) > 1 else _value(fitting[0], value)
    if kind in (list, tuple):
        return [_value(inner[0], entry) for entry in value]
    if kind is dict:
        by_language = get_origin(inner[0]) is not Literal
        return {_id(key) if by_language else key: _value(inner[1], entry) for key, entry in value.items()}
    if isinstance(hint, type) and issubclass(hint, Model):
        return _model(hint, value)
    return value


def _id(value: Any) -> Any:
    return None if value is None else renamed(str(value))
