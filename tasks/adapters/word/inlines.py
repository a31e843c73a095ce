"""The text of one paragraph as inlines: insertions count, deletions do not, formatting is merged across runs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from tasks.adapters.word.ooxml import MC, WP, A, Element, M, R, V, child, elements, is_on, val, w
from tasks.adapters.word.opc import Docx, Relationship
from tasks.adapters.word.styles import Styles
from tasks.domain.text import Footnote, Inline, Text

#: What only wraps the text of a paragraph, insertions among it; what is not here (deletions, marks) has no text.
_WRAPPERS: Final = {w(tag) for tag in ("ins", "moveTo", "smartTag", "customXml", "dir", "bdo", "fldSimple")}
#: Elements of a run that are one character.
CHARACTERS: Final = {w("tab"): "\t", w("ptab"): "\t", w("cr"): "\n", w("noBreakHyphen"): "\u2011"}
_NOTES: Final = {w("footnoteReference"): "footnotes", w("endnoteReference"): "endnotes"}
_DRAWINGS: Final = {w("drawing"), w("pict"), w("object")}
_SEQUENCE: Final = re.compile(r"\s*SEQ\s+(\S+)", re.IGNORECASE)
_LINK: Final = re.compile(r'\s*HYPERLINK\s+"([^"]+)"', re.IGNORECASE)
#: Other schemes (file, javascript …) lead nowhere for a reader elsewhere, or do harm.
_SCHEMES: Final = ("http://", "https://", "mailto:", "ftp://", "tel:")


@dataclass(frozen=True)
class Picture:
    """A picture in a paragraph: the part that holds it, its name and its alternative text as written in Word."""

    part: str
    name: str
    description: str


@dataclass
class Found:
    """What one paragraph holds: its text, its pictures, and the text boxes anchored in it.

    `sequence` names the counter of an automatic label (`Table`, `Figure`), which ends before `content[label_end]`.
    """

    content: list[Inline] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    sequence: str = ""
    label_end: int = 0

    def count(self, instruction: str) -> None:
        """Note the end of a field's result; the first counter is the label's."""
        if not self.sequence and (match := _SEQUENCE.match(instruction)):
            self.sequence, self.label_end = match[1], len(self.content)


@dataclass
class _Field:
    instruction: str = ""
    link: str | None = None
    instructing: bool = True


class Inlines:
    """Reads paragraphs of one part; notes are read from theirs. A note in a note is none: it would have no end."""

    def __init__(self, docx: Docx, styles: Styles, part: str, *, with_notes: bool = True) -> None:
        self._with_notes = with_notes
        self._docx = docx
        self._styles = styles
        self._relationships: dict[str, Relationship] = {r.id: r for r in docx.relationships(part)}
        self._notes: dict[str, dict[str, tuple[Text, ...]]] = {}
        self._fields: list[_Field] = []
        self._found = Found()

    def read(self, paragraph: Element) -> Found:
        """One paragraph's content, as it would stand with all changes accepted."""
        self._found = Found()
        self._fields = []
        self._walk(paragraph, None)
        return self._found

    def _walk(self, parent: Element, link: str | None) -> None:
        for node in elements(parent):
            if node.tag == w("r"):
                self._run(node, node, link)
            elif node.tag == w("hyperlink"):
                self._walk(node, self._address(node) or link)
            elif node.tag in _WRAPPERS:
                self._walk(node, link)
                self._found.count(val(node, "instr") or "")
            elif node.tag == w("sdt"):
                if not is_placeholder(node) and (content := child(node, "sdtContent")) is not None:
                    self._walk(content, link)
            elif node.tag == f"{{{MC}}}AlternateContent":
                self._walk(chosen(node), link)
            elif node.tag in (f"{{{M}}}oMath", f"{{{M}}}oMathPara"):
                self._put(Text("".join(t.text or "" for t in node.iter(f"{{{M}}}t"))))

    def _run(self, run: Element, holder: Element, link: str | None) -> None:
        style = Text("", *self._styles.emphasis(run))
        for node in elements(holder):
            here = self._fields[-1].link or link if self._fields else link
            if node.tag == w("t"):
                self._put(replace(style, text=node.text or "", link=here))
            elif node.tag in CHARACTERS:
                self._put(replace(style, text=CHARACTERS[node.tag], link=here))
            elif node.tag == w("br"):
                self._put(replace(style, text=text_of_break(node), link=here))
            elif node.tag in _NOTES and self._with_notes:
                self._found.content.append(Footnote(self._note(_NOTES[node.tag], val(node, "id") or "")))
            elif node.tag == w("fldChar"):
                self._mark(val(node, "fldCharType"))
            elif node.tag == w("instrText") and self._fields:
                self._fields[-1].instruction += node.text or ""
            elif node.tag in _DRAWINGS:
                self._drawing(node)
            elif node.tag == f"{{{MC}}}AlternateContent":
                self._run(run, chosen(node), link)
            elif node.tag == w("ruby") and (base := child(node, "rubyBase")) is not None:
                self._walk(base, here)

    def _put(self, text: Text) -> None:
        # Text between the start of a field and its result is part of the instruction.
        if text.text and not any(open_field.instructing for open_field in self._fields):
            self._found.content.append(text)

    def _mark(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append(_Field(link=self._fields[-1].link if self._fields else None))
        elif kind == "separate" and self._fields:
            self._fields[-1].instructing = False
            if match := _LINK.match(self._fields[-1].instruction):
                self._fields[-1].link = _safe(match[1])
        elif kind == "end" and self._fields:
            self._found.count(self._fields.pop().instruction)

    def _address(self, hyperlink: Element) -> str | None:
        relationship = self._relationships.get(str(hyperlink.get(f"{{{R}}}id") or ""))
        return None if relationship is None or not relationship.external else _safe(relationship.target)

    def _drawing(self, drawing: Element) -> None:
        boxes = text_boxes(drawing)
        self._found.boxes += boxes
        label = next(drawing.iter(f"{{{WP}}}docPr"), None)
        name, description = ("", "") if label is None else (label.get("name") or "", label.get("descr") or "")
        for picture in drawing.iter(f"{{{A}}}blip", f"{{{V}}}imagedata"):
            key = picture.get(f"{{{R}}}embed") or picture.get(f"{{{R}}}id") or ""
            relationship = self._relationships.get(str(key))
            inside = any(above in boxes for above in picture.iterancestors())
            if relationship and relationship.target in self._docx.parts and not inside:
                self._found.pictures.append(Picture(relationship.target, str(name), str(description)))

    def _note(self, kind: str, note_id: str) -> tuple[Text, ...]:
        if kind not in self._notes:
            part = self._docx.related(self._docx.main, kind)
            reader = Inlines(self._docx, self._styles, part or "", with_notes=False)
            notes = elements(self._docx.tree(part)) if part else iter(())
            self._notes[kind] = {val(note, "id") or "": tuple(reader._note_text(note)) for note in notes}
        return self._notes[kind].get(note_id, ())

    def _note_text(self, note: Element) -> list[Text]:
        lines = (self.read(paragraph).content for paragraph in note.iter(w("p")))
        return [part for part in merged(joined(lines, "\n")) if isinstance(part, Text)]


def chosen(alternate: Element) -> Element:
    """The one branch of an AlternateContent that counts: the same text stands in each."""
    first = alternate.find(f"{{{MC}}}Choice")
    fallback = alternate.find(f"{{{MC}}}Fallback")
    return first if first is not None else fallback if fallback is not None else alternate


def text_of_break(node: Element) -> str:
    """The text of a break: a page or column break is where the text stands, not what it says."""
    return "\n" if val(node, "type") in (None, "textWrapping") else ""


def text_boxes(drawing: Element) -> list[Element]:
    """The text boxes in a drawing, once each; those within another are left to the reading of that one."""
    found = [box for box in drawing.iter(w("txbxContent")) if not is_repeated(box, drawing)]
    return [box for box in found if not any(above in found for above in box.iterancestors())]


def is_repeated(node: Element, top: Element | None = None) -> bool:
    """Whether a node stands, below `top`, in the copy of something that only old programs read."""
    for above in node.iterancestors():
        if above.tag == f"{{{MC}}}Fallback" and above.getprevious() is not None:
            return True
        if above is top:
            return False
    return False


def is_placeholder(control: Element) -> bool:
    """Whether a content control only shows its prompt (`Click here to enter text`)."""
    return is_on(child(control, "sdtPr", "showingPlcHdr")) is True


def joined(lines: Iterable[list[Inline]], separator: str) -> list[Inline]:
    """Lines of inlines as one, without the empty ones."""
    found: list[Inline] = []
    for line in lines:
        if line:
            found += [Text(separator), *line] if found else line
    return found


def merged(content: Iterable[Inline]) -> tuple[Inline, ...]:
    """Neighbours of one formatting as one text, without space at either end."""
    found: list[Inline] = []
    for part in content:
        last = found[-1] if found else None
        if isinstance(part, Text) and isinstance(last, Text) and _alike(part, last):
            found[-1] = replace(last, text=last.text + part.text)
        else:
            found.append(part)
    while found and isinstance(found[0], Text) and not found[0].text.strip():
        del found[0]
    while found and isinstance(found[-1], Text) and not found[-1].text.strip():
        del found[-1]
    if found and isinstance(found[0], Text):
        found[0] = replace(found[0], text=found[0].text.lstrip())
    if found and isinstance(found[-1], Text):
        found[-1] = replace(found[-1], text=found[-1].text.rstrip())
    return tuple(found)


def _alike(one: Text, other: Text) -> bool:
    return (one.bold, one.italic, one.link) == (other.bold, other.italic, other.link)


def _safe(address: str) -> str | None:
    return address if address.lower().startswith(_SCHEMES) else None
