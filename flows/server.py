"""The Prefect server of this installation: started, awaited, stopped."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import certifi

from tasks.adapters.local.store import write_whole
from tasks.domain.errors import Refusal

_START_TIMEOUT_S = 120


def free_port() -> int:
    """A TCP port on loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_ready(url: str) -> bool:
    """Whether a Prefect server answers at `url` (ending in /api)."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _one_certificate(prefect_home: Path) -> str:
    """A file with one certificate of a hundred and forty.

    Each of Prefect's many clients reads the whole bundle at its start, 20 ms every time, although this installation's
    server is spoken to over plain HTTP on loopback.
    """
    path = prefect_home / "certificate.pem"
    if not path.exists():
        prefect_home.mkdir(parents=True, exist_ok=True)
        first = Path(certifi.where()).read_text("utf-8").partition("-----END CERTIFICATE-----")
        write_whole(
            path, (first[0].partition("-----BEGIN")[1] + first[0].partition("-----BEGIN")[2] + first[1] + "\n").encode()
        )
    return str(path)


def quiet(environment: Mapping[str, str], port: int, prefect_home: Path) -> dict[str, str]:
    """The environment in which Prefect uses this installation's own home and server."""
    return {
        **environment,
        "PREFECT_HOME": str(prefect_home),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_API_SSL_CERT_FILE": _one_certificate(prefect_home),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        # Task runs are written many at a time: on SQLite each write of one held the next flow run up for 1 to 2 s.
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
        "PREFECT_LOGGING_LEVEL": environment.get("PREFECT_LOGGING_LEVEL", "WARNING"),
        "DO_NOT_TRACK": "1",
    }


#: Services a replay has no use for: nothing is scheduled in it, nobody watches its events.
_IDLE_IN_A_REPLAY = (
    "CANCELLATION_CLEANUP", "EVENT_PERSISTER", "FOREMAN", "LATE_RUNS", "PAUSE_EXPIRATIONS", "SCHEDULER", "TRIGGERS"
)  # fmt: skip


def for_replay(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of a server that only records a replay's runs; it is about a third cheaper."""
    return {**environment, **{f"PREFECT_SERVER_SERVICES_{name}_ENABLED": "false" for name in _IDLE_IN_A_REPLAY}}


@contextlib.contextmanager
def running(environment: Mapping[str, str], port: int, log: Path) -> Iterator[str]:
    """A server for as long as the block lasts; its API address. Its output goes to `log`.

    Raises:
        Refusal: it does not answer in time; the message says where to look.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    url = f"http://127.0.0.1:{port}/api"
    _stop_left_behind(log.with_suffix(".pid"))
    if is_ready(url):
        raise Refusal(f"another server answers on port {port} already; stop it, or set ROUNDTABLE_PORT to a free port")
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with log.open("ab") as output:
        process = subprocess.Popen(command, env=dict(environment), stdout=output, stderr=output, start_new_session=True)
    write_whole(log.with_suffix(".pid"), str(process.pid).encode())
    try:
        limit = time.monotonic() + _START_TIMEOUT_S
        while not is_ready(url):
            if process.poll() is not None or time.monotonic() > limit:
                raise Refusal(f"the Prefect server did not start on port {port}; see {log}")
            time.sleep(0.2)
        yield url
    finally:
        stop(process)
        log.with_suffix(".pid").unlink(missing_ok=True)


def _stop_left_behind(pid_file: Path) -> None:
    """End the server of an earlier run in this home that was killed and could not end it itself."""
    if not pid_file.exists():
        return
    pid = pid_file.read_text("utf-8").strip()
    found = subprocess.run(["ps", "-o", "command=", "-p", pid], capture_output=True, text=True, check=False).stdout
    if "prefect server start" in found:  # else the number is another program's by now
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(int(pid), signal.SIGKILL)
    pid_file.unlink(missing_ok=True)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process and its children, first by asking."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
