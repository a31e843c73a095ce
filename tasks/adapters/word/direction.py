"""The language and direction of text: what Word needs to be told, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from tasks.adapters.word.ooxml import Element, child, elements, ensure, switch, w
from tasks.adapters.word.opc import Docx
from tasks.domain.locale import language_of

#: Of the signs of these languages Word takes the language from an attribute of their own.
_EAST_ASIAN: Final = {"zh", "ja", "ko"}


def set_tag(mark: Element, language: str, rtl: bool | None) -> None:
    """Put a language tag into a mark of language, wherever Word looks for it."""
    mark.set(w("val"), language)
    if language_of(language) in _EAST_ASIAN:
        mark.set(w("eastAsia"), language)
    if rtl:
        mark.set(w("bidi"), language)


def set_language(run: Element, language: str, rtl: bool | None) -> None:
    """Mark a run for proofing in `language`, and as written from right to left or not (None: as it is)."""
    set_tag(ensure(ensure(run, "rPr"), "lang"), language, rtl)
    if rtl is not None:
        _turn(run, "rPr", "rtl", rtl)


def turn(nodes: Iterable[Element], rtl: bool) -> None:
    """Set paragraphs, tables and sections among `nodes` and in them from right to left, or back."""
    for node in nodes:
        for paragraph in node.iter(w("p")):
            _turn(paragraph, "pPr", "bidi", rtl)
        for table in node.iter(w("tbl")):
            _turn(table, "tblPr", "bidiVisual", rtl)
        for section in node.iter(w("sectPr")):
            turn_section(section, rtl)


def turn_section(section: Element, rtl: bool) -> None:
    """Set the direction of a section: of its columns, and the side on which its pages are bound."""
    switch(section, "bidi", rtl)
    switch(section, "rtlGutter", rtl)


def set_default(docx: Docx, language: str, rtl: bool | None) -> None:
    """Make `language` the one of text without a mark of its own.

    From right to left is marked where text is; when text is turned from left to right, the styles of a template in the
    other direction must not turn it back.
    """
    part = docx.related(docx.main, "styles")
    if part is None:
        return
    root = docx.tree(part)
    defaults = child(root, "docDefaults", "rPrDefault", "rPr")
    if defaults is not None:
        set_tag(ensure(defaults, "lang"), language, rtl)
    if rtl is False:
        for properties in [*root.iter(w("pPr")), *root.iter(w("rPr"))]:
            switch(properties, "bidi" if properties.tag == w("pPr") else "rtl", False)
    docx.write(part, root)


def own_runs(paragraph: Element) -> Iterator[Element]:
    """The runs of a paragraph, without those of text boxes anchored in it."""
    for node in elements(paragraph):
        if node.tag == w("r"):
            yield node
        elif node.tag != w("pPr"):
            yield from own_runs(node)


def _turn(element: Element, properties: str, tag: str, rtl: bool) -> None:
    found = ensure(element, properties) if rtl else child(element, properties)
    if found is not None:
        switch(found, tag, rtl)
