"""The tables of transitions: whole, without dead ends that nobody meant, and the only way to move."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain import process
from tasks.domain.errors import NotNow
from tasks.domain.machines import TRANSITIONS, WAYS_BACK, check, check_way_back, spoken
from tests.domain.domain_help import EDITIONS, edition

#: Where each machine begins, and where a record of it may rest for good.
BEGINS = {
    "concept-note": {"planned"},
    "background-paper": {"planned"},
    "comments": {"asked"},
    "panel": {"incomplete"},
    "seat": {"open", "nominated"},
    "translation": {"planned"},
    "translation-review": {"asked"},
    "summary": {"planned"},
    "report": {"planned"},
    "compilation": {"issued"},
    "annex": {"issued"},
    "roundtable-report": {"planned"},
    "horizontal-report": {"planned"},
    "action-register": {"planned"},
    "milestone": {"planned"},
    "event": {"scheduled"},
    "letter": {"draft"},
    "extension": {"withdrawn"},
    "call": {"open"},
    "reminder": {"counting"},
    "thanks": {"drafted"},
    "tray": {"waiting"},
    "mail": {"taken"},
    "silence": {"running"},
    "comment-matrix": {"open"},
    "cursor": {"reading"},
    "shared-file": {"put"},
    "share": {"asked"},
    "agenda-entry": {"shown"},
    "invitation": {"asked"},
}
ENDS = {
    "concept-note": {"adopted", "withdrawn"},
    "background-paper": {"issued"},
    "translation": {"issued"},
    "summary": {"issued"},
    "report": {"issued"},
    "call": {"done", "cancelled"},
    "tray": {"assigned"},
    "mail": {"taken"},
    "thanks": {"drafted"},
    "silence": {"broken", "expired"},
    "letter": {"sent", "cancelled"},
}
#: What rests at its end until a paper is amended.
GOES_ON = {"background-paper", "translation"}
PAIRS = [(kind, state, to) for kind, table in TRANSITIONS.items() for state in table for to in table]


def test_every_kind_has_a_beginning():
    assert TRANSITIONS.keys() == BEGINS.keys()


@pytest.mark.parametrize("kind", TRANSITIONS)
def test_every_target_is_a_state_of_the_same_table(kind: str):
    assert set().union(*TRANSITIONS[kind].values()) <= TRANSITIONS[kind].keys()


@pytest.mark.parametrize("kind", TRANSITIONS)
def test_every_state_can_be_reached(kind: str):
    reached = set(BEGINS[kind])
    while fresh := set().union(*(TRANSITIONS[kind][state] for state in reached)) - reached:
        reached |= fresh
    assert reached == TRANSITIONS[kind].keys()


@pytest.mark.parametrize("kind", TRANSITIONS)
def test_only_states_meant_as_ends_lead_nowhere(kind: str):
    assert {state for state, to in TRANSITIONS[kind].items() if not to} == (
        set() if kind in GOES_ON else ENDS.get(kind, set())
    )


@pytest.mark.parametrize("kind", ENDS)
def test_from_every_state_an_end_can_be_reached(kind: str):
    ends = set(ENDS[kind])
    while more := {state for state, to in TRANSITIONS[kind].items() if to & ends} - ends:
        ends |= more
    assert ends == TRANSITIONS[kind].keys()


@pytest.mark.parametrize("kind, state, to", PAIRS)
def test_check_lets_pass_what_the_table_has_and_nothing_else(kind: str, state: str, to: str):
    if to in TRANSITIONS[kind][state]:
        check(kind, "1.1", state, to)
        return
    with pytest.raises(NotNow) as told:
        check(kind, "1.1", state, to)
    message = str(told.value)
    assert message.startswith(f"1.1 {spoken(kind)}: is {state}, which can't become {to}")
    possible = message.rpartition("possible now: ")[2]
    assert possible == (", ".join(sorted(TRANSITIONS[kind][state])) or "nothing more")


def test_every_way_back_leads_to_a_state_of_the_same_kind():
    assert {kind: to - TRANSITIONS[kind].keys() for kind, to in WAYS_BACK.items()} == {
        kind: set() for kind in WAYS_BACK
    }


@pytest.mark.parametrize("name", EDITIONS)
def test_what_a_correction_takes_back_has_its_way_back(name: str):
    begins = {record.kind: record.state for record in process.initial(edition(name))}
    follow = {kind for kinds in process.FOLLOWERS.values() for kind in kinds} | set(process.RESTS_ON_REPORTS)
    for kind in follow:
        check_way_back(kind, "x", process.VOID.get(kind) or begins[kind])
    assert process.FOLLOWERS.keys() <= WAYS_BACK.keys()


@given(st.sampled_from(sorted(TRANSITIONS)), st.data())
def test_a_correction_goes_back_no_other_way(kind: str, data: st.DataObject):
    to = data.draw(st.sampled_from(sorted(TRANSITIONS[kind])) | st.text())
    if to in WAYS_BACK.get(kind, ()):
        check_way_back(kind, "1.1", to)
        return
    with pytest.raises(NotNow, match="a correction can't bring it back to") as told:
        check_way_back(kind, "1.1", to)
    assert str(told.value).startswith(f"1.1 {spoken(kind)}: ")
    assert str(told.value).endswith(f"possible: {', '.join(sorted(WAYS_BACK.get(kind, ()))) or 'nowhere'}")


@given(st.sampled_from(sorted(TRANSITIONS)), st.text(), st.text())
def test_a_state_nobody_knows_is_refused_and_not_a_fault(kind: str, state: str, to: str):
    if state not in TRANSITIONS[kind]:
        with pytest.raises(NotNow):
            check(kind, "x", state, to)


def test_a_kind_is_spoken_without_its_hyphens():
    assert {kind: spoken(kind) for kind in ("concept-note", "seat")} == {"concept-note": "concept note", "seat": "seat"}


@pytest.mark.parametrize("name", EDITIONS)
def test_an_edition_begins_with_records_in_states_where_their_machines_begin(name: str):
    for record in process.initial(edition(name)):
        assert record.state in BEGINS[record.kind], record
