"""An edition: every team that has something due, then what the edition as a whole owes.

One team's refusal stops no other team.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from prefect import tags
from prefect.client.schemas.objects import State
from prefect.states import Completed

from config import settings as configuration
from flows import board, partners
from flows.office import answer, desk_for, flow, open_ledger, refused, who_for
from flows.session import prepare_session
from tasks import calendar_view, deadlines, editions, forum, meetings, outbox, sharing, silence
from tasks.adapters import edition_folder
from tasks.adapters.edition_files import load
from tasks.adapters.ledger import Record
from tasks.desk import Desk
from tasks.domain import process, rights
from tasks.domain.edition import Edition
from tasks.domain.errors import Invalid, Refusal
from tasks.domain.rights import Subject


@flow(name="start-edition", flow_run_name="{edition} start")
async def start_edition(edition: str, by: str, today: dt.date | None = None) -> State[Any]:
    """Record an edition's configuration in the ledger, which wins from then on, and every record it begins with."""

    def work() -> str:
        settings = configuration.load()
        # A rehearsal has begun by checking the folder; a day that is played again need not.
        loaded = (
            load(settings.editions, edition, overlay=True)
            if settings.rehearsal
            else edition_folder.check(settings.editions, edition, settings.templates)
        )
        who = who_for(by, "the edition starts", today)
        _refuse_past(loaded.edition, who.at.date())
        is_new = editions.start(
            open_ledger(settings), loaded, who_for(by, "the edition starts", today), settings.rehearsal
        )
        return f"{edition}: started by {by}" if is_new else f"{edition}: runs already, with this configuration"

    return await follow_up(edition, answer(work), today)


def _refuse_past(edition: Edition, today: dt.date) -> None:
    last = edition.event(edition.forum_end).date
    if last is not None and last < today:
        raise Invalid(
            f"{edition.id}: its Forum ended on {last:%-d %B %Y}, which is {(today - last).days:,} days ago; "
            f"correct the calendar, or replay it with `roundtable rehearse {edition.id}`"
        )


@flow(name="change-edition", flow_run_name="{edition} change")
async def change_edition(edition: str, by: str, today: dt.date | None = None) -> State[Any]:
    """Put the edited configuration of a running edition in force; `roundtable edition diff` shows it before."""

    def work() -> str:
        settings = configuration.load()
        loaded = load(settings.editions, edition, overlay=settings.rehearsal)
        desk = desk_for(edition, by=by, today=today)
        rights.allow(desk.edition, by, "decide", Subject("edition"))
        settle = meetings.settling(desk, meetings.follow_edit(desk, loaded.edition))
        who = who_for(by, "the configuration was edited", today)
        changed = editions.apply(open_ledger(settings), loaded, who, settle)
        # Should the process end here, the next sweep does it.
        readdressed = outbox.follow_addresses(desk_for(edition, by=by, today=today))
        changed += [f"letter {key}: goes to the address the edition has now" for key in readdressed]
        return "\n".join(changed) or f"{edition}: the configuration in force is this one; nothing changed"

    return await follow_up(edition, answer(work), today)


@flow(name="prepare-edition", flow_run_name="{edition}")
async def prepare_edition(edition: str, today: dt.date | None = None) -> State[Any]:
    """Carry every team of `edition` as far as it goes today, and make what rests on all of them."""
    try:
        desk = desk_for(edition, today=today)
    except Refusal as refusal:
        return refused(str(refusal))
    problems = await advance(desk, today)
    if problems:
        return Completed(name="Refused", message="\n".join(problems))
    waiting = board.waiting_for_all(desk)
    return Completed(name="Waiting", message=waiting) if waiting else Completed(message=f"{edition}: all is done")


def due_teams(desk: Desk, records: Sequence[Record] | None = None) -> list[str]:
    """Sessions with a step due today, as in `records` or in the ledger; a flow starts for no other."""
    return [view.session.id for view in desk.views(records) if process.due(view, desk.today)]


def is_due(desk: Desk, records: Sequence[Record]) -> bool:
    """Whether anything at all is to be done for the edition today."""
    return (
        bool(due_teams(desk, records))
        or bool(forum.due(desk, records))
        or deadlines.due(desk, records)
        or silence.due(desk, records)
        or sharing.due(desk, records)
        or calendar_view.agenda_due(desk, records)
        or calendar_view.invitations_due(desk, records)
    )


async def follow_up(edition: str, state: State[Any], today: dt.date | None) -> State[Any]:
    """After a decision or an arrival: take the steps it made due at once, not with tomorrow's sweep.

    In a rehearsal the day's sweep follows anyway.
    """
    if today is not None or state.name == "Refused":
        return state
    desk = desk_for(edition)
    records = desk.records()
    if not is_due(desk, records):
        return state
    after = await prepare_edition(edition, return_state=True)
    return Completed(name=after.name, message=f"{state.message}\n{after.message}")


async def advance(desk: Desk, today: dt.date | None) -> list[str]:
    """Run the flow of every team with something due, then the common steps; the problems, one line each."""
    problems = []
    for session in due_teams(desk):
        with tags(f"session {session}"):
            state = await prepare_session(desk.edition.id, session, today, return_state=True)
        if state.is_failed() or state.name == "Refused":
            problems.append(f"{session}: {state.message}")
    for common in (
        forum.advance,
        deadlines.advance,
        silence.advance,
        outbox.follow_addresses,
        sharing.advance,
        calendar_view.advance_invitations,
        partners.keep_up,
        board.place_documents,
    ):
        try:
            common(desk)
        except Refusal as refusal:
            problems.append(str(refusal))
    await board.edition_board(desk)
    return problems
