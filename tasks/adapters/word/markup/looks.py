"""How formatting differs, in plain words: what a change of properties put on and took off."""

from __future__ import annotations

from typing import Final

from tasks.adapters.word.ooxml import Element, elements, local, val

#: Properties by their names in Word's own window; others are told by the name they have in the file.
_NAMES: Final = {
    "b": "bold", "i": "italic", "u": "underline", "strike": "strikethrough", "dstrike": "double strikethrough",
    "color": "colour", "sz": "font size", "rFonts": "font", "highlight": "highlight", "rStyle": "character style",
    "vertAlign": "superscript or subscript", "caps": "all capitals", "smallCaps": "small capitals", "lang": "language",
    "pStyle": "style", "jc": "alignment", "ind": "indent", "spacing": "spacing", "numPr": "numbering", "shd": "shading",
    "keepNext": "keep with next", "outlineLvl": "outline level", "pgSz": "page size", "pgMar": "margins",
    "cols": "columns", "tblStyle": "table style", "tblW": "table width", "tcW": "cell width", "tblBorders": "borders",
    "vanish": "hidden",
}  # fmt: skip
#: Twins of a property for other scripts, and what only a program is interested in.
_SILENT: Final = frozenset(
    ("bCs", "iCs", "szCs", "rPr", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "trPrChange", "tcPrChange")
)
_WHAT: Final = {
    "sectPrChange": "page set-up",
    "tblPrChange": "table",
    "tblPrExChange": "table",
    "trPrChange": "row",
    "tcPrChange": "cell",
    "tblGridChange": "widths of columns",
    "numberingChange": "numbering",
    "cellIns": "cell put in",
    "cellDel": "cell taken out",
    "cellMerge": "cells merged",
    "pPrChange": "paragraph",
    "customXmlInsRangeStart": "content control put in",
    "customXmlDelRangeStart": "content control taken out",
    "customXmlMoveFromRangeStart": "content control moved from",
    "customXmlMoveToRangeStart": "content control moved to",
}
_SIGNS: Final = {"numPr": "numbering", "ctrlPr": "sign of a formula"}
_DONE: Final = {"ins": "put in", "moveTo": "put in", "del": "taken out", "moveFrom": "taken out"}  # fmt: skip


def describe(change: Element) -> str:
    """What a change of properties did, such as `bold: on; style: Heading2 → BodyText`."""
    what = _WHAT.get(local(change), "")
    after = change.getparent()
    if after is not None and local(change) in _DONE:
        return f"{_SIGNS.get(local(after), local(after))} {_DONE[local(change)]}"
    before = next(elements(change), None)
    if after is None or not local(change).endswith(("PrChange", "PrExChange")):
        return what or local(change)
    old, new = _properties(before), _properties(after)
    names = [name for name in dict.fromkeys([*new, *old]) if old.get(name) != new.get(name)]
    text = "; ".join(_told(name, old.get(name), new.get(name)) for name in names)
    return f"{what}: {text}" if what and text else what or text or "formatting"


def _told(name: str, old: str | None, new: str | None) -> str:
    shown = _NAMES.get(name, name)
    if new is not None and old is not None:
        return f"{shown}: {old or 'on'} → {new or 'on'}"
    return f"{shown}: {new or 'on'}" if new is not None else f"{shown}: off"


def _properties(holder: Element | None) -> dict[str, str]:
    """Properties by name, each with what it says; "" for a plain switch."""
    found: dict[str, str] = {}
    for node in elements(holder) if holder is not None else ():
        name = local(node)
        if name not in _SILENT:
            said = val(node)
            if said is None:
                said = " ".join(f"{str(key).rpartition('}')[2]}={text!s}" for key, text in node.attrib.items())
            found[name] = {"0": "off", "false": "off", "1": "on", "true": "on"}.get(said, said)
    return found
