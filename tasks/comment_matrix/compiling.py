"""What came back in a round, brought into one matrix. A file that can't be read holds up none of the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tasks.adapters.word import reader
from tasks.adapters.word.markup import read_markup
from tasks.comment_matrix.document import keep_documents
from tasks.comment_matrix.reading import Matrix, decisions_on
from tasks.desk import Desk
from tasks.domain import background_paper as rules
from tasks.domain.background_paper import MATRIX
from tasks.domain.comment_matrix import Filled, Returned, Spoken, compile_matrix
from tasks.domain.edition import Session
from tasks.domain.errors import Refusal, Unknown
from tasks.domain.locale import counted
from tasks.domain.markup import Markup
from tasks.domain.placing import align, former_numbers
from tasks.domain.text import Figure, Table, plain, text_of
from tasks.steps import step

#: A file that has less than this share of the draft's paragraphs is no copy of it: its comments are in a text or table.
_IS_A_COPY = 0.3


@dataclass
class _Gathered:
    """What a round brought: copies of the draft, texts, filled tables, and files that could not be read."""

    returned: list[Returned] = field(default_factory=list)
    spoken: list[Spoken] = field(default_factory=list)
    filled: list[Filled] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)

    def marks(self) -> dict[str, dict[str, tuple[str, str]]]:
        """Author and time of each mark in the copies, by source and id."""
        return {
            each.source: {mark.id: (mark.author, mark.at.isoformat() if mark.at else "") for mark in each.markup.marks}
            for each in self.returned
        }


@step("Compile the comments")
def compile_round(desk: Desk, session: Session, key: str) -> str:
    """Bring the comments of a round into one matrix; decisions on rows that are still there stay in force."""
    view = desk.view(session)
    paper, _, round_name = key.partition("|")
    round = int(round_name)
    asked, sources = rules.comments_of(view, paper, round), rules.sources_of(view, paper, round)
    version = int(asked[0].facts["version"])
    draft = markup_of_version(desk, paper, version)
    earlier = markup_of_version(desk, paper, version - 1) if version > 1 else None
    found = _gather(desk, draft, sources, {s: said for c in asked for s, said in c.facts.get("texts", {}).items()})
    rows = compile_matrix(draft, found.returned, found.spoken, found.filled, earlier)
    formerly = former_numbers(earlier, draft) if earlier else {}
    matrix = Matrix(paper, round, version, rows, found.marks(), tuple(found.unread), decisions_on(desk, key), formerly)
    data, *documents = keep_documents(desk, session, matrix, draft)
    facts = {
        "paper": paper, "round": round, "version": version, "sources": sources, "rows": len(rows),
        "undecided": len(matrix.undecided), "rows_sha256": data.sha256,
    }  # fmt: skip
    with desk.change(f"the comments on draft {round} were compiled") as change:
        is_new = change.add_record(MATRIX, key, "open", session.id, facts)
        record = change.record(MATRIX, key)
        assert record is not None
        if not is_new:
            record = desk.move(change, record, "open", **facts)
        for made in (data, *documents):
            desk.add(change, made)
        if not matrix.undecided:
            desk.move(change, record, "decided")
    told = f"; could not be read: {', '.join(name for name, _ in found.unread)}" if found.unread else ""
    said, partners = counted(len(rows), "comment"), counted(len({source[0] for source in sources}), "partner")
    return f"{paper}: {said} on draft {round} from {partners}{told}"


def _gather(
    desk: Desk, draft: Markup, sources: Sequence[Sequence[str]], said: Mapping[str, Sequence[str]]
) -> _Gathered:
    """Everything the `sources` hold; `said` are author and time of each text."""
    found = _Gathered()
    for body, kind, sha256 in sources:
        if kind == "text":
            author, at = said[sha256]
            text = desk.store.get(sha256).decode()
            found.spoken.append(Spoken(body, sha256, author, dt.datetime.fromisoformat(at), text))
            continue
        try:
            _read_file(desk, draft, body, sha256, found)
        except Refusal as refusal:
            found.unread.append((desk.edition.body(body).names[desk.edition.drafting_language.id], str(refusal)))
    return found


def _read_file(desk: Desk, draft: Markup, body: str, sha256: str, found: _Gathered) -> None:
    """A copy of the draft with marks; or, where the draft is not in it, a table that was filled in, or a text."""
    docx = desk.open(sha256)
    markup = read_markup(docx)
    if align(draft, markup).likeness >= _IS_A_COPY:
        found.returned.append(Returned(body, sha256, markup))
        return
    blocks = reader.read_blocks(docx)
    for block in blocks:
        if isinstance(block, Table):
            rows = tuple(tuple(plain(cell) for cell in row) for row in block.rows)
            found.filled.append(Filled(body, sha256, rows))
    text = "\n\n".join(text_of(block) for block in blocks if not isinstance(block, (Table, Figure)))
    if text.strip():
        found.spoken.append(Spoken(body, sha256, "", None, text))


def markup_of_version(desk: Desk, paper: str, version: int) -> Markup:
    """A version of a paper as it went round, read."""
    return read_markup(desk.open(version_of(desk, paper, version)))


def version_of(desk: Desk, paper: str, version: int) -> str:
    """The hash of a version of a paper in its drafting language."""
    language = desk.edition.drafting_language.id
    rows = desk.ledger.documents(desk.edition.id, kind=rules.STAGE, key=paper, language=language)
    found = [row.sha256 for row in rows if row.number == version]
    if not found:
        raise Unknown(f"{paper}: there is no version {version} of this paper in the ledger")
    return found[-1]
