"""What a translator's file says, in whatever form it went out."""

from __future__ import annotations

from tasks.adapters.contents import Content, XliffFile
from tasks.adapters.word import bilingual


def targets_in(content: Content) -> dict[str, str]:
    """Target text by segment: from the table of a Word file, whatever stands around it, or from the rows of XLIFF."""
    if isinstance(content, XliffFile):
        return {row.id: row.target for row in content.rows}
    return bilingual.read_targets(content)
