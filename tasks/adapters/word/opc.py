"""A Word file as its parts: what each is, how they relate, and the way back to one deterministic zip."""

from __future__ import annotations

import hashlib
import io
import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from lxml import etree

from tasks.adapters.word.ooxml import Element, elements, new_root, parse, serialise
from tasks.adapters.word.strict import is_strict, to_usual
from tasks.domain.errors import Invalid

CONTENT_TYPES: Final = "[Content_Types].xml"
TYPES_NS: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
RELS_NS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE_REL: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
CORE_REL: Final = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"

#: Zip knows no earlier date; any fixed one makes the same parts the same bytes.
_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Relationship:
    """One relationship of a part. `target` is a part's name, or the address outside where `external`."""

    id: str
    type: str
    target: str
    external: bool

    @property
    def kind(self) -> str:
        """The last word of the type, the same in Transitional and Strict files: `image`, `footnotes`, `hyperlink`."""
        return self.type.rpartition("/")[2]


@dataclass(frozen=True)
class Embedded:
    """An embedded object that was cut out: the part it was, its bytes, and the program it names, if any."""

    part: str
    data: bytes
    program: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass
class Docx:
    """A Word file in memory: part names without leading slash, to their bytes. `name` is for messages.

    `objects` are those that were cut out of it at the door.
    """

    parts: dict[str, bytes]
    name: str = "document"
    objects: list[Embedded] = field(default_factory=list)

    @property
    def main(self) -> str:
        """The name of the main document part, usually word/document.xml."""
        found = self.related("", "officeDocument")
        if found is None:
            raise Invalid(f"{self.name}: no main document in the file; ask for it saved again as .docx from Word")
        return found

    def tree(self, part: str) -> Element:
        """A part's XML, parsed anew at each call."""
        with self._readable(part):
            return parse(self.parts[part])

    @contextmanager
    def _readable(self, part: str) -> Iterator[None]:
        try:
            yield
        except KeyError:
            raise Invalid(f"{self.name}: {part} is missing; ask for the file saved again from Word") from None
        except etree.XMLSyntaxError as error:
            raise Invalid(
                f"{self.name}: {part} is not readable XML ({error.msg}); ask for the file saved again from Word"
            ) from None

    def write(self, part: str, root: Element) -> None:
        """Put a part's XML back."""
        self.parts[part] = serialise(root)

    def relationships(self, part: str) -> list[Relationship]:
        """The relationships of a part ("" for the package itself), in the order of the file."""
        name = rels_name(part)
        if name not in self.parts:
            return []
        with self._readable(name):
            return list(_relationships(posixpath.dirname(part), self.parts[name]))

    def related(self, part: str, kind: str) -> str | None:
        """The first part in the package that `part` relates to as `kind`."""
        for relationship in self.relationships(part):
            if relationship.kind == kind and not relationship.external and relationship.target in self.parts:
                return relationship.target
        return None

    def relate(self, part: str, type_: str, target: str, *, external: bool = False) -> str:
        """The id of a new relationship of `part`. Ids count on from the highest `rIdN`, so they never are random."""
        name = rels_name(part)
        root = self.tree(name) if name in self.parts else new_root(RELS_NS, "Relationships", {None: RELS_NS})
        numbers = [int(text[3:]) for text in (str(e.get("Id") or "") for e in elements(root)) if text[3:].isdigit()]
        made = etree.SubElement(root, f"{{{RELS_NS}}}Relationship")
        made.set("Id", f"rId{max(numbers, default=0) + 1}")
        made.set("Type", type_)
        made.set("Target", target if external else posixpath.relpath(target, posixpath.dirname(part) or "."))
        if external:
            made.set("TargetMode", "External")
        self.write(name, root)
        return str(made.get("Id"))

    def unrelate(self, part: str, ids: set[str]) -> None:
        """Drop relationships of a part by their ids; the parts they lead to stay until `sweep`."""
        name = rels_name(part)
        if not ids or name not in self.parts:
            return
        root = self.tree(name)
        for element in list(elements(root)):
            if element.get("Id") in ids:
                root.remove(element)
        self.write(name, root)

    def content_type(self, part: str) -> str:
        """A part's content type: its own, or that of its extension; empty where neither is declared."""
        overrides, defaults = self.content_types()
        return overrides.get(part.lower()) or defaults.get(extension(part), "")

    def content_types(self) -> tuple[dict[str, str], dict[str, str]]:
        """Content types by part and by extension, keys in lower case as the standard compares them."""
        overrides: dict[str, str] = {}
        defaults: dict[str, str] = {}
        for element in elements(self.tree(CONTENT_TYPES)):
            if element.get("PartName") is not None:
                overrides[str(element.get("PartName")).lstrip("/").lower()] = str(element.get("ContentType") or "")
            else:
                defaults[str(element.get("Extension") or "").lower()] = str(element.get("ContentType") or "")
        return overrides, defaults

    def add(self, part: str, data: bytes, content_type: str) -> None:
        """Put a part in with its content type, which is declared only where the file does not say it already."""
        self.parts[part] = data
        if self.content_type(part) == content_type:
            return
        root = self.tree(CONTENT_TYPES)
        for element in list(elements(root)):
            if str(element.get("PartName") or "").lstrip("/").lower() == part.lower():
                root.remove(element)
        made = etree.SubElement(root, f"{{{TYPES_NS}}}Override")
        made.set("PartName", "/" + part)
        made.set("ContentType", content_type)
        self.write(CONTENT_TYPES, root)

    def free_name(self, part: str) -> str:
        """`part`, or the same with the first number behind it that no part has."""
        taken = {name.lower() for name in self.parts}
        stem, extension = posixpath.splitext(part)
        stem = stem.rstrip("0123456789")
        number = 0
        while part.lower() in taken:
            number += 1
            part = f"{stem}{number}{extension}"
        return part

    def sweep(self) -> None:
        """Drop parts that nothing relates to any more, with their content types."""
        kept = {CONTENT_TYPES, rels_name("")}
        waiting = [""]
        while waiting:
            part = waiting.pop()
            for relationship in self.relationships(part):
                if not relationship.external and relationship.target in self.parts and relationship.target not in kept:
                    kept |= {relationship.target, rels_name(relationship.target)}
                    waiting.append(relationship.target)
        for name in [name for name in self.parts if name not in kept]:
            del self.parts[name]
        root = self.tree(CONTENT_TYPES)
        names = {name.lower() for name in self.parts}
        for element in list(elements(root)):
            if element.get("PartName") and str(element.get("PartName")).lstrip("/").lower() not in names:
                root.remove(element)
        self.write(CONTENT_TYPES, root)

    def to_bytes(self) -> bytes:
        """The file: the same parts always give the same bytes, whatever the order they came in."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name in self._in_order():
                info = zipfile.ZipInfo(name, _ZIP_DATE)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.create_system = 0  # else the zip tells which system wrote it
                archive.writestr(info, self.parts[name])
        return buffer.getvalue()

    def _in_order(self) -> Iterator[str]:
        first = [name for name in (CONTENT_TYPES, rels_name("")) if name in self.parts]
        yield from first
        yield from sorted(name for name in self.parts if name not in first)


def unpack(data: bytes, name: str = "document") -> Docx:
    """The parts of a file this project made or has opened safely before: no limits are checked here."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}
    return Docx(to_usual(parts) if is_strict(parts) else parts, name)


def rels_name(part: str) -> str:
    """The name of the part that holds the relationships of `part` ("" for the package)."""
    folder, base = posixpath.split(part)
    return posixpath.join(folder, "_rels", base + ".rels")


@lru_cache(maxsize=256)
def _relationships(folder: str, data: bytes) -> tuple[Relationship, ...]:
    """What a part in `folder` relates to, by the bytes of its relationships: they are asked for at every turn."""
    found = []
    for element in elements(parse(data)):
        external = element.get("TargetMode") == "External"
        target = element.get("Target") or ""
        if not external:
            target = _resolve(folder, target)
        found.append(Relationship(element.get("Id") or "", element.get("Type") or "", target, external))
    return tuple(found)


def _resolve(folder: str, target: str) -> str:
    target = unquote(target.partition("#")[0])
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def extension(part: str) -> str:
    """A part's extension as content types name it, also of `.rels`."""
    return part.rpartition("/")[2].rpartition(".")[2].lower()
