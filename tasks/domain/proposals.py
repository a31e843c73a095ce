"""What a returned file would change in the draft: its tracked changes, and those made with tracking off.

A file is two steps from the draft: what was changed with tracking off made its original text, what was tracked makes
its final one. Both are laid over the draft here. Changes that touch and are of one author are one proposal: a word
struck out and another put in its place, a paragraph put in from its first sign to its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from tasks.domain.markup import PARAGRAPH, At, Change, Edit, Formatting, Mark, MarkKind, Paragraph, RowEdit
from tasks.domain.placing import SURE, Alignment, Link
from tasks.domain.wordwise import Op

_PUT_IN: Final = (MarkKind.INSERTION, MarkKind.MOVED_TO, MarkKind.PARAGRAPH_INSERTED)
_TAKEN_OUT: Final = (MarkKind.DELETION, MarkKind.MOVED_FROM, MarkKind.PARAGRAPH_DELETED)
_ROWS: Final = (MarkKind.ROW_INSERTED, MarkKind.ROW_DELETED)
_SWITCH: Final = re.compile(r"(bold|italic|underline): (on|off|single)")
_CELL: Final = re.compile(r"(.*table \d+, row \d+), cell \d+")


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


@dataclass(frozen=True)
class Proposals:
    """All proposals of a file, and the marks of what was changed with tracking off."""

    found: tuple[Proposal, ...]
    silent: tuple[Mark, ...]


def proposals_of(alignment: Alignment) -> Proposals:
    """Everything a returned file would change; each of its marks but comments is in exactly one proposal."""
    finder = _Finder(alignment)
    found = finder.find()
    return Proposals(tuple(found), tuple(finder.silent))


@dataclass(frozen=True)
class _Event:
    """A tracked change: of the original text of a link, `start` to `end` gives way to `text`."""

    start: int
    end: int
    text: str
    marks: tuple[str, ...]
    author: str
    joins: bool = False  # the end of the paragraph goes


@dataclass(frozen=True)
class _Cell:
    """A change laid over the draft's text of a link."""

    start: int
    end: int
    text: str
    marks: tuple[str, ...]
    author: str
    joins: bool = False

    def followed_by(self, other: _Cell) -> bool:
        """Whether both are one proposal."""
        alike = self.author == other.author or not set(self.marks).isdisjoint(other.marks)
        return self.end == other.start and alike and not self.joins

    def plus(self, other: _Cell) -> _Cell:
        marks = tuple(dict.fromkeys([*self.marks, *other.marks]))
        return _Cell(self.start, other.end, self.text + other.text, marks, self.author or other.author, other.joins)


@dataclass
class _Finder:
    alignment: Alignment
    silent: list[Mark] = field(default_factory=list)

    @cached_property
    def _by_id(self) -> dict[str, Mark]:
        return self.alignment.returned.by_id

    def find(self) -> list[Proposal]:
        rows = [*self._rows(), *self._silent_rows()]
        running = [proposal for link in self.alignment.links for proposal in self._of_link(link)]
        found = [*_each_once(_joined(running)), *rows, *self._formatting()]
        used = {mark for proposal in found for mark in proposal.marks}
        left = [m for m in self.alignment.returned.marks if m.kind is not MarkKind.COMMENT and m.id not in used]
        return found + [self._by_hand((mark.id,), mark.paragraphs[0] if mark.paragraphs else None) for mark in left]

    # Running text

    def _of_link(self, link: Link) -> Iterator[Proposal]:
        if link.returned and link.returned[0].paragraphs[0].index in self._row_paragraphs:
            return
        if not link.returned:
            yield from self._taken_out(link)
        elif not link.draft:
            yield from self._put_in(link)
        else:
            sure = self.alignment.certainty(link) >= SURE
            for cell in _together(self._cells(link)):
                start, end = link.at(cell.start), link.at(cell.end)
                if cell.joins:
                    end = self._begin_of_next(end) or end
                edit = Edit(start, end, cell.text, cell.marks)
                yield Proposal(
                    cell.marks, start.paragraph if sure else None, None if sure else start.paragraph, start, end,
                    edit if sure else None, cell.text, cell.author,
                )  # fmt: skip
            if link.is_moved:
                yield self._moved(link)

    def _cells(self, link: Link) -> Iterator[_Cell | None]:
        """The changes of a link in the order of the draft's text; None for text that stays between them."""
        events = list(self._events(link))
        for number, op in enumerate(link.opcodes or (Op("equal", 0, 0, 0, 0),)):
            is_last = number >= len(link.opcodes) - 1
            mine, later = [], []
            for event in events:
                at_end = event.start == op.dest_end and event.start == event.end
                if event.start < op.dest_end or (at_end and (op.tag == "equal" or is_last)):
                    mine.append(replace(event, end=min(event.end, op.dest_end)))
                    if event.end > op.dest_end:
                        later.append(replace(event, start=op.dest_end, text=""))
                        mine[-1] = replace(mine[-1], joins=False)
                else:
                    later.append(event)
            events = later
            if op.tag == "equal":
                yield from self._over_equal(op, mine)
            else:
                marks = self._silent(link, op)
                text = _applied(link.returned_text[op.dest_start : op.dest_end], op.dest_start, mine)
                tracked = tuple(mark for event in mine for mark in event.marks)
                author = mine[0].author if mine else ""
                joins = any(event.joins for event in mine)
                yield _Cell(op.src_start, op.src_end, text, (*tracked, *marks), author, joins)

    def _over_equal(self, op: Op, events: Sequence[_Event]) -> Iterator[_Cell | None]:
        done = op.dest_start
        for event in events:
            if event.start > done:
                yield None
            shift = op.src_start - op.dest_start
            yield _Cell(event.start + shift, event.end + shift, event.text, event.marks, event.author, event.joins)
            done = max(done, event.end)
        if op.dest_end > done:
            yield None

    def _events(self, link: Link) -> Iterator[_Event]:
        """The tracked changes of a link's paragraphs in order."""
        begins = 0
        for unit in link.returned:
            for paragraph, start in zip(unit.paragraphs, unit.starts, strict=True):
                offset = begins + start + len(paragraph.original)
                for piece, first, last in paragraph.spans(begins + start):
                    if marks := self._changing(piece.marks):
                        text = "" if piece.is_deleted else piece.text
                        yield _Event(first, last, text, marks, self._by_id[marks[0]].author)
                put_in, taken_out = paragraph.mark_inserted, paragraph.mark_deleted
                if put_in:
                    text = "" if taken_out else PARAGRAPH
                    yield _Event(offset, offset, text, (put_in,), self._by_id[put_in].author)
                if taken_out:
                    is_inner = not put_in and link.returned[-1] is not unit
                    end = offset + 1 if is_inner else offset
                    joins = not put_in and not is_inner
                    yield _Event(offset, end, "", (taken_out,), self._by_id[taken_out].author, joins)
            begins += len(unit.text) + 1

    def _changing(self, marks: Sequence[str]) -> tuple[str, ...]:
        return tuple(mark for mark in marks if mark in self._by_id and self._by_id[mark].kind in _PUT_IN + _TAKEN_OUT)

    # Changed with tracking off

    def _silent(self, link: Link, op: Op) -> tuple[str, ...]:
        """The marks of one change: what went, and what came."""
        where = link.returned[0].paragraphs[0].index
        old = link.draft_text[op.src_start : op.src_end]
        new = link.returned_text[op.dest_start : op.dest_end]
        gone = (self._mark(MarkKind.DELETION, where, old),) if old else ()
        return gone + ((self._mark(MarkKind.INSERTION, where, new),) if new else ())

    def _put_in(self, link: Link) -> Iterator[Proposal]:
        """A paragraph that the draft does not have, with all that was changed in it since."""
        (unit,) = link.returned
        index = unit.paragraphs[0].index
        final = "".join(p.final + (PARAGRAPH if p.mark_inserted else "") for p in unit.paragraphs)
        events = list(self._events(link))
        marks = tuple(dict.fromkeys(mark for event in events for mark in event.marks))
        if not final.strip() and not marks:
            return
        silent = (self._mark(MarkKind.INSERTION, index, unit.text),) if unit.text.strip() else ()
        place = self._after(index)
        if place is None or not silent + marks:
            yield self._by_hand(marks + silent, index, final)
            return
        at, is_before = place
        text = final + PARAGRAPH if is_before else PARAGRAPH + final
        edit = Edit(at, at, text, marks + silent) if final else None
        yield Proposal(marks + silent, at.paragraph, None, at, at, edit, final)

    def _taken_out(self, link: Link) -> Iterator[Proposal]:
        (unit,) = link.draft
        if not unit.text.strip() or unit.index in self._row_drafts:
            return
        mark = self._mark(MarkKind.DELETION, None, unit.text)
        start, end = At(unit.index, 0), At(unit.index, len(unit.text))
        edit = Edit(start, self._begin_of_next(end) or end, "", (mark,))
        yield Proposal((mark,), unit.index, None, start, edit.end, edit)

    def _moved(self, link: Link) -> Proposal:
        """A paragraph that stands elsewhere now: for a person to move, since its place is among what may change too."""
        unit, index = link.draft[0], link.returned[0].paragraphs[0].index
        marks = (self._mark(MarkKind.MOVED_FROM, index, unit.text), self._mark(MarkKind.MOVED_TO, index, unit.text))
        return Proposal(marks, unit.index, None, At(unit.index, 0), At(unit.index, len(unit.text)), None)

    def _mark(self, kind: MarkKind, paragraph: int | None, text: str) -> str:
        id = f"silent/{len(self.silent) + 1}"
        touched = () if paragraph is None else (paragraph,)
        self.silent.append(Mark(id=id, kind=kind, paragraphs=touched, text=text, is_tracked=False))
        return id

    # Rows of tables

    @cached_property
    def _row_paragraphs(self) -> set[int]:
        """Returned paragraphs of rows that were put in, tracked or not."""
        found = {p for mark in self.alignment.returned.marks if mark.kind in _ROWS for p in mark.paragraphs}
        return found | {p.index for row in self._new_rows for p in row}

    @cached_property
    def _row_drafts(self) -> set[int]:
        """Paragraphs of the draft in rows that went with tracking off."""
        return {index for row in self._gone_rows for index in row}

    def _rows(self) -> Iterator[Proposal]:
        for mark in self.alignment.returned.marks:
            if mark.kind not in _ROWS or not mark.paragraphs:
                continue
            inside = [self.alignment.returned.paragraphs[index] for index in mark.paragraphs]
            marks = [mark.id]
            for paragraph in inside:
                ends = (paragraph.mark_inserted, paragraph.mark_deleted)
                marks += [id for piece in paragraph.pieces for id in self._changing(piece.marks)]
                marks += [id for id in ends if id]
            ids = tuple(dict.fromkeys(marks))
            if mark.kind is MarkKind.ROW_INSERTED:
                yield self._new_row(inside, ids)
            else:
                drafts = [self._draft_of(p.index) for p in inside]
                known = [index for index in drafts if index is not None]
                yield self._gone_row(known, ids) if known else self._by_hand(ids, inside[0].index)

    def _silent_rows(self) -> Iterator[Proposal]:
        for row in self._new_rows:
            text = "\t".join(paragraph.original for paragraph in row)
            yield self._new_row(row, (self._mark(MarkKind.ROW_INSERTED, row[0].index, text),))
        for indices in self._gone_rows:
            text = "\t".join(self.alignment.draft.paragraphs[index].original for index in indices)
            yield self._gone_row(indices, (self._mark(MarkKind.ROW_DELETED, None, text),))

    @cached_property
    def _new_rows(self) -> list[list[Paragraph]]:
        """Rows of the returned file none of whose paragraphs is in the draft, and that no mark put in."""
        marked = {p for m in self.alignment.returned.marks if m.kind is MarkKind.ROW_INSERTED for p in m.paragraphs}
        rows: dict[str, list[Paragraph]] = {}
        for paragraph in self.alignment.returned.paragraphs:
            if match := _CELL.fullmatch(paragraph.place):
                rows.setdefault(match[1], []).append(paragraph)
        return [
            row
            for row in rows.values()
            if all(self._draft_of(p.index) is None and p.index not in marked for p in row)
            and any(p.original.strip() for p in row)
        ]

    @cached_property
    def _gone_rows(self) -> list[list[int]]:
        rows: dict[str, list[int]] = {}
        for paragraph in self.alignment.draft.paragraphs:
            if match := _CELL.fullmatch(paragraph.place):
                rows.setdefault(match[1], []).append(paragraph.index)
        kept = {unit.index for link in self.alignment.links if link.returned for unit in link.draft}
        texts = self.alignment.draft.paragraphs
        return [r for r in rows.values() if kept.isdisjoint(r) and any(texts[i].original.strip() for i in r)]

    def _new_row(self, inside: Sequence[Paragraph], marks: tuple[str, ...]) -> Proposal:
        cells: dict[str, list[str]] = {}
        for paragraph in inside:
            cells.setdefault(paragraph.place, []).append(paragraph.final)
        texts = tuple(PARAGRAPH.join(lines) for lines in cells.values())
        table = inside[0].place.rpartition(", row ")[0]
        around = (
            range(inside[0].index - 1, -1, -1),
            range(inside[-1].index + 1, len(self.alignment.returned.paragraphs)),
        )
        for indices, is_before in zip(around, (False, True), strict=True):
            for index in indices:
                place = self.alignment.returned.paragraphs[index].place
                if not place.startswith(f"{table}, row "):
                    break
                draft = self._draft_of(index)
                if draft is not None:
                    at = At(draft, 0)
                    edit = RowEdit(draft, texts, is_before, marks)
                    return Proposal(marks, draft, None, at, at, edit, "\t".join(texts))
        return self._by_hand(marks, inside[0].index, "\t".join(texts))

    def _gone_row(self, indices: Sequence[int], marks: tuple[str, ...]) -> Proposal:
        last = self.alignment.draft.paragraphs[indices[-1]]
        return Proposal(
            marks, indices[0], None, At(indices[0], 0), At(last.index, len(last.original)),
            RowEdit(indices[0], None, marks=marks),
        )  # fmt: skip

    # Formatting, and what is left

    def _formatting(self) -> Iterator[Proposal]:
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
        for paragraph in self.alignment.returned.paragraphs:
            link, offset = self.alignment.link_of(paragraph.index)
            if not link.draft or self.alignment.certainty(link) < SURE:
                continue
            spans: dict[str, list[int]] = {}
            for piece, begin, end in paragraph.spans(offset):
                for id in piece.marks:
                    if id in self._by_id and self._by_id[id].kind is MarkKind.FORMATTING:
                        spans.setdefault(id, [begin, end])[1] = end
            for id, (first, last) in spans.items():
                if last > first:
                    yield self._by_id[id], link.in_draft(first), link.in_draft(last, is_end=True)

    def _switched(self, proposal: Proposal, told: str) -> Proposal:
        assert proposal.start and proposal.end
        wanted = {name: state != "off" for name, state in _SWITCH.findall(told)}
        simple = bool(wanted) and told.count(": ") == len(wanted) and proposal.start < proposal.end
        change = Formatting(proposal.start, proposal.end, **wanted, marks=proposal.marks) if simple else None
        return replace(proposal, paragraph=proposal.start.paragraph, change=change)

    def _by_hand(self, marks: tuple[str, ...], paragraph: int | None, text: str = "") -> Proposal:
        """A proposal that nobody but a person can make, at the likeliest place."""
        guess = None if paragraph is None else self._draft_of(paragraph)
        sure = False
        if paragraph is not None and guess is not None:
            sure = self.alignment.certainty(self.alignment.link_of(paragraph)[0]) >= SURE
        elif paragraph is not None and (before := self.alignment.before(paragraph)):
            guess = before.index
        return Proposal(marks, guess if sure else None, None if sure else guess, text=text)

    # Places

    def _draft_of(self, paragraph: int) -> int | None:
        """The draft's paragraph that a returned one is."""
        link, _ = self.alignment.link_of(paragraph)
        return link.draft[0].index if link.draft else None

    def _begin_of_next(self, end: At) -> At | None:
        """The beginning of the paragraph after one, in the same place."""
        paragraphs = self.alignment.draft.paragraphs
        here = paragraphs[end.paragraph]
        for other in paragraphs[end.paragraph + 1 :]:
            if (other.story, other.place, other.anchor) == (here.story, here.place, here.anchor):
                return At(other.index, 0)
            if other.story is here.story:
                return None
        return None

    def _after(self, paragraph: int) -> tuple[At, bool] | None:
        """Where in the draft a paragraph that it does not have would stand: after one, or before the first."""
        here = self.alignment.returned.paragraphs[paragraph]
        before = self.alignment.before(paragraph)
        if before is not None and before.place == here.place:
            return At(before.index, len(before.original)), False
        for index in range(paragraph + 1, len(self.alignment.returned.paragraphs)):
            other = self.alignment.returned.paragraphs[index]
            draft = self._draft_of(index)
            if draft is not None and (other.story, other.place) == (here.story, here.place):
                return At(draft, 0), True
        return None


def _together(cells: Iterator[_Cell | None]) -> list[_Cell]:
    """Cells that touch and belong together as one."""
    found: list[_Cell] = []
    touches = False
    for cell in cells:
        if cell is None:
            touches = False
        elif touches and found[-1].followed_by(cell):
            found[-1] = found[-1].plus(cell)
        else:
            found.append(cell)
        touches = cell is not None
    return found


def _applied(text: str, begins: int, events: Sequence[_Event]) -> str:
    """A stretch of original text that begins at `begins`, with the tracked changes in it made."""
    made, done = [], begins
    for event in events:
        made += [text[done - begins : event.start - begins], event.text]
        done = max(done, event.end)
    return "".join([*made, text[done - begins :]])


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


def _joined(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Proposals that go on from one paragraph into the next as one: paragraphs taken out in a row."""
    found: list[Proposal] = []
    for proposal in proposals:
        last = found[-1].change if found else None
        this = proposal.change
        if (
            isinstance(last, Edit) and isinstance(this, Edit) and last.end == this.start and last.end.offset == 0
            and last.start.paragraph < last.end.paragraph
            and found[-1].author == proposal.author
        ):  # fmt: skip
            edit = Edit(last.start, this.end, last.text + this.text, last.marks + this.marks)
            found[-1] = replace(found[-1], marks=edit.marks, end=edit.end, change=edit, text=edit.text)
        else:
            found.append(proposal)
    return found
