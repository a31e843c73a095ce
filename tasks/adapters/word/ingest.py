"""The door for Word files from outside: nothing is opened that could harm, and every no says what to ask for.

Limits and refusals are of the package (zip), of its parts (types and relationships) and of the XML in them; the file
is judged before anything builds a tree of it. What a real file may well have is taken out: a remote template, and
embedded objects, which are handed on to be kept apart.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from tasks.adapters.word.kinds import what_is, what_zip
from tasks.adapters.word.objects import cut_objects
from tasks.adapters.word.ooxml import STRICT, local
from tasks.adapters.word.opc import CONTENT_TYPES, OFFICE_REL, Docx, Relationship, extension, rels_name
from tasks.adapters.word.scan import Doctype, TooDeep, TooMany, scan
from tasks.adapters.word.strict import is_strict, to_usual
from tasks.domain.errors import Unsafe

__all__ = ["Docx", "Limits", "open_safely"]

_MB: Final = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What no real document was seen to reach. Sizes in bytes; ratio is size unpacked to size packed."""

    zip_bytes: int = 25 * _MB
    total_bytes: int = 200 * _MB
    part_bytes: int = 64 * _MB
    ratio: int = 200
    #: Below this size a blank picture may well pack better than `ratio`, and cannot do harm.
    ratio_from_bytes: int = 256 * 1024
    parts: int = 2_000
    elements: int = 1_500_000
    depth: int = 250


DEFAULT: Final = Limits()

_WORD_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHART_TYPES: Final = ("drawingml.chart+xml", "chartex+xml")
_AGAIN: Final = "ask for it saved again as .docx from Word"
#: Relationships inside the package that lead to something that runs or opens with another program.
_BAD_KINDS: Final = {
    "oleObject": "an embedded OLE object",
    "package": "an embedded file",
    "control": "an ActiveX control",
    "activeXControlBinary": "an ActiveX control",
    "aFChunk": "an inserted file",
    "subDocument": "a linked subdocument",
    "vbaProject": "macros",
    "wordVbaData": "macros",
}


def open_safely(data: bytes, name: str, limits: Limits = DEFAULT) -> Docx:
    """The file's parts, all of them looked through. Raises Unsafe with `name`, what is wrong and what to ask for."""
    docx = Docx(_unzip(data, name, limits), name)
    if CONTENT_TYPES not in docx.parts:
        raise Unsafe(f"{name}: {what_zip(docx)}")
    _scan(docx, [CONTENT_TYPES], limits.elements, limits)
    overrides, defaults = docx.content_types()
    types = {part: overrides.get(part.lower()) or defaults.get(extension(part), "") for part in docx.parts}
    xml = [part for part, held in docx.parts.items() if part != CONTENT_TYPES and _is_xml(part, types[part], held)]
    dangers, namespaces = _scan(docx, xml, limits.elements, limits)
    if is_strict(docx.parts):
        docx.parts = to_usual(docx.parts)
        namespaces |= {docx.main: _scan(docx, [docx.main], limits.elements, limits)[1][docx.main]}
    _check_kind(docx, types, namespaces)
    docx.objects = cut_objects(docx, lambda source, r: _is_chart(types, source))
    if docx.objects:
        types = {part: kind for part, kind in types.items() if part in docx.parts}
        dangers, _ = _scan(docx, [part for part in xml if part in docx.parts], limits.elements, limits)
    _check_parts(docx, types)
    if dangers:
        raise Unsafe(
            f"{name}: holds {_list(dangers)}, which would run or fetch something when opened; "
            "ask for a copy with plain text or a picture in its place",
            "without_objects",
        )
    _check_outside(docx)
    return docx


def _unzip(data: bytes, name: str, limits: Limits) -> dict[str, bytes]:
    if len(data) > limits.zip_bytes:
        raise Unsafe(
            f"{name}: {_size(len(data))}, the limit is {_size(limits.zip_bytes)}; ask for it with smaller pictures",
            "smaller",
        )
    if not data.startswith(b"PK\x03\x04"):
        reason = what_is(data)
        raise Unsafe(f"{name}: {reason}", "without_password" if "password" in reason else "save_again")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_entries(entries, name, limits)
            return {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, UnicodeError):
        raise Unsafe(f"{name}: a damaged or incomplete file; ask for it to be sent again", "send_again") from None


def _check_entries(entries: list[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    """The directory of the zip, before anything in it is unpacked; zipfile never reads more than it declares."""
    if len(entries) > limits.parts:
        raise Unsafe(f"{name}: {len(entries):,} parts, the limit is {limits.parts:,}; {_AGAIN}")
    seen: set[str] = set()
    total = 0
    for entry in entries:
        part = entry.orig_filename  # `filename` hides what stands behind a zero character
        shown = part if part.isprintable() else ascii(part)
        if _leads_outside(part):
            raise Unsafe(f"{name}: a part is named {shown}, which may lead outside the file; {_AGAIN}")
        if part.lower() in seen:
            raise Unsafe(f"{name}: two parts are named {shown}; {_AGAIN}")
        if entry.flag_bits & 0x1:
            raise Unsafe(f"{name}: encrypted; ask for it without password", "without_password")
        if entry.file_size > limits.part_bytes:
            size = _size(entry.file_size)
            raise Unsafe(f"{name}: {shown} unpacks to {size}, the limit is {_size(limits.part_bytes)}; {_AGAIN}")
        if entry.file_size >= limits.ratio_from_bytes and entry.file_size > limits.ratio * entry.compress_size:
            ratio = entry.file_size // max(entry.compress_size, 1)
            raise Unsafe(f"{name}: {shown} unpacks to {ratio:,} times its size, the limit is {limits.ratio}; {_AGAIN}")
        seen.add(part.lower())
        total += entry.file_size
    if total > limits.total_bytes:
        raise Unsafe(f"{name}: unpacks to {_size(total)}, the limit is {_size(limits.total_bytes)}; {_AGAIN}")


def _leads_outside(part: str) -> bool:
    if part.startswith("/") or "\\" in part or ":" in part or not part.isprintable():
        return True
    return any(step in ("..", ".") for step in part.split("/"))


def _scan(docx: Docx, parts: list[str], left: int, limits: Limits) -> tuple[list[str], dict[str, str]]:
    """Dangers found in these parts and the namespace of each one's root."""
    dangers: list[str] = []
    namespaces: dict[str, str] = {}
    for part in parts:
        try:
            found = scan(docx.parts[part], max_elements=left, max_depth=limits.depth)
        except Doctype:
            raise Unsafe(f"{docx.name}: {part} has a DOCTYPE, which no Word file has; {_AGAIN}") from None
        except TooMany:
            raise Unsafe(
                f"{docx.name}: more than {limits.elements:,} elements; ask for a shorter document", "smaller"
            ) from None
        except TooDeep:
            raise Unsafe(f"{docx.name}: {part} is nested deeper than {limits.depth} levels; {_AGAIN}") from None
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise Unsafe(f"{docx.name}: {part} is not well-formed XML ({error}); {_AGAIN}") from None
        left -= found.elements
        namespaces[part] = found.namespace
        dangers += [danger for danger in found.dangers if danger not in dangers]
    return dangers, namespaces


def _check_kind(docx: Docx, types: dict[str, str], namespaces: dict[str, str]) -> None:
    """A normal Word document, and only one in the file."""
    mains = [r for r in docx.relationships("") if r.kind == "officeDocument"]
    inside = [r for r in mains if not r.external and r.target in docx.parts]
    if len(mains) != 1 or len(inside) != 1:
        raise Unsafe(f"{docx.name}: {what_zip(docx)}")
    if mains[0].type != OFFICE_REL + "officeDocument" or namespaces.get(docx.main, "").startswith(STRICT):
        raise Unsafe(
            f"{docx.name}: saved as Strict Open XML; ask for it saved as the normal type “Word document (*.docx)”"
        )
    kind = types[docx.main]
    if "macroEnabled" in kind:
        raise Unsafe(
            f"{docx.name}: holds macros; ask for it saved as “Word document (*.docx)”, without macros", "without_macros"
        )
    if "template.main" in kind:
        raise Unsafe(f"{docx.name}: a Word template, not a document; ask for it saved as .docx")
    if kind != _WORD_TYPE:
        raise Unsafe(f"{docx.name}: {what_zip(docx)}")


def _check_parts(docx: Docx, types: dict[str, str]) -> None:
    """No part and no relationship inside the package that runs, or opens with another program."""
    for part, kind in types.items():
        base = part.lower().rpartition("/")[2]
        if "macroEnabled" in kind or "vbaProject" in kind or base in ("vbaproject.bin", "vbadata.xml"):
            raise Unsafe(
                f"{docx.name}: holds macros; ask for it saved as “Word document (*.docx)”, without macros",
                "without_macros",
            )
        if "activex" in kind.lower() or "/activex/" in part.lower():
            raise Unsafe(f"{docx.name}: holds an ActiveX control; ask for a copy without it", "without_objects")
    charts: set[str] = set()
    for source in _related(docx):
        for relationship in docx.relationships(source):
            if relationship.external or relationship.kind not in _BAD_KINDS:
                continue
            if _is_chart_data(docx, source, relationship, types):
                charts.add(relationship.target)
                continue
            raise Unsafe(
                f"{docx.name}: holds {_BAD_KINDS[relationship.kind]} ({relationship.target}); "
                "ask for a copy with a picture or a table in its place",
                "without_objects",
            )
    for part in types:
        if "/embeddings/" in part.lower() and part not in charts:
            raise Unsafe(f"{docx.name}: holds an embedded file ({part}); ask for a copy without it", "without_objects")


def _related(docx: Docx) -> list[str]:
    """The package itself and every part that has relationships of its own: few have."""
    return [part for part in ("", *docx.parts) if rels_name(part) in docx.parts]


def _is_chart(types: dict[str, str], part: str) -> bool:
    return types.get(part, "").endswith(_CHART_TYPES)


def _is_chart_data(docx: Docx, source: str, relationship: Relationship, types: dict[str, str]) -> bool:
    """The sheet behind a chart drawn by Word itself: an ordinary part of a paper, and without macros plain data."""
    if relationship.kind != "package" or not _is_chart(types, source):
        return False
    data = docx.parts.get(relationship.target, b"")
    return types.get(relationship.target) == _SHEET_TYPE and data[:4] == b"PK\x03\x04" and b"vbaProject" not in data


def _check_outside(docx: Docx) -> None:
    """Only links that a reader clicks may lead outside; a template from elsewhere is taken out of the file."""
    for part in _related(docx):
        outside = [r for r in docx.relationships(part) if r.external and r.kind != "hyperlink"]
        for relationship in outside:
            if relationship.kind != "attachedTemplate":
                what = {"image": "a picture"}.get(relationship.kind, f"something ({relationship.kind})")
                raise Unsafe(
                    f"{docx.name}: {what} is fetched from {relationship.target[:80]} when opened; "
                    "ask for a copy with it inserted in the file",
                    "without_links",
                )
        if outside:
            root = docx.tree(part)
            for element in [e for e in root.iter() if local(e) == "attachedTemplate"]:
                root.remove(element)
            docx.write(part, root)
            docx.unrelate(part, {r.id for r in outside})


def _is_xml(part: str, content_type: str, data: bytes) -> bool:
    # A look at the start too: a part may be declared a picture and used as something else.
    if extension(part) in ("xml", "rels", "vml") or content_type.endswith(("xml", "vmlDrawing")):
        return True
    return re.match(rb"(\xef\xbb\xbf)?\s*<|\xff\xfe<|\xfe\xff\x00<", data[:64]) is not None


def _size(count: int) -> str:
    return f"{count / _MB:,.1f} MB"


def _list(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
