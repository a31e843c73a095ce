"""The `roundtable` command: helps, checks, decides, and ends with 1 and one message where it refuses."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from config import settings as configuration
from flows import cli
from tasks.adapters.ledger import Who
from tests.flows.conftest import EDITIONS, FINAL_TEXT, NOTES_COME_IN, NOTES_TABLED, SIX, Call, Office, Server

At = Callable[[dt.date], Office]


def commands() -> list[tuple[str, ...]]:
    def walk(command: Any, *names: str) -> list[tuple[str, ...]]:
        if not hasattr(command, "commands"):
            return [names]
        return [found for name, inner in command.commands.items() for found in walk(inner, *names, name)]

    return walk(get_command(cli.app))


def test_it_helps_from_the_shell_without_a_word() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "roundtable", "--help"],
        cwd=configuration.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    for command in ("check", "start", "status", "receive", "decide", "panel", "rehearse", "up", "sweep", "history"):
        assert command in done.stdout


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_helps_with_an_example(roundtable: Call, words: tuple[str, ...]) -> None:
    code, told = roundtable(*words, "--help")
    assert code == 0
    assert "Example" in told
    assert f"roundtable {' '.join(words)}" in told


def test_check_tells_what_an_edition_has(roundtable: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUNDTABLE_EDITIONS", str(EDITIONS))
    code, told = roundtable("check", SIX)
    assert (code, "no mistakes. 5 sessions, 5 papers" in told) == (0, True), told
    assert "Tue 15 Oct 2030" in told or "note-due" in told
    code, told = roundtable("check", "atlantis")
    assert (code, "atlantis: no such edition; there are: six-languages" in told) == (1, True)


def test_check_tells_every_mistake_with_file_and_line(
    roundtable: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copytree(EDITIONS / SIX, tmp_path / SIX, ignore=shutil.ignore_patterns("materials"))
    sessions = tmp_path / SIX / "sessions.yaml"
    text = (
        sessions.read_text("utf-8").replace("lead: alpinie,", "lead: alpiniee,").replace("closed: true", "closd: true")
    )
    sessions.write_text(text, "utf-8")
    lines = {
        word: number
        for number, line in enumerate(text.splitlines(), 1)
        for word in ("alpiniee", "closd")
        if word in line
    }
    monkeypatch.setenv("ROUNDTABLE_EDITIONS", str(tmp_path))
    code, told = roundtable("check", SIX)
    assert code == 1
    assert f"sessions.yaml:{lines['alpiniee']}" in told
    assert f"sessions.yaml:{lines['closd']}" in told
    assert "did you mean 'alpinie'?" in told
    assert "mistakes; mend the files and check again" in told


def test_a_glossary_goes_out_and_comes_in(roundtable: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shutil.copytree(EDITIONS / SIX, tmp_path / SIX, ignore=shutil.ignore_patterns("materials"))
    monkeypatch.setenv("ROUNDTABLE_EDITIONS", str(tmp_path))
    own, file = tmp_path / SIX / "glossary.yaml", tmp_path / "terms.csv"
    before = own.read_text("utf-8")
    code, told = roundtable("glossary", "show", SIX)
    assert (code, "manteau-neigeux" in told, "积雪" in told) == (0, True, True)
    assert roundtable("glossary", "export", SIX, file)[0] == 0
    code, told = roundtable("glossary", "import", SIX, file)
    assert (code, "the glossary says what is in terms.csv; nothing to write" in told) == (0, True), told
    file.write_text(
        file.read_text("utf-8-sig").replace("积雪", "雪盖")
        + "\ncol,term,ممر,山口,pass,col,перевал,puerto,\nx,,,,,,,,\n",
        "utf-8",
    )
    code, told = roundtable("glossary", "import", SIX, file)
    assert code == 0
    for words in ("manteau-neigeux.names.chinois", "['积雪']", "['雪盖']", "left out: x: has no name in", "--apply"):
        assert words in told
    assert own.read_text("utf-8") == before
    code, told = roundtable("glossary", "import", SIX, file, "--apply")
    assert (code, f"roundtable edition diff {SIX}" in told) == (0, True), told
    assert own.read_text("utf-8").startswith(before.replace("积雪", "雪盖"))
    assert roundtable("check", SIX)[0] == 0
    code, told = roundtable("glossary", "import", SIX, own)
    assert (code, "ends in .tbx or .csv" in told) == (1, True)
    # What would make a mistake of the edition is told and not written.
    file.write_text("id,arabe,chinois,anglais,francais,russe,espagnol\ny,a,b,c,glacier |crue,d,e\n", "utf-8")
    after = own.read_text("utf-8")
    code, told = roundtable("glossary", "import", SIX, file, "--apply")
    assert (code, own.read_text("utf-8") == after) == (1, True), told
    assert "is called so too" in told


def test_an_edition_that_was_not_started(roundtable: Call, server: Server, tmp_path: Path) -> None:
    with Office(server, tmp_path, None, server.environment(tmp_path, rehearsal=False)).entered():
        for words in (("status", SIX), ("status", "atlantis", "A1"), ("history", SIX), ("edition", "diff", SIX)):
            code, told = roundtable(*words)
            assert (code, "was not started; start it with `roundtable start" in told) == (1, True), words
        assert roundtable("start", "atlantis", "--by", "Béatrice Lacombe-Haute")[0] == 1
        code, told = roundtable("start", SIX, "--by", "Béatrice Lacombe-Haute")
        # The shared calendar is kept up from the first day, and what is waited for is said.
        assert (code, told.splitlines()[0]) == (0, f"{SIX}: started by secretaire")
        code, told = roundtable("status", SIX)
        assert (code, "A1" in told, "B2" in told) == (0, True, True)
        code, told = roundtable("sweep")
        assert (code, SIX in told) == (0, True), told


def test_what_a_command_needs_it_asks_for(roundtable: Call, server: Server) -> None:
    for words in (("decide", "note", SIX, "A1", "accept"), ("status",), ("dance", SIX), ("receive", SIX, "--by", "A")):
        assert roundtable(*words)[0] == 2, words


def test_status_and_history(roundtable: Call, office_at: At) -> None:
    office_at(FINAL_TEXT)
    code, told = roundtable("status", SIX)
    assert code == 0
    assert f"{SIX} on 3 April 2031" in told
    for word in ("A1", "A2", "A3", "B1", "B2", "who"):
        assert word in told
    code, told = roundtable("status", SIX, "B1")
    assert (code, "Timeline" in told, "B1-background-paper-v" in told) == (0, True, True)
    code, told = roundtable("status", SIX, "Z9")
    assert (code, "Z9: six-languages has no such session" in told) == (1, True)
    code, told = roundtable("history", SIX, "--decisions")
    assert (code, "note/A1/2" in told, "outcome/A1/cercle-automne" in told) == (0, True, True)
    assert roundtable("history", SIX, "--last", "3")[0] == 0
    code, told = roundtable("edition", "diff", SIX)
    assert (code, "nothing to apply" in told) == (0, True)


def test_files_come_in_and_one_bad_one_ends_with_1(roundtable: Call, office_at: At, tmp_path: Path) -> None:
    office = office_at(NOTES_COME_IN)
    good, bad = tmp_path / "note (final) [1].docx", tmp_path / "bad [red].docx"
    good.write_bytes(office.write("concept-note", "B1"))
    bad.write_bytes(b"no Word file")
    code, told = roundtable("receive", SIX, bad, good, "--by", "Béatrice Lacombe-Haute")
    assert code == 1
    assert "bad [red].docx" in told
    assert "B1 concept note: 178 words, complete" in told
    code, told = roundtable("receive", SIX, good, "--by", "Béatrice Lacombe-Haute")
    assert (code, "this very file came in on" in told) == (0, True)
    assert roundtable("receive", SIX, tmp_path / "nothing.docx", "--by", "A")[0] == 2


def test_decisions_from_the_shell(roundtable: Call, office_at: At) -> None:
    office = office_at(NOTES_COME_IN)
    by = ("--by", "Béatrice Lacombe-Haute")
    code, told = roundtable("decide", "note", SIX, "A3", "perhaps", *by)
    assert (code, "'perhaps' is not possible here; write accept or return" in told) == (1, True)
    code, told = roundtable("decide", "note", SIX, "A3", "accept", *by)
    # Outside a rehearsal's clock the next steps follow at once, and say what they wait for.
    assert (code, told.splitlines()[0]) == (0, "A3 concept note: accepted by secretaire")
    code, told = roundtable("decide", "note", SIX, "A3", "return", "--reason", "No.", "--by", "Camille Exemple")
    assert (code, "by secretaire on" in told) == (1, True), told
    code, told = roundtable("panel", SIX, "A1_ghost", "confirmed", *by)
    assert (code, "has no such seat" in told) == (1, True)
    code, told = roundtable("decide", "correct", SIX, "note/A3/1", "return", "--reason", "Wrong file.", *by)
    assert (code, "back to received" in told) == (0, True), told
    assert office.desk().record("concept-note", "A3").state == "returned"


def test_outcome_paper_and_report_from_the_shell(roundtable: Call, office_at: At) -> None:
    office = office_at(NOTES_TABLED)
    by = ("--by", "Béatrice Lacombe-Haute")
    code, told = roundtable(
        "decide", "outcome", SIX, "A1", "accueillie", "--joined", "deltarie", "--joined", "bassemer", *by
    )
    assert (code, "joined: deltarie, bassemer" in told) == (0, True), told
    assert roundtable("decide", "paper", SIX, "A1", "freeze", *by)[0] == 1
    assert roundtable("decide", "report", SIX, "A1", "accept", "--cleared", *by)[0] == 1
    assert office.desk().record("concept-note", "A1").state == "adopted"


def test_documents_are_listed_and_handed_out_to_whoever_may_see_them(
    roundtable: Call, office_at: At, tmp_path: Path
) -> None:
    office = office_at(FINAL_TEXT)
    rows = office.ledger.documents(SIX, session="A1")
    code, told = roundtable("documents", SIX, "A1", "--by", "Béatrice Lacombe-Haute", "--to", tmp_path / "all")
    assert (code, f"{len(rows)} documents" in told, f"{len(rows)} copied to" in told) == (0, True, True)
    assert {path.name for path in (tmp_path / "all" / "A1").iterdir()} == {row.name for row in rows}
    # The registry reads what is public only; no paper is issued yet.
    code, told = roundtable("documents", SIX, "A1", "--by", "Camille Exemple", "--to", tmp_path / "none")
    assert (code, f"{len(rows)} more are not Camille Exemple's to see" in told) == (0, True)
    assert not (tmp_path / "none").exists()
    code, told = roundtable("status", SIX, "A1", "--by", "Camille Exemple")
    assert (code, f"{len(rows)} more are not Camille Exemple's to see" in told) == (0, True)
    with office.ledger.change(SIX, Who(by="test", why="it is issued", run="test", at=office.desk().now)) as change:
        for paper in change.records("background-paper"):
            change.move(paper, "issued")
    code, told = roundtable("documents", SIX, "--public", "--by", "Camille Exemple", "--to", tmp_path / "site")
    current = {row.name for row in office.ledger.documents(SIX, kind="background-paper", status="current")}
    assert code == 0 and current
    assert {path.name for path in (tmp_path / "site").rglob("*.docx")} == current
    assert roundtable("documents", SIX, "--by", "Amara Quelle")[0] == 1


def test_a_decision_on_comments_that_there_is_not_is_refused_by_name(roundtable: Call, office_at: At) -> None:
    office_at(NOTES_COME_IN)
    code, told = roundtable("comments", "decide", SIX, "A1", "perhaps", "--rest", "--by", "Béatrice Lacombe-Haute")
    assert (code, "'perhaps' is not possible here; write accepted or accepted-with-changes" in told) == (1, True)
