"""One look through an XML part without building a tree: its size, its depth, and what in it would run or fetch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from tasks.adapters.word.ooxml import STRICT, W

_WORD: Final = (W, STRICT + "wordprocessingml/main")
#: WordprocessingML elements that bring in another document or a control.
_FOREIGN: Final = {"control": "an ActiveX control", "altChunk": "an inserted file", "subDoc": "a linked subdocument"}
#: Fields that run or fetch something when Word updates them. MACROBUTTON is not here: without macros it does nothing.
_DANGEROUS_FIELDS: Final = frozenset(
    {"DDE", "DDEAUTO", "INCLUDE", "INCLUDETEXT", "INCLUDEPICTURE", "IMPORT", "LINK", "EMBED", "CONTROL", "DATABASE"}
    | {"RD", "HTMLCONTROL"}
)


class Doctype(Exception):
    """The part has a DOCTYPE, which no Word file needs."""


class TooMany(Exception):
    """The part has more elements than are left."""


class TooDeep(Exception):
    """Elements stand inside each other deeper than allowed."""


@dataclass
class Findings:
    """What one part holds: how many elements, its root's namespace, and what must not be opened, in words."""

    elements: int = 0
    namespace: str = ""
    dangers: list[str] = field(default_factory=list)


def scan(data: bytes, *, max_elements: int, max_depth: int) -> Findings:
    """Read a part as a stream. Raises Doctype, TooMany, TooDeep, xml.parsers.expat.ExpatError (not well-formed)."""
    return _Scan(max_elements, max_depth).run(data)


@dataclass
class _Field:
    """A field being read: its instruction so far, and whether that is still going on."""

    text: str = ""
    instructing: bool = True


class _Scan:
    def __init__(self, max_elements: int, max_depth: int) -> None:
        self._max_elements = max_elements
        self._max_depth = max_depth
        self._depth = 0
        self._fields: list[_Field] = []
        self._found = Findings()
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def run(self, data: bytes) -> Findings:
        self._parser.Parse(data, True)
        for left_open in self._fields:
            self._judge(left_open.text)
        return self._found

    def _doctype(self, *_: object) -> None:
        raise Doctype

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        found = self._found
        found.elements += 1
        self._depth += 1
        if found.elements > self._max_elements:
            raise TooMany
        if self._depth > self._max_depth:
            raise TooDeep
        namespace, _, tag = name.rpartition(" ")
        if found.elements == 1:
            found.namespace = namespace
        if tag == "OLEObject":
            self._danger("an embedded OLE object")
        elif namespace in _WORD:
            self._word(namespace, tag, attributes)

    def _word(self, namespace: str, tag: str, attributes: dict[str, str]) -> None:
        if tag == "fldChar":
            self._mark(attributes.get(f"{namespace} fldCharType"))
        elif tag in ("instrText", "delInstrText"):
            self._parser.CharacterDataHandler = self._instruct
        elif tag == "fldSimple":
            self._judge(attributes.get(f"{namespace} instr", ""))
        elif tag in _FOREIGN:
            self._danger(_FOREIGN[tag])

    def _end(self, name: str) -> None:
        self._depth -= 1
        if name.endswith("nstrText"):
            self._parser.CharacterDataHandler = None

    def _mark(self, kind: str | None) -> None:
        if kind == "begin":
            if self._fields and self._fields[-1].instructing and not self._fields[-1].text.strip():
                # `{ { QUOTE 68 68 69 } … }` spells DDE: a field whose name another field computes hides what it does.
                self._danger("a field whose name is computed by another field")
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].instructing = False
        elif kind == "end" and self._fields:
            self._judge(self._fields.pop().text)

    def _instruct(self, text: str) -> None:
        # An instruction may be cut into any number of runs: it is put together before it is judged.
        if self._fields and self._fields[-1].instructing:
            self._fields[-1].text += text

    def _judge(self, instruction: str) -> None:
        words = instruction.replace("\\", " ").split(maxsplit=1)
        keyword = words[0].strip('"').upper() if words else ""
        if keyword in _DANGEROUS_FIELDS:
            self._danger(f"the field {keyword}")

    def _danger(self, what: str) -> None:
        if what not in self._found.dangers:
            self._found.dangers.append(what)
