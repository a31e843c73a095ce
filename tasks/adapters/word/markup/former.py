"""Changes of formatting undone, or made for good: each keeps the properties that were there before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tasks.adapters.word.ooxml import Element, child, elements, local, remove, val, w

_MARKS: Final = ("ins", "del", "moveFrom", "moveTo")
#: What a former set of properties leaves alone: it was never part of it.
_KEPT: Final = {
    "pPr": ("rPr", "sectPr"),
    "rPr": _MARKS,
    "trPr": _MARKS,
    "tcPr": ("cellIns", "cellDel", "cellMerge"),
    "sectPr": ("headerReference", "footerReference"),
}
#: Stand before the others in their parent.
_FIRST: Final = ("headerReference", "footerReference", *_MARKS)
_MERGED: Final = {"rest": "restart", "cont": "continue"}
#: Stand before vMerge in a cell's properties.
_BEFORE_MERGE: Final = ("cnfStyle", "tcW", "gridSpan", "hMerge")


def resolve_formatting(changes: Iterable[Element], *, accept: bool) -> None:
    """Take the changes of formatting out of a tree; with the former properties put back unless they are accepted."""
    for change in changes:
        holder, name = change.getparent(), local(change)
        if holder is None:
            continue
        if name.endswith("Change"):
            if not accept and name != "numberingChange":
                _restore(holder, change)
            remove(change)
        elif name == "cellMerge":
            _merge(holder, val(change, "vMerge" if accept else "vMergeOrig"))
            remove(change)
        elif local(holder) == "numPr":
            # The mark says that the paragraph came to be in a list; it may be the only thing the list's place has.
            remove(change if accept else holder)


def _restore(holder: Element, change: Element) -> None:
    kept = _KEPT.get(local(holder), ())
    for node in [n for n in elements(holder) if local(n) not in kept and n is not change]:
        holder.remove(node)
    former = next(elements(change), None)
    place = sum(local(node) in _FIRST for node in elements(holder))
    for node in reversed(list(elements(former))) if former is not None else ():
        holder.insert(place, node)


def _merge(properties: Element, value: str | None) -> None:
    """Say in a cell's properties how it is joined with the one above."""
    present = child(properties, "vMerge")
    if present is not None:
        remove(present)
    if value in _MERGED:
        made = properties.makeelement(w("vMerge"), {w("val"): _MERGED[value]})
        properties.insert(sum(local(node) in _BEFORE_MERGE for node in elements(properties)), made)
