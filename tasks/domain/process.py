"""The whole process of one team: which records it has, what is due, who waits for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tasks.domain import background_paper, calendar_records, concept_note, panel, rapporteur_report, translation
from tasks.domain.calendar import plan
from tasks.domain.edition import Edition, Session
from tasks.domain.view import Step, TeamView, Wait

#: The stages in the order a board shows them.
STAGES = (concept_note, background_paper, panel, translation, rapporteur_report)
STAGE_NAMES = tuple(stage.STAGE for stage in STAGES)


@dataclass(frozen=True)
class NewRecord:
    """A record as it is when its edition starts."""

    kind: str
    key: str
    state: str
    session: str | None
    facts: dict[str, Any] = field(default_factory=dict)


def records_of(edition: Edition, session: Session) -> list[NewRecord]:
    """Every record a session begins with; what it lacks in the edition it has no record for."""
    records = []
    if session.team:
        records.append(NewRecord("concept-note", session.id, "planned", session.id, {"attempt": 0}))
    for paper in session.papers:
        key = background_paper.paper_key(session, paper)
        records.append(NewRecord("background-paper", key, "planned", session.id, {"round": 1}))
    for key, paper_key, language in translation.keys(edition, session):
        about = {"paper": paper_key, "language": language}
        records.append(NewRecord("translation", key, "planned", session.id, about))
    if session.seats:
        records.append(NewRecord("panel", session.id, "incomplete", session.id))
    for seat in session.seats:
        person = {"person": seat.person} if seat.person else {}
        facts: dict[str, Any] = {"role": seat.role, "invitation": 0, **person}
        records.append(NewRecord("seat", seat.id, "nominated" if seat.person else "open", session.id, facts))
    if session.report_parts:
        records.append(NewRecord("summary", session.id, "planned", session.id))
        records.append(NewRecord("report", session.id, "planned", session.id, {"attempt": 0}))
    return records


def initial(edition: Edition) -> list[NewRecord]:
    """Every record an edition begins with."""
    records = [record for session in edition.sessions for record in records_of(edition, session)]
    reporting = {session.roundtable for session in edition.sessions if session.report_parts}
    records += [NewRecord("roundtable-report", r.id, "planned", None) for r in edition.roundtables if r.id in reporting]
    if edition.horizontal:
        records.append(NewRecord("horizontal-report", "horizontal", "planned", None))
    if any(session.report_parts for session in edition.sessions):
        records.append(NewRecord("action-register", "actions", "planned", None))
    return records + of_the_calendar(edition)


def of_the_calendar(edition: Edition) -> list[NewRecord]:
    """A record for each event that has a day, and for each milestone of each session, paper and translation."""
    return [
        NewRecord(calendar_records.EVENT, event.id, "scheduled", None, calendar_records.event_facts(event))
        for event in edition.events
        if event.precision == "day"
    ] + [
        NewRecord(
            calendar_records.MILESTONE, planned.key, "planned", planned.session, calendar_records.first_facts(planned)
        )
        for planned in plan(edition).values()
    ]


def due(view: TeamView, today: dt.date) -> list[Step]:
    """Everything that can be done for a team today; empty means no flow need start."""
    return [step for stage in STAGES for step in stage.due(view, today)]


def waits(view: TeamView, today: dt.date) -> list[Wait]:
    """Everybody's moves for a team, the nearest deadline first."""
    return sorted((w for stage in STAGES for w in stage.waits(view, today)), key=lambda w: (w.until, w.stage, w.key))


def finished(view: TeamView) -> bool:
    """Whether nothing more is to come for the team."""
    last = {
        "concept-note": {"adopted", "withdrawn"},
        "background-paper": {"issued"},
        "panel": {"complete"},
        "translation": {"issued"},
        "summary": {"issued"},
        "report": {"issued"},
    }
    if view.state("concept-note", view.session.id) == "withdrawn":
        # No paper comes of a note that was withdrawn; the panel and the report go on.
        del last["background-paper"], last["translation"]
    return all(record.state in last[record.kind] for record in view.records.values() if record.kind in last)


#: What is compiled from the reports of all sessions.
RESTS_ON_REPORTS = ("roundtable-report", "horizontal-report", "action-register")

#: What hangs on a record of each kind, for a correction: these kinds of the same session begin anew.
FOLLOWERS: dict[str, tuple[str, ...]] = {
    "concept-note": ("background-paper", "comments", "translation", "translation-review"),
    # What is decided on a paper is its final text, after all rounds: comments stay as they came.
    "background-paper": ("translation", "translation-review"),
    "seat": (),
    "report": (),
}


#: What was asked of somebody about a text that is no longer the one: the state in which nothing is awaited.
VOID = {"comments": "silent", "translation-review": "closed"}


def followers(kind: str, key: str, records: Iterable[Any]) -> list[Any]:
    """Records (of one session) that rest on the record `kind`, `key`."""
    kinds = FOLLOWERS.get(kind, ())
    return [
        record
        for record in records
        if record.kind in kinds and (kind != "background-paper" or record.facts.get("paper") == key)
    ]
