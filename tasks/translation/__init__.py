"""Stage 4, translation: a bilingual file to the translator, its checks, the paper in the other language."""

from __future__ import annotations

from tasks.desk import Desk
from tasks.domain import translation as rules
from tasks.domain.edition import Session
from tasks.steps import take
from tasks.translation.checking import Checked, checked_file, finding_rows
from tasks.translation.issuing import issue
from tasks.translation.receiving import receive, shortened
from tasks.translation.sending import send
from tasks.translation.waiving import waive

__all__ = ["Checked", "advance", "checked_file", "finding_rows", "receive", "shortened", "waive"]


def advance(desk: Desk, session: Session) -> list[str]:
    """Do what is due for the translations of `session`."""
    return take(desk, session, rules.due, {"send": send, "issue": issue})
