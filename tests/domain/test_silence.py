"""The silence procedure by table: exact to the instant, broken by any text, and never there by itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tasks.domain.edition import SilenceProcedure
from tasks.domain.edition_check import cross_check
from tasks.domain.silence import Objection, expires_at, how, result
from tasks.domain.workdays import workdays_of
from tests.domain.domain_help import EDITIONS, edition

END = dt.datetime(2007, 6, 1, 15, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


@dataclass(frozen=True)
class Comments:
    """A comment record in a state."""

    state: str
    facts: dict[str, Any] = field(default_factory=dict)
    kind: str = "comments"
    key: str = "1.1|1|ghana"
    session: str | None = "1.1"
    changed_at: dt.datetime = END


#: (state, facts, letter sent, extension, how it stands)
STANDING = [
    ("asked", {}, False, False, "not_sent"),
    ("asked", {}, False, True, "not_sent"),
    ("asked", {}, True, False, "asked"),
    ("asked", {}, True, True, "extended"),
    ("answered", {}, True, False, "answered"),
    ("answered", {"late": False}, False, True, "answered"),
    ("answered", {"late": True}, True, False, "answered_late"),
    ("nil", {}, True, False, "nil"),
    ("silent", {}, True, True, "silent"),
]


@pytest.mark.parametrize(("state", "facts", "sent", "extension", "stands"), STANDING)
def test_how_a_body_stands(state, facts, sent, extension, stands):
    assert how(Comments(state, facts), is_sent=sent, has_extension=extension) == stands


#: (seconds from the end at which bodies objected, seconds from the end it is now, result, who broke it)
RESULTS = [
    ({}, -1, "running", None),
    ({}, 0, "running", None),
    ({}, 1, "expired", None),
    ({"ghana": -3600}, -1, "broken", "ghana"),
    ({"ghana": -3600}, 3600, "broken", "ghana"),
    ({"ghana": 0}, 0, "broken", "ghana"),  # the very instant is in time
    ({"ghana": 1}, 1, "expired", None),  # a second later is not
    ({"ghana": 1, "iom": -5}, 9, "broken", "iom"),
    ({"ghana": -5, "iom": -5}, 9, "broken", "ghana"),
    ({"ghana": -1}, -2, "running", None),  # what has not come yet breaks nothing
]


@pytest.mark.parametrize(("objected", "now", "wanted", "by"), RESULTS)
def test_the_result_of_a_procedure(objected, now, wanted, by):
    objections = [Objection(body, END + seconds * SECOND) for body, seconds in objected.items()]
    found, breaker = result(END, objections, END + now * SECOND)
    assert (found, breaker.body if breaker else None) == (wanted, by)


@given(st.lists(st.integers(-100, 100), max_size=5), st.integers(-100, 100), st.integers(0, 100))
def test_a_result_once_reached_stays(seconds, now, later):
    objections = [Objection(f"body-{number}", END + s * SECOND) for number, s in enumerate(seconds)]
    first = result(END, objections, END + now * SECOND)
    if first[0] != "running":
        assert result(END, objections, END + (now + later) * SECOND)[0] == first[0]


#: (day it went round, working days, time, zone, the instant in UTC)
INSTANTS = [
    ("2007-05-21", 5, "17:00", None, "2007-05-29T15:00:00+00:00"),  # Whit Monday is free in Belgium
    ("2007-05-21", 5, "17:00", "America/New_York", "2007-05-29T21:00:00+00:00"),
    ("2007-03-23", 1, "00:00", "Europe/Brussels", "2007-03-25T22:00:00+00:00"),  # summer time since the 25th
]


@pytest.mark.parametrize(("circulated", "days", "at", "zone", "wanted"), INSTANTS)
def test_the_instant_is_exact_in_its_zone(circulated, days, at, zone, wanted):
    procedure = SilenceProcedure(rounds=[1], days=days, at=at, zone=zone)
    move = workdays_of(edition("brussels-2007")).move
    assert expires_at(procedure, "Europe/Brussels", dt.date.fromisoformat(circulated), move).isoformat() == wanted


@pytest.mark.parametrize("name", EDITIONS)
def test_no_edition_has_one_unless_it_says_so(name):
    assert edition(name).rules.silence_procedure is None


@pytest.mark.parametrize(
    "wrong", [{"rounds": []}, {"rounds": [0]}, {"days": 0}, {"at": "24:00"}, {"at": "5 pm"}, {"until": "x"}]
)
def test_a_procedure_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValidationError):
        SilenceProcedure.model_validate({"rounds": [1], "days": 5, "at": "17:00", **wrong})


@pytest.mark.parametrize(
    ("procedure", "told"),
    [
        ({"rounds": [1, 9]}, "there are 2 comment rounds"),
        ({"rounds": [1, 1]}, "stands twice"),
        ({"rounds": [1], "zone": "Brussels"}, "not a time zone such as Europe/Paris"),
        ({"rounds": [2], "zone": "Asia/Tokyo"}, None),
    ],
)
def test_rounds_and_zone_are_checked_with_the_edition(procedure, told):
    plain = edition("brussels-2007")
    chosen = SilenceProcedure.model_validate({"days": 5, "at": "17:00", **procedure})
    changed = plain.model_copy(update={"rules": plain.rules.model_copy(update={"silence_procedure": chosen})})
    assert [mistake.problem for mistake in cross_check(changed)] == ([told] if told else [])
