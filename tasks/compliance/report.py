"""The compliance report: what was handed in and issued on time, and whose delay what was late is.

Counts against the plan that holds now and against the first one; delays in working days, by the party that caused them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tasks.adapters.ledger import DocumentRow
from tasks.adapters.plots.compliance import Lateness
from tasks.asks import name_of_party
from tasks.compliance.rows import rows_of
from tasks.desk import Desk
from tasks.domain.compliance import PLANS, Plan, Report, Row, attribute, report
from tasks.domain.edition import Edition
from tasks.domain.session_network import day_count_of
from tasks.schedules import ComplianceRow, Count, Grouping, Laid, compliance_document, keep_if_new, outcome_picture

KIND = "compliance"


@dataclass(frozen=True)
class Compliance:
    """The report with its rows, and both in words: counts by group, and the working days of delay by party."""

    rows: tuple[Row, ...]
    report: Report
    sections: Mapping[Grouping, list[ComplianceRow]]
    lateness: tuple[Lateness, ...]


def assess(desk: Desk, language: str | None = None) -> Compliance:
    """How the edition's deadlines were kept until today, in a language of the edition (the drafting language)."""
    language = language or desk.edition.drafting_language.id
    rows, days = tuple(rows_of(desk)), _working_days(desk.edition)
    found = report(rows, desk.today, days)
    # Nobody misses what has not become its move because others are late.
    asked = report((row for row in rows if row.since), desk.today, days)
    delays: dict[str, list[int]] = defaultdict(list)
    by_key = {row.key: row for row in rows}
    for row in rows:
        for share in attribute(by_key, row.key, "current", desk.today, days):
            if share.cause == "own":
                delays[share.party].append(share.days)
    late = sorted(delays.items(), key=lambda item: (-sum(item[1]), item[0]))
    lateness = tuple(
        Lateness(name_of_party(desk, party, language), tuple(sorted(days, reverse=True))) for party, days in late
    )
    return Compliance(rows, found, _sections(desk, found, asked, language), lateness)


def keep_report(desk: Desk) -> tuple[DocumentRow, bool]:
    """The report as a Word document of the ledger, and whether a new version was made: none while it says the same."""
    language = desk.edition.drafting_language.id
    words, found = desk.words(language), assess(desk, language)

    def lay(number: int) -> Laid:
        return compliance_document(
            words, desk.page(language, version=str(number)), title=desk.edition.names[language],
            sections=found.sections, lateness=found.lateness, today=desk.today,
        )  # fmt: skip

    return keep_if_new(
        desk, lay, (found.sections, found.lateness), kind=KIND, key=desk.edition.id, session=None, language=language,
        title=words("documents.compliance"),
    )  # fmt: skip


def draw_picture(desk: Desk, by: Grouping = "stage") -> bytes:
    """The chart (PNG) of what came on time, late or not at all, by session, stage, body or language."""
    language = desk.edition.drafting_language.id
    words = desk.words(language)
    return outcome_picture(words, assess(desk).sections[by], desk.marked(words(f"schedule.by_{by}"), language))


def _working_days(edition: Edition) -> Callable[[dt.date, dt.date], int]:
    """Working days between two days; what comes on a day off counts as if it came on the next working day."""
    days = day_count_of(edition)

    def worked(day: dt.date) -> dt.date:
        return days.after(day - dt.timedelta(days=1), 1)

    return lambda first, last: days.between(worked(first), worked(last))


def _sections(desk: Desk, found: Report, asked: Report, language: str) -> dict[Grouping, list[ComplianceRow]]:
    """Counts in words, those of bodies as `asked`. Only governments and organisations are bodies."""
    edition = desk.edition
    stages = desk.words(language).group("stages")

    def name(by: str, id: str) -> str:
        if by == "session":
            return f"{id} {edition.session(id).title[language]}"
        if by == "stage":
            return stages[id]
        return desk.language_name(id, language) if by == "language" else edition.body(id).names[language]

    counts: dict[tuple[str, str], dict[Plan, Count]] = {}
    extensions: dict[tuple[str, str], int] = defaultdict(int)
    lines = [dict(zip(found.groups.columns, cells, strict=True)) for cells in found.groups.rows]
    lines = [line for line in lines if line["by"] in ("session", "stage", "language")]
    lines += [
        line
        for cells in asked.groups.rows
        if (line := dict(zip(asked.groups.columns, cells, strict=True)))["by"] == "party"
        and edition.has("bodies", str(line["id"]))
    ]
    for line in lines:
        by, id = str(line["by"]), str(line["id"])
        by = "body" if by == "party" else by
        plan: Plan = "baseline" if line["plan"] == PLANS[0] else "current"
        each = counts.setdefault((by, id), dict.fromkeys(PLANS, Count()))
        each[plan] = Count(
            each[plan].on_time + int(str(line["in-time"])),
            each[plan].late + int(str(line["late"])),
            each[plan].missing + int(str(line["missing"])),
        )
        if plan == "current":
            extensions[by, id] += int(str(line["extensions"]))
    orders: dict[Grouping, list[str]] = {
        "session": [session.id for session in edition.sessions],
        "stage": list(stages),
        "body": [body.id for body in edition.bodies],
        "language": [each.id for each in edition.languages],
    }
    return {
        by: [
            ComplianceRow(name(by, id), both["current"], both["baseline"], extensions[by, id])
            for id in order
            if (both := counts.get((by, id), {})) and (both["current"].total or both["baseline"].total)
        ]
        for by, order in orders.items()
    }
