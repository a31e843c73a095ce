"""All proposals of a file together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tasks.domain.markup import Mark, MarkKind
from tasks.domain.placing import Alignment
from tasks.domain.proposals.formatting import Looks
from tasks.domain.proposals.ground import Ground, Proposal
from tasks.domain.proposals.rows import Rows
from tasks.domain.proposals.running import Running, joined


@dataclass(frozen=True)
class Proposals:
    """All proposals of a file, and the marks of what was changed with tracking off."""

    found: tuple[Proposal, ...]
    silent: tuple[Mark, ...]


def proposals_of(alignment: Alignment) -> Proposals:
    """Everything a returned file would change; each of its marks but comments is in exactly one proposal."""
    ground = Ground(alignment)
    rows = Rows(ground)
    # In this order: the marks of what was changed with tracking off are numbered as they are found.
    in_rows = [*rows.tracked(), *rows.silent()]
    running = Running(ground, rows)
    in_text = joined([proposal for link in alignment.links for proposal in running.of_link(link)])
    found = [*_each_once(in_text), *in_rows, *Looks(ground).found()]
    used = {mark for proposal in found for mark in proposal.marks}
    left = [m for m in alignment.returned.marks if m.kind is not MarkKind.COMMENT and m.id not in used]
    found += [ground.by_hand((mark.id,), mark.paragraphs[0] if mark.paragraphs else None) for mark in left]
    return Proposals(tuple(found), tuple(ground.silent))


def _each_once(proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """The proposals with each mark in one only: a note that goes with its mark is not taken out a second time."""
    seen: set[str] = set()
    for proposal in proposals:
        marks = tuple(mark for mark in proposal.marks if mark not in seen)
        seen.update(marks)
        if marks == proposal.marks:
            yield proposal
        elif marks:
            change = proposal.change
            yield replace(proposal, marks=marks, change=replace(change, marks=marks) if change else None)
