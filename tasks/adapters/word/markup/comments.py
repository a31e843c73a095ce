"""The comments part of a file, with the threads and the resolved state that newer programs keep beside it.

See docs/dev/analysis/comments.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from tasks.adapters.word.ooxml import Element, elements, local, val, w
from tasks.adapters.word.opc import Docx


@dataclass(frozen=True)
class Comment:
    """A comment as the comments part has it; `id` is Word's own, `reply_to` that of the comment it answers."""

    id: str
    author: str
    initials: str
    at: dt.datetime | None
    text: str
    reply_to: str | None
    is_resolved: bool


def read_comments(docx: Docx) -> list[Comment]:
    """Every comment of the file, in the order of its part."""
    part = docx.related(docx.main, "comments")
    if part is None:
        return []
    nodes = [node for node in elements(docx.tree(part)) if local(node) == "comment"]
    last = {val(node, "id") or "": _last_paragraph(node) for node in nodes}
    by_paragraph = {paragraph: id for id, paragraph in last.items() if paragraph}
    threads = {_attribute(entry, "paraId"): entry for entry in _entries(docx, "commentsExtended", "commentEx")}
    times = _times(docx)
    found = []
    for node in nodes:
        id = val(node, "id") or ""
        entry = threads.get(last[id])
        parent = _attribute(entry, "paraIdParent") if entry is not None else ""
        found.append(
            Comment(
                id=id,
                author=val(node, "author") or "",
                initials=val(node, "initials") or "",
                at=times.get(last[id]) or time_of(node),
                text=_text(node),
                reply_to=by_paragraph.get(parent) if parent else None,
                is_resolved=entry is not None and _attribute(entry, "done") in ("1", "true", "on"),
            )
        )
    return found


def time_of(node: Element) -> dt.datetime | None:
    """When a mark was made. Word writes the writer's clock and calls it UTC; a true UTC time beside it comes first."""
    return _instant(_attribute(node, "dateUtc")) or _instant(val(node, "date") or "")


def _instant(text: str) -> dt.datetime | None:
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)


def _text(comment: Element) -> str:
    lines = []
    for paragraph in comment.iter(w("p")):
        shown = (
            {"t": node.text or "", "tab": "\t"}.get(local(node), "\n")
            for node in paragraph.iter(w("t"), w("tab"), w("br"), w("cr"))
            if not any(local(above) in ("del", "moveFrom") for above in node.iterancestors())
        )
        lines.append("".join(shown))
    return "\n".join(lines).strip()


def _last_paragraph(comment: Element) -> str:
    """The id of a comment's last paragraph, by which threads name the comment."""
    paragraphs = [_attribute(paragraph, "paraId") for paragraph in comment.iter(w("p"))]
    return paragraphs[-1].upper() if paragraphs else ""


def _times(docx: Docx) -> dict[str, dt.datetime]:
    """The UTC times that the newest programs keep, by the id of a comment's last paragraph."""
    durable = {_attribute(e, "durableId"): _attribute(e, "paraId") for e in _entries(docx, "commentsIds", "commentId")}
    found = {}
    for entry in _entries(docx, "commentsExtensible", "commentExtensible"):
        at = _instant(_attribute(entry, "dateUtc"))
        if at is not None:
            found[durable.get(_attribute(entry, "durableId"), "")] = at
    return found


def _entries(docx: Docx, kind: str, tag: str) -> Iterator[Element]:
    """Entries of a part beside the comments, by local name: their namespaces have changed over the years."""
    part = docx.related(docx.main, kind)
    if part is not None:
        yield from (node for node in docx.tree(part).iter() if local(node) == tag)


def _attribute(node: Element, name: str) -> str:
    """An attribute by its local name; ids in capitals, as they are compared."""
    for key, value in node.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value).upper() if name.endswith(("Id", "IdParent")) else str(value)
    return ""
