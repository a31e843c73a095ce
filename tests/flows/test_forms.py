"""The forms of the UI: every flow has one, what each offers, and that it takes what its flow takes."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import prefect
import pytest
import yaml
from prefect.utilities.callables import parameter_schema
from prefect.utilities.schema_tools.validation import ValidationError, validate

import flows
from config import settings as configuration
from flows.forms import CHOSEN, choices_of, limited
from tests.domain.domain_help import edition

SIX = "six-languages"
ENTRYPOINTS: dict[str, str] = {
    entry["name"]: entry["entrypoint"]
    for entry in yaml.safe_load((configuration.ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
}
#: One good answer for each parameter, in all forms but those below.
ANSWERS: dict[str, Any] = {
    "also": {"pre-meeting": "2030-05-02"}, "apply": True, "approved": "", "body": "union-des-bassins",
    "call": "a call", "cleared": True, "code": "", "comments": ["a1"], "date": "2030-05-01", "decision": "accept",
    "document": "1f3870be274f6c49", "earlier": {"A1/draft-2": 3}, "edition": SIX, "every": False,
    "file": "a file.docx", "findings": [1], "first": "p1", "last": "p9", "how": "post", "joined": ["union-des-bassins"],
    "keep": True, "key": "note/A1/1", "keys": ["a letter"], "kind": "reminder", "language": "anglais",
    "milestone": "A1/note-due", "moves": {"pre-meeting": "2030-05-02"}, "name": "a file.docx",
    "note": "They will write.",
    "outcome": "accueillie", "paper": "A2-amont", "party": "union-des-bassins", "readdress": False,
    "reason": "So it is.",
    "replacement": "timur-perevalov", "reply": "nil", "rest": False, "round": 1, "rows": ["p1"], "seasons": 10,
    "seat": "A1_reponse", "seed": 1, "send": False, "session": "A1", "today": None, "translator": "timur-perevalov",
    "translators": {"anglais": 2}, "until": "2030-05-03", "what": "1",
}  # fmt: skip
#: Answers of one form alone: the same name means another thing there.
ITS_OWN: dict[str, dict[str, Any]] = {
    "start": {"edition": "an-edition-that-does-not-run"},
    "amend-paper": {"how": "correction"},
    "comments": {"decision": "accepted"},
    "correction": {"to": "return"},
    "edit-letter": {"to": ["secretaire", "union-des-bassins"]},
    "panel": {"reply": "confirmed"},
    "paper": {"decision": "freeze"},
    "report": {"document": "summary"},
    "settle-letter": {"outcome": "not-sent"},
}


def test_every_flow_has_its_form_and_every_form_its_flow() -> None:
    found = set()
    for module in pkgutil.iter_modules(flows.__path__, "flows."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, prefect.Flow) and value.fn.__module__ == module.name:
                found.add(f"{module.name}:{name}")
    assert found == set(ENTRYPOINTS.values())
    assert len(ENTRYPOINTS) == len(found)


def own_schema(form: str) -> dict[str, Any]:
    module, _, name = ENTRYPOINTS[form].partition(":")
    return parameter_schema(getattr(importlib.import_module(module), name)).model_dump_for_openapi()


def choices(*names: str) -> dict[str, list[str]]:
    editions = [edition(name) for name in names]
    return {**choices_of(editions), "edition": list(names), "milestone": ["A1/note-due"]}


def answers(form: str, schema: dict[str, Any]) -> dict[str, Any]:
    offered = choices(SIX)
    given = {**ANSWERS, "by": "secretaire", "event": offered["event"][0], "translation": offered["translation"][0]}
    return {name: {**given, **ITS_OWN.get(form, {})}[name] for name in schema["properties"]}


def test_every_form_is_thought_of() -> None:
    assert set(CHOSEN) == set(ENTRYPOINTS)


@pytest.mark.parametrize("form", ENTRYPOINTS)
@pytest.mark.parametrize("editions", [(SIX,), (SIX, "brussels-2007")])
def test_a_form_takes_what_its_flow_takes(form: str, editions: tuple[str, ...]) -> None:
    own = own_schema(form)
    final = limited(form, own, choices(*editions))
    given = answers(form, own)
    validate(given, final, raise_on_error=True, preprocess=True)
    needed = {name: value for name, value in given.items() if name in own.get("required", [])}
    validate(needed, final, raise_on_error=True, preprocess=True)
    left_out = {name: entry["default"] for name, entry in own["properties"].items() if "default" in entry}
    validate({**given, **left_out}, final, raise_on_error=True, preprocess=True)
    assert limited(form, final, {name: [] for name in CHOSEN[form].split()}) == own, "before an edition runs"


@pytest.mark.parametrize("form", ENTRYPOINTS)
def test_a_form_takes_no_other_choice(form: str) -> None:
    own = own_schema(form)
    final = limited(form, own, choices(SIX))
    for name in CHOSEN[form].split():
        wrong: Any = ["atlantis"] if isinstance(answers(form, own)[name], list) else "atlantis"
        with pytest.raises(ValidationError, match="atlantis"):
            validate({**answers(form, own), name: wrong}, final, raise_on_error=True, preprocess=True)
        assert "enum" not in own["properties"][name], f"{form}.{name} has choices of its own"


def test_new_choices_take_the_place_of_the_old() -> None:
    own = own_schema("inbox")
    old = limited("inbox", own, {"edition": ["a"], "by": ["anna"]})
    assert old["properties"]["by"]["enum"] == ["anna", "roundtable"]
    new = limited("inbox", old, {"edition": ["a", "b"], "by": []})
    assert new["properties"]["edition"]["enum"] == ["a", "b"]
    assert new["properties"]["by"] == own["properties"]["by"]
    assert limited("inbox", new, {"edition": ["a", "b"], "by": []}) == new


def test_where_one_edition_has_no_rights_any_name_is_taken() -> None:
    six = edition(SIX)
    assert choices_of([six])["by"] == [member.id for member in six.staff]
    assert choices_of([six, six.model_copy(update={"rights": {}})])["by"] == []
