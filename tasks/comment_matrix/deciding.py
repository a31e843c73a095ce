"""What the team decides on each comment, in a form or in the matrix returned as a Word file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tasks.adapters.ledger import Change, Record
from tasks.adapters.word import reader
from tasks.comment_matrix.document import COLUMNS
from tasks.comment_matrix.reading import Decided, Matrix, decision_key, load, shown_key
from tasks.desk import Desk
from tasks.domain import rights
from tasks.domain.background_paper import MATRIX
from tasks.domain.comment_matrix import Disposition
from tasks.domain.errors import Conflict, Invalid, NotNow, Unknown
from tasks.domain.locale import counted
from tasks.domain.rights import Subject
from tasks.domain.text import Table, plain
from tasks.steps import Received, register


def decide(desk: Desk, key: str, rows: Sequence[str], answer: str, reason: str = "") -> str:
    """Record the team's decision on rows of a matrix, on all of them or, where one can't be, on none.

    Raises:
        Unknown: there is no such matrix or row.
        Invalid: no decision of this name, or a comment that is not accepted without a reason.
        Conflict: it was decided otherwise before.
        NotYours: the edition gives this decision to others.
    """
    record = _record(desk, key)
    matrix = load(desk, record)
    found = [matrix.row(row) for row in rows]
    decided = Decided(_disposition(answer), reason.strip(), desk.by)
    _check(", ".join(map(shown_key, found)), decided)
    rights.allow(desk.edition, desk.by, "decide", Subject(MATRIX, record.session))
    with desk.change(f"decision on comments on draft {matrix.round}") as change:
        new = sum(_take(change, record, matrix, row.id, decided) for row in found)
        left = len(matrix.undecided) - new
        if new:
            _settle(desk, change, record, left)
    taken = counted(new, "comment")
    return f"{matrix.paper}: {taken} on draft {matrix.round} {decided.disposition.value}, {left} left to decide"


def correct(desk: Desk, key: str, answer: str, reason: str) -> str:
    """Correct the decision `key` on a row; the next draft and the replies are made again.

    Raises:
        NotNow: the next draft has come in; what was wrong is mended there.
    """
    _, matrix_key, row = key.split("/")
    record = _record(desk, matrix_key)
    matrix = load(desk, record)
    found = matrix.row(row)
    decided = Decided(_disposition(answer), reason.strip(), desk.by)
    _check(shown_key(found), decided)
    rights.allow(desk.edition, desk.by, "decide", Subject(MATRIX, record.session))
    paper = desk.record("background-paper", matrix.paper)
    if paper.facts["version"] != matrix.version:
        raise NotNow(
            f"{matrix.paper}: version {paper.facts['version']} has come in since the comments on draft {matrix.round} "
            "were decided; mend it in the next draft"
        )
    with desk.change(f"correction of a decision on draft {matrix.round}") as change:
        change.correct(key, {"decision": decided.disposition.value}, reason)
        current = change.record(MATRIX, matrix_key)
        assert current is not None
        if current.state == "settled":
            current = desk.move(change, current, "open")
        _settle(desk, change, current, len(matrix.undecided))
    return f"{matrix.paper}, {shown_key(found)}: {decided.disposition.value} instead"


def receive(desk: Desk, file: Received) -> str:
    """Take the decisions out of a matrix that was filled in; every good one counts, the others are named with why."""
    record = _record(desk, file.identity.key)
    matrix = load(desk, record)
    rights.allow(desk.edition, desk.by, "decide", Subject(MATRIX, record.session))
    good: dict[str, Decided] = {}
    problems: list[str] = []
    for id, observation, answer in _filled(desk, file):
        try:
            row = matrix.row(id)
            decided = Decided(_spoken(desk, answer, shown_key(row)), observation, desk.by)
            _check(shown_key(row), decided)
            before = matrix.decided.get(row.id)
            if before is not None and before.disposition != decided.disposition:
                raise Conflict(f"{shown_key(row)}: was decided as {before.disposition.value} by {before.by}")
        except (Unknown, Invalid, Conflict) as refusal:
            problems.append(str(refusal))
        else:
            good[row.id] = decided
    new = [id for id in good if id not in matrix.decided]
    left = len(matrix.undecided) - len(new)
    taken = counted(len(new), "decision")
    summary = f"{matrix.paper}: {taken} on the comments on draft {matrix.round}, {left} left"
    with desk.change(f"{file.name} came in") as change:
        register(desk, change, file, summary, is_answered=True)
        for id in new:
            _take(change, record, matrix, id, good[id])
        if new:
            _settle(desk, change, record, left)
    return "\n".join([summary, *problems])


def refuse_undecided(desk: Desk, paper: str, name: str) -> None:
    """Let a next text pass only when every comment on the ones before is decided.

    Raises:
        NotNow: with the rows that are not, and how to decide on them.
    """
    for record in desk.ledger.records(desk.edition.id, MATRIX):
        if record.facts["paper"] == paper and record.state == "open" and record.facts["undecided"]:
            rows = ", ".join(shown_key(row) for row in load(desk, record).undecided[:12])
            left, draft = record.facts["undecided"], record.facts["round"]
            verb, them = ("is", "it") if left == 1 else ("are", "them")
            raise NotNow(
                f"{name}: {counted(left, 'comment')} on draft {draft} of {paper} {verb} not decided yet: {rows}; "
                f"decide on {them} with `roundtable comments decide` and hand the text in again"
            )


def _take(change: Change, record: Record, matrix: Matrix, row: str, decided: Decided) -> bool:
    answer = {"decision": decided.disposition.value}
    _, is_new = change.decide(decision_key(matrix.key, row), record, answer, decided.reason or None)
    return is_new


def _settle(desk: Desk, change: Change, record: Record, left: int) -> None:
    """Count what is left; a matrix without anything left is decided."""
    after = desk.move(change, record, "open", undecided=left) if record.state == "open" else record
    if not left and after.state == "open":
        desk.move(change, after, "decided")


def _filled(desk: Desk, file: Received) -> Iterator[tuple[str, str, str]]:
    """(key, observation, decision) of every row with a decision, from tables with the matrix's number of columns."""
    places = {name: place for place, (name, _, _) in enumerate(COLUMNS)}
    for block in reader.read_blocks(file.docx):
        if not isinstance(block, Table) or len(block.rows[0]) != len(COLUMNS):
            continue
        for row in block.rows[1:]:
            cells = [" ".join(plain(cell).split()) for cell in row]
            if cells[places["decision"]]:
                yield cells[places["key"]], cells[places["observation"]], cells[places["decision"]]


def _spoken(desk: Desk, text: str, key: str) -> Disposition:
    """A decision as somebody wrote it, in any language of the edition."""
    known: Mapping[str, str] = {
        said.casefold(): name
        for language in desk.edition.languages
        for name, said in desk.words(language.id).group("matrix.decisions").items()
    }
    name = known.get(text.casefold().strip(" ."))
    if name is None:
        shown = ", ".join(desk.words(desk.edition.drafting_language.id).group("matrix.decisions").values())
        raise Invalid(f"{key}: “{text}” is no decision; it is one of {shown}")
    return Disposition(name)


def _disposition(answer: str) -> Disposition:
    try:
        return Disposition(answer)
    except ValueError:
        raise Invalid(f"{answer!r} is no decision on a comment; it is one of {', '.join(Disposition)}") from None


def _check(key: str, decided: Decided) -> None:
    if decided.disposition is Disposition.NOT_ACCEPTED and not decided.reason:
        raise Invalid(f"{key}: a comment that is not accepted needs a reason; its body will read it")


def _record(desk: Desk, key: str) -> Record:
    record = desk.ledger.record(desk.edition.id, MATRIX, key)
    if record is None:
        raise Unknown(f"{key.replace('|', ', draft ')}: no comments of this round were compiled in {desk.edition.id}")
    return record
