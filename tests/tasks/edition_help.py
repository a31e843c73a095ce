"""Edits of an edition in force, as somebody's editor makes them in its folder."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable
from typing import Any

from tasks import editions, meetings
from tasks.adapters.edition_files import Loaded, fingerprint
from tasks.adapters.ledger import Who
from tasks.domain.edition import Edition
from tasks.domain.edition_check import cross_check
from tests.tasks.office_help import Office

#: What an editor makes of a configuration.
Edit = Callable[[dict[str, Any]], None]
WHO = Who(by="A. Director", why="the edition changed", run="run-apply", at=dt.datetime(2007, 5, 1, 9, tzinfo=dt.UTC))


def edited(office: Office, change: Edit) -> Loaded:
    """The edition in force with an edit, without a mistake in it."""
    row = office.ledger.edition(office.name)
    assert row is not None
    config = copy.deepcopy(dict(row.config))
    change(config)
    model = Edition.model_validate(config)
    assert cross_check(model) == []
    plain = model.model_dump(mode="json")
    return Loaded(model, plain, fingerprint(plain))


def entry(config: dict[str, Any], collection: str, id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in config[collection] if each["id"] == id)
    return found


def apply(office: Office, change: Edit) -> list[str]:
    """Put an edit in force with all that follows, as the flow does; what was said."""
    wanted = edited(office, change)
    settle = meetings.settling(office.desk, meetings.follow_edit(office.desk, wanted.edition))
    lines = editions.apply(office.ledger, wanted, WHO, settle)
    office.forget()
    return lines


def states(office: Office) -> dict[tuple[str, str], str]:
    return {(r.kind, r.key): r.state for r in office.ledger.records(office.name)}
