"""What an edition says of its letters: who signs, who gets copies, and who is invited to what."""

from __future__ import annotations

from collections.abc import Iterator

from tasks.domain.correspondence import PARTS, kinds
from tasks.domain.edition import Edition
from tasks.domain.edition_mistake import UNREAD, Mistake, Path, ids_of


def check_letters(edition: Edition) -> Iterator[Mistake]:
    """The tables name kinds of letters that there are, and copies go to somebody whom a mail reaches."""
    allowed = kinds()
    for kind in edition.signs:
        if kind not in allowed and kind != UNREAD:
            yield Mistake(("signs", kind), kind, "is no kind of letter", allowed)
    yield from _director(edition)
    bodies, people, staff = (
        ids_of(entry.id for entry in entries) for entries in (edition.bodies, edition.people, edition.staff)
    )
    known = (*PARTS, *bodies, *people, *staff)
    for i, rule in enumerate(edition.copies):
        path: Path = ("copies", i)
        for j, kind in enumerate(rule.letters):
            if kind not in allowed and kind != UNREAD:
                yield Mistake((*path, "letters", j), kind, "is no kind of letter", allowed)
        for j, to in enumerate(rule.to):
            if to not in bodies and UNREAD not in (to, *bodies):
                yield Mistake((*path, "to", j), to, "is not a body", bodies)
        for j, named in enumerate(rule.cc):
            if named not in known and UNREAD not in (named, *known):
                yield Mistake((*path, "cc", j), named, "is nobody of this edition", known)
            elif named in bodies:
                index = bodies.index(named)
                body = edition.bodies[index]
                if not body.reached_by_email or not body.focal_point.email:
                    problem = "has no e-mail address, so no copy reaches it"
                    yield Mistake((*path, "cc", j), named, problem, rests_on=(("bodies", index),))
    yield from _invites(edition)


def _director(edition: Edition) -> Iterator[Mistake]:
    """Where the director signs or gets copies, there is one."""
    if any(member.role == "director" for member in edition.staff):
        return
    problem = "nobody of the staff has the role `director`"
    for kind, signs in edition.signs.items():
        if signs == "director":
            yield Mistake(("signs", kind), signs, problem, rests_on=(("staff",),))
    for i, rule in enumerate(edition.copies):
        for j, named in enumerate(rule.cc):
            if named == "director":
                yield Mistake(("copies", i, "cc", j), named, problem, rests_on=(("staff",),))


def _invites(edition: Edition) -> Iterator[Mistake]:
    """Friends and bodies are invited to what has a day for all, a team to a deadline of its own."""
    events = ids_of(event.id for event in edition.events if event.precision == "day")
    milestones = tuple(milestone.id for milestone in edition.milestones)
    for entry, who in (edition.invites or {}).items():
        allowed = milestones if who == "team" else events
        if entry not in allowed and UNREAD not in (entry, *events, *milestones):
            what = "is no milestone of a team" if who == "team" else "is no event with an exact day"
            yield Mistake(("invites", entry), entry, what, allowed)
