"""The calendar as people read it: rows, schedules, pictures and feeds of real offices, in both editions."""

from __future__ import annotations

import datetime as dt
import shutil
import uuid
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event, EventStatus

from tasks import calendar_view, extensions, meetings
from tasks.adapters.plots import canvas, gantt
from tasks.adapters.word.ooxml import w
from tasks.calendar_view.feeds import feeds
from tasks.domain.calendar import plan
from tasks.domain.calendar_records import MILESTONE
from tasks.domain.edition import Closure
from tasks.domain.errors import Unknown
from tasks.domain.workdays import workdays_of
from tests.tasks.conftest import Moments, Opening
from tests.tasks.office_help import Office
from tests.tools import validator

BRUSSELS = ZoneInfo("Europe/Brussels")
PNG = b"\x89PNG\r\n"


@pytest.fixture(autouse=True)
def _no_feeds_yet(moments: Moments) -> None:
    """All offices of a run have one store, and so one folder of feeds."""
    for folder in moments.root.glob("*/feeds"):
        shutil.rmtree(folder)


def rows_of(
    office: Office, language: str = "en", *, session: str | None = None, body: str | None = None
) -> dict[str, calendar_view.Row]:
    return {row.key: row for row in calendar_view.rows(office.desk, language, session=session, body=body)}


def events_in(office: Office, name: str) -> dict[str, Event]:
    """The entries of a feed by title, as another program reads it."""
    data = (office.store.home / "feeds" / office.name / name).read_text("utf-8")
    return {event.summary or "": event for event in IcsCalendarStream.calendar_from_ics(data).events}


def uid(*parts: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "roundtable:" + "/".join(quote(part, "") for part in parts)))


def entry(office: Office, name: str, key: str) -> Event:
    (found,) = [event for event in events_in(office, name).values() if event.uid == uid(office.name, key)]
    return found


def extend(office: Office, party: str, until: dt.date, milestone: str = "1.3/comments-1") -> None:
    extensions.grant(office.desk, milestone, party, until, "A national holiday.")


# Rows


def test_every_deadline_of_the_ledger_is_a_row_by_day(at: Opening):
    for moment in ("circulated", "six"):
        office = at(moment)
        drafting = office.edition.drafting_language.id
        rows = calendar_view.rows(office.desk, drafting)
        records = {record.key: record for record in office.ledger.records(office.name, kind=MILESTONE)}
        assert {row.key for row in rows} == set(records)
        assert [row.due for row in rows] == sorted(row.due for row in rows)
        for row in rows:
            facts = records[row.key].facts
            assert (row.due.isoformat(), row.baseline.isoformat()) == (facts["due"], facts["baseline"])
            assert (row.actual is not None) is (records[row.key].state == "met")
            assert row.since <= (row.actual or row.due)
            assert (row.slack_days is None) is (row.actual is not None or row.key.endswith("/input-due")), row.key


def test_a_row_says_who_when_and_how_it_stands(at: Opening):
    office = at("circulated")
    row = rows_of(office)["1.3/comments-1"]
    assert row.name.startswith("Comments on draft 1 of background paper 1.3, “")
    assert (row.stage, row.session, row.state, row.critical) == ("background-paper", "1.3", "open", True)
    assert {"Norvania", "United States"} <= set(row.movers) and "Bangladesh" not in row.movers
    assert row.since == dt.date.fromisoformat(office.record(MILESTONE, "1.3/draft-1").facts["actual"])
    note = rows_of(office, "fr")["1.2/note-due"]
    assert note.time == "17:00 (Bruxelles)" and note.movers == ("Espagne",)
    assert (note.state, note.actual) == ("late", None)


def test_the_slack_is_that_of_the_network(at: Opening):
    rows = rows_of(at("circulated"), session="1.3")
    by_key = {key: row.slack_days for key, row in rows.items() if row.slack_days is not None}
    # Nothing in this plan is tighter than the day the translations are due.
    assert by_key["1.3:fr/translation-due"] == 0
    assert by_key["1.3/comments-1"] > by_key["1.3/final-due"] > 0


def test_filters_take_a_session_and_a_body(at: Opening):
    office = at("circulated")
    one = rows_of(office, session="1.3")
    assert {key.split("/")[0].split(":")[0] for key in one} == {"1.3", "1"}
    owed = rows_of(office, body="norvania")
    assert {"1.3/comments-1", "1.3/comments-2"} <= set(owed)
    assert not any(key.endswith(("/note-decision", "/translation-due")) for key in owed)
    assert set(rows_of(office, body="norvania", session="2.1")) <= {"2.1/input-due"}
    with pytest.raises(Unknown, match=r"9\.9: .* there are 1\.1"):
        rows_of(office, session="9.9")
    with pytest.raises(Unknown, match=r"atlantis: .* there are"):
        rows_of(office, body="atlantis")


def test_more_time_for_one_is_nobody_elses(at: Opening):
    office = at("circulated")
    due = rows_of(office)["1.3/comments-1"].due
    until = due + dt.timedelta(days=6)
    extend(office, "norvania", until)
    whole, mine = rows_of(office)["1.3/comments-1"], rows_of(office, body="norvania")["1.3/comments-1"]
    other = rows_of(office, body="united-states")["1.3/comments-1"]
    assert whole.extensions == (calendar_view.Extension("Norvania", until),)
    assert (whole.due, mine.due, other.due) == (due, until, due)
    office.today = due + dt.timedelta(days=1)
    states = [rows_of(office, body=body)["1.3/comments-1"].state for body in ("norvania", "united-states")]
    assert states == ["open", "late"]
    assert rows_of(office)["1.3/comments-1"].state == "late"


def test_a_body_that_has_answered_is_done(at: Opening):
    office = at("circulated")
    office.send_comments("1.3", "norvania")
    assert rows_of(office, body="norvania")["1.3/comments-1"].state == "met"
    assert rows_of(office, body="united-states")["1.3/comments-1"].state == "open"
    assert rows_of(office)["1.3/comments-1"].state == "open"


def test_the_morning_after_a_round_makes_nobody_late(at: Opening):
    office = at("submitted")
    rows = rows_of(office, session="1.3")
    for number in (1, 2):
        row = rows[f"1.3/comments-{number}"]
        assert (row.state, row.actual) == ("met", row.due)
        closed = dt.date.fromisoformat(office.record(MILESTONE, row.key).facts["actual"])
        assert closed == row.due + dt.timedelta(days=1)
        assert rows_of(office, body="norvania")[row.key].state == "over", "silence is recorded, and is no answer"


def test_what_nobody_records_is_over_when_its_day_is(at: Opening):
    office = at("circulated")
    # 1.3 has its draft, 1.1 has not: either way the day for input was there, and is past.
    for key in ("1.1/input-due", "1.3/input-due"):
        row = rows_of(office)[key]
        assert row.due < office.today and (row.state, row.slack_days) == ("over", None)
    calendar_view.write_feeds(office.desk)
    assert entry(office, "team-1.3.ics", "1.3/input-due").status == EventStatus.CONFIRMED
    assert rows_of(at("started"))["1.1/input-due"].state == "planned"


def test_a_withdrawn_note_leaves_nothing_to_wait_for(at: Opening):
    office = at("tabled")
    office.outcome("1.3", "withdrawn", reason="Too few partners.")
    rows = rows_of(office, session="1.3")
    assert {key for key, row in rows.items() if row.state == "void"} >= {"1.3/draft-1", "1.3:fr/translation-due"}
    (schedule,) = calendar_view.schedules(office.desk, "en", "1.3")
    assert not any(row.kind in ("background-paper", "translation") for row in schedule.rows)


def test_a_shift_is_told_in_words_of_the_language(at: Opening):
    office = at("six")
    said = {
        "A1/panel-invitation": {"francais": "dimanche", "arabe": "الأحد", "chinois": "星期日"},
        "A1/comments-1": {"francais": "au plus tard", "arabe": "31 ديسمبر", "chinois": "2030年12月31日"},
    }
    for language in ("francais", "arabe", "chinois"):
        rows = rows_of(office, language)
        assert all(each[language] in rows[key].reason for key, each in said.items())
        assert rows["A1/note-due"].reason == "", "on the day its rule counts"


@pytest.mark.parametrize(
    ("day", "language", "said"),
    [
        (dt.date(2007, 5, 28), "en", "Pentecost Monday (BE)"),
        (dt.date(2007, 5, 28), "fr", "Lundi de Pentecôte (BE)"),
        (dt.date(2007, 5, 28), "nl", "Pinkstermaandag (BE)"),
        (dt.date(2007, 5, 28), "es", "Pentecost Monday (BE)"),
        (dt.date(2007, 5, 27), "es", "domingo"),
        (dt.date(2007, 5, 30), "nl", "Kantoor gesloten"),
    ],
)
def test_a_day_off_has_its_name_in_the_language(at: Opening, day: dt.date, language: str, said: str):
    office = at("started")
    names = {"en": "Office closed", "fr": "Bureau fermé", "nl": "Kantoor gesloten", "es": "Oficina cerrada"}
    closed = Closure(first=dt.date(2007, 5, 30), until=dt.date(2007, 5, 31), names=names)
    fields = {name: getattr(office.edition, name) for name in type(office.edition).model_fields}
    milestones = [
        m.model_copy(update={"rule": f"{(dt.date(2007, 6, 8) - day).days} days before fof-3"})
        if m.id == "comments-2" else m
        for m in office.edition.milestones
    ]  # fmt: skip
    office._edition = type(office.edition).model_construct(**{**fields, "closures": [closed], "milestones": milestones})
    assert workdays_of(office.edition).is_free(day)
    desk = office.desk
    reason = calendar_view.reason_of(desk, plan(desk.edition)["1.1/comments-2"], language)
    assert said in reason and desk.day(day, language) in reason


# The Word schedule


def test_a_schedule_is_made_anew_only_when_a_row_changes(at: Opening):
    office = at("circulated")
    first, is_new = calendar_view.keep_schedule(office.desk, "en", "1.3")
    assert is_new and (first.kind, first.key, first.number, first.session) == ("schedule", "1.3", 1, "1.3")
    assert calendar_view.keep_schedule(office.desk, "en", "1.3") == (first, False)
    seq = office.ledger.last_seq(office.name)
    assert calendar_view.keep_schedule(office.desk, "en", "1.3")[1] is False
    assert office.ledger.last_seq(office.name) == seq
    extend(office, "norvania", first_due(office) + dt.timedelta(days=6))
    second, is_new = calendar_view.keep_schedule(office.desk, "en", "1.3")
    assert is_new and second.number == 2
    assert [(n, s) for _, n, s in office.statuses("schedule", "1.3")] == [(1, "superseded"), (2, "current")]
    assert "Norvania: extended until" in office.text(second)
    assert office.identity(second).kind == "schedule"


def first_due(office: Office) -> dt.date:
    return dt.date.fromisoformat(office.record(MILESTONE, "1.3/comments-1").facts["due"])


def test_a_schedule_names_the_days_it_has_in_its_tables(at: Opening):
    office = at("circulated")
    row, _ = calendar_view.keep_schedule(office.desk, "fr", "1.3")
    due = {each.due.isoformat() for each in calendar_view.rows(office.desk, "fr", session="1.3") if each.slack_days}
    assert due | {"2007-06-08", "2007-07-09"} <= set(row.quotes)
    # So a meeting that moves knows of it.
    found = meetings.preview(office.desk, {"fof-3": dt.date(2007, 6, 15)})
    assert row.name in {document.name for document in found.documents}


def test_a_schedule_says_what_the_rows_say(at: Opening):
    office = at("circulated")
    row, _ = calendar_view.keep_schedule(office.desk, "fr", "1.3")
    text = office.text(row)
    translations = "Remise des traductions\u00a0: Espagnol"
    for said in (
        "Calendrier",
        "Amis du Forum, troisième réunion",
        "ven. 8 juin 2007",
        translations,
        "12:00 (Bruxelles)",
    ):
        assert said in text, said


@pytest.mark.skipif(validator.missing() is not None, reason=str(validator.missing()))
def test_word_finds_nothing_wrong(at: Opening, tmp_path: Path):
    paths = []
    for moment, wanted in (
        ("circulated", [("en", None), ("nl", "1.3")]),
        ("six", [("arabe", None), ("chinois", "A2")]),
    ):
        office = at(moment)
        for language, session in wanted:
            row, _ = calendar_view.keep_schedule(office.desk, language, session)
            paths.append(tmp_path / row.name)
            paths[-1].write_bytes(office.store.get(row.sha256))
    assert {path.name: [str(f) for f in found] for path, found in validator.validate(paths).items() if found} == {}


def test_an_arabic_schedule_is_arabic_throughout(at: Opening):
    office = at("six")
    row, _ = calendar_view.keep_schedule(office.desk, "arabe", "A1")
    docx = office.desk.open(row.sha256)
    words = office.desk.words("arabe")
    text = office.text(row)
    assert words("columns.mover") in text and words("schedule.meetings") in text
    assert any(True for _ in docx.tree(docx.main).iter(w("bidiVisual")))


def test_pictures_are_drawn_of_all_and_of_one(at: Opening):
    office = at("six")
    for session in (None, "A1"):
        data = calendar_view.draw_picture(office.desk, "arabe", session)
        assert data.startswith(PNG) and len(data) > 20_000
    assert canvas.WIDTH_CM > 20


def test_a_picture_of_a_rehearsal_says_so_in_its_title(at: Opening, monkeypatch: pytest.MonkeyPatch):
    desk, titles = at("started").desk, []
    monkeypatch.setattr(gantt, "set_title", lambda axes, title, *others, **more: titles.append(title))
    for is_rehearsal in (True, False):
        desk.rehearsal = is_rehearsal
        calendar_view.draw_picture(desk, "fr")
        calendar_view.draw_picture(desk, "fr", "1.1")
    marked, plain = titles[:2], titles[2:]
    assert all(plain) and marked == [f"Répétition, contenu fictif\u00a0: {title}" for title in plain]


# Feeds


def test_the_name_of_every_feed_of_a_rehearsal_says_so_in_its_language(at: Opening):
    desk = at("six").desk
    marked = {each.file: each for each in feeds(desk)}
    desk.rehearsal = False
    for plain in feeds(desk):
        found, words = marked[plain.file], desk.words(plain.language)
        assert found.name == words("label_value", label=words("rehearsal_notice"), value=plain.name)
        assert found.entries == plain.entries
    assert {each.language for each in marked.values()} == {each.id for each in desk.edition.languages}


def test_everybody_has_a_feed(at: Opening):
    for moment in ("circulated", "six"):
        office = at(moment)
        written = set(calendar_view.write_feeds(office.desk))
        edition = office.edition
        coordinators = {edition.coordinator_of(session).id for session in edition.sessions}
        assert written == {
            *(f"coordinator-{id}.ics" for id in coordinators),
            *(f"team-{session.id}.ics" for session in edition.sessions),
            *(f"body-{body.id}.ics" for body in edition.bodies),
        }
        team = events_in(office, f"team-{edition.sessions[0].id}.ics")
        assert team and all(event.uid and event.dtstamp for event in team.values())


def test_a_feed_that_says_the_same_is_not_touched(at: Opening):
    office = at("circulated")
    calendar_view.write_feeds(office.desk)
    folder = office.store.home / "feeds" / office.name
    before = {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in folder.glob("*.ics")}
    office.today += dt.timedelta(days=1)
    assert calendar_view.write_feeds(office.desk) == []
    assert {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in folder.glob("*.ics")} == before
    # What was lost is written again; what it was made of being lost changes no file.
    (folder / "team-1.1.ics").unlink()
    (folder / ".made-of.json").write_text("{")
    assert calendar_view.write_feeds(office.desk) == ["team-1.1.ics"]


def test_a_team_reads_its_deadlines_and_the_meetings(at: Opening):
    office = at("circulated")
    calendar_view.write_feeds(office.desk)
    note = entry(office, "team-1.2.ics", "1.2/note-due")
    assert isinstance(note.dtstart, dt.datetime)
    assert note.dtstart.astimezone(BRUSSELS).strftime("%Y-%m-%d %H:%M") == "2007-02-27 17:00"
    draft = entry(office, "team-1.3.ics", "1.3/draft-2")
    assert draft.dtstart == dt.date(2007, 5, 18)
    # 10 and 3 working days before, past Ascension Day.
    rings = [dt.timedelta(days=-15, hours=9), dt.timedelta(days=-4, hours=9)]
    assert [alarm.trigger for alarm in draft.alarm] == rings
    meeting = entry(office, "team-1.3.ics", "fof-3")
    assert meeting.summary == "Friends of the Forum, third meeting" and meeting.sequence == 0
    assert entry(office, "team-1.3.ics", "1.3/draft-1").alarm == [], "what is in rings no more"


def test_a_coordinator_has_every_dated_event_and_only_the_own_sessions(at: Opening):
    office = at("started")
    calendar_view.write_feeds(office.desk)
    coordinator = office.edition.coordinator_of(office.session("1.1")).id
    found = {event.uid for event in events_in(office, f"coordinator-{coordinator}.ics").values()}
    dated = [event.id for event in office.edition.events if event.precision == "day"]
    assert {uid(office.name, id) for id in dated} <= found
    assert uid(office.name, "1.1/draft-1") in found and uid(office.name, "2.1/draft-1") not in found


def test_a_body_reads_its_own_day_in_its_language_and_the_sequence_is_raised(at: Opening):
    office = at("circulated")
    party = "guatemala"
    language = office.edition.body(party).language
    calendar_view.write_feeds(office.desk)
    before, team = entry(office, f"body-{party}.ics", "1.3/comments-1"), entry(office, "team-1.3.ics", "1.3/comments-1")
    assert before.summary and "1.3" in before.summary and before.summary != team.summary, language
    until = first_due(office) + dt.timedelta(days=6)
    extend(office, party, until)
    assert calendar_view.write_feeds(office.desk) == [f"body-{party}.ics"], "nobody else's day has changed"
    after = entry(office, f"body-{party}.ics", "1.3/comments-1")
    assert (after.uid, after.dtstart) == (before.uid, until)
    assert (after.sequence or 0) > (before.sequence or 0) and after.last_modified > before.last_modified  # type: ignore[operator]


def test_a_meeting_that_moves_raises_what_hangs_on_it(at: Opening):
    office = at("circulated")
    calendar_view.write_feeds(office.desk)
    before = {key: entry(office, "team-1.3.ics", key) for key in ("fof-3", "1.3/final-due", "1.3/report-due")}
    meetings.apply(office.desk, {"fof-3": dt.date(2007, 6, 15)}, "The hall is taken.")
    office.forget()
    calendar_view.write_feeds(office.desk)
    after = {key: entry(office, "team-1.3.ics", key) for key in before}
    assert after["fof-3"].dtstart == dt.date(2007, 6, 15)
    assert after["1.3/final-due"].dtstart == dt.date(2007, 6, 19)
    raised = {key: (event.sequence or 0) - (before[key].sequence or 0) for key, event in after.items()}
    assert raised == {"fof-3": 1, "1.3/final-due": 1, "1.3/report-due": 0}
    assert after["1.3/report-due"] == before["1.3/report-due"]


def test_what_is_cancelled_says_so_in_words(at: Opening):
    office = at("tabled")
    office.outcome("1.3", "withdrawn", reason="Too few partners.")
    calendar_view.write_feeds(office.desk)
    draft = entry(office, "team-1.3.ics", "1.3/draft-1")
    assert draft.status == EventStatus.CANCELLED and draft.alarm == []
    assert (draft.summary or "").startswith("cancelled: Draft 1 of background paper 1.3")
    writer = office.session("1.3").papers[0].authors[0]
    assert entry(office, f"body-{writer}.ics", "1.3/draft-1").status == EventStatus.CANCELLED


def test_feeds_of_every_script_come_back(at: Opening):
    office = at("six")
    calendar_view.write_feeds(office.desk)
    for body in office.edition.bodies:
        found = events_in(office, f"body-{body.id}.ics")
        meeting = office.edition.event("cercle-hiver").names[body.language]
        assert meeting in found, body.id
