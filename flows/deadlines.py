"""The daily sweep: what came in, every team, what nobody needs any more. Events only hurry it along."""

from __future__ import annotations

import datetime as dt
from typing import Any

from prefect.client.schemas.objects import State
from prefect.states import Completed

from config import settings as configuration
from flows.calendar_view import show_pages
from flows.edition import prepare_edition
from flows.mailroom import receive_documents
from flows.office import desk_for, flow, inbox, open_ledger
from tasks import calendar_view
from tasks.adapters.local.store import Store


@flow(name="daily-sweep", flow_run_name="daily sweep")
async def daily_sweep(edition: str | None = None, today: dt.date | None = None) -> State[Any]:
    """Sweep `edition`, or every edition that was started: file what came in, advance the teams, drop orphaned files."""
    ledger = open_ledger()
    lines = []
    for name in [edition] if edition else ledger.editions():
        # In a rehearsal all comes through the inbox; a real office asks its mail and folders, too.
        if inbox().names() or today is None:
            came_in = await receive_documents(name, today=today, return_state=True)
            lines.append(f"{name}: {came_in.message}")
        state = await prepare_edition(name, today, return_state=True)
        lines.append(f"{name}: {state.message}")
        if state.name != "Refused":
            desk = desk_for(name, today=today)
            calendar_view.publish_feeds(desk, key="feeds")
            await show_pages(desk)
    Store(configuration.load().home).sweep(ledger.referenced_hashes())
    return Completed(message="\n".join(lines) or "no edition was started")
