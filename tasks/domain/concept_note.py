"""Concept notes: from the invitation of the lead to the meeting of the Friends of the Forum (docs/process.md, 1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from tasks.domain.edition import Edition
from tasks.domain.text import WordCount
from tasks.domain.view import Step, TeamView, Wait, date_of, milestone_key

STAGE = "concept-note"


def due(view: TeamView, today: dt.date) -> list[Step]:
    """The steps of the note that can be taken today."""
    session = view.session
    if session.team is None:
        return []
    match view.state(STAGE, session.id):
        case "planned" if today >= view.due("note-invitation"):
            return [Step(STAGE, "invite", session.id)]
        case "accepted":
            return [Step(STAGE, "number", session.id)]
    return []


def waits(view: TeamView, today: dt.date) -> list[Wait]:
    """Who must act on the note."""
    session, note = view.session, view.find(STAGE, view.session.id)
    if note is None or session.team is None:
        return []
    coordinator = view.edition.coordinator_of(session).id
    since = note.changed_at.date()
    lead = session.team.lead

    def wait(what: str, parties: tuple[str, ...], until: dt.date, milestone: str = "", ask: str = "") -> list[Wait]:
        key = milestone_key(session.id, milestone) if milestone else ""
        return [Wait(STAGE, STAGE, session.id, what, parties, until, since, key, ask or milestone)]

    match note.state:
        case "planned":
            return wait("invitation to the lead", (), view.due("note-invitation"), "note-invitation")
        case "invited":
            return wait("concept note", (lead,), view.due_for(lead, "note-due"), "note-due")
        case "returned":
            until = date_of(note.facts, "until", view.due("note-decision"))
            extended = view.extensions.get((milestone_key(session.id, "note-due"), lead), until)
            return wait("corrected concept note", (lead,), max(until, extended), "note-due", "note-corrected")
        case "received":
            until = view.due_for(coordinator, "note-decision")
            return wait("decision on the concept note", (coordinator,), until, "note-decision")
        case "numbered" | "tabled":
            meeting = view.edition.event(note.facts["meeting"])
            assert meeting.date is not None  # meetings that table notes have a day
            if note.state == "numbered":
                return wait(f"compiled document of {meeting.id}", (), meeting.date)
            return wait(f"outcome of {meeting.id}", (coordinator,), meeting.date)
    return []


def problems(
    count: WordCount, limit: int, sections: Collection[str], required: Collection[str]
) -> list[tuple[str, int | str]]:
    """What keeps a text from being taken: ("too-long", words over) and ("missing", section), in reading order."""
    found: list[tuple[str, int | str]] = [("missing", key) for key in required if key not in sections]
    if count.total > limit:
        found.append(("too-long", count.total - limit))
    return found


def meeting_for(edition: Edition, today: dt.date) -> str:
    """Id of the meeting that tables a note numbered today: the edition's own, or the next one after it.

    Where no meeting is left, the edition's own, so that a late note is at least recorded with it.
    """
    first = edition.event(edition.rules.note_tabled_at)
    later = sorted(
        (event.date, event.id)
        for event in edition.events
        if event.kind == "fof" and event.date and first.date and event.date >= max(first.date, today)
    )
    return later[0][1] if later else first.id
