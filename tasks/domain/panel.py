"""Panels: seats by role, invitations and answers (docs/process.md, 3)."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tasks.domain.edition import NOT_STATED, Edition, Person
from tasks.domain.view import Standing, Step, TeamView, Wait, milestone_key

STAGE = "panel"


def seat_record(view: TeamView, seat: str) -> Standing | None:
    return view.find("seat", seat)


def is_complete(view: TeamView) -> bool:
    """Whether every required seat is confirmed."""
    return all(view.state("seat", seat.id) == "confirmed" for seat in view.session.seats if seat.required)


def due(view: TeamView, today: dt.date) -> list[Step]:
    """The steps of the panel that can be taken today."""
    if not view.session.seats or today < view.due("panel-invitation"):
        return []
    steps = [
        Step(STAGE, "invite", seat.id) for seat in view.session.seats if view.state("seat", seat.id) == "nominated"
    ]
    panel = view.state(STAGE, view.session.id)
    if panel == "incomplete" and is_complete(view):
        steps.append(Step(STAGE, "complete", view.session.id))
    elif panel == "complete" and not is_complete(view):
        steps.append(Step(STAGE, "reopen", view.session.id))
    return steps


def waits(view: TeamView, today: dt.date) -> list[Wait]:
    """Who must act on the seats: the person invited, or the coordinator where nobody is."""
    found = []
    coordinator = view.edition.coordinator_of(view.session).id
    milestone = milestone_key(view.session.id, "panel-complete")
    for seat in view.session.seats:
        record = seat_record(view, seat.id)
        if record is None:
            continue
        since = record.changed_at.date()
        match record.state:
            case "nominated" if today < view.due("panel-invitation"):
                invited = view.due("panel-invitation")
                found.append(Wait(STAGE, "seat", seat.id, f"invitation to {seat.id}", (), invited, since))
            case "invited":
                person = record.facts["person"]
                until = view.due_for(person, "panel-complete")
                what = f"answer for {seat.id}"
                found.append(Wait(STAGE, "seat", seat.id, what, (person,), until, since, milestone, "seat-answer"))
            case "open" | "declined" | "withdrawn":
                until, what = view.due_for(coordinator, "panel-complete"), f"a candidate for {seat.id}"
                found.append(
                    Wait(STAGE, "seat", seat.id, what, (coordinator,), until, since, milestone, "seat-candidate")
                )
    return found


@dataclass(frozen=True)
class Balance:
    """How many panellists by region, development group and gender; what is not stated is counted as such."""

    regions: Counter[str]
    development: Counter[str]
    genders: Counter[str]


def balance(edition: Edition, people: Iterable[Person]) -> Balance:
    """Count `people` once per seat they hold. Nothing is inferred: a person's group is that of the body, as stated."""
    regions: Counter[str] = Counter()
    development: Counter[str] = Counter()
    genders: Counter[str] = Counter()
    for person in people:
        regions[person.region] += 1
        development[edition.body(person.body).development if person.body else NOT_STATED] += 1
        genders[person.gender] += 1
    return Balance(regions, development, genders)


def affiliation(organisation: str, body: str) -> str:
    """Both names, or the one that has every word of the other; brackets, capitals and accents are no difference."""
    said, known = (set(re.findall(r"\w+", _plain(name))) for name in (organisation, body))
    if known <= said:
        return organisation
    return body if said <= known else f"{organisation}, {body}"


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.casefold().replace("œ", "oe"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
