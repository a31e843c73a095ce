"""A living edition: what an edited folder would change, what it may change, and what has begun and stays."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

import pytest

from tasks import editions, meetings
from tasks.domain import process
from tasks.domain.calendar import plan
from tasks.domain.edition_edits import differences
from tasks.domain.errors import Conflict, Unknown
from tests.domain.domain_help import loaded
from tests.tasks.conftest import Opening
from tests.tasks.edition_help import WHO, apply, edited, entry, states


def test_an_edition_is_started_once(at: Opening):
    office = at("started")
    assert len(states(office)) == len(process.initial(office.edition))
    before = office.ledger.last_seq(office.name)
    assert editions.start(office.ledger, loaded(office.name), WHO, rehearsal=True) is False
    assert office.ledger.last_seq(office.name) == before


def test_with_another_configuration_it_is_not_started_again(at: Opening):
    office = at("started")
    other = edited(office, lambda config: config["place"].update(en="Antwerp"))
    with pytest.raises(Conflict, match="roundtable edition apply"):
        editions.start(office.ledger, other, WHO, rehearsal=True)
    with pytest.raises(Conflict, match="as a rehearsal, not a real edition"):
        editions.start(office.ledger, loaded(office.name), WHO, rehearsal=False)


def test_an_edition_nobody_started_is_unknown(at: Opening):
    office = at("started")
    with pytest.raises(Unknown, match="nowhere-1999: this edition was not started"):
        editions.in_force(office.ledger, "nowhere-1999")
    with pytest.raises(Unknown, match="six-languages: this edition was not started"):
        editions.apply(office.ledger, loaded("six-languages"), WHO)


def test_the_same_configuration_applied_changes_nothing(at: Opening):
    office = at("writing")
    before = office.ledger.last_seq(office.name)
    assert apply(office, lambda config: None) == []
    assert office.ledger.last_seq(office.name) == before


def test_a_session_added_begins_where_sessions_begin_and_moves_no_other(at: Opening):
    office = at("writing")
    before = states(office)

    def add(config: dict[str, Any]) -> None:
        new = copy.deepcopy(entry(config, "sessions", "1.3")) | {"id": "1.9"}
        new["seats"] = [seat | {"id": seat["id"].replace("1.3", "1.9")} for seat in new["seats"]]
        config["sessions"].append(new)

    assert apply(office, add)[0] == "sessions[1.9]: is new"
    after = states(office)
    fresh = {key: state for key, state in after.items() if key not in before}
    wanted = process.records_of(office.edition, office.session("1.9"))
    due = {
        ("milestone", planned.key): "planned" for planned in plan(office.edition).values() if planned.session == "1.9"
    }
    assert len(due) == 19
    assert fresh == {(r.kind, r.key): r.state for r in wanted} | due
    assert {key: after[key] for key in before} == before
    assert office.advance("1.9")[0] == "1.9: form for valdoria in en"


def test_a_partner_who_joins_comments_on_the_next_draft(at: Opening):
    office = at("writing")
    lines = apply(office, lambda config: entry(config, "sessions", "1.3")["team"]["members"].append("ghana"))
    assert len(lines) == 1
    assert lines[0].startswith("sessions[1.3].team.members: ")
    office.on("draft-1")
    office.send_paper("1.3")
    office.advance("1.3")
    assert ("ghana", "en") in office.recipients("circulation")


def test_a_new_focal_point_gets_the_next_letter(at: Opening):
    office = at("invited")
    point = {"name": "Noor Newcomer", "surname": "Newcomer", "courtesy": "ms"}
    lines = apply(office, lambda config: entry(config, "bodies", "valdoria")["focal_point"].update(point))
    assert lines == [
        "bodies[valdoria].focal_point.name: Ines Sample -> Noor Newcomer",
        "bodies[valdoria].focal_point.surname: Sample -> Newcomer",
    ]
    office.send_note("1.3", words=200)
    assert office.letters()["note-returned/1.3/1"].body.startswith("Dear Ms Newcomer,")
    assert office.letters()["note-invitation/1.3"].body.startswith("Dear Ms Sample,")


def test_a_date_that_moves_moves_the_deadlines(at: Opening):
    office = at("started")
    before = office.day_of("note-due")
    first, *settled = apply(office, lambda config: entry(config, "events", "fof-2").update(date="2007-04-03"))
    assert (first, len(settled)) == ("events[fof-2].date: 2007-03-27 -> 2007-04-03", 2)
    assert office.day_of("note-due") - before == dt.timedelta(days=7)


@pytest.mark.parametrize("moment, person", [("started", "ada-example"), ("seated", "hamidur-rashid")])
def test_a_seat_takes_the_person_now_named_unless_somebody_was_asked(at: Opening, moment: str, person: str):
    office = at(moment)

    def name(config: dict[str, Any]) -> None:
        for seat in entry(config, "sessions", "1.3")["seats"]:
            if seat["id"] == "1.3-chair":
                seat["person"] = "ada-example"

    apply(office, name)
    assert office.record("seat", "1.3-chair").facts["person"] == person


def test_what_has_not_begun_may_be_taken_out(at: Opening):
    office = at("started")
    apply(office, lambda config: config["sessions"].remove(entry(config, "sessions", "1.2")))
    assert not office.edition.has("sessions", "1.2")


@pytest.mark.parametrize(
    "moment, told", [("invited", "its concept note is invited"), ("writing", "its background paper is writing")]
)
def test_what_has_begun_may_not(at: Opening, moment: str, told: str):
    office = at(moment)
    before, version = states(office), office.ledger.edition(office.name)
    with pytest.raises(Conflict, match=rf"1\.3 can't be taken out of the configuration, {told}; leave it in"):
        apply(office, lambda config: config["sessions"].remove(entry(config, "sessions", "1.3")))
    assert (states(office), office.ledger.edition(office.name)) == (before, version)


def test_a_person_who_holds_a_seat_may_not_be_taken_out(at: Opening):
    """Also one whom no seat of the configuration names: a replacement stands in the ledger alone."""
    office = at("seated")
    office.answer("1.3", "1.3-chair", "declined", "bruno-muster")

    def remove(config: dict[str, Any]) -> None:
        for seat in entry(config, "sessions", "2.2")["seats"]:
            if seat["person"] == "bruno-muster":
                seat["person"] = "arun-kashyap"
        config["people"].remove(entry(config, "people", "bruno-muster"))

    with pytest.raises(Conflict, match=r"bruno-muster can't be taken out of the configuration.*1\.3-chair"):
        apply(office, remove)


def test_a_body_that_joined_at_a_meeting_may_not_be_taken_out(at: Opening):
    office = at("writing")

    def remove(config: dict[str, Any]) -> None:
        for session in config["sessions"]:
            if session["team"]:
                session["team"]["members"] = [body for body in session["team"]["members"] if body != "norvania"]
        for person in config["people"]:
            if person["body"] == "norvania":
                person["body"] = None
        config["bodies"].remove(entry(config, "bodies", "norvania"))

    with pytest.raises(Conflict, match=r"norvania can't be taken out of the configuration.*1\.3"):
        apply(office, remove)


@pytest.mark.parametrize(
    "old, new, expected",
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, [("a", 1, 2)]),
        ({"a": {"b": 1}}, {"a": {}}, [("a.b", 1, None)]),
        ({"l": [1, 2]}, {"l": [2, 1]}, [("l", [1, 2], [2, 1])]),
        ({"l": [{"id": "x", "n": 1}]}, {"l": [{"id": "x", "n": 2}]}, [("l[x].n", 1, 2)]),
        ({"l": [{"id": "x"}]}, {"l": []}, [("l[x]", {"id": "x"}, None)]),
        ({"l": []}, {"l": [{"id": "x"}]}, [("l[x]", None, {"id": "x"})]),
        ({"l": []}, {"l": []}, []),
        ({"l": [{"id": "x"}, {"id": "y"}]}, {"l": [{"id": "y"}, {"id": "x"}]}, []),
    ],
)
def test_differences_are_told_by_their_place(old: Any, new: Any, expected: list[tuple[str, Any, Any]]):
    assert list(differences(old, new)) == expected


def test_an_edited_day_is_previewed_and_settled_as_a_move_is(at: Opening):
    office = at("circulated")

    def later(config: dict[str, Any]) -> None:
        entry(config, "events", "fof-3")["date"] = "2007-06-15"

    found = meetings.follow_edit(office.desk, edited(office, later).edition)
    assert found.move == meetings.preview(office.desk, {"fof-3": dt.date(2007, 6, 15)}).move
    settle = meetings.settling(office.desk, found)
    lines = editions.apply(office.ledger, edited(office, later), WHO, settle)
    office.forget()
    assert lines[0] == "events[fof-3].date: 2007-06-08 -> 2007-06-15"
    assert office.record("background-paper", "1.3").facts["until"] == office.desk.due("comments-1", "1.3").isoformat()
    assert office.ledger.letters(office.name, kind="date-changed")


def test_a_day_the_files_leave_alone_stays_where_the_meeting_was_moved(at: Opening):
    office = at("started")
    meetings.apply(office.desk, {"fof-3": dt.date(2007, 6, 15)}, "The hall is taken.")
    office.forget()

    def retitle(config: dict[str, Any]) -> None:
        entry(config, "sessions", "1.1")["title"]["en"] = "Another title"

    assert meetings.follow_edit(office.desk, edited(office, retitle).edition).is_nothing
    apply(office, retitle)
    assert office.edition.event("fof-3").date == dt.date(2007, 6, 15)
