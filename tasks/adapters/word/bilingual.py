"""The translator's table: read and written without python-docx, whose cells cost quadratic time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tasks.adapters.word.ooxml import Element
from tasks.adapters.word.opc import Docx, unpack

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def read_targets(docx: Docx) -> dict[str, str]:
    """Target text by segment: the third column of every table row, by the first; tracked deletions left out."""
    return {_text(cells[0]).strip(): _text(cells[2]) for cells in _rows(docx.tree(docx.main))}


def target_cells(root: Element) -> dict[str, Element]:
    """The cell of each target by segment, the last where a row stands twice."""
    return {_text(cells[0]).strip(): cells[2] for cells in _rows(root)}


def fill_targets(data: bytes, targets: Mapping[str, str]) -> bytes:
    """The bilingual file with `targets` in its third column, as a translator would leave it."""
    docx = unpack(data)
    root = docx.tree(docx.main)
    for cells in _rows(root):
        text = targets.get(_text(cells[0]).strip())
        if text is None:
            continue
        paragraph = next(cells[2].iterchildren(f"{{{_W}}}p"))
        for old in list(paragraph.iterchildren(f"{{{_W}}}r")):
            paragraph.remove(old)
        run = paragraph.makeelement(f"{{{_W}}}r")
        node = paragraph.makeelement(f"{{{_W}}}t")
        node.text = text
        node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run.append(node)
        paragraph.append(run)
    docx.write(docx.main, root)
    return docx.to_bytes()


def _rows(root: Element) -> Iterator[list[Element]]:
    for row in root.iter(f"{{{_W}}}tr"):
        cells = list(row.iterchildren(f"{{{_W}}}tc"))
        if len(cells) >= 3:
            yield cells


def _text(cell: Element) -> str:
    return "\n".join(
        "".join(str(node.text or "") for node in paragraph.iter(f"{{{_W}}}t")) for paragraph in cell.iter(f"{{{_W}}}p")
    )
