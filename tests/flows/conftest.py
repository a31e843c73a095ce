"""One real Prefect server for all tests of the flows, and offices (homes with a ledger) at chosen days of a season.

The season is the other edition's, rehearsed once on this server; at some days of it the home is copied. A test works
on a copy of such a copy and so begins in the middle of the preparation, in a fraction of a second.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import gc
import os
import shutil
import sqlite3
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import FlowRun
from prefect.settings import (
    PREFECT_API_SSL_CERT_FILE,
    PREFECT_API_URL,
    PREFECT_LOGGING_TO_API_ENABLED,
    temporary_settings,
)

from config import settings as configuration
from flows import cli, office
from flows.rehearsal import rehearse
from flows.server import for_replay, free_port, quiet, running
from tasks.adapters.durability import outliving_the_process_only
from tasks.adapters.ledger import Ledger
from tasks.desk import Desk
from tasks.domain.players import Move, MoveKind, Scene
from tasks.rehearsal import Players, load_script

EDITIONS = configuration.ROOT / "tests" / "editions"
SIX = "six-languages"

#: Days of the season at which its home is copied: what is interesting about each.
NOTES_COME_IN = dt.date(2030, 9, 9)  # A3's note awaits its decision, A1's went back, the others are invited
NOTES_TABLED = dt.date(2030, 10, 15)  # every note lies before the meeting
ANSWERS_COME_IN = dt.date(2030, 12, 5)  # some seats are confirmed, the first drafts go round
FINAL_TEXT = dt.date(2031, 4, 3)  # B1's final text awaits its decision
REPORTS_COME_IN = dt.date(2031, 7, 2)  # A1's and A2's reports await theirs
#: `roundtable(*words)`: how the command ended and what it printed.
Call = Callable[..., tuple[int, str]]
STOPS = (NOTES_COME_IN, NOTES_TABLED, ANSWERS_COME_IN, FINAL_TEXT, REPORTS_COME_IN)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Prefect leaves sockets of finished event loops to the garbage collector; every other warning stays an error."""
    here = Path(__file__).parent
    # First, since they stay together on one of the two processes (one server, one season) and take the longest.
    items.sort(key=lambda item: here not in item.path.parents)
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"))
            item.add_marker(pytest.mark.filterwarnings("ignore:unclosed transport:ResourceWarning"))


@dataclass(frozen=True)
class Server:
    """The session's Prefect server."""

    url: str
    port: int
    home: Path

    def environment(
        self, home: Path, *, rehearsal: bool = True, editions: Path = EDITIONS, edition: str = SIX
    ) -> dict[str, str]:
        """The environment of a process whose office is at `home`."""
        office = configuration.Settings(
            home=home,
            ledger_url=f"sqlite:///{home / 'ledger.sqlite'}",
            editions=editions,
            templates=configuration.ROOT / "templates",
            rehearsal=rehearsal,
            api_port=self.port,
        )
        values = configuration.environment_for(office, edition)
        if not rehearsal:
            values.pop("ROUNDTABLE_REHEARSAL", None)
        return {**quiet(values, self.port, self.home), "PREFECT_LOGGING_TO_API_ENABLED": "false"}

    @contextmanager
    def client(self) -> Iterator[SyncPrefectClient]:
        """A client of the server's API."""
        with self.settings(), get_client(sync_client=True) as client:
            yield client

    @contextmanager
    def settings(self) -> Iterator[None]:
        """Prefect in this process uses this server."""
        values: dict[Any, Any] = {
            PREFECT_API_URL: self.url,
            PREFECT_API_SSL_CERT_FILE: str(self.home / "certificate.pem"),
            PREFECT_LOGGING_TO_API_ENABLED: False,
        }
        with temporary_settings(values):
            yield

    def runs(self) -> list[FlowRun]:
        """Every flow run the server knows."""
        found: list[FlowRun] = []
        with self.client() as client:
            while page := client.read_flow_runs(limit=200, offset=len(found)):
                found += page
        return found


@dataclass
class Office:
    """A home with its ledger, entered: flows of this process work in it."""

    server: Server
    home: Path
    day: dt.date | None
    environment: dict[str, str]

    @contextmanager
    def entered(self) -> Iterator[Office]:
        """The environment of this office, in this process."""
        with pytest.MonkeyPatch.context() as patch, self.server.settings():
            for name, value in self.environment.items():
                if name.startswith(("ROUNDTABLE_", "PREFECT_")):
                    patch.setenv(name, value)
            if "ROUNDTABLE_REHEARSAL" not in self.environment:
                patch.delenv("ROUNDTABLE_REHEARSAL", raising=False)
            try:
                yield self
            finally:
                office._ledger.cache_clear()
                office._edition_of.cache_clear()
                # Prefect leaves connections of its finished event loops to the garbage collector.
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", ResourceWarning)
                    gc.collect()

    def run(self, flow: Any, **parameters: Any) -> Any:
        """Run a flow to its final state, on the office's day unless told otherwise."""
        if self.day is not None:
            parameters.setdefault("today", self.day)
        return asyncio.run(_state(flow, {"edition": SIX, **parameters}))

    @property
    def ledger(self) -> Ledger:
        return office.open_ledger()

    def desk(self, edition: str = SIX) -> Desk:
        """To look at things; it writes nothing."""
        return office.desk_for(edition, today=self.day, run="looking")

    def write(self, kind: MoveKind, session: str, key: str | None = None, **scene: Any) -> bytes:
        """The Word file that a player sends for a record, its own materials filled into the office's own form."""
        folder, desk = EDITIONS / SIX, self.desk()
        record = desk.record(kind if kind != "draft" else "background-paper", key or session)
        move = Move(kind, session, kind, key or session, "", 1, record.facts.get("round", 1), Scene(move=kind, **scene))
        return Players(desk, folder, load_script(folder)).write(move).data


async def _state(flow: Any, parameters: dict[str, Any]) -> Any:
    return await flow(**parameters, return_state=True)


@dataclass
class Season:
    """The other edition's season: the home at its end, those at the days in between, what it said and took."""

    whole: Path
    at: dict[dt.date, Path] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    runs: Counter[str] = field(default_factory=Counter)


def copy_home(source: Path, target: Path) -> Path:
    """A copy of a home that nobody writes to. Stored files are linked: the store never changes one."""
    shutil.copytree(source, target, copy_function=os.link, ignore=shutil.ignore_patterns("ledger.sqlite*"))
    old, new = sqlite3.connect(source / "ledger.sqlite"), sqlite3.connect(target / "ledger.sqlite")
    old.backup(new)
    old.close()
    new.close()
    return target


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The one real Prefect server, as a rehearsal has it."""
    home, port = tmp_path_factory.mktemp("server"), free_port()
    with running(for_replay(quiet(os.environ, port, home)), port, home / "server.log") as url:
        yield Server(url, port, home)


@pytest.fixture(scope="session")
def season(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Season:
    """The season, rehearsed whole."""
    folder = tmp_path_factory.mktemp("season")
    found = Season(folder / "whole")
    with Office(server, found.whole, None, server.environment(found.whole)).entered(), outliving_the_process_only():
        for stop in (*STOPS, None):
            found.runs += asyncio.run(rehearse(SIX, found.said.append, stop)).runs
            if stop is not None:
                found.at[stop] = copy_home(found.whole, folder / stop.isoformat())
    return found


@pytest.fixture
def office_at(season: Season, server: Server, tmp_path: Path) -> Iterator[Callable[[dt.date], Office]]:
    """`office_at(day)`: an office of this test's own, as the season left it on that day; entered."""
    with ExitStack() as entered:

        def make(day: dt.date) -> Office:
            home = copy_home(season.at[day], tmp_path / f"home-{day}")
            return entered.enter_context(Office(server, home, day, server.environment(home)).entered())

        yield make


@pytest.fixture
def roundtable(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """`roundtable(*words)`: the command in this process; how it ended and what it printed."""
    monkeypatch.setenv("COLUMNS", "240")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("PREFECT_API_URL", "none is needed")

    def call(*words: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["roundtable", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        assert "Traceback" not in told.err + told.out
        return int(ended.value.code or 0), told.out + told.err

    return call
