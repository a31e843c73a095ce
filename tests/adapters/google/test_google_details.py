"""What only Google's backend has to cope with: people in Gmail and Drive, and what Google forbids."""

from __future__ import annotations

from typing import Any

import pytest

from tasks.adapters.google.arrivals import LARGEST_BYTES
from tasks.adapters.google.fake.workspace import FakeGoogle, Fault
from tasks.adapters.ports import (
    Attachment,
    Conflict,
    Delivery,
    Denied,
    Gone,
    LostAnswer,
    NotSent,
    Sent,
    Unsure,
    agenda_id,
)
from tasks.domain.errors import Invalid
from tests.adapters.delivery_contract import entry, letter, raw_mail, sha
from tests.adapters.google.test_google_failures import everything

WORD = "application/vnd.google-apps.document"


def test_what_somebody_made_of_the_draft_does_not_go_out(delivery: Delivery, google: FakeGoogle):
    reserved = delivery.mail.reserve(letter())
    google.gmail.rewrite(next(iter(google.gmail.drafts)), raw_mail("Something else"))
    with pytest.raises(Conflict, match="somebody has changed the draft in Gmail"):
        delivery.mail.send(reserved, letter())
    assert delivery.mail.find(reserved) == NotSent()
    assert google.gmail.delivered == []


def test_another_letter_than_the_one_reserved_is_refused(delivery: Delivery, google: FakeGoogle):
    reserved = delivery.mail.reserve(letter())
    for other in (letter(text="Other words.\n"), letter("another/key"), letter(in_reply_to="1")):
        with pytest.raises(Conflict):
            delivery.mail.send(reserved, other)
    assert google.gmail.delivered == []


def test_a_draft_sent_by_a_person_in_gmail_was_sent(delivery: Delivery, google: FakeGoogle):
    reserved = delivery.mail.reserve(letter("réponse/1.1"))
    (draft,) = google.gmail.drafts.values()
    google.gmail.drafts.clear()
    google.gmail.mails[draft].labels = ["SENT"]
    assert delivery.mail.find(reserved) == Sent(draft, draft)
    assert delivery.mail.send(reserved, letter("réponse/1.1")) == Sent(draft, draft)
    assert google.gmail.delivered == []


def test_a_draft_deleted_by_a_person_leaves_us_unsure(delivery: Delivery, google: FakeGoogle):
    reserved = delivery.mail.reserve(letter())
    google.gmail.mails.clear()
    google.gmail.drafts.clear()
    assert isinstance(delivery.mail.find(reserved), Unsure)
    with pytest.raises(Gone):
        delivery.mail.send(reserved, letter())


def test_an_answer_to_a_mail_that_did_not_come_through_gmail_names_it(delivery: Delivery, google: FakeGoogle):
    answer = letter("acknowledgement/1", in_reply_to="<note@norway.example>")
    delivery.mail.send(delivery.mail.reserve(answer), answer)
    ((raw),) = google.gmail.delivered
    assert b"\r\nIn-Reply-To: <note@norway.example>\r\nReferences: <note@norway.example>\r\n" in raw


def test_in_a_thread_only_the_letter_itself_counts(delivery: Delivery, google: FakeGoogle):
    first = delivery.mail.send(delivery.mail.reserve(letter()), letter())
    answers = [
        letter(f"reminder/{n}", subject="Re: Invitation to session 1.1", in_reply_to=first.thread) for n in (1, 2)
    ]
    reserved = [delivery.mail.reserve(answer) for answer in answers]
    sent = delivery.mail.send(reserved[0], answers[0])
    # The second is deleted by a person: the first is in the same thread, sent, and says nothing of it.
    second = google.gmail.drafts.popitem()[1]
    del google.gmail.mails[second]
    assert delivery.mail.find(reserved[0]) == sent
    assert isinstance(delivery.mail.find(reserved[1]), Unsure)


def test_a_letter_in_a_thread_that_is_gone_begins_another(delivery: Delivery, google: FakeGoogle):
    answer = letter(in_reply_to="00000000deadbeef")
    sent = delivery.mail.send(delivery.mail.reserve(answer), answer)
    assert sent.thread != answer.in_reply_to
    assert len(google.gmail.delivered) == 1


def test_a_letter_larger_than_gmail_takes_is_refused_with_the_figures(delivery: Delivery, google: FakeGoogle):
    message = letter(attachments=(Attachment.of("huge.zip", bytes(30_000_000), "application/zip"),))
    with pytest.raises(Invalid, match=r"36,700,160; put the files into the team's folder"):
        delivery.mail.reserve(message)
    assert google.calls == []


def test_mail_is_taken_in_wherever_a_filter_puts_it_but_not_spam_or_our_own(delivery: Delivery, google: FakeGoogle):
    _, cursor = delivery.mail.incoming(None)
    for labels in (("INBOX",), ("Label_7",), ("SPAM",), ("TRASH",), ("SENT",), ("SENT", "INBOX"), ("DRAFT",)):
        google.gmail.receive(raw_mail(" ".join(labels)), labels)
    mails, _ = delivery.mail.incoming(cursor)
    assert [mail.subject for mail in mails] == ["INBOX", "Label_7", "SENT INBOX"]


def test_when_gmail_has_forgotten_the_history_the_inbox_is_given_again(delivery: Delivery, google: FakeGoogle):
    google.gmail.receive(raw_mail("old"))
    _, cursor = delivery.mail.incoming(None)
    google.gmail.receive(raw_mail("new"))
    google.gmail.forget()
    mails, cursor = delivery.mail.incoming(cursor)
    assert [mail.subject for mail in mails] == ["old", "new"]
    assert delivery.mail.incoming(cursor) == ([], cursor)


def test_revisions_outlive_the_month_and_the_partner(delivery: Delivery, google: FakeGoogle):
    folder = delivery.files.folder("forum-1", "1.1")
    first = delivery.files.put(folder, "note.docx", b"one", None, sha(b"one"))
    google.drive.edit(first.reference, b"what a partner wrote over it")
    assert delivery.files.put(folder, "note.docx", b"one", first.reference, sha(b"one")) == first
    second = delivery.files.put(folder, "note.docx", b"two", first.reference, sha(b"two"))
    google.drive.edit(first.reference, b"again")
    google.drive.age()
    assert delivery.files.put(folder, "note.docx", b"one", first.reference, sha(b"one")) == first
    assert delivery.files.put(folder, "note.docx", b"two", None, sha(b"two")) == second
    assert delivery.files.read(first.reference, first.revision) == b"one"
    assert delivery.files.read(first.reference, second.revision) == b"two"
    assert delivery.files.read(first.reference) == b"again"


def test_a_version_put_back_under_a_new_id_is_a_new_revision(delivery: Delivery):
    folder = delivery.files.folder("forum-1", "1.1")
    first = delivery.files.put(folder, "note.docx", b"one", None, sha(b"draft 1"))
    delivery.files.put(folder, "note.docx", b"two", first.reference, sha(b"draft 2"))
    third = delivery.files.put(folder, "note.docx", b"one", first.reference, sha(b"draft 3"))
    assert third.revision != first.revision
    assert delivery.files.put(folder, "note.docx", b"one", None, sha(b"draft 1")) == first


def test_forty_drafts_fit_into_the_properties_of_a_file(delivery: Delivery, google: FakeGoogle):
    folder = delivery.files.folder("forum-1", "1.1")
    refs = [delivery.files.put(folder, "note.docx", b"0", None, sha(b"0"))]
    for number in range(1, 40):
        data = b"%d" % number
        refs.append(delivery.files.put(folder, "note.docx", data, refs[0].reference, sha(data)))
    google.drive.age()
    assert [delivery.files.read(ref.reference, ref.revision) for ref in refs] == [b"%d" % n for n in range(40)]
    assert delivery.files.put(folder, "note.docx", b"15", refs[0].reference, sha(b"15")) == refs[15]


def test_a_partners_copy_of_our_file_is_not_ours(delivery: Delivery, google: FakeGoogle):
    folder = delivery.files.folder("forum-1", "1.1")
    ours = delivery.files.put(folder, "note.docx", b"one", None, sha(b"one"))
    _, cursor = delivery.files.changes(None)
    copy = google.drive.drop(folder, "Copy of note.docx", b"one")
    google.drive.files[copy].properties = dict(google.drive.files[ours.reference].properties)
    assert delivery.files.put(folder, "note.docx", b"one", None, sha(b"one")) == ours
    assert [file.reference for file in delivery.files.changes(cursor)[0]] == [copy]


def test_what_partners_put_is_found_however_deep_and_whatever_it_is(delivery: Delivery, google: FakeGoogle):
    folder = delivery.files.folder("forum-1", "1.1")
    _, cursor = delivery.files.changes(None)
    inbox = google.drive.drop(folder, "inbox", b"", mime="application/vnd.google-apps.folder")
    deeper = google.drive.drop(inbox, "Norway", b"", mime="application/vnd.google-apps.folder")
    google.drive.drop(deeper, "note.docx", b"deep")
    google.drive.drop(inbox, "Comments", b"PK exported", mime=WORD)
    google.drive.drop(inbox, "Figures", b"", mime="application/vnd.google-apps.spreadsheet")
    google.drive.drop("0ASharedDrive", "stray.docx", b"stray")
    large = google.drive.drop(inbox, "film.mp4", bytes(LARGEST_BYTES + 1))
    trashed = google.drive.drop(inbox, "oops.docx", b"oops")
    google.drive.files[trashed].trashed = True
    for found in (delivery.files.changes(cursor)[0], delivery.files.changes(None)[0]):
        assert [(one.name, one.data, one.folder == folder) for one in found] == [
            ("note.docx", b"deep", True),
            ("Comments.docx", b"PK exported", True),
            ("Figures", b"", True),
            ("stray.docx", b"stray", False),
            ("film.mp4", b"", True),
        ]
        assert [bool(one.defect) for one in found] == [False, False, True, False, True]
        assert {one.sender for one in found} == {"partner@body.example"}
    assert large in google.drive.files


def test_members_of_the_drive_are_no_shares_of_the_folder(delivery: Delivery, google: FakeGoogle):
    folder = delivery.files.folder("forum-1", "1.1")
    delivery.files.share(folder, "kari@norway.example", "commenter", notify=True)
    assert delivery.files.shares(folder) == {"kari@norway.example": "commenter"}
    delivery.files.unshare(folder, "director@forum.example")
    assert google.drive.told == ["kari@norway.example"]


def test_sharing_that_google_forbids_is_denied(delivery: Delivery, google: FakeGoogle):
    folder = delivery.files.folder("forum-1", "1.1")
    google.drive.domains = {"forum.example"}
    with pytest.raises(Denied, match=r"kari@norway\.example.*DomainUsersOnly"):
        delivery.files.share(folder, "kari@norway.example", "reader", notify=True)
    google.drive.domains = None
    google.drive.accountless = {"kari@norway.example"}
    with pytest.raises(Denied, match="no Google account"):
        delivery.files.share(folder, "kari@norway.example", "reader", notify=False)
    delivery.files.share(folder, "kari@norway.example", "reader", notify=True)
    assert delivery.files.shares(folder) == {"kari@norway.example": "reader"}


def test_the_calendar_tells_nobody(delivery: Delivery, google: FakeGoogle):
    everything(delivery)
    assert google.calendar.events
    assert google.calendar.told == []


def test_guests_are_told_of_an_invitation_and_of_nothing_else(delivery: Delivery, google: FakeGoogle):
    id = agenda_id("forum-1", "fof-2")
    delivery.agenda.put(id, entry())
    for _ in range(2):
        delivery.agenda.invite(id, ["a@a.example", "b@b.example"], "first")
    delivery.agenda.put(id, entry(title="moved"))
    delivery.agenda.uninvite(id, "a@a.example")
    delivery.agenda.cancel(id)
    assert google.calendar.mails == [(id, "a@a.example"), (id, "b@b.example")]
    assert google.calendar.events[id]["guestsCanSeeOtherGuests"] is False


@pytest.mark.parametrize("kind", ["before", "after"])
def test_an_invitation_whose_answer_is_lost_is_asked_for(delivery: Delivery, google: FakeGoogle, kind: Any):
    id = agenda_id("forum-1", "fof-2")
    delivery.agenda.put(id, entry())
    google.script = [Fault("calendar.events.patch", kind)]
    with pytest.raises(LostAnswer):
        delivery.agenda.invite(id, ["a@a.example"], "first")
    assert delivery.agenda.guests(id).invitation == ("first" if kind == "after" else None)
    delivery.agenda.invite(id, ["a@a.example"], "first")
    assert google.calendar.mails == [(id, "a@a.example")]


def test_our_words_go_with_the_mail_that_tells_of_a_share(delivery: Delivery, google: FakeGoogle):
    folder = delivery.files.folder("forum-1", "1.1")
    delivery.files.share(folder, "a@a.example", "reader", notify=True, message="Dear Ms A, ...")
    delivery.files.share(folder, "b@b.example", "reader", notify=False, message="nobody reads this")
    assert google.drive.messages == {"a@a.example": "Dear Ms A, ..."}


def test_nothing_reserved_is_found_before_it_is_sent(delivery: Delivery, google: FakeGoogle):
    reserved = delivery.mail.reserve(letter())
    assert delivery.mail.find(reserved) == NotSent()
    assert reserved.count("/") == 5
    assert len(reserved) < 150
