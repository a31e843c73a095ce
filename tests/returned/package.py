"""A Word file in somebody's hands, as bare XML: the generator of returned files shares no code with our reader."""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, Final

from lxml import etree

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14: Final = "http://schemas.microsoft.com/office/word/2010/wordml"
W15: Final = "http://schemas.microsoft.com/office/word/2012/wordml"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_KIND: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml."
#: What may stand at the end of a paragraph's properties, in order.
_LAST: Final = ("rPr", "sectPr", "pPrChange")

#: An element of lxml.
Node = Any


def w(name: str) -> str:
    """A name of WordprocessingML as lxml writes it."""
    return f"{{{W}}}{name}"


def name_of(node: Node) -> str:
    """The name of an element without its namespace."""
    return str(node.tag).rpartition("}")[2]


def make(tag: str, /, *inner: Node, **attributes: str) -> Node:
    """A new element of WordprocessingML."""
    node = etree.Element(w(tag), {w(key): value for key, value in attributes.items()}, nsmap={"w": W})
    node.extend(inner)
    return node


def run(text: str, like: Node = None, *, tag: str = "t") -> Node:
    """A run of text with the formatting of another run."""
    looks = like.find(w("rPr")) if like is not None else None
    words = make(tag)
    words.text = text
    words.set(_SPACE, "preserve")
    return make("r", *([copy.deepcopy(looks)] if looks is not None else []), words)


def properties(paragraph: Node) -> Node:
    """The properties of a paragraph, made where there are none."""
    found = paragraph.find(w("pPr"))
    if found is None:
        found = make("pPr")
        paragraph.insert(0, found)
    return found


def add_last(paragraph: Node, new: Node) -> None:
    """Put an element at the end of a paragraph's properties, in the order of the standard."""
    held = properties(paragraph)
    after = _LAST[_LAST.index(name_of(new)) + 1 :] if name_of(new) in _LAST else _LAST
    before = next((node for node in held if name_of(node) in after), None)
    if before is None:
        held.append(new)
    else:
        before.addprevious(new)


def mark_end(paragraph: Node, mark: Node) -> None:
    """Mark the end of a paragraph as put in, taken out or moved."""
    looks = properties(paragraph).find(w("rPr"))
    if looks is None:
        looks = make("rPr")
        add_last(paragraph, looks)
    looks.insert(0, mark)


def properties_like(paragraph: Node) -> Node:
    """A copy of a paragraph's properties without what was changed of them."""
    copied = copy.deepcopy(properties(paragraph))
    for changed in copied.findall(w("pPrChange")):
        copied.remove(changed)
    return copied


def is_end_marked(paragraph: Node) -> bool:
    """Whether somebody put in, took out or moved the end of a paragraph."""
    names = ("ins", "del", "moveFrom", "moveTo")
    return any(paragraph.find(f"{w('pPr')}/{w('rPr')}/{w(name)}") is not None for name in names)


def text_of(node: Node) -> str:
    """The text that was there before anybody's tracked changes."""
    if name_of(node) in ("ins", "moveTo"):
        return ""
    if name_of(node) in ("t", "delText"):
        return str(node.text or "")
    return "".join(text_of(child) for child in node if name_of(child) not in ("pPr", "rPr", "drawing"))


class NoCut(Exception):
    """A paragraph can't be cut at this letter: it lies in a link, or in something changed."""


def cut(paragraph: Node, offset: int) -> int:
    """The place among a paragraph's children that has `offset` of its former letters before it; a run is parted."""
    at = 0
    for place, node in enumerate(paragraph):
        if name_of(node) == "pPr":
            continue
        if at >= offset:
            return place
        size = len(text_of(node))
        if at + size > offset:
            words = node.findall(w("t"))
            if name_of(node) != "r" or len(words) != 1 or any(name_of(c) not in ("rPr", "t") for c in node):
                raise NoCut
            if node.find(f"{w('rPr')}/{w('rPrChange')}") is not None:  # two halves would be two changes
                raise NoCut
            text = str(words[0].text)
            node.addnext(run(text[offset - at :], node))
            words[0].text = text[: offset - at]
            words[0].set(_SPACE, "preserve")
            return place + 1
        at += size
    return len(paragraph)


class Package:
    """The parts of a Word file; `body` and `notes` are the trees of its text and its footnotes."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self.body = etree.fromstring(self.parts["word/document.xml"])
        self.notes = etree.fromstring(self.parts["word/footnotes.xml"]) if "word/footnotes.xml" in self.parts else None

    def lines(self) -> list[Node]:
        """Every paragraph in reading order: the body, then the footnotes."""
        return [*self.body.iter(w("p")), *self._of_notes()]

    def _of_notes(self) -> Iterator[Node]:
        for note in self.notes if self.notes is not None else ():
            if note.get(w("type")) is None:
                yield from note.iter(w("p"))

    def add_comments(self, comments: Sequence[Node], extended: Sequence[Node]) -> None:
        """Add the parts of comments and of their threads."""
        if not comments:
            return
        self._add("comments", make("comments", *comments), _OFFICE + "comments", _KIND + "comments+xml")
        root = etree.Element(f"{{{W15}}}commentsEx", nsmap={"w15": W15})
        root.extend(extended)
        kind = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"
        self._add("commentsExtended", root, kind, _KIND + "commentsExtended+xml")

    def _add(self, name: str, root: Node, relation: str, kind: str) -> None:
        self.parts[f"word/{name}.xml"] = _written(root)
        path = "word/_rels/document.xml.rels"
        relations = etree.fromstring(self.parts[path])
        new = {"Id": f"partner-{name}", "Type": relation, "Target": f"{name}.xml"}
        etree.SubElement(relations, f"{{{_RELATIONS}}}Relationship", new)
        self.parts[path] = _written(relations)
        types = etree.fromstring(self.parts["[Content_Types].xml"])
        etree.SubElement(types, f"{{{_TYPES}}}Override", {"PartName": f"/word/{name}.xml", "ContentType": kind})
        self.parts["[Content_Types].xml"] = _written(types)

    def to_bytes(self) -> bytes:
        """The file."""
        self.parts["word/document.xml"] = _written(self.body)
        if self.notes is not None:
            self.parts["word/footnotes.xml"] = _written(self.notes)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self.parts.items():
                archive.writestr(zipfile.ZipInfo(name, (2007, 5, 1, 0, 0, 0)), data)
        return out.getvalue()


def _written(root: Node) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
