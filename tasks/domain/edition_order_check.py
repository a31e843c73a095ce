"""The order of an edition's days: what no forum can do before something else, whatever its rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import pairwise

from tasks.domain.edition import Edition
from tasks.domain.edition_mistake import Mistake, Path

#: Whether a rule gives a day, and which, rests on all of these.
ALL_OF_TIME: tuple[Path, ...] = (
    ("events",), ("sessions",), ("roundtables",), ("languages",), ("closures",), ("rules", "comment_rounds"),
)  # fmt: skip
_ON = (*ALL_OF_TIME, ("milestones",), ("forum_start",), ("forum_end",))


def check_order(edition: Edition, due: Mapping[str, dt.date]) -> Iterator[Mistake]:
    """Days that stand in an impossible order. `due` is by milestone the earliest day it falls on, as far as known.

    A milestone is told of once, and no other for coming before or after it. Nothing is said of milestones where the
    day they hang on is itself impossible, nor of what is a matter of taste.
    """
    dates = {event.id: event.date for event in edition.events if event.precision == "day" and event.date}
    begins, ends = dates.get(edition.forum_start), dates.get(edition.forum_end)
    if begins and ends and ends < begins:
        problem = f"the Forum would end on {_day(ends)}, before it begins on {_day(begins)}"
        yield Mistake(("forum_end",), edition.forum_end, problem, rests_on=_ON)
        return
    meetings = {event.id for event in edition.events if event.kind == "fof"}
    tabled = dates.get(edition.rules.note_tabled_at) if edition.rules.note_tabled_at in meetings else None
    if begins and tabled and tabled > begins:
        problem = f"is on {_day(tabled)}, after the Forum has begun on {_day(begins)}: too late for concept notes"
        yield Mistake(("rules", "note_tabled_at"), edition.rules.note_tabled_at, problem, rests_on=_ON)
        return
    rounds = range(1, edition.rules.comment_rounds + 1)
    note = ("note-invitation", "note-due", "note-decision")
    paper = (*(f"{step}-{n}" for n in rounds for step in ("draft", "comments")), "final-due")
    panel = ("panel-invitation", "panel-complete")
    report = ("report-templates", "summary-due")
    bounds: list[tuple[tuple[str, ...], dt.date | None, str]] = [
        (note, tabled, f"the meeting that has the notes before it ({edition.rules.note_tabled_at})"),
        ((*note, *paper, *panel), begins, "the Forum begins"),
    ]
    told: set[str] = set()
    for milestones, last, what in bounds:
        for id in milestones:
            if last and id in due and id not in told and due[id] > last:
                told.add(id)
                yield _mistake(edition, id, due[id], f"after {what} on {_day(last)}")
    for id in ("summary-due", "report-due", "roundtable-report-due"):
        if begins and id in due and due[id] < begins:
            told.add(id)
            yield _mistake(edition, id, due[id], f"before the Forum begins on {_day(begins)}")
    chains = (
        note, ("call-for-input", "input-due"), paper, panel, report,
        ("final-due", "translation-due", "translation-review-due"),
    )  # fmt: skip
    for chain in chains:
        for earlier, later in pairwise(id for id in chain if id in due and id not in told):
            if due[later] < due[earlier] and later not in told:
                told.add(later)
                yield _mistake(edition, later, due[later], f"before {earlier} on {_day(due[earlier])}")


def _mistake(edition: Edition, id: str, day: dt.date, when: str) -> Mistake:
    index = next(i for i, milestone in enumerate(edition.milestones) if milestone.id == id)
    problem = f"{id} would be due on {_day(day)}, {when}"
    return Mistake(("milestones", index, "rule"), edition.milestones[index].rule, problem, rests_on=_ON)


def _day(date: dt.date) -> str:
    return f"{date:%-d %B %Y}"
