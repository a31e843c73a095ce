"""Moving an event: what changes and why, what can't be met any more, whom it concerns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain.critical_path import Impossible, impossible
from tasks.domain.day_count import DayCount
from tasks.domain.move import Change, Move, MovedEvent, compare
from tasks.domain.network import Node

FREE = {dt.date(2007, 5, 17): "Ascension Day (BE)", dt.date(2007, 5, 28): "Whit Monday (BE)"}
DAYS = DayCount(lambda day: day.isoweekday() < 6 and day not in FREE)
TODAY = dt.date(2007, 4, 30)
FOF_3, LATER = dt.date(2007, 6, 8), dt.date(2007, 6, 15)


@dataclass(frozen=True)
class Shift:
    from_date: dt.date
    to_date: dt.date
    reason: str


@dataclass(frozen=True)
class Planned:
    item: str
    milestone: str
    session: str | None
    due: dt.date
    due_at: dt.datetime
    anchor: str
    anchor_date: dt.date
    shifts: tuple[Shift, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.item}/{self.milestone}"


def planned(
    key: str, due: dt.date, anchor: str, anchor_date: dt.date, *shifts: Shift, session: str | None = "1.1"
) -> Planned:
    item, milestone = key.split("/")
    due_at = dt.datetime.combine(due, dt.time(21, 59), dt.UTC)
    return Planned(item, milestone, session, due, due_at, anchor, anchor_date, shifts)


def a_plan(fof_3: dt.date) -> dict[str, Planned]:
    """A plan whose drafts hang on fof-3, its translations on the Forum, its reports on nothing that moves."""
    draft = DAYS.before(fof_3, 20)
    received = DAYS.after(draft, 5)
    bound = Shift(received, fof_3, "not later than fof-3")
    forum = dt.date(2007, 7, 9)
    found = [
        planned("1.1/note-due", dt.date(2007, 2, 27), "fof-2", dt.date(2007, 3, 27)),
        planned("1.1/draft-1", draft, "fof-3", fof_3),
        planned("1.1/comments-1", received, "draft-1 is received", draft),
        planned("1.1/final-due", max(received, dt.date(2007, 6, 12)), "comments-1", received),
        planned("1.1:fr/translation-due", dt.date(2007, 7, 2), "forum-start", forum),
        planned("1/roundtable-report-due", DAYS.after(received, 60), "comments-1", received, session=None),
    ]
    if fof_3 < received:
        found[2] = replace(found[2], shifts=(bound,))
    return {each.key: each for each in found}


def events(fof_3: dt.date) -> dict[str, dt.date]:
    return {"fof-2": dt.date(2007, 3, 27), "fof-3": fof_3, "forum-start": dt.date(2007, 7, 9)}


def network(plan: Mapping[str, Planned], met: Mapping[str, dt.date] | None = None) -> dict[str, Node]:
    links = {
        "1.1/draft-1": (), "1.1/comments-1": ("1.1/draft-1",), "1.1/final-due": ("1.1/comments-1",),
        "1.1:fr/translation-due": ("1.1/final-due",),
    }  # fmt: skip
    takes = {"1.1/comments-1": 5, "1.1/final-due": 3, "1.1:fr/translation-due": 14}
    nodes = {key: Node(key, plan[key].due, takes.get(key, 0), after) for key, after in links.items()}
    return {key: replace(node, met=(met or {}).get(key)) for key, node in nodes.items()}


def moved(old: dt.date, new: dt.date, today: dt.date = TODAY, met: Mapping[str, dt.date] | None = None) -> Move:
    before, after = a_plan(old), a_plan(new)
    return compare(
        before, after, events(old), events(new), networks=[network(before, met)], days=DAYS, today=today,
        parties={"1.1/draft-1": ["ghana"], "1.1/comments-1": ["who", "ghana"], "1.1/note-due": ["norway"]},
    )  # fmt: skip


def test_a_week_later_what_hangs_on_it_follows_and_the_rest_stays():
    found = moved(FOF_3, LATER)
    assert found.events == (MovedEvent("fof-3", FOF_3, LATER),)
    assert [(c.key, c.old, c.new, c.events, c.through) for c in found.changed] == [
        ("1.1/draft-1", dt.date(2007, 5, 9), dt.date(2007, 5, 16), ("fof-3",), ()),
        ("1.1/comments-1", dt.date(2007, 5, 16), dt.date(2007, 5, 24), ("fof-3",), ("1.1/draft-1",)),
        (
            "1/roundtable-report-due", dt.date(2007, 8, 10), dt.date(2007, 8, 17), ("fof-3",),
            ("1.1/comments-1", "1.1/draft-1"),
        ),
    ]  # fmt: skip
    assert found.unchanged == ("1.1/note-due", "1.1/final-due", "1.1:fr/translation-due")
    assert found.parties == {"ghana": ("1.1/draft-1", "1.1/comments-1"), "who": ("1.1/comments-1",)}
    assert (found.impossible, found.possible) == ((), ())


def test_what_cannot_be_met_any_more_is_told_and_moving_back_makes_it_possible():
    new = dt.date(2007, 7, 4)
    found = moved(FOF_3, new)
    # Comments by 13 June: the final text takes three days, and French fourteen from its due day of 13 June.
    assert found.impossible == (
        Impossible("1.1/final-due", "too-soon", "1.1/comments-1", 3),
        Impossible("1.1:fr/translation-due", "too-soon", "1.1/final-due", 1),
    )
    back = moved(new, FOF_3)
    assert (back.impossible, back.possible) == ((), found.impossible)
    # An event that was that short already is not told as new.
    assert moved(new, new) == Move((), (), tuple(a_plan(new)), (), (), {})


def test_a_deadline_that_lands_in_the_past_is_told_unless_it_was_met():
    sooner = dt.date(2007, 5, 16)
    found = moved(FOF_3, sooner)
    assert [fault for fault in found.impossible if fault.fault == "past"] == [
        Impossible("1.1/draft-1", "past", "", 8),
        Impossible("1.1/comments-1", "past", "", 3),
    ]
    assert {"ghana", "who"} == set(found.parties)
    done = moved(FOF_3, sooner, met={"1.1/draft-1": dt.date(2007, 4, 12)})
    assert [fault.key for fault in done.impossible if fault.fault == "past"] == ["1.1/comments-1"]


def test_the_bound_and_the_free_day_a_new_day_comes_from():
    forum = dt.date(2007, 7, 9)
    holiday = Shift(dt.date(2007, 5, 28), dt.date(2007, 5, 25), "Whit Monday (BE)")
    bound = Shift(dt.date(2007, 6, 13), dt.date(2007, 6, 8), "not later than 1 week before fof-3")
    old = planned("1.1/draft-2", dt.date(2007, 6, 8), "forum-start", forum, bound)
    new = planned("1.1/draft-2", dt.date(2007, 5, 25), "forum-start", forum, replace(bound, to_date=FOF_3), holiday)
    found = compare({old.key: old}, {new.key: new}, events(LATER), events(FOF_3), days=DAYS, today=TODAY)
    (change,) = found.changed
    assert change == Change(old.key, "1.1", old.due, new.due, old.due_at, new.due_at, ("fof-3",), (), new.shifts[1:])
    # With another date of the Forum both count, the rule's own anchor first.
    both = compare(
        {old.key: old}, {new.key: new}, events(LATER), {**events(FOF_3), "forum-start": dt.date(2007, 7, 2)},
        days=DAYS, today=TODAY,
    )  # fmt: skip
    assert both.changed[0].events == ("forum-start", "fof-3")


def test_another_time_of_day_is_a_change_and_its_reason_is_no_event():
    old = a_plan(FOF_3)
    key = "1.1/draft-1"
    new = {**old, key: replace(old[key], due_at=old[key].due_at - dt.timedelta(hours=5))}
    found = compare(old, new, events(FOF_3), events(FOF_3), days=DAYS, today=TODAY)
    assert [(c.key, c.old == c.new, c.events, c.through) for c in found.changed] == [(key, True, (), ())]
    assert len(found.unchanged) == len(old) - 1


def test_deadlines_that_are_new_or_dropped():
    old = a_plan(FOF_3)
    new = {key: each for key, each in old.items() if key != "1.1/note-due"}
    dropped = compare(old, new, events(FOF_3), events(FOF_3), days=DAYS, today=TODAY)
    assert [(c.key, c.old, c.new, c.events) for c in dropped.changed] == [
        ("1.1/note-due", dt.date(2007, 2, 27), None, ())
    ]
    added = compare(new, old, events(FOF_3), {**events(FOF_3), "gala": LATER}, days=DAYS, today=TODAY)
    assert [(c.key, c.old, c.new) for c in added.changed] == [("1.1/note-due", None, dt.date(2007, 2, 27))]
    assert added.events == (MovedEvent("gala", None, LATER),)


DATES = st.dates(dt.date(2007, 5, 14), dt.date(2007, 7, 20))


@pytest.mark.soak
@given(DATES, DATES, st.dates(dt.date(2007, 3, 1), dt.date(2007, 8, 1)))
def test_there_and_back_tells_the_same_the_other_way_round(old: dt.date, new: dt.date, today: dt.date):
    there, back = moved(old, new, today), moved(new, old, today)
    assert [(c.key, c.old, c.new) for c in there.changed] == [(c.key, c.new, c.old) for c in back.changed]
    assert there.unchanged == back.unchanged
    assert {c.key for c in there.changed} | set(there.unchanged) == set(a_plan(new))
    changes = {key for key, each in a_plan(old).items() if each.due != a_plan(new)[key].due}
    assert {c.key for c in there.changed} == changes
    assert all(c.events == ("fof-3",) for c in there.changed)
    # Whatever can't be met with the new date could not before either, or is told.
    before, after = (
        {(f.key, f.fault, f.by): f.days for f in impossible(network(a_plan(day)), DAYS, today)} for day in (old, new)
    )
    told = {(f.key, f.fault, f.by): f.days for f in there.impossible}
    assert told == {name: short for name, short in after.items() if short > before.get(name, 0)}
    assert {(f.key, f.fault, f.by) for f in there.possible} == before.keys() - after.keys()
