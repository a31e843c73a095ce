"""Which id a style has in this very file.

Word keeps the names of built-in styles in English but translates their ids when a template is saved by a Word in
another language ("Titre1" for "heading 1"). So styles are found by name, never by id.
"""

from __future__ import annotations

from typing import Final

from tasks.adapters.word.ooxml import child, val, w
from tasks.adapters.word.opc import Docx

#: What stands in where a coordinator has thrown a style out of a template.
_FALLBACK: Final = {"figure caption": "caption", "numbered paragraph": "body text", "guidance": "body text"}


class StyleNames:
    """The style ids of a document by style name; case does not count."""

    def __init__(self, docx: Docx) -> None:
        self._ids: dict[str, str] = {}
        self._numbering: dict[str, str] = {}
        part = docx.related(docx.main, "styles")
        if part is None:
            return
        for style in docx.tree(part).iterchildren(w("style")):
            name, ident = val(child(style, "name")), val(style, "styleId")
            if name and ident:
                self._ids.setdefault(name.lower(), ident)
                number = val(child(style, "pPr", "numPr", "numId"))
                if number:
                    self._numbering[name.lower()] = number

    def find(self, name: str) -> str | None:
        """The id of a style; its stand-in's or None where the document has no such style."""
        found = self._ids.get(name.lower())
        if found is None and name.lower() in _FALLBACK:
            return self.find(_FALLBACK[name.lower()])
        return found

    def numbering(self, name: str) -> str | None:
        """The id of the list that a style is linked to, or None."""
        return self._numbering.get(name.lower())
