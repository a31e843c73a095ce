"""A Google Workspace of one mailbox, one shared drive and one calendar, that remembers what was done to it.

It answers what the discovery documents have and what Google's documentation says; where the documentation forbids
something it refuses. It is stricter than Google where a request would be pointless, and knows only the methods that
Roundtable uses. `script` has what goes wrong on the way.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

import httplib2

from tasks.adapters.google.credentials import SCOPES
from tasks.adapters.google.fake.calendar import FakeCalendar
from tasks.adapters.google.fake.discovery import Call, Refused, check_body, check_scopes, document, read_call, select
from tasks.adapters.google.fake.drive import FakeDrive
from tasks.adapters.google.fake.gmail import FakeGmail
from tasks.adapters.google.fake.translation import FakeTranslation

ME = "office@forum.example"
TOKEN = "token-of-the-fake"

#: What the server shows of a resource that nobody selected fields of.
_SHOWN = {
    "File": "kind,id,name,mimeType,driveId",
    "FileList": "kind,nextPageToken,incompleteSearch,files(kind,id,name,mimeType,driveId)",
    "Permission": "kind,id,type,role",
    "PermissionList": "kind,nextPageToken,permissions(kind,id,type,role)",
    "RevisionList": "kind,nextPageToken,revisions(kind,id,mimeType,modifiedTime)",
    "Drive": "kind,id,name",
}


class Cut(Exception):
    """The connection ends without an answer."""


@dataclass
class Fault:
    """What goes wrong with the next call of a method (a pattern) once `skip` calls have gone through.

    "refuse" answers `refusal`; "before" cuts the connection before anything is done; "after" does it and cuts then.
    """

    method: str
    kind: Literal["refuse", "before", "after"]
    refusal: Refused | None = None
    skip: int = 0


def busy(method: str, status: int = 429, retry_after: int | None = None, skip: int = 0) -> Fault:
    """A refusal for the rate (429) or a failure (503) of the next call of `method`."""
    reason = "rateLimitExceeded" if status == 429 else "backendError"
    return Fault(method, "refuse", Refused(status, reason, "try again", retry_after), skip)


@dataclass
class _Session:
    """An upload in parts."""

    call: Call
    size: int
    data: bytes = b""


class FakeGoogle:
    """The whole of it. One request is handled at a time, from however many threads they come."""

    def __init__(self, *, scopes: set[str] | None = None, page_limit: int = 1000) -> None:
        self.page_limit = page_limit
        self.tokens = {TOKEN: set(SCOPES) if scopes is None else scopes}
        self.calls: list[str] = []
        #: Who gets a token: "all" or nobody.
        self.signs_in = "all"
        self.script: list[Fault] = []
        self._now = dt.datetime(2007, 1, 8, 9, 0, tzinfo=dt.UTC)
        self._lock = threading.RLock()
        self._sessions: dict[str, _Session] = {}
        self.drive = FakeDrive(self.tick, ME, page_limit)
        self.gmail = FakeGmail(self.tick, ME, page_limit)
        self.calendar = FakeCalendar(self.tick)
        self.translation = FakeTranslation()
        self._methods: dict[str, Callable[[Call], Any]] = {
            **self.drive.methods(),
            **self.gmail.methods(),
            **self.calendar.methods(),
            **self.translation.methods(),
        }

    def tick(self) -> dt.datetime:
        """The time, a second later each time it is asked."""
        self._now += dt.timedelta(seconds=1)
        return self._now

    def handle(self, verb: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of the answer; raises Cut where there is none."""
        if urlsplit(url).path == "/token":
            return self._sign_in(body)
        with self._lock:
            heads = {name.lower(): value for name, value in headers.items()}
            try:
                granted = self.tokens.get(heads.get("authorization", "").removeprefix("Bearer "))
                if granted is None:
                    raise Refused(401, "authError", "Invalid Credentials")
                if urlsplit(url).path == "/batch":
                    return self._batch(heads, body, granted)
                if "upload_id" in parse_qs(urlsplit(url).query):
                    return self._part(url, heads, body)
                return self._single(verb, url, heads, body, granted)
            except Refused as refused:
                more = {} if refused.retry_after is None else {"retry-after": str(refused.retry_after)}
                return refused.status, {"content-type": "application/json", **more}, refused.body()

    def _sign_in(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """A token for whoever asks, with a refresh token for a person who brings a code."""
        asked = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if self.signs_in != "all":
            error = {"error": "invalid_grant", "error_description": f"refused: {body.decode()}"}
            return 400, {"content-type": "application/json"}, json.dumps(error).encode()
        answer = {"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer", "scope": " ".join(SCOPES)}
        if asked["grant_type"] == "authorization_code":
            answer["refresh_token"] = f"refresh-for-{asked['code']}"
        return 200, {"content-type": "application/json"}, json.dumps(answer).encode()

    def _single(
        self, verb: str, url: str, heads: dict[str, str], body: bytes, granted: set[str]
    ) -> tuple[int, dict[str, str], bytes]:
        if verb == "POST" and heads.get("x-http-method-override") == "GET":
            # A question too long for an address: https://cloud.google.com/translate/docs/reference/rest/v2/translate
            verb, url, body = "GET", f"{url}?{body.decode()}", b""
        call, upload = read_call(verb, url)
        check_scopes(call, granted)
        kind = parse_qs(urlsplit(url).query).get("uploadType", [""])[0] if upload else ""
        told = body
        if upload and kind == "multipart":
            told, call.media_type, call.media = _related(heads["content-type"], body)
        elif upload and kind != "resumable":
            raise Refused(400, "badRequest", f"an upload of the type {kind!r}")
        if told:
            check_body(call, json.loads(told))
        elif "request" in call.method and not upload:
            raise Refused(400, "required", f"{call.id} needs a body")
        if kind != "resumable":
            return self._perform(call)
        self.calls.append(f"{call.id}#start")
        fault = self._fault(f"{call.id}#start")
        call.media_type = heads["x-upload-content-type"]
        session = f"session-{len(self._sessions) + 1}"
        self._sessions[session] = _Session(call, int(heads["x-upload-content-length"]))
        if fault == "after":
            raise Cut
        return 200, {"location": f"{url}&upload_id={session}"}, b""

    def _part(self, url: str, heads: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        session = self._sessions.get(parse_qs(urlsplit(url).query)["upload_id"][0])
        if session is None:
            raise Refused(404, "notFound", "no such upload")
        fault = self._fault(f"{session.call.id}#part")
        if found := re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", heads.get("content-range", "")):
            first, last, size = map(int, found.groups())
            if size != session.size or last - first + 1 != len(body) or first > len(session.data):
                raise Refused(400, "badRequest", "this part does not fit")
            if last + 1 != size and len(body) % (256 * 1024):
                raise Refused(400, "badRequest", "a part is a multiple of 256 KiB")
            session.data = session.data[:first] + body
        if fault == "after":
            raise Cut
        if len(session.data) < session.size:
            more = {"range": f"bytes=0-{len(session.data) - 1}"} if session.data else {}
            return 308, more, b""
        session.call.media = session.data
        return self._perform(session.call)

    def _perform(self, call: Call) -> tuple[int, dict[str, str], bytes]:
        self.calls.append(call.id)
        fault = self._fault(call.id)
        if call.id not in self._methods:
            raise AssertionError(f"the fake does not know {call.id}")
        answer = self._methods[call.id](call)
        if fault == "after":
            raise Cut
        if isinstance(answer, bytes):
            return 200, {"content-type": "application/octet-stream"}, answer
        if "response" not in call.method:
            return 204, {}, b""
        shown = select(call, answer, _SHOWN)
        if "dataWrapper" in document(call.api).get("features", []):
            shown = {"data": shown}
        return 200, {"content-type": "application/json"}, json.dumps(shown).encode()

    def _fault(self, method: str) -> str | None:
        for fault in self.script:
            if fnmatchcase(method, fault.method):
                if fault.skip:
                    fault.skip -= 1
                    return None
                self.script.remove(fault)
                if fault.refusal is not None:
                    raise fault.refusal
                if fault.kind == "before":
                    raise Cut
                return fault.kind
        return None

    def _batch(self, heads: dict[str, str], body: bytes, granted: set[str]) -> tuple[int, dict[str, str], bytes]:
        """Several requests in one, in the format of https://developers.google.com/gmail/api/guides/batch."""
        fault = self._fault("gmail.batch")
        parts = _split(heads["content-type"], body)
        if len(parts) > 100:
            raise Refused(400, "badRequest", "more than 100 calls in a batch")
        answers = []
        for part in parts:
            outer, inner = _cut_heads(part)
            line, _, rest = inner.partition(b"\n")
            inside, told = _cut_heads(rest)
            verb, url, _ = line.decode().strip().split(" ")
            headers = {**inside, "authorization": heads["authorization"]}
            status, _, content = self.handle(verb, url, headers, told.strip())
            number = outer["content-id"].strip("<>")
            answers.append(
                f"--answers\r\nContent-Type: application/http\r\nContent-ID: <response-{number}>\r\n\r\n"
                f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n\r\n".encode()
                + content
                + b"\r\n"
            )
        if fault == "after":
            raise Cut
        return 200, {"content-type": 'multipart/mixed; boundary="answers"'}, b"".join(answers) + b"--answers--"


class FakeTransport:
    """What httplib2 is to the library, without a network."""

    def __init__(self, google: FakeGoogle, token: str = TOKEN) -> None:
        self._google, self._token = google, token

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> tuple[httplib2.Response, bytes]:
        """Response and body."""
        data = body.read() if hasattr(body, "read") else body or b""
        data = data.encode() if isinstance(data, str) else data
        signed = {**(headers or {}), "authorization": f"Bearer {self._token}"}
        try:
            status, heads, content = self._google.handle(method, uri, signed, data)
        except Cut:
            raise ConnectionResetError("cut") from None
        return httplib2.Response({**heads, "status": str(status)}), content

    def close(self) -> None:
        """Nothing is open."""


def _split(content_type: str, body: bytes) -> list[bytes]:
    """The parts of a multipart body, each without the line ends that belong to the boundaries."""
    found = re.search(r'boundary="?([^";]+)"?', content_type)
    if found is None:
        raise Refused(400, "badRequest", "no boundary")
    pieces = body.split(b"--" + found[1].encode())[1:-1]
    return [re.sub(rb"\A\r?\n|\r?\n\Z", b"", piece) for piece in pieces]


def _cut_heads(part: bytes) -> tuple[dict[str, str], bytes]:
    heads, _, rest = re.sub(rb"\A(.*?)\r?\n\r?\n", rb"\1\0\0", part, count=1, flags=re.S).partition(b"\0\0")
    lines = [line.partition(":") for line in heads.decode().splitlines() if ":" in line]
    return {name.strip().lower(): value.strip() for name, _, value in lines}, rest


def _related(content_type: str, body: bytes) -> tuple[bytes, str, bytes]:
    parts = _split(content_type, body)
    if len(parts) != 2:
        raise Refused(400, "badRequest", "an upload has two parts")
    (_, told), (heads, media) = map(_cut_heads, parts)
    return told, heads["content-type"], media
