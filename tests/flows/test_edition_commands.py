"""A living edition edited from the shell: what `diff` shows, `apply` does, and the history keeps."""

from __future__ import annotations

import shutil
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from flows import cli
from tests.flows.conftest import EDITIONS, SIX, Call, Office, Server

BY = "Béatrice Lacombe-Haute"
#: Laid over the other files, it adds a session and names another focal point with another address.
EDIT = """\
sessions:
  - id: A9
    roundtable: A
    title: {arabe: a, chinois: b, anglais: Frozen lakes, francais: d, russe: e, espagnol: f}
    team: {lead: qimma, members: [yunfeng]}
    papers:
      - title: {arabe: a, chinois: b, anglais: Frozen lakes, francais: d, russe: e, espagnol: f}
bodies:
  - id: alpinie
    focal_point: {name: "Nora [/b] Neuve", email: "nora@alpinie.example"}
"""


@pytest.fixture
def editions(tmp_path: Path) -> Path:
    shutil.copytree(EDITIONS / SIX, tmp_path / "editions" / SIX, ignore=shutil.ignore_patterns("materials"))
    return tmp_path / "editions"


def test_an_edit_is_shown_put_in_force_and_found_in_the_history(
    roundtable: Call, server: Server, editions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli.out, "width", 300)
    home = tmp_path / "home"
    with Office(server, home, None, server.environment(home, rehearsal=False, editions=editions)).entered() as office:
        assert roundtable("start", SIX, "--by", BY)[0] == 0
        (editions / SIX / "zz.yaml").write_text(EDIT, "utf-8")
        code, told = roundtable("edition", "diff", SIX)
        assert code == 0, told
        for words in ("bodies[alpinie].focal_point.email", "Nora [/b] Neuve", "contact@alpinie.example", "A9/draft-1"):
            assert words in told
        code, told = roundtable("edition", "apply", SIX, "--by", BY)
        assert code == 0, told
        assert "bodies[alpinie].focal_point.email: address changed\n" in told
        assert "sessions[A9]: is new\n" in told
        assert "@" not in told
        assert "nothing to apply" in roundtable("edition", "diff", SIX)[1]
        (line,) = [line for line in office.ledger.history(SIX, subject="edition") if line.by == BY][1:]
        count = len(office.ledger.history(SIX, since_seq=line.seq - 1))
        code, told = roundtable("history", SIX, "--last", count)
        row = next(row for row in told.splitlines() if f"edition {SIX}" in row)
        assert (code, line.run[:8] in row, line.run in told) == (0, True, False)
        assert ("contact@alpinie.example → nora@alpinie.example" in told, "Frozen lakes" in told) == (True, False)
        assert f"{line.at.astimezone(ZoneInfo(office.desk().edition.time_zone)):%-d %B %Y %H:%M %Z}" in row
        code, told = roundtable("history", SIX, "--last", count, "--full")
        assert (code, line.run in told, "'anglais': 'Frozen lakes'" in told) == (0, True, True)


def test_a_mistake_on_line_100_is_told_with_its_line(
    roundtable: Call, editions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = editions / SIX / "sessions.yaml"
    text = file.read_text("utf-8").replace("lead: alpinie,", "lead: alpiniee,")
    before = text[: text.index("alpiniee")].count("\n")
    file.write_text("#\n" * (99 - before) + text, "utf-8")
    monkeypatch.setenv("ROUNDTABLE_EDITIONS", str(editions))
    code, told = roundtable("check", SIX)
    assert (code, "sessions.yaml:100:" in told) == (1, True), told
