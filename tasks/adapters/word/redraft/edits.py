"""Edits of running text made in the XML of a draft, tracked.

An end of a paragraph that goes is marked on the paragraph itself, so that it joins the next one, whose properties hold
then; one that comes belongs to a new paragraph before the old end. Where whole paragraphs come or go, those around them
keep their properties.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from tasks.adapters.word.markup.tree import following
from tasks.adapters.word.ooxml import Element, child, ensure, local, w
from tasks.adapters.word.redraft.passage import Passage
from tasks.adapters.word.redraft.pen import Pen, mark_end, properties_of
from tasks.adapters.word.redraft.places import NotPossible, Place, check_split, paragraph_of
from tasks.domain.markup import OBJECT, PARAGRAPH, At, Edit, Markup
from tasks.domain.redraft import ordered, trimmed


@dataclass(frozen=True)
class _Plan:
    """An edit, the paragraphs it goes through, those whose end goes, and as which change it was given."""

    edit: Edit
    given: Edit
    chain: tuple[int, ...]
    ends: tuple[int, ...]


class Editor:
    """Makes edits; the passages of a draft by index are shared with who makes other changes."""

    def __init__(self, draft: Markup, passages: Mapping[int, Passage], pen: Pen) -> None:
        self._draft = draft
        self._passages = passages
        self._pen = pen

    def make(self, edits: Iterable[Edit]) -> list[Edit]:
        """Make all of the edits that can be made; the others.

        From the end to the beginning, so that what was made stands behind what is to be made.
        """
        left: list[Edit] = []
        plans: list[_Plan] = []
        for given in ordered(edits):
            try:
                plans.append(self._plan(given))
            except NotPossible:
                left.append(given)
        starts = {plan.edit.start for plan in plans}
        plans = [replace(plan, ends=self._ends(plan, starts)) for plan in plans]
        ends = {index for plan in plans for index in plan.ends}
        for plan in reversed(plans):
            try:
                self._make(plan, ends)
            except NotPossible:
                left.append(plan.given)
        return left

    def _plan(self, given: Edit) -> _Plan:
        edit = trimmed(self._draft, given)
        if OBJECT in edit.text:
            raise NotPossible("it puts in what is no text")
        first, last = edit.start.paragraph, edit.end.paragraph
        here = self._draft.paragraphs[first]
        same = [
            p.index
            for p in self._draft.paragraphs[first : last + 1]
            if (p.story, p.place, p.anchor) == (here.story, here.place, here.anchor)
        ]
        if same[-1] != last:
            raise NotPossible("it goes from one place into another")
        for one, other in pairwise(same):
            if following(self._element(one)) is not self._element(other):
                raise NotPossible("something stands between its paragraphs")
            if child(self._element(one), "pPr", "sectPr") is not None:
                raise NotPossible("a section ends in it")
        return _Plan(edit, given, tuple(same), tuple(same[:-1]))

    def _make(self, plan: _Plan, ends: set[int]) -> None:
        edit, index = plan.edit, plan.edit.start.paragraph
        passage, lines = self._passages[index], edit.text.split(PARAGRAPH)
        if len(lines) > 1 and edit.start == edit.end:
            if edit.start.offset == 0 and not lines[-1]:
                self._put_before(index, lines[:-1])
                return
            if not lines[0] and index not in ends and self._is_at_end(edit.start):
                self._put_after(index, lines[1:])
                return
        look = passage.look(edit.start.offset, of_next=edit.start < edit.end)
        place = passage.place(edit.start.offset)
        runs = [self._passages[each].select(*self._stretch(edit, each)) for each in plan.chain]
        if len(lines) > 1 and (runs[0] or not place.is_within):
            check_split(runs[0][-1] if runs[0] else place.node)
        for number, each in enumerate(runs):
            mark = self._pen.delete(each)
            if mark is not None and number == 0:
                place = Place(mark)
        for end in plan.ends:
            mark_end(ensure(self._element(end), "pPr"), self._pen.mark("del"))
        self._put(passage, place, lines, look)

    def _put(self, passage: Passage, place: Place, lines: list[str], look: Element | None) -> None:
        """Put text in at a place, all but the last of the lines with an end of their own."""
        *before, last = lines
        if last:
            new = self._pen.inserted(last, look)
            place.put(new)
            place = Place(new, is_after=False)
        if not before:
            return
        model = passage.element
        rest = passage.head if place.is_within else paragraph_of(place.node)
        made = passage.split(place, properties_of(model, self._pen))
        if before[0]:
            made.append(self._pen.inserted(before[0], look))
        for line in before[1:]:
            rest.addprevious(self._paragraph(line, model, look))

    def _ends(self, plan: _Plan, starts: set[At]) -> tuple[int, ...]:
        """The paragraphs whose end goes. Where an edit begins and ends at ends, those after the first are meant: so the
        first keeps its properties. Nothing else may be put in at the last, it would come after that end."""
        edit = plan.edit
        last = self._element(edit.end.paragraph)
        is_whole = (
            len(plan.chain) > 1
            and PARAGRAPH not in edit.text
            and edit.start.offset == self._passages[edit.start.paragraph].length
            and edit.end.offset == self._passages[edit.end.paragraph].length
            and edit.end not in starts
            and following(last) is not None
            and child(last, "pPr", "sectPr") is None
        )
        return plan.chain[1:] if is_whole else plan.ends

    # Whole new paragraphs

    def _is_at_end(self, at: At) -> bool:
        """Whether a paragraph ends here and another one follows directly: new ones can stand before that."""
        element = self._element(at.paragraph)
        after = element.getnext()
        return (
            at.offset == self._passages[at.paragraph].length
            and after is not None
            and local(after) == "p"
            and child(element, "pPr", "sectPr") is None
        )

    def _put_before(self, index: int, lines: list[str]) -> None:
        passage, model = self._passages[index], self._model(index, -1)
        made = [self._paragraph(line, model.element, model.usual_look()) for line in lines]
        for new in made:
            passage.top.addprevious(new)
        passage.top = made[0]

    def _put_after(self, index: int, lines: list[str]) -> None:
        passage, model = self._passages[index], self._model(index, 1)
        before = passage.element.getnext() if passage.after is None else passage.after
        assert before is not None
        made = [self._paragraph(line, model.element, model.usual_look()) for line in lines]
        for new in made:
            before.addprevious(new)
        passage.after = made[0]

    def _model(self, index: int, step: int) -> Passage:
        """The paragraph that a new one beside another is like: that one, or beside a heading the neighbour there."""
        here = self._draft.paragraphs[index]
        other = index + step
        if here.level and 0 <= other < len(self._draft.paragraphs):
            beside = self._draft.paragraphs[other]
            if (beside.story, beside.place) == (here.story, here.place) and not beside.level:
                return self._passages[other]
        return self._passages[index]

    def _paragraph(self, text: str, model: Element, look: Element | None) -> Element:
        """A new paragraph like another, its end put in like its text."""
        made = model.makeelement(w("p"))
        made.append(properties_of(model, self._pen))
        if text:
            made.append(self._pen.inserted(text, look))
        return made

    def _element(self, index: int) -> Element:
        return self._passages[index].element

    def _stretch(self, edit: Edit, index: int) -> tuple[int, int]:
        """What of a paragraph goes."""
        start = edit.start.offset if index == edit.start.paragraph else 0
        return start, edit.end.offset if index == edit.end.paragraph else self._passages[index].length
