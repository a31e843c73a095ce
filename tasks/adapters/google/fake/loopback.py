"""The fake over HTTP on this machine: a thin adapter, one thread for each connection."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import urlsplit

from google.oauth2.credentials import Credentials

from tasks.adapters.google.fake.workspace import TOKEN, Cut, FakeGoogle
from tasks.adapters.google.service import Services
from tasks.adapters.google.transport import signed_transport
from tasks.domain.errors import Invalid

_PATIENCE_SECONDS: Final = 20


@contextmanager
def serve(google: FakeGoogle) -> Iterator[str]:
    """The address of `google` while the block runs, to be the `root_url` of `Services`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Answers are written in two pieces: without this each waits for the other side's delayed acknowledgement.
        disable_nagle_algorithm = True

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            url = f"http://{self.headers['host']}{self.path}"
            try:
                status, heads, content = google.handle(self.command, url, dict(self.headers.items()), body)
            except Cut:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in heads.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def connected(google: FakeGoogle, sleep: Callable[[float], None] = time.sleep) -> Iterator[Services]:
    """Services that are signed in to `google` over HTTP."""
    with serve(google) as root_url:
        services = services_at(root_url, sleep)
        try:
            yield services
        finally:
            services.close()


def services_at(root_url: str, sleep: Callable[[float], None] = time.sleep) -> Services:
    """Services that are signed in to the fake at an address of this machine.

    Raises:
        Invalid: the address is of another machine: nothing made up is ever told to Google itself.
    """
    if urlsplit(root_url).hostname != "127.0.0.1":
        raise Invalid(f"{root_url}: the made-up Google is on this machine (127.0.0.1) only")
    signed = Credentials(TOKEN)  # type: ignore[no-untyped-call]
    return Services(signed_transport(signed, _PATIENCE_SECONDS), root_url=root_url, sleep=sleep)
