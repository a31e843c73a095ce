"""What a person decides about a translation: which findings of its checks may stand."""

from __future__ import annotations

import datetime as dt
from typing import Any

from prefect.client.schemas.objects import State

from flows.edition import follow_up
from flows.office import answer, desk_for, flow
from tasks import translation


@flow(name="waive-findings", flow_run_name="{edition} {key}: findings waived")
async def waive_findings(
    edition: str, key: str, findings: list[int], reason: str, by: str, today: dt.date | None = None
) -> State[Any]:
    """Let findings of a translation's checks stand; with the last one the paper is issued in its language.

    Args:
        edition: The edition.
        key: The translation: the paper and the language, such as 1.1:fr.
        findings: Their numbers in the report.
        reason: Why they may stand.
        by: Your name; it is kept with the waiver.
        today: A simulated date, in a rehearsal only.
    """

    def work() -> str:
        return translation.waive(desk_for(edition, by=by, today=today), key, findings, reason)

    return await follow_up(edition, answer(work), today)
