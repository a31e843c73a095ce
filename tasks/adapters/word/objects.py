"""Embedded objects cut out of a file that came in: a workbook, a drawing, whatever opens with another program.

Word shows an object by a picture. In `w:object` that is a VML shape beside `o:OLEObject`, or a drawing beside
`w:objectEmbed`; the shape and the drawing may stand in a run by themselves, and so they do afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from tasks.adapters.word.ooxml import Element, R, V, elements, local, w
from tasks.adapters.word.opc import Docx, Embedded, Relationship, rels_name

#: Relationships inside the package that lead to an embedded object.
_KINDS: Final = ("oleObject", "package")
_OLE_MARK: Final = "{urn:schemas-microsoft-com:office:office}ole"


def cut_objects(docx: Docx, is_data: Callable[[str, Relationship], bool]) -> list[Embedded]:
    """Take embedded objects out of `docx`, which stays a valid file; what was taken out, each object once.

    `is_data` tells the sheet behind a chart, which stays. What nothing in the text shows, or an element that is no
    object's, is left: it is for the door to refuse.
    """
    found: dict[str, Embedded] = {}
    for part in [part for part in docx.parts if rels_name(part) in docx.parts]:
        inside = {
            r.id: r
            for r in docx.relationships(part)
            if r.kind in _KINDS and not r.external and r.target in docx.parts and not is_data(part, r)
        }
        if not inside:
            continue
        root = docx.tree(part)
        cut: set[str] = set()
        for holder in [element for element in root.iter(w("object")) if element.getparent() is not None]:
            for embedded in list(_embedded(holder)):
                id = str(embedded.get(f"{{{R}}}id"))
                if id in inside:
                    cut.add(id)
                    target = inside[id].target
                    program = str(embedded.get("ProgID") or embedded.get(w("progId")) or "")
                    found[target] = Embedded(target, docx.parts[target], program)
                    holder.remove(embedded)
            if not any(True for _ in _embedded(holder)):
                _unwrap(holder)
        if cut:
            docx.write(part, root)
            docx.unrelate(part, cut)
    if found:
        docx.sweep()
    return [found[target] for target in sorted(found)]


def _embedded(holder: Element) -> Iterator[Element]:
    """The elements of a `w:object` that make it one."""
    return (element for element in elements(holder) if local(element) in ("OLEObject", "objectEmbed"))


def _unwrap(holder: Element) -> None:
    """Leave of an object what shows it: a drawing by itself, VML as a picture; nothing where there is no picture."""
    run = holder.getparent()
    assert run is not None
    drawings = [element for element in elements(holder) if element.tag == w("drawing")]
    if drawings:
        for drawing in drawings:
            holder.addprevious(drawing)
        run.remove(holder)
    elif next(holder.iter(f"{{{V}}}imagedata"), None) is not None:
        for shape in holder.iter(f"{{{V}}}shape"):
            shape.attrib.pop(_OLE_MARK, "")
        for name in ("dxaOrig", "dyaOrig"):  # of an object's size, which a picture does not have
            holder.attrib.pop(w(name), "")
        holder.tag = w("pict")
    else:
        run.remove(holder)
