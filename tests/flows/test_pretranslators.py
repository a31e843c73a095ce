"""The machine an edition wants, as this installation has it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flows.pretranslators import pretranslator
from tasks.adapters.edition_files import load
from tasks.adapters.google.credentials import TRANSLATION_SCOPES, make_credentials
from tasks.domain.edition import Edition
from tasks.domain.errors import Invalid, Unknown
from tests.flows.conftest import EDITIONS, SIX


def wanting(choice: str) -> Edition:
    config: dict[str, Any] = load(EDITIONS, SIX, overlay=False).config
    languages = [{**each, "pretranslation": choice} for each in config["languages"]]
    return Edition.model_validate({**config, "languages": languages})


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("REHEARSAL", "GOOGLE_DRIVE", "GOOGLE_CALENDAR", "GOOGLE_CREDENTIALS", "GOOGLE_FAKE"):
        monkeypatch.delenv(f"ROUNDTABLE_{name}", raising=False)
    monkeypatch.setenv("ROUNDTABLE_HOME", str(tmp_path))


def test_the_memory_needs_none_and_a_rehearsal_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pretranslator(wanting("memory"), "anglais") is pretranslator(wanting("none"), "anglais") is None
    apertium = pretranslator(wanting("apertium"), "anglais")
    assert apertium is not None and apertium.name == "apertium"
    monkeypatch.setenv("ROUNDTABLE_REHEARSAL", SIX)
    for choice in ("google", "apertium"):
        machine = pretranslator(wanting(choice), "anglais")
        assert machine is not None and (machine.name, machine.cost(["a"])) == ("pseudo", 0)


def test_google_is_asked_with_its_own_scope_and_only_when_needed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(Invalid, match=f"{SIX}: anglais is translated by Google first, which is not set up here"):
        pretranslator(wanting("google"), "anglais")
    monkeypatch.setenv("ROUNDTABLE_GOOGLE_DRIVE", "drive")
    monkeypatch.setenv("ROUNDTABLE_GOOGLE_CALENDAR", "calendar")
    machine = pretranslator(wanting("google"), "anglais")
    assert machine is not None and (machine.name, machine.cost(["a⟦1/⟧"])) == ("google", 36)
    with pytest.raises(Unknown, match=r"no file .*google\.json with Google's credentials"):
        machine.translate(["a"], "fr", "en")
    person = {"type": "authorized_user", "client_id": "a", "client_secret": "b", "refresh_token": "c"}
    assert make_credentials(json.dumps(person), scopes=TRANSLATION_SCOPES).scopes == list(TRANSLATION_SCOPES)
