"""A process that sweeps day after day and dies in the middle.

    python -m tests.tasks.sweeping HOME EDITION FIRST LAST N

It exits with 9 before the N-th statement it would send to the database, whatever that is; with 0 when all is done.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path

from sqlalchemy import event

from tasks import deadlines
from tasks.desk import Desk
from tests.tasks.office_help import Office, plain_steps


def sweep_until(office: Office, first: dt.date, last: dt.date) -> None:
    """A sweep a day, at nine; a day that was swept before is swept again, and nothing more comes of it."""
    for number in range((last - first).days + 1):
        office.today = first + dt.timedelta(days=number)
        deadlines.advance(_desk(office))


def _desk(office: Office) -> Desk:
    desk = office.desk
    desk.now = dt.datetime.combine(office.today, dt.time(9), dt.UTC)
    desk.run = "run-sweep"
    return desk


def main() -> None:
    home, name, first, last, die_before = sys.argv[1:]
    office = Office(Path(home), name, dt.date.fromisoformat(first))
    left = int(die_before)

    @event.listens_for(office.ledger._engine, "before_cursor_execute")
    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os._exit(9)

    with plain_steps():
        sweep_until(office, dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    office.ledger.dispose()


if __name__ == "__main__":
    main()
