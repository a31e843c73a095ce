"""The people of a rehearsal: nobody answers on the day of the question, scenes are exceptions, stand-ins keep shape."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tasks.domain import process
from tasks.domain.calendar import items_of
from tasks.domain.movers import movers_of
from tasks.domain.players import Habit, Move, Scene, Script, answer_day, moves
from tasks.domain.view import TeamView, Wait
from tests.domain.domain_help import EDITIONS, at_the_start, edition, every_session, teams, view_of, with_state

DAY = dt.timedelta(days=1)
KINDS = [
    "concept-note",
    "note-decision",
    "meeting-outcome",
    "draft",
    "comments",
    "paper-decision",
    "seat-answer",
    "translation",
    "summary",
    "report",
    "report-decision",
    "comment-decisions",
]


@cache
def script_of(name: str) -> Script:
    path: Path = EDITIONS[name] / name / "rehearsal" / "script.yaml"
    return Script.model_validate(yaml.safe_load(path.read_text("utf-8")))


def script(*scenes: Scene, **habits: Habit) -> Script:
    kinds = {name.replace("_", "-"): habit for name, habit in habits.items()}
    begins, ends = dt.date(2030, 1, 1), dt.date(2032, 1, 1)
    return Script(begins=begins, ends=ends, habits=kinds, scenes=list(scenes))  # type: ignore[arg-type]


_HABITS = st.builds(
    Habit, days_before_due=st.none() | st.integers(-5, 60), days_after=st.integers(-3, 30), spread=st.integers(1, 15)
)
_SCENES = st.builds(
    Scene,
    move=st.sampled_from(KINDS),
    days_late=st.none() | st.integers(-40, 40),
    days_after=st.none() | st.integers(-5, 40),
    never=st.booleans(),
    round=st.none() | st.integers(1, 3),
    attempt=st.none() | st.integers(0, 3),
)
_SCRIPTS = st.builds(
    Script,
    begins=st.just(dt.date(2000, 1, 1)),
    ends=st.just(dt.date(2040, 1, 1)),
    habits=st.dictionaries(st.sampled_from(KINDS), _HABITS),
    scenes=st.lists(_SCENES, max_size=4),
)


@given(teams(), _SCRIPTS)
def test_nobody_answers_on_the_day_of_the_question(found: tuple[TeamView, dt.date], script: Script):
    view, today = found
    waits = process.waits(view, today)
    for since in {wait.since for wait in waits}:
        assert moves(view, waits, script, since) == []


@given(teams(), _SCRIPTS)
def test_a_move_once_due_stays_due_until_it_is_made(found: tuple[TeamView, dt.date], script: Script):
    view, today = found
    waits = process.waits(view, today)
    earlier = moves(view, waits, script, today)
    later = moves(view, waits, script, today + DAY)
    assert set(map(repr, earlier)) <= set(map(repr, later))
    assert earlier == moves(view, waits, script, today)


@given(teams())
def test_in_the_end_every_person_who_is_awaited_moves(found: tuple[TeamView, dt.date]):
    """Without a scene that says `never`, whoever is awaited answers; an open seat has nobody who could."""
    view, today = found
    waits = process.waits(view, today)
    made = moves(view, waits, script(), today + 1000 * DAY)
    keys = {(move.record, key) for move in made for key in (move.key, move.key.split("|")[0])}
    for wait in waits:
        if wait.parties and not wait.what.startswith("a candidate"):
            assert (wait.kind, wait.key) in keys, wait


@pytest.mark.parametrize("name, session", every_session())
def test_nobody_moves_in_a_team_that_has_not_begun(name: str, session: str):
    view, played = view_of(name, session, at_the_start(name, session)), script_of(name)
    for days in range(0, 400, 20):
        today = dt.date(2007, 1, 2) + days * DAY
        assert moves(view, process.waits(view, today), played, today) == []


@given(_HABITS, st.integers(-30, 90), st.sampled_from(KINDS), st.text(max_size=6))
def test_an_answer_comes_after_the_question_whatever_the_habit(habit: Habit, ahead: int, kind: str, key: str):
    since = dt.date(2031, 3, 3)
    wait = Wait("s", "k", key, "", ("p",), since + ahead * DAY, since)
    move = Move(kind, "s", "k", key, "p", 1, 1, Scene(move=kind))  # type: ignore[arg-type]
    day = answer_day(script(**{kind.replace("-", "_"): habit}), move, wait)
    assert day > since
    if kind == "meeting-outcome":
        assert day > wait.until


@pytest.mark.parametrize(
    "scene, habit, day",
    [
        ({}, Habit(days_after=4), "2031-03-07"),
        ({}, Habit(days_before_due=3), "2031-03-28"),
        ({}, Habit(days_before_due=60), "2031-03-04"),
        ({"days_late": 2}, Habit(days_before_due=3), "2031-04-02"),
        ({"days_late": 0}, Habit(days_before_due=3), "2031-03-31"),
        ({"days_after": 1}, Habit(days_before_due=3), "2031-03-04"),
        ({"days_after": 0}, Habit(days_before_due=3), "2031-03-04"),
    ],
)
def test_the_day_of_an_answer(scene: dict, habit: Habit, day: str):
    wait = Wait("s", "background-paper", "A1", "", ("p",), dt.date(2031, 3, 31), dt.date(2031, 3, 3))
    move = Move("draft", "A1", "background-paper", "A1", "p", 1, 1, Scene.model_validate({"move": "draft"} | scene))
    assert answer_day(script(draft=habit), move, wait) == dt.date.fromisoformat(day)


def _writing(**facts):
    records = with_state(at_the_start("six-languages", "A2"), "background-paper", "A2-aval", "writing", **facts)
    view = view_of("six-languages", "A2", records)
    return view, process.waits(view, dt.date(2031, 1, 1))


@pytest.mark.parametrize(
    "match, round, meant",
    [
        ({}, 1, True),
        ({"paper": "A2-aval"}, 1, True),
        ({"paper": "A2-amont"}, 1, False),
        ({"paper": "A2-aval", "round": 2}, 2, True),
        ({"paper": "A2-aval", "round": 2}, 1, False),
        ({"session": "A1"}, 1, False),
        ({"session": "A2", "attempt": 1}, 1, True),
        ({"attempt": 2}, 1, False),
        ({"body": "highmoor"}, 1, True),
        ({"body": "qimma"}, 1, False),
        ({"key": "A2-aval"}, 1, True),
    ],
)
def test_a_scene_is_for_whom_it_matches(match: dict, round: int, meant: bool):
    view, waits = _writing(round=round)
    scene = Scene.model_validate({"move": "draft", "never": True} | match)
    assert bool(moves(view, waits, script(scene), dt.date(2040, 1, 1))) is not meant


def test_the_first_scene_that_matches_is_played():
    view, waits = _writing(round=1)
    first, second = Scene(move="draft", material="a"), Scene(move="draft", material="b")
    (move,) = moves(view, waits, script(first, second), dt.date(2040, 1, 1))
    assert (move.scene.material, move.party, move.attempt) == ("a", "highmoor", 1)


def test_a_decision_is_on_the_attempt_that_was_received_an_answer_is_the_next():
    records = with_state(at_the_start("six-languages", "A1"), "concept-note", "A1", "received", attempt=2)
    view = view_of("six-languages", "A1", records)
    (move,) = moves(view, process.waits(view, dt.date(2031, 1, 1)), script(), dt.date(2040, 1, 1))
    assert (move.kind, move.attempt) == ("note-decision", 2)
    records = with_state(records, "concept-note", "A1", "returned")
    view = view_of("six-languages", "A1", records)
    (move,) = moves(view, process.waits(view, dt.date(2031, 1, 1)), script(), dt.date(2040, 1, 1))
    assert (move.kind, move.attempt) == ("concept-note", 3)


@pytest.mark.parametrize("person, days, expected", [("a", 19, []), ("a", 20, ["withdrawn"]), ("b", 30, [])])
def test_whoever_confirmed_withdraws_when_a_scene_says_so(person: str, days: int, expected: list[str]):
    scene = Scene(move="seat-answer", seat="A1_synthese", person="a", withdraws_after=20, replacement="c", reason="r")
    records = with_state(at_the_start("six-languages", "A1"), "seat", "A1_synthese", "confirmed", person=person)
    view = view_of("six-languages", "A1", records)
    since = records["seat", "A1_synthese"].changed_at.date()
    made = moves(view, [], script(scene), since + days * DAY)
    assert [(move.scene.answer, move.scene.replacement) for move in made] == [(answer, "c") for answer in expected]


def test_each_silent_partner_of_a_round_is_a_player_of_their_own():
    records = with_state(at_the_start("six-languages", "A2"), "background-paper", "A2-aval", "circulated", round=1)
    for body, state in {"qimma": "asked", "deltarie": "asked", "yunfeng": "answered"}.items():
        facts = {"paper": "A2-aval", "round": 1, "body": body}
        records = with_state(records, "comments", f"A2-aval|1|{body}", state, **facts)
    view = view_of("six-languages", "A2", records)
    silent = script(Scene(move="comments", body="deltarie", never=True))
    made = moves(view, process.waits(view, dt.date(2031, 1, 1)), silent, dt.date(2040, 1, 1))
    assert [(move.kind, move.key, move.party) for move in made] == [("comments", "A2-aval|1|qimma", "qimma")]


@pytest.mark.parametrize("wrong", [{"days_befor_due": 1}, {"spread": 0}])
def test_a_mistake_in_a_script_is_told(wrong: dict):
    with pytest.raises(ValidationError):
        Habit.model_validate(wrong)


# Who plays what goes wrong in the editions' own rehearsals

#: Whose move a kind is: the milestone that asks for it, and for a decision that sends something back, for what it sent.
_MILESTONES = {
    "concept-note": "note-due",
    "note-decision": "note-due",
    "draft": "draft-1",
    "comments": "comments-1",
    "paper-decision": "final-due",
    "seat-answer": "panel-complete",
    "translation": "translation-due",
    "translation-review": "translation-review-due",
    "summary": "summary-due",
    "report": "report-due",
    "report-decision": "report-due",
}
_WRONG = ("days_late", "never", "damaged", "bare", "by_hand", "address", "file_name", "incomplete", "untranslated",
          "withdraws_after")  # fmt: skip


def goes_wrong(scene: Scene) -> bool:
    """Whether a scene shows somebody late, silent, declining, withdrawing, or sending what has to be sent again."""
    is_spoilt = scene.move in {"concept-note", "report"} and scene.material is not None
    return is_spoilt or scene.answer in {"declined", "return"} or any(getattr(scene, name) for name in _WRONG)


def parties_of(name: str, scene: Scene) -> set[str]:
    """Everybody whom a scene of an edition's script may mean, by id."""
    if scene.body or scene.person:
        return {str(scene.body or scene.person)}
    found, milestone = edition(name), _MILESTONES[scene.move]
    return {
        party
        for session in found.sessions
        if session.team and scene.session in (None, session.id)
        for item, id in items_of(found, session)
        if id == milestone and scene.paper in (None, item) and scene.key in (None, item)
        for party in movers_of(view_of(name, session.id, at_the_start(name, session.id)), f"{item}/{milestone}")
    }


@pytest.mark.parametrize("name", EDITIONS)
def test_what_goes_wrong_is_played_by_fictitious_bodies_and_people(name: str):
    found, played = edition(name), script_of(name)
    made_up = {body.id for body in found.bodies if body.fictitious}
    made_up |= {person.id for person in found.people if person.fictitious}
    cast = {f"{scene.move} {scene.key or scene.paper or scene.session or scene.seat}": parties_of(name, scene)
            for scene in played.scenes if goes_wrong(scene)}  # fmt: skip
    assert all(cast.values()), "every scene means somebody"
    assert {about: parties - made_up for about, parties in cast.items() if parties - made_up} == {}
    assert {grant.party for grant in played.extensions} <= made_up


def test_some_notes_are_too_long_and_some_drafts_late():
    scenes = [scene for scene in script_of("brussels-2007").scenes if goes_wrong(scene)]
    assert len({scene.session for scene in scenes if scene.move == "concept-note" and scene.material}) > 1
    assert len({scene.paper for scene in scenes if scene.move == "draft" and scene.days_late}) > 1


@pytest.mark.parametrize("name", EDITIONS)
def test_by_habit_the_final_text_leaves_the_coordinator_the_days_to_decide(name: str):
    habits = script_of(name).habits
    assert (habits["draft"].days_before_due or 0) >= habits["paper-decision"].days_after
