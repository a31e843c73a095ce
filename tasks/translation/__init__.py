"""Stage 4, translation: a bilingual file to the translator, its checks, the paper in the other language."""

from __future__ import annotations

from tasks.desk import Desk
from tasks.domain import translation as rules
from tasks.domain.edition import Session
from tasks.steps import take
from tasks.translation.answering import answer_review, correct_review
from tasks.translation.assigning import assign
from tasks.translation.checking import Checked, checked_translation, finding_rows, language_of_key
from tasks.translation.issuing import issue
from tasks.translation.prefilling import prefill
from tasks.translation.receiving import receive
from tasks.translation.returning import shortened
from tasks.translation.reviewing import ask_reviewers, close_review, receive_review
from tasks.translation.sending import send
from tasks.translation.standing import estimates, looked_over, standings, total
from tasks.translation.waiving import confirm, waive

__all__ = [
    "Checked", "advance", "answer_review", "assign", "checked_translation", "confirm", "correct_review",
    "estimates", "finding_rows", "language_of_key", "looked_over", "prefill", "receive", "receive_review", "shortened",
    "standings", "total", "waive",
]  # fmt: skip


def advance(desk: Desk, session: Session) -> list[str]:
    """Do what is due for the translations of `session`."""
    steps = {"send": send, "ask_reviewers": ask_reviewers, "close_review": close_review, "issue": issue}
    return take(desk, session, rules.due, steps)
