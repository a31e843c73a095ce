"""What a forecast reads from a real ledger at several moments, what a what-if changes, and the document of it all."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from graphlib import TopologicalSorter

import pytest

from tasks import extensions, meetings
from tasks.adapters.plots import forecast as plots
from tasks.adapters.word.ingest import open_safely
from tasks.adapters.word.ooxml import w
from tasks.background_paper import nil_return
from tasks.domain.background_paper import LEAST_COMMENT_DAYS, commenters, paper_key
from tasks.domain.calendar_records import MILESTONE
from tasks.domain.errors import Invalid, NotNow, Unknown
from tasks.domain.forecast import Activity, Inputs, forecast
from tasks.domain.forecast.outcome import simulate
from tasks.domain.text import Table, plain
from tasks.forecast import (
    WhatIf,
    forecast_document,
    inputs_of,
    keep,
    look_ahead,
    picture,
    suppose,
    what_if_lines,
    write,
)
from tests.tasks.conftest import Opening
from tests.tasks.office_help import Office

MOMENTS = ["started", "invited", "tabled", "writing", "circulated", "submitted", "issued", "six", "six_issued"]
every_moment = pytest.mark.parametrize("moment", MOMENTS)
#: The day of the meeting that deadlines hang on, and a later one.
HELD, LATER = dt.date(2007, 6, 8), dt.date(2007, 6, 15)
FEW = 60


def inputs(office: Office) -> Inputs:
    return inputs_of(office.desk)


def of_paper(found: Inputs, paper: str) -> dict[str, Activity]:
    """The activities of one paper by what follows its number: `draft-1`, `comments-1|BODY`, `:fr/translation-due`."""
    return {one.key.removeprefix(paper).removeprefix("/"): one for one in found.activities if one.paper == paper}


def milestones(office: Office) -> dict[str, tuple[str, dt.date | None]]:
    """(state, the day it was met) of every milestone."""
    return {
        record.key: (record.state, dt.date.fromisoformat(day) if (day := record.facts.get("actual")) else None)
        for record in office.ledger.records(office.name, kind=MILESTONE)
    }


# What there is


@every_moment
def test_every_move_of_every_paper_is_there(at: Opening, moment: str):
    office = at(moment)
    found = inputs(office)
    known = found.by_key
    rounds = range(1, office.edition.rules.comment_rounds + 1)
    languages = {language.id for language in office.edition.languages}
    expected = set[str]()
    for view in office.desk.views():
        session = view.session
        if session.team is None:
            continue
        names = ("note-due", "note-decision", "note-tabled", "note-outcome")
        expected |= {f"{session.id}/{name}" for name in names}
        for paper in session.papers:
            key = paper_key(session, paper)
            expected |= {f"{key}/{name}" for name in ("call-for-input", "final-due", "final-decision")}
            expected |= {f"{key}/{name}-{round}" for round in rounds for name in ("draft", "comments")}
            expected |= {f"{key}/comments-{n}|{body}" for n in rounds for body in commenters(view, paper)}
            expected |= {f"{key}:{language}/translation-due" for language in languages} - {
                f"{key}:{office.edition.drafting_language.id}/translation-due"
            }
            issues = [one.language for one in found.activities if one.paper == key and one.language]
            assert sorted(issues) == sorted(languages), "one issue of every paper in every language"
    assert set(known) == expected
    assert found.today == office.today


@every_moment
def test_moves_lead_from_the_invitation_to_every_issue_and_never_in_a_circle(at: Opening, moment: str):
    known = inputs(at(moment)).by_key
    order = list(TopologicalSorter({key: one.after for key, one in known.items()}).static_order())
    assert len(order) == len(known)
    for issue in (one for one in known.values() if one.language):
        before, ahead = set[str](), [issue.key]
        while ahead:
            new = [key for key in known[ahead.pop()].after if key not in before]
            before.update(new)
            ahead += new
        assert f"{issue.session}/note-due" in before
        assert {known[key].paper for key in before} <= {"", issue.paper}


@every_moment
def test_nothing_done_is_forecast_again(at: Opening, moment: str):
    office = at(moment)
    found = inputs(office)
    met = {key: day for key, (state, day) in milestones(office).items() if state == "met" and key in found.by_key}
    assert {key: found.by_key[key].done for key in met} == met
    assert all(one.ended is None or one.ended <= office.today for one in found.activities)
    played = simulate(found, seed=3, seasons=FEW)
    for one in found.activities:
        ended = played.ended[one.key]
        if one.ended is not None:
            assert set(ended) == {played.table.number(one.ended)}, f"{one.key} is over"
        elif one.kind:
            assert ended.min() > played.table.number(office.today), f"{one.key} is still to come"


@every_moment
def test_what_is_open_in_the_ledger_is_open_in_the_forecast(at: Opening, moment: str):
    office = at(moment)
    known = inputs(office).by_key
    open_ones = [key for key, (state, _) in milestones(office).items() if state == "planned" and key in known]
    reached = {
        view.session.id for view in office.desk.views() if view.state("concept-note", view.session.id) == "adopted"
    }
    # Where the note was adopted, however it came to that, the deadlines before are over.
    assert [key for key in open_ones if known[key].done and known[key].session not in reached] == []
    planned = {record.key: record.facts["due"] for record in office.ledger.records(office.name, kind=MILESTONE)}
    assert all(
        known[key].planned.isoformat() == planned[key] for key in open_ones if not known[key].key.startswith("comments")
        and known[key].kind
    )  # fmt: skip


# How it stands


def test_a_wait_begins_on_the_day_it_became_somebodys_move(at: Opening):
    office = at("circulated")
    asked = office.record("comments", "1.3|1|norvania").changed_at.date()
    moves = of_paper(inputs(office), "1.3")
    assert moves["draft-1"].done == asked
    assert moves["comments-1|norvania"].started == asked
    assert moves["comments-1|norvania"].ended is None
    until = dt.date.fromisoformat(office.record("background-paper", "1.3").facts["until"])
    assert moves["comments-1"].closes == until + dt.timedelta(days=1)


def test_a_round_that_is_not_open_stays_open_long_enough(at: Opening):
    moves = of_paper(inputs(at("writing")), "1.3")
    assert moves["comments-1"].open_at_least == LEAST_COMMENT_DAYS + 1
    assert moves["comments-1"].closes is not None


def test_an_answer_ends_a_wait_and_silence_lets_it_lapse(at: Opening):
    office = at("circulated")
    nil_return(office.desk, office.session("1.3"), "1.3", "norvania")
    assert of_paper(inputs(office), "1.3")["comments-1|norvania"].done == office.today
    office.today = dt.date.fromisoformat(office.record("background-paper", "1.3").facts["until"])
    office.today += dt.timedelta(days=1)
    office.advance("1.3")
    moves = of_paper(inputs(office), "1.3")
    silent = [one for key, one in moves.items() if key.startswith("comments-1|") and one.done is None]
    assert silent and all(one.lapsed == office.today for one in silent)
    assert moves["comments-1"].done == office.today
    assert moves["draft-2"].started == office.today


def test_an_extension_moves_the_partners_day_and_the_end_of_the_round(at: Opening):
    office = at("circulated")
    until = dt.date.fromisoformat(office.record("background-paper", "1.3").facts["until"])
    longer = until + dt.timedelta(days=4)
    extensions.grant(office.desk, "1.3/comments-1", "norvania", longer, "Elections.")
    moves = of_paper(inputs(office), "1.3")
    assert moves["comments-1|norvania"].planned == longer
    assert moves["comments-1"].closes == longer + dt.timedelta(days=1)
    others = [one for key, one in moves.items() if key.startswith("comments-1|") and not key.endswith("norvania")]
    assert {one.planned for one in others} == {office.day_of("comments-1")}


def test_a_text_sent_back_is_awaited_again(at: Opening):
    office = at("submitted")
    assert of_paper(inputs(office), "1.3")["final-due"].done == office.today
    office.today += dt.timedelta(days=2)
    office.decide_paper("1.3", "1.3", "return", "The last section is missing.")
    final = of_paper(inputs(office), "1.3")["final-due"]
    assert (final.done, final.started) == (None, office.today)


def test_a_note_sent_back_by_the_meeting_is_awaited_for_the_next_one(at: Opening):
    office = at("tabled")
    office.outcome("1.3", "sent-back", reason="The questions are too wide.")
    known = inputs(office).by_key
    assert (known["1.3/note-due"].done, known["1.3/note-due"].started) == (None, office.today)
    assert known["1.3/note-tabled"].opens == office.edition.event("fof-3").date


def test_the_paper_of_a_withdrawn_note_is_left_out(at: Opening):
    office = at("tabled")
    before = {one.session for one in inputs(office).activities}
    office.outcome("1.3", "withdrawn", reason="The team has dissolved.")
    assert before - {one.session for one in inputs(office).activities} == {"1.3"}


def test_words_are_those_of_the_last_text_else_the_limit(at: Opening):
    office = at("submitted")
    counted = office.record("background-paper", "1.3").facts["words"]
    limit = office.edition.rules.word_limits.background_paper
    words = {one.paper: one.words for one in inputs(office).activities if one.kind == "translator"}
    assert 0 < counted != limit
    assert words.pop("1.3") == counted
    assert words and set(words.values()) == {limit}


@pytest.mark.parametrize("moment", ["started", "six"])
def test_answer_times_and_translators_are_the_editions(at: Opening, moment: str):
    office = at(moment)
    found, assumed = inputs(office), office.edition.assumptions
    for kind, answer in found.answers.items():
        stated = assumed.answers[kind]
        assert (answer.half, answer.nine_in_ten) == (stated.half, stated.nine_in_ten)
    assert set(found.capacities) == {one.id for one in office.edition.languages if not one.drafting}
    for language, capacity in found.capacities.items():
        stated_capacity = assumed.capacity_of(language)
        assert capacity.translators == stated_capacity.translators
        assert capacity.words_per_day == stated_capacity.words_per_day
        assert capacity.revised_per_day == stated_capacity.revised_per_day


def test_what_is_issued_is_certain(at: Opening):
    office = at("issued")
    for language in ("fr", "nl", "es"):
        office.send_translation(f"1.3:{language}")
    office.advance("1.3")
    found = inputs(office)
    paper = replace(found, activities=tuple(one for one in found.activities if one.session == "1.3"))
    result = forecast(paper, seed=1, seasons=FEW)
    assert len(result.issues) == 4
    assert all(issue.done == issue.day_10 == issue.day_90 and issue.on_time in (0, 1) for issue in result.issues)
    assert result.all_on_time == float(all(issue.done and issue.done <= issue.planned for issue in result.issues))
    assert result.hold_ups == ()


# What if


def test_a_meeting_moved_in_thought_is_as_if_it_were_moved(at: Opening):
    office = at("circulated")
    desk = office.desk
    supposed = suppose(desk, WhatIf(moves={"fof-3": LATER}))
    assert supposed.activities != inputs(office).activities
    meetings.apply(office.desk, {"fof-3": LATER}, "The hall is taken.")
    office.forget()
    assert supposed.activities == inputs(office).activities


def test_a_meeting_that_stays_changes_nothing(at: Opening):
    office = at("circulated")
    assert suppose(office.desk, WhatIf(moves={"fof-3": HELD})).activities == inputs(office).activities


def test_more_translators_bring_their_language_forward_and_no_other(at: Opening):
    # From the start all papers come to their translators in the same weeks.
    desk = at("started").desk
    now, then = inputs_of(desk), suppose(desk, WhatIf(translators={"fr": 3}))
    assert (now.capacities["fr"].translators, then.capacities["fr"].translators) == (1, 3)
    before, after = (simulate(found, seed=1, seasons=FEW).ended for found in (now, then))
    for key, ended in before.items():
        assert (":fr/" in key) or (after[key] == ended).all(), f"{key} has nothing to do with French"
    french = [key for key in before if ":fr/" in key]
    assert sum(after[key].sum() for key in french) < sum(before[key].sum() for key in french)


def test_a_draft_that_comes_earlier_brings_its_own_text_forward(at: Opening):
    desk = at("circulated").desk
    outlook = look_ahead(desk, WhatIf(earlier={"1.3/draft-2": 8}), seed=1, seasons=400)
    texts = {each.key: each for each in outlook.differences if each.key.endswith("/final-due")}
    mine = texts.pop("1.3/final-due")
    assert mine.sooner_days > 0 or mine.gained > 0
    assert all(each.sooner_days == 0 == each.gained for each in texts.values())


def test_what_ifs_are_combined(at: Opening):
    desk = at("circulated").desk
    wanted = WhatIf({"fof-3": LATER}, {"fr": 2, "nl": 2}, {"1.3/draft-2": 3})
    found = suppose(desk, wanted)
    assert found.by_key["1.3/draft-2"].sooner == 3
    assert found.by_key["1.3/draft-2"].planned > inputs_of(desk).by_key["1.3/draft-2"].planned
    assert {id: one.translators for id, one in found.capacities.items()} == {"fr": 2, "nl": 2, "es": 1}
    said = what_if_lines(desk, look_ahead(desk, wanted, seed=1, seasons=5), "en")
    assert len(said) == 4
    assert "15 June 2007" in said[0] and said[3].endswith("3 working days earlier")


def test_every_move_that_can_come_earlier_has_a_name(at: Opening):
    desk = at("invited").desk
    found = inputs_of(desk)
    moves = [one.key for one in found.activities if one.kind and one.ended is None and one.session == "1.3"]
    outlook = look_ahead(desk, WhatIf(earlier=dict.fromkeys(moves, 1)), seed=1, seasons=2)
    said = what_if_lines(desk, outlook, "fr")
    assert len(set(said)) == len(moves) > 20


@pytest.mark.parametrize(
    ("what_if", "error", "said"),
    [
        (WhatIf(translators={"de": 2}), Unknown, "into de"),
        (WhatIf(translators={"en": 2}), Unknown, "into en"),
        (WhatIf(translators={"fr": 0}), Invalid, "give 1 or more"),
        (WhatIf(earlier={"1.3/draft-7": 2}), Unknown, r"1\.3/draft-7: .* still to come: .*1\.3/draft-2"),
        (WhatIf(earlier={"1.3/draft-1": 2}), Invalid, "ended on"),
        (WhatIf(earlier={"1.3/comments-1": 2}), Invalid, "name a draft or a translation"),
        (WhatIf(earlier={"1.3/draft-2": 0}), Invalid, "1 or more"),
    ],
)
def test_what_can_not_be_is_refused(at: Opening, what_if: WhatIf, error: type[Exception], said: str):
    with pytest.raises(error, match=said):
        look_ahead(at("circulated").desk, what_if, seed=1, seasons=1)


@pytest.mark.parametrize(
    ("moves", "error"),
    [
        ({"fof-9": LATER}, Unknown),
        ({"fof-3": dt.date(2007, 1, 15)}, Invalid),
        ({"fof-1": LATER}, NotNow),
    ],
)
def test_a_move_that_can_not_be_is_refused_as_when_it_is_done(at: Opening, moves: dict[str, dt.date], error: type):
    from flows.forecast import look_ahead as checked

    with pytest.raises(error):
        checked(at("circulated").desk, WhatIf(moves=moves), seasons=1, seed=1)


# The document


@pytest.mark.parametrize("moment", ["circulated", "six_issued"])
def test_the_document_is_there_in_every_language(at: Opening, moment: str):
    office = at(moment)
    desk = office.desk
    languages = [language.id for language in office.edition.languages]
    target = next(language.id for language in office.edition.languages if not language.drafting)
    outlook = look_ahead(desk, WhatIf(translators={target: 9}), seed=1, seasons=FEW)
    for language in languages:
        laid = forecast_document(desk, outlook, language)
        docx = open_safely(write(desk, laid, language), "forecast.docx")
        rows = [block for block in laid.blocks if isinstance(block, Table)]
        issues = next(table for table in rows if len(table.rows[0]) == 4)
        assert len(issues.rows) == 1 + len(outlook.now.issues)
        assert (
            len(list(docx.tree(docx.main).iter(w("drawing")))) == len(laid.images) == -(-len(outlook.now.issues) // 20)
        )
        text = "\n".join("".join(map(str, node.itertext())) for node in docx.tree(docx.main).iter(w("p")))
        assert desk.words(language)("forecast.method") in text
        assert not re.search(r"\{\w+\}", re.sub(r"\{pages?\}", "", text)), "a place of the wording was not filled"


def test_the_table_says_of_each_paper_when_and_how_likely(at: Opening):
    office = at("issued")
    outlook = look_ahead(office.desk, seed=1, seasons=FEW)
    tables = [block for block in forecast_document(office.desk, outlook, "en").blocks if isinstance(block, Table)]
    rows = {plain(row[0]): [plain(cell) for cell in row[1:]] for row in tables[1].rows}
    assert rows["Paper"] == ["Planned", "On time", "90% sure by"]
    assert rows["1.3 · English"][2].startswith("Issued: ")
    assert rows["1.3 · French"][1].endswith("%")


def test_the_picture_of_a_rehearsal_says_so_in_its_title(at: Opening, monkeypatch: pytest.MonkeyPatch):
    desk, titles = at("issued").desk, []
    monkeypatch.setattr(plots, "set_title", lambda axes, title, *others, **more: titles.append(title))
    outlook = look_ahead(desk, seed=1, seasons=FEW)
    picture(desk, outlook, "en")
    desk.rehearsal = False
    picture(desk, outlook, "en")
    assert titles == [f"Rehearsal, fictitious content: {titles[1]}", desk.words("en")("documents.forecast")]


def test_each_one_kept_is_a_version_of_its_own(at: Opening):
    office = at("circulated")
    outlook = look_ahead(office.desk, seed=1, seasons=FEW)
    before = office.ledger.snapshot(office.name)
    write(office.desk, forecast_document(office.desk, outlook, "en"), "en")
    assert office.ledger.snapshot(office.name) == before, "only what is kept is in the ledger"
    for _ in range(2):
        desk = office.desk
        keep(desk, forecast_document(desk, outlook, "en"), "en")
    assert office.statuses("forecast", "papers") == [("en", 1, "superseded"), ("en", 2, "current")]
    (row,) = office.ledger.documents(office.name, kind="forecast", status="current")
    assert row.made_by == office.by
