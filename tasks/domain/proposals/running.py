"""Changes of running text, tracked or not, laid over the draft; those that touch as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tasks.domain.markup import PARAGRAPH, At, Edit, MarkKind
from tasks.domain.placing import SURE, Link
from tasks.domain.proposals.ground import Ground, Proposal
from tasks.domain.proposals.rows import Rows
from tasks.domain.wordwise import Op


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
class Running:
    """The running text of a file, without what stands in rows that came or went."""

    ground: Ground
    rows: Rows

    def of_link(self, link: Link) -> Iterator[Proposal]:
        if link.returned and link.returned[0].paragraphs[0].index in self.rows.paragraphs:
            return
        if not link.returned:
            yield from self._taken_out(link)
        elif not link.draft:
            yield from self._put_in(link)
        else:
            sure = self.ground.alignment.certainty(link) >= SURE
            for cell in _together(self._cells(link)):
                start, end = link.at(cell.start), link.at(cell.end)
                if cell.joins:
                    end = self.ground.begin_of_next(end) or end
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
                    if marks := self.ground.changing(piece.marks):
                        text = "" if piece.is_deleted else piece.text
                        yield _Event(first, last, text, marks, self.ground.by_id[marks[0]].author)
                put_in, taken_out = paragraph.mark_inserted, paragraph.mark_deleted
                if put_in:
                    text = "" if taken_out else PARAGRAPH
                    yield _Event(offset, offset, text, (put_in,), self.ground.by_id[put_in].author)
                if taken_out:
                    is_inner = not put_in and link.returned[-1] is not unit
                    end = offset + 1 if is_inner else offset
                    joins = not put_in and not is_inner
                    yield _Event(offset, end, "", (taken_out,), self.ground.by_id[taken_out].author, joins)
            begins += len(unit.text) + 1

    def _silent(self, link: Link, op: Op) -> tuple[str, ...]:
        """The marks of one change: what went, and what came."""
        where = link.returned[0].paragraphs[0].index
        old = link.draft_text[op.src_start : op.src_end]
        new = link.returned_text[op.dest_start : op.dest_end]
        gone = (self.ground.mark(MarkKind.DELETION, where, old),) if old else ()
        return gone + ((self.ground.mark(MarkKind.INSERTION, where, new),) if new else ())

    def _put_in(self, link: Link) -> Iterator[Proposal]:
        """A paragraph that the draft does not have, with all that was changed in it since."""
        (unit,) = link.returned
        index = unit.paragraphs[0].index
        final = "".join(p.final + (PARAGRAPH if p.mark_inserted else "") for p in unit.paragraphs)
        events = list(self._events(link))
        marks = tuple(dict.fromkeys(mark for event in events for mark in event.marks))
        if not final.strip() and not marks:
            return
        silent = (self.ground.mark(MarkKind.INSERTION, index, unit.text),) if unit.text.strip() else ()
        place = self.ground.after(index)
        if place is None or not silent + marks:
            yield self.ground.by_hand(marks + silent, index, final)
            return
        at, is_before = place
        text = final + PARAGRAPH if is_before else PARAGRAPH + final
        edit = Edit(at, at, text, marks + silent) if final else None
        yield Proposal(marks + silent, at.paragraph, None, at, at, edit, final)

    def _taken_out(self, link: Link) -> Iterator[Proposal]:
        (unit,) = link.draft
        if not unit.text.strip() or unit.index in self.rows.drafts:
            return
        mark = self.ground.mark(MarkKind.DELETION, None, unit.text)
        start, end = At(unit.index, 0), At(unit.index, len(unit.text))
        edit = Edit(start, self.ground.begin_of_next(end) or end, "", (mark,))
        yield Proposal((mark,), unit.index, None, start, edit.end, edit)

    def _moved(self, link: Link) -> Proposal:
        """A paragraph that stands elsewhere now: for a person to move, since its place is among what may change too."""
        unit, index = link.draft[0], link.returned[0].paragraphs[0].index
        marks = (
            self.ground.mark(MarkKind.MOVED_FROM, index, unit.text),
            self.ground.mark(MarkKind.MOVED_TO, index, unit.text),
        )
        return Proposal(marks, unit.index, None, At(unit.index, 0), At(unit.index, len(unit.text)), None)


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


def joined(proposals: Sequence[Proposal]) -> list[Proposal]:
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
