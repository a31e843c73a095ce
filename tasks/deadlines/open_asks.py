"""What is asked of whom now: every open wait of a known milestone, one for each party."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tasks.adapters.ledger import Record
from tasks.desk import Desk
from tasks.domain import calendar_records, process
from tasks.domain.edition import Edition
from tasks.domain.view import TeamView, Wait


@dataclass(frozen=True)
class Open:
    """One ask with the wait it comes from."""

    view: TeamView
    wait: Wait
    #: The day the party was last given another due day, if it was.
    moved_on: dt.date | None


Asked = Mapping[tuple[str, str], Open]


def open_asks(desk: Desk, records: Sequence[Record]) -> dict[tuple[str, str], Open]:
    """Every open wait of a known milestone, by (ask key, party)."""
    moved = {
        record.key: record.changed_at.date()
        for record in records
        if record.kind in (calendar_records.MILESTONE, calendar_records.EXTENSION) and record.version > 1
    }
    found: dict[tuple[str, str], Open] = {}
    for view in desk.views(records):
        for wait in process.waits(view, desk.today):
            for party in wait.parties if wait.milestone else ():
                since = moved.get(f"{wait.milestone}|{party}") or moved.get(wait.milestone)
                found[ask_key(wait), party] = Open(view, wait, since)
    return found


def ask_key(wait: Wait) -> str:
    """A panel has one milestone and many seats, each asked by itself."""
    return f"{wait.milestone}/{wait.key}" if wait.kind == "seat" else wait.milestone


def has_mail(edition: Edition, party: str) -> bool:
    if edition.has("staff", party):
        return True
    if edition.has("people", party):
        person = edition.person(party)
        return bool(person.email) or bool(person.body and edition.body(person.body).reached_by_email)
    return edition.body(party).reached_by_email


def session_of(asked: Mapping[tuple[str, str], Open], point: str) -> str:
    milestone, party, *_ = point.rsplit("|", 3)
    return asked[milestone, party].view.session.id
