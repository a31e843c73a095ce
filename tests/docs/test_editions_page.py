"""docs/editions.md explains every file and key of an edition, where it stands, and whether it must be there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from tasks.domain.edition import Edition, Rules
from tasks.domain.letter import LETTERS
from tasks.domain.milestones import required_milestones
from tasks.domain.players import MoveKind, Script
from tasks.domain.readers import Reading
from tests.docs.reading import ROOT, page, quoted, rows, sections


def models(model: type[BaseModel], key: str) -> Iterator[tuple[str, type[BaseModel]]]:
    """(the key it stands under, the model) for a model and all within."""
    yield key, model
    for name, info in model.model_fields.items():
        for inner in _models_in(info.annotation):
            yield from models(inner, name)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


def _heading_of(key: str) -> str:
    return {"edition": "The edition itself", "script": "Rehearsal"}.get(key, f"`{key}`")


@pytest.mark.parametrize(
    ("key", "model"), [*models(Edition, "edition"), *models(Script, "script"), *models(Reading, "reading")]
)
def test_every_key_of_an_edition_is_explained_where_it_stands(key: str, model: type[BaseModel]) -> None:
    text = sections(page("docs/editions.md"))[_heading_of(key)]
    told = {quoted(name)[0]: must for name, must, _ in (row for row in rows(text) if len(row) == 3)}
    fields = model.model_fields.items()
    assert told == {info.alias or name: "yes" if info.is_required() else "no" for name, info in fields}


@pytest.mark.parametrize(("key", "model"), [*models(Edition, "edition"), *models(Reading, "reading")])
def test_every_choice_of_a_key_is_named(key: str, model: type[BaseModel]) -> None:
    text = sections(page("docs/editions.md"))[_heading_of(key)]
    for name, info in model.model_fields.items():
        if get_origin(info.annotation) is Literal:
            assert set(get_args(info.annotation)) <= set(quoted(text)), name


def test_every_milestone_symbol_letter_template_and_move_is_named() -> None:
    named = set(quoted(page("docs/editions.md")))
    assert set(required_milestones(2)) <= named
    assert set(get_args(get_args(Rules.model_fields["symbols"].annotation)[0])) <= named
    assert {letter.kind for letter in LETTERS} <= named
    assert {path.stem for path in (ROOT / "templates" / "documents").glob("*.docx")} <= named
    assert set(get_args(MoveKind)) <= named
