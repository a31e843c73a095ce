"""What one file, text or table has to say, each thing an entry: a proposal, a comment, both where they are tied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tasks.domain.comment_matrix.passages import shown, window
from tasks.domain.comment_matrix.rows import Filled, MarkRef, Returned, Said, Spoken
from tasks.domain.mail_comments import comments_in, rows_in
from tasks.domain.markup import At, Change, Mark, MarkKind, Markup, Piece, RowEdit, text_between
from tasks.domain.placing import SURE, Alignment, align, carried
from tasks.domain.proposals import Proposal, proposals_of


@dataclass
class Entry:
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


def entries_of_file(draft: Markup, earlier: Markup | None, file: Returned) -> list[Entry]:
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


def add_said(to: Entry, other: Entry) -> None:
    """Add what another entry's readers said; its replies still name the comments they answer."""
    begins = len(to.said)
    to.said += [replace(s, reply_to=None if s.reply_to is None else s.reply_to + begins) for s in other.said]


def _join(proposed: Entry, comment: Entry) -> None:
    """Add a comment to the change it is tied to; the passage is that of both."""
    add_said(proposed, comment)
    proposed.marks += comment.marks
    if proposed.start and proposed.end and comment.start and comment.end:
        proposed.start, proposed.end = min(proposed.start, comment.start), max(proposed.end, comment.end)


def _proposed(file: Returned, proposal: Proposal, marks: Mapping[str, Mark]) -> Entry:
    own = [marks[id] for id in proposal.marks]
    entry = Entry(proposal.paragraph, proposal.guess, proposal.start, proposal.end)
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


def _with_moves(entries: list[Entry], marks: Mapping[str, Mark]) -> list[Entry]:
    """Both halves of a move in one entry, where a program can make both; else each stands in its own place."""
    left: dict[tuple[str, str], Entry] = {}
    kept: list[Entry] = []
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
            add_said(other, entry)
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


def _commented(file: Returned, alignment: Alignment, thread: Sequence[Mark]) -> Entry:
    places = {mark.id: number for number, mark in enumerate(thread)}
    entry = Entry(None, None, quote=next((mark.quote for mark in thread if mark.quote), ""))
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


def _tied_to(markup: Markup, thread: Sequence[Mark], entries: Sequence[Entry]) -> Entry | None:
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


def _carried(since: Alignment, entry: Entry) -> Entry:
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
        quote = text_between(base.paragraphs, *window(base, entry.start, entry.end))
    pieces = entry.pieces if is_whole else shown(base, entry.changes)
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


def entries_of_text(numbers: Mapping[int, int], said: Spoken) -> Iterator[Entry]:
    for place, comment in enumerate(comments_in(said.text, numbers), start=1):
        index = numbers.get(comment.number) if comment.number is not None else None
        entry = Entry(index if comment.sure else None, None if comment.sure else index)
        entry.said = [Said(said.body, said.author, said.at, comment.text, source="mail")]
        entry.marks = [MarkRef(said.body, said.source, f"text/{place}")]
        yield entry


def entries_of_table(numbers: Mapping[int, int], table: Filled) -> Iterator[Entry]:
    for place, comment in enumerate(rows_in(table.rows, numbers), start=1):
        index = numbers.get(comment.number) if comment.number is not None else None
        entry = Entry(index if comment.sure else None, None if comment.sure else index)
        entry.said = [Said(table.body, "", None, comment.comment, source="table")] if comment.comment else []
        entry.marks = [MarkRef(table.body, table.source, f"row/{place}")]
        entry.pieces = [Piece(comment.proposal, is_inserted=True)] if comment.proposal else []
        yield entry
