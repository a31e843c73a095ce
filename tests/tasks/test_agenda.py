"""The plan on the backend's calendar, and who is invited to what is on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from tasks import calendar_view, outbox
from tasks.adapters.ledger import LetterRow
from tasks.adapters.local.delivery import local_delivery
from tasks.adapters.ports import AgendaEntry, Transient, agenda_id
from tasks.calendar_view.agenda import entries
from tasks.domain.calendar_records import MILESTONE
from tasks.domain.invites import invited_to
from tasks.domain.outbox import Invite
from tasks.domain.sharing import address_of
from tests.tasks.conftest import Opening
from tests.tasks.office_help import Office

MEETING = "fof-2"
KEY = f"agenda-invitation/{MEETING}"


def keep(office: Office) -> list[str]:
    """A sweep of what the partners see of the calendar."""
    agenda = local_delivery(office.home).agenda
    calendar_view.advance_invitations(office.desk)
    return [
        *calendar_view.keep_agenda(office.desk, agenda, "local"),
        *calendar_view.take_back(office.desk, agenda),
    ]


def is_due(office: Office) -> bool:
    records = office.desk.records()
    return calendar_view.agenda_due(office.desk, records) or calendar_view.invitations_due(office.desk, records)


def on_calendar(office: Office, key: str) -> AgendaEntry | None:
    return local_delivery(office.home).agenda.get(agenda_id(office.name, key))


def guests(office: Office, key: str = MEETING) -> set[str]:
    return set(local_delivery(office.home).agenda.guests(agenda_id(office.name, key)).emails)


def asked(office: Office, status: str = "draft") -> dict[str, LetterRow]:
    return {row.key: row for row in office.ledger.letters(office.name, kind="agenda-invitation", status=status)}


def invite(office: Office) -> outbox.Report:
    outbox.approve(office.desk, outbox.shown(office.desk, kind="agenda-invitation"))
    return outbox.send(office.desk, local_delivery(office.home))


def meeting(office: Office, day: dt.date) -> None:
    """Move the meeting, as far as this test goes."""
    event = office.edition.event(MEETING)
    event.__dict__["date"] = day
    with office.desk.change("the meeting moves") as change:
        change.note(office.record("event", MEETING), date=day.isoformat())


def test_every_event_and_deadline_is_an_entry_put_once(at: Opening):
    office = at("started")
    assert is_due(office)
    assert keep(office) == []
    wanted = entries(office.desk)
    assert len(wanted) > 100 and MEETING in wanted and "1.1/draft-1" in wanted
    assert {key: on_calendar(office, key) for key in wanted} == wanted
    before = office.ledger.last_seq(office.name)
    keep(office)
    assert office.ledger.last_seq(office.name) == before
    assert not is_due(office)


def test_every_entry_of_a_rehearsal_begins_with_its_notice_and_no_other_does(at: Opening):
    desk = at("started").desk
    notice = desk.words("en")("rehearsal_notice")
    shown = {key: entry.description for key, entry in entries(desk).items()}
    assert {said.partition("\n")[0] for said in shown.values()} == {notice}
    desk.rehearsal = False
    assert {key: entry.description for key, entry in entries(desk).items()} == {
        key: said.removeprefix(notice).strip() for key, said in shown.items()
    }


def test_a_deadline_that_moves_is_the_same_entry_and_one_that_goes_is_called_off(at: Opening):
    office = at("started")
    keep(office)
    record = office.record(MILESTONE, "1.1/draft-1")
    with office.desk.change("it moves") as change:
        change.note(record, due="2007-05-02", due_at="2007-05-02T21:59:59+00:00")
        change.move(office.record(MILESTONE, "1.2/draft-1"), "void")
    assert is_due(office)
    keep(office)
    moved = on_calendar(office, "1.1/draft-1")
    assert moved is not None and moved.due == dt.date(2007, 5, 2)
    assert on_calendar(office, "1.2/draft-1") is None
    assert office.state("agenda-entry", "1.2/draft-1") == "off"
    with office.desk.change("it is back") as change:
        change.move(office.record(MILESTONE, "1.2/draft-1"), "planned")
    keep(office)
    assert on_calendar(office, "1.2/draft-1") is not None
    assert not is_due(office)


def test_what_fails_stops_nothing_else_and_is_tried_again(at: Opening):
    office = at("started")
    local = local_delivery(office.home).agenda

    class Flaky:
        tries = 0

        def put_all(self, entries: Mapping[str, AgendaEntry]) -> None:
            self.tries += 1
            local.put_all(dict(list(entries.items())[: 20 if self.tries % 2 else None]))
            if self.tries % 2:
                raise Transient("busy")

    problems = calendar_view.keep_agenda(office.desk, Flaky(), "local")  # type: ignore[arg-type]
    assert problems and all("are not on the calendar as they are: busy" in line for line in problems)
    assert is_due(office)
    keep(office)
    assert {key: on_calendar(office, key) for key in entries(office.desk)} == entries(office.desk)


def test_the_friends_are_invited_to_each_meeting_by_one_letter_that_is_approved(at: Opening):
    office = at("started")
    keep(office)
    letters = asked(office)
    meetings = [event for event in office.edition.events if event.kind == "fof" and event.precision == "day"]
    assert set(letters) == {f"agenda-invitation/{event.id}" for event in meetings}
    letter, event = letters[KEY], office.edition.event(MEETING)
    wanted = invited_to(office.edition, event)
    assert {(each.email or "").lower() for each in letter.recipients} == set(wanted) and len(wanted) > 20
    assert event.date is not None and letter.act == Invite(MEETING, event.date.isoformat())
    assert outbox.written(office.desk, letter).startswith(
        f"Invite: to “{event.names['en']}” ({MEETING}), {event.date}\n"
    )
    assert outbox.send(office.desk, local_delivery(office.home)).sent == [] and guests(office) == set()
    assert sorted(invite(office).sent) == sorted(letters)
    assert guests(office) == set(wanted)
    assert invite(office).sent == []
    keep(office)
    assert asked(office) == {} and not is_due(office)


def test_whoever_comes_later_is_invited_alone_and_who_goes_is_taken_off(at: Opening):
    office = at("started")
    ghana = office.edition.body("ghana")
    ghana.__dict__["reached_by_email"] = False
    keep(office)
    invite(office)
    assert address_of(office.edition, "ghana") is None
    ghana.__dict__["reached_by_email"] = True
    keep(office)
    letter = asked(office)[f"{KEY}~2"]
    assert [each.party for each in letter.recipients] == ["ghana"]
    invite(office)
    assert "focal-point@ghana.example" in guests(office)
    ghana.focal_point.__dict__["email"] = "desk@ghana.example"
    keep(office)
    assert "focal-point@ghana.example" not in guests(office), "taken off at once"
    (email,) = [each.email for each in asked(office)[f"{KEY}~3"].recipients]
    assert email == "desk@ghana.example" and email not in guests(office)
    invite(office)
    keep(office)
    assert email in guests(office) and not is_due(office)


def test_a_meeting_that_moves_is_another_invitation(at: Opening):
    office = at("started")
    keep(office)
    outbox.approve(office.desk, outbox.shown(office.desk, [KEY]))
    meeting(office, dt.date(2007, 3, 29))
    # The calendar still says the old day, and so does what was approved: it goes out as it is, or not at all.
    keep(office)
    assert outbox.the_letter(office.desk, KEY).status == "cancelled"
    assert asked(office)[f"{KEY}~2"].act == Invite(MEETING, "2007-03-29")
    invite(office)
    everybody = guests(office)
    meeting(office, dt.date(2007, 4, 5))
    keep(office)
    assert guests(office) == everybody, "guests stay"
    again = asked(office)[f"{KEY}~3"]
    assert {(each.email or "").lower() for each in again.recipients} == everybody
    assert sorted(invite(office).sent) == [f"{KEY}~3"]


def test_what_the_calendar_does_not_say_as_it_was_approved_does_not_go_out(at: Opening):
    office = at("started")
    keep(office)
    outbox.approve(office.desk, outbox.shown(office.desk, [KEY]))
    meeting(office, dt.date(2007, 3, 29))
    agenda = local_delivery(office.home).agenda
    calendar_view.keep_agenda(office.desk, agenda, "local")
    report = outbox.send(office.desk, local_delivery(office.home))
    assert "the calendar does not say" in report.failed[KEY] and guests(office) == set()
    keep(office)
    assert outbox.the_letter(office.desk, KEY).status == "cancelled"


def test_nobody_is_invited_to_what_is_over(at: Opening):
    office = at("started")
    keep(office)
    day = office.edition.event(MEETING).date
    assert day is not None
    office.today = day + dt.timedelta(days=1)
    keep(office)
    letter = outbox.the_letter(office.desk, KEY)
    assert (letter.status, letter.reason) == ("cancelled", "over, or taken off the calendar")
    assert not is_due(office)


def test_a_no_is_a_no(at: Opening):
    office = at("started")
    keep(office)
    outbox.reject(office.desk, KEY, "They are told otherwise.")
    keep(office)
    assert not [key for key in asked(office) if key.startswith(KEY)] and not is_due(office)


def test_the_edition_says_who_is_invited_to_what(at: Opening):
    office = at("started")
    office.edition.__dict__["invites"] = {}
    keep(office)
    assert asked(office) == {}
    office.edition.__dict__["invites"] = {MEETING: "bodies", "draft-1": "team"}
    keep(office)
    everybody = {address_of(office.edition, body.id) for body in office.edition.bodies} - {None}
    assert {(each.email or "").lower() for each in asked(office)[KEY].recipients} == everybody
    team = office.session("1.1").team
    assert team is not None
    reached = {address_of(office.edition, body) for body in team.bodies} - {None}
    letter = asked(office)["agenda-invitation/1.1/draft-1"]
    assert {(each.email or "").lower() for each in letter.recipients} == reached and letter.session == "1.1"
    invite(office)
    assert guests(office, "1.1/draft-1") == reached


@pytest.mark.parametrize("done", [True, False])
def test_an_invitation_is_found_after_a_crash_by_its_name(at: Opening, done: bool):
    office = at("started")
    keep(office)
    outbox.approve(office.desk, outbox.shown(office.desk, [KEY]))
    delivery = local_delivery(office.home)
    errand = outbox.errand_for(office.desk, delivery, outbox.the_letter(office.desk, KEY))
    name = errand.reserve()
    with office.desk.change("a sender dies") as change:
        change.begin_sending(outbox.the_letter(office.desk, KEY), name, "local")
    if done:
        errand.carry_out(name)
    report = outbox.send(office.desk, delivery)
    assert report.recovered == {KEY: "it was sent" if done else "it was not sent"}
    assert outbox.the_letter(office.desk, KEY).status == "sent" and len(guests(office)) > 20
