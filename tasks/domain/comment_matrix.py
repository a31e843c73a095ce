"""The comments of a round as rows of one matrix: who says what about which passage, and what it would change.

    rows = compile_matrix(draft, [Returned("ghana", sha256, read_markup(docx)), ...])
    undecided(rows, {rows[0].id: Disposition.ACCEPTED})          the rows nobody has decided on
    accepted_changes(rows, decided).changes                      what can be made by a program

Every mark of every file is in exactly one row; a row may join several: a thread of comments, a comment and the change
it is tied to, the same change proposed by several bodies. Rows are known by what they say, so that a decision holds
when the matrix is compiled anew with a file more.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, Literal

from rapidfuzz.distance import OSA

from tasks.domain.mail_comments import comments_in, rows_in
from tasks.domain.markup import (
    PARAGRAPH,
    At,
    Change,
    Edit,
    Formatting,
    Mark,
    MarkKind,
    Markup,
    Piece,
    RowEdit,
    Story,
    text_between,
)  # fmt: skip
from tasks.domain.placing import SURE, Alignment, align, carried
from tasks.domain.proposals import Proposal, proposals_of

#: A passage is shown with the sentence it stands in, up to so many signs on each side.
_AROUND: Final = 240
_SENTENCE_END: Final = re.compile(r"[.!?…。！？؟](?:[”’»\")\]]*)\s+")
#: A slip of the pen changes one sign of a word at least this long.
_LONG_WORD: Final = 4
Source = Literal["file", "mail", "table"]


class Kind(StrEnum):
    """What a comment is about: the paper as a whole, what it says, or only how it says it."""

    GENERAL = "general"
    SUBSTANTIVE = "substantive"
    EDITORIAL = "editorial"


class Disposition(StrEnum):
    """What the team decides on a row. Not accepting one wants a reason."""

    ACCEPTED = "accepted"
    ACCEPTED_WITH_CHANGES = "accepted-with-changes"
    PARTLY = "partly"
    NOT_ACCEPTED = "not-accepted"
    NOTED = "noted"


@dataclass(frozen=True)
class MarkRef:
    """A mark by the body that made it, the hash of its file or text, and its id there."""

    body: str
    source: str
    mark: str


@dataclass(frozen=True)
class Said:
    """A comment; `reply_to` is the place in the row's comments of the one it answers."""

    body: str
    author: str
    at: dt.datetime | None
    text: str
    reply_to: int | None = None
    is_resolved: bool = False
    source: Source = "file"


@dataclass(frozen=True)
class Row:
    """One row of the matrix.

    `paragraph` is the index in the draft, None where it is to be placed by a person; then `guess` is the likeliest, or
    None where the comment is on the paper as a whole. `number` is the paragraph number a reader sees there. `proposal`
    shows the passage with what would change, `changes` would make it; without them it is made by hand.
    """

    id: str
    bodies: tuple[str, ...]
    paragraph: int | None
    number: int | None
    guess: int | None
    kind: Kind
    passage: str
    comments: tuple[Said, ...]
    proposal: tuple[Piece, ...]
    changes: tuple[Change, ...]
    is_tracked: bool
    marks: tuple[MarkRef, ...]
    same_passage: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Returned:
    """A copy of the draft that came back."""

    body: str
    source: str
    markup: Markup


@dataclass(frozen=True)
class Spoken:
    """Comments that came as text, in a mail or a file without the draft."""

    body: str
    source: str
    author: str
    at: dt.datetime | None
    text: str


@dataclass(frozen=True)
class Filled:
    """Comments that came in a table; its first row may be headings."""

    body: str
    source: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Accepted:
    """What the accepted rows ask for: rows whose changes can all be made together, rows that contradict each other, and
    rows that a person has to see to."""

    rows: tuple[Row, ...]
    conflicts: tuple[tuple[Row, ...], ...]
    by_hand: tuple[Row, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes of the rows."""
        return tuple(change for row in self.rows for change in row.changes)


@dataclass(frozen=True)
class Figures:
    """Rows by body and kind, and by the draft's paragraph."""

    by_body: Mapping[str, Mapping[str, int]]
    by_paragraph: Mapping[int, int]


@dataclass
class _Entry:
    """A row while it is made; `also` are further passages, as of a move's other half."""

    paragraph: int | None
    guess: int | None
    start: At | None = None
    end: At | None = None
    also: list[tuple[At, At]] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    marks: list[MarkRef] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    quote: str = ""
    is_tracked: bool = True
    is_formatting: bool = False


def compile_matrix(
    draft: Markup,
    returned: Sequence[Returned],
    spoken: Sequence[Spoken] = (),
    filled: Sequence[Filled] = (),
    earlier: Markup | None = None,
) -> tuple[Row, ...]:
    """All comments on a draft, in the order of its paragraphs; whatever the order of the files, the same rows.

    A copy that is more like the version before, `earlier`, was made of that one; what it says is carried over.
    """
    entries: list[_Entry] = []
    for each in sorted(returned, key=lambda each: (each.body, each.source)):
        entries += _of_file(draft, earlier, each)
    numbers = draft.numbered
    for said in sorted(spoken, key=lambda each: (each.body, each.source)):
        entries += _of_text(numbers, said)
    for table in sorted(filled, key=lambda each: (each.body, each.source)):
        entries += _of_table(numbers, table)
    rows = [_row(draft, entry) for entry in _without_twins(entries)]
    rows.sort(key=lambda row: (_order(row), row.kind, row.bodies, row.id))
    return tuple(_related(draft, _with_own_ids(rows)))


def undecided(rows: Iterable[Row], decided: Container[str]) -> tuple[Row, ...]:
    """The rows that nobody has decided on."""
    return tuple(row for row in rows if row.id not in decided)


def accepted_changes(rows: Sequence[Row], decided: Mapping[str, Disposition]) -> Accepted:
    """What follows from the decisions for the next draft."""
    accepted = {row.id: row for row in rows if decided.get(row.id) is Disposition.ACCEPTED}
    partly = (Disposition.ACCEPTED_WITH_CHANGES, Disposition.PARTLY)
    by_hand = [row for row in rows if decided.get(row.id) in partly or (row.id in accepted and not row.changes)]
    conflicts: list[tuple[Row, ...]] = []
    seen: set[str] = set()
    found: list[Row] = []
    for row in rows:
        if row.id not in accepted or not row.changes or row.id in seen:
            continue
        together, waiting = [], [row.id]
        while waiting:
            id = waiting.pop()
            if id not in seen and id in accepted:
                seen.add(id)
                together.append(accepted[id])
                waiting += accepted[id].conflicts
        if len(together) > 1:
            conflicts.append(tuple(sorted(together, key=rows.index)))
        else:
            found.append(row)
    return Accepted(tuple(found), tuple(conflicts), tuple(by_hand))


def figures(rows: Iterable[Row]) -> Figures:
    """How many rows each body has of each kind, and each paragraph of the draft."""
    by_body: dict[str, Counter[str]] = defaultdict(Counter)
    by_paragraph: Counter[int] = Counter()
    for row in rows:
        for body in row.bodies:
            by_body[body][row.kind.value] += 1
        place = row.paragraph if row.paragraph is not None else row.guess
        if place is not None:
            by_paragraph[place] += 1
    return Figures(by_body, by_paragraph)


# Entries: what one file, text or table has to say


def _of_file(draft: Markup, earlier: Markup | None, file: Returned) -> list[_Entry]:
    alignment, base = align(draft, file.markup), draft
    if earlier is not None:
        older = align(earlier, file.markup)
        if older.exact > alignment.exact:
            alignment, base = older, earlier
    found = proposals_of(alignment)
    marks = {mark.id: mark for mark in (*file.markup.marks, *found.silent)}
    entries = [_proposed(file, proposal, marks) for proposal in found.found]
    for thread in _threads(file.markup):
        entry = _commented(file, alignment, thread)
        joined = _tied_to(file.markup, thread, entries)
        if joined is None or entry.paragraph != joined.paragraph:
            entries.append(entry)
        else:
            _join(joined, entry)
    if base is not draft:
        since = align(base, draft)
        entries = [_carried(since, entry) for entry in entries]
    return _with_moves(entries, marks)


def _join(proposed: _Entry, comment: _Entry) -> None:
    """Add a comment to the change it is tied to; the passage is that of both."""
    _add_said(proposed, comment)
    proposed.marks += comment.marks
    if proposed.start and proposed.end and comment.start and comment.end:
        proposed.start, proposed.end = min(proposed.start, comment.start), max(proposed.end, comment.end)


def _proposed(file: Returned, proposal: Proposal, marks: Mapping[str, Mark]) -> _Entry:
    own = [marks[id] for id in proposal.marks]
    entry = _Entry(proposal.paragraph, proposal.guess, proposal.start, proposal.end)
    entry.marks = [MarkRef(file.body, file.source, mark.id) for mark in own]
    entry.is_tracked = all(mark.is_tracked for mark in own)
    if proposal.change is not None:
        entry.changes = [proposal.change]
    entry.is_formatting = all(mark.kind is MarkKind.FORMATTING for mark in own)
    if entry.is_formatting:
        texts = dict.fromkeys((mark.author, mark.at, mark.text) for mark in own)
        entry.said = [Said(file.body, author, at, f"[{text}]") for author, at, text in texts]
        entry.quote = "".join(mark.quote for mark in own)
    elif proposal.change is None:
        gone = "".join(m.text for m in own if m.kind in (MarkKind.DELETION, MarkKind.MOVED_FROM, MarkKind.ROW_DELETED))
        come = proposal.text or "".join(m.text for m in own if m.kind is MarkKind.MOVED_TO)
        entry.pieces = [Piece(text, inserted, not inserted) for text, inserted in ((gone, False), (come, True)) if text]
    return entry


def _with_moves(entries: list[_Entry], marks: Mapping[str, Mark]) -> list[_Entry]:
    """Both halves of a move in one entry, where a program can make both; else each stands in its own place."""
    left: dict[tuple[str, str], _Entry] = {}
    kept: list[_Entry] = []
    for entry in entries:
        kinds = {marks[ref.mark].kind for ref in entry.marks}
        text = "".join(
            marks[ref.mark].text for ref in entry.marks
            if marks[ref.mark].kind in (MarkKind.MOVED_FROM, MarkKind.MOVED_TO)
        )  # fmt: skip
        if not entry.changes or not kinds & {MarkKind.MOVED_FROM, MarkKind.MOVED_TO} or not text.strip():
            kept.append(entry)
            continue
        key = (marks[entry.marks[0].mark].author, text)
        other = left.pop(key, None)
        if other is None:
            left[key] = entry
            kept.append(entry)
        else:
            other.marks += entry.marks
            other.changes += entry.changes
            other.is_tracked = other.is_tracked and entry.is_tracked
            other.also += [(entry.start, entry.end)] if entry.start and entry.end else []
            _add_said(other, entry)
    return kept


def _threads(markup: Markup) -> list[list[Mark]]:
    """Comments with the replies to them, in the order of the file."""
    comments = {mark.id: mark for mark in markup.marks if mark.kind is MarkKind.COMMENT}
    found: dict[str, list[Mark]] = {}
    for mark in comments.values():
        root, seen = mark, {mark.id}
        while root.reply_to in comments and root.reply_to not in seen:
            seen.add(str(root.reply_to))
            root = comments[str(root.reply_to)]
        found.setdefault(root.id, []).append(mark)
    return [sorted(thread, key=lambda mark: mark.id != root) for root, thread in found.items()]


def _commented(file: Returned, alignment: Alignment, thread: Sequence[Mark]) -> _Entry:
    places = {mark.id: number for number, mark in enumerate(thread)}
    entry = _Entry(None, None, quote=next((mark.quote for mark in thread if mark.quote), ""))
    for mark in thread:
        reply = places.get(mark.reply_to) if mark.reply_to else None
        entry.said.append(Said(file.body, mark.author, mark.at, mark.text, reply, mark.is_resolved))
        entry.marks.append(MarkRef(file.body, file.source, mark.id))
    touched = next((mark.paragraphs for mark in thread if mark.paragraphs), ())
    if not touched:
        return entry
    ids = {mark.id for mark in thread}
    link, _ = alignment.link_of(touched[0])
    # A paragraph that was moved into the range from elsewhere would stretch it as far as there.
    near = [index for index in touched if index == touched[0] or not alignment.link_of(index)[0].is_moved]
    spans = [span for index in near if (span := _span(alignment, index, ids))]
    if spans and link.draft:
        entry.start, entry.end = min(span[0] for span in spans), max(span[1] for span in spans)
        if alignment.certainty(link) >= SURE:
            entry.paragraph = entry.start.paragraph
        else:
            entry.guess = entry.start.paragraph
    elif (before := alignment.before(touched[0])) is not None:
        # In a paragraph that the draft does not have: it stands after one that it has.
        entry.paragraph = before.index
    return entry


def _span(alignment: Alignment, index: int, ids: set[str]) -> tuple[At, At] | None:
    """Where in the draft the text of a returned paragraph stands that one of these comments is tied to."""
    link, offset = alignment.link_of(index)
    if not link.draft:
        return None
    paragraph = alignment.returned.paragraphs[index]
    tied = [(begin, end) for piece, begin, end in paragraph.spans(offset) if not ids.isdisjoint(piece.marks)]
    # Tied to a place without text: the paragraph as a whole.
    begin, end = (tied[0][0], tied[-1][1]) if tied else (offset, offset + len(paragraph.original))
    return link.in_draft(begin), link.in_draft(end, is_end=True)


def _tied_to(markup: Markup, thread: Sequence[Mark], entries: Sequence[_Entry]) -> _Entry | None:
    """The one proposal of the file whose text a comment is tied to."""
    ids = {mark.id for mark in thread}
    beside = {
        id
        for mark in thread
        for index in mark.paragraphs
        for piece in markup.paragraphs[index].pieces
        if not ids.isdisjoint(piece.marks)
        for id in piece.marks
    }
    found = [each for each in entries if any(ref.mark in beside - ids for ref in each.marks)]
    return found[0] if len(found) == 1 and not found[0].is_formatting else None


def _carried(since: Alignment, entry: _Entry) -> _Entry:
    """What was said of the version before, said of this one; a change only where its text is still the same."""
    base = since.draft
    start = carried(since, entry.start) if entry.start else None
    end = carried(since, entry.end) if entry.end else None
    place = entry.paragraph if entry.paragraph is not None else entry.guess
    became = since.became[place] if place is not None else ()
    new = start.paragraph if start else next(iter(became or _kept_before(since, place)), None)
    is_sure = entry.paragraph is not None and bool(start or became)
    changes = [_carried_change(since, change) for change in entry.changes]
    made = [change for change in changes if change is not None]
    is_whole = len(made) == len(changes)
    quote = entry.quote
    if entry.start and entry.end and not (start and end):  # the passage is told as it was
        quote = text_between(base.paragraphs, *_window(base, entry.start, entry.end))
    pieces = entry.pieces if is_whole else _shown(base, entry.changes)
    return replace(
        entry, paragraph=new if is_sure else None, guess=None if is_sure else new, start=start, end=end,
        changes=made if is_whole else [], pieces=pieces, quote=quote,
    )  # fmt: skip


def _kept_before(since: Alignment, place: int | None) -> tuple[int, ...]:
    """What became of the nearest paragraph before one that went."""
    kept = (since.became[index][-1:] for index in range(place or 0, -1, -1))
    return next(filter(None, kept), ())


def _carried_change(since: Alignment, change: Change) -> Change | None:
    """A change of the version before as one of this; None where its text is no longer the same."""
    if isinstance(change, RowEdit):
        return None
    start, end = carried(since, change.start), carried(since, change.end)
    if start is None or end is None:
        return None
    was = text_between(since.draft.paragraphs, change.start, change.end)
    return replace(change, start=start, end=end) if was == text_between(since.returned.paragraphs, start, end) else None


def _of_text(numbers: Mapping[int, int], said: Spoken) -> Iterator[_Entry]:
    for place, comment in enumerate(comments_in(said.text, numbers), start=1):
        index = numbers.get(comment.number) if comment.number is not None else None
        entry = _Entry(index if comment.sure else None, None if comment.sure else index)
        entry.said = [Said(said.body, said.author, said.at, comment.text, source="mail")]
        entry.marks = [MarkRef(said.body, said.source, f"text/{place}")]
        yield entry


def _of_table(numbers: Mapping[int, int], table: Filled) -> Iterator[_Entry]:
    for place, comment in enumerate(rows_in(table.rows, numbers), start=1):
        index = numbers.get(comment.number) if comment.number is not None else None
        entry = _Entry(index if comment.sure else None, None if comment.sure else index)
        entry.said = [Said(table.body, "", None, comment.comment, source="table")] if comment.comment else []
        entry.marks = [MarkRef(table.body, table.source, f"row/{place}")]
        entry.pieces = [Piece(comment.proposal, is_inserted=True)] if comment.proposal else []
        yield entry


# Rows


def _without_twins(entries: Sequence[_Entry]) -> list[_Entry]:
    """Entries that would make the same change are one, with all who ask for it."""
    found: list[_Entry] = []
    by_change: dict[object, _Entry] = {}
    for entry in entries:
        key = (entry.paragraph, tuple(_bare(change) for change in entry.changes))
        twin = by_change.get(key) if entry.changes else None
        if twin is None:
            by_change[key] = entry
            found.append(entry)
            continue
        _add_said(twin, entry)
        twin.marks += entry.marks
        twin.is_tracked = twin.is_tracked and entry.is_tracked
    return found


def _add_said(to: _Entry, other: _Entry) -> None:
    """Add what another entry's readers said; its replies still name the comments they answer."""
    begins = len(to.said)
    to.said += [replace(s, reply_to=None if s.reply_to is None else s.reply_to + begins) for s in other.said]


def _bare(change: Change) -> Change:
    """A change without who asks for it."""
    return replace(change, marks=())


def _row(draft: Markup, entry: _Entry) -> Row:
    place = entry.paragraph if entry.paragraph is not None else entry.guess
    passage = entry.quote
    if entry.start is not None and entry.end is not None:
        windows = [_window(draft, start, end) for start, end in ((entry.start, entry.end), *entry.also)]
        passage = PARAGRAPH.join(text_between(draft.paragraphs, start, end) for start, end in windows)
    elif place is not None and not passage:
        passage = draft.paragraphs[place].original[: 2 * _AROUND]
    proposal = tuple(entry.pieces or ([] if entry.is_formatting else _shown(draft, entry.changes)))
    row = Row(
        id="",
        bodies=tuple(dict.fromkeys(ref.body for ref in entry.marks)),
        paragraph=entry.paragraph,
        number=None if place is None else number_at(draft, place),
        guess=None if entry.paragraph is not None else entry.guess,
        kind=Kind.SUBSTANTIVE,
        passage=passage,
        comments=tuple(entry.said),
        proposal=proposal,
        changes=tuple(entry.changes),
        is_tracked=entry.is_tracked,
        marks=tuple(entry.marks),
    )
    return replace(row, kind=_kind(row, entry), id=_id(row))


def _id(row: Row) -> str:
    """What a row says, in six signs: the change alone where it makes one, so that others may join in it."""
    place = (row.paragraph, row.guess)
    what: object = (
        row.bodies[0],
        [(s.author, s.text) for s in row.comments],
        [p.text for p in row.proposal],
        row.passage,
    )
    if row.changes:
        what = [repr(_bare(change)) for change in row.changes]
    return hashlib.sha256(repr((place, what)).encode()).hexdigest()[:6]


def _with_own_ids(rows: Sequence[Row]) -> list[Row]:
    """The rows with ids that no two share."""
    seen: Counter[str] = Counter()
    found = []
    for row in rows:
        seen[row.id] += 1
        number = seen[row.id]
        found.append(row if number == 1 else replace(row, id=f"{row.id}{number}"))
    return found


def _order(row: Row) -> tuple[int, int]:
    """Comments on the whole first, then by place; what is to be placed by its guess."""
    place = row.paragraph if row.paragraph is not None else row.guess
    return (-1, 0) if place is None else (place, 0 if row.paragraph is not None else 1)


def _kind(row: Row, entry: _Entry) -> Kind:
    """General without a place; editorial where only the look, the spelling of a word or punctuation would change."""
    if row.paragraph is None and row.guess is None:
        return Kind.GENERAL
    if entry.is_formatting:
        return Kind.EDITORIAL
    gone = "".join(piece.text for piece in row.proposal if piece.is_deleted)
    come = "".join(piece.text for piece in row.proposal if piece.is_inserted)
    if row.comments or not row.proposal:
        return Kind.SUBSTANTIVE
    return Kind.EDITORIAL if _is_slip(gone, come) else Kind.SUBSTANTIVE


def _is_slip(gone: str, come: str) -> bool:
    """Whether a change is of punctuation, case, accents or a single sign in a long word, and of no figure."""
    if any(sign.isdigit() for sign in gone + come):
        return False
    old, new = _letters(gone), _letters(come)
    if old == new:
        return True
    one, other = gone.casefold().split(), come.casefold().split()
    return (
        len(one) == len(other) == 1 and min(len(one[0]), len(other[0])) >= _LONG_WORD
        and one[0][0] == other[0][0] and OSA.distance(one[0], other[0]) <= 1
    )  # fmt: skip


def _letters(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if sign.isalnum())


def number_at(draft: Markup, index: int) -> int | None:
    """The paragraph number a reader finds a place by: its own, that of what it hangs on, or the last one before it."""
    here = draft.paragraphs[index]
    if here.number is not None:
        return here.number
    if here.anchor is not None:
        return number_at(draft, here.anchor)
    if here.story is not Story.BODY:
        return None
    return next((p.number for p in reversed(draft.paragraphs[:index]) if p.number is not None), None)


def _window(draft: Markup, start: At, end: At) -> tuple[At, At]:
    """A passage with the sentences around it."""
    first, last = draft.paragraphs[start.paragraph].original, draft.paragraphs[end.paragraph].original
    begins = [m.end() for m in _SENTENCE_END.finditer(first) if m.end() <= start.offset]
    ends = [m.end() for m in _SENTENCE_END.finditer(last) if m.end() > max(end.offset, 1)]
    begin = max([*begins[-1:], start.offset - _AROUND, 0])
    finish = min([*ends[:1], end.offset + _AROUND, len(last)])
    return At(start.paragraph, begin), At(end.paragraph, max(finish, end.offset))


def _shown(draft: Markup, changes: Sequence[Change]) -> list[Piece]:
    """Passages with what would change in them."""
    found: list[Piece] = []
    for change in changes:
        if isinstance(change, RowEdit):
            inside = [
                p.original for p in draft.paragraphs if _row_of(p.place) == _row_of(draft.paragraphs[change.row].place)
            ]
            if change.cells is None:
                found.append(Piece("\t".join(inside), is_deleted=True))
            else:
                found.append(Piece("\t".join(change.cells), is_inserted=True))
            continue
        start, end = _window(draft, change.start, change.end)
        old = text_between(draft.paragraphs, change.start, change.end)
        parts = [Piece(text_between(draft.paragraphs, start, change.start))]
        if isinstance(change, Edit):
            parts += [Piece(old, is_deleted=True), Piece(change.text, is_inserted=True)]
        else:
            parts += [Piece(old)]
        parts.append(Piece(text_between(draft.paragraphs, change.end, end)))
        found += [Piece(PARAGRAPH)] if found else []
        found += [piece for piece in parts if piece.text]
    return found


def _row_of(place: str) -> str:
    return place.rpartition(", cell ")[0]


def _related(draft: Markup, rows: Sequence[Row]) -> Iterator[Row]:
    """The rows with those on the same passage, and those that can't be made together."""
    spans = {row.id: list(_spans(draft, row)) for row in rows}
    touched = [{p for a, b in spans[row.id] for p in range(a.paragraph, b.paragraph + 1)} for row in rows]
    on_paragraph: dict[int, list[int]] = defaultdict(list)
    for place, paragraphs in enumerate(touched):
        for paragraph in paragraphs:
            on_paragraph[paragraph].append(place)
    for place, row in enumerate(rows):
        around = {other for paragraph in touched[place] for other in on_paragraph[paragraph]} - {place}
        near = [rows[other] for other in sorted(around)]
        clash = [o for o in near if any(_clash(a, b) for a in row.changes for b in o.changes)]
        same = [o for o in near if any(_overlap(a, b) for a in spans[row.id] for b in spans[o.id])]
        yield replace(row, same_passage=tuple(o.id for o in same), conflicts=tuple(o.id for o in clash))


def _spans(draft: Markup, row: Row) -> Iterator[tuple[At, At]]:
    for change in row.changes:
        if isinstance(change, RowEdit):
            yield At(change.row, 0), At(change.row, len(draft.paragraphs[change.row].original))
        else:
            yield change.start, change.end
    if not row.changes and row.paragraph is not None and row.passage:
        begin = draft.paragraphs[row.paragraph].original.find(row.passage)
        if begin >= 0:
            yield At(row.paragraph, begin), At(row.paragraph, begin + len(row.passage))


def _overlap(one: tuple[At, At], other: tuple[At, At]) -> bool:
    (a, b), (c, d) = one, other
    return (a < d and c < b) or (a == b and c <= a <= d) or (c == d and a <= c <= b)


def _clash(one: Change, other: Change) -> bool:
    """Whether two changes can't both be made: they touch the same text, or put different text in one place."""
    if isinstance(one, RowEdit) or isinstance(other, RowEdit):
        return (
            isinstance(one, RowEdit) and isinstance(other, RowEdit) and one.row == other.row
            and (one.cells is None) != (other.cells is None)
        )  # fmt: skip
    if isinstance(one, Formatting) or isinstance(other, Formatting):
        return False
    if one.start < other.end and other.start < one.end:
        return True
    if not one.start == one.end == other.start == other.end:
        return False
    # New paragraphs can stand one after the other; words in one place can't.
    return one.text != other.text and PARAGRAPH not in (one.text[:1], other.text[:1])
