"""`roundtable calendar` and `roundtable compliance` on a season's day, and both as artifacts."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from prefect import flow

from flows import cli
from flows import office as offices
from flows.calendar_view import calendar_page, compliance_page
from flows.calendar_view_commands import show_calendar, show_compliance
from tasks.domain.errors import Invalid, Unknown
from tests.flows.conftest import ANSWERS_COME_IN, SIX, Office, Server
from tests.flows.test_board import artifact

At = Callable[[dt.date], Office]
Show = Callable[..., str]


@pytest.fixture
def show(office_at: At, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Show:
    """`show("calendar", ...)`: the command in this process, on the day the answers come in; what it printed."""
    monkeypatch.setattr(cli.out, "width", 400)
    office_at(ANSWERS_COME_IN)
    app = typer.Typer(pretty_exceptions_enable=False)
    group = typer.Typer()
    group.callback(invoke_without_command=True)(show_calendar)
    app.add_typer(group, name="calendar")
    app.command("compliance")(show_compliance)

    def run(*words: object) -> str:
        capsys.readouterr()
        app([*map(str, words), "--edition", SIX], standalone_mode=False)
        return capsys.readouterr().out

    return run


def test_the_plan_is_a_table_and_its_parts_too(show: Show):
    told = show("calendar")
    assert "deadlines on 5 December 2030" in told and "A1/draft-1" in told and "B1/final-due" in told
    assert "on the critical path" in told
    assert "déplacé du" in told, "the reason of a shift is told"
    one = show("calendar", "--session", "A1")
    assert "A1/draft-1" in one and "B1/" not in one
    body = show("calendar", "--body", "highmoor")
    assert "/note-invitation" not in body and "/comments-" in body
    with pytest.raises(Unknown):
        show("calendar", "--session", "Z9")


def test_word_picture_and_feeds_are_written(show: Show, tmp_path: Path):
    word, picture = tmp_path / "plan.docx", tmp_path / "plan.png"
    told = show(
        "calendar", "--session", "A1", "--word", word, "--picture", picture, "--language", "arabe", "--feeds",
    )  # fmt: skip
    assert word.read_bytes().startswith(b"PK") and picture.read_bytes().startswith(b"\x89PNG")
    assert "version 1, made now" in told and "feeds have changed" in told
    assert "nothing new since it was made" in show("calendar", "--session", "A1", "--word", word, "--language", "arabe")
    with pytest.raises(Invalid, match="leave --body out"):
        show("calendar", "--body", "highmoor", "--word", word)
    with pytest.raises(Invalid, match="is no language"):
        show("calendar", "--language", "latin")
    with pytest.raises(Invalid, match="can't be written"):
        show("calendar", "--picture", tmp_path / "nowhere" / "plan.png")


def test_compliance_is_shown_by_whatever_is_asked(show: Show, tmp_path: Path):
    told = show("compliance")
    assert all(f"by {name}" in told for name in ("session", "stage", "body"))
    assert "% on time" in told
    word, picture = tmp_path / "report.docx", tmp_path / "chart.png"
    only = show("compliance", "--per", "body", "--word", word, "--picture", picture)
    assert "by body" in only and "by stage" not in only and "version 1, made now" in only
    assert word.read_bytes().startswith(b"PK") and picture.read_bytes().startswith(b"\x89PNG")
    with pytest.raises(Invalid, match="session, stage, body, language"):
        show("compliance", "--per", "moon")


def test_both_are_kept_as_artifacts(office_at: At, server: Server):
    @flow(name="keep-pages")
    async def keep_pages(edition: str, today: dt.date) -> None:
        desk = offices.desk_for(edition, today=today)
        await calendar_page(desk)
        await compliance_page(desk)

    assert office_at(ANSWERS_COME_IN).run(keep_pages).is_completed()
    for name, column in (("calendar", "who moves"), ("compliance", "on time")):
        found: Any = artifact(server, f"{name}-{SIX}").data
        rows = json.loads(found) if isinstance(found, str) else found
        assert rows and all(column in row for row in rows)
        assert all(set(row) == set(rows[0]) for row in rows), "a table has the same columns in every row"
