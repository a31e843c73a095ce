"""Google's services, one set for each thread, and one way to call them: backing off, counted, with named errors.

A service object is not thread safe (shared, it gives other threads' answers), so each thread builds its own from the
discovery documents that come with the library. Nothing is repeated by the library (`num_retries` repeats a POST, too)
nor by its transport: what may be repeated is known here, call by call.
"""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Final, Literal, TypeAlias

import google.auth.exceptions
import httplib2
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc
from googleapiclient.errors import HttpError

from tasks.adapters.google.errors import explain
from tasks.adapters.google.transport import NoResend
from tasks.adapters.ports import Denied, LostAnswer, Transient

#: The interfaces used, and their versions.
VERSIONS: Final = {"drive": "v3", "gmail": "v1", "calendar": "v3", "translate": "v2"}
#: Tries of one call, the first among them, and the longest wait in between, in seconds: a longer one is the caller's.
TRIES: Final = 5
LONGEST_WAIT_SECONDS: Final = 64.0

#: "repeat": done twice is as good as done once. "once": a second time would do harm, so an answer that is lost is
#: reported as lost, and only a clear refusal (429, rate limit) is tried again.
Effect: TypeAlias = Literal["repeat", "once"]


class Calls:
    """How many requests went out, by method ("drive.files.create"), from all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    def note(self, method: str) -> None:
        """Count one request."""
        with self._lock:
            self._counts[method] += 1

    def counts(self) -> dict[str, int]:
        """Requests so far by method, as they stand now."""
        with self._lock:
            return dict(sorted(self._counts.items()))

    @property
    def total(self) -> int:
        """Requests so far."""
        return sum(self.counts().values())


class Services:
    """The services of the thread that asks.

    Args:
        transport: makes a new transport that signs its requests; called once for each thread.
        root_url: where all of Google is, in place of its own addresses: for tests.
        sleep: waits some seconds between two tries.
    """

    def __init__(
        self,
        transport: Callable[[], Any],
        *,
        root_url: str | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.calls = Calls()
        self._transport = transport
        self._root_url = root_url
        self._sleep = sleep
        self._of_thread = threading.local()

    @property
    def drive(self) -> Any:
        """Drive v3."""
        return self._service("drive")

    @property
    def gmail(self) -> Any:
        """Gmail v1."""
        return self._service("gmail")

    @property
    def calendar(self) -> Any:
        """Calendar v3."""
        return self._service("calendar")

    @property
    def translate(self) -> Any:
        """Translate v2."""
        return self._service("translate")

    def call(self, request: Any, what: str, *, effect: Effect = "repeat") -> Any:
        """The answer to a request of the library; `what` begins the message of an error.

        Raises:
            DeliveryError: one of its kinds. LostAnswer only for what is to happen once: everything else has been
                tried again before, and ends as Transient.
        """
        return self.attempt(request.execute, request.methodId, what, effect=effect)

    def attempt(self, execute: Callable[[], Any], method: str, what: str, *, effect: Effect = "repeat") -> Any:
        """What `execute` answers, tried again while that does no harm; see `call`."""
        for number in range(1, TRIES + 1):
            self.calls.note(method)
            try:
                return execute()
            except HttpError as error:
                problem = explain(error, what)
                # A server that failed may have done it before it failed.
                if effect == "once" and error.resp.status >= 500:
                    problem = LostAnswer(f"{problem}; it may have happened")
            except google.auth.exceptions.TransportError:
                # The token was not renewed, so the call itself was never made.
                problem = Transient(f"{what}: the sign-in server can't be reached")
            except google.auth.exceptions.GoogleAuthError as error:
                # Without the library's text: it may quote what it was answered.
                problem = Denied(f"{what}: the sign-in is refused ({type(error).__name__}); sign in again")
                if error.retryable:
                    problem = Transient(f"{what}: the sign-in server is busy")
            except (httplib2.ServerNotFoundError, ConnectionRefusedError):
                problem = Transient(f"{what}: Google can't be reached")
            except (OSError, http.client.HTTPException, httplib2.HttpLib2Error) as error:
                lost = f"{what}: the connection ended before the answer ({type(error).__name__})"
                problem = LostAnswer(lost) if effect == "once" else Transient(lost)
            waits = isinstance(problem, Transient) and (problem.after_seconds or 0) <= LONGEST_WAIT_SECONDS
            if not isinstance(problem, Transient) or not waits or number == TRIES:
                # Without its cause: the library's errors hold addresses, headers and bodies.
                raise problem from None
            self._sleep(_wait(number, problem.after_seconds))
        raise AssertionError("the last try answers or raises")

    def batch(self, requests: list[Any], what: str) -> list[Any]:
        """The answers to several reading requests of Gmail in one, None where what was asked for is gone."""
        answers: list[Any] = [None] * len(requests)
        failed: list[int] = []

        def take(key: str, answer: Any, error: Any) -> None:
            answers[int(key)] = answer
            if error is not None and not (isinstance(error, HttpError) and error.resp.status in (404, 410)):
                failed.append(int(key))

        together = self.gmail.new_batch_http_request(callback=take)
        for key, request in enumerate(requests):
            together.add(request, request_id=str(key))
        self.attempt(together.execute, "gmail.batch", what)
        for key in failed:
            # Singly, with its own back-off: of a batch some are often refused for the rate alone.
            answers[key] = self.call(requests[key], what)
        return answers

    def pages(self, resource: Any, key: str, what: str, **arguments: Any) -> list[Any]:
        """What is under `key` in all pages of a list."""
        request, found = resource.list(**arguments), []
        while request is not None:
            page = self.call(request, what)
            found += page.get(key, [])
            request = resource.list_next(request, page)
        return found

    def close(self) -> None:
        """Close the connections of the thread that asks; another thread's are closed as it ends."""
        if hasattr(self._of_thread, "http"):
            self._of_thread.http.close()
        self._of_thread.__dict__.clear()

    def _service(self, name: str) -> Any:
        services: dict[str, Any] = self._of_thread.__dict__.setdefault("services", {})
        if name not in services:
            if not hasattr(self._of_thread, "http"):
                self._of_thread.http = NoResend(self._transport())
            services[name] = build_from_document(_document(name, self._root_url), http=self._of_thread.http)
        return services[name]


def _wait(number: int, asked: float | None) -> float:
    """Seconds before the next try: what the server asked for, or up to 1, 2, 4 ... with chance, so as not to march."""
    if asked is not None:
        return asked
    return float(random.uniform(0.5, 1.0) * 2 ** (number - 1))


def _document(name: str, root_url: str | None) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(get_static_doc(name, VERSIONS[name]))
    if root_url is not None:
        # In the document itself: uploads and batches do not look at the client's `api_endpoint`.
        document["rootUrl"] = root_url.rstrip("/") + "/"
        document["baseUrl"] = document["rootUrl"] + document["servicePath"]
        document.pop("mtlsRootUrl", None)
    return document
