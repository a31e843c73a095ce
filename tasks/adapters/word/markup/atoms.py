"""What stands in a run, one atom for each of its elements, and how long each is in a paragraph's text.

The reader of marks and what applies changes count positions alike because both take them from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tasks.adapters.word.inlines import CHARACTERS, text_of_break
from tasks.adapters.word.ooxml import MC, Element, M, child, local, val, w
from tasks.domain.markup import OBJECT

#: Elements of a run that are not text and take one place in it.
_OBJECTS: Final = frozenset(
    {w(tag) for tag in ("drawing", "pict", "object", "contentPart", "footnoteReference", "endnoteReference", "pgNum")}
)
#: Fields whose result is the program's and not the writer's: it changes whenever somebody opens the file.
_VOLATILE: Final = frozenset(
    ("PAGE", "NUMPAGES", "SECTIONPAGES", "PAGEREF", "DATE", "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE", "EDITTIME",
     "FILENAME", "FILESIZE")
)  # fmt: skip
#: What Word makes by itself of :) :| :( <-- --> <== ==> <=>, and marks of lists; other signs stay the font's own.
_WINGDINGS: Final = {
    0x4A: "☺", 0x4B: "😐", 0x4C: "☹", 0xDF: "←", 0xE0: "→", 0xE7: "⇐", 0xE8: "⇒", 0xF3: "⇔", 0xFC: "✓", 0xFB: "✗",
}  # fmt: skip
_ALTERNATE: Final = f"{{{MC}}}AlternateContent"
_MATH: Final = frozenset({f"{{{M}}}oMath", f"{{{M}}}oMathPara"})


def text_of_atom(node: Element) -> str:
    """The text that one child of a run shows: letters, a tab, a line end, or OBJECT for what is no text."""
    tag = node.tag
    if tag in (w("t"), w("delText")):
        return node.text or ""
    if tag in CHARACTERS:
        return CHARACTERS[str(tag)]
    if tag == w("br"):
        return text_of_break(node)
    if tag == _ALTERNATE:
        return _alternate(node)
    if tag in _OBJECTS:
        return OBJECT
    if tag == w("sym"):
        return _symbol(val(node, "char"), val(node, "font") or "")
    if tag == w("ruby"):
        base = child(node, "rubyBase")
        return "" if base is None else "".join(text.text or "" for text in base.iter(w("t")))
    return ""


def is_math(node: Element) -> bool:
    """Whether a node is a formula."""
    return node.tag in _MATH


def _symbol(code: str | None, font: str = "") -> str:
    try:
        character = chr(int(code or "", 16))
    except (ValueError, OverflowError):
        return OBJECT
    if font == "Wingdings":
        return _WINGDINGS.get(ord(character) & 0xFF, character)
    return OBJECT if "\ud800" <= character <= "\udfff" else character  # half a character is none


def _alternate(node: Element) -> str:
    """A sign that only new programs know (an emoji), or something drawn."""
    sign = next((n for n in node.iter() if local(n) == "symEx"), None)
    if sign is None:
        return OBJECT
    return _symbol(next((str(value) for key, value in sign.attrib.items() if str(key).endswith("char")), None))


class Fields:
    """Where in its fields a paragraph's text stands: an instruction is no text, nor is a result that changes by itself.

    A result may run on over several paragraphs, as a table of contents does; so this lives as long as its story.
    """

    def __init__(self) -> None:
        self._open: list[_Field] = []

    def see(self, node: Element) -> str | None:
        """Take note of a child of a run; OBJECT where a volatile result begins, else None."""
        name = local(node)
        if name == "fldChar":
            kind = val(node, "fldCharType")
            if kind == "begin":
                self._open.append(_Field())
            elif kind == "separate" and self._open:
                self._open[-1].has_begun = True
                return self._volatile()
            elif kind == "end" and self._open:
                self._open.pop()
        elif name in ("instrText", "delInstrText") and self._open:
            self._open[-1].instruction += node.text or ""
        return None

    def begin(self, instruction: str) -> str | None:
        """A field that is one element begins; OBJECT where its result is volatile, else None."""
        self._open.append(_Field(instruction, has_begun=True))
        return self._volatile()

    def end(self) -> None:
        """The field that is one element ends."""
        if self._open:
            self._open.pop()

    def end_paragraph(self) -> None:
        """Forget fields that have no end where they should: in a damaged file they would hide all that follows."""
        self._open = [each for each in self._open if not each.is_hiding]

    def _volatile(self) -> str | None:
        return OBJECT if is_volatile(self._open[-1].instruction) else None

    @property
    def is_hiding(self) -> bool:
        """Whether text here belongs to an instruction or to a volatile result."""
        return any(each.is_hiding for each in self._open)


@dataclass
class _Field:
    instruction: str = ""
    has_begun: bool = False

    @property
    def is_hiding(self) -> bool:
        """Whether what stands in it now is not shown, or not the writer's."""
        return not self.has_begun or is_volatile(self.instruction)


def is_volatile(instruction: str) -> bool:
    """Whether a field's result changes by itself."""
    word = instruction.split(maxsplit=1)
    return bool(word) and word[0].upper() in _VOLATILE
