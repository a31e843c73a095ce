"""The comments part of a file, with the threads and the resolved state that newer programs keep beside it.

See docs/dev/analysis/comments.md.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tasks.adapters.word.markup.anchors import comment_key
from tasks.adapters.word.markup.atoms import text_of_atom
from tasks.adapters.word.ooxml import Element, elements, local, val, w
from tasks.adapters.word.opc import Docx


@dataclass(frozen=True)
class Comment:
    """A comment as its part has it: `id` is Word's own, `key` its mark's, `reply_to` that of the one it answers.

    `is_known` where the file says of it whether it answers another.
    """

    key: str
    id: str
    author: str
    initials: str
    at: dt.datetime | None
    text: str
    reply_to: str | None
    is_resolved: bool
    is_known: bool


def read_comments(docx: Docx) -> list[Comment]:
    """Every comment of the file, in the order of its part."""
    part = docx.related(docx.main, "comments")
    if part is None:
        return []
    nodes = [node for node in elements(docx.tree(part)) if local(node) == "comment"]
    last = [_last_paragraph(node) for node in nodes]
    keys = list(_keys(val(node, "id") or "" for node in nodes))
    by_paragraph = {paragraph: key for paragraph, key in zip(last, keys, strict=True) if paragraph}
    threads = {_attribute(entry, "paraId"): entry for entry in _entries(docx, "commentsExtended", "commentEx")}
    times = _times(docx)
    found = []
    for node, key, paragraph in zip(nodes, keys, last, strict=True):
        entry = threads.get(paragraph)
        parent = by_paragraph.get(_attribute(entry, "paraIdParent")) if entry is not None else None
        found.append(
            Comment(
                key=key,
                id=val(node, "id") or "",
                author=val(node, "author") or "",
                initials=val(node, "initials") or "",
                at=times.get(paragraph) or time_of(node),
                text=_text(node),
                reply_to=parent if parent != key else None,
                is_resolved=entry is not None and _attribute(entry, "done") in ("1", "true", "on"),
                is_known=entry is not None,
            )
        )
    return found


def _keys(ids: Iterable[str]) -> Iterator[str]:
    used: Counter[str] = Counter()
    for id in ids:
        used[id] += 1
        yield comment_key(id) if used[id] == 1 else f"{comment_key(id)}~{used[id]}"


def time_of(node: Element) -> dt.datetime | None:
    """When a mark was made. Word writes the writer's clock and calls it UTC; a true UTC time beside it comes first."""
    return _instant(_attribute(node, "dateUtc")) or _instant(val(node, "date") or "")


def _instant(text: str) -> dt.datetime | None:
    try:
        at = dt.datetime.fromisoformat(text)
        return at.astimezone(dt.UTC) if at.tzinfo else at.replace(tzinfo=dt.UTC)
    except (ValueError, OverflowError):
        return None


def _text(comment: Element) -> str:
    """What a comment says, a line for each paragraph."""
    lines = (
        "".join(text_of_atom(node) for run in paragraph.iter(w("r")) if not _is_gone(run) for node in elements(run))
        for paragraph in comment.iter(w("p"))
    )
    return "\n".join(lines).strip()


def _is_gone(run: Element) -> bool:
    return next(run.iterancestors(*(w(tag) for tag in ("del", "moveFrom"))), None) is not None


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
