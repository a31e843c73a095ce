"""Background papers: rounds, commenters, deadlines that leave people time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain import background_paper as rules
from tasks.domain.view import Step, TeamView
from tasks.domain.workdays import workdays_of
from tests.domain.domain_help import (
    EDITIONS,
    at_the_start,
    deadlines_of,
    edition,
    every_session,
    view_of,
    with_state,
    writer_of,
)

DAY = dt.timedelta(days=1)
PAPERS = [
    (name, session, rules.paper_key(edition(name).session(session), paper))
    for name, session in every_session()
    for paper in edition(name).session(session).papers
]


def team(state: str, note: str = "adopted", **facts) -> TeamView:
    """A2 of the small edition, whose first paper is in `state`."""
    records = with_state(at_the_start("six-languages", "A2"), "concept-note", "A2", note, joined=["deltarie", "qimma"])
    records = with_state(records, "background-paper", "A2-amont", state, **facts)
    return view_of("six-languages", "A2", records)


def with_comments(view: TeamView, **states: str) -> TeamView:
    """`view` with comments asked for on draft 1, by body."""
    records: Mapping[tuple[str, str], Any] = view.records
    for body, state in states.items():
        facts = {"paper": "A2-amont", "round": 1, "body": body, "version": 1}
        records = with_state(records, "comments", f"A2-amont|1|{body}", state, **facts)
    return view_of("six-languages", "A2", records)


def test_keys_of_papers_are_unique_across_an_edition():
    assert len({(name, key) for name, _, key in PAPERS}) == len(PAPERS)


@pytest.mark.parametrize("name, session, key", PAPERS)
def test_a_paper_is_found_by_its_key(name: str, session: str, key: str):
    found = edition(name).session(session)
    assert rules.paper_key(found, rules.paper_of(found, key)) == key


@pytest.mark.parametrize(
    "name, session, key, body",
    [
        ("six-languages", "A1", "A1", "alpinie"),
        ("six-languages", "A2", "A2-amont", "qimma"),
        ("six-languages", "A2", "A2-aval", "highmoor"),
        ("six-languages", "A3", "A3", "yunfeng"),
        ("brussels-2007", "1.4", "1.4-b", "mauritius"),
    ],
)
def test_the_first_author_writes_else_the_lead(name: str, session: str, key: str, body: str):
    assert writer_of(name, session, key) == body


@pytest.mark.parametrize("name, session, key", PAPERS)
def test_a_draft_goes_to_the_whole_team_but_its_writer(name: str, session: str, key: str):
    found = edition(name).session(session)
    assert found.team is not None
    view = view_of(name, session, at_the_start(name, session))
    asked = rules.commenters(view, rules.paper_of(found, key))
    assert set(asked) == set(found.team.bodies) - {writer_of(name, session, key)}
    assert len(asked) == len(set(asked))


def test_who_joined_at_the_meeting_is_asked_too_and_nobody_twice():
    view = team("drafted")
    asked = rules.commenters(view, rules.paper_of(view.session, "A2-amont"))
    assert asked == ["highmoor", "banque-des-hautes-terres", "gardiennes-de-l-eau", "deltarie"]


def test_the_writer_of_another_paper_of_the_session_comments_on_this_one():
    view = team("drafted")
    assert "qimma" in rules.commenters(view, rules.paper_of(view.session, "A2-aval"))


@pytest.mark.parametrize("note", ["planned", "invited", "received", "returned", "accepted", "numbered", "tabled"])
def test_no_paper_is_opened_before_its_note_is_adopted(note: str):
    assert rules.due(team("planned", note), dt.date(2050, 1, 1)) == []


def test_a_paper_is_opened_on_the_day_of_the_call_and_not_before():
    day = deadlines_of("six-languages")["call-for-input"]
    assert rules.due(team("planned"), day - DAY) == []
    assert Step(rules.STAGE, "open", "A2-amont") in rules.due(team("planned"), day)


@pytest.mark.parametrize("state, step", [("drafted", "circulate"), ("frozen", "issue")])
def test_steps_that_are_due_at_once(state: str, step: str):
    assert Step(rules.STAGE, step, "A2-amont") in rules.due(team(state, round=1), dt.date(2000, 1, 1))


def test_a_round_is_closed_when_all_have_answered():
    view = with_comments(team("circulated", round=1, until="2031-01-10"), highmoor="answered", deltarie="nil")
    assert Step(rules.STAGE, "close_round", "A2-amont") in rules.due(view, dt.date(2031, 1, 2))


def test_a_round_is_closed_on_the_day_after_its_last_not_on_it():
    view = with_comments(team("circulated", round=1, until="2031-01-10"), highmoor="answered", deltarie="asked")
    steps = {day: [s.name for s in rules.due(view, day) if s.key == "A2-amont"] for day in _january(9, 10, 11)}
    assert list(steps.values()) == [[], [], ["close_round"]]


def _january(*days: int) -> list[dt.date]:
    return [dt.date(2031, 1, day) for day in days]


def test_whom_a_round_waits_for():
    view = with_comments(
        team("circulated", round=1, until="2031-01-10"), highmoor="answered", deltarie="asked", yunfeng="asked"
    )
    (wait,) = [w for w in rules.waits(view, dt.date(2031, 1, 2)) if w.key == "A2-amont"]
    assert (wait.kind, wait.what, set(wait.parties), wait.until) == (
        "comments",
        "comments on draft 1",
        {"deltarie", "yunfeng"},
        dt.date(2031, 1, 10),
    )


def test_comments_of_an_earlier_round_hold_up_no_later_one():
    view = with_comments(team("circulated", round=2, until="2031-02-10"), highmoor="asked")
    assert Step(rules.STAGE, "close_round", "A2-amont") in rules.due(view, dt.date(2031, 1, 2))


@pytest.mark.parametrize(
    "round, what, until",
    [(1, "draft 1", "draft-1"), (2, "draft 2", "draft-2"), (3, "draft 3", "draft-3"), (4, "final text", "final-due")],
)
def test_what_is_awaited_of_the_writer(round: int, what: str, until: str):
    (wait,) = [w for w in rules.waits(team("writing", round=round), dt.date(2031, 1, 2)) if w.key == "A2-amont"]
    assert (wait.what, wait.parties, wait.until) == (what, ("qimma",), deadlines_of("six-languages")[until])


def test_a_submitted_text_waits_for_the_coordinator():
    (wait,) = [w for w in rules.waits(team("submitted", round=4), dt.date(2031, 1, 2)) if w.key == "A2-amont"]
    assert (wait.what, wait.parties) == ("decision on the final text", ("secretariat-amont",))


@pytest.mark.parametrize("state", ["planned", "drafted", "frozen", "issued"])
def test_no_person_is_awaited_by(state: str):
    waits = [w for w in rules.waits(team(state, round=1), dt.date(2031, 1, 2)) if w.key == "A2-amont"]
    assert all(wait.parties == () for wait in waits)


@pytest.mark.parametrize("name", EDITIONS)
def test_the_text_after_the_last_round_is_the_final_one(name: str):
    found, last = edition(name), edition(name).rules.comment_rounds
    assert [rules.is_final_round(found, round) for round in range(1, last + 3)] == [False] * last + [True, True]


@given(st.sampled_from(list(EDITIONS)), st.dates(dt.date(2006, 1, 1), dt.date(2032, 1, 1)), st.integers(-60, 60))
def test_partners_always_have_the_least_number_of_working_days(name: str, today: dt.date, days: int):
    found, planned = edition(name), today + days * DAY
    day = rules.comment_deadline(found, planned, today)
    workdays = workdays_of(found)
    between = [today + n * DAY for n in range(1, (day - today).days + 1)]
    assert sum(not workdays.is_free(each) for each in between) >= rules.LEAST_COMMENT_DAYS or day == planned
    assert day >= planned
    if day != planned:
        assert not workdays.is_free(day)
        assert sum(not workdays.is_free(each) for each in between) == rules.LEAST_COMMENT_DAYS
