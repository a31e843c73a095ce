"""The daily sweep: what came in, every team, what nobody needs any more. Events only hurry it along."""

from __future__ import annotations

import datetime as dt
from typing import Any

from prefect.client.schemas.objects import State

from config import settings as configuration
from flows import board, forms
from flows.calendar_view import show_pages
from flows.edition import prepare_edition
from flows.mailroom import receive_documents
from flows.office import desk_for, ended, failed, flow, inbox, open_ledger, refused
from tasks import calendar_view
from tasks.adapters.local.store import Store
from tasks.domain.errors import Refusal


@flow(name="daily-sweep", flow_run_name="daily sweep")
async def daily_sweep(edition: str | None = None, today: dt.date | None = None) -> State[Any]:
    """Sweep `edition`, or every edition that was started: file what came in, advance the teams, drop orphaned files.

    It ends as the worst of what it did, after everything else was done.
    """
    ledger = open_ledger()
    ends: list[State[Any]] = []
    lines = []
    for name in [edition] if edition else ledger.editions():
        for state in await _sweep(name, today):
            ends.append(state)
            lines.append(f"{name}: {state.message}")
    Store(configuration.load().home).sweep(ledger.referenced_hashes())
    await forms.offer_choices()
    return ended(ends, "\n".join(lines) or "no edition was started")


async def _sweep(edition: str, today: dt.date | None) -> list[State[Any]]:
    """Sweep one edition; how each part ended that has something to tell."""
    try:
        desk = desk_for(edition, today=today)
    except Refusal as refusal:
        return [refused(str(refusal))]
    ends: list[State[Any]] = []
    # In a rehearsal all comes through the inbox; a real office asks its mail and folders, too.
    if inbox().names() or today is None:
        ends.append(await receive_documents(edition, today=today, return_state=True))
    ends.append(await prepare_edition(edition, today, return_state=True))
    try:
        calendar_view.publish_feeds(desk, key="feeds")
        await show_pages(desk)
        # Days pass on every page, also where nothing is due.
        for session in desk.edition.sessions:
            await board.session_page(desk, session)
    except Refusal as refusal:
        ends.append(refused(str(refusal)))
    except Exception as fault:  # noqa: BLE001  a fault of ours with one edition must hold up none of the others
        ends.append(failed(f"{edition}: its pages", fault))
    return ends
