"""What follows when every comment of a round is decided: the next draft, and a reply to each body."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.adapters.word.contexts import Overview
from tasks.comment_matrix.compiling import markup_of_version
from tasks.comment_matrix.document import cells, keep_documents
from tasks.comment_matrix.reading import SHEET, WORD, Matrix, load
from tasks.comment_matrix.redrafting import CLEAN, TRACKED, keep_redrafts
from tasks.desk import Desk, Drafted, Made
from tasks.domain import background_paper as rules
from tasks.domain import letter
from tasks.domain.background_paper import MATRIX, STAGE, paper_of
from tasks.domain.comment_matrix import Row
from tasks.domain.edition import Session
from tasks.domain.text import Block, Table, Text
from tasks.steps import step

REPLIES = "comment-replies"


@step("Answer the comments")
def settle_round(desk: Desk, session: Session, key: str) -> str:
    """Make the matrix with its decisions, the draft with what was accepted, and a reply to each body.

    Who has been answered alike is not written again.
    """
    record = desk.record(MATRIX, key)
    matrix = load(desk, record)
    draft = markup_of_version(desk, matrix.paper, matrix.version)
    documents = keep_documents(desk, session, matrix, draft) if matrix.rows else []
    documents += keep_redrafts(desk, session, matrix, draft) if matrix.rows else []
    replies = []
    replied = dict(record.facts.get("replied", {}))
    for body in dict.fromkeys(body for row in matrix.rows for body in row.bodies):
        rows = [row for row in matrix.rows if body in row.bodies]
        said = [[row.id, matrix.decided[row.id].disposition.value, matrix.decided[row.id].reason] for row in rows]
        if replied.get(body) != said:
            replied[body] = said
            replies.append((body, *_reply(desk, session, matrix, body, rows)))
    with desk.change(f"every comment on draft {matrix.round} is decided") as change:
        for made in documents:
            desk.add(change, made)
        for body, made, drafted in replies:
            desk.add(change, made)
            desk.post(change, f"{REPLIES}/{matrix.paper}/{matrix.round}/{body}/{made.number}", drafted, [made.sha256])
        facts = {"rows_sha256": documents[0].sha256} if documents else {}
        desk.move(change, record, "settled", replied=replied, **facts)
    return f"{matrix.paper}: comments on draft {matrix.round} are answered, {len(replies)} replies"


def enclosures(desk: Desk, paper: str, round: int) -> list[str]:
    """Hashes of what goes to the writer with the request for the next text."""
    language = desk.edition.drafting_language.id
    key = rules.round_key(paper, round)
    return [
        row.sha256
        for kind in (WORD, SHEET, TRACKED, CLEAN)
        for row in desk.ledger.documents(desk.edition.id, kind=kind, key=key, language=language, status="current")
    ]


def _reply(desk: Desk, session: Session, matrix: Matrix, body: str, rows: Sequence[Row]) -> tuple[Made, Drafted]:
    """A body's own comments with what became of each, in its language, and the letter with it."""
    recipient = desk.recipient(body)
    to = recipient.language.id
    words, paper = desk.words(to), paper_of(session, matrix.paper)
    key = f"{matrix.key}|{body}"
    number = desk.next_number(REPLIES, key, to)
    title = words("documents.comment-replies")
    round = desk.number(matrix.round, to)
    context = Overview(
        **desk.page(to, version=str(number)),
        kind=title,
        title=words("matrix.subtitle", number=matrix.paper, title=paper.title[to], round=round),
        subtitle=desk.edition.body(body).names[to],
        intro=[words("matrix.replies_intro", number=matrix.paper, title=paper.title[to], round=round)],
    )
    made = desk.write(
        context, stage=STAGE, kind=REPLIES, key=key, session=session.id, language=to, number=number, title=title,
        blocks=_blocks(desk, matrix, body, rows, to), party=body,
        name=f"{matrix.paper}-comment-replies-draft-{matrix.round}-{body}-v{number}-{to}",
    )  # fmt: skip
    due = desk.answer_by(rules.text_milestone(desk.edition, matrix.round + 1), matrix.paper)
    drafted = desk.draft(
        letter.CommentReplies(
            edition=desk.edition.names[to],
            deadline=desk.day(due, to),
            session=session.id,
            session_title=session.title[to],
            paper_title=paper.title[to],
            round=str(matrix.round),
        ),
        recipient,
        session,
    )
    return made, drafted


def _blocks(desk: Desk, matrix: Matrix, body: str, rows: Sequence[Row], to: str) -> list[Block]:
    words = desk.words(to)
    head = [words(f"matrix.{name}") for name in ("paragraph", "passage", "comment", "proposal", "outcome", "reason")]
    made = []
    for row in rows:
        # Of a row that others share in, a body reads its own words only.
        _, _, place, _, passage, comment, proposal, reason, outcome = cells(desk, matrix, row, to, of=body)
        made.append((place, passage, comment, proposal, outcome, reason))
    heading = tuple((Text(text),) for text in head)
    return [Table((heading, *made), widths=(6, 24, 26, 26, 14, 20))]
