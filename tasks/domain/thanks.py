"""Who is thanked after the Forum, for what, and when: one letter for each person or body that helped.

A party is thanked on the day after the Forum at the earliest, and once everything it had a part in is done: the report
of each of its sessions is issued, and, for a general rapporteur, the report of the roundtable.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from tasks.domain.edition import Edition, Session
from tasks.domain.view import Standing

KIND = "thanks"


@dataclass(frozen=True)
class Part:
    """What a party did in a session or for a roundtable: `role`, one of the edition's, or a label of the wording."""

    label: str = ""
    role: str = ""
    session: str | None = None
    roundtable: str | None = None


def parts(edition: Edition, records: Iterable[Standing]) -> dict[str, list[Part]]:
    """What each party, by id, had a part in, in the order of the sessions.

    Leads and co-leads whose note was not withdrawn, people who confirmed their seat, note takers of sessions with a
    report, and general rapporteurs.
    """
    states = {(r.kind, r.key): r for r in records}
    found: dict[str, list[Part]] = {}

    def add(party: str | None, part: Part) -> None:
        if party and part not in found.setdefault(party, []):
            found[party].append(part)

    for session in edition.sessions:
        note = states.get(("concept-note", session.id))
        if session.team and note and note.state != "withdrawn":
            add(session.team.lead, Part("lead", session=session.id))
            add(session.team.co_lead, Part("co_lead", session=session.id))
        for seat in session.seats:
            record = states.get(("seat", seat.id))
            if record and record.state == "confirmed":
                add(record.facts["person"], Part(role=seat.role, session=session.id))
        if session.report_parts:
            for person in edition.roundtable(session.roundtable).note_takers:
                add(person, Part("note_taker", session=session.id))
    for roundtable in edition.roundtables:
        if ("roundtable-report", roundtable.id) in states:
            add(roundtable.general_rapporteur, Part("general_rapporteur", roundtable=roundtable.id))
    return found


def due(edition: Edition, records: Iterable[Standing], today: dt.date) -> dict[str, list[Part]]:
    """Who is to be thanked today and was not yet, and for what."""
    last = edition.event(edition.forum_end)
    assert last.date is not None  # checked with the edition
    if today <= (last.until or last.date):
        return {}
    records = list(records)
    issued = {(r.kind, r.key) for r in records if r.state == "issued"}
    thanked = {r.key for r in records if r.kind == KIND}
    reporting = {s.id for s in edition.sessions if s.report_parts}
    return {
        party: done
        for party, done in parts(edition, records).items()
        if party not in thanked and all(_is_over(part, issued, reporting) for part in done)
    }


def _is_over(part: Part, issued: set[tuple[str, str]], reporting: set[str]) -> bool:
    if part.roundtable is not None:
        return ("roundtable-report", part.roundtable) in issued
    return part.session not in reporting or ("report", str(part.session)) in issued


def session_of(edition: Edition, done: list[Part]) -> Session | None:
    """The one session a party helped with; None where it is several, or a roundtable."""
    sessions = {part.session for part in done}
    only = next(iter(sessions)) if len(sessions) == 1 else None
    return edition.session(only) if only else None
