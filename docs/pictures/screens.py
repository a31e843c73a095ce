"""Pictures of the Prefect UI on a rehearsal: the board, a session's page, the runs, one run, a form."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from browser import Browser, browser, missing

from flows.board import artifact_key
from flows.server import free_port

__all__ = ["missing", "take"]

ROOT = Path(__file__).resolve().parents[2]
#: The most the server gives at once.
PAGE = 200
#: The UI fades pages in and draws lists and timelines after that.
SECONDS = 9.0


def take(edition: str, folder: Path) -> Iterator[Path]:
    """Each picture as it is made."""
    with _up(edition) as ui:
        board = max(_artifacts(ui, artifact_key("board", edition)), key=_variety)
        run = _run_with_most_steps(ui)
        name = run["parameters"]["session"]
        session = max(_artifacts(ui, artifact_key("session", edition, name)), key=_moves)
        moves = _all(ui, "artifacts", artifacts={"key": {"like_": f"move-{edition}"}}, sort="CREATED_DESC")
        form = next(entry["id"] for entry in _ask(ui, "deployments") if entry["name"] == "outcome")
        with browser(1900, 1000) as page:
            _lighten(page, ui)
            yield _shoot(page, f"{ui}/artifacts/artifact/{board['id']}", folder / "ui-board.png")
        with browser(1440, 1150) as page:
            _lighten(page, ui)
            yield _shoot(page, f"{ui}/artifacts/artifact/{session['id']}", folder / "ui-session.png")
            yield _shoot(page, f"{ui}/runs?flow-run-search={name}", folder / "ui-runs.png")
            yield _shoot(page, f"{ui}/runs/flow-run/{run['id']}?tab=Details", folder / "ui-run.png")
            yield _shoot(page, f"{ui}/deployments/deployment/{form}/run", folder / "ui-form.png")
            for move in moves[-1:]:  # the preview, which came first
                yield _shoot(page, f"{ui}/artifacts/artifact/{move['id']}", folder / "ui-move.png")


def _lighten(page: Browser, ui: str) -> None:
    """Dark pages print badly."""
    page.open(f"{ui}/dashboard", SECONDS)
    page.run("localStorage.setItem('color-scheme', '\"light\"')")


def _shoot(page: Browser, address: str, target: Path) -> Path:
    page.open(address, SECONDS)
    return page.picture(target)


def _artifacts(ui: str, key: str) -> list[dict[str, Any]]:
    """Every state of an artifact, the latest first."""
    return _all(ui, "artifacts", artifacts={"key": {"any_": [key]}}, sort="CREATED_DESC")


def _variety(board: dict[str, Any]) -> int:
    """How many different things a board says: the busiest one makes the best picture."""
    data = board["data"]
    rows = json.loads(data) if isinstance(data, str) else data
    return len({cell for row in rows for cell in row.items()})


def _moves(page: dict[str, Any]) -> int:
    """How many moves a session's page lists."""
    return str(page["data"]).partition("## Timeline")[0].count("\n- ")


def _run_with_most_steps(ui: str) -> dict[str, Any]:
    """The run of a team that took the most kinds of steps and still waits for somebody."""
    steps: dict[str, set[str]] = {}
    for task in _all(ui, "task_runs"):
        steps.setdefault(str(task["flow_run_id"]), set()).add(str(task["name"]).partition(":")[0])
    runs = _all(ui, "flow_runs", flow_runs={"state": {"name": {"any_": ["Waiting"]}}})
    teams = [run for run in runs if "session" in run["parameters"]]
    return max(teams, key=lambda run: (len(steps.get(str(run["id"]), ())), run["start_time"]))


def _all(ui: str, what: str, **body: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while len(page := _ask(ui, what, limit=PAGE, offset=len(found), **body)) == PAGE:
        found += page
    return found + page


def _ask(ui: str, what: str, **body: Any) -> list[dict[str, Any]]:
    address, headers = f"{ui}/api/{what}/filter", {"Content-Type": "application/json"}
    request = urllib.request.Request(address, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        found: list[dict[str, Any]] = json.load(answer)
    return found


@contextlib.contextmanager
def _up(edition: str) -> Iterator[str]:
    """`roundtable up` on the rehearsal for as long as the block lasts; the address of its UI."""
    # A rehearsal takes the port after the one that is given.
    environment = {**os.environ, "ROUNDTABLE_PORT": str(free_port() - 1)}
    environment.pop("PREFECT_API_URL", None)
    command = [sys.executable, "-u", "-m", "roundtable", "up", "--rehearsal", edition]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        said: list[str] = []
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if "Open http" in line:
                yield line.split()[1]
                return
        sys.exit(f"`roundtable up --rehearsal {edition}` did not start:\n{''.join(said)}")
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=60)
