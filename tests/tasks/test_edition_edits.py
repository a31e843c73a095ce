"""Every kind of edit of a living edition: shown, put in force, and carried on by the sweep."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from flows import board, calendar
from flows.edition import is_due
from tasks import calendar_view, meetings, outbox
from tasks.calendar_view import feeds
from tasks.compliance.rows import rows_of
from tasks.domain import process
from tasks.domain.errors import Conflict
from tasks.domain.view import TeamView
from tasks.forecast.inputs import inputs_of
from tests.tasks.conftest import Opening
from tests.tasks.edition_help import Edit, apply, edited, entry, states
from tests.tasks.office_help import Office


def _session(config: dict[str, Any]) -> None:
    new = copy.deepcopy(entry(config, "sessions", "1.3")) | {"id": "1.9"}
    new["seats"] = [seat | {"id": seat["id"].replace("1.3", "1.9")} for seat in new["seats"]]
    config["sessions"].append(new)


def _paper(config: dict[str, Any]) -> None:
    (paper,) = entry(config, "sessions", "1.3")["papers"]
    entry(config, "sessions", "1.3")["papers"].append(paper | {"suffix": "-b"})


def _team(config: dict[str, Any]) -> None:
    entry(config, "sessions", "3.3")["team"] = {"lead": "ghana", "members": ["mexico"]}


def _report_parts(config: dict[str, Any]) -> None:
    session = entry(config, "sessions", "3.3")
    session["report_parts"] = ["observations", "recommendations"]
    session["seats"].append({"id": "3.3-rapporteur", "role": "rapporteur", "person": "ada-example"})


def _language(config: dict[str, Any]) -> None:
    def say(value: Any) -> None:
        if isinstance(value, dict):
            if {"en", "fr", "nl", "es"} <= value.keys():
                value["us"] = copy.deepcopy(value["en"])
            value = list(value.values())
        if isinstance(value, list):
            for each in value:
                say(each)

    say(config)
    config["languages"].append({"id": "us", "locale": "en-US", "translator": "translator-fr"})


def _round(config: dict[str, Any]) -> None:
    config["rules"]["comment_rounds"] = 3
    for id, rule in (("draft", "3 working days after comments-2"), ("comments", "2 weeks after draft-3")):
        config["milestones"].append(entry(config, "milestones", f"{id}-2") | {"id": f"{id}-3", "rule": rule})


def _event(config: dict[str, Any]) -> None:
    config["events"].append(entry(config, "events", "fof-3") | {"id": "fof-9", "date": "2007-06-20", "until": None})


def _body(config: dict[str, Any]) -> None:
    config["bodies"].append(entry(config, "bodies", "ghana") | {"id": "freedonia"})
    entry(config, "sessions", "1.3")["team"]["members"].append("freedonia")


def _person(config: dict[str, Any]) -> None:
    config["people"].append(entry(config, "people", "ada-example") | {"id": "ida-example", "name": "Ida Example"})


def _seat(config: dict[str, Any]) -> None:
    _person(config)
    seats = entry(config, "sessions", "1.3")["seats"]
    seats.append(seats[1] | {"id": "1.3-panellist-9", "person": "ida-example"})


#: What is added, by the beginnings of the keys of the records it makes, a milestone named by its key alone.
ADDED: Mapping[str, tuple[Edit, dict[str, int]]] = {
    "a session": (_session, {"concept-note": 1, "background-paper": 1, "translation": 3, "panel": 1, "seat": 6,
                             "summary": 1, "report": 1, "milestone": 19}),
    "a paper": (_paper, {"background-paper": 1, "translation": 3, "milestone": 11}),
    "a team": (_team, {"concept-note": 1, "milestone": 3}),
    "report parts": (_report_parts, {"seat": 1, "summary": 1, "report": 1, "milestone": 3}),
    "a language": (_language, {"translation": 12, "milestone": 12}),
    "a comment round": (_round, {"milestone": 24}),
    "an event": (_event, {"event": 1}),
    "a body": (_body, {}),
    "a person": (_person, {}),
    "a seat": (_seat, {"seat": 1}),
}  # fmt: skip


@pytest.mark.parametrize("moment", ["started", "circulated"])
@pytest.mark.parametrize("kind", ADDED)
def test_what_is_added_is_shown_and_begins(at: Opening, kind: str, moment: str):
    office = at(moment)
    add, expected = ADDED[kind]
    found = meetings.follow_edit(office.desk, edited(office, add).edition)
    shown = {title: rows for title, _, rows in calendar.tables(office.desk, found)}
    new = [row for row in shown.get("Deadlines that change", ()) if row[1] == "–"]
    assert len(new) == expected.get("milestone", 0)
    assert all(row[3] == "is new" and row[4] for row in new)
    before = states(office)
    apply(office, add)
    fresh = [kind for kind, key in states(office).keys() - before.keys()]
    assert {kind: fresh.count(kind) for kind in fresh} == expected
    assert apply(office, add_nothing) == []
    carry_on(office)


def add_nothing(config: dict[str, Any]) -> None:
    """The folder as it was applied."""


def carry_on(office: Office) -> None:
    """What the sweep asks and the views show: a record that does not fit the edition is a fault in one of them."""
    desk = office.desk
    records = desk.records()
    is_due(desk, records)
    outbox.follow_addresses(desk)
    for view in desk.views(records):
        process.waits(view, office.today)
        board.session_markdown(desk, view.session, office.by)
    board.board_rows(desk)
    calendar_view.rows(desk, "en")
    list(feeds.feeds(desk))
    rows_of(desk)
    inputs_of(desk)


def _without_paper(config: dict[str, Any]) -> None:
    entry(config, "sessions", "1.4")["papers"].pop()


def _without_session(config: dict[str, Any]) -> None:
    config["sessions"].remove(entry(config, "sessions", "1.4"))


def _without_seat(config: dict[str, Any]) -> None:
    entry(config, "sessions", "1.4")["seats"].pop(0)


def _without_report(config: dict[str, Any]) -> None:
    entry(config, "sessions", "1.4")["report_parts"].clear()


def _without_language(config: dict[str, Any], language: str = "nl") -> None:
    def hush(value: Any) -> None:
        if isinstance(value, dict):
            value.pop(language, None)
            value = list(value.values())
        if isinstance(value, list):
            for each in value:
                hush(each)

    hush(config)
    config["languages"] = [each for each in config["languages"] if each["id"] != language]
    for collection in ("bodies", "people"):
        for each in config[collection]:
            each["language"] = each["language"].replace(language, "en")


def _without_round(config: dict[str, Any]) -> None:
    config["rules"]["comment_rounds"] = 1
    config["milestones"] = [each for each in config["milestones"] if each["id"] not in ("draft-2", "comments-2")]
    del config["assumptions"]["answers"]["draft-2"]


def _without_event(config: dict[str, Any]) -> None:
    config["events"].remove(entry(config, "events", "gcim-start"))


def _without_body(config: dict[str, Any]) -> None:
    config["bodies"].remove(entry(config, "bodies", "peru"))
    for language in config["languages"]:
        language["reviewers"] = [body for body in language["reviewers"] if body != "peru"]
    for session in config["sessions"]:
        for role in ("members", "observers"):
            if session["team"]:
                session["team"][role] = [body for body in session["team"][role] if body != "peru"]


REMOVED = {
    "a session": _without_session, "a paper": _without_paper, "a seat": _without_seat, "a report": _without_report,
    "a language": _without_language, "a comment round": _without_round, "an event": _without_event,
    "a body": _without_body,
}  # fmt: skip


@pytest.mark.parametrize("moment", ["started", "circulated"])
@pytest.mark.parametrize("kind", REMOVED)
def test_what_has_not_begun_is_shown_to_go_and_goes(at: Opening, kind: str, moment: str):
    office = at(moment)
    before = states(office)
    found = meetings.follow_edit(office.desk, edited(office, REMOVED[kind]).edition)
    calendar.tables(office.desk, found)
    apply(office, REMOVED[kind])
    assert states(office) == before
    carry_on(office)


def test_a_paper_added_to_an_adopted_session_is_opened_by_the_next_sweep(at: Opening):
    office = at("circulated")
    apply(office, _paper)
    assert any("1.3-b" in line for line in office.advance("1.3"))
    assert office.state("background-paper", "1.3-b") == "writing"
    assert office.state("background-paper", "1.3") == "circulated"
    assert office.document("paper-skeleton", "1.3-b", "en").number == 1


def test_an_issued_paper_goes_to_the_translator_of_a_language_that_is_added(at: Opening):
    office = at("issued")
    apply(office, _language)
    office.advance("1.3")
    assert office.state("translation", "1.3:us") == "sent"
    assert office.bilingual("1.3:us").language == "us"


def test_a_round_added_when_a_draft_is_out_is_written_before_the_final_text(at: Opening):
    office = at("circulated")
    apply(office, _round)
    for round in (1, 2):
        office.today = dt.date.fromisoformat(office.record("background-paper", "1.3").facts["until"])
        office.today += dt.timedelta(days=1)
        office.advance("1.3")
        (wait,) = [each for each in process.waits(_view(office, "1.3"), office.today) if each.key == "1.3"][:1]
        assert (wait.what, wait.milestone) == (f"draft {round + 1}", f"1.3/draft-{round + 1}")
        office.send_paper("1.3", words=20 + round)
        office.advance("1.3")
    assert office.state("background-paper", "1.3") == "circulated"


def _view(office: Office, session: str) -> TeamView:
    return office.desk.view(office.session(session))


def test_a_round_added_when_the_final_text_is_in_asks_nobody_of_that_paper(at: Opening):
    office = at("submitted")
    found = meetings.follow_edit(office.desk, edited(office, _round).edition)
    apply(office, _round)
    assert {office.state("milestone", f"1.3/{id}-3") for id in ("draft", "comments")} == {"void"}
    assert office.state("milestone", "1.2/draft-3") == "planned"
    shown = {change.key for change in found.move.changed}
    assert {"1.2/draft-3", "1.3/draft-3"} & shown == {"1.2/draft-3"}


def test_what_is_added_too_late_is_told_as_impossible(at: Opening):
    office = at("circulated")
    office.today = dt.date(2007, 6, 25)
    found = meetings.follow_edit(office.desk, edited(office, _round).edition)
    late = {(fault.key, fault.fault) for fault in found.move.impossible}
    assert ("1.3/draft-3", "past") in late
    assert ("1.3/comments-1", "past") not in late, "it was before, too"


def test_beside_an_event_taken_out_the_one_that_moved_is_told(at: Opening):
    office = at("circulated")

    def edit(config: dict[str, Any]) -> None:
        config["events"].remove(entry(config, "events", "fof-1"))
        entry(config, "milestones", "note-invitation")["rule"] = "12 weeks before fof-2"
        entry(config, "events", "fof-3")["date"] = "2007-06-15"

    found = meetings.follow_edit(office.desk, edited(office, edit).edition)
    assert [event.event for event in found.move.events] == ["fof-1", "fof-3"]
    apply(office, edit)
    letters = office.ledger.letters(office.name, kind="date-changed")
    assert letters and all("15 June 2007" in letter.body for letter in letters if letter.language == "en")


def test_what_was_taken_out_comes_back_as_the_folder_has_it_now(at: Opening):
    office = at("started")
    apply(office, _event)
    apply(office, lambda config: config["events"].remove(entry(config, "events", "fof-9")))

    def again(config: dict[str, Any]) -> None:
        _event(config)
        entry(config, "events", "fof-9")["date"] = "2007-06-27"

    apply(office, again)
    assert office.edition.event("fof-9").date == dt.date(2007, 6, 27)


def test_a_language_letters_are_written_in_stays(at: Opening):
    office = at("invited")
    before = states(office)
    with pytest.raises(
        Conflict, match=r"^brussels-2007: es can't be taken out of the configuration, the letter .* is "
    ):
        apply(office, lambda config: _without_language(config, "es"))
    assert states(office) == before


def test_what_has_begun_is_ended_as_the_refusal_says(at: Opening):
    office = at("tabled")
    with pytest.raises(Conflict, match=r"`roundtable decide outcome brussels-2007 1\.3 withdrawn --by NAME`$"):
        apply(office, lambda config: config["sessions"].remove(entry(config, "sessions", "1.3")))
    office.outcome("1.3", "withdrawn")
    assert office.state("concept-note", "1.3") == "withdrawn"
    # A paper added to it then is nobody's to write.
    apply(office, _paper)
    assert office.state("milestone", "1.3-b/draft-1") == "void"


def test_the_history_has_what_changed_and_what_is_said_has_no_address(at: Opening):
    office = at("started")

    def edit(config: dict[str, Any]) -> None:
        entry(config, "bodies", "ghana")["focal_point"] |= {"email": "new@ghana.example", "phone": "+233 1"}
        _body(config)

    old = office.edition.body("ghana").focal_point.email
    said = apply(office, edit)
    assert "bodies[ghana].focal_point.email: address changed" in said
    assert "bodies[ghana].focal_point.phone: nothing -> +233 1" in said
    assert "bodies[freedonia]: is new" in said
    assert "@" not in "".join(said)
    (line,) = office.ledger.history(office.name, subject="edition")[1:]
    assert line.change["bodies[ghana].focal_point.email"] == [old, "new@ghana.example"]
    assert line.change["bodies[freedonia]"][1]["focal_point"]["email"] == "new@ghana.example"
    assert line.change["version"] == [1, 2]
