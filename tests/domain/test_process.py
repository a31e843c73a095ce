"""The whole process: nobody is forgotten, no step leads off the tables, and a team that is done is done."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from hypothesis import given

from tasks.domain import process, translation
from tasks.domain.background_paper import paper_key
from tasks.domain.machines import TRANSITIONS
from tasks.domain.view import TeamView
from tests.domain.domain_help import (
    EDITIONS,
    STEPS,
    at_the_start,
    deadlines_of,
    edition,
    every_session,
    planned_days,
    teams,
    view_of,
    with_state,
)

LAST = {
    "concept-note": "adopted",
    "background-paper": "issued",
    "panel": "complete",
    "translation": "issued",
    "summary": "issued",
    "report": "issued",
    "seat": "confirmed",
}


@given(teams())
def test_every_due_step_is_known_and_leads_along_the_tables(found: tuple[TeamView, dt.date]):
    view, today = found
    steps = process.due(view, today)
    assert Counter(steps) == Counter(set(steps)), "a step is due twice"
    for step in steps:
        for kind, to in STEPS[step.stage, step.name]:
            record = view.find(kind, step.key)
            if step.name == "compile" and record is None:
                continue  # the first time the matrix is made
            assert record is not None, step
            assert to in TRANSITIONS[kind][record.state], (step, record)


@given(teams())
def test_nobody_is_forgotten(found: tuple[TeamView, dt.date]):
    """Whatever is not at its end has a step that is due, or somebody who must act."""
    view, today = found
    heard = {(wait.kind, wait.key) for wait in process.waits(view, today)}
    heard |= {(kind, step.key) for step in process.due(view, today) for kind, _ in STEPS[step.stage, step.name]}
    note = view.state("concept-note", view.session.id)
    for record in view.records.values():
        match record.kind:
            case "panel":
                # The panel is its seats: it is told of by them.
                continue
            case "seat" if record.state == "confirmed":
                continue
            case "comments":
                if record.state == "asked":
                    assert ("comments", record.facts["paper"]) in heard, record
                continue
            case "background-paper" | "translation" if note == "withdrawn":
                continue
            case "background-paper" | "translation" if record.state == "issued":
                continue
            case "translation" if (
                record.state != "planned" and view.state("background-paper", record.facts["paper"]) != "issued"
            ):
                continue  # cannot be: what is translated is an issued paper
            case "translation" if record.state in ("received", "reviewed") and view.edition.rules.languages_together:
                # It waits for the other languages, or for the paper to be issued in all of them.
                paper = record.facts["paper"]
                others = {key for key, of, _ in translation.keys(view.edition, view.session) if of == paper}
                assert ("background-paper", paper) in heard or heard & {("translation", key) for key in others}, record
                continue
            case "translation" if record.state in ("received", "reviewed"):
                assert heard & {("translation", record.key), ("background-paper", record.facts["paper"])}, record
                continue
            case "background-paper" if record.state == "circulated":
                # It waits for the comments of its round.
                assert heard & {("background-paper", record.key), ("comments", record.key)}, record
                continue
            case "background-paper" if record.state == "deciding":
                # It waits for the matrix of its comments.
                key = f"{record.key}|{record.facts['round']}"
                assert heard & {("background-paper", record.key), ("comment-matrix", key)}, record
                continue
            case "comment-matrix":
                # What came late is decided on at leisure, as long as the text is not frozen.
                continue
            case "report" if record.state == "planned":
                # Its templates go out with those of the summary.
                assert ("summary", record.key) in heard, record
                continue
        if TRANSITIONS[record.kind][record.state]:
            assert (record.kind, record.key) in heard, record


@given(teams())
def test_an_open_panel_has_a_seat_somebody_must_fill_or_is_completed(found: tuple[TeamView, dt.date]):
    view, today = found
    if view.state("panel", view.session.id) != "incomplete" or today < view.due("panel-invitation"):
        return
    waiting = [w for w in process.waits(view, today) if w.kind == "seat"]
    steps = [s for s in process.due(view, today) if s.stage == "panel"]
    assert waiting or steps


@given(teams())
def test_who_waits_is_known_to_the_edition_and_since_when_and_in_order(found: tuple[TeamView, dt.date]):
    view, today = found
    waits = process.waits(view, today)
    assert waits == sorted(waits, key=lambda w: (w.until, w.stage, w.key))
    for wait in waits:
        record = next(
            r for r in view.records.values() if r.kind == wait.kind and wait.key in (r.key, r.facts.get("paper"))
        )
        assert wait.since == record.changed_at.date()
        assert wait.what
        for party in wait.parties:
            assert any(view.edition.has(c, party) for c in ("bodies", "people", "staff")), wait


@given(teams())
def test_looking_changes_nothing(found: tuple[TeamView, dt.date]):
    view, today = found
    before = dict(view.records)
    first = (process.due(view, today), process.waits(view, today), process.finished(view))
    assert (process.due(view, today), process.waits(view, today), process.finished(view)) == first
    assert view.records == before


@pytest.mark.parametrize("name, session", every_session())
def test_a_team_that_has_everything_is_finished_and_waits_for_nothing(name: str, session: str):
    records = at_the_start(name, session)
    for kind, key in list(records):
        records = with_state(records, kind, key, LAST[kind], person=edition(name).people[0].id)
    view = view_of(name, session, records)
    assert process.finished(view)
    assert process.due(view, dt.date(2040, 1, 1)) == []
    assert process.waits(view, dt.date(2040, 1, 1)) == []


@pytest.mark.parametrize("name, session", every_session())
def test_a_team_is_not_finished_while_anything_is_open(name: str, session: str):
    done = at_the_start(name, session)
    for kind, key in list(done):
        done = with_state(done, kind, key, LAST[kind], person=edition(name).people[0].id)
    for kind, key in list(done):
        for state in TRANSITIONS[kind].keys() - {LAST[kind], "withdrawn"}:
            view = view_of(name, session, with_state(done, kind, key, state))
            # A seat is told of by its panel: an optional one may stay open.
            assert process.finished(view) is (kind == "seat"), (kind, key, state)


@pytest.mark.parametrize("name, session", every_session())
def test_a_withdrawn_note_ends_the_paper_and_its_translations(name: str, session: str):
    records = at_the_start(name, session)
    if edition(name).session(session).team is None:
        return
    for kind, key in list(records):
        if kind not in ("background-paper", "translation"):
            state = "withdrawn" if kind == "concept-note" else LAST[kind]
            records = with_state(records, kind, key, state, person=edition(name).people[0].id)
    view = view_of(name, session, records)
    assert process.waits(view, dt.date(2040, 1, 1)) == []
    assert process.due(view, dt.date(2040, 1, 1)) == []
    assert process.finished(view)


@pytest.mark.parametrize("name", EDITIONS)
def test_an_edition_begins_with_each_record_once(name: str):
    records = process.initial(edition(name))
    assert len({(r.kind, r.key) for r in records}) == len(records)


@pytest.mark.parametrize("name", EDITIONS)
def test_an_edition_begins_with_what_its_sessions_have_and_no_more(name: str):
    found = edition(name)
    counted = Counter(record.kind for record in process.initial(found))
    papers = [paper_key(s, p) for s in found.sessions for p in s.papers]
    reporting = [s for s in found.sessions if s.report_parts]
    assert counted == Counter(
        {
            "concept-note": sum(s.team is not None for s in found.sessions),
            "background-paper": len(papers),
            "translation": len(papers) * (len(found.languages) - 1),
            "panel": sum(bool(s.seats) for s in found.sessions),
            "seat": sum(len(s.seats) for s in found.sessions),
            "summary": len(reporting),
            "report": len(reporting),
            "roundtable-report": len({s.roundtable for s in reporting}),
            "horizontal-report": int(found.horizontal is not None),
            "action-register": 1,
            "event": sum(event.precision == "day" for event in found.events),
            "milestone": len(planned_days(name)),
        }
    )
    assert "panel" not in {r.kind for r in process.initial(found) if r.session is None}


def test_figures_of_the_two_editions():
    """The counts above, by hand for the small edition."""
    found = Counter(record.kind for record in process.initial(edition("six-languages")))
    assert found == Counter(
        {
            "translation": 25,
            "seat": 15,
            "panel": 5,
            "background-paper": 5,
            "concept-note": 4,
            "summary": 3,
            "report": 3,
            "roundtable-report": 1,
            "horizontal-report": 1,
            "action-register": 1,
            "event": 5,
            # 4 notes x 3, 5 panels x 2, 5 papers x 9, 25 translations and 15 reviews, 3 reports x 3, 1 roundtable.
            "milestone": 117,
        }
    )


@pytest.mark.parametrize("name, session", every_session())
def test_on_the_first_day_only_the_calendar_is_awaited(name: str, session: str):
    """Before the first milestone nothing is due, and nobody but a coordinator with an open seat has to act."""
    day = min(deadlines_of(name).values()) - dt.timedelta(days=1)
    view = view_of(name, session, at_the_start(name, session))
    assert process.due(view, day) == []
    coordinator = view.edition.coordinator_of(view.session).id
    for wait in process.waits(view, day):
        record = view.find(wait.kind, wait.key)
        assert record is not None
        assert wait.parties == ((coordinator,) if record.state == "open" else ())


def test_what_rests_on_a_note_are_its_papers_comments_and_translations():
    records = list(at_the_start("six-languages", "A2").values())
    found = {(r.kind, r.key) for r in process.followers("concept-note", "A2", records)}
    assert found == {(r.kind, r.key) for r in records if r.kind in ("background-paper", "translation")}


def test_what_rests_on_a_paper_are_its_own_translations_not_those_of_its_neighbour():
    records = at_the_start("six-languages", "A2")
    comment = {"paper": "A2-amont", "round": 1, "body": "highmoor"}
    records = with_state(records, "comments", "A2-amont|1|highmoor", "answered", **comment)
    found = {(r.kind, r.key) for r in process.followers("background-paper", "A2-amont", records.values())}
    assert found == {("translation", f"A2-amont:{t}") for t in ("arabe", "chinois", "anglais", "russe", "espagnol")}


@pytest.mark.parametrize("kind", ["seat", "report", "summary", "anything"])
def test_nothing_rests_on_a_seat_or_a_report(kind: str):
    records = list(at_the_start("six-languages", "A2").values())
    assert process.followers(kind, "A2", records) == []
