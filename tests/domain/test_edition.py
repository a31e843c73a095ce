"""Editions as values: immutable, no unknown keys, found by their ids; both real ones read as they are."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tasks.domain.edition import (
    Edition,
    Event,
    Milestone,
    Model,
    Paper,
    Rules,
    Seat,
    Session,
    Team,
    WordLimits,
    text_in,
)
from tests.domain.domain_help import EDITIONS, edition, every_session, loaded

COLLECTIONS = {
    "languages": "language",
    "courtesies": "courtesy",
    "events": "event",
    "bodies": "body",
    "people": "person",
    "staff": "staff_member",
    "roles": "role",
    "roundtables": "roundtable",
    "sessions": "session",
}


def event(**parts: Any) -> Event:
    return Event.model_validate({"id": "e", "names": {}, "kind": "fof"} | parts)


@pytest.mark.parametrize("name", EDITIONS)
@pytest.mark.parametrize("overlay", [False, True])
def test_an_edition_reads_back_from_what_it_is_stored_as(name: str, overlay: bool):
    found = loaded(name, overlay)
    assert Edition.model_validate(found.config) == found.edition


@pytest.mark.parametrize("name", EDITIONS)
@pytest.mark.parametrize("collection, finder", COLLECTIONS.items())
def test_every_entry_is_found_by_its_id(name: str, collection: str, finder: str):
    found = edition(name)
    for entry in getattr(found, collection):
        assert getattr(found, finder)(entry.id) is entry
        assert found.has(collection, entry.id)
    assert not found.has(collection, "nobody-knows-this")
    with pytest.raises(KeyError):
        getattr(found, finder)("nobody-knows-this")


@pytest.mark.parametrize("name", EDITIONS)
def test_an_edition_drafts_in_its_one_drafting_language(name: str):
    assert [entry for entry in edition(name).languages if entry.drafting] == [edition(name).drafting_language]


@pytest.mark.parametrize("name, session", every_session())
def test_a_session_has_the_coordinator_of_its_roundtable(name: str, session: str):
    found = edition(name)
    coordinator = found.coordinator_of(found.session(session))
    assert coordinator.role == "coordinator"
    assert coordinator.id == found.roundtable(found.session(session).roundtable).coordinator


@pytest.mark.parametrize("model", [*Model.__subclasses__()], ids=lambda model: model.__name__)
def test_every_part_refuses_unknown_keys_and_changes(model: type[Model]):
    assert model.model_config["extra"] == "forbid"
    assert model.model_config["frozen"] is True


def test_a_misspelt_key_is_told_and_not_swallowed():
    with pytest.raises(ValidationError, match="requird"):
        Seat.model_validate({"id": "1.1-chair", "role": "chair", "requird": False})


def test_a_seat_cannot_be_changed():
    seat = Seat(id="1.1-chair", role="chair")
    with pytest.raises(ValidationError, match="frozen"):
        seat.person = "ada-example"  # type: ignore[misc]


@pytest.mark.parametrize("wrong", ["", "two words", "a/b", "a\\b", "a|b", "tab\tbed", "line\nbreak", "no\u00a0break"])
def test_an_id_is_one_word_without_slashes(wrong: str):
    with pytest.raises(ValidationError, match="one word"):
        Seat(id=wrong, role="chair")


@given(st.text(alphabet=st.characters(exclude_categories=["C", "Z"], exclude_characters="/\\|"), min_size=1))
def test_any_other_word_may_be_an_id(text: str):
    assert Seat(id=text, role="chair").id == text


@pytest.mark.parametrize(
    "parts, told",
    [
        ({}, "needs a date"),
        ({"precision": "day"}, "needs a date"),
        ({"precision": "month"}, "needs `when`"),
        ({"precision": "prose", "when": ""}, "needs `when`"),
        ({"date": dt.date(2031, 2, 3), "until": dt.date(2031, 2, 2)}, "before date"),
    ],
)
def test_an_event_is_dated_as_its_precision_says(parts: dict[str, Any], told: str):
    with pytest.raises(ValidationError, match=told):
        event(**parts)


@pytest.mark.parametrize(
    "parts",
    [
        {"date": dt.date(2031, 2, 3)},
        {"date": dt.date(2031, 2, 3), "until": dt.date(2031, 2, 3)},
        {"precision": "month", "when": "May 2031"},
        {"precision": "prose", "when": "in two years"},
        {"precision": "unknown"},
    ],
)
def test_an_event_with_the_date_it_needs(parts: dict[str, Any]):
    assert event(**parts).precision == parts.get("precision", "day")


_IDS = st.sampled_from(["a", "b", "c", "d"])


@given(_IDS, st.none() | _IDS, st.lists(_IDS), st.lists(_IDS))
def test_the_bodies_of_a_team_stand_there_once_the_lead_first(
    lead: str, co_lead: str | None, members: list[str], observers: list[str]
):
    bodies = Team(lead=lead, co_lead=co_lead, members=members, observers=observers).bodies
    assert bodies[0] == lead
    assert len(bodies) == len(set(bodies))
    assert set(bodies) == {lead, *([co_lead] if co_lead else []), *members, *observers}


@pytest.mark.parametrize("limit", [0, -1])
@pytest.mark.parametrize("name", WordLimits.model_fields)
def test_a_word_limit_is_positive(name: str, limit: int):
    good = dict.fromkeys(WordLimits.model_fields, 100)
    with pytest.raises(ValidationError):
        WordLimits.model_validate(good | {name: limit})


@pytest.mark.parametrize("rounds", [0, 10])
def test_there_is_one_comment_round_at_least_and_not_ten(rounds: int):
    plain = edition("six-languages").rules.model_dump()
    with pytest.raises(ValidationError, match="comment_rounds"):
        Rules.model_validate(plain | {"comment_rounds": rounds})


def test_what_a_session_lacks_it_lacks():
    session = Session(id="9.9", roundtable="9", title={"en": "x"})
    assert (session.team, session.papers, session.seats, session.report_parts) == (None, [], [], [])
    assert Paper(title={"en": "x"}).suffix == ""


def test_nobody_unknown_may_own_a_milestone():
    with pytest.raises(ValidationError, match="mover"):
        Milestone.model_validate({"id": "m", "names": {}, "rule": "on e", "mover": "somebody"})


@pytest.mark.parametrize(
    ("place", "printed"),
    [({"en": "Geneva", "fr": "Genève"}, ["Geneva", "Genève"]), ("Rabat", ["Rabat", "Rabat"]), (None, ["", ""])],
)
def test_a_text_stands_once_or_by_language(place: dict[str, str] | str | None, printed: list[str]):
    assert [text_in(event(precision="unknown", place=place).place, language) for language in ("en", "fr")] == printed


@pytest.mark.parametrize("place", [["Rabat"], {"en": ["Rabat"]}, 7])
def test_any_other_form_of_a_text_is_refused(place: object):
    with pytest.raises(ValidationError, match="place"):
        event(precision="unknown", place=place)
