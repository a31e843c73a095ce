"""What stands around the text of a paper: its front, headers and footers, and the title in its properties.

A file of ours bears the body mark and says in its properties what it is: around its body the office puts words of its
own in every language, so there is nothing to translate. In any other file it belongs to the paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from tasks.adapters.word import identity
from tasks.adapters.word.body import BODY_MARK, Story
from tasks.adapters.word.ooxml import Element, R, val, w
from tasks.adapters.word.opc import Docx
from tasks.domain.codes import escape, tokens

_DC: Final = "{http://purl.org/dc/elements/1.1/}"
#: The properties that are text for readers, by the id of their segment.
_PROPERTIES: Final = {"prop.title": f"{_DC}title", "prop.subject": f"{_DC}subject"}


def is_ours(docx: Docx, story: Story) -> bool:
    """Whether a file has a front that the office makes. One of the signs will do: programs lose either."""
    is_marked = any(val(mark, "name") == BODY_MARK for mark in story.holder.iter(w("bookmarkStart")))
    return is_marked or identity.read(docx) is not None


def margins(docx: Docx, root: Element) -> Iterator[tuple[str, str]]:
    """(part, `header` or `footer`) of every header and footer in the order of the sections, each once."""
    parts = {each.id: (each.target, each.kind) for each in docx.relationships(docx.main) if each.target in docx.parts}
    seen: set[str] = set()
    for reference in root.iter(w("headerReference"), w("footerReference")):
        part, kind = parts.get(str(reference.get(f"{{{R}}}id")), ("", ""))
        if kind in ("header", "footer") and part not in seen:
            seen.add(part)
            yield part, kind


def properties(docx: Docx) -> dict[str, str]:
    """The properties with words in them as the text of segments, by id."""
    part = docx.related("", "core-properties")
    if part is None:
        return {}
    root = docx.tree(part)
    found = {id_: (root.findtext(name) or "").strip() for id_, name in _PROPERTIES.items()}
    return {id_: escape(text) for id_, text in found.items() if any(map(str.isalnum, text))}


def put_properties(docx: Docx, targets: Mapping[str, str]) -> None:
    """Put targets in the place of properties that the file has."""
    part = docx.related("", "core-properties")
    if part is None or not targets:
        return
    root = docx.tree(part)
    for id_, target in targets.items():
        found = root.find(_PROPERTIES[id_])
        if found is not None:
            found.text = "".join(token.text for token in tokens(target)).strip()
    docx.write(part, root)
