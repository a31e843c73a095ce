"""Inlines become runs: text, links and footnotes of a paragraph."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from typing import Final, Literal

from lxml import etree

from tasks.adapters.word.ooxml import XML_SPACE, Element, R, W, child, ensure, local, new_root, val, w
from tasks.adapters.word.opc import OFFICE_REL, Docx
from tasks.adapters.word.stylenames import StyleNames
from tasks.domain.text import Footnote, Inline, Text

_FOOTNOTES_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
#: What XML 1.0 cannot hold. Pasted text brings such characters along; they print nothing.
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BREAKS: Final = re.compile("([\t\n])")
#: How proposed text is shown, told apart without its colours.
_CHANGES: Final[dict[str, tuple[tuple[str, dict[str, str]], ...]]] = {
    "inserted": (("color", {"val": "1E6B45"}), ("u", {"val": "double"})),
    "deleted": (("strike", {}), ("color", {"val": "9C1C1C"})),
}
#: What comes after footnotePr in the settings, in the schema's order.
_AFTER_NOTES: Final = [
    "endnotePr",
    "compat",
    "docVars",
    "rsids",
    "attachedSchema",
    "themeFontLang",
    "clrSchemeMapping",
    "doNotIncludeSubdocsInStats",
    "forceUpgrade",
    "captions",
    "readModeInkLockDown",
    "smartTagType",
    "shapeDefaults",
    "doNotEmbedSmartTags",
    "decimalSymbol",
    "listSeparator",
]


def legal(text: str) -> str:
    """Text without the characters that XML cannot hold; line ends become newlines."""
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def el(tag: str, *children: Element, **attributes: str) -> Element:
    """A WordprocessingML element with its attributes and children."""
    made = etree.Element(w(tag))
    for name, value in attributes.items():
        made.set(w(name), value)
    made.extend(children)
    return made


def put_text(run: Element, text: str) -> None:
    """Add text to a run; tabs and line ends become their elements."""
    for piece in _BREAKS.split(legal(text)):
        if piece in ("\t", "\n"):
            etree.SubElement(run, w("tab" if piece == "\t" else "br"))
        elif piece:
            made = etree.SubElement(run, w("t"))
            made.set(XML_SPACE, "preserve")
            made.text = piece


def text_run(
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    char_style: str | None = None,
    change: Literal["inserted", "deleted"] | None = None,
) -> Element:
    """A run in one formatting, for all scripts alike."""
    run = el("r")
    switches = [name for on, names in ((bold, ("b", "bCs")), (italic, ("i", "iCs"))) if on for name in names]
    looks = _CHANGES[change] if change else ()
    if char_style or switches or looks:
        styled = [el("rStyle", val=char_style)] if char_style else []
        shown = [el(name, **attributes) for name, attributes in looks]
        run.append(el("rPr", *styled, *(el(name) for name in switches), *shown))
    put_text(run, text)
    return run


def paragraph(style: str | None, content: Iterable[Element], *properties: Element) -> Element:
    """A paragraph of a style with direct properties, which are put into the schema's order."""
    made = el("p")
    if style or properties:
        ppr = ensure(made, "pPr")
        if style:
            ppr.append(el("pStyle", val=style))
        for element in properties:
            ppr.replace(ensure(ppr, local(element)), element)
    made.extend(content)
    return made


def numbered_caption(text: str, label: str, counter: str, number: int) -> list[Element]:
    """The runs of a caption: `Table 1. Text`, its number a field that Word counts by itself.

    Without a label, or where its writer has typed one, the text stands alone.
    """
    if not label or re.match(rf"{re.escape(label)}\s*\d", text, re.IGNORECASE):
        return [text_run(text)]
    code = el("instrText")
    code.set(XML_SPACE, "preserve")
    code.text = f" SEQ {counter} \\* ARABIC "
    marks = {kind: el("r", el("fldChar", fldCharType=kind)) for kind in ("begin", "separate", "end")}
    counted = [marks["begin"], el("r", code), marks["separate"], text_run(str(number)), marks["end"]]
    return [text_run(f"{label}\u00a0"), *counted, text_run(f". {text}")]


class InlineWriter:
    """Writes inlines into paragraphs of the main document and keeps the footnotes part beside it."""

    def __init__(self, docx: Docx, styles: StyleNames) -> None:
        self._docx = docx
        self._styles = styles
        self._links: dict[tuple[str, str], str] = {}
        self._notes: Element | None = None
        self._notes_part = ""
        self._next_note = 1

    def runs(self, content: Iterable[Inline]) -> list[Element]:
        """The runs, links and note references of a paragraph in the main document."""
        made: list[Element] = []
        for link, group in itertools.groupby(content, lambda part: part.link if isinstance(part, Text) else None):
            parts = list(group)
            if link:
                texts = [part for part in parts if isinstance(part, Text)]
                made.append(self._hyperlink(self._docx.main, link, texts))
            else:
                made += [self._reference(part) if isinstance(part, Footnote) else _plain(part) for part in parts]
        return made

    def finish(self) -> None:
        """Put the footnotes back into the file; without any new one the part stays as it is."""
        if self._notes is not None:
            self._docx.write(self._notes_part, self._notes)

    def _hyperlink(self, part: str, link: str, texts: Sequence[Text]) -> Element:
        ident = self._links.get((part, link))
        if ident is None:
            ident = self._docx.relate(part, OFFICE_REL + "hyperlink", legal(link), external=True)
            self._links[part, link] = ident
        style = self._styles.find("Hyperlink")
        made = el("hyperlink", *(_plain(text, style) for text in texts))
        made.set(f"{{{R}}}id", ident)
        made.set(w("history"), "1")
        return made

    def _reference(self, footnote: Footnote) -> Element:
        notes = self._open_notes()
        ident = str(self._next_note)
        self._next_note += 1
        style = self._styles.find("footnote reference")
        look = [el("rPr", el("rStyle", val=style) if style else el("vertAlign", val="superscript")) for _ in range(2)]
        content: list[Element] = [el("r", look[0], el("footnoteRef")), text_run(" ")]
        for link, group in itertools.groupby(footnote.content, lambda part: part.link):
            texts = list(group)
            content += [self._hyperlink(self._notes_part, link, texts)] if link else [_plain(text) for text in texts]
        notes.append(el("footnote", paragraph(self._styles.find("footnote text"), content), id=ident))
        return el("r", look[1], el("footnoteReference", id=ident))

    def _open_notes(self) -> Element:
        if self._notes is None:
            self._notes_part = self._docx.related(self._docx.main, "footnotes") or _make_notes(self._docx)
            self._notes = self._docx.tree(self._notes_part)
            ids = [int(val(note, "id") or 0) for note in self._notes.iterchildren(w("footnote"))]
            self._next_note = max([0, *ids]) + 1
        return self._notes


def _plain(text: Text, char_style: str | None = None) -> Element:
    return text_run(text.text, bold=text.bold, italic=text.italic, char_style=char_style, change=text.change)


def choice(chosen: str, choices: Sequence[str]) -> Element:
    """A content control in which Word lets its reader choose one of the texts; `chosen` may be empty."""
    listed = el("dropDownList", *(el("listItem", displayText=text, value=text) for text in choices))
    properties = [el("showingPlcHdr")] if not chosen else []
    # A no-break space is what an empty one shows: with nothing in it nobody could click on it.
    return el("sdt", el("sdtPr", *properties, listed), el("sdtContent", text_run(chosen or "\u00a0\u00a0\u00a0")))


def _make_notes(docx: Docx) -> str:
    """The name of a new footnotes part with the two separators, declared in the settings as Word wants it."""
    part = docx.free_name("word/footnotes.xml")
    root = new_root(W, "footnotes", {"w": W, "r": R})
    for ident, kind in (("-1", "separator"), ("0", "continuationSeparator")):
        root.append(el("footnote", el("p", el("r", el(kind))), type=kind, id=ident))
    docx.write(part, root)
    docx.add(part, docx.parts[part], _FOOTNOTES_TYPE)
    docx.relate(docx.main, OFFICE_REL + "footnotes", part)
    settings = docx.related(docx.main, "settings")
    if settings is not None:
        tree = docx.tree(settings)
        if child(tree, "footnotePr") is None:
            insert_setting(tree, el("footnotePr", el("footnote", id="-1"), el("footnote", id="0")), before=_AFTER_NOTES)
            docx.write(settings, tree)
    return part


def insert_setting(settings: Element, made: Element, *, before: Sequence[str]) -> None:
    """Put an element into word/settings.xml before the first of those that must follow it."""
    later = {w(tag) for tag in before}
    for index, sibling in enumerate(settings):
        if sibling.tag in later or not str(sibling.tag).startswith(w("")):
            settings.insert(index, made)
            return
    settings.append(made)
