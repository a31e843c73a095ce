"""Pictures of a body, scaled to the width of the text, with their caption as alternative text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.image.image import Image
from lxml import etree

from tasks.adapters.word.ooxml import WP, A, Element, R
from tasks.adapters.word.opc import OFFICE_REL, Docx
from tasks.adapters.word.writing import el, legal
from tasks.domain.errors import Invalid, Unknown
from tasks.domain.text import Figure

_PIC: Final = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9_-]+\.(png|jpe?g|gif|tiff?|bmp)")
_EMU_PER_TWIP: Final = 635
#: 12 cm: a higher picture would push its own text off the page. On a page turned round, where pictures are what the
#: page is for, 14 cm: the height of its text less a heading and the caption.
_HIGHEST: Final = 4_320_000
_HIGHEST_TURNED: Final = 5_040_000


class FigureWriter:
    """Writes figures into one document; the same picture is stored once."""

    def __init__(self, docx: Docx, images: Mapping[str, bytes], width: int, turned: bool = False) -> None:
        self._docx = docx
        self._images = images
        self._width = width * _EMU_PER_TWIP
        self._highest = _HIGHEST_TURNED if turned else _HIGHEST
        self._stored: dict[str, tuple[str, int, int]] = {}
        self._number = 0

    def write(self, figure: Figure) -> Element:
        """A run with the picture. Unknown where it is missing, Invalid where it is no picture."""
        ident, width, height = self._store(figure.image)
        self._number += 1
        run = el("r")
        drawing = etree.SubElement(run, el("drawing").tag)
        inline = _add(drawing, WP, "inline", distT="0", distB="0", distL="0", distR="0")
        _add(inline, WP, "extent", cx=str(width), cy=str(height))
        # Ids count on from a high number, so that they meet none of a template's own drawings.
        name = f"Figure {self._number}"
        _add(inline, WP, "docPr", id=str(5000 + self._number), name=name, descr=legal(figure.caption))
        frame = _add(_add(inline, WP, "cNvGraphicFramePr"), A, "graphicFrameLocks")
        frame.set("noChangeAspect", "1")
        data = _add(_add(inline, A, "graphic"), A, "graphicData", uri=_PIC)
        picture = _add(data, _PIC, "pic")
        about = _add(picture, _PIC, "nvPicPr")
        _add(about, _PIC, "cNvPr", id=str(5000 + self._number), name=figure.image)
        _add(about, _PIC, "cNvPicPr")
        fill = _add(picture, _PIC, "blipFill")
        _add(fill, A, "blip").set(f"{{{R}}}embed", ident)
        _add(_add(fill, A, "stretch"), A, "fillRect")
        shape = _add(picture, _PIC, "spPr")
        transform = _add(shape, A, "xfrm")
        _add(transform, A, "off", x="0", y="0")
        _add(transform, A, "ext", cx=str(width), cy=str(height))
        _add(_add(shape, A, "prstGeom", prst="rect"), A, "avLst")
        return run

    def _store(self, name: str) -> tuple[str, int, int]:
        if name in self._stored:
            return self._stored[name]
        data = self._images.get(name)
        if data is None:
            have = ", ".join(sorted(self._images)) or "none"
            raise Unknown(f"{self._docx.name}: the picture {name!r} is not there; there are: {have}")
        try:
            image = Image.from_blob(data)
        except (UnrecognizedImageError, InvalidImageStreamError, UnexpectedEndOfFileError) as error:
            raise Invalid(
                f"{self._docx.name}: {name!r} is no picture that Word can show; save it as PNG or JPEG"
            ) from error
        natural_width, natural_height = int(image.width), int(image.height)
        scale = min(1.0, self._width / natural_width, self._highest / natural_height)
        # Under its own name where that is a plain one, so that a reader of the document finds it again.
        part = self._docx.free_name(f"word/media/{name if _PLAIN_NAME.fullmatch(name) else f'image1.{image.ext}'}")
        self._docx.add(part, data, image.content_type)
        ident = self._docx.relate(self._docx.main, OFFICE_REL + "image", part)
        self._stored[name] = (ident, int(natural_width * scale), int(natural_height * scale))
        return self._stored[name]


def _add(parent: Element, namespace: str, tag: str, **attributes: str) -> Element:
    made = etree.SubElement(parent, f"{{{namespace}}}{tag}", nsmap={"a": A, "pic": _PIC, "wp": WP})
    for name, value in attributes.items():
        made.set(name, value)
    return made
