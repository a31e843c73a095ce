"""The outbox: what is shown is what goes out, who approves it, and what becomes of a letter in every case."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from email.message import EmailMessage
from typing import Any

import pytest

from tasks import meetings, outbox
from tasks.adapters.local.delivery import local_delivery
from tasks.adapters.ports import Delivery, Denied, Message, Sent
from tasks.domain.edition import Copies
from tasks.domain.errors import Conflict, Invalid, NotNow, Unknown
from tasks.domain.rights import NotYours
from tasks.outbox.composing import compose
from tests.tasks.conftest import Opening
from tests.tasks.office_help import Office
from tests.tasks.sending import Losing

NOTE = "note-invitation/1.2"


def approve(office: Office, *keys: str) -> str:
    return outbox.approve(office.desk, outbox.shown(office.desk, keys))


def send(office: Office) -> outbox.Report:
    return outbox.send(office.desk, local_delivery(office.home))


def losing(office: Office, *fates: str, can_tell: bool = True) -> Delivery:
    local = local_delivery(office.home)
    return Delivery(Losing(local.mail, list(fates), can_tell), local.files, local.agenda, local.name)


def mails(office: Office) -> list[EmailMessage]:
    found = []
    for path in sorted((office.home / "outbox" / "sent").glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        found.append(message)
    return found


def state(office: Office, key: str = NOTE) -> str:
    return outbox.the_letter(office.desk, key).status


def test_what_is_shown_is_what_goes_out(at: Opening):
    office = at("invited")
    letter = outbox.the_letter(office.desk, NOTE)
    shown = outbox.written(office.desk, letter)
    approve(office, NOTE)
    assert send(office).sent == [NOTE]
    (mail,) = mails(office)
    assert f"From: {mail['From']}".replace('"', "") in shown
    assert f"To: {mail['To']}".replace('"', "") in shown
    assert f"\nSubject: {mail['Subject']}\n" in shown
    assert mail["Cc"] is None
    signatory = office.edition.coordinator_of(office.session("1.2"))
    assert f"\n\n{signatory.name}\nCoordinadora de la mesa redonda 1; asesora principal\n" in shown
    assert mail["From"].addresses[0].addr_spec == signatory.email
    body = mail.get_body(("plain",))
    assert body is not None and body.get_content().replace("\r\n", "\n").strip() in shown
    names = [part.get_filename() for part in mail.iter_attachments()]
    assert names == ["1.2-concept-note-form-v1-es.docx"]
    assert f"Attached: {names[0]} (SHA-256 {letter.attachments[0]})" in shown
    assert "Recipients: spain for spain" in shown
    assert shown.endswith("Status: draft")
    told = outbox.written(office.desk, outbox.the_letter(office.desk, NOTE))
    assert "approved by R. De Clercq on" in told and "sent on" in told


def test_a_mail_of_a_rehearsal_says_so_above_its_salutation_and_no_other_does(at: Opening):
    office = at("invited")
    desk, letter = office.desk, outbox.the_letter(office.desk, NOTE)
    notice = desk.words(letter.language)("rehearsal_notice")
    assert letter.language == "es" and notice not in letter.body
    assert compose(desk, letter).text == f"{notice}\n\n{letter.text}"
    desk.rehearsal = False
    assert compose(desk, letter).text == letter.text
    assert notice not in outbox.written(desk, letter)


def test_copies_go_out_and_are_part_of_what_is_approved(at: Opening):
    office = at("invited")
    office.edition.__dict__["copies"] = [Copies(letters=["note-invitation"], cc=["coordinator", "ghana", "spain"])]
    assert outbox.edit(office.desk, NOTE, readdress=True) == f"{NOTE}: edited"
    letter = outbox.the_letter(office.desk, NOTE)
    # Spain is written to already.
    assert [each.party for each in letter.cc] == ["irena-omelaniuk", "ghana"]
    assert "\nCc: Irena Omelaniuk <irena.omelaniuk@taskforce.example>, " in outbox.written(office.desk, letter)
    approve(office, NOTE)
    with office.desk.change("the copies change") as change:
        change.edit_letter(NOTE, cc=[])
    assert state(office) == "draft", "the approval is void"
    outbox.edit(office.desk, NOTE, readdress=True)
    approve(office, NOTE)
    send(office)
    (mail,) = mails(office)
    assert [each.addr_spec for each in mail["Cc"].addresses] == [each.email for each in letter.cc]


def test_another_signatory_voids_an_approval(at: Opening):
    office = at("invited")
    approve(office, NOTE)
    office.edition.__dict__["signs"] = {"*": "director"}
    assert "the approval of R. De Clercq is void" in outbox.edit(office.desk, NOTE, readdress=True)
    letter = outbox.the_letter(office.desk, NOTE)
    assert letter.signatory is not None and letter.signatory.member == "director"
    approve(office, NOTE)
    send(office)
    (mail,) = mails(office)
    assert mail["From"].addresses[0].addr_spec == "regine.de.clercq@taskforce.example"
    body = mail.get_body(("plain",))
    assert body is not None
    # In the letter's language.
    assert body.get_content().rstrip().splitlines()[-2:] == [letter.signatory.name, letter.signatory.title]
    assert letter.signatory.title.startswith("Embajadora")


def test_nothing_goes_out_that_is_not_approved_and_nothing_twice(at: Opening):
    office = at("invited")
    assert str(send(office)) == "0 letters sent, 0 failed, 0 unknown"
    approve(office, NOTE)
    assert send(office).sent == [NOTE]
    assert send(office).sent == []
    assert len(mails(office)) == 1


def test_letters_are_approved_together_and_what_can_t_be_is_told(at: Opening):
    office = at("invited")
    office.by = "I. Omelaniuk"
    outbox.edit(office.desk, "note-invitation/1.3", to=["malawi"])  # e-mail does not reach it
    found = outbox.shown(office.desk, every=True)
    assert [row.key for row in found.letters] == [NOTE]
    (other,) = found.others
    assert other.startswith("note-invitation/1.3: no e-mail address of malawi is known")
    assert str(found).startswith(f"1 letters: {NOTE}\nnot note-invitation/1.3")
    with pytest.raises(Conflict, match="the letters are not those that were shown as 00000000"):
        outbox.approve_as_shown(office.desk, found, "00000000")
    assert outbox.approve_as_shown(office.desk, found, found.code).startswith(
        "1 letters approved by I. Omelaniuk\nnot "
    )


def test_letters_of_others_are_not_this_persons_to_approve(at: Opening):
    office = at("invited")
    office.by = "R. Matsas"
    found = outbox.shown(office.desk, session="1.2")
    assert found.letters == () and "may not approve note-invitation of session 1.2" in found.others[0]
    assert outbox.approve(office.desk, found).startswith("no letter to approve")
    for attempt in (
        lambda: outbox.edit(office.desk, NOTE, subject="x"),
        lambda: outbox.reject(office.desk, NOTE, "x"),
        lambda: outbox.settle(office.desk, NOTE, "sent", "x"),
    ):
        with pytest.raises(NotYours, match="ask director, irena-omelaniuk"):
            attempt()
    assert state(office) == "draft"


@pytest.mark.parametrize("keys", [{}, {"keys": [NOTE], "every": True}, {"session": "1.2", "every": True}])
def test_letters_are_chosen_in_one_way(at: Opening, keys: dict[str, Any]):
    with pytest.raises(Invalid, match="say which letters"):
        outbox.shown(at("invited").desk, **keys)


def test_an_edit_voids_the_approval_and_takes_addresses_from_the_edition_only(at: Opening):
    office = at("invited")
    approve(office, NOTE)
    assert outbox.edit(office.desk, NOTE, to=["ghana"]) == f"{NOTE}: edited; the approval of R. De Clercq is void"
    letter = outbox.the_letter(office.desk, NOTE)
    assert [each.email for each in letter.recipients] == ["focal-point@ghana.example"]
    assert send(office).sent == [] and mails(office) == []
    outbox.edit(office.desk, NOTE, readdress=True)
    assert outbox.the_letter(office.desk, NOTE).recipients[0].party == "spain"
    assert outbox.edit(office.desk, NOTE, readdress=True).endswith("nothing changed")
    with pytest.raises(Unknown, match="'atlantis' is nobody of this edition"):
        outbox.edit(office.desk, NOTE, to=["atlantis"])
    with pytest.raises(Invalid, match="say what is to be changed"):
        outbox.edit(office.desk, NOTE)


def test_an_answer_that_is_lost_is_asked_for(at: Opening):
    office = at("invited")
    approve(office, NOTE)
    report = outbox.send(office.desk, losing(office, "lost before"))
    assert (report.failed, state(office)) == ({NOTE: "the connection was cut"}, "failed")
    assert outbox.send(office.desk, losing(office, "lost after")).sent == [NOTE]
    assert (state(office), len(mails(office))) == ("sent", 1)


@pytest.mark.parametrize(
    ("outcome", "becomes", "sent"), [("sent", "sent", 1), ("not-sent", "sent", 1), ("cancelled", "cancelled", 0)]
)
def test_what_nobody_can_tell_waits_for_a_person(at: Opening, outcome: Any, becomes: str, sent: int):
    office = at("invited")
    approve(office, NOTE)
    fate = "lost after" if outcome == "sent" else "lost before"
    report = outbox.send(office.desk, losing(office, fate, can_tell=False))
    assert report.unknown == {NOTE: "the connection was cut; the mailbox does not answer"}
    assert send(office).sent == [], "a person first"
    outbox.settle(office.desk, NOTE, outcome, "looked into the mailbox")
    send(office)
    assert (state(office), len(mails(office))) == (becomes, sent)


def test_one_bad_letter_stops_no_other(at: Opening):
    office = at("invited")
    with office.desk.change("letters") as change:
        to = [office.desk.addressee("spain")]
        for key, subject in (("a", "fine"), ("b", "two\nlines"), ("c", "fine too")):
            change.draft_letter(key, kind="reminder", language="en", subject=subject, body="x", recipients=to)
        change.approve_letters({row.key: row.digest for row in map(change.letter, "abc")})
    report = send(office)
    assert report.sent == ["a", "c"]
    assert "line end or control character" in report.failed["b"]
    assert outbox.the_letter(office.desk, "b").error == report.failed["b"]
    assert send(office).failed.keys() == {"b"}
    with office.desk.change("undo") as change:
        change.edit_letter("b", subject="one line")
    approve(office, "b")
    assert send(office).sent == ["b"]


class Barred(Losing):
    def send(self, reserved: str, message: Message) -> Sent:
        raise Denied("the scope gmail.send is missing")


def test_where_the_backend_refuses_the_rest_waits(at: Opening):
    office = at("invited")
    with office.desk.change("letters") as change:
        for key in "ab":
            to = [office.desk.addressee("spain")]
            change.draft_letter(key, kind="reminder", language="en", subject="s", body="x", recipients=to)
        change.approve_letters({row.key: row.digest for row in map(change.letter, "ab")})
    local = local_delivery(office.home)
    report = outbox.send(office.desk, Delivery(Barred(local.mail, []), local.files, local.agenda, local.name))
    assert report.stopped == "the scope gmail.send is missing"
    assert (state(office, "a"), state(office, "b")) == ("failed", "approved")
    assert send(office).sent == ["a", "b"]


def test_a_letter_left_by_another_backend_is_for_a_person(at: Opening):
    office = at("invited")
    approve(office, NOTE)
    with office.desk.change("a sender of another kind dies") as change:
        change.begin_sending(outbox.the_letter(office.desk, NOTE), "r-1", "google")
    with pytest.raises(NotNow):
        outbox.reject(office.desk, NOTE, "too late")
    assert send(office).unknown == {NOTE: "it was on its way by google, which local can't ask"}


# By other means than mail


def on_paper(office: Office) -> str:
    """A letter to a body that e-mail does not reach."""
    outbox.edit(office.desk, NOTE, to=["malawi"])
    return NOTE


def test_a_letter_that_e_mail_does_not_reach_is_printed_and_delivered(at: Opening):
    office = at("invited")
    key = on_paper(office)
    with pytest.raises(NotNow, match="is not approved yet; approve it by its key; it is printed then"):
        outbox.deliver(office.desk, outbox.the_letter(office.desk, key), "post")
    told = approve(office, key)
    assert told.endswith("1 of them printed: note-invitation-1.2-v1-es.docx")
    (row,) = office.ledger.documents(office.name, kind="letter")
    letter = outbox.the_letter(office.desk, key)
    text = office.text(row)
    for part in (letter.subject, *letter.body.split("\n\n"), "Irena Omelaniuk"):
        assert part in text
    assert row.stage == "outbox" and row.session == "1.2"
    assert send(office).sent == [] and mails(office) == [], "mail does not reach them"
    with pytest.raises(Invalid, match="say how it was delivered"):
        outbox.deliver(office.desk, letter, " ")
    assert outbox.deliver(office.desk, letter, "by  hand") == f"{key}: delivered (by hand), says R. De Clercq"
    after = outbox.the_letter(office.desk, key)
    assert (after.status, after.how, after.backend) == ("sent", "by hand", None) and after.sent_at is not None
    assert "sent on 2 February 2007 by way of by hand" in outbox.written(office.desk, after)
    with pytest.raises(NotNow):
        outbox.deliver(office.desk, after, "post")


def test_a_printed_letter_has_a_plain_name_however_its_key_is_written(at: Opening):
    office = at("invited")
    approve(office, NOTE)
    send(office)
    fof = office.edition.event("fof-2").date
    assert fof is not None
    meetings.apply(office.desk, {"fof-2": fof + dt.timedelta(days=7)}, "The hall is taken.")
    (letter,) = office.ledger.letters(office.name, kind="date-changed", party="spain")
    assert "/fof-2=2007-04-03/" in letter.key
    outbox.edit(office.desk, letter.key, to=["malawi"])
    approve(office, letter.key)
    (row,) = office.ledger.documents(office.name, kind="letter")
    assert row.name == "date-changed-fof-2-2007-04-03-spain-v1-es.docx"


def test_what_was_printed_and_then_changed_is_not_delivered(at: Opening):
    office = at("invited")
    key = on_paper(office)
    approve(office, key)
    outbox.edit(office.desk, key, body="Dear Sir,\n\nother words.\n\nYours,")
    with pytest.raises(NotNow, match="is not approved yet"):
        outbox.deliver(office.desk, outbox.the_letter(office.desk, key), "post")
    assert approve(office, key).endswith("note-invitation-1.2-v2-es.docx")
    assert [row.status for row in office.ledger.documents(office.name, kind="letter")] == ["superseded", "current"]


def test_an_approved_letter_may_be_handed_over_instead_of_mailed(at: Opening):
    office = at("invited")
    approve(office, NOTE)
    outbox.deliver(office.desk, outbox.the_letter(office.desk, NOTE), "by hand")
    assert send(office).sent == [] and mails(office) == []


# The addresses of the edition


def test_a_letter_follows_the_address_of_the_edition_and_its_approval_is_void(at: Opening):
    office = at("invited")
    approve(office, NOTE)
    assert outbox.follow_addresses(office.desk) == []
    office.edition.body("spain").focal_point.__dict__["email"] = "new@spain.example"
    assert outbox.follow_addresses(office.desk) == [NOTE]
    letter = outbox.the_letter(office.desk, NOTE)
    assert (letter.status, [each.email for each in letter.recipients]) == ("draft", ["new@spain.example"])
    assert send(office).sent == [] and outbox.follow_addresses(office.desk) == []
    approve(office, NOTE)
    send(office)
    (mail,) = mails(office)
    assert mail["To"].addresses[0].addr_spec == "new@spain.example"
    office.edition.body("spain").focal_point.__dict__["email"] = "newer@spain.example"
    assert outbox.follow_addresses(office.desk) == [], "what was sent was sent"


def test_a_body_that_e_mail_reaches_no_more_waits(at: Opening):
    office = at("invited")
    approve(office, NOTE)
    office.edition.body("spain").__dict__["reached_by_email"] = False
    outbox.follow_addresses(office.desk)
    assert state(office) == "draft" and send(office).sent == []
    assert outbox.shown(office.desk, every=True).others[0].startswith(f"{NOTE}: no e-mail address of spain")


# What became pointless


def test_the_invitation_of_a_person_who_declined_is_cancelled_approved_or_not(at: Opening):
    office = at("seated")
    seat = next(row for row in office.letters().values() if row.key.startswith("panel-invitation/1.3-chair"))
    approve(office, seat.key)
    office.answer("1.3", "1.3-chair", "declined")
    after = outbox.the_letter(office.desk, seat.key)
    assert (after.status, after.approved_digest) == ("cancelled", None)
    assert after.reason is not None and after.reason.endswith("has declined")
    assert send(office).sent == []


def test_a_circulated_draft_that_is_superseded_is_not_sent_any_more(at: Opening):
    office = at("circulated")
    key = "circulation/1.3/1/ghana" if "circulation/1.3/1/ghana" in office.letters() else "circulation/1.3/1/canada"
    approve(office, key)
    office.today = dt.date.fromisoformat(office.record("background-paper", "1.3").facts["until"])
    office.today += dt.timedelta(days=1)
    office.advance("1.3")
    office.on("draft-2")
    office.send_paper("1.3", words=14)
    office.advance("1.3")
    assert outbox.the_letter(office.desk, key).reason == "circulation 1.3: version 2 takes its place"
    assert state(office, key) == "cancelled"


def test_a_day_that_moves_voids_approvals_and_tells_those_who_were_told(at: Opening):
    office = at("invited")
    approve(office, NOTE)
    fof = office.edition.event("fof-2").date
    assert fof is not None
    moved = {"fof-2": fof + dt.timedelta(days=7)}
    meetings.apply(office.desk, moved, "The hall is taken.")
    after = outbox.the_letter(office.desk, NOTE)
    assert (after.status, after.approved_digest) == ("draft", None)
    (line,) = [row for row in office.ledger.history(office.name, key=NOTE) if row.change["event"] == "void"]
    assert line.why.startswith("the days changed: fof-2=")
    sent = at("invited")
    approve(sent, NOTE)
    send(sent)
    meetings.apply(sent.desk, moved, "The hall is taken.")
    assert state(sent) == "sent"
    assert [row.party for row in sent.letters().values() if row.kind == "date-changed"] == ["spain", "valdoria"]
