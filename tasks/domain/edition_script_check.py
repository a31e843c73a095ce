"""The script of a rehearsal: what it names is in the edition that is rehearsed, and its days are in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tasks.domain.background_paper import paper_key
from tasks.domain.edition import Edition
from tasks.domain.edition_mistake import UNREAD, Mistake, Path, ids_of
from tasks.domain.players import Script


def check_script(script: Script, edition: Edition) -> Iterator[Mistake]:
    """Everything in `script` that `edition`, with the rehearsal's overlay, does not have."""
    bodies, people, staff = (
        ids_of(entry.id for entry in entries) for entries in (edition.bodies, edition.people, edition.staff)
    )
    dated = ids_of(event.id for event in edition.events if event.precision == "day")
    sessions = ids_of(session.id for session in edition.sessions)
    papers = ids_of(paper_key(session, paper) for session in edition.sessions for paper in session.papers)
    seats = ids_of(seat.id for session in edition.sessions for seat in session.seats)
    outcomes = ids_of(outcome.id for outcome in edition.rules.note_outcomes)
    if script.ends < script.begins:
        yield Mistake(("ends",), str(script.ends), f"is before the script begins on {script.begins}")
    yield from _named(("approves",), [script.approves], staff, "nobody of the staff")
    for i, move in enumerate(script.meetings):
        yield from _named(("meetings", i, "event"), [move.event], dated, "no event with an exact day")
    for i, grant in enumerate(script.extensions):
        party = (*bodies, *people, *staff)
        yield from _named(("extensions", i, "party"), [grant.party], party, "nobody of this edition")
        milestones = ids_of(milestone.id for milestone in edition.milestones)
        milestone = grant.milestone.rpartition("/")[2]
        yield from _named(("extensions", i, "milestone"), [milestone], milestones, "no milestone")
    for i, amendment in enumerate(script.amendments):
        yield from _named(("amendments", i, "paper"), [amendment.paper], papers, "no paper")
    for i, scene in enumerate(script.scenes):
        at: Path = ("scenes", i)
        yield from _named((*at, "session"), [scene.session], sessions, "no session")
        yield from _named((*at, "paper"), [scene.paper], papers, "no paper")
        yield from _named((*at, "seat"), [scene.seat], seats, "no seat")
        yield from _named((*at, "body"), [scene.body], bodies, "no body")
        yield from _named((*at, "person"), [scene.person], people, "no person")
        yield from _named((*at, "replacement"), [scene.replacement], people, "no person")
        yield from _named((*at, "outcome"), [scene.outcome], outcomes, "no outcome of a note")
        yield from _named((*at, "joined"), scene.joined, bodies, "no body")


def _named(path: Path, ids: Iterable[str | None], allowed: tuple[str, ...], what: str) -> Iterator[Mistake]:
    for id in ids:
        if id is not None and id not in allowed and UNREAD not in allowed:
            yield Mistake(path, id, f"is {what}", allowed)
