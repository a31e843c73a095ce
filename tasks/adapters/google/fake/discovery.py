"""Requests held against the discovery documents that come with Google's library: what exists, and how it is asked."""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from googleapiclient.discovery_cache import get_static_doc

VERSIONS = {"drive": "v3", "gmail": "v1", "calendar": "v3", "translate": "v2"}
#: Parameters of every method that are not in the document's own list.
_STACK = {"uploadType", "upload_id"}


class Refused(Exception):
    """What the server answers in place of a result."""

    def __init__(self, status: int, reason: str, message: str = "", retry_after: int | None = None) -> None:
        self.status, self.reason, self.message, self.retry_after = status, reason, message, retry_after
        super().__init__(f"{status} {reason}: {message}")

    def body(self) -> bytes:
        """As Google writes it."""
        told = {"domain": "global", "reason": self.reason, "message": self.message}
        error = {"code": self.status, "message": self.message, "errors": [told]}
        return json.dumps({"error": error}).encode()


@dataclass
class Call:
    """One call of a method, its parameters as values of their types."""

    api: str
    method: dict[str, Any]
    parameters: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    media: bytes | None = None
    media_type: str = ""
    email: str = ""

    @property
    def id(self) -> str:
        """Such as "drive.files.create"."""
        return str(self.method["id"])

    def get(self, name: str, default: Any = None) -> Any:
        """A parameter."""
        return self.parameters.get(name, default)


@lru_cache(maxsize=8)
def document(api: str) -> dict[str, Any]:
    """The discovery document of an interface."""
    read: dict[str, Any] = json.loads(get_static_doc(api, VERSIONS[api]))
    return read


@lru_cache(maxsize=1)
def routes() -> list[tuple[str, str, re.Pattern[str], dict[str, Any], bool]]:
    """Interface, verb, path, method and whether it is the path for uploads, of every method there is."""
    found = []
    for api in VERSIONS:
        for method in _methods(document(api)):
            paths = [(document(api)["servicePath"] + method["path"], False)]
            if "mediaUpload" in method:
                paths.append((method["mediaUpload"]["protocols"]["simple"]["path"].lstrip("/"), True))
            for path, upload in paths:
                pattern = re.compile("/" + re.sub(r"\\{\\?\+?(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path)))
                found.append((api, method["httpMethod"], pattern, method, upload))
    # A fixed path ("files/generateIds") before one with a parameter in its place ("files/{fileId}").
    return sorted(found, key=lambda route: route[2].groups)


def read_call(verb: str, url: str) -> tuple[Call, bool]:
    """The method that is called with its checked parameters, and whether on its path for uploads."""
    parts = urlsplit(url)
    for api, method_verb, pattern, method, upload in routes():
        if method_verb == verb and (match := pattern.fullmatch(parts.path)):
            call = Call(api, method)
            given = {name: [unquote(value)] for name, value in match.groupdict().items()}
            asked = parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
            _read_parameters(call, given, asked, upload)
            return call, upload
    raise Refused(404, "notFound", f"there is no method for {verb} {parts.path}")


def check_body(call: Call, told: Any) -> None:
    """Take `told` as the body of `call`, if the method has one and knows every field of it."""
    if "request" not in call.method:
        raise Refused(400, "badRequest", f"{call.id} has no body")
    name = call.method["request"]["$ref"]
    check_value(call.api, {"$ref": name}, told, name)
    properties = document(call.api)["schemas"][name]["properties"]
    for key, schema in properties.items():
        if call.id in schema.get("annotations", {}).get("required", []) and key not in told:
            raise Refused(400, "required", f"{call.id}: the body lacks {key}")
    call.body = told


def check_value(api: str, schema: dict[str, Any], value: Any, where: str) -> None:
    """Refuse a value that is not as the schema says: type, format, enumeration, unknown fields."""
    if "$ref" in schema:
        schema = document(api)["schemas"][schema["$ref"]]
    kind = schema.get("type", "object")
    if kind == "object" and isinstance(value, dict):
        properties, more = schema.get("properties", {}), schema.get("additionalProperties")
        for key, inner in value.items():
            if key not in properties and more is None:
                raise Refused(400, "invalid", f'unknown name "{key}" at {where}')
            # A null clears a field.
            if inner is not None:
                check_value(api, properties.get(key, more), inner, f"{where}.{key}")
    elif kind == "array" and isinstance(value, list):
        for number, inner in enumerate(value):
            check_value(api, schema["items"], inner, f"{where}[{number}]")
    elif not _is(kind, value) or not _has_format(schema.get("format"), value):
        raise Refused(400, "invalid", f"{where} is {str(value)[:50]!r}, not a {schema.get('format', kind)}")
    elif "enum" in schema and value not in schema["enum"]:
        raise Refused(400, "invalid", f"{where} is {value!r}, none of {', '.join(schema['enum'])}")


def check_scopes(call: Call, granted: set[str]) -> None:
    """Refuse a call for which none of the scopes that the document names was granted."""
    if not granted & set(call.method.get("scopes", [])):
        raise Refused(403, "insufficientPermissions", f"Insufficient Permission: {call.id} has not enough scopes")


def select(call: Call, answer: dict[str, Any], default: dict[str, str]) -> dict[str, Any]:
    """Of `answer` what `fields` asks for, or what the method shows of itself; every field is in the schema."""
    name = call.method["response"]["$ref"]
    check_value(call.api, {"$ref": name}, answer, name)
    mask = call.get("fields") or default.get(name)
    if mask is None:
        return answer
    tree = _mask(mask)
    _check_mask(call.api, {"$ref": name}, tree, name)
    chosen: dict[str, Any] = _choose(answer, tree)
    return chosen


def _methods(resource: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from resource.get("methods", {}).values()
    for inner in resource.get("resources", {}).values():
        yield from _methods(inner)


def _read_parameters(call: Call, path: dict[str, list[str]], query: dict[str, list[str]], upload: bool) -> None:
    known = {**document(call.api)["parameters"], **call.method.get("parameters", {})}
    for name, values in {**query, **path}.items():
        if name in _STACK and upload:
            continue
        if name not in known:
            raise Refused(400, "badRequest", f"{call.id} has no parameter {name}")
        schema = known[name]
        if (schema.get("location", "query") == "path") != (name in path) or schema.get("deprecated"):
            raise Refused(400, "badRequest", f"{call.id}: {name} is misplaced or deprecated")
        read = [_read_value(call.id, name, schema, value) for value in values]
        if not schema.get("repeated") and len(read) != 1:
            raise Refused(400, "badRequest", f"{call.id}: {name} is given {len(read)} times")
        call.parameters[name] = read if schema.get("repeated") else read[0]
    for name, schema in known.items():
        if schema.get("required") and name not in call.parameters:
            raise Refused(400, "required", f"{call.id} lacks {name}")


def _read_value(method: str, name: str, schema: dict[str, Any], text: str) -> Any:
    kind, value = schema.get("type", "string"), text
    read: Any = value
    if kind == "boolean" and text in {"true", "false"}:
        read = text == "true"
    elif kind == "integer" and re.fullmatch(r"-?\d+", text):
        read = int(text)
    elif kind != "string":
        raise Refused(400, "invalidParameter", f"{method}: {name} is {text!r}, not a {kind}")
    low, high = int(schema.get("minimum", -(2**63))), int(schema.get("maximum", 2**63))
    if kind == "integer" and not low <= read <= high:
        raise Refused(400, "invalidParameter", f"{method}: {name} is {text}, not from {low} to {high}")
    if ("enum" in schema and read not in schema["enum"]) or not _has_format(schema.get("format"), read):
        raise Refused(400, "invalidParameter", f"{method}: {name} is {text!r}")
    return read


def _is(kind: str, value: Any) -> bool:
    types: dict[str, tuple[type, ...]] = {"string": (str,), "integer": (int,), "number": (int, float)}
    if kind in {"any", "boolean"}:
        return kind == "any" or isinstance(value, bool)
    return isinstance(value, types.get(kind, ())) and not isinstance(value, bool)


def _has_format(name: str | None, value: Any) -> bool:
    try:
        if name == "date":
            return isinstance(dt.date.fromisoformat(value), dt.date) and len(value) == 10
        if name in {"date-time", "google-datetime"}:
            return dt.datetime.fromisoformat(value) is not None
        if name == "byte":
            padded = value + "=" * (-len(value) % 4)
            return base64.urlsafe_b64decode(padded) is not None and not set(value) & set("+/")
        return name not in {"int64", "uint64"} or int(value) >= 0
    except (ValueError, TypeError):
        return False


def _mask(text: str) -> dict[str, Any]:
    """A field mask ("a,b(c,d/e)") as a tree; an empty branch takes all below it."""
    tokens = re.findall(r"[\w*]+|[(),/]", text)
    if "".join(tokens) != text:
        raise Refused(400, "invalidParameter", f"invalid field selection {text}")

    def branch(position: int) -> tuple[dict[str, Any], int]:
        tree: dict[str, Any] = {}
        while position < len(tokens):
            name, position = tokens[position], position + 1
            inner: dict[str, Any] = {}
            if position < len(tokens) and tokens[position] == "/":
                inner, position = single(position + 1)
            elif position < len(tokens) and tokens[position] == "(":
                inner, position = branch(position + 1)
            tree[name] = inner
            if position >= len(tokens) or tokens[position] == ")":
                return tree, position + 1
            position += 1
        raise Refused(400, "invalidParameter", f"invalid field selection {text}")

    def single(position: int) -> tuple[dict[str, Any], int]:
        inner: dict[str, Any] = {}
        name, position = tokens[position], position + 1
        if position < len(tokens) and tokens[position] == "/":
            inner, position = single(position + 1)
        return {name: inner}, position

    return branch(0)[0]


def _check_mask(api: str, schema: dict[str, Any], tree: dict[str, Any], where: str) -> None:
    while "$ref" in schema or schema.get("type") == "array":
        schema = document(api)["schemas"][schema["$ref"]] if "$ref" in schema else schema["items"]
    for name, inner in tree.items():
        if name == "*":
            continue
        if name not in schema.get("properties", {}) and "additionalProperties" not in schema:
            raise Refused(400, "invalidParameter", f"invalid field selection {name} in {where}")
        if inner:
            _check_mask(api, schema["properties"][name], inner, f"{where}.{name}")


def _choose(value: Any, tree: dict[str, Any]) -> Any:
    if not tree or "*" in tree:
        return value
    if isinstance(value, list):
        return [_choose(inner, tree) for inner in value]
    return {name: _choose(inner, tree[name]) for name, inner in value.items() if name in tree}
