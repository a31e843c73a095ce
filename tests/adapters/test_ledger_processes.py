"""Several processes at once, and one that dies."""

from __future__ import annotations

import multiprocessing
import threading
import time

import pytest

from tasks.adapters.ledger import Ledger
from tests.adapters.ledger_help import EDITION, LATER, WHO, crash, open_fresh, race, start, the

MOVES = 200
spawn = multiprocessing.get_context("spawn")  # a fork would inherit open connections


def test_two_processes_do_every_step_once(ledger: Ledger, ledger_url: str) -> None:
    start(ledger)
    with ledger.change(EDITION, WHO) as change:
        change.add_record("concept-note", "1.1", "0")
    barrier, results = spawn.Barrier(2), spawn.Queue()
    # Neither stops before the other has won once, so that they did race however busy the machine is.
    both = {"a": spawn.Event(), "b": spawn.Event()}
    processes = [spawn.Process(target=race, args=(ledger_url, name, MOVES, barrier, results, both)) for name in both]
    for process in processes:
        process.start()
    told = [results.get(timeout=120) for _ in processes]
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    steps = sum(won for _, won, _ in told)
    assert steps >= MOVES and all(won for _, won, _ in told)
    assert (the(ledger).state, the(ledger).version) == (str(steps), steps + 1)
    moves = [line for line in ledger.history(EDITION, kind="concept-note") if line.change["state"][0] is not None]
    assert [line.change["state"] for line in moves] == [[str(step), str(step + 1)] for step in range(steps)]
    assert {name: won for name, won, _ in told} == {
        name: sum(line.run == name for line in moves) for name in ("a", "b")
    }


def test_a_process_that_dies_in_a_change_leaves_nothing(ledger: Ledger, ledger_url: str) -> None:
    start(ledger, ("concept-note", "1.1"))
    before, lines = ledger.snapshot(EDITION), ledger.history(EDITION)
    written = spawn.Event()
    process = spawn.Process(target=crash, args=(ledger_url, written))
    process.start()
    process.join(60)
    assert (process.exitcode, written.is_set()) == (9, True)
    assert ledger.snapshot(EDITION) == before
    assert ledger.history(EDITION) == lines
    with ledger.change(EDITION, LATER) as change:
        change.move(the(ledger), "received")
    assert the(ledger).state == "received", "and its lock is gone with it"


def test_processes_that_open_a_new_ledger_at_once_make_it_once(empty_database: str) -> None:
    barrier, results = spawn.Barrier(2), spawn.Queue()
    processes = [spawn.Process(target=open_fresh, args=(empty_database, barrier, results)) for _ in range(2)]
    for process in processes:
        process.start()
    assert sorted(results.get(timeout=60) for _ in processes) == [False, True]
    for process in processes:
        process.join(60)
        assert process.exitcode == 0


@pytest.mark.parametrize("first_commits", [True, False])
def test_a_second_writer_waits_and_a_reader_does_not(ledger: Ledger, first_commits: bool) -> None:
    """Threads of one process: the second change begins when the first has ended, and sees what it left."""
    start(ledger)
    holds, go_on = threading.Event(), threading.Event()
    seen: list[bool] = []

    def first() -> None:
        try:
            with ledger.change(EDITION, WHO) as change:
                change.add_record("seat", "1.1-chair-1", "open")
                holds.set()
                go_on.wait(30)
                if not first_commits:
                    raise KeyError
        except KeyError:
            pass

    def second() -> None:
        with ledger.change(EDITION, LATER) as change:
            seen.append(change.add_record("seat", "1.1-chair-1", "open"))

    one, two = threading.Thread(target=first), threading.Thread(target=second)
    one.start()
    assert holds.wait(30)
    two.start()
    time.sleep(0.2)
    assert seen == [], "the second waits"
    assert ledger.records(EDITION) == [], "a reader sees what is committed, at once"
    go_on.set()
    one.join(30)
    two.join(30)
    assert seen == [not first_commits]
    assert len(ledger.records(EDITION)) == 1
