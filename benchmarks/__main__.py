"""`make bench`: documents, the calendar, the forecast; a season against its empty runs and bare documents.

Season and floor are each a process of their own, timed from its start to its end: an empty run, too, needs a process
that has imported Prefect. Of what the season begins with (its own modules, the edition's files) the floor has nothing.

    make bench                              11, 44 and 110 teams (the last two take long)
    make bench ARGS="--times 1"             11 teams only
    make bench ARGS="--times"               no season: documents, calendar and forecast only
    make bench ARGS="--times 1 4 --until 2007-04-25"

Prints ratios against a floor measured in the same run; no test hangs on them.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import calendar, forecast, rendering
from benchmarks.editions import multiply
from config import settings as configuration
from flows.server import for_replay, free_port, quiet, running
from tasks.adapters.ledger import Ledger

#: What came in from outside was not rendered here.
_NOT_RENDERED = "-received"


@dataclass(frozen=True)
class Measured:
    """One season: teams, runs, documents, its wall time and the floor's parts, all in seconds."""

    teams: int
    flow_runs: int
    task_runs: int
    documents: int
    season: float
    empty_runs: float
    bare_documents: float

    @property
    def ratio(self) -> float:
        return self.season / (self.empty_runs + self.bare_documents)


def measure(edition: str, times: int, until: str | None) -> Measured:
    """Rehearse `edition` with its sessions `times` over, then its floor on a server of the same kind."""
    with tempfile.TemporaryDirectory(prefix="roundtable-bench-") as folder:
        here = Path(folder)
        multiply(configuration.load().editions, edition, times, here / "editions")
        os.environ.update(ROUNDTABLE_EDITIONS=str(here / "editions"), ROUNDTABLE_HOME=str(here / "home"))
        settings = configuration.load(edition)
        environment = for_replay(
            quiet(configuration.environment_for(settings, edition), free_port(), settings.prefect_home)
        )
        environment |= {"PYTHONPYCACHEPREFIX": str(here / "compiled")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        port = int(environment["PREFECT_SERVER_API_PORT"])
        with running(environment, port, here / "server.log") as url:
            # Both run once for nothing, so that neither is charged with compiling what an installation has compiled.
            _timed([sys.executable, "-c", "import flows.rehearsal, benchmarks.floor"], environment)
            season = _timed(
                [sys.executable, "-m", "flows.rehearsal", edition, *([until] if until else [])], environment
            )
            flow_runs, task_runs = _count(url, "flow_runs"), _count(url, "task_runs")
            floor = [sys.executable, "-m", "benchmarks.floor", str(flow_runs), str(task_runs)]
            empty = _timed(floor, environment)
        ledger = Ledger.open(settings.ledger_url)
        rows = ledger.documents(edition)
        ledger.dispose()
        documents = sum(not row.kind.endswith(_NOT_RENDERED) for row in rows)
        teams = len({row.session for row in rows if row.session})
        return Measured(teams, flow_runs, task_runs, documents, season, empty, rendering.seconds_for(documents))


def _timed(command: list[str], environment: dict[str, str]) -> float:
    began = time.perf_counter()
    _output(command, environment)
    return time.perf_counter() - began


def _output(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, env=environment, cwd=configuration.ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command[1:4])} failed:\n{done.stdout[-800:]}{done.stderr[-2000:]}")
    return done.stdout


def _count(url: str, what: str) -> int:
    request = urllib.request.Request(
        f"{url}/{what}/count", data=json.dumps({}).encode(), headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        value: Any = json.load(response)
    return int(value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edition", default="brussels-2007")
    parser.add_argument("--times", type=int, nargs="*", default=[1, 4, 10], help="how many times the edition's teams")
    parser.add_argument("--sessions", type=int, nargs="+", default=[12, 120, 1_200], help="for calendar and forecast")
    parser.add_argument("--until", help="stop each season after this day")
    options = parser.parse_args()
    print("Documents per second, ours against plain docxtpl (goal: not much below 1)")
    for name, context in (("letter", rendering.letter()), ("paper", rendering.paper())):
        ours, plain = rendering.per_second(rendering.ours, context), rendering.per_second(rendering.plain, context)
        print(f"  {name:8} {ours:6.1f}/s  {plain:6.1f}/s  ratio {ours / plain:.2f}")
    print()
    calendar.report(options.sessions)
    print()
    forecast.report(options.sessions, picture=True)
    if not options.times:
        return
    print("\nSeasons against their floor (goal: at most 2.0; seconds per team must not grow)")
    print("  teams  flow runs  task runs  documents  season s  empty runs s  bare documents s  ratio  s per team")
    for times in options.times:
        m = measure(options.edition, times, options.until)
        print(
            f"  {m.teams:5}  {m.flow_runs:9}  {m.task_runs:9}  {m.documents:9}  {m.season:8.1f}  {m.empty_runs:12.1f}"
            f"  {m.bare_documents:16.1f}  {m.ratio:5.2f}  {m.season / m.teams:10.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
