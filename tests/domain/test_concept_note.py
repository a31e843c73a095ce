"""Concept notes: what is due, who waits, what keeps a text from being taken, which meeting it goes to."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain import concept_note
from tasks.domain.text import WordCount
from tasks.domain.view import Step
from tests.domain.domain_help import at_the_start, deadlines_of, edition, every_session, view_of, with_state

WITH_TEAM = [(name, session) for name, session in every_session() if edition(name).session(session).team]
WITHOUT_TEAM = [pair for pair in every_session() if pair not in WITH_TEAM]
DAY = dt.timedelta(days=1)


def view(name: str, session: str, state: str, **facts):
    return view_of(name, session, with_state(at_the_start(name, session), "concept-note", session, state, **facts))


@pytest.mark.parametrize("name, session", WITH_TEAM)
def test_the_lead_is_invited_on_the_day_and_not_before(name: str, session: str):
    day, start = deadlines_of(name)["note-invitation"], view(name, session, "planned")
    assert concept_note.due(start, day - DAY) == []
    assert concept_note.due(start, day) == [Step("concept-note", "invite", session)]
    assert concept_note.due(start, day + 300 * DAY) == [Step("concept-note", "invite", session)]


@pytest.mark.parametrize("name, session", WITHOUT_TEAM)
def test_a_session_without_a_team_has_nothing_to_do_with_notes(name: str, session: str):
    start = view_of(name, session, at_the_start(name, session))
    assert concept_note.due(start, dt.date(2050, 1, 1)) == []
    assert concept_note.waits(start, dt.date(2050, 1, 1)) == []


def test_both_editions_have_such_a_session():
    assert WITHOUT_TEAM == [("brussels-2007", "3.3"), ("six-languages", "B2")]


STATES = ["invited", "received", "returned", "numbered", "tabled", "adopted", "withdrawn"]


@pytest.mark.parametrize("state", STATES)
def test_only_planned_and_accepted_notes_have_steps(state: str):
    assert concept_note.due(view("six-languages", "A1", state), dt.date(2050, 1, 1)) == []


def test_an_accepted_note_is_numbered_at_once():
    found = view("six-languages", "A1", "accepted")
    assert concept_note.due(found, dt.date(2000, 1, 1)) == [Step("concept-note", "number", "A1")]
    assert concept_note.waits(found, dt.date(2000, 1, 1)) == []


@pytest.mark.parametrize(
    "state, what, parties, until",
    [
        ("planned", "invitation to the lead", (), "note-invitation"),
        ("invited", "concept note", ("alpinie",), "note-due"),
        ("returned", "corrected concept note", ("alpinie",), "note-decision"),
        ("received", "decision on the concept note", ("secretariat-amont",), "note-decision"),
        ("numbered", "compiled document of cercle-automne", (), "cercle-automne"),
        ("tabled", "outcome of cercle-automne", ("secretariat-amont",), "cercle-automne"),
    ],
)
def test_who_waits_for_whom(state: str, what: str, parties: tuple[str, ...], until: str):
    found = edition("six-languages")
    (wait,) = concept_note.waits(view("six-languages", "A1", state, meeting="cercle-automne"), dt.date(2030, 9, 1))
    day = deadlines_of("six-languages").get(until) or found.event(until).date
    assert (wait.what, wait.parties, wait.until) == (what, parties, day)
    assert (wait.stage, wait.kind, wait.key) == ("concept-note", "concept-note", "A1")


@pytest.mark.parametrize("state", ["adopted", "withdrawn"])
def test_at_its_end_nobody_waits(state: str):
    assert concept_note.waits(view("six-languages", "A1", state), dt.date(2030, 9, 1)) == []


def test_a_note_returned_with_a_day_waits_until_that_day():
    (wait,) = concept_note.waits(view("six-languages", "A1", "returned", until="2030-11-05"), dt.date(2030, 9, 1))
    assert wait.until == dt.date(2030, 11, 5)


SECTIONS = ["purpose", "questions", "outcome"]


@given(
    st.builds(WordCount, st.integers(0, 400), st.integers(0, 400), st.integers(0, 400)),
    st.integers(1, 1200),
    st.lists(st.sampled_from([*SECTIONS, "else"]), unique=True),
)
def test_problems_are_every_missing_part_in_order_and_the_words_over(count: WordCount, limit: int, found: list[str]):
    problems = concept_note.problems(count, limit, found, SECTIONS)
    assert [detail for kind, detail in problems if kind == "missing"] == [key for key in SECTIONS if key not in found]
    over = [detail for kind, detail in problems if kind == "too-long"]
    assert over == ([count.total - limit] if count.total > limit else [])
    assert len(problems) == len(over) + len(set(SECTIONS) - set(found))


def test_a_text_of_exactly_the_limit_is_taken_one_word_more_is_not():
    assert concept_note.problems(WordCount(300, 10, 10), 320, SECTIONS, SECTIONS) == []
    assert concept_note.problems(WordCount(300, 10, 11), 320, SECTIONS, SECTIONS) == [("too-long", 1)]


@pytest.mark.parametrize(
    "today, meeting",
    [
        (dt.date(2030, 9, 1), "cercle-automne"),
        (dt.date(2030, 10, 15), "cercle-automne"),
        (dt.date(2030, 10, 16), "cercle-hiver"),
        (dt.date(2031, 2, 18), "cercle-hiver"),
        (dt.date(2031, 2, 19), "cercle-automne"),
    ],
)
def test_a_note_goes_to_the_next_meeting_that_is_left(today: dt.date, meeting: str):
    assert concept_note.meeting_for(edition("six-languages"), today) == meeting


@given(st.dates(dt.date(2006, 1, 1), dt.date(2008, 12, 31)))
def test_no_note_goes_to_a_meeting_before_the_editions_own(today: dt.date):
    found = edition("brussels-2007")
    first, meeting = found.event(found.rules.note_tabled_at), found.event(concept_note.meeting_for(found, today))
    assert meeting.kind == "fof"
    assert meeting.date is not None
    assert first.date is not None
    assert meeting.date >= first.date
    later = [e.date for e in found.events if e.kind == "fof" and e.date and e.date >= max(first.date, today)]
    assert meeting.date == (min(later) if later else first.date)
