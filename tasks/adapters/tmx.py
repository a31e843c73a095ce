"""Translation memories of other programs: TMX 1.4b, written and read a unit at a time, whatever its size.

The codes of a segment are `bpt` and `ept` around a stretch and `ph` by itself; their numbers are in `x`, which says the
same in all languages of a unit. Source of the format: the TMX 1.4b specification of OSCAR (LISA, 2005).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

from lxml import etree

from tasks.domain.codes import Token, tokens
from tasks.domain.errors import Invalid

_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
#: What other programs write as the source language of a file in which any is.
_ANY: Final = "*all*"
#: Units of a file, elements within one unit: no real file has as many.
_MOST_UNITS, _MOST_PARTS = 2_000_000, 10_000
_MOMENT: Final = "%Y%m%dT%H%M%SZ"

Element = etree._Element


@dataclass(frozen=True)
class Unit:
    """A text in several languages, by their tags as the file has them, each a segment with its codes.

    `source_language` is the tag of the language it was translated from, empty where the file does not say. `properties`
    are in the words of the program that wrote them.
    """

    texts: Mapping[str, str]
    source_language: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    changed_by: str = ""
    changed_at: dt.datetime | None = None


def write(file: BinaryIO, units: Iterable[Unit], *, source_language: str, version: str) -> None:
    """Write units to a file; equal units give equal bytes. `version` is that of this program."""
    header = {
        "creationtool": "Roundtable", "creationtoolversion": version, "segtype": "paragraph",
        "o-tmf": "Roundtable", "adminlang": "en", "srclang": source_language, "datatype": "plaintext",
    }  # fmt: skip
    with etree.xmlfile(file, encoding="UTF-8") as made:
        made.write_declaration()
        made.write_doctype('<!DOCTYPE tmx SYSTEM "tmx14.dtd">')
        with made.element("tmx", version="1.4"):
            made.write("\n", etree.Element("header", header), "\n")
            with made.element("body"):
                for unit in units:
                    made.write("\n", _tu(unit))
                made.write("\n")


def _tu(unit: Unit) -> Element:
    tu = etree.Element("tu", srclang=unit.source_language) if unit.source_language else etree.Element("tu")
    if unit.changed_at is not None:
        tu.set("changedate", unit.changed_at.astimezone(dt.UTC).strftime(_MOMENT))
    if unit.changed_by:
        tu.set("changeid", unit.changed_by)
    for name, value in unit.properties.items():
        etree.SubElement(tu, "prop", type=name).text = value
    for language, text in unit.texts.items():
        tuv = etree.SubElement(tu, "tuv", {_LANG: language})
        _fill(etree.SubElement(tuv, "seg"), text)
    return tu


def _fill(seg: Element, text: str) -> None:
    last: Element | None = None
    for token in tokens(text):
        number = str(token.number)
        if token.kind == "open":
            last = etree.SubElement(seg, "bpt", i=number, x=number)
        elif token.kind == "close":
            last = etree.SubElement(seg, "ept", i=number)
        elif token.kind == "single":
            last = etree.SubElement(seg, "ph", x=number)
        elif last is None:
            seg.text = f"{seg.text or ''}{token.text}"
        else:
            last.tail = f"{last.tail or ''}{token.text}"


def read(file: BinaryIO, name: str) -> Iterator[Unit]:
    """The units of a file, one at a time; those without text in two languages are left out.

    The type of document that files name (`tmx14.dtd`) is not looked for. Codes are numbered as `x` says, else as they
    appear.

    Raises:
        Invalid: it is no TMX, is damaged, or defines or uses entities. Units before the damage were given out.
    """
    try:
        yield from _units(file, name)
    except etree.XMLSyntaxError as error:
        raise Invalid(f"{name}: is no whole XML file ({error.msg}); export the memory again as TMX 1.4") from None


def _units(file: BinaryIO, name: str) -> Iterator[Unit]:
    steps = etree.iterparse(
        file, events=("start", "end"), resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    source_language, number, parts, is_open = "", 0, 0, False
    for event, element in steps:
        tag = etree.QName(element).localname
        if event == "start":
            if not is_open:
                is_open = True
                _check_root(element, tag, name)
            parts += 1
            if parts > _MOST_PARTS:
                raise Invalid(f"{name}: more than {_MOST_PARTS:,} elements in unit {number + 1:,}; this is no memory")
        elif tag == "header":
            source_language = element.get("srclang", "")
        elif tag == "tu":
            number += 1
            if number > _MOST_UNITS:
                raise Invalid(f"{name}: more than {_MOST_UNITS:,} units; divide the memory into several files")
            unit = _read_tu(element, source_language, f"{name}: unit {number:,}")
            if len(unit.texts) > 1:
                yield unit
            _forget(element)
            parts = 0


def _check_root(root: Element, tag: str, name: str) -> None:
    if tag != "tmx":
        raise Invalid(f"{name}: is no TMX file, it begins with <{tag}>; export the memory as TMX 1.4")
    definitions: Any = root.getroottree().docinfo.internalDTD
    if definitions is not None and list(definitions.iterentities()):
        raise Invalid(f"{name}: defines entities, which no memory needs; export the memory again as TMX 1.4")


def _forget(element: Element) -> None:
    """Let go of what was read, so that a file of any size takes the memory of one unit."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def _read_tu(tu: Element, source_language: str, where: str) -> Unit:
    texts: dict[str, str] = {}
    for tuv in tu.iterchildren("{*}tuv"):
        language, seg = tuv.get(_LANG) or tuv.get("lang"), tuv.find("{*}seg")
        if language and seg is not None:
            texts.setdefault(language, _Reading(where).segment(seg))
    from_ = tu.get("srclang", source_language)
    return Unit(
        texts,
        "" if from_ == _ANY else from_,
        {prop.get("type", ""): prop.text or "" for prop in tu.iterchildren("{*}prop")},
        tu.get("changeid") or tu.get("creationid") or "",
        _moment(tu.get("changedate") or tu.get("creationdate")),
    )


def _moment(text: str | None) -> dt.datetime | None:
    try:
        return dt.datetime.strptime(text or "", _MOMENT).replace(tzinfo=dt.UTC)
    except ValueError:
        return None


class _Reading:
    """One segment on its way from elements to codes."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._used: set[int] = set()
        self._open: dict[str, int] = {}

    def segment(self, seg: Element) -> str:
        return "".join(map(str, self._inside(seg)))

    def _inside(self, element: Element) -> Iterator[Token]:
        yield Token("text", element.text or "")
        for child in element:
            if isinstance(child, etree._Entity):
                raise Invalid(f"{self._where}: the entity {child.text} stands for nothing; export the memory again")
            tag = etree.QName(child).localname
            if tag == "hi":
                yield from self._inside(child)
            elif tag == "bpt":
                number = self._open[child.get("i", "")] = self._number(child)
                yield Token("open", number=number)
            elif tag == "ept" and child.get("i", "") in self._open:
                yield Token("close", number=self._open.pop(child.get("i", "")))
            elif tag in ("ph", "it", "ut", "ept"):
                yield Token("single", number=self._number(child))
            else:
                raise Invalid(f"{self._where}: <{tag}> is nothing that TMX 1.4 has in a text; export the memory again")
            yield Token("text", child.tail or "")

    def _number(self, code: Element) -> int:
        """The number a code has in all languages, else the next that is free."""
        said = re.fullmatch(r"[1-9]\d{0,5}", code.get("x", ""))
        number = int(said[0]) if said and int(said[0]) not in self._used else 1
        while number in self._used:
            number += 1
        self._used.add(number)
        return number
