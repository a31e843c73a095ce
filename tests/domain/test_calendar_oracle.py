"""Whole plans agree with an oracle written without a look at them: any rules, holidays, leap days, zones, year ends."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

import pytest
from hypothesis import event, given, settings

from tasks.domain.calendar import Planned, plan
from tasks.domain.edition import Closure, Edition, Event, Language, Milestone, Paper, Roundtable, Rules, Seat, Session
from tasks.domain.edition import Team as EditionTeam
from tasks.domain.errors import Refusal
from tests.domain import calendar_given as given_as
from tests.domain.calendar_days import instant_of
from tests.domain.calendar_given import Calendar, Offset, Rule, text_of
from tests.domain.calendar_oracle import Due, Oracle, Refused
from tests.domain.calendar_strategies import broken, calendars

EXAMPLES = 10_000 if os.environ.get("ROUNDTABLE_SOAK") == "1" else 150
FEWER = EXAMPLES // 5

# -- the same edition for the other side


def edition_of(calendar: Calendar) -> Edition:
    """As much of an edition as a plan needs."""
    nobody: dict[str, Any] = {n: [] for n in ("regions", "courtesies", "bodies", "people", "staff", "roles")}
    rounds: dict[str, Any] = {"comment_rounds": 2}
    return Edition.model_construct(
        id="generated",
        time_zone=calendar.zone,
        holidays=list(calendar.countries),
        closures=[
            Closure.model_validate({"from": c.first, "until": c.until, "names": {"en": c.reason}})
            for c in calendar.closures
        ],
        languages=[
            Language(id="en", locale="en", drafting=True),
            *(Language(id=i, locale=i) for i in calendar.languages),
        ],
        events=[Event(id=id, names={}, kind="fof", date=date) for id, date in calendar.events.items()],
        roundtables=[Roundtable(id=r, title={}, coordinator="c", general_rapporteur="g") for r in calendar.roundtables],
        sessions=[_session(session) for session in calendar.sessions],
        rules=Rules.model_construct(**rounds),
        milestones=[
            Milestone.model_validate(
                {"id": m.id, "names": {}, "rule": text_of(m.rule), "mover": "lead"}
                | ({} if m.holidays is None else {"holidays": list(m.holidays)})
            )
            for m in calendar.milestones
        ],
        horizontal=None,
        **nobody,
    )


def _session(session: given_as.Session) -> Session:
    return Session(
        id=session.id,
        roundtable=session.roundtable,
        title={},
        team=EditionTeam(lead="ministry") if session.team else None,
        papers=[Paper(suffix=suffix, title={}) for suffix in session.papers],
        seats=[Seat(id=f"{session.id}-chair", role="chair")] if session.seats else [],
        report_parts=["aim"] if session.reports else [],
    )


def planned_for(calendar: Calendar) -> dict[str, Planned]:
    return plan(edition_of(calendar), event_dates=calendar.moved, received=calendar.received)


def disagreements(found: dict[str, Planned], meant: dict[str, Due]) -> list[str]:
    """What differs, milestone by milestone, in words."""
    wrong = [f"not planned: {key}" for key in meant.keys() - found.keys()]
    wrong += [f"planned, but nothing asks for it: {key}" for key in found.keys() - meant.keys()]
    for key in meant.keys() & found.keys():
        is_, should = found[key], meant[key]
        pairs = {
            "key": (is_.key, key),
            "session": (is_.session, should.session),
            "due": (is_.due, should.day),
            "due_at": (is_.due_at, should.at),
            "anchor": (is_.anchor, should.anchor),
            "anchor_date": (is_.anchor_date, should.anchor_date),
            "projected": (is_.projected, should.projected),
            "shifts": (
                [(s.from_date, s.to_date) for s in is_.shifts],
                [(m.from_date, m.to_date) for m in should.moves],
            ),
        }
        wrong += [f"{key}: {what} is {got}, not {want}" for what, (got, want) in pairs.items() if got != want]
        if is_.due_at.utcoffset() != dt.timedelta(0):
            wrong.append(f"{key}: due_at {is_.due_at!r} is not in UTC")
        for shift, move in zip(is_.shifts, should.moves, strict=False):
            if shift.reason not in move.reasons:
                wrong.append(f"{key}: the reason of {shift} is none of {sorted(move.reasons)}")
    return sorted(wrong)


@pytest.mark.soak
@settings(max_examples=EXAMPLES)
@given(calendars())
def test_a_plan_is_what_the_oracle_says(calendar: Calendar) -> None:
    meant = Oracle(calendar).plan()
    for due in meant.values():
        event(f"{len(due.moves)} shifts")
    assert disagreements(planned_for(calendar), meant) == []


# -- what must be refused


@pytest.mark.soak
@settings(max_examples=FEWER)
@given(broken())
def test_a_plan_is_refused_where_the_oracle_refuses_it(calendar: Calendar) -> None:
    try:
        meant = Oracle(calendar).plan()
    except Refused as refused:
        event("a cycle" if len(refused.args) > 1 else "no such anchor")
        with pytest.raises(Refusal) as caught:
            planned_for(calendar)
        assert any(name in str(caught.value) for name in refused.args)
        assert "→" in str(caught.value) or len(refused.args) == 1
    else:
        assert disagreements(planned_for(calendar), meant) == []


# -- days we know, so that the oracle itself is held to something


@pytest.mark.parametrize(
    ("day", "at", "zone", "utc"),
    [
        # From 11 to 25 March 2007 Brussels and New York were five hours apart, before and after it six.
        (dt.date(2007, 3, 12), (17, 0), "Europe/Brussels", "2007-03-12T16:00"),
        (dt.date(2007, 3, 12), (12, 0), "America/New_York", "2007-03-12T16:00"),
        (dt.date(2007, 3, 26), (17, 0), "Europe/Brussels", "2007-03-26T15:00"),
        (dt.date(2007, 3, 26), (11, 0), "America/New_York", "2007-03-26T15:00"),
        # Half past two is left out: half past three. In autumn it comes twice: the first.
        (dt.date(2007, 3, 25), (2, 30), "Europe/Brussels", "2007-03-25T01:30"),
        (dt.date(2007, 10, 28), (2, 30), "Europe/Brussels", "2007-10-28T00:30"),
        # Lord Howe puts its clock on and back by half an hour; Samoa left out a whole day.
        (dt.date(2007, 10, 28), (2, 15), "Australia/Lord_Howe", "2007-10-27T15:45"),
        (dt.date(2007, 3, 25), (1, 45), "Australia/Lord_Howe", "2007-03-24T14:45"),
        (dt.date(2011, 12, 30), (17, 0), "Pacific/Apia", "2011-12-31T03:00"),
    ],
)
def test_the_oracle_reads_clocks(day: dt.date, at: tuple[int, int], zone: str, utc: str) -> None:
    assert instant_of(day, at, zone) == dt.datetime.fromisoformat(f"{utc}+00:00")


def test_the_oracle_knows_whit_monday() -> None:
    # Six weeks before 9 July 2007 is 28 May: Whit Monday in Belgium, so the Friday before.
    rule = Rule(Offset("forum-start", 6, "week", "before"))
    milestone = given_as.Milestone("draft-1", rule)
    day = dt.date(2007, 7, 9)
    only = given_as.Session("1.1", "1", ("",))
    calendar = Calendar("Europe/Brussels", ("BE",), (), {"forum-start": day}, {}, ("1",), (only,), (), (milestone,))
    due = Oracle(calendar).plan()["1.1/draft-1"]
    assert due.day == dt.date(2007, 5, 25)
    [move] = due.moves
    assert move.from_date == dt.date(2007, 5, 28)
    assert move.reasons == {"Pentecost Monday (BE)"}
    assert text_of(rule) == "6 weeks before forum-start"
