"""What all proposals stand on: a file aligned with the draft, and the places of the one in the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from tasks.domain.markup import At, Change, Mark, MarkKind
from tasks.domain.placing import SURE, Alignment

_PUT_IN: Final = (MarkKind.INSERTION, MarkKind.MOVED_TO, MarkKind.PARAGRAPH_INSERTED)
_TAKEN_OUT: Final = (MarkKind.DELETION, MarkKind.MOVED_FROM, MarkKind.PARAGRAPH_DELETED)


@dataclass(frozen=True)
class Proposal:
    """One thing a file would change, by the marks that ask for it.

    `paragraph` is the index in the draft, None where nobody can tell; then `guess` is the likeliest. `start` and `end`
    are where in the draft it stands; `change` is None where a person has to make it, and `text` what it would put in.
    """

    marks: tuple[str, ...]
    paragraph: int | None
    guess: int | None
    start: At | None = None
    end: At | None = None
    change: Change | None = None
    text: str = ""
    author: str = ""


@dataclass
class Ground:
    """A returned file aligned with the draft; `silent` are the marks found for what was changed with tracking off."""

    alignment: Alignment
    silent: list[Mark] = field(default_factory=list)

    @cached_property
    def by_id(self) -> dict[str, Mark]:
        return self.alignment.returned.by_id

    def changing(self, marks: Sequence[str]) -> tuple[str, ...]:
        return tuple(mark for mark in marks if mark in self.by_id and self.by_id[mark].kind in _PUT_IN + _TAKEN_OUT)

    def mark(self, kind: MarkKind, paragraph: int | None, text: str) -> str:
        id = f"silent/{len(self.silent) + 1}"
        touched = () if paragraph is None else (paragraph,)
        self.silent.append(Mark(id=id, kind=kind, paragraphs=touched, text=text, is_tracked=False))
        return id

    def by_hand(self, marks: tuple[str, ...], paragraph: int | None, text: str = "") -> Proposal:
        """A proposal that nobody but a person can make, at the likeliest place."""
        guess = None if paragraph is None else self.draft_of(paragraph)
        sure = False
        if paragraph is not None and guess is not None:
            sure = self.alignment.certainty(self.alignment.link_of(paragraph)[0]) >= SURE
        elif paragraph is not None and (before := self.alignment.before(paragraph)):
            guess = before.index
        return Proposal(marks, guess if sure else None, None if sure else guess, text=text)

    def draft_of(self, paragraph: int) -> int | None:
        """The draft's paragraph that a returned one is."""
        link, _ = self.alignment.link_of(paragraph)
        return link.draft[0].index if link.draft else None

    def begin_of_next(self, end: At) -> At | None:
        """The beginning of the paragraph after one, in the same place."""
        paragraphs = self.alignment.draft.paragraphs
        here = paragraphs[end.paragraph]
        for other in paragraphs[end.paragraph + 1 :]:
            if (other.story, other.place, other.anchor) == (here.story, here.place, here.anchor):
                return At(other.index, 0)
            if other.story is here.story:
                return None
        return None

    def after(self, paragraph: int) -> tuple[At, bool] | None:
        """Where in the draft a paragraph that it does not have would stand: after one, or before the first."""
        here = self.alignment.returned.paragraphs[paragraph]
        before = self.alignment.before(paragraph)
        if before is not None and before.place == here.place:
            return At(before.index, len(before.original)), False
        for index in range(paragraph + 1, len(self.alignment.returned.paragraphs)):
            other = self.alignment.returned.paragraphs[index]
            draft = self.draft_of(index)
            if draft is not None and (other.story, other.place) == (here.story, here.place):
                return At(draft, 0), True
        return None
