"""Feeds as others read them: dates, times, texts, alarms, what stays and what changes.

Two readers that share nothing with the writer: the entries through `ical`, the VTIMEZONEs through dateutil, since
`ical` prefers what it knows itself of a zone to what the file says.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical  # type: ignore[import-untyped]
from hypothesis import example, given
from hypothesis import strategies as st
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event, EventStatus

from tasks.adapters.feeds import Entry, feed
from tasks.adapters.vtimezone import write_vtimezone

BRUSSELS, NEW_YORK = ZoneInfo("Europe/Brussels"), ZoneInfo("America/New_York")
CHANGED = dt.datetime(2007, 1, 8, 9, 30, tzinfo=dt.UTC)

DRAFT = Entry(
    ("edition-1", "1.1/draft-1"),
    "Draft 1",
    dt.datetime(2007, 3, 26, 17, tzinfo=BRUSSELS),
    3,
    CHANGED,
    description="From the lead.",
    categories=("1.1", "Paper"),
    alarms_days=(3, 10),
    url="https://office.example/1.1?paper=1.1&round=1",
)
MEETING = Entry(("edition-1", "fof-2"), "Second meeting", dt.date(2007, 3, 27), 0, CHANGED, alarms_days=(3,))

# What people write: any printable character, and often those that mean something in the format, or a line's end.
printable = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])
texts = st.text(st.one_of(st.sampled_from("\n\\;,:\"'^Nn| "), st.sampled_from("éñßمسودة的文件Дπ🕊"), printable))


def write(*entries: Entry, zone: str = "Europe/Brussels", name: str = "Team 1.1") -> bytes:
    return feed(name, entries, zone=zone, language="en")


def read(data: bytes) -> Calendar:
    return IcsCalendarStream.calendar_from_ics(data.decode("utf-8"))


def only(data: bytes) -> Event:
    (event,) = read(data).events
    return event


def written_zone(data: bytes, zone: str) -> dt.tzinfo:
    """The zone as the file's VTIMEZONE alone says it."""
    found: dt.tzinfo = tzical(io.StringIO(data.decode("utf-8"))).get(zone)
    return found


def starts_at(event: Event) -> dt.datetime:
    assert isinstance(event.dtstart, dt.datetime)
    return event.dtstart


def test_a_deadline_comes_back_with_all_it_says():
    event = only(write(DRAFT))
    assert starts_at(event).isoformat() == "2007-03-26T17:00:00+02:00"
    assert event.dtend is None and event.duration is None  # a moment
    assert (event.summary, event.description) == ("Draft 1", "From the lead.")
    assert (event.sequence, event.status, event.transparency) == (3, EventStatus.CONFIRMED, "TRANSPARENT")
    assert event.dtstamp == event.last_modified == CHANGED
    assert event.categories == ["1.1", "Paper"]
    assert str(event.url) == DRAFT.url
    assert [(alarm.action, alarm.trigger, alarm.description) for alarm in event.alarm] == [
        ("DISPLAY", dt.timedelta(days=-10), "Draft 1"),
        ("DISPLAY", dt.timedelta(days=-3), "Draft 1"),
    ]


def test_the_calendar_says_what_it_is():
    calendar = read(write(DRAFT, MEETING, name="Équipe 1.1, Bruxelles"))
    assert (calendar.method, calendar.version, calendar.prodid) == ("PUBLISH", "2.0", "-//Roundtable//Feeds//EN")
    assert calendar.name == ["Équipe 1.1, Bruxelles"]
    assert calendar.refresh_interval == dt.timedelta(hours=6)
    assert calendar.last_modified == CHANGED
    extras = {extra.name: extra.value for extra in calendar.extras}
    assert extras["x-wr-calname"] == r"Équipe 1.1\, Bruxelles"  # text of a name the parser does not know stays escaped
    assert extras["x-published-ttl"] == "PT6H"


@pytest.mark.parametrize(("until", "end"), [(None, (2007, 3, 28)), (dt.date(2007, 3, 29), (2007, 3, 30))])
def test_whole_days_are_dates_and_their_alarm_rings_in_the_morning(until, end):
    event = only(write(dataclasses.replace(MEETING, until_date=until)))
    assert (event.dtstart, event.dtend) == (dt.date(2007, 3, 27), dt.date(*end))  # RFC 5545: the end is the day after
    assert not isinstance(event.dtstart, dt.datetime)
    assert [alarm.trigger for alarm in event.alarm] == [dt.timedelta(days=-3, hours=9)]


@pytest.mark.parametrize(
    ("day", "brussels", "new_york"),
    [
        (dt.date(2007, 3, 9), "17:00+01:00", "11:00-05:00"),
        (dt.date(2007, 3, 12), "17:00+01:00", "12:00-04:00"),  # only five hours, after New York's spring change
        (dt.date(2007, 3, 23), "17:00+01:00", "12:00-04:00"),
        (dt.date(2007, 3, 25), "17:00+02:00", "11:00-04:00"),  # the day of Brussels' change
        (dt.date(2007, 3, 26), "17:00+02:00", "11:00-04:00"),  # the day after it
        (dt.date(2007, 10, 29), "17:00+01:00", "12:00-04:00"),
        (dt.date(2007, 11, 5), "17:00+01:00", "11:00-05:00"),
    ],
)
def test_both_zones_show_their_own_clocks(day, brussels, new_york):
    due = dt.datetime.combine(day, dt.time(17), BRUSSELS)
    here = dataclasses.replace(DRAFT, due=due)
    for zone, clock in (("Europe/Brussels", brussels), ("America/New_York", new_york)):
        for data in (write(here, zone=zone), write(dataclasses.replace(here, zone=zone), zone="Asia/Tokyo")):
            known = starts_at(only(data))
            for start in (known, known.replace(tzinfo=written_zone(data, zone))):
                assert start.isoformat(timespec="minutes")[11:] == clock
                assert start.astimezone(dt.UTC) == due


ZONES = [
    "Europe/Brussels",
    "America/New_York",
    "America/Sao_Paulo",  # has given summer time up
    "Africa/Casablanca",  # follows Ramadan
    "Asia/Kathmandu",
    "Australia/Lord_Howe",  # moves by half an hour
    "Pacific/Apia",  # left a day out
    "Europe/Dublin",
    "UTC",
]


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[misc,arg-type]


@pytest.mark.soak
@given(st.sampled_from(ZONES), st.integers(int(utc(1995, 1, 1).timestamp()), int(utc(2037, 12, 31).timestamp())))
@example("Europe/Brussels", int(utc(2007, 10, 28, 0, 30).timestamp()))  # 02:30 for the first time
@example("Europe/Brussels", int(utc(2007, 10, 28, 1, 30).timestamp()))  # 02:30 for the second
@example("Europe/Brussels", int(utc(2007, 3, 25, 1).timestamp()))
@example("Pacific/Apia", int(utc(2011, 12, 31, 12).timestamp()))
@example("America/New_York", int(utc(2007, 1, 1, 4, 30).timestamp()))  # still the year before there
def test_every_instant_comes_back(zone, second):
    due = dt.datetime.fromtimestamp(second, dt.UTC)
    data = write(dataclasses.replace(DRAFT, due=due), zone=zone)
    known = starts_at(only(data))
    assert known.astimezone(dt.UTC) == due
    if known.tzinfo is not dt.UTC:
        assert known.replace(tzinfo=written_zone(data, zone)).astimezone(dt.UTC) == due


@pytest.mark.parametrize("zone", ZONES)
def test_a_vtimezone_is_right_in_every_hour_of_its_years(zone):
    later = dataclasses.replace(MEETING, uid_parts=("edition-1", "fof-3"), due=dt.date(2008, 1, 1))
    written = written_zone(write(MEETING, later, zone=zone), zone)
    instant = utc(2007, 1, 1)
    while instant < utc(2009, 1, 1):
        known = instant.astimezone(ZoneInfo(zone))
        if not known.fold:
            assert known.replace(tzinfo=written).utcoffset() == known.utcoffset(), known
        instant += dt.timedelta(hours=1)


def test_a_zone_that_keeps_a_rule_is_written_as_that_rule():
    text = write_vtimezone("Europe/Brussels", 2007, 2007).to_ical().decode()
    assert text.count("BEGIN:DAYLIGHT") == text.count("BEGIN:STANDARD") == 1
    assert "BYDAY=-1SU;BYMONTH=3" in text and "BYDAY=-1SU;BYMONTH=10" in text
    assert "RDATE" not in text and "UNTIL" not in text
    assert "DTSTART:20060326T020000" in text  # what the clocks showed before the change


def test_the_year_in_which_a_rule_changed_has_both_rules():
    lines = write_vtimezone("America/New_York", 2007, 2007).to_ical().decode().split("\r\n")
    onsets = [line for line in lines if line.startswith(("DTSTART", "RRULE"))]
    assert onsets == [
        "DTSTART:20060402T020000",
        "DTSTART:20061029T020000",
        "DTSTART:20070311T020000",
        "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3",
        "DTSTART:20071104T020000",
        "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11",
    ]


def test_dublin_goes_forward_in_spring():
    text = write_vtimezone("Europe/Dublin", 2007, 2007).to_ical().decode()
    (summer,) = text.split("BEGIN:DAYLIGHT")[1:]
    assert "DTSTART:20060326T010000" in summer.split("END:DAYLIGHT")[0]


def test_cancelled_entries_stay_marked_and_silent():
    event = only(write(dataclasses.replace(DRAFT, cancelled=True, sequence=4)))
    assert (event.status, event.sequence, event.summary) == (EventStatus.CANCELLED, 4, "Draft 1")
    assert event.alarm == []


def test_what_is_met_stays_confirmed_and_silent():
    event = only(write(dataclasses.replace(DRAFT, met=True)))
    assert event.status is EventStatus.CONFIRMED and event.alarm == []


def test_a_uid_stays_when_date_and_title_change():
    moved = dataclasses.replace(DRAFT, title="Draft 1, extended", due=dt.date(2007, 4, 2), sequence=4)
    before, after = only(write(DRAFT)), only(write(moved, zone="America/New_York"))
    assert before.uid == after.uid
    assert (before.sequence, after.sequence) == (3, 4)
    # Clients keep it: a feed published before an update of this software is the same feed after it.
    assert before.uid == "d3dcf26e-baf7-5247-9785-bf614d980fd2"


@given(*[st.tuples(st.text("a/:%é-", max_size=4), st.text("a/:%é-", max_size=4))] * 2)
@example(("a", "b/c"), ("a/b", "c"))
def test_two_keys_never_share_a_uid(one, other):
    uids = {dataclasses.replace(DRAFT, uid_parts=parts).uid for parts in (one, other)}
    assert len(uids) == len({one, other})
    assert all(len(uid) == 36 and uid.isascii() for uid in uids)


def test_the_same_entries_in_any_order_and_zone_of_input_are_the_same_bytes():
    due = dt.datetime(2007, 3, 26, 15, tzinfo=dt.UTC)
    in_utc = dataclasses.replace(DRAFT, due=due, changed_at=CHANGED.astimezone(NEW_YORK))
    assert write(DRAFT, MEETING) == write(MEETING, in_utc)
    assert [event.summary for event in read(write(MEETING, DRAFT)).events] == ["Draft 1", "Second meeting"]


def test_a_feed_of_nothing_is_still_a_calendar():
    calendar = read(write())
    assert calendar.events == [] and len(calendar.timezones) == 1


@pytest.mark.soak
@given(texts, texts, st.lists(texts.filter(lambda text: text and "," not in text), max_size=3), texts)
@example(r"C:\New\n", "a\n\nb\\", [r"a\b", ";"], "x" * 200)
@example("的" * 100, "مسودة، " * 40, [], "🕊" * 50)
def test_texts_come_back_as_they_were_in_lines_of_75_octets(title, description, categories, name):
    entry = dataclasses.replace(DRAFT, title=title, description=description, categories=tuple(categories))
    data = write(entry, name=name)
    event = only(data)
    assert (event.summary, event.description or "", event.categories) == (title, description, categories)
    assert {alarm.description for alarm in event.alarm} == {title}
    assert read(data).name == [name]
    lines = data.split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    assert all(line.decode("utf-8") for line in lines)  # no character is cut in two


def test_a_category_may_have_a_comma():
    # As RFC 5545 has it, looked at in the file: `ical` parts categories at every comma.
    assert b"\r\nCATEGORIES:Peace\\, security,1.1\r\n" in write(
        dataclasses.replace(DRAFT, categories=("Peace, security", "1.1"))
    )


def test_line_ends_of_every_kind_become_one_and_controls_go():
    text = "a\r\nb\rc\x0bd\u2028e\u2029f\x85g\x00\x1b\x7fh\ti"
    assert only(write(dataclasses.replace(DRAFT, description=text))).description == "a\nb\nc\nd\ne\nf\ngh\ti"


@pytest.mark.parametrize(
    "wrong",
    [
        {"due": dt.datetime(2007, 3, 26, 17)},  # noqa: DTZ001 - what is refused
        {"changed_at": dt.datetime(2007, 1, 8)},  # noqa: DTZ001 - what is refused
        {"until_date": dt.date(2007, 3, 28)},
        {"due": dt.date(2007, 3, 26), "until_date": dt.date(2007, 3, 25)},
        {"sequence": -1},
        {"alarms_days": (-1,)},
    ],
)
def test_an_entry_that_can_not_be_written_is_not_made(wrong):
    with pytest.raises(ValueError, match=r"edition-1.*1\.1/draft-1"):
        dataclasses.replace(DRAFT, **wrong)


def test_two_entries_with_one_key_make_no_feed():
    with pytest.raises(ValueError, match=r"Team 1\.1: two entries"):
        write(DRAFT, dataclasses.replace(DRAFT, title="Again"))
