"""What operators see of the calendar: the plan and the compliance report as tables, kept as artifacts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from prefect.artifacts import acreate_table_artifact
from prefect.client.schemas.objects import State

from flows.board import artifact_key, place_documents, rehearsal_notice
from flows.office import answer, desk_for, flow
from tasks import calendar_view, compliance
from tasks.calendar_view import Row
from tasks.desk import Desk
from tasks.schedules import ComplianceRow, Count

#: More names than these are counted.
_NAMES = 3


@flow(name="report-calendar", flow_run_name="{edition} calendar report")
async def report_calendar(edition: str, by: str, today: dt.date | None = None) -> State[Any]:
    """Keep the schedule and the compliance report as Word documents and artifacts, and bring the feeds up to date.

    Args:
        edition: The edition.
        by: Your name; it is kept with the documents.
        today: A simulated date, in a rehearsal only.
    """
    looked_at: list[Desk] = []

    def work() -> str:
        desk = desk_for(edition, by=by, today=today)
        looked_at.append(desk)
        schedule, _ = calendar_view.keep_schedule(desk, desk.edition.drafting_language.id)
        report, _ = compliance.keep_report(desk)
        feeds = calendar_view.write_feeds(desk)
        return f"{edition}: {schedule.name} and {report.name}; {len(feeds)} feeds"

    state = answer(work)
    for desk in looked_at:
        place_documents(desk)
        await show_pages(desk)
    return state


async def show_pages(desk: Desk) -> None:
    """Keep what operators see of the calendar: the plan and how it is kept to."""
    await calendar_page(desk)
    await compliance_page(desk)


async def calendar_page(desk: Desk) -> None:
    """Keep the plan of the edition as an artifact."""
    await acreate_table_artifact(
        key=artifact_key("calendar", desk.edition.id),
        table=calendar_rows(desk),
        description=(
            f"{rehearsal_notice(desk)}**{desk.edition.id}** on {desk.today:%-d %B %Y}: how every deadline stands."
        ),
    )


async def compliance_page(desk: Desk) -> None:
    """Keep the compliance report of the edition as an artifact."""
    await acreate_table_artifact(
        key=artifact_key("compliance", desk.edition.id),
        table=compliance_rows(desk),
        description=(
            f"{rehearsal_notice(desk)}**{desk.edition.id}** until {desk.today:%-d %B %Y}: what was handed in and "
            "issued on time, and whose delay the rest is, in working days."
        ),
    )


def calendar_rows(desk: Desk, *, session: str | None = None, body: str | None = None) -> list[dict[str, str]]:
    """The plan, or one session's or body's part of it, as a table in the drafting language."""
    rows = calendar_view.rows(desk, desk.edition.drafting_language.id, session=session, body=body)
    return [
        {
            "key": row.key,
            "deadline": row.name,
            "due": f"{spoken_day(row.due)}{f', {row.time}' if row.time else ''}",
            "who moves": spoken_movers(row),
            "state": spoken_state(row),
            "first planned": spoken_day(row.baseline) if row.baseline != row.due else "",
            "why that day": row.reason,
            "slack": "" if row.slack_days is None else f"{row.slack_days}",
            "critical": "critical" if row.critical else "",
        }
        for row in rows
    ]


def compliance_rows(desk: Desk) -> list[dict[str, str]]:
    """The compliance report as one table: a line per session, stage, body and language, then the delays by party."""
    found = compliance.assess(desk)
    lines = [{"by": by, **compliance_cells(row)} for by, rows in found.sections.items() for row in rows]
    lines += [
        {"by": "delays", "name": late.party, "late": f"{len(late.days)}", "working days": f"{sum(late.days)}"}
        for late in found.lateness
    ]
    columns = list(dict.fromkeys(name for line in lines for name in line))
    return [{name: line.get(name, "") for name in columns} for line in lines]


def compliance_cells(row: ComplianceRow) -> dict[str, str]:
    """One line of the compliance report."""
    return {
        "name": row.name,
        "on time": f"{row.plan.on_time}",
        "late": f"{row.plan.late}",
        "missing": f"{row.plan.missing}",
        "% on time": _share(row.plan),
        "% of the first plan": _share(row.baseline),
        "extensions": f"{row.extensions}",
    }


def spoken_day(day: dt.date) -> str:
    return f"{day:%a %-d %b %Y}"


def spoken_movers(row: Row) -> str:
    """Who moves, the first few by name, each extension with them."""
    shown = list(row.movers[:_NAMES])
    if len(row.movers) > _NAMES:
        shown.append(f"{len(row.movers) - _NAMES} more")
    return "; ".join([", ".join(shown), *(f"{e.party} until {spoken_day(e.until)}" for e in row.extensions)])


def spoken_state(row: Row) -> str:
    """How a deadline stands, with the day it was met."""
    return f"{row.state}, came {spoken_day(row.actual)}" if row.actual else row.state


def _share(count: Count) -> str:
    return f"{count.on_time / count.total:.0%}" if count.total else ""
