"""Chromium without a window, spoken to over its debugging port: open a page, wait as a person would, take a picture.

`--screenshot` alone comes too early or, with a virtual clock, in the middle of a fade: the Prefect UI fades its pages
in and fills its lists only when they are painted.
"""

from __future__ import annotations

import base64
import contextlib
import json
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from websockets.sync.client import connect
from websockets.sync.connection import Connection

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
    "--force-prefers-reduced-motion", "--remote-debugging-port=0", "--remote-allow-origins=*",
)  # fmt: skip
_LARGEST_MESSAGE = 64 * 1024 * 1024


def missing() -> str | None:
    """Why there can be no pictures of pages; None when Chromium is there."""
    return None if _program() else f"Chromium is not installed ({', '.join(_NAMES)})"


def _program() -> str | None:
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


class Browser:
    """One page of a browser."""

    def __init__(self, socket: Connection) -> None:
        self._socket = socket
        self._number = 0

    def open(self, address: str, seconds: float) -> None:
        """Go to `address` and give it `seconds` to fill."""
        self._do("Page.navigate", url=address)
        time.sleep(seconds)

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression in the page."""
        return self._do("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    def picture(self, target: Path) -> Path:
        """What the window shows, as PNG."""
        target.write_bytes(base64.b64decode(self._do("Page.captureScreenshot", format="png")["data"]))
        return target

    def _do(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            answer: dict[str, Any] = json.loads(self._socket.recv(timeout=60))
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                result: dict[str, Any] = answer["result"]
                return result


@contextlib.contextmanager
def browser(width: int, height: int) -> Iterator[Browser]:
    """A browser with a profile of its own, for as long as the block lasts."""
    program = _program()
    assert program is not None, missing()
    with tempfile.TemporaryDirectory(prefix="rt-chromium-", ignore_cleanup_errors=True) as profile:
        command = [program, *_FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}", "about:blank"]
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            port = _port(Path(profile))
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json", timeout=30) as answer:
                page = next(target for target in json.load(answer) if target["type"] == "page")
            with connect(page["webSocketDebuggerUrl"], max_size=_LARGEST_MESSAGE) as socket:
                yield Browser(socket)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def _port(profile: Path) -> int:
    """The port the browser has chosen; it writes it into its profile."""
    for _ in range(300):
        with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
            return int((profile / "DevToolsActivePort").read_text().split()[0])
        time.sleep(0.1)
    raise RuntimeError("Chromium did not open its debugging port")
