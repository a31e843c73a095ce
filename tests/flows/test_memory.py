"""`roundtable memory ...`: what was translated before is shown, searched, written out and read in."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import settings as configuration
from flows import cli
from tasks import editions, memory
from tasks.adapters.edition_files import load
from tasks.adapters.ledger import Ledger, Who
from tests.flows.conftest import EDITIONS, SIX, Office, Server

Call = Callable[..., tuple[int, str]]
BY = "secretaire"


@pytest.fixture
def office(server: Server, tmp_path: Path) -> Iterator[Office]:
    """An edition that has just started, and has translated nothing yet."""
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'home' / 'ledger.sqlite'}")
    who = Who(by=BY, why="start", run="run-start", at=dt.datetime(2030, 8, 20, tzinfo=dt.UTC))
    editions.start(ledger, load(EDITIONS, SIX, overlay=False), who, rehearsal=False)
    ledger.dispose()
    environment = server.environment(tmp_path / "home", rehearsal=False)
    with Office(server, tmp_path / "home", None, environment).entered() as entered:
        yield entered


@pytest.fixture
def roundtable(office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """The command in this process: how it ended and what it printed."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("PREFECT_API_URL", office.server.url)

    def call(*words: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["roundtable", "memory", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out + told.err

    return call


def test_a_memory_is_read_in_shown_searched_and_written_out(roundtable: Call, office: Office, tmp_path: Path) -> None:
    file = tmp_path / "old [1].tmx"
    file.write_text(
        '<tmx version="1.4"><header srclang="fr"/><body>'
        '<tu><tuv xml:lang="fr"><seg>Les envois de fonds [a]</seg></tuv>'
        '<tuv xml:lang="en"><seg>Remittances [a]</seg></tuv></tu></body></tmx>',
        "utf-8",
    )
    before = office.ledger.snapshot(SIX)
    code, told = roundtable("import", SIX, file, "--by", BY)
    assert (code, "1 new (francais:anglais 1), 0 known" in told, "nothing was changed" in told) == (0, True, True), told
    assert office.ledger.snapshot(SIX) == before
    code, told = roundtable("import", SIX, file, "--by", BY, "--apply")
    assert (code, "the memory has it" in told) == (0, True), told
    after = office.ledger.snapshot(SIX)
    code, told = roundtable("import", SIX, file, "--by", BY, "--apply")
    assert (code, "0 new, 1 known" in told) == (0, True), told
    assert office.ledger.snapshot(SIX) == after
    code, told = roundtable("show", SIX)
    assert (code, f"{SIX} old [1].tmx" in told, "fr:en" in told) == (0, True, True), told
    assert "0 passages" in roundtable("show", SIX, "--pair", "anglais:francais")[1]
    code, told = roundtable("search", SIX, "francais:anglais", "Les envois de fonds [b]")
    assert (code, "fuzzy" in told, "Remittances [a]" in told, "imported old [1].tmx" in told) == (0, True, True, True)
    assert "nothing like it" in roundtable("search", SIX, "francais:anglais", "Autre chose")[1]
    code, told = roundtable("export", SIX, "francais:anglais", tmp_path / "new.tmx")
    assert (code, told.startswith("francais:anglais: 1 passage in ")) == (0, True), told
    assert "no machine translates into anglais" in roundtable("cost", SIX, "anglais")[1]
    with (tmp_path / "new.tmx").open("rb") as content:
        assert memory.plan_import(office.desk(), content, "new.tmx").known == 1


def test_who_may_not_and_what_is_not_there_is_told(roundtable: Call, tmp_path: Path) -> None:
    assert configuration.load().editions == EDITIONS
    (tmp_path / "bad.tmx").write_text("nothing", "utf-8")
    for words, told in (
        (("import", SIX, tmp_path / "bad.tmx", "--by", "Nobody"), "is nobody of the Taskforce"),
        (("import", SIX, tmp_path / "bad.tmx", "--by", BY), "bad.tmx: is no whole XML file"),
        (("import", SIX, tmp_path, "--by", BY), "no such file"),
        (("search", SIX, "francais:klingon", "a"), "is no pair of its languages"),
        (("cost", SIX, "francais"), f"francais: {SIX} is translated into arabe, chinois, anglais, russe, espagnol"),
    ):
        code, said = roundtable(*words)
        assert (code, told in said, "Traceback" in said) == (1, True, False), said
