"""How a flow gets its desk, and how it ends: the only place below the flows' own that reads clock and settings."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

import prefect
from prefect import get_run_logger
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from config import settings as configuration
from flows.about import Tagged, tag_form
from tasks.adapters.ledger import EditionRow, Ledger, Who
from tasks.adapters.local.delivery import local_delivery
from tasks.adapters.local.store import Inbox, Store
from tasks.adapters.ports import Delivery
from tasks.desk import Desk
from tasks.domain.edition import Edition
from tasks.domain.errors import Invalid, Overtaken, Refusal, Unknown
from tasks.domain.rights import id_called
from tasks.editions import dates_in_force

if TYPE_CHECKING:
    from tasks.adapters.google.delivery import Workspace
    from tasks.adapters.google.service import Services

#: A simulated day's moves all happen in the morning.
_SIMULATED_HOUR = dt.time(9)
#: Who a step is done by that no person asked for.
ENGINE = "roundtable"
#: A mail address somewhere in a text.
_ADDRESS = re.compile(r"""[^\s<>()\[\]'",;:]+@[^\s<>()\[\]'",;:]+""")
#: A flow's result is its state, with the message in it; nothing else is kept, here or elsewhere.
_NOWHERE = Path(os.devnull)

P = ParamSpec("P")
R = TypeVar("R")


def flow(name: str, flow_run_name: str) -> Callable[[Callable[P, R]], prefect.Flow[P, R]]:
    """What makes a function a flow of this office; `flow_run_name` names each run by the flow's parameters."""

    def make(function: Callable[P, R]) -> prefect.Flow[P, R]:
        # A flow that names no place for results asks the server for one, twice in each run.
        return Tagged(
            function,
            name=name,
            flow_run_name=flow_run_name,
            persist_result=False,
            result_storage=_NOWHERE,
            on_running=[tag_form],
        )

    return make


@lru_cache(maxsize=4)
def _ledger(url: str) -> Ledger:
    return Ledger.open(url)


def open_ledger(settings: configuration.Settings | None = None) -> Ledger:
    """The ledger of this installation, at its present schema."""
    settings = settings or configuration.load()
    settings.home.mkdir(parents=True, exist_ok=True)
    return _ledger(settings.ledger_url)


@lru_cache(maxsize=4)
def _edition_of(ledger: Ledger, edition: str, sha: str, dates: tuple[tuple[str, dt.date], ...]) -> Edition:
    row = ledger.edition(edition)
    assert row is not None
    return Edition.model_validate(row.config).with_dates(dict(dates))


def running(ledger: Ledger, edition: str) -> EditionRow:
    """The ledger's row of an edition.

    Raises:
        Unknown: it was not started.
    """
    return ledger.edition(edition) or _not_started(edition)


def _not_started(edition: str) -> NoReturn:
    raise Unknown(f"{edition}: this edition was not started; start it with `roundtable start {edition} --by NAME`")


def desk_for(edition: str, *, by: str = ENGINE, today: dt.date | None = None, run: str | None = None) -> Desk:
    """A desk for this run. `today` is a simulated date, which only a rehearsal may have.

    Where the edition has rights, a member of its Taskforce works under their id, whatever name was given.

    Raises:
        Invalid: a simulated date outside a rehearsal, or nobody's name.
        Unknown: the edition was not started.
    """
    settings = configuration.load()
    if today is not None and not settings.rehearsal:
        raise Invalid(f"{edition}: a simulated date ({today}) is for a rehearsal only; leave it out")
    if not by.strip():
        raise Invalid(f"{edition}: a decision needs the name of who takes it; give it with --by")
    ledger = open_ledger(settings)
    sha, is_rehearsal = ledger.in_force(edition) or _not_started(edition)
    if settings.rehearsal and today is None:
        today = last_simulated_day(edition)  # the clock of a rehearsal stands where it was left
    loaded = _edition_of(ledger, edition, sha, tuple(dates_in_force(ledger, edition).items()))
    now = dt.datetime.now(dt.UTC)
    if today is not None:
        now = dt.datetime.combine(today, _SIMULATED_HOUR, ZoneInfo(loaded.time_zone)).astimezone(dt.UTC)
    return Desk(
        edition=loaded,
        ledger=ledger,
        store=Store(settings.home),
        folders=[settings.templates, settings.editions / edition],
        now=now,
        by=id_called(loaded, by.strip()),
        run=run or str(flow_run.id or ""),
        rehearsal=is_rehearsal,
    )


def who_for(by: str, why: str, today: dt.date | None) -> Who:
    """Who changes an edition as a whole, before there is a desk for it."""
    if today is not None and not configuration.load().rehearsal:
        raise Invalid(f"a simulated date ({today}) is for a rehearsal only; leave it out")
    if not by.strip():
        raise Invalid("a decision needs the name of who takes it; give it with --by")
    now = dt.datetime.now(dt.UTC) if today is None else dt.datetime.combine(today, _SIMULATED_HOUR, dt.UTC)
    return Who(by=by.strip(), why=why, run=str(flow_run.id or ""), at=now)


def inbox() -> Inbox:
    """Where files come in."""
    return Inbox(configuration.load().home)


def inbox_text(file: str) -> str:
    """The text of a file in the inbox.

    Raises:
        Invalid: it is no text in UTF-8.
    """
    try:
        return inbox().read(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(f"{file}: is no text in UTF-8; save it as one") from None


def delivery() -> Delivery:
    """By which mail, files and agenda this installation reaches its partners."""
    settings = configuration.load()
    if settings.google_fake is not None:
        from flows.rehearsal_google import rehearsed_delivery

        return rehearsed_delivery(settings.google_fake)
    if settings.google is None:
        return local_delivery(settings.home)
    from tasks.adapters.google.delivery import google_delivery  # slow to import, and not everybody's

    return google_delivery(*workspace(settings.google))


def workspace(google: configuration.Google) -> tuple[Services, Workspace]:
    """Google's services, signed with the credentials of this installation, and where it works there.

    Raises:
        Unknown, Unsafe, Invalid: the file of credentials is not there, open to others, or not Google's.
    """
    from tasks.adapters.google.credentials import make_credentials, read_secret
    from tasks.adapters.google.delivery import Workspace
    from tasks.adapters.google.service import Services
    from tasks.adapters.google.transport import signed_transport

    credentials = make_credentials(read_secret(google.credentials), google.subject)
    return Services(signed_transport(credentials)), Workspace(google.drive_id, google.calendar_id)


def last_simulated_day(edition: str) -> dt.date | None:
    """The last day of a rehearsal that left a trace; None before it began."""
    rows = open_ledger().history(edition)
    return max(row.at for row in rows).date() if rows else None


def answer(work: Callable[[], str]) -> State[Any]:
    """Run a decision and end as `Completed` with what was done, or `Refused` with the one message.

    A step that another process took in the meantime is tried once more on what the ledger says now.
    """
    try:
        try:
            message = work()
        except Overtaken:
            message = work()
    except Refusal as refusal:
        return refused(str(refusal))
    except Overtaken:
        return refused("somebody else changed this at the same moment; look at `roundtable status` and decide again")
    return Completed(message=without_addresses(message))


def refused(message: str) -> State[Any]:
    """A clear no: an answer, not a fault, so the run did complete."""
    return Completed(name="Refused", message=without_addresses(message))


def failed(what: str, fault: Exception) -> State[Any]:
    """A fault of ours in one of several things, told in the run's log with its traceback; the others go on."""
    get_run_logger().error("%s", what, exc_info=fault)
    return Failed(message=without_addresses(f"{what}: a fault of ours: {fault!r}"))


def ended(states: Sequence[State[Any]], message: str) -> State[Any]:
    """The end of a run that did several things: a fault of ours outweighs a refusal, and that whatever went well."""
    if any(state.is_failed() or state.is_crashed() for state in states):
        return Failed(message=without_addresses(message))
    return refused(message) if any(state.name == "Refused" for state in states) else Completed(message=message)


def without_addresses(text: str) -> str:
    """A text that Prefect may keep: what came in from outside, such as a subject or file name, may hold an address."""
    return _ADDRESS.sub("(an address)", text)
