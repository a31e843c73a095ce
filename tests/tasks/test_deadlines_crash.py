"""Killed anywhere in its sweeps and started again, the office drafts each reminder once and loses no wait."""

from __future__ import annotations

import datetime as dt
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable

import pytest

from tests.conftest import SOAK
from tests.domain.domain_help import ROOT
from tests.tasks.conftest import Opening
from tests.tasks.office_help import Office
from tests.tasks.sweeping import sweep_until

FIRST, LAST = dt.date(2007, 2, 5), dt.date(2007, 3, 20)


def invited(office: Office) -> Office:
    """Every lead is invited; from here on nobody answers."""
    office.on("note-invitation")
    for session in office.edition.sessions:
        office.advance(session.id)
    return office


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_season_of_sweeps_that_are_killed_is_as_one_that_is_not(at: Opening, rounds: Callable[[int, int], int]):
    whole = invited(at("started"))
    killed = whole.copy(whole.home.with_name("killed"))
    sweep_until(whole, FIRST, LAST)
    chance = random.Random(None if SOAK else 2007)
    command = [sys.executable, "-m", "tests.tasks.sweeping", str(killed.home), killed.name, str(FIRST), str(LAST)]
    kills = 0
    for _ in range(rounds(4, 100)):
        # What was done is passed over quickly, so later kills must let more go by to get further.
        limit = chance.randint(40, 400 * (kills + 1))
        kills += subprocess.run([*command, str(limit)], cwd=ROOT, check=False).returncode == 9
    assert kills
    assert subprocess.run([*command, str(10**9)], cwd=ROOT, check=False).returncode == 0
    expected, found = whole.ledger.snapshot(whole.name), killed.ledger.snapshot(killed.name)
    letters = Counter((row["key"], row["status"]) for row in found["letter"])
    assert letters == Counter((row["key"], row["status"]) for row in expected["letter"])
    assert found == expected
    reminded = {row["key"] for row in found["letter"] if row["kind"] in ("reminder", "overdue")}
    # Eleven leads: two before the day, one after, the coordinator, the director; some twice in one letter.
    assert len(reminded) > 44
    killed.ledger.dispose()
