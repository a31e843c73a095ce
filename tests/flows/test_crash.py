"""Killed at any moment and started again, a rehearsal ends as ever; two runs at once do each step once."""

from __future__ import annotations

import datetime as dt
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from config import settings as configuration
from flows.session import prepare_session
from tasks.adapters.ledger import Ledger
from tests.conftest import SOAK
from tests.flows.conftest import ANSWERS_COME_IN, NOTES_TABLED, SIX, Office, Season, Server, copy_home

At = Callable[[dt.date], Office]


def kept(home: Path) -> tuple[object, dict[str, bytes]]:
    """What a home holds in the end: its ledger without the names of runs, and its documents by readable name."""
    ledger = Ledger.open(f"sqlite:///{home / 'ledger.sqlite'}")
    folder = home / "documents"
    files = {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.docx"))}
    snapshot = ledger.snapshot(SIX)
    ledger.dispose()
    return snapshot, files


def killed_after(command: list[str], environment: dict[str, str], lines: int, seconds: float) -> bool:
    """Kill the rehearsal so many seconds after it has said so many lines; False when it was through before."""
    process = subprocess.Popen(command, env=environment, cwd=configuration.ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout as said:
        for _ in range(lines):
            if not said.readline():
                break
        time.sleep(seconds)
        was_running = process.poll() is None
        process.kill()
        process.wait()
    return was_running


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_killed_at_random_and_started_again_it_ends_the_same(
    server: Server, season: Season, tmp_path: Path, rounds: Callable[[int, int], int]
) -> None:
    chance = random.Random(None if SOAK else 2007)
    expected = season.whole if SOAK else season.at[ANSWERS_COME_IN]
    until = [] if SOAK else [ANSWERS_COME_IN.isoformat()]
    command = [sys.executable, "-m", "flows.rehearsal", SIX, *until]
    environment = server.environment(tmp_path)
    kills = 0
    for _ in range(rounds(3, 100)):
        # It says a line for what it goes on with, then about one for every step; a step takes parts of a second.
        kills += killed_after(command, environment, chance.randint(2, 4 if SOAK else 14), chance.uniform(0, 0.8))
    assert SOAK or kills == 3
    done = subprocess.run(command, env=environment, cwd=configuration.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    (snapshot, files), (expected_snapshot, expected_files) = kept(tmp_path), kept(expected)
    assert files.keys() == expected_files.keys()
    assert [name for name, data in files.items() if data != expected_files[name]] == []
    assert snapshot == expected_snapshot
    assert not list((tmp_path / "store").rglob(".writing-*")) or kills


_AT_ONCE = """
import asyncio, datetime, sys, time
from pathlib import Path
from flows.session import prepare_session

ready, go = Path(sys.argv[2]), Path(sys.argv[3])
ready.touch()
while not go.exists():
    time.sleep(0.005)
state = asyncio.run(prepare_session("six-languages", "A1", datetime.date.fromisoformat(sys.argv[1]), return_state=True))
sys.exit(0 if state.name == "Waiting" else f"{state.name}: {state.message}")
"""


def test_two_processes_with_one_team_do_each_step_once(
    office_at: At, season: Season, server: Server, tmp_path: Path
) -> None:
    day = dt.date(2030, 11, 25)
    home = copy_home(season.at[NOTES_TABLED], tmp_path / "shared")
    environment, go = server.environment(home), tmp_path / "go"
    marks = [tmp_path / f"ready-{number}" for number in range(2)]
    both = [
        subprocess.Popen(
            [sys.executable, "-c", _AT_ONCE, day.isoformat(), str(mark), str(go)],
            env=environment, cwd=configuration.ROOT, stderr=subprocess.PIPE, text=True,
        )
        for mark in marks
    ]  # fmt: skip
    while not all(mark.exists() for mark in marks) and all(process.poll() is None for process in both):
        time.sleep(0.05)
    go.touch()
    ends = [(process.communicate(timeout=120)[1], process.returncode) for process in both]
    assert [code for _, code in ends] == [0, 0], ends
    alone = office_at(NOTES_TABLED)
    assert alone.run(prepare_session, session="A1", today=day).name == "Waiting"
    ledger = Ledger.open(f"sqlite:///{home / 'ledger.sqlite'}")
    assert ledger.snapshot(SIX) == alone.ledger.snapshot(SIX)
    invitations = Counter(row.key for row in ledger.documents(SIX, kind="invitation"))
    assert set(invitations.values()) == {1}
    assert len(invitations) == 4
    assert (
        len({row.run for row in ledger.history(SIX) if row.kind == "seat" and row.why.startswith("the invitation")})
        >= 1
    )
    ledger.dispose()
