"""The content of a paragraph laid flat: what is text, what is a code, what only marks a place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from lxml import etree

from tasks.adapters.word.ooxml import Element, child, is_element, is_on, val, w

Kind = Literal["text", "code", "field", "mark", "stale"]

#: Elements around runs that come apart without loss: tracked insertions, old smart tags.
_LOOSE: Final = {w("ins"), w("moveTo"), w("smartTag")}
#: Elements around runs that stay what they are: a link, a content control, a direction.
_FIRM: Final = {w("hyperlink"), w("customXml"), w("dir"), w("bdo"), w("sdt")}
#: The properties of an element around runs, which stay with it.
PROPERTIES: Final = {w(tag) for tag in ("pPr", "rPr", "smartTagPr", "customXmlPr", "sdtPr", "sdtEndPr")}
#: What no longer holds once the text beside it is another: deletions, spelling marks, where a page ended.
_STALE: Final = {w(tag) for tag in ("del", "moveFrom", "proofErr", "lastRenderedPageBreak", "delText", "delInstrText")}
#: Places: of a bookmark, a comment, a note's own number.
_MARK_NAMES: Final = (
    "bookmarkStart bookmarkEnd commentRangeStart commentRangeEnd permStart permEnd moveFromRangeStart "
    "moveFromRangeEnd moveToRangeStart moveToRangeEnd customXmlInsRangeStart customXmlInsRangeEnd "
    "customXmlDelRangeStart customXmlDelRangeEnd customXmlMoveFromRangeStart customXmlMoveFromRangeEnd "
    "customXmlMoveToRangeStart customXmlMoveToRangeEnd commentReference annotationRef footnoteRef endnoteRef"
)
_MARKS: Final = {w(tag) for tag in _MARK_NAMES.split()}
_TEXTS: Final = {w("noBreakHyphen"): "\u2011", w("softHyphen"): "\u00ad"}
_FIELD: Final = {w("fldChar"), w("instrText")}
#: Formatting that a reader does not see as such: two runs that differ only here are one stretch for a translator.
_UNSEEN: Final = {w(tag) for tag in ("lang", "noProof", "kern", "spacing", "rtl", "rPrChange")}
#: Formatting by which a few words stand out from those around them.
_EMPHASIS_NAMES: Final = "b bCs i iCs u caps smallCaps strike vertAlign highlight color rStyle"
_EMPHASIS: Final = {w(tag) for tag in _EMPHASIS_NAMES.split()}
#: Formatting of scripts written from right to left; it shows only in runs marked as such.
_COMPLEX: Final = {w(tag) for tag in ("bCs", "iCs", "szCs")}

Form = tuple[tuple[str, tuple[tuple[str, str], ...], bytes], ...]


@dataclass(frozen=True)
class Atom:
    """One thing in a paragraph. `chain` is what stood around it, outermost first, its run last where it is in one."""

    chain: tuple[Element, ...]
    node: Element
    kind: Kind
    text: str = ""

    @property
    def run(self) -> Element | None:
        """The run it is in."""
        return self.chain[-1] if self.chain and self.chain[-1].tag == w("r") else None


@dataclass(frozen=True)
class Holder:
    """A link, content control or direction with what it holds."""

    chain: tuple[Element, ...]
    element: Element
    items: tuple[Atom | Holder, ...]


Item = Atom | Holder


def flatten(parent: Element, chain: tuple[Element, ...] = ()) -> list[Item]:
    """What a paragraph or an element around runs holds, in order, nothing left out but properties."""
    found: list[Item] = []
    for node in parent:
        if not is_element(node):
            found.append(Atom(chain, node, "mark"))
        elif node.tag in PROPERTIES:
            continue
        elif node.tag == w("r"):
            found += _of_run(node, chain)
        elif node.tag in _LOOSE:
            # With nothing in it there would be nothing to build it again from.
            found += flatten(node, (*chain, node)) or [Atom(chain, node, "mark")]
        elif node.tag in _FIRM:
            inner = child(node, "sdtContent") if node.tag == w("sdt") else node
            found.append(Holder(chain, node, tuple(flatten(inner)) if inner is not None else ()))
        elif node.tag in _STALE:
            found.append(Atom(chain, node, "stale"))
        else:
            found.append(Atom(chain, node, "mark" if node.tag in _MARKS else "code"))
    return found


def _of_run(run: Element, chain: tuple[Element, ...]) -> list[Item]:
    within = (*chain, run)
    found: list[Item] = []
    for node in run:
        if not is_element(node) or node.tag in _MARKS:
            found.append(Atom(within, node, "mark"))
        elif node.tag == w("t"):
            found.append(Atom(within, node, "text", node.text or ""))
        elif node.tag in _TEXTS:
            found.append(Atom(within, node, "text", _TEXTS[node.tag]))
        elif node.tag in _FIELD:
            found.append(Atom(within, node, "field"))
        elif node.tag not in PROPERTIES:
            found.append(Atom(within, node, "stale" if node.tag in _STALE else "code"))
    return found or [Atom(chain, run, "mark")]


def form(run: Element | None) -> Form:
    """A run's formatting as a reader sees it, to compare with others."""
    properties = None if run is None else child(run, "rPr")
    if properties is None:
        return ()
    hidden = _UNSEEN if is_on(child(properties, "rtl")) else _UNSEEN | _COMPLEX
    return tuple(
        (
            str(node.tag),
            tuple(sorted((str(k), str(v)) for k, v in node.attrib.items() if k != w("hint"))),
            etree.tostring(node, with_tail=False) if len(node) else b"",
        )
        for node in properties
        if is_element(node) and node.tag not in hidden
    )


def emphasis(formatting: Form) -> int:
    """In how many ways text of this formatting stands out."""
    return sum(1 for entry in formatting if entry[0] in _EMPHASIS)


def field_end(items: Sequence[Item], start: int) -> int | None:
    """The index of the end of the field that begins at `start`, or None where it ends elsewhere."""
    depth = 0
    for index in range(start, len(items)):
        depth += {"begin": 1, "end": -1}.get(mark(items[index]), 0)
        if depth == 0:
            return index
    return None


def mark(item: Item) -> str:
    """Which mark of a field this is: begin, separate or end; empty for everything else."""
    if isinstance(item, Atom) and item.kind == "field":
        return val(item.node, "fldCharType") or ""
    return ""


def field_result(items: Sequence[Item]) -> int | None:
    """The index of the mark between the instruction and the result of the field that `items` are."""
    depth = 0
    for index, item in enumerate(items):
        depth += {"begin": 1, "end": -1}.get(mark(item), 0)
        if depth == 1 and mark(item) == "separate":
            return index
    return None


def instruction(items: Iterable[Item]) -> str:
    """The instruction of a field."""
    texts = (item.node for item in items if isinstance(item, Atom) and item.node.tag == w("instrText"))
    return "".join(text.text or "" for text in texts).strip()
