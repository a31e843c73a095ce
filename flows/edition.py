"""An edition: every team that has something due, then what the edition as a whole owes.

One team's refusal stops no other team.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from prefect.client.schemas.objects import State
from prefect.context import TagsContext
from prefect.states import Completed

from config import settings as configuration
from flows import board, forms, partners
from flows.office import answer, desk_for, ended, failed, flow, open_ledger, refused, who_for
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
        who = who_for(rights.id_called(loaded.edition, by), "the edition starts", today)
        _refuse_past(loaded.edition, who.at.date())
        is_new = editions.start(open_ledger(settings), loaded, who, settings.rehearsal)
        return f"{edition}: started by {who.by}" if is_new else f"{edition}: runs already, with this configuration"

    return await _in_force(edition, answer(work), today)


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
        who = who_for(desk.by, "the configuration was edited", today)
        changed = editions.apply(open_ledger(settings), loaded, who, settle)
        # Should the process end here, the next sweep does it.
        readdressed = outbox.follow_addresses(desk_for(edition, by=by, today=today))
        changed += [f"letter {key}: goes to the address the edition has now" for key in readdressed]
        return "\n".join(changed) or f"{edition}: the configuration in force is this one; nothing changed"

    return await _in_force(edition, answer(work), today)


async def _in_force(edition: str, state: State[Any], today: dt.date | None) -> State[Any]:
    """After a configuration was put in force: the forms offer what it has, and the steps it made due are taken.

    In a replay nobody fills in a form.
    """
    if today is None and state.name != "Refused":
        await forms.offer_choices()
    return await follow_up(edition, state, today)


@flow(name="prepare-edition", flow_run_name="{edition}")
async def prepare_edition(edition: str, today: dt.date | None = None) -> State[Any]:
    """Carry every team of `edition` as far as it goes today, and make what rests on all of them."""
    try:
        desk = desk_for(edition, today=today)
    except Refusal as refusal:
        return refused(str(refusal))
    problems = await advance(desk, today)
    if problems:
        return ended(problems, "\n".join(str(state.message) for state in problems))
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
    """After a decision or an arrival: take the steps it made due at once, not with tomorrow's sweep; or show it.

    In a rehearsal the day's sweep follows anyway.
    """
    if today is not None or state.name == "Refused":
        return state
    desk = desk_for(edition)
    records = desk.records()
    if not is_due(desk, records):
        # All that one decision changes has the same moment, which is the ledger's newest.
        newest = max(record.changed_at for record in records)
        changed = {record.session for record in records if record.changed_at == newest}
        await board.show([session for session in desk.edition.sessions if session.id in changed], desk)
        return state
    # What the run is about is not what all that follows is about.
    with TagsContext(current_tags=set()):
        after = await prepare_edition(edition, return_state=True)
    return State(type=after.type, name=after.name, message=f"{state.message}\n{after.message}")


async def advance(desk: Desk, today: dt.date | None) -> list[State[Any]]:
    """Run the flow of every team with something due, then the common steps; how those ended that did not go well."""
    problems: list[State[Any]] = []
    for session in due_teams(desk):
        state = await prepare_session(desk.edition.id, session, today, return_state=True)
        if state.is_failed() or state.name == "Refused":
            problems.append(state.model_copy(update={"message": f"{session}: {state.message}"}))
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
            problems.append(refused(str(refusal)))
        except Exception as fault:  # noqa: BLE001  a fault of ours in one step must hold up none of the others
            problems.append(failed(f"{desk.edition.id}: {common.__name__.replace('_', ' ')}", fault))
    await board.edition_board(desk)
    return problems
