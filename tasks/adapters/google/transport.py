"""Connections to Google: signed, with a time limit, and each request handed over once."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

import google_auth_httplib2
import httplib2
from googleapiclient.http import build_http

#: Seconds without a byte after which a request is given up.
TIMEOUT_SECONDS: Final = 60.0


def signed_transport(credentials: Any, timeout_seconds: float = TIMEOUT_SECONDS) -> Callable[[], Any]:
    """A maker of transports that sign with `credentials`, each with connections of its own, for `Services`.

    From the library's own `build_http`: a bare httplib2 takes the 308 of a resumable upload for a redirect.
    """

    def make() -> Any:
        http = build_http()
        http.timeout = timeout_seconds
        return google_auth_httplib2.AuthorizedHttp(credentials, http=http)

    return make


class NoResend:
    """A transport that hands a request on once.

    httplib2 sends a request, a POST too, a second time when the server closes the connection without an answer.
    """

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def request(self, uri: str, method: str = "GET", **arguments: Any) -> Any:
        """Response and body, as from httplib2."""
        kind = _Once if urlsplit(uri).scheme == "http" else _OnceSecure
        return self._inner.request(uri, method, **{**arguments, "connection_type": kind})

    def close(self) -> None:
        """Close its connections."""
        self._inner.close()


def _answer_or_end(answer: Callable[[], http.client.HTTPResponse]) -> http.client.HTTPResponse:
    try:
        return answer()
    except (http.client.BadStatusLine, http.client.ResponseNotReady) as error:
        # Of this httplib2 takes no notice, of the two others it does.
        raise ConnectionAbortedError("closed without an answer") from error


class _Once(httplib2.HTTPConnectionWithTimeout):  # type: ignore[misc]
    def getresponse(self) -> http.client.HTTPResponse:
        return _answer_or_end(super().getresponse)


class _OnceSecure(httplib2.HTTPSConnectionWithTimeout):  # type: ignore[misc]
    def getresponse(self) -> http.client.HTTPResponse:
        return _answer_or_end(super().getresponse)
