"""The npm package `emulate`: OAuth, Gmail, Calendar and Drive by other people, over HTTP on this machine.

It lacks of Drive content updates, permissions, changes and resumable uploads, of Calendar get and update, of Gmail the
profile, and all batches: for those there is the fake in tasks/adapters/google/fake.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_PROGRAM = Path(__file__).parent / "node_modules" / "emulate" / "dist" / "index.js"
_SECONDS_TO_START = 60
_OLDEST_NODE = 20


def missing() -> str | None:
    """Why it can't be started here, to skip with; None when all is there."""
    if shutil.which("node") is None:
        return "node is not installed"
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.removeprefix("v").partition(".")[0]) < _OLDEST_NODE:
        return f"node is {version}, the emulator needs {_OLDEST_NODE}"
    if not _PROGRAM.is_file():
        return "the emulator is not installed (`make tools` installs it)"
    return None


@contextmanager
def emulate(folder: Path, google: dict[str, Any]) -> Iterator[str]:
    """The address of a Google with what `google` says in it (users, clients, calendars), while the block runs."""
    seed = folder / "seed.yaml"
    seed.write_text(json.dumps({"google": google}))  # JSON is YAML.
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["node", str(_PROGRAM), "start", "--service", "google", "--port", str(port), "--seed", str(seed)]
    with (folder / "emulator.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}/"
            _wait(process, f"{address}.well-known/openid-configuration", folder / "emulator.log")
            yield address
        finally:
            process.terminate()
            process.wait(20)


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError(f"the emulator did not start: {log.read_text('utf-8', 'replace')[-500:]}")
