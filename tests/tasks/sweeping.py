"""Sweeping day after day, whole or dying in the middle."""

from __future__ import annotations

import datetime as dt
import os

from sqlalchemy import event

from tasks import deadlines
from tasks.desk import Desk
from tests.tasks.office_help import Office


def sweep_until(office: Office, first: dt.date, last: dt.date) -> None:
    """A sweep a day, at nine; a day that was swept before is swept again, and nothing more comes of it."""
    for number in range((last - first).days + 1):
        office.today = first + dt.timedelta(days=number)
        deadlines.advance(_desk(office))


def sweep_and_die(office: Office, first: dt.date, last: dt.date, die_before: int) -> int:
    """The same in this process, which exits with 9 before the N-th statement to the database; 0 when all is done."""
    ours = office.again()
    left = die_before

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os._exit(9)

    event.listen(ours.ledger._engine, "before_cursor_execute", count)
    sweep_until(ours, first, last)
    return 0


def _desk(office: Office) -> Desk:
    desk = office.desk
    desk.now = dt.datetime.combine(office.today, dt.time(9), dt.UTC)
    desk.run = "run-sweep"
    return desk
