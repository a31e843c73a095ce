"""What one file, text or table has to say, each thing an entry: a proposal, a comment, both where they are tied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tasks.domain.comment_matrix.passages import shown
from tasks.domain.comment_matrix.rows import Filled, MarkRef, Returned, Said, Spoken
from tasks.domain.mail_comments import comments_in, rows_in
from tasks.domain.markup import At, Change, Mark, MarkKind, Markup, Piece, RowEdit, text_between
from tasks.domain.placing import SURE, Alignment, align, carried
from tasks.domain.proposals import Proposal, proposals_of


@dataclass
class Entry:
    """A row while it is made."""

    paragraph: int | None
    guess: int | None
    start: At | None = None
    end: At | None = None
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
    entries = _with_moves(entries, marks)
    for thread in _threads(file.markup):
        entry = _commented(file, alignment, thread)
        joined = _tied_to(file.markup, thread, entries)
        if joined is None:
            entries.append(entry)
        else:
            joined.said += entry.said
            joined.marks += entry.marks
    if base is draft:
        return entries
    since = align(base, draft)
    return [_carried(since, entry) for entry in entries]


def _proposed(file: Returned, proposal: Proposal, marks: Mapping[str, Mark]) -> Entry:
    own = [marks[id] for id in proposal.marks]
    entry = Entry(proposal.paragraph, proposal.guess, proposal.start, proposal.end)
    entry.marks = [MarkRef(file.body, file.source, mark.id) for mark in own]
    entry.is_tracked = any(mark.is_tracked for mark in own)
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
    """Both halves of a move in one entry."""
    left: dict[tuple[str, str], Entry] = {}
    kept: list[Entry] = []
    for entry in entries:
        kinds = {marks[ref.mark].kind for ref in entry.marks}
        text = "".join(
            marks[ref.mark].text for ref in entry.marks
            if marks[ref.mark].kind in (MarkKind.MOVED_FROM, MarkKind.MOVED_TO)
        )  # fmt: skip
        if not kinds & {MarkKind.MOVED_FROM, MarkKind.MOVED_TO} or not text.strip():
            kept.append(entry)
            continue
        key = (marks[entry.marks[0].mark].author, text)
        other = left.pop(key, None)
        if other is None:
            left[key] = entry
            kept.append(entry)
        else:
            other.marks += entry.marks
            other.changes = [*other.changes, *entry.changes] if other.changes and entry.changes else []
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
    spans = [span for index in touched if (span := _span(alignment, index, ids))]
    link, _ = alignment.link_of(touched[0])
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
    base, draft = since.draft, since.returned
    start = carried(since, entry.start) if entry.start else None
    end = carried(since, entry.end) if entry.end else None
    place = entry.paragraph if entry.paragraph is not None else entry.guess
    new = start.paragraph if start else next(iter(since.became[place]), None) if place is not None else None
    is_sure = entry.paragraph is not None and new is not None
    same = (
        start is not None and end is not None and entry.start is not None and entry.end is not None
        and text_between(base.paragraphs, entry.start, entry.end) == text_between(draft.paragraphs, start, end)
    )  # fmt: skip
    changes: list[Change] = [
        replace(change, start=start, end=end)
        for change in entry.changes
        if same and not isinstance(change, RowEdit) and start is not None and end is not None
    ]
    pieces = entry.pieces
    if entry.changes and not changes:
        pieces = shown(base, entry.changes)
    return replace(
        entry, paragraph=new if is_sure else None, guess=None if is_sure else new, start=start, end=end,
        changes=changes if len(changes) == len(entry.changes) == 1 else [], pieces=pieces,
    )  # fmt: skip


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
