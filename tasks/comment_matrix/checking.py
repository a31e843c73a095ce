"""A next text as it comes in: read without its marks, and held against the decisions on the draft it is based on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tasks.adapters.word.markup import accept_all, read_markup
from tasks.adapters.word.opc import unpack
from tasks.comment_matrix.compiling import markup_of_version
from tasks.comment_matrix.document import pieces, plain_words, sorted_names
from tasks.comment_matrix.reading import load, shown_key
from tasks.desk import Desk, Drafted
from tasks.domain.background_paper import MATRIX, STAGE
from tasks.domain.differences import Finding, differences
from tasks.domain.edition import Session
from tasks.domain.letter import Acknowledgement
from tasks.domain.markup import MarkKind
from tasks.steps import Received


@dataclass(frozen=True)
class Text:
    """A text that came in: its bytes as it would read, and how many marks it had: tracked changes, and comments."""

    data: bytes
    tracked: int
    comments: int

    @property
    def told(self) -> list[str]:
        """What was done to it."""
        told = [f"its {self.tracked} tracked changes were accepted"] if self.tracked else []
        return told + ([f"its {self.comments} comments were taken out"] if self.comments else [])


@dataclass(frozen=True)
class Difference:
    """A decision that a text does not follow: the matrix and the row, the key people know it by, and how."""

    matrix: str
    row: str
    key: str
    finding: Finding


def as_it_reads(file: Received) -> Text:
    """The text that a file would be with its tracked changes accepted and without comments."""
    marks = read_markup(file.docx).marks
    comments = sum(mark.kind is MarkKind.COMMENT for mark in marks)
    return Text(accept_all(file.data) if marks else file.data, len(marks) - comments, comments)


def differences_in(desk: Desk, paper: str, version: int, text: Text) -> list[Difference]:
    """The decisions on a version of a paper that the next text does not follow; none is a reason to refuse it."""
    found = []
    for record in desk.ledger.records(desk.edition.id, MATRIX):
        if record.facts["paper"] == paper and record.facts["version"] == version:
            matrix = load(desk, record)
            draft, new = markup_of_version(desk, paper, version), read_markup(unpack(text.data))
            found += [
                Difference(matrix.key, row.id, shown_key(row), finding)
                for row, finding in differences(draft, new, matrix.rows, matrix.dispositions)
            ]
    return found


def spoken(found: list[Difference]) -> str:
    """The differences in a few words; "" for none."""
    if not found:
        return ""
    return f"{len(found)} differences from the decisions: " + ", ".join(f"{d.key} {_HOW[d.finding]}" for d in found)


_HOW = {Finding.MISSING: "was accepted and is missing", Finding.NOT_ACCEPTED: "was not accepted and is there"}


def remarked(desk: Desk, receipt: Drafted | None, text: Text, found: list[Difference]) -> Drafted | None:
    """The receipt of a text with what was done to it, and where it differs from the decisions."""
    if receipt is None or not isinstance(receipt.letter, Acknowledgement):
        return receipt
    words = desk.words(receipt.recipient.language.id)
    remarks = list(receipt.letter.remarks)
    remarks += [words("mailroom.remarks.tracked")] if text.tracked else []
    remarks += [words("mailroom.remarks.comments")] if text.comments else []
    for finding in Finding:
        if keys := [difference.key for difference in found if difference.finding is finding]:
            remarks.append(words(f"mailroom.remarks.{finding}", keys=", ".join(keys)))
    session = desk.edition.session(receipt.session) if receipt.session else None
    return desk.draft(replace(receipt.letter, remarks=remarks), receipt.recipient, session) if remarks else receipt


def shown_differences(desk: Desk, session: Session) -> list[tuple[str, str, str, str, str]]:
    """For the page of a session: paper, key of the comment, bodies, proposed wording, and how the text in force differs
    from the decision."""
    language = desk.edition.drafting_language.id
    found = []
    for paper in desk.ledger.records(desk.edition.id, STAGE, session.id):
        for key, id, finding in paper.facts.get("differences", []):
            row = load(desk, desk.record(MATRIX, key)).row(id)
            names = "; ".join(sorted_names(desk, row.bodies, language))
            wording = " ".join(plain_words(pieces(row.proposal)).split())
            found.append((paper.key, shown_key(row), names, wording, _HOW[Finding(finding)]))
    return found
