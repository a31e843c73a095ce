"""The plan, and the preview of a meeting that moves, at 12, 120 and 1,200 sessions; against reading the records bare.

    python -m benchmarks.calendar                       12, 120 and 1,200 sessions
    python -m benchmarks.calendar --sessions 12

The goal for the preview is under 2 s at 12 sessions, through the ledger, with every letter and document looked at.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.editions import multiply
from config import settings as configuration
from tasks import editions, meetings
from tasks.adapters.edition_files import load
from tasks.adapters.ledger import Ledger, Who
from tasks.adapters.local.store import Store
from tasks.desk import Desk
from tasks.domain.calendar import plan
from tasks.domain.calendar_records import MILESTONE
from tasks.domain.edition import Edition

EDITION = "brussels-2007"
EVENT, TO = "fof-3", dt.date(2007, 6, 15)
TODAY = dt.datetime(2007, 4, 16, 9, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Measured:
    """Seconds for so many sessions: planning, a preview, a move that is applied, and the floor."""

    sessions: int
    deadlines: int
    plan: float
    preview: float
    apply: float
    floor: float


def measure(sessions: int) -> Measured:
    """Start an edition with so many sessions in a ledger of its own, and move a meeting in it."""
    source = configuration.load().editions
    with tempfile.TemporaryDirectory(prefix="roundtable-bench-") as folder:
        here = Path(folder)
        multiply(source, EDITION, max(1, sessions // 12), here / "editions")
        loaded = load(here / "editions", EDITION, overlay=False)
        ledger = Ledger.open(f"sqlite:///{here / 'ledger.sqlite'}")
        editions.start(ledger, loaded, Who(by="bench", why="start", run="bench", at=TODAY), rehearsal=True)
        desk = Desk(
            edition=editions.in_force(ledger, EDITION), ledger=ledger, store=Store(here), now=TODAY,
            by=_director(loaded.edition), folders=[configuration.ROOT / "templates", source / EDITION], run="bench",
            rehearsal=True,
        )  # fmt: skip
        floor = _seconds(lambda: ledger.records(EDITION, kind=MILESTONE))
        planning = _seconds(lambda: plan(desk.edition))
        preview = _seconds(lambda: meetings.preview(desk, {EVENT: TO}))
        apply = _seconds(lambda: meetings.apply(desk, {EVENT: TO}, "measured"))
        ledger.dispose()
        return Measured(len(loaded.edition.sessions), len(plan(loaded.edition)), planning, preview, apply, floor)


def _director(edition: Edition) -> str:
    """Somebody who may move a meeting."""
    return next(member.id for member in edition.staff if member.role == "director")


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def report(sizes: list[int]) -> None:
    """Print a line for each number of sessions."""
    print("\nThe calendar (goal: a preview under 2 s at 12 sessions; seconds per session must not grow)")
    print("  sessions  deadlines   plan s  preview s  apply s  bare reading s  preview per session ms")
    for size in sizes:
        m = measure(size)
        per = m.preview / m.sessions * 1000
        print(
            f"  {m.sessions:8,}  {m.deadlines:9,}  {m.plan:7.3f}  {m.preview:9.3f}  {m.apply:7.2f}  {m.floor:14.3f}"
            f"  {per:22.2f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, nargs="+", default=[12, 120, 1_200])
    report(parser.parse_args().sessions)


if __name__ == "__main__":
    main()
