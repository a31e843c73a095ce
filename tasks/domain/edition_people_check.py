"""Who does what in an edition: addresses mail can go to, each body once in a team, each person once on a panel."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from tasks.domain.edition import Edition, Team
from tasks.domain.edition_mistake import UNREAD, Mistake, Path

#: What a mail program takes for an address; whether anybody reads it, only a mail can tell.
_ADDRESS: Final = re.compile(r"[^\s@<>(),;:\"\[\]]+@[^\s@<>(),;:\"\[\]]+\.[^\s@<>(),;:\"\[\].]+")


def check_people(edition: Edition) -> Iterator[Mistake]:
    """Mistakes in how bodies and people are reached, and in where they stand in teams, panels and reviews."""
    yield from _addresses(edition)
    yield from _reviewers(edition)
    for i, session in enumerate(edition.sessions):
        path: Path = ("sessions", i)
        if session.team:
            yield from _once((*path, "team"), _places(session.team))
            if session.closed:
                problem = "is closed, so it has no team to prepare it; leave out `closed` or `team`"
                yield Mistake((*path, "closed"), session.id, problem, rests_on=((*path, "team"),))
        for j, paper in enumerate(session.papers):
            authors = (((f"authors of paper {j + 1}"), ("authors", k), id) for k, id in enumerate(paper.authors))
            yield from _once((*path, "papers", j), authors)
        seats = ((f"seat {seat.id}", (j, "person"), seat.person) for j, seat in enumerate(session.seats) if seat.person)
        yield from _once((*path, "seats"), seats)


def _addresses(edition: Edition) -> Iterator[Mistake]:
    places: list[tuple[Path, str | None]] = [
        *((("bodies", i, "focal_point", "email"), body.focal_point.email) for i, body in enumerate(edition.bodies)),
        *((("people", i, "email"), person.email) for i, person in enumerate(edition.people)),
        *((("staff", i, "email"), member.email) for i, member in enumerate(edition.staff)),
    ]
    for path, email in places:
        if email and email != UNREAD and not _ADDRESS.fullmatch(email):
            yield Mistake(path, email, "is no e-mail address such as name@ministry.example")
    for i, body in enumerate(edition.bodies):
        if body.reached_by_email and not body.focal_point.email:
            problem = "is reached by e-mail but has no `email`; give it, or `reached_by_email: false`"
            yield Mistake(("bodies", i, "focal_point"), body.id, problem, rests_on=(("bodies", i),))


def _reviewers(edition: Edition) -> Iterator[Mistake]:
    for i, language in enumerate(edition.languages):
        path: Path = ("languages", i)
        yield from _once(path, (("reviewers", ("reviewers", j), id) for j, id in enumerate(language.reviewers)))
        count = len(language.reviewers)
        if language.reviewers_of_each is not None and language.reviewers_of_each > count:
            problem = f"there {'is' if count == 1 else 'are'} {count} in `reviewers`"
            place = (*path, "reviewers_of_each")
            yield Mistake(place, language.reviewers_of_each, problem, rests_on=((*path, "reviewers"),))


def _places(team: Team) -> Iterator[tuple[str, Path, str]]:
    """What each body of the team is, where that stands, and its id."""
    yield "lead", ("lead",), team.lead
    if team.co_lead:
        yield "co-lead", ("co_lead",), team.co_lead
    yield from (("members", ("members", i), id) for i, id in enumerate(team.members))
    yield from (("observers", ("observers", i), id) for i, id in enumerate(team.observers))


def _once(path: Path, places: Iterable[tuple[str, Path, str]]) -> Iterator[Mistake]:
    seen: dict[str, str] = {}
    for what, place, id in places:
        if id in seen and id != UNREAD:
            yield Mistake((*path, *place), id, f"stands here already ({seen[id]})")
        seen.setdefault(id, what)
