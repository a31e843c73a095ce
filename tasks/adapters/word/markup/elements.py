"""Which elements of Word's XML are marks, by their local names. See docs/dev/analysis/revisions.md."""

from __future__ import annotations

from typing import Final

from tasks.adapters.word.ooxml import Element, is_element, local
from tasks.domain.markup import MarkKind

#: What holds text that was put in. Conflicts are what two people typed at the same time in a shared file.
PUT_IN: Final = {"ins": MarkKind.INSERTION, "moveTo": MarkKind.MOVED_TO, "conflictIns": MarkKind.INSERTION}
#: What holds text that was taken out.
TAKEN_OUT: Final = {"del": MarkKind.DELETION, "moveFrom": MarkKind.MOVED_FROM, "conflictDel": MarkKind.DELETION}
#: In these the same names mark the thing itself: a paragraph's end, a row, a number, a formula's sign.
PROPERTIES: Final = frozenset(("rPr", "pPr", "trPr", "tcPr", "tblPr", "numPr", "sectPr", "ctrlPr"))
#: Begin a stretch whose content is marked by itself.
MOVES: Final = frozenset(("moveFromRangeStart", "moveToRangeStart"))
_CELLS: Final = frozenset(("cellIns", "cellDel", "cellMerge"))


def is_change(node: Element) -> bool:
    """Whether a node is a change, or begins or ends a stretch that is one."""
    if not is_element(node):
        return False
    name = local(node)
    if name in PUT_IN or name in TAKEN_OUT or name in _CELLS or name.endswith(("PrChange", "PrExChange")):
        return True
    return name in ("tblGridChange", "numberingChange") or ("Range" in name and name.startswith(("move", "customXml")))
