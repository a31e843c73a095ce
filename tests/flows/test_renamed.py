"""The first edition under other names: every id and language code renamed, the same code carries it."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from pathlib import Path

import pytest

from config import settings as configuration
from flows.rehearsal import rehearse
from tasks.adapters.edition_files import load
from tasks.domain import process
from tasks.domain.calendar import deadlines
from tasks.domain.edition import Edition
from tasks.rehearsal import load_script
from tests.conftest import SOAK
from tests.flows.conftest import Office, Server
from tests.flows.renaming import rename_edition, renamed

REAL = "brussels-2007"
OTHER = "under-other-names"
COLLECTIONS = (
    "languages",
    "regions",
    "courtesies",
    "events",
    "bodies",
    "people",
    "staff",
    "roles",
    "roundtables",
    "sessions",
)


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("editions")
    rename_edition(configuration.ROOT / "config" / "editions" / REAL, root / OTHER)
    return root


def ids(edition: Edition) -> dict[str, list[str]]:
    return {name: [entry.id for entry in getattr(edition, name)] for name in COLLECTIONS}


@pytest.mark.parametrize("overlay", [False, True])
def test_every_id_has_another_name_and_the_edition_still_holds_together(editions: Path, overlay: bool) -> None:
    first = load(configuration.ROOT / "config" / "editions", REAL, overlay=overlay).edition
    other = load(editions, OTHER, overlay=overlay).edition
    for name, before in ids(first).items():
        assert ids(other)[name] == [renamed(id) for id in before]
        assert not set(before) & set(ids(other)[name])
    assert [m.rule for m in other.milestones] != [m.rule for m in first.milestones]
    assert [
        (r.kind, _key(r.kind, r.key)) for r in process.initial(first) if r.key not in {"actions", "horizontal"}
    ] == [(r.kind, r.key) for r in process.initial(other) if r.key not in {"actions", "horizontal"}]


def _key(kind: str, key: str) -> str:
    """The key of a record in the renamed edition; the milestones are the engine's own words."""
    item, slash, milestone = key.rpartition("/")
    return f"{renamed(item)}{slash}{milestone}" if kind == "milestone" else renamed(key)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_its_teams_are_carried_as_ever(server: Server, editions: Path, tmp_path: Path) -> None:
    script = load_script(editions / OTHER)
    invited = deadlines(load(editions, OTHER, overlay=True).edition)["note-invitation"]
    until = None if SOAK else max(script.begins + dt.timedelta(days=61), invited + dt.timedelta(days=1))
    said: list[str] = []
    environment = server.environment(tmp_path, editions=editions, edition=OTHER)
    with Office(server, tmp_path, until, environment).entered() as office:
        asyncio.run(rehearse(OTHER, said.append, until))
        edition = load(editions, OTHER, overlay=True).edition
        notes = office.ledger.records(OTHER, kind="concept-note")
        assert len(notes) == sum(session.team is not None for session in edition.sessions)
        assert {note.state for note in notes} <= (
            {"adopted"} if SOAK else {"accepted", "numbered", "tabled", "received", "invited", "returned"}
        )
        forms = office.ledger.documents(OTHER, kind="concept-note-form")
        assert {row.key for row in forms} == {note.key for note in notes}
        if SOAK:
            assert all(process.finished(office.desk(OTHER).view(session)) for session in edition.sessions)
        first = load(configuration.ROOT / "config" / "editions", REAL, overlay=True).edition
        old = {f'"{id}"' for name in ("bodies", "people", "sessions", "languages") for id in ids(first)[name]}
        taken = office.ledger.snapshot(OTHER)
        for passage in taken["memory"]:  # its languages are those of the locales, which all editions share
            del passage["source_language"], passage["target_language"]
        kept = json.dumps(taken, default=str, ensure_ascii=False)
        assert not [id for id in old if id in kept]
