"""Which caption belongs to which table or figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tasks.adapters.word.inlines import Found
from tasks.domain.text import Block, Figure, Inline, Paragraph, Table, Text, plain


@dataclass(frozen=True)
class Caption:
    """A paragraph of style Caption; `sequence` is the counter of its automatic label, empty where it has none."""

    content: tuple[Inline, ...]
    sequence: str


Raw = Block | Caption


def attach(raw: Sequence[Raw]) -> list[Block]:
    """Blocks in which captions stand with what they name: a figure's after or before it, a table's before it.

    One that names nothing beside it stays an ordinary paragraph.
    """
    found: list[Block] = []
    waiting = ""
    captioned = -1  # the figure in `found` that has its caption
    for index, block in enumerate(raw):
        if isinstance(block, Caption):
            text = plain(block.content)
            after = raw[index + 1] if index + 1 < len(raw) else None
            last = found[-1] if found else None
            if isinstance(last, Figure) and captioned != len(found) - 1 and _may_name(block, "fig"):
                found[-1] = replace(last, caption=text)
                captioned = len(found) - 1
            elif isinstance(after, Table | Figure) and _may_name(block, "tab" if isinstance(after, Table) else "fig"):
                waiting = text
            else:
                found.append(Paragraph(block.content))
            continue
        if waiting and isinstance(block, Table | Figure):
            block = replace(block, caption=waiting)
            captioned = len(found)
        waiting = ""
        found.append(block)
    return found


def without_label(found: Found) -> list[Inline]:
    """A caption's content after its automatic `Table 1:`, which is written anew."""
    content = found.content[found.label_end :]
    while found.sequence and content and isinstance(content[0], Text):
        content[0] = replace(content[0], text=content[0].text.lstrip(" \u00a0\u202f\t.:–—-"))
        if content[0].text:
            break
        del content[0]
    return content


def _may_name(caption: Caption, kind: str) -> bool:
    """The counters of Word are Table and Figure, in most languages words that start alike; others say nothing."""
    other = {"fig": "tab", "tab": "fig"}[kind]
    return not caption.sequence.lower().startswith(other)
