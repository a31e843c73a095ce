"""Panels: who is invited when, when a panel is complete, and figures that add up."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain import panel
from tasks.domain.edition import NOT_STATED
from tasks.domain.view import Step, TeamView
from tests.domain.domain_help import EDITIONS, at_the_start, deadlines_of, edition, view_of, with_state

DAY = dt.timedelta(days=1)
OPEN = deadlines_of("six-languages")["panel-invitation"]
REQUIRED = ["A2_moderation", "A2_liminaire", "A2_reponse_1", "A2_synthese"]
OPTIONAL = "A2_reponse_2"


def team(state: str = "confirmed", panel_state: str = "incomplete", **seats: str) -> TeamView:
    """A2 of the small edition: all required seats in `state`, but for `seats`; the optional one open."""
    records = with_state(at_the_start("six-languages", "A2"), "panel", "A2", panel_state)
    for seat in REQUIRED:
        records = with_state(records, "seat", seat, seats.get(seat, state))
    return view_of("six-languages", "A2", with_state(records, "seat", OPTIONAL, seats.get(OPTIONAL, "open")))


def test_everybody_nominated_is_invited_on_the_day_and_not_before():
    assert panel.due(team("nominated"), OPEN - DAY) == []
    assert panel.due(team("nominated"), OPEN) == [Step("panel", "invite", seat) for seat in REQUIRED]


def test_a_panel_is_complete_with_its_required_seats_an_optional_one_may_stay_open():
    assert panel.due(team(), OPEN) == [Step("panel", "complete", "A2")]
    assert panel.due(team(panel_state="complete"), OPEN) == []


@pytest.mark.parametrize("seat", REQUIRED)
@pytest.mark.parametrize("state", ["open", "invited", "declined", "withdrawn"])
def test_one_required_seat_that_is_not_confirmed_keeps_or_makes_the_panel_open(seat: str, state: str):
    assert panel.due(team(**{seat: state}), OPEN) == []
    assert panel.due(team(panel_state="complete", **{seat: state}), OPEN) == [Step("panel", "reopen", "A2")]


@pytest.mark.parametrize("state", ["open", "invited", "declined", "withdrawn", "confirmed"])
def test_the_optional_seat_never_opens_or_closes_the_panel(state: str):
    assert panel.due(team(panel_state="complete", **{OPTIONAL: state}), OPEN) == []


def test_a_session_with_no_seat_has_no_panel():
    found = edition("six-languages")
    session = found.session("A2").model_copy(update={"seats": []})
    view = TeamView(found, session, {}, deadlines_of("six-languages"))
    assert panel.due(view, OPEN) == []
    assert panel.waits(view, OPEN) == []


@pytest.mark.parametrize(
    "state, parties, what",
    [
        ("invited", ("hala-saqi",), "answer for A2_reponse_1"),
        ("open", ("secretariat-amont",), "a candidate for A2_reponse_1"),
        ("declined", ("secretariat-amont",), "a candidate for A2_reponse_1"),
        ("withdrawn", ("secretariat-amont",), "a candidate for A2_reponse_1"),
    ],
)
def test_who_is_awaited(state: str, parties: tuple[str, ...], what: str):
    waits = {w.key: w for w in panel.waits(team(A2_reponse_1=state), OPEN)}
    assert waits.keys() == {"A2_reponse_1", OPTIONAL}
    wait = waits["A2_reponse_1"]
    assert (wait.parties, wait.what, wait.until) == (parties, what, deadlines_of("six-languages")["panel-complete"])


def test_before_the_invitations_the_calendar_is_awaited_and_after_them_nobody_who_confirmed():
    before = panel.waits(team("nominated"), OPEN - DAY)
    assert [(w.key, w.parties, w.until) for w in before if w.key != OPTIONAL] == [(s, (), OPEN) for s in REQUIRED]
    assert [w.key for w in panel.waits(team(), OPEN)] == [OPTIONAL]


@given(st.data())
def test_the_figures_of_a_panel_add_up_in_every_group(data: st.DataObject):
    found = edition(data.draw(st.sampled_from(list(EDITIONS))))
    people = data.draw(st.lists(st.sampled_from(found.people)))
    counted = panel.balance(found, people)
    for group in (counted.regions, counted.development, counted.genders):
        assert group.total() == len(people)
        assert all(figure > 0 for figure in group.values())
    for region in counted.regions:
        assert counted.regions[region] == sum(person.region == region for person in people)
    for gender in counted.genders:
        assert counted.genders[gender] == sum(person.gender == gender for person in people)


def test_nothing_is_guessed_what_is_not_stated_is_counted_as_such():
    found = edition("six-languages")
    people = [found.person(name) for name in ("odile-cascatelle", "wei-he", "timur-perevalov")]
    counted = panel.balance(found, people)
    assert counted.regions == {"hautes-vallees": 1, "reseaux": 1, NOT_STATED: 1}
    assert counted.development == {"developed": 1, NOT_STATED: 2}
    assert counted.genders == {"female": 1, NOT_STATED: 2}


def test_a_person_on_two_seats_counts_twice():
    found = edition("six-languages")
    counted = panel.balance(found, [found.person("magnus-tarnfell")] * 2)
    assert counted.genders == {"male": 2}


def test_nobody_is_no_figures():
    counted = panel.balance(edition("six-languages"), [])
    assert (counted.regions, counted.development, counted.genders) == ({}, {}, {})


FERME = "FERME (Fondation des Entreprises en Recrutement de Main-d'oeuvre Agricole Etrangère), Quebec"


@pytest.mark.parametrize(
    "organisation, body, shown",
    [
        ("Institute for Rivers", "Institute for Rivers (IR)", "Institute for Rivers (IR)"),
        (FERME, "Fondation des entreprises en recrutement de main-d’œuvre agricole étrangère (FERME), Quebec", FERME),
        ("Government of Upland / Taskforce", "Upland", "Government of Upland / Taskforce"),
        ("Ministry of Health", "Upland", "Ministry of Health, Upland"),
        ("Nigeria Watch", "Niger", "Nigeria Watch, Niger"),
        ("World Bank", "World Bank", "World Bank"),
        ("", "Upland", "Upland"),
        ("Upland Press", "", "Upland Press"),
    ],
)
def test_what_the_other_name_says_already_is_not_said_twice(organisation: str, body: str, shown: str):
    assert panel.affiliation(organisation, body) == shown
