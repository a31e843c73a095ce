"""`make bench`: documents, returned files, translation, memory, calendar, forecast, letters; a season and its floor.

Season and floor are each a process of their own, timed from its start to its end: an empty run, too, needs a process
that has imported Prefect. Of what the season begins with (its own modules, the edition's files) the floor has nothing.

    make bench                              11, 44 and 110 teams (the last two take long)
    make bench ARGS="--times 1"             11 teams only
    make bench ARGS="--times"               no season: all the rest only
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
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import calendar, forecast, memory, outbox, rendering, returned, translation
from benchmarks.editions import multiply
from config import settings as configuration
from flows.server import for_replay, free_port, quiet, running
from tasks.adapters.ledger import Ledger

#: What came in from outside was not rendered here.
_NOT_RENDERED = "-received"


@dataclass(frozen=True)
class Took:
    """Seconds on the wall, and seconds of the processor in the process and its server together."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Measured:
    """One season: teams, runs, documents; its time and that of the floor's parts."""

    teams: int
    flow_runs: int
    task_runs: int
    documents: int
    season: Took
    empty_runs: Took
    bare_documents: Took
    #: Seconds on the wall for as many documents by our own rendering.
    our_documents: float

    @property
    def ratio(self) -> float:
        return self.season.wall / (self.empty_runs.wall + self.bare_documents.wall)

    @property
    def cpu_ratio(self) -> float:
        """The same in seconds of the processor, which do not depend on what else the machine does."""
        return self.season.cpu / (self.empty_runs.cpu + self.bare_documents.cpu)


def measure(source: Path, edition: str, times: int, until: str | None) -> Measured:
    """Rehearse `edition` with its sessions `times` over, then its floor on a server of the same kind."""
    with tempfile.TemporaryDirectory(prefix="roundtable-bench-") as folder:
        here = Path(folder)
        multiply(source, edition, times, here / "editions")
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
            server = int((here / "server.pid").read_text("utf-8"))
            _timed([sys.executable, "-c", "import flows.rehearsal, benchmarks.floor"], environment, server)
            season = _timed(
                [sys.executable, "-m", "flows.rehearsal", edition, *([until] if until else [])], environment, server
            )
            flow_runs, task_runs = _count(url, "flow_runs"), _count(url, "task_runs")
            # A flow within a flow stands among the task runs of the outer one, too.
            nested = _count(url, "flow_runs", {"flow_runs": {"parent_task_run_id": {"is_null_": False}}})
            floor = [sys.executable, "-m", "benchmarks.floor", *map(str, (flow_runs, nested, task_runs - nested))]
            empty = _timed(floor, environment, server)
        ledger = Ledger.open(settings.ledger_url)
        rows = ledger.documents(edition)
        ledger.dispose()
        documents = sum(not row.kind.endswith(_NOT_RENDERED) for row in rows)
        teams = len({row.session for row in rows if row.session})
        bare = time.process_time()
        wall = rendering.seconds_for(documents)
        rendered = Took(wall, time.process_time() - bare)
        ours = rendering.seconds_for(documents, rendering.ours)
        return Measured(teams, flow_runs, task_runs, documents, season, empty, rendered, ours)


def _timed(command: list[str], environment: dict[str, str], server: int) -> Took:
    began, cpu = time.perf_counter(), _cpu(server)
    _output(command, environment)
    return Took(time.perf_counter() - began, _cpu(server) - cpu)


def _cpu(server: int) -> float:
    """Seconds of the processor that our finished children and the server have had; the server's on Linux only."""
    mine = os.times()
    stat = Path(f"/proc/{server}/stat")
    ticks = sum(map(int, stat.read_text("utf-8").rpartition(")")[2].split()[11:13])) if stat.exists() else 0
    return mine.children_user + mine.children_system + ticks / os.sysconf("SC_CLK_TCK")


def _output(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, env=environment, cwd=configuration.ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command[1:4])} failed:\n{done.stdout[-800:]}{done.stderr[-2000:]}")
    return done.stdout


def _count(url: str, what: str, which: Mapping[str, Any] | None = None) -> int:
    request = urllib.request.Request(
        f"{url}/{what}/count", data=json.dumps(which or {}).encode(), headers={"Content-Type": "application/json"}
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
    source = configuration.load().editions  # each season has folders of its own in the environment
    print("Documents per second, ours against plain docxtpl (goal: not much below 1)")
    for name, context in (("letter", rendering.letter()), ("paper", rendering.paper())):
        ours, plain = rendering.per_second(rendering.ours, context), rendering.per_second(rendering.plain, context)
        print(f"  {name:8} {ours:6.1f}/s  {plain:6.1f}/s  ratio {ours / plain:.2f}")
    print()
    returned.report()
    print()
    translation.report()
    print()
    calendar.report(options.sessions)
    print()
    forecast.report(options.sessions, picture=True)
    print()
    outbox.report()
    print()
    memory.report()
    if not options.times:
        return
    print("\nSeasons against their floor (goal: at most 2.0; seconds per team must not grow)")
    print(
        "  teams  flow runs  task runs  documents  season s  empty runs s  bare documents s  ratio  of CPU  s per team"
        "  documents/s  plain"
    )
    for times in options.times:
        m = measure(source, options.edition, times, options.until)
        print(
            f"  {m.teams:5}  {m.flow_runs:9}  {m.task_runs:9}  {m.documents:9}  {m.season.wall:8.1f}"
            f"  {m.empty_runs.wall:12.1f}  {m.bare_documents.wall:16.1f}  {m.ratio:5.2f}  {m.cpu_ratio:6.2f}"
            f"  {m.season.wall / m.teams:10.2f}  {m.documents / m.our_documents:11.1f}"
            f"  {m.documents / m.bare_documents.wall:5.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
