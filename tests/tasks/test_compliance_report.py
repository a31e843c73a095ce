"""The compliance report of real offices: counts against both plans, delays by who caused them, the Word document."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tasks import background_paper, compliance, extensions, meetings
from tasks.adapters.plots import compliance as plots
from tasks.adapters.word.annotate import annotate
from tasks.domain.calendar_records import MILESTONE
from tasks.domain.compliance import Row
from tasks.domain.readers import ReaderMark, Reading
from tasks.schedules import Grouping
from tests.tasks.conftest import Opening
from tests.tasks.office_help import Office
from tests.tools import validator


def rows_of(office: Office) -> dict[str, Row]:
    return {row.key: row for row in compliance.rows_of(office.desk)}


def days_of(office: Office) -> dict[str, tuple[int, ...]]:
    """Working days of delay by party."""
    return {late.party: late.days for late in compliance.assess(office.desk).lateness}


def totals(office: Office, by: Grouping) -> dict[str, tuple[int, int, int]]:
    sections = compliance.assess(office.desk).sections
    return {row.name: (row.plan.on_time, row.plan.late, row.plan.missing) for row in sections[by]}


def test_a_milestone_is_a_row_for_everybody_it_asks(at: Opening):
    office = at("circulated")
    rows = rows_of(office)
    asked = [key for key in rows if key.startswith("1.3/comments-1|")]
    assert len(asked) == 9 and "1.3/comments-1|norvania" in rows
    assert {rows[key].party for key in asked} == {key.rpartition("|")[2] for key in asked}
    seats = [key for key in rows if key.startswith("1.3/panel-complete|")]
    assert seats == [f"1.3/panel-complete|{seat.id}" for seat in office.session("1.3").seats]
    assert not any("input-due" in key for key in rows), "nothing records whether it came"
    assert {rows[key].language for key in rows if key.endswith("/issued")} == {"en", "fr", "nl", "es"}


def test_the_history_says_since_when_a_move_was_whose(at: Opening):
    office = at("submitted")
    rows = rows_of(office)
    by_key = {
        record.key: record.facts.get("actual", "") for record in office.ledger.records(office.name, kind=MILESTONE)
    }
    assert rows["1.3/note-due"].since == dt.date.fromisoformat(by_key["1.3/note-invitation"])
    assert rows["1.3/draft-1"].since == dt.date.fromisoformat(by_key["1.3/call-for-input"])
    assert rows["1.3/comments-1|norvania"].since == dt.date.fromisoformat(by_key["1.3/draft-1"])
    # The round is closed the morning after its last day; the next draft could be begun on that day.
    assert rows["1.3/draft-2"].since == rows["1.3/draft-1"].due + dt.timedelta(weeks=2)
    assert rows["1.3/draft-2"].after == tuple(key for key in rows if key.startswith("1.3/comments-1|"))


def test_silence_is_missing_and_no_longer_late_every_day(at: Opening):
    office = at("submitted")
    silent = rows_of(office)["1.3/comments-1|norvania"]
    assert silent.status("current", office.today) == "missing" and silent.closed == silent.due
    office.today += dt.timedelta(days=90)
    assert silent.late_days("current", office.today) == 0
    assert totals(office, "body")["Norvania"] == (0, 0, 2)


def test_a_late_writer_is_late_and_those_after_are_not(at: Opening):
    office = at("writing")
    writer = rows_of(office)["1.3/draft-1"].party
    name = office.edition.body(writer).names["en"]
    office.on("draft-1", 12)  # twelve days late
    office.send_paper("1.3", words=11)
    office.advance("1.3")
    row = rows_of(office)["1.3/draft-1"]
    assert row.status("current", office.today) == "late" and row.late_days("current", office.today) == 12
    until = dt.date.fromisoformat(office.record("background-paper", "1.3").facts["until"])
    assert until > row.due + dt.timedelta(weeks=2), "the partners have their days all the same"
    own = days_of(office)[name]
    # From Friday 27 April to Wednesday 9 May 2007, less two weekends and Labour Day.
    assert own[0] == 7
    office.today = until
    office.send_comments("1.3", "norvania")
    late = rows_of(office)["1.3/comments-1|norvania"]
    assert late.status("current", office.today) == "late"
    shares = compliance.assess(office.desk).lateness
    assert "Norvania" not in {share.party for share in shares}, "it took the days it was given"
    assert sum(days_of(office)[name]) > own[0]


def test_what_comes_on_a_day_off_counts_as_of_the_next_working_day(at: Opening):
    office = at("writing")
    writer = rows_of(office)["1.3/draft-1"].party
    office.on("draft-1", 1)  # a Saturday
    assert office.today.weekday() == 5
    office.send_paper("1.3", words=11)
    assert days_of(office)[office.edition.body(writer).names["en"]] == (1,)


def test_an_extension_counts_against_the_first_plan_only(at: Opening):
    office = at("circulated")
    due = rows_of(office)["1.3/comments-1|norvania"].due
    extensions.grant(office.desk, "1.3/comments-1", "norvania", due + dt.timedelta(days=6), "A national holiday.")
    office.today = due + dt.timedelta(days=5)
    office.send_comments("1.3", "norvania")
    row = rows_of(office)["1.3/comments-1|norvania"]
    assert (row.extensions, row.extended) == (1, due + dt.timedelta(days=6))
    assert [row.status(plan, office.today) for plan in ("baseline", "current")] == ["late", "in-time"]
    (line,) = [line for line in compliance.assess(office.desk).sections["body"] if line.name == "Norvania"]
    assert line.extensions == 1 and (line.plan.on_time, line.baseline.late) == (1, 1)
    assert "Norvania" not in days_of(office)


def test_a_meeting_that_moves_leaves_the_first_plan_as_it_was(at: Opening):
    office = at("circulated")
    before = rows_of(office)["1.2/final-due"]
    meetings.apply(office.desk, {"fof-3": dt.date(2007, 6, 15)}, "The hall is taken.")
    office.forget()
    after = rows_of(office)["1.2/final-due"]
    assert (after.baseline, after.due) == (before.baseline, before.due + dt.timedelta(weeks=1))


def test_the_issue_of_a_paper_counts_in_its_language(at: Opening):
    office = at("six_issued")
    rows = rows_of(office)
    issued = rows["A1/issued"]
    assert (issued.kind, issued.language, issued.actual) == ("issue", "francais", office.today)
    assert rows["A1:arabe/translation-due"].after == ("A1/issued",)
    assert rows["A1:arabe/issued"].actual is None
    drafting = office.edition.drafting_language.id
    name = office.desk.language_name(drafting, drafting)
    assert totals(office, "language")[name][0] == 1


def test_translations_issued_together_are_due_with_the_last_of_them_and_a_correction_makes_none_late(at: Opening):
    office = at("issued")
    assert office.edition.rules.languages_together
    languages = [language.id for language in office.edition.languages if not language.drafting]
    read = [id for id in languages if office.edition.language(id).reviewers]
    assert read and read != languages, "some wait for reviewers, others for those"
    rows = rows_of(office)
    texts = {f"1.3:{id}/translation-review-due" if id in read else f"1.3:{id}/translation-due" for id in languages}
    for id in languages:
        issue = rows[f"1.3:{id}/issued"]
        assert (issue.item, issue.language, issue.due) == (f"1.3:{id}", id, max(rows[text].due for text in texts))
        assert set(issue.after) == texts and issue.actual is None
    for id in languages:
        office.send_translation(f"1.3:{id}")
    office.review("1.3:es")
    office.advance("1.3")
    day = office.today
    assert {rows_of(office)[f"1.3:{id}/issued"].actual for id in languages} == {day}
    office.today += dt.timedelta(days=30)
    final = office.record("background-paper", "1.3").facts["final"]
    change = Reading(marks=(ReaderMark(words="word2", instead="figure2"),))
    data = annotate(office.store.get(final), change, "ministry", office.now, "late.docx")
    background_paper.amend(office.desk, "1.3", "late.docx", data, "correction", "new figures")
    office.advance("1.3")
    assert office.state("translation", "1.3:fr") == "sent"
    assert {rows_of(office)[f"1.3:{id}/issued"].actual for id in languages} == {day}


def test_a_withdrawn_note_has_nothing_missing(at: Opening):
    office = at("tabled")
    office.outcome("1.3", "withdrawn", reason="Too few partners.")
    office.today = dt.date(2007, 9, 1)
    assert not any(key.startswith(("1.3/draft", "1.3/comments", "1.3/issued", "1.3:")) for key in rows_of(office))


def test_the_sections_count_the_same_rows(at: Opening):
    for moment in ("submitted", "six_issued"):
        office = at(moment)
        found = compliance.assess(office.desk)
        of_sessions = [row for row in found.rows if row.session]
        past = [row for row in of_sessions if row.status("current", office.today) != "not-due"]
        assert sum(row.plan.total for row in found.sections["session"]) == len(past)
        # The reports of the roundtables have a stage and no session.
        assert sum(row.plan.total for row in found.sections["stage"]) >= len(past)
        bodies = {body.id for body in office.edition.bodies}
        counted = [row for row in past if row.party in bodies and row.kind == "submission" and row.since]
        assert sum(row.plan.total for row in found.sections["body"]) == len(counted)


def test_the_report_is_made_anew_only_when_it_says_something_else(at: Opening):
    office = at("circulated")
    first, is_new = compliance.keep_report(office.desk)
    assert is_new and (first.kind, first.key, first.number, first.language) == ("compliance", office.name, 1, "en")
    assert compliance.keep_report(office.desk) == (first, False)
    office.today = dt.date.fromisoformat(office.record(MILESTONE, "1.3/comments-1").facts["due"]) + dt.timedelta(days=4)
    second, is_new = compliance.keep_report(office.desk)
    assert is_new and second.number == 2
    text = office.text(second)
    assert "Compliance report" in text and "Delays by the party that caused them" in text and "Norvania" in text
    assert office.identity(second).kind == "compliance"


@pytest.mark.skipif(validator.missing() is not None, reason=str(validator.missing()))
def test_word_finds_nothing_wrong(at: Opening, tmp_path: Path):
    paths = []
    for moment in ("submitted", "six_issued"):
        office = at(moment)
        row, _ = compliance.keep_report(office.desk)
        paths.append(tmp_path / row.name)
        paths[-1].write_bytes(office.store.get(row.sha256))
    assert {path.name: [str(f) for f in found] for path, found in validator.validate(paths).items() if found} == {}


def test_the_chart_is_drawn_and_in_a_rehearsal_says_so(at: Opening, monkeypatch: pytest.MonkeyPatch):
    desk, titles = at("submitted").desk, []
    monkeypatch.setattr(plots, "set_title", lambda axes, title, *others: titles.append(title))
    by: Grouping
    for by in ("stage", "session"):
        assert compliance.draw_picture(desk, by).startswith(b"\x89PNG\r\n")
    desk.rehearsal = False
    compliance.draw_picture(desk, "stage")
    assert titles[0] == f"Rehearsal, fictitious content: {titles[2]}"
