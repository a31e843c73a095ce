"""What stands in a run, one atom for each of its elements, and how long each is in a paragraph's text.

The reader of marks and what applies changes count positions alike because both take them from here.
"""

from __future__ import annotations

from typing import Final

from tasks.adapters.word.ooxml import MC, Element, M, child, local, val, w
from tasks.domain.markup import OBJECT

#: Elements of a run that are not text and take one place in it.
_OBJECTS: Final = frozenset(
    {w(tag) for tag in ("drawing", "pict", "object", "footnoteReference", "endnoteReference", "pgNum")}
)
_CHARACTERS: Final = {
    w("tab"): "\t", w("ptab"): "\t", w("cr"): "\n", w("noBreakHyphen"): "\u2011",
}  # fmt: skip
#: Fields whose result is the program's and not the writer's: it changes whenever somebody opens the file.
_VOLATILE: Final = frozenset(
    ("PAGE", "NUMPAGES", "SECTIONPAGES", "PAGEREF", "DATE", "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE", "EDITTIME",
     "FILENAME", "FILESIZE")
)  # fmt: skip
_ALTERNATE: Final = f"{{{MC}}}AlternateContent"
_MATH: Final = frozenset({f"{{{M}}}oMath", f"{{{M}}}oMathPara"})


def text_of_atom(node: Element) -> str:
    """The text that one child of a run shows: letters, a tab, a line end, or OBJECT for what is no text."""
    tag = node.tag
    if tag in (w("t"), w("delText")):
        return node.text or ""
    if tag in _CHARACTERS:
        return _CHARACTERS[str(tag)]
    if tag == w("br"):
        # A page or column break is where the text stands, not what it says.
        return "\n" if val(node, "type") in (None, "textWrapping") else ""
    if tag in _OBJECTS or tag == _ALTERNATE:
        return OBJECT
    if tag == w("sym"):
        return _symbol(val(node, "char"))
    if tag == w("ruby"):
        base = child(node, "rubyBase")
        return "" if base is None else "".join(text.text or "" for text in base.iter(w("t")))
    return ""


def text_of_math(node: Element) -> str:
    """The letters and figures of a formula."""
    return "".join(text.text or "" for text in node.iter(f"{{{M}}}t"))


def is_math(node: Element) -> bool:
    return node.tag in _MATH


def _symbol(code: str | None) -> str:
    try:
        return chr(int(code or "", 16))
    except (ValueError, OverflowError):
        return OBJECT


class Fields:
    """Where in its fields a paragraph's text stands: an instruction is no text, nor is a result that changes by itself.

    A field may run on over several paragraphs, as a table of contents does; so this lives as long as its story.
    """

    def __init__(self) -> None:
        self._open: list[list[str | bool]] = []  # instruction, whether its result has begun

    def see(self, node: Element) -> str | None:
        """Take note of a child of a run; OBJECT where a volatile result begins, else None."""
        name = local(node)
        if name == "fldChar":
            kind = val(node, "fldCharType")
            if kind == "begin":
                self._open.append(["", False])
            elif kind == "separate" and self._open:
                self._open[-1][1] = True
                if is_volatile(str(self._open[-1][0])):
                    return OBJECT
            elif kind == "end" and self._open:
                self._open.pop()
        elif name in ("instrText", "delInstrText") and self._open:
            self._open[-1][0] = f"{self._open[-1][0]}{node.text or ''}"
        return None

    @property
    def is_hiding(self) -> bool:
        """Whether text here belongs to an instruction or to a volatile result."""
        return any(not begun or is_volatile(str(instruction)) for instruction, begun in self._open)


def is_volatile(instruction: str) -> bool:
    """Whether a field's result changes by itself."""
    word = instruction.split(maxsplit=1)
    return bool(word) and word[0].upper() in _VOLATILE
