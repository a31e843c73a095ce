"""What the checks find in the translations that came back in a rehearsal."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tasks import editions
from tasks.adapters.ledger import Ledger
from tasks.adapters.local.store import Store
from tasks.desk import Desk
from tasks.domain.translation import STAGE
from tasks.translation.checking import checked_translation
from tests.domain.domain_help import EDITIONS, ROOT
from tests.proof.mistakes import Alarms

#: The states of a translation with nothing left to mend.
_WHOLE = ("received", "reviewed", "issued")


def alarms_of_home(home: Path) -> dict[str, Alarms]:
    """By edition: every translation that was taken as complete, checked again. Nothing in the home is changed."""
    ledger = Ledger.open(f"sqlite:///{home / 'ledger.sqlite'}")
    try:
        return {edition: found for edition in EDITIONS if (found := _alarms(ledger, home, edition)).segments}
    finally:
        ledger.dispose()


def _alarms(ledger: Ledger, home: Path, edition: str) -> Alarms:
    told = Alarms()
    records = [record for record in ledger.records(edition, STAGE) if record.state in _WHOLE]
    if records:
        desk = Desk(
            edition=editions.in_force(ledger, edition), ledger=ledger, store=Store(home),
            folders=[ROOT / "templates", EDITIONS[edition] / edition], now=dt.datetime.now(dt.UTC), by="proof",
            run="proof", rehearsal=True,
        )  # fmt: skip
        for record in records:
            checked = checked_translation(desk, record.key)
            told.count(record.facts["language"], len(checked.segments), checked.findings)
    return told
