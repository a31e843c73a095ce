"""Pictures of the Prefect UI on a rehearsal, taken by Chromium without a window."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flows.board import artifact_key
from flows.server import free_port

ROOT = Path(__file__).resolve().parents[2]
WINDOW = "1440,1000"


def missing() -> str | None:
    """Why there can be no screens; None when Chromium is there."""
    return None if _chromium() else "Chromium is not installed (chromium, chromium-browser or google-chrome)"


def _chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def take(edition: str, folder: Path) -> Iterator[Path]:
    """Each picture as it is made: the board, a session's page, the runs, a form."""
    with _up(edition) as ui:
        session = min(
            key.removeprefix(artifact_key("session", edition) + "-")
            for key in _artifact_keys(ui)
            if key.startswith("session-")
        )
        pages = {
            "ui-board": f"/artifacts/key/{artifact_key('board', edition)}",
            "ui-session": f"/artifacts/key/{artifact_key('session', edition)}-{session}",
            "ui-runs": "/runs",
            "ui-forms": "/deployments?tags=form",
            "ui-form": f"/deployments/deployment/{_deployment(ui, 'outcome')}/run",
        }
        for name, page in pages.items():
            yield _shoot(ui + page, folder / f"{name}.png")


@contextlib.contextmanager
def _up(edition: str) -> Iterator[str]:
    """`roundtable up` on the rehearsal for as long as the block lasts; the address of its UI."""
    # A rehearsal takes the port after the one that is given.
    environment = {**os.environ, "ROUNDTABLE_PORT": str(free_port() - 1), "COLUMNS": "200"}
    environment.pop("PREFECT_API_URL", None)
    command = [sys.executable, "-u", "-m", "flows.cli", "up", "--rehearsal", edition]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said = []
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


def _ask(ui: str, what: str, **body: Any) -> list[dict[str, Any]]:
    request = urllib.request.Request(
        f"{ui}/api/{what}/filter", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        found: list[dict[str, Any]] = json.load(answer)
    return found


def _artifact_keys(ui: str) -> list[str]:
    return [str(artifact["key"]) for artifact in _ask(ui, "artifacts/latest")]


def _deployment(ui: str, name: str) -> str:
    return next(str(entry["id"]) for entry in _ask(ui, "deployments") if entry["name"] == name)


def _shoot(address: str, target: Path) -> Path:
    chromium = _chromium()
    assert chromium is not None
    with tempfile.TemporaryDirectory(prefix="rt-chromium-") as profile:
        command = [
            chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
            f"--user-data-dir={profile}", f"--window-size={WINDOW}", "--virtual-time-budget=15000",
            f"--screenshot={target}", address,
        ]  # fmt: skip
        subprocess.run(command, capture_output=True, timeout=180, check=True)
    return target
