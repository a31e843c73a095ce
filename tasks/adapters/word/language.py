"""The proofing language and the direction of a whole document."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from typing import Final

from lxml import etree

from tasks.adapters.word.direction import set_tag, turn_section
from tasks.adapters.word.ooxml import XML_SPACE, Element, child, ensure, local, switch, val, w
from tasks.adapters.word.opc import Docx
from tasks.adapters.word.writing import insert_setting
from tasks.domain.locale import is_rtl, proofing_tag

_STORIES: Final = ("header", "footer", "footnotes", "endnotes")
#: What comes after themeFontLang in the settings, in the schema's order.
_AFTER_LANGUAGE: Final = [
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
_RTL: Final = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff"
_LTR: Final = "A-Za-z\u00aa-\u02af\u0370-\u058f\u3040-\u9fff\uac00-\ud7af"
#: A stretch from the first left-to-right letter, with digits joined to it, to the last letter or digit before a
#: right-to-left letter; and the key of a comment, which may have no letters.
_LATIN_STRETCH: Final = re.compile(f"[0-9]+·[0-9]+|[0-9]*[{_LTR}](?:[^{_RTL}]*[{_LTR}0-9])?")


def set_language(docx: Docx, language: str, rtl: bool) -> None:
    """Make `language` the proofing language everywhere and set the direction of every paragraph, table and section.

    Languages of single runs and styles go, or Word would go on checking a translation in the language it came from.
    """
    tag = proofing_tag(language)
    main = docx.main
    for part in [main, *_related(docx)]:
        root = docx.tree(part)
        for element in list(root.iter(w("lang"))):
            _drop(element)
        set_direction(root, rtl)
        docx.write(part, root)
    styles = docx.related(main, "styles")
    if styles is not None:
        root = docx.tree(styles)
        for element in list(root.iter(w("lang"))):
            _drop(element)
        defaults = ensure(ensure(ensure(root, "docDefaults"), "rPrDefault"), "rPr")
        set_tag(ensure(defaults, "lang"), tag, rtl)
        for style in root.iterchildren(w("style")):
            if val(style, "type") == "paragraph":
                _turn_style(style, rtl)
        docx.write(styles, root)
    settings = docx.related(main, "settings")
    if settings is not None:
        root = docx.tree(settings)
        found = child(root, "themeFontLang")
        if found is None:
            found = etree.Element(w("themeFontLang"))
            insert_setting(root, found, before=_AFTER_LANGUAGE)
        set_tag(found, tag, rtl)
        docx.write(settings, root)


def set_passages(docx: Docx, passages: Iterable[tuple[range, str]]) -> None:
    """Mark passages in a language of their own, notes included, for proofing in it, and turn them to its direction.

    A passage is the places of its elements among those of the body, with its tag. To be done after `set_language`,
    which makes everything the document's own.
    """
    root, part = docx.tree(docx.main), docx.related(docx.main, "footnotes")
    notes = docx.tree(part) if part else None
    by_id = {} if notes is None else {val(note, "id"): note for note in notes.iterchildren(w("footnote"))}
    body = list(ensure(root, "body"))
    for places, language in passages:
        nodes = body[places.start : places.stop]
        marks = [mark for node in nodes for mark in node.iter(w("footnoteReference"))]
        tag, rtl = proofing_tag(language), is_rtl(language)
        for node in [*nodes, *(by_id[val(mark, "id")] for mark in marks)]:
            set_direction(node, rtl)
            for run in node.iter(w("r")):
                set_tag(ensure(ensure(run, "rPr"), "lang"), tag, rtl)
    docx.write(docx.main, root)
    if part and notes is not None:
        docx.write(part, notes)


def set_direction(root: Element, rtl: bool) -> None:
    """Set the direction of every paragraph, run, table and section below `root`."""
    for paragraph in root.iter(w("p")):
        if rtl:
            switch(ensure(paragraph, "pPr"), "bidi", True)
        elif child(paragraph, "pPr", "bidi") is not None:
            switch(ensure(paragraph, "pPr"), "bidi", False)
    for properties in root.iter(w("tblPr")):
        switch(properties, "bidiVisual", rtl)
    for section in root.iter(w("sectPr")):
        turn_section(section, rtl)
    for run in list(root.iter(w("r"))):
        set_run_direction(run, rtl)


def set_run_direction(run: Element, rtl: bool) -> None:
    """Set the direction of a run; in a right-to-left one, Latin stretches become runs of their own.

    Word orders the digits and signs of a right-to-left run from right to left: a symbol such as AB/2007/1 would be
    turned round inside.
    """
    texts = [text.text or "" for text in run.iterchildren(w("t"))]
    if not rtl:
        if child(run, "rPr", "rtl") is not None:
            switch(ensure(run, "rPr"), "rtl", False)
        return
    if not any(_LATIN_STRETCH.search(text) for text in texts):
        switch(ensure(run, "rPr"), "rtl", True)
        return
    parent = run.getparent()
    if parent is None:
        return
    place = parent.index(run)
    for offset, piece in enumerate(_pieces(run)):
        parent.insert(place + offset, piece)
    parent.remove(run)


def _pieces(run: Element) -> Iterator[Element]:
    properties = child(run, "rPr")
    for node in run:
        if node is properties:
            continue
        if local(node) != "t":
            yield _piece(properties, copy.deepcopy(node), rtl=True)
            continue
        text, position = node.text or "", 0
        for match in _LATIN_STRETCH.finditer(text):
            if match.start() > position:
                yield _piece(properties, _text(text[position : match.start()]), rtl=True)
            yield _piece(properties, _text(match.group()), rtl=False)
            position = match.end()
        if position < len(text):
            yield _piece(properties, _text(text[position:]), rtl=True)


def _piece(properties: Element | None, content: Element, *, rtl: bool) -> Element:
    made = etree.Element(w("r"))
    if properties is not None:
        made.append(copy.deepcopy(properties))
    if rtl or properties is not None:
        switch(ensure(made, "rPr"), "rtl", rtl)
    made.append(content)
    return made


def _text(text: str) -> Element:
    made = etree.Element(w("t"))
    made.set(XML_SPACE, "preserve")
    made.text = text
    return made


def _turn_style(style: Element, rtl: bool) -> None:
    """The default style's direction, which new paragraphs inherit, and the side of rules beside the text.

    Letter-spacing goes from right-to-left text: it tears joined letters apart.
    """
    if val(style, "default") in ("1", "true"):
        switch(_style_properties(style), "bidi", rtl)
    runs = child(style, "rPr")
    if rtl and runs is not None:
        switch(runs, "spacing", False)
    borders = child(style, "pPr", "pBdr")
    if rtl and borders is not None:
        left, right = child(borders, "left"), child(borders, "right")
        if left is not None and right is None:
            left.tag = w("right")
            borders.append(left)  # after top and bottom, as the schema wants; nothing follows but between and bar


def _style_properties(style: Element) -> Element:
    found = child(style, "pPr")
    if found is None:
        found = etree.Element(w("pPr"))
        runs = child(style, "rPr")
        style.insert(len(style) if runs is None else style.index(runs), found)
    return found


def _related(docx: Docx) -> list[str]:
    found = [r.target for r in docx.relationships(docx.main) if r.kind in _STORIES and r.target in docx.parts]
    return list(dict.fromkeys(found))


def _drop(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
