"""Formatting of text that a file changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from tasks.domain.markup import At, Formatting, Mark, MarkKind
from tasks.domain.placing import SURE
from tasks.domain.proposals.ground import Ground, Proposal

_SWITCH: Final = re.compile(r"(bold|italic|underline): (on|off|single)")


@dataclass
class Looks:
    """The changes of formatting in a file."""

    ground: Ground

    def found(self) -> Iterator[Proposal]:
        """Formatting of text; the same on stretches that touch is one proposal."""
        last: tuple[Proposal, str] | None = None
        for mark, start, end in self._formatted():
            here = Proposal((mark.id,), None, None, start, end)
            if last and last[1] == f"{mark.author}|{mark.text}" and last[0].end == start:
                here = replace(last[0], marks=(*last[0].marks, mark.id), end=end)
            elif last:
                yield self._switched(last[0], last[1])
            last = here, f"{mark.author}|{mark.text}"
        if last:
            yield self._switched(last[0], last[1])

    def _formatted(self) -> Iterator[tuple[Mark, At, At]]:
        for paragraph in self.ground.alignment.returned.paragraphs:
            link, offset = self.ground.alignment.link_of(paragraph.index)
            if not link.draft or self.ground.alignment.certainty(link) < SURE:
                continue
            spans: dict[str, list[int]] = {}
            for piece, begin, end in paragraph.spans(offset):
                for id in piece.marks:
                    if id in self.ground.by_id and self.ground.by_id[id].kind is MarkKind.FORMATTING:
                        spans.setdefault(id, [begin, end])[1] = end
            for id, (first, last) in spans.items():
                if last > first:
                    yield self.ground.by_id[id], link.in_draft(first), link.in_draft(last, is_end=True)

    def _switched(self, proposal: Proposal, told: str) -> Proposal:
        assert proposal.start and proposal.end
        wanted = {name: state != "off" for name, state in _SWITCH.findall(told)}
        simple = bool(wanted) and told.count(": ") == len(wanted) and proposal.start < proposal.end
        change = Formatting(proposal.start, proposal.end, **wanted, marks=proposal.marks) if simple else None
        return replace(proposal, paragraph=proposal.start.paragraph, change=change)
