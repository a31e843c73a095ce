"""What makes no sense in an edition: days in an impossible order, and a script that names what is not there."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain.edition import Edition
from tasks.domain.edition_order_check import check_order
from tasks.domain.edition_script_check import check_script
from tasks.domain.milestones import required_milestones
from tasks.domain.players import Script
from tests.domain.domain_help import EDITIONS, edition

OTHER = "six-languages"


def orders(plain: Edition) -> list[tuple[str, str]]:
    """(earlier, later) of all that must not be the other way round."""
    rounds = range(1, plain.rules.comment_rounds + 1)
    note = ["note-invitation", "note-due", "note-decision"]
    paper = [*(f"{step}-{n}" for n in rounds for step in ("draft", "comments")), "final-due"]
    panel = ["panel-invitation", "panel-complete"]
    translation = ["final-due", "translation-due", "translation-review-due"]
    chains = [[*note, "tabled", "begins"], [*paper, "begins"], [*panel, "begins"], translation,
              ["call-for-input", "input-due"], ["report-templates", "summary-due"], ["begins", "summary-due"],
              ["begins", "report-due"], ["begins", "roundtable-report-due"]]  # fmt: skip
    return [pair for chain in chains for pair in pairwise(chain)]


@given(data=st.data(), name=st.sampled_from(sorted(EDITIONS)))
def test_days_are_refused_exactly_when_two_stand_the_wrong_way_round(data: st.DataObject, name: str) -> None:
    plain = edition(name)
    milestones = required_milestones(plain.rules.comment_rounds)
    begins, tabled = plain.event(plain.forum_start).date, plain.event(plain.rules.note_tabled_at).date
    assert begins and tabled
    # Days in a right order, of which some are moved.
    due = dict.fromkeys(milestones, tabled) | {
        id: begins for id in milestones if id not in ("note-due", "note-decision")
    }
    due |= {"note-invitation": tabled}
    moved = data.draw(st.dictionaries(st.sampled_from(milestones), st.integers(-400, 400), max_size=3))
    due |= {id: due[id] + dt.timedelta(days=days) for id, days in moved.items()}
    days = {**due, "begins": begins, "tabled": tabled}
    found = list(check_order(plain, due))
    assert bool(found) == any(days[later] < days[earlier] for earlier, later in orders(plain))
    assert len({mistake.path for mistake in found}) == len(found), "a milestone is told of once"


@pytest.mark.parametrize("name", EDITIONS)
def test_what_is_not_planned_is_not_told_of(name: str) -> None:
    assert list(check_order(edition(name), {})) == []


DAY = {"day": "2030-09-01", "reason": "-"}
PARTY = {"party": "gornie", "until": "2030-09-02"}
MOVE = {"move": "comments"}


@pytest.mark.parametrize(
    ("part", "path", "near"),
    [
        ({"ends": "2030-01-01"}, ("ends",), None),
        ({"approves": "secretary"}, ("approves",), "secretaire"),
        ({"meetings": [{**DAY, "event": "bilan", "to": "2030-09-02"}]}, (0, "event"), "cercle-automne"),
        ({"extensions": [{**DAY, "milestone": "A1/draft-9", **PARTY}]}, (0, "milestone"), "draft-1"),
        ({"extensions": [{**DAY, "milestone": "A1/draft-1", **PARTY, "party": "x"}]}, (0, "party"), "gornie"),
        ({"amendments": [{**DAY, "paper": "A2", "material": "x"}]}, (0, "paper"), "A2-aval"),
        ({"scenes": [{**MOVE, "session": "A9"}]}, (0, "session"), "A1"),
        ({"scenes": [{**MOVE, "paper": "A9"}]}, (0, "paper"), "A1"),
        ({"scenes": [{**MOVE, "seat": "A9_x"}]}, (0, "seat"), "A1_moderation"),
        ({"scenes": [{**MOVE, "body": "gorny"}]}, (0, "body"), "gornie"),
        ({"scenes": [{**MOVE, "person": "mateo"}]}, (0, "person"), "mateo-cumbre"),
        ({"scenes": [{**MOVE, "replacement": "mateo"}]}, (0, "replacement"), "mateo-cumbre"),
        ({"scenes": [{**MOVE, "outcome": "x"}]}, (0, "outcome"), "accueillie"),
        ({"scenes": [{**MOVE, "joined": ["deltarie", "delta"]}]}, (0, "joined"), "deltarie"),
    ],
    ids=str,
)
def test_a_script_names_what_there_is(part: dict[str, Any], path: tuple[str | int, ...], near: str | None) -> None:
    script = Script.model_validate({"begins": "2030-09-01", "ends": "2031-01-01", "habits": {}} | part)
    (mistake,) = check_script(script, edition(OTHER))
    assert mistake.path[-len(path) :] == path
    assert near is None or near in mistake.allowed
