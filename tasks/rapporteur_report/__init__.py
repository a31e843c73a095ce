"""Stage 5, the rapporteur report: templates, the summary within hours, the full report, the proposed actions."""

from __future__ import annotations

from tasks.desk import Desk
from tasks.domain.edition import Session
from tasks.domain.rapporteur_report import STAGE, due
from tasks.rapporteur_report.deciding import decide
from tasks.rapporteur_report.issuing import issue_report, issue_summary
from tasks.rapporteur_report.receiving import receive_report, receive_summary
from tasks.rapporteur_report.templates import prepare, remake
from tasks.steps import take

__all__ = [
    "STAGE",
    "advance",
    "decide",
    "issue_report",
    "issue_summary",
    "prepare",
    "receive_report",
    "receive_summary",
    "remake",
]


def advance(desk: Desk, session: Session) -> list[str]:
    """Do what is due for summary and report of `session`."""
    steps = {"prepare": prepare, "remake": remake, "issue_summary": issue_summary, "issue_report": issue_report}
    return take(desk, session, due, steps)
