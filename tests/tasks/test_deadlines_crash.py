"""Killed anywhere in its sweeps and started again, the office drafts each reminder once and loses no wait."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest

from tests.conftest import SOAK
from tests.tasks.conftest import Opening
from tests.tasks.office_help import Office
from tests.tasks.sending import ended, in_a_fork
from tests.tasks.sweeping import sweep_and_die, sweep_until

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
    kills = 0
    for _ in range(rounds(4, 100)):
        # What was done is passed over quickly, so later kills must let more go by to get further.
        limit = chance.randint(40, 400 * (kills + 1))
        kills += ended(in_a_fork(partial(sweep_and_die, killed, FIRST, LAST, limit))) == 9
    assert kills
    assert ended(in_a_fork(partial(sweep_and_die, killed, FIRST, LAST, 10**9))) == 0
    expected, found = whole.ledger.snapshot(whole.name), killed.ledger.snapshot(killed.name)
    letters = Counter((row["key"], row["status"]) for row in found["letter"])
    assert letters == Counter((row["key"], row["status"]) for row in expected["letter"])
    assert found == expected
    reminded = {row["key"] for row in found["letter"] if row["kind"] in ("reminder", "overdue")}
    # Eleven leads: two before the day, one after, the coordinator, the director; some twice in one letter.
    assert len(reminded) > 44
    killed.ledger.dispose()
