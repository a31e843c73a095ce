"""Threads in files that do not name them: Google Docs and older LibreOffice tie each reply to the text of its comment.

See docs/dev/analysis/programs.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from tasks.adapters.word.markup.comments import Comment
from tasks.adapters.word.opc import Docx

#: What Google Docs writes as a comment when a thread is closed, and when it is opened again.
_STATES: Final = {"_Marked as resolved_": True, "_Re-opened_": False}


def thread(docx: Docx, comments: list[Comment], span: Callable[[str], object]) -> list[Comment]:
    """The comments, those tied to the very text of an earlier one as its replies.

    Word itself names every thread: in a file of Word's two comments on the same words are two. `span` is what a
    comment's range covers, None where it covers nothing.
    """
    if _is_words_own(docx):
        return comments
    first: dict[object, Comment] = {}
    resolved: dict[str, bool] = {}
    found = []
    for comment in comments:
        place = span(comment.id)
        above = first.setdefault(place, comment) if place is not None else comment
        if above is not comment and not comment.is_known and comment.reply_to is None:
            comment = replace(comment, reply_to=above.key)
            if comment.text in _STATES:
                resolved[above.key] = _STATES[comment.text]
        found.append(comment)
    return [replace(c, is_resolved=resolved.get(c.key, c.is_resolved)) for c in found]


def _is_words_own(docx: Docx) -> bool:
    part = docx.related("", "extended-properties")
    return part is not None and b">Microsoft" in docx.parts[part]
