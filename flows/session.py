"""One team, from concept note to rapporteur report.

Run it as often as you like: each stage does what is due and nothing twice.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from prefect import get_run_logger
from prefect.client.schemas.objects import State
from prefect.context import TagsContext
from prefect.states import Completed

from flows import board
from flows.comment_table import show_table
from flows.office import desk_for, flow, refused
from flows.translation_table import show_findings
from tasks import background_paper, comment_matrix, concept_note, panel, rapporteur_report, translation
from tasks.domain.background_paper import MATRIX
from tasks.domain.errors import Refusal, Unknown


@flow(name="prepare-session", flow_run_name="{edition} {session}")
async def prepare_session(edition: str, session: str, today: dt.date | None = None) -> State[Any]:
    """Carry the team of `session` as far as its ledger and the calendar allow today."""
    try:
        desk = desk_for(edition, today=today)
        if not desk.edition.has("sessions", session):
            raise Unknown(
                f"{session}: {edition} has no such session; it has {', '.join(s.id for s in desk.edition.sessions)}"
            )
        team = desk.edition.session(session)
        # The run's tag is not for its tasks: for each tag of a task Prefect asks the server for a concurrency slot,
        # which took longer than the task.
        with TagsContext(current_tags=set()):
            done = [
                *concept_note.advance(desk, team),
                *background_paper.advance(desk, team),
                *panel.advance(desk, team),  # beside the paper, not after it
                *translation.advance(desk, team),
                *rapporteur_report.advance(desk, team),
            ]
    except Refusal as refusal:
        return refused(str(refusal))
    for line in done:
        get_run_logger().info(line)
    await board.session_page(desk, team)
    for record in desk.ledger.records(edition, MATRIX, session):
        if record.changed_at == desk.now:
            await show_table(desk, comment_matrix.load(desk, record))
    await show_findings(desk, session)
    waiting = board.waiting_for(desk.view(team), desk.today)
    return Completed(name="Waiting", message=waiting) if waiting else Completed(message=f"{session}: all is done")
