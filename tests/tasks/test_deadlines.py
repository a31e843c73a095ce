"""Reminders, calls and reports of delay: to the one whose move it is, once, and never after an answer."""

from __future__ import annotations

import datetime as dt

import pytest

from tasks import deadlines, extensions
from tasks.adapters.ledger import LetterRow
from tasks.domain.calendar_records import CALL, REMINDER
from tasks.domain.errors import Invalid, NotNow, Unknown
from tests.tasks.conftest import Opening
from tests.tasks.office_help import Office

_KINDS = ("reminder", "overdue", "call-task")


def swept(office: Office, *days: dt.date) -> list[LetterRow]:
    """The drafts there are after sweeps on these days."""
    for day in days:
        office.today = day
        deadlines.advance(office.desk)
    return [row for kind in _KINDS for row in office.ledger.letters(office.name, kind=kind, status="draft")]


def day(month: int, number: int) -> dt.date:
    return dt.date(2007, month, number)


def every_day(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


def test_the_lead_alone_is_reminded_in_its_language_of_what_when_and_how(at: Opening):
    office = at("invited")
    # Due on 27 February: ten working days before is the 13th.
    assert swept(office, day(2, 12)) == []
    letters = swept(office, day(2, 13))
    assert sorted((row.party, row.language, row.kind) for row in letters) == [
        ("spain", "es", "reminder"),
        ("valdoria", "en", "reminder"),
    ]
    to_spain = next(row for row in letters if row.party == "spain")
    for said in ("Nota conceptual", "1.2", "27 de febrero de 2007", "formulario"):
        assert said in to_spain.body
    assert "2007-02-27" in to_spain.quotes


def test_two_sweeps_on_a_day_and_a_week_without_give_no_more_and_no_flood(at: Opening):
    daily, seldom = at("invited"), at("invited")
    per_day = swept(daily, *every_day(day(2, 3), day(2, 26)), day(2, 26))
    assert sorted(row.key for row in per_day) == [
        f"reminder/1.{n}/note-due|{who}|2007-02-27|before-{count}"
        for n, who in ((2, "spain"), (3, "valdoria"))
        for count in (10, 3)
    ]
    # Nobody swept until both points had passed: one letter, the later.
    after = swept(seldom, day(2, 23))
    assert sorted(row.key for row in after) == [key for key in sorted(r.key for r in per_day) if key.endswith("-3")]
    seq = seldom.ledger.last_seq(seldom.name)
    assert swept(seldom, day(2, 23)) == after
    assert seldom.ledger.last_seq(seldom.name) == seq


def test_nobody_is_reminded_after_an_answer_and_the_draft_is_cancelled(at: Opening):
    office = at("invited")
    swept(office, day(2, 13))
    office.today = day(2, 20)
    office.send_note("1.3")
    left = swept(office, *every_day(day(2, 20), day(3, 30)))
    assert [row for row in left if row.party == "valdoria"] == []
    cancelled = office.ledger.letters(office.name, kind="reminder", party="valdoria", status="cancelled")
    assert [row.reason for row in cancelled] == ["answered, extended or moved before it was sent"]


def test_a_delay_goes_to_the_coordinator_then_to_the_director_with_what_follows(at: Opening):
    office = at("invited")
    letters = swept(office, *every_day(day(2, 3), day(3, 14)))
    overdue = {row.key.rpartition("|")[2]: row for row in letters if row.kind == "overdue" and "1.2/" in row.key}
    assert overdue.keys() == {"escalate-coordinator", "escalate-director"}
    directors = [member.id for member in office.edition.staff if member.role == "director"]
    coordinator = office.edition.coordinator_of(office.session("1.2")).id
    assert overdue["escalate-coordinator"].party == coordinator
    assert overdue["escalate-director"].party == directors[0]
    told = overdue["escalate-director"].body
    # By whom, how late, reminded when. The decision is due on 15 March and takes three days: nothing is at risk yet.
    for said in ("Spain", "8 working days", "13 February 2007", "No later date is at risk so far"):
        assert said in told, told
    # 27 February, three working days on; eight.
    drafted = {name: row.drafted_at.date() for name, row in overdue.items()}
    assert drafted == {"escalate-coordinator": day(3, 2), "escalate-director": day(3, 9)}


def test_a_report_of_delay_names_what_cannot_be_kept_any_more(at: Opening):
    office = at("writing")
    # The first draft was due on 27 April; comments on it are due on 11 May and take their days.
    letters = swept(office, *every_day(day(4, 20), day(5, 11)))
    told = next(row for row in letters if row.key.endswith("escalate-director") and "/1.3/draft-1|" in row.key)
    assert "Comments on draft 1 of background paper 1.3" in told.body
    assert "11 May 2007" in told.body


def test_more_time_for_one_party_stops_reminders_for_it_alone(at: Opening):
    office = at("invited")
    office.today = day(2, 12)
    told = extensions.grant(office.desk, "1.3/note-due", "valdoria", day(3, 9), "Elections.")
    assert told == "1.3/note-due: valdoria has until 9 March 2007 (R. De Clercq: Elections.)"
    letters = swept(office, *every_day(day(2, 12), day(3, 9)))
    mine = {row.key for row in letters if row.party == "valdoria"}
    assert mine == {f"reminder/1.3/note-due|valdoria|2007-03-09|before-{n}" for n in (10, 3)}
    assert not any(row.kind == "overdue" and "valdoria" in row.key for row in letters)
    assert any(row.kind == "overdue" and "spain" in row.key for row in letters)
    (granted,) = office.ledger.letters(office.name, kind="extension-granted")
    assert granted.party == "valdoria"
    assert "9 March 2007" in granted.body and "27 February 2007" in granted.body


def test_an_extension_is_granted_once_and_only_if_it_gives_time(at: Opening):
    office = at("invited")
    grant = "1.3/note-due", "valdoria"
    assert extensions.grant(office.desk, *grant, day(3, 9), "Elections.")
    assert "already decided so by R. De Clercq" in extensions.grant(office.desk, *grant, day(3, 9), "Elections.")
    refused = [
        (("1.3/note-due", "valdoria", day(3, 8), "x"), Invalid, "gives no more time"),
        (("1.3/note-due", "valdoria", day(1, 8), "x"), Invalid, "days past"),
        (("1.3/note-due", "valdoria", day(3, 12), " "), Invalid, "needs a reason"),
        (("1.3/note-due", "spain", day(3, 12), "x"), Unknown, "asks nothing of spain"),
        (("9.9/note-due", "spain", day(3, 12), "x"), Unknown, "has no such deadline"),
        (("1.3/note-invitation", "irena-omelaniuk", day(3, 12), "x"), NotNow, "is met"),
    ]
    for given, kind, told in refused:
        with pytest.raises(kind) as refusal:
            extensions.grant(office.desk, *given)
        assert told in str(refusal.value)


def test_a_round_waits_for_the_partner_that_has_more_time(at: Opening):
    office = at("circulated")
    until = dt.date.fromisoformat(office.record("background-paper", "1.3").facts["until"])
    office.today = until
    extensions.grant(office.desk, "1.3/comments-1", "iom", until + dt.timedelta(days=7), "A new colleague.")
    office.today = until + dt.timedelta(days=5)
    office.advance("1.3")
    assert office.state("background-paper", "1.3") == "circulated"
    office.today = until + dt.timedelta(days=8)
    office.advance("1.3")
    assert office.state("background-paper", "1.3") == "writing"


def test_whom_mail_does_not_reach_is_called_and_the_call_recorded(at: Opening):
    office = at("invited")
    bodies = [
        body.model_copy(update={"reached_by_email": False}) if body.id == "valdoria" else body
        for body in office.edition.bodies
    ]
    office._edition = office.edition.model_construct(**{**dict(office.edition), "bodies": bodies})
    letters = swept(office, day(2, 13))
    assert [row.kind for row in letters if "valdoria" in row.key] == ["call-task"]
    task = next(row for row in letters if row.kind == "call-task")
    assert task.party == office.edition.coordinator_of(office.session("1.3")).id
    assert "Valdoria" in task.body and "Concept note of session 1.3" in task.body
    (call,) = deadlines.open_calls(office.desk)
    assert call.facts["asks"] == ["1.3/note-due"]
    with pytest.raises(Invalid, match="say who was spoken to"):
        deadlines.record_call(office.desk, call.key, "")
    assert (
        deadlines.record_call(office.desk, call.key, "Ms Sample sends it on Monday.")
        == "valdoria: called by R. De Clercq"
    )
    with pytest.raises(NotNow, match="is done"):
        deadlines.record_call(office.desk, call.key, "again")
    with pytest.raises(Unknown, match="there is no such call"):
        deadlines.record_call(office.desk, "x", "again")
    assert {r.state for r in office.ledger.records(office.name, kind=CALL)} == {"done"}


def test_every_reminder_names_its_points_and_no_two_the_same(at: Opening):
    office = at("invited")
    swept(office, *every_day(day(2, 3), day(3, 20)))
    points = [
        (record.key, point)
        for record in office.ledger.records(office.name, kind=REMINDER)
        for point in record.facts["points"]
    ]
    assert points and len(points) == len(set(points))
