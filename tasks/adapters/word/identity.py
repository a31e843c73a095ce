"""Which document a file is, whatever its name: custom document properties that survive Word and LibreOffice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lxml import etree

from tasks.adapters.word.ooxml import Element, elements, new_root
from tasks.adapters.word.opc import OFFICE_REL, Docx, unpack

_PROPS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VT: Final = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
#: The format id Word gives every property a user defines.
_FMTID: Final = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
#: 0 and 1 are reserved by the standard.
_FIRST_PID: Final = 2
_PREFIX: Final = "Roundtable."


@dataclass(frozen=True)
class Identity:
    """What a document is: the record it belongs to and the version that was sent out.

    `session` and `language` may be empty where a document has none.
    """

    edition: str
    session: str
    kind: str
    key: str
    version: int
    language: str


def stamp(data: bytes, identity: Identity) -> bytes:
    """The file with this identity in place of any it had; properties of others stay. Safe to repeat."""
    docx = unpack(data)
    set_identity(docx, identity)
    return docx.to_bytes()


def set_identity(docx: Docx, identity: Identity) -> None:
    """What `stamp` does, to a file that is unpacked already."""
    part = docx.related("", "custom-properties")
    if part is None:
        part = docx.free_name("docProps/custom.xml")
        docx.write(part, new_root(_PROPS, "Properties", {None: _PROPS, "vt": _VT}))
        docx.add(part, docx.parts[part], _TYPE)
        docx.relate("", OFFICE_REL + "custom-properties", part)
    root = docx.tree(part)
    _clear(root)
    for field, value in _fields(identity):
        made = etree.SubElement(root, f"{{{_PROPS}}}property")
        made.set("fmtid", _FMTID)
        made.set("name", _PREFIX + field)
        etree.SubElement(made, f"{{{_VT}}}lpwstr").text = value
    for number, element in enumerate(elements(root), start=_FIRST_PID):
        element.set("pid", str(number))
    docx.write(part, root)


def without_identity(data: bytes) -> bytes:
    """The file without any identity, as it comes out of programs that keep no custom properties."""
    docx = unpack(data)
    part = docx.related("", "custom-properties")
    if part is not None:
        root = docx.tree(part)
        _clear(root)
        docx.write(part, root)
    return docx.to_bytes()


def read(docx: Docx) -> Identity | None:
    """The identity a file carries, or None where it has none or not a whole one."""
    part = docx.related("", "custom-properties")
    if part is None:
        return None
    found = {str(element.get("name") or ""): _value(element) for element in elements(docx.tree(part))}
    edition, kind, key, version = (found.get(_PREFIX + name, "") for name in ("Edition", "Kind", "Key", "Version"))
    if not (edition and kind and key and version.isascii() and version.isdigit()):
        return None
    return Identity(
        edition=edition,
        session=found.get(_PREFIX + "Session", ""),
        kind=kind,
        key=key,
        version=int(version),
        language=found.get(_PREFIX + "Language", ""),
    )


def _clear(root: Element) -> None:
    for element in list(elements(root)):
        if str(element.get("name") or "").startswith(_PREFIX):
            root.remove(element)


def _fields(identity: Identity) -> tuple[tuple[str, str], ...]:
    return (
        ("Edition", identity.edition),
        ("Session", identity.session),
        ("Kind", identity.kind),
        ("Key", identity.key),
        # As text: LibreOffice writes whole numbers back as decimal ones.
        ("Version", str(identity.version)),
        ("Language", identity.language),
    )


def _value(element: Element) -> str:
    return "".join(str(text) for text in element.itertext()).strip()
