"""The same document, the same bytes: a Word file made deterministic, with the core properties it is given."""

from __future__ import annotations

import html
import io
import re
import zipfile
from datetime import UTC, datetime
from typing import Final

from lxml import etree

from tasks.adapters.word.ooxml import Element, elements, local, new_root
from tasks.adapters.word.opc import CORE_REL, Docx, unpack

_CP: Final = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_DC: Final = "http://purl.org/dc/elements/1.1/"
_DCTERMS: Final = "http://purl.org/dc/terms/"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_CORE_TYPE: Final = "application/vnd.openxmlformats-package.core-properties+xml"
_OF_TEMPLATE: Final = ("lastPrinted", "description", "keywords", "subject", "category", "contentStatus", "version")


def normalise(
    data: bytes, now: datetime, *, title: str | None = None, author: str | None = None, language: str | None = None
) -> bytes:
    """The file with fixed zip dates and order, and the core properties of this document, not of its template.

    Created and modified become `now` (aware), the revision 1, the last editor the author; title, author and language
    keep their value where None is given; description, keywords and the like go, for they spoke of the template. The
    same data and arguments always give the same bytes.
    """
    docx = unpack(data)
    set_properties(docx, now, title=title, author=author, language=language)
    return docx.to_bytes()


def set_properties(
    docx: Docx, now: datetime, *, title: str | None = None, author: str | None = None, language: str | None = None
) -> None:
    """The core properties as `normalise` sets them, in a file that is unpacked already."""
    part = docx.related("", "core-properties")
    if part is None:
        part = docx.free_name("docProps/core.xml")
        prefixes: dict[str | None, str] = {"cp": _CP, "dc": _DC, "dcterms": _DCTERMS, "xsi": _XSI}
        docx.write(part, new_root(_CP, "coreProperties", prefixes))
        docx.add(part, docx.parts[part], _CORE_TYPE)
        docx.relate("", CORE_REL, part)
    root = docx.tree(part)
    moment = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for name, value in ((f"{{{_DC}}}title", title), (f"{{{_DC}}}creator", author), (f"{{{_DC}}}language", language)):
        if value is not None:
            _put(root, name, value)
    _put(root, f"{{{_DCTERMS}}}created", moment, dated=True)
    _put(root, f"{{{_DCTERMS}}}modified", moment, dated=True)
    _put(root, f"{{{_CP}}}revision", "1")
    _put(root, f"{{{_CP}}}lastModifiedBy", author if author is not None else _text(root, f"{{{_DC}}}creator"))
    for element in list(elements(root)):
        if local(element) in _OF_TEMPLATE:
            root.remove(element)
    docx.write(part, root)


_BODY: Final = "word/document.xml"
_TEXTS: Final = re.compile(rb"<w:t(?: [^>]*)?>([^<]*)</w:t>|(</w:p>)")


def text_in(data: bytes) -> str:
    """The words of a document's body, a line for each paragraph: quick, and good enough to look for a date in."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if _BODY not in package.namelist():
            return ""
        body = package.read(_BODY)
    parts = (b"\n" if match[2] else match[1] for match in _TEXTS.finditer(body))
    return html.unescape(b"".join(parts).decode("utf-8"))


def core_title(docx: Docx) -> str:
    """The title in the file's core properties, or nothing."""
    part = docx.related("", "core-properties")
    return "" if part is None else _text(docx.tree(part), f"{{{_DC}}}title")


def _text(root: Element, name: str) -> str:
    found = root.find(name)
    return "" if found is None else (found.text or "").strip()


def _put(root: Element, name: str, value: str, *, dated: bool = False) -> None:
    found = root.find(name)
    if found is None:
        found = etree.SubElement(root, name)
    found.text = value
    if dated:
        found.set(f"{{{_XSI}}}type", "dcterms:W3CDTF")
