"""Files saved as “Strict Open XML”: the same documents under other namespaces, which are changed for Word's usual ones.

ISO/IEC 29500-1 (Strict) and -4 (Transitional) name every namespace and every kind of relationship by one rule:
`http://purl.oclc.org/ooxml/A/B` is `http://schemas.openxmlformats.org/A/2006/B`. Values that only Strict files may
have (a length with its unit, `start` for `left`) are read by Word from usual files, too.
"""

from __future__ import annotations

import re
from typing import Final

from tasks.adapters.word.ooxml import STRICT

_ADDRESS: Final = re.compile(rb"([\"'])" + re.escape(STRICT.encode()) + rb"([A-Za-z]+)/([A-Za-z/]+)\1")
_CONFORMANCE: Final = re.compile(rb"(\sw:conformance=[\"'])strict([\"'])")
#: Two words are spelled another way.
_SPELLED: Final = {b"extendedProperties": b"extended-properties", b"customProperties": b"custom-properties"}
_ROOT_RELATIONSHIPS: Final = "_rels/.rels"


def is_strict(parts: dict[str, bytes]) -> bool:
    """Whether a package names its main document the strict way."""
    return STRICT.encode() in parts.get(_ROOT_RELATIONSHIPS, b"")


def to_usual(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The parts of a strict file as those of a usual one; parts that are not XML stay as they are."""
    return {name: _translated(data) if data.lstrip()[:1] in (b"<", b"\xef") else data for name, data in parts.items()}


def _translated(data: bytes) -> bytes:
    return _CONFORMANCE.sub(rb"\1transitional\2", _ADDRESS.sub(_usual, data))


def _usual(match: re.Match[bytes]) -> bytes:
    quote, area, rest = match.groups()
    head, slash, last = rest.rpartition(b"/")
    name = head + slash + _SPELLED.get(last, last)
    return quote + b"http://schemas.openxmlformats.org/" + area + b"/2006/" + name + quote
