"""What every backend of delivery does, as one suite: a test module of a backend subclasses it.

The module gives two fixtures: `delivery`, a backend with nothing in it, and `outside`, which sees what has really gone
out and puts in what comes from partners.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses
from typing import Any, Protocol

import pytest

from tasks.adapters.mail_out import LETTER_HEADER
from tasks.adapters.ports import (
    Address,
    AgendaEntry,
    Attachment,
    Conflict,
    Delivery,
    Gone,
    Guests,
    Message,
    NotSent,
    Sent,
    agenda_id,
)

NOW = dt.datetime(2007, 3, 1, 9, 30, tzinfo=dt.UTC)
OFFICE = Address("Taskforce", "office@forum.example")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: One line of each script, some with signs from outside the first plane, joined letters or combining accents.
SCRIPTS = (
    "Réunion préparatoire, à Bruxelles",
    "Invitación: ¿año 2007?",
    "الاجتماع التحضيري للمنتدى العالمي",
    "全球移徙与发展论坛筹备会议",
    "Глобальный форум по миграции",
    "Παγκόσμιο Φόρουμ",
    "प्रवासन और विकास",
    "פורום עולמי",
    "移住と開発 フォーラム",
    "می‌خواهم",
    "e\u0301le\u0300ve",
    "🕊 𝒜 family 👩‍👩‍👧",
)


class Outside(Protocol):
    """The other side of a backend, as a test sees it."""

    def sent(self) -> list[bytes]:
        """Every mail that went out, as bytes, in any order."""
        ...

    def mail_in(self, raw: bytes) -> None:
        """A mail comes in."""
        ...

    def file_in(self, folder: str, name: str, data: bytes) -> None:
        """A partner puts a file into a team's folder, or another in place of it."""
        ...


def letter(key: str = "invitation/1.1/norway", **other: Any) -> Message:
    """A letter like most, `other` than usual."""
    usual: dict[str, Any] = {
        "sender": OFFICE,
        "to": (Address("Kari Nordmann", "kari@norway.example"),),
        "cc": (),
        "subject": "Invitation to session 1.1",
        "text": "Dear Ms Nordmann,\n\nyou are invited.\n",
        "language": "en",
        "attachments": (),
        "date": NOW,
    }
    return Message(key, **usual | other)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def raw_mail(subject: str = "Re: note", text: str = "Here it is.", extra: str = "") -> bytes:
    """A plain mail, as a partner's program would send it."""
    head = f"From: Kari <kari@norway.example>\nTo: office@forum.example\nSubject: {subject}\n"
    rest = f"Date: Thu, 1 Mar 2007 12:00:00 +0100\nMessage-ID: <{sha(subject.encode())[:12]}@norway.example>\n"
    return f"{head}{rest}{extra}\n{text}\n".replace("\n", "\r\n").encode()


def entry(**other: Any) -> AgendaEntry:
    usual: dict[str, Any] = {
        "edition": "forum-1",
        "title": "Draft 1",
        "due": dt.date(2007, 3, 26),
        "zone": "Europe/Brussels",
        "changed_at": NOW,
    }
    return AgendaEntry(**usual | other)


def opened(raw: bytes) -> EmailMessage:
    """A mail that went out, as a mail program reads it."""
    mail = BytesParser(EmailMessage, policy=policy.default).parsebytes(raw)
    assert not mail.defects
    return mail


def people(mail: EmailMessage, header: str) -> list[tuple[str, str]]:
    """Names and addresses of a header.

    Read by the older half of the standard library: the newer puts blanks between encoded words of a name.
    """
    raw = next(str(value) for name, value in mail.raw_items() if name == header)
    pairs = getaddresses([re.sub(r"\r?\n", "", raw)])
    return [(str(make_header(decode_header(name))), email) for name, email in pairs]


def body(mail: EmailMessage) -> str:
    """The text of a mail, its lines ended by a newline."""
    part = mail.get_body()
    assert part is not None
    text: str = part.get_content()
    return text.replace("\r\n", "\n")


def files(mail: EmailMessage) -> list[Attachment]:
    """The attachments of a mail."""
    found = []
    for part in mail.iter_attachments():
        data = part.get_payload(decode=True)
        assert isinstance(data, bytes)
        found.append(Attachment.of(part.get_filename() or "", data, part.get_content_type()))
    return found


class MailContract:
    """Out at most once, in at least once."""

    def test_reserving_sends_nothing_however_often(self, delivery: Delivery, outside: Outside):
        for _ in range(3):
            reserved = delivery.mail.reserve(letter())
            assert delivery.mail.find(reserved) == NotSent()
        assert outside.sent() == []

    def test_a_letter_reserved_twice_goes_out_once(self, delivery: Delivery, outside: Outside):
        delivery.mail.reserve(letter())
        again = delivery.mail.reserve(letter())
        sent = delivery.mail.send(again, letter())
        assert delivery.mail.find(again) == sent
        assert len(outside.sent()) == 1

    def test_sending_again_is_still_one_mail(self, delivery: Delivery, outside: Outside):
        reserved = delivery.mail.reserve(letter())
        first = delivery.mail.send(reserved, letter())
        assert delivery.mail.send(reserved, letter()) == first
        assert len(outside.sent()) == 1

    def test_two_letters_are_two_mails(self, delivery: Delivery, outside: Outside):
        letters = [letter("a/1"), letter("a/2"), letter("a/1", subject="Another")]
        reserved = [delivery.mail.reserve(one) for one in letters]
        assert len(set(reserved)) == 3
        delivery.mail.send(reserved[1], letters[1])
        assert [isinstance(delivery.mail.find(id), Sent) for id in reserved] == [False, True, False]
        references = {delivery.mail.send(id, one).reference for id, one in zip(reserved, letters, strict=True)}
        assert len(references) == len(outside.sent()) == 3

    @pytest.mark.parametrize("id", ["never-reserved", "", "../../etc/passwd", "r-1 (unknown)"])
    def test_what_was_never_reserved_was_not_sent_and_is_not_sent(self, delivery: Delivery, outside: Outside, id: str):
        assert delivery.mail.find(id) == NotSent()
        with pytest.raises((Gone, Conflict)):
            delivery.mail.send(id, letter())
        delivery.mail.discard(id)
        assert outside.sent() == []

    def test_a_discarded_draft_is_gone(self, delivery: Delivery, outside: Outside):
        reserved = delivery.mail.reserve(letter())
        for _ in range(2):
            delivery.mail.discard(reserved)
        assert delivery.mail.find(reserved) == NotSent()
        with pytest.raises(Gone):
            delivery.mail.send(reserved, letter())
        assert outside.sent() == []
        again = delivery.mail.reserve(letter())
        delivery.mail.send(again, letter())
        assert len(outside.sent()) == 1

    def test_discarding_what_was_sent_changes_nothing(self, delivery: Delivery, outside: Outside):
        reserved = delivery.mail.reserve(letter())
        sent = delivery.mail.send(reserved, letter())
        delivery.mail.discard(reserved)
        assert delivery.mail.find(reserved) == sent
        assert len(outside.sent()) == 1

    def test_the_mail_says_what_the_letter_says(self, delivery: Delivery, outside: Outside):
        message = letter(
            to=(Address("Nordmann, Kari", "kari@norway.example"), Address("", "ole@norway.example")),
            cc=(Address('The "Desk"', "desk@norway.example"),),
            attachments=(
                Attachment.of("note.docx", b"PK\x03\x04", WORD),
                Attachment.of("a.txt", b"a\r\nb\n", "text/plain"),
            ),
        )
        delivery.mail.send(delivery.mail.reserve(message), message)
        (raw,) = outside.sent()
        mail = opened(raw)
        assert people(mail, "To") == [("Nordmann, Kari", "kari@norway.example"), ("", "ole@norway.example")]
        assert people(mail, "Cc") == [('The "Desk"', "desk@norway.example")]
        assert people(mail, "From") == [(OFFICE.name, OFFICE.email)]
        assert (mail["Subject"], mail["Date"].datetime) == (message.subject, NOW)
        assert (mail["Content-Language"], mail[LETTER_HEADER]) == ("en", message.key)
        assert body(mail) == message.text
        assert files(mail) == list(message.attachments)

    def test_every_script_arrives_as_it_was_written(self, delivery: Delivery, outside: Outside):
        text = "\n".join(SCRIPTS) + "\n" + "长" * 3000 + "\n.\nFrom here\n"
        for number, line in enumerate(SCRIPTS):
            message = letter(
                f"letter/{line}",
                to=(Address(line, f"p{number}@a.example"), Address(f"{line}, {line}", "q@a.example")),
                subject=" ".join([line] * 6),
                text=text,
                language="ar",
                attachments=(Attachment.of(f"{line.replace('/', '-')} {'x' * 60}.docx", line.encode(), WORD),),
            )
            delivery.mail.send(delivery.mail.reserve(message), message)
            (mail,) = [mail for mail in map(opened, outside.sent()) if mail["To"].addresses[0].username == f"p{number}"]
            assert mail["Subject"] == message.subject
            assert mail[LETTER_HEADER] == message.key
            assert people(mail, "To") == [(one.name, one.email) for one in message.to]
            assert body(mail) == text
            assert files(mail) == list(message.attachments)

    def test_a_large_attachment_arrives_whole(self, delivery: Delivery, outside: Outside):
        data = hashlib.shake_256(b"large").digest(12_000_000)
        message = letter(attachments=(Attachment.of("large.zip", data, "application/zip"),))
        delivery.mail.send(delivery.mail.reserve(message), message)
        (raw,) = outside.sent()
        assert [file.sha256 for file in files(opened(raw))] == [sha(data)]

    def test_an_answer_stays_in_its_thread(self, delivery: Delivery, outside: Outside):
        first = delivery.mail.send(delivery.mail.reserve(letter()), letter())
        answer = letter("reminder/1", subject="Re: Invitation to session 1.1", in_reply_to=first.thread)
        second = delivery.mail.send(delivery.mail.reserve(answer), answer)
        assert second.thread == first.thread
        assert second.reference != first.reference

    def test_an_answer_to_a_partners_mail_stays_in_the_thread_it_began(self, delivery: Delivery, outside: Outside):
        _, start = delivery.mail.incoming(None)
        outside.mail_in(raw_mail("Our note"))
        ((came,), _) = delivery.mail.incoming(start)
        answer = letter("acknowledgement/1", subject="Re: Our note", in_reply_to=came.thread)
        sent = delivery.mail.send(delivery.mail.reserve(answer), answer)
        assert sent.thread == came.thread
        mail = next(mail for mail in map(opened, outside.sent()) if mail[LETTER_HEADER] == answer.key)
        theirs = f"<{sha(b'Our note')[:12]}@norway.example>"
        assert (mail["In-Reply-To"], mail["References"]) == (theirs, theirs)

    def test_nothing_has_come_in(self, delivery: Delivery, outside: Outside):
        mails, cursor = delivery.mail.incoming(None)
        assert mails == []
        assert delivery.mail.incoming(cursor)[0] == []

    def test_mails_come_in_from_the_cursor_on(self, delivery: Delivery, outside: Outside):
        _, start = delivery.mail.incoming(None)
        outside.mail_in(raw_mail("first"))
        mails, cursor = delivery.mail.incoming(start)
        assert [mail.subject for mail in mails] == ["first"]
        assert delivery.mail.incoming(start)[0] == mails  # Not stored: they come again, with the same reference.
        outside.mail_in(raw_mail("second"))
        outside.mail_in(raw_mail("third"))
        later, end = delivery.mail.incoming(cursor)
        assert sorted(mail.subject for mail in later) == ["second", "third"]
        assert delivery.mail.incoming(end) == ([], end)
        assert len({mail.reference for mail in mails + later}) == 3

    def test_what_comes_in_is_read(self, delivery: Delivery, outside: Outside):
        message = letter(
            text="\n".join(SCRIPTS), attachments=(Attachment.of("مذكرة.docx", b"PK", WORD),), subject="; ".join(SCRIPTS)
        )
        other = delivery.mail.reserve(message)
        delivery.mail.send(other, message)
        outside.mail_in(outside.sent()[0])
        mail = next(mail for mail in delivery.mail.incoming(None)[0] if mail.attachments)
        assert (mail.sender, mail.subject, mail.date) == (OFFICE, message.subject, NOW)
        assert mail.text.strip() == message.text
        assert mail.attachments == message.attachments
        assert mail.defect == ""

    def test_a_partners_reply_is_in_the_thread_of_our_letter(self, delivery: Delivery, outside: Outside):
        sent = delivery.mail.send(delivery.mail.reserve(letter()), letter())
        ours = opened(outside.sent()[0])["Message-ID"]
        outside.mail_in(raw_mail("Re: Invitation to session 1.1", extra=f"In-Reply-To: {ours}\nReferences: {ours}\n"))
        (mail,) = [mail for mail in delivery.mail.incoming(None)[0] if mail.sender != OFFICE]
        assert mail.thread == sent.thread


class FilesContract:
    """Every revision for ever; who may see what."""

    def test_a_folder_is_made_once(self, delivery: Delivery):
        first = delivery.files.folder("forum-1", "1.1")
        assert delivery.files.folder("forum-1", "1.1") == first
        assert len({first, delivery.files.folder("forum-1", "1.2"), delivery.files.folder("forum-2", "1.1")}) == 3

    def test_a_file_is_read_as_it_was_put(self, delivery: Delivery):
        folder = delivery.files.folder("forum-1", "1.1")
        for name in [f"{line.replace('/', '-')}.docx" for line in SCRIPTS]:
            ref = delivery.files.put(folder, name, name.encode(), None, sha(name.encode()))
            assert delivery.files.read(ref.reference) == name.encode()

    def test_the_same_version_put_again_is_the_same_revision(self, delivery: Delivery):
        folder = delivery.files.folder("forum-1", "1.1")
        first = delivery.files.put(folder, "note.docx", b"one", None, sha(b"one"))
        assert delivery.files.put(folder, "note.docx", b"one", None, sha(b"one")) == first
        assert delivery.files.put(folder, "note.docx", b"one", first.reference, sha(b"one")) == first
        second = delivery.files.put(folder, "note.docx", b"two", first.reference, sha(b"two"))
        assert delivery.files.put(folder, "note.docx", b"two", first.reference, sha(b"two")) == second
        assert second.reference == first.reference
        assert second.revision != first.revision

    def test_every_revision_is_kept(self, delivery: Delivery):
        folder = delivery.files.folder("forum-1", "1.1")
        ref = delivery.files.put(folder, "note.docx", b"0", None, sha(b"0"))
        refs = [
            ref,
            *(delivery.files.put(folder, "note.docx", b"%d" % n, ref.reference, sha(b"%d" % n)) for n in range(1, 9)),
        ]
        assert [delivery.files.read(one.reference, one.revision) for one in refs] == [b"%d" % n for n in range(9)]
        assert delivery.files.read(ref.reference) == b"8"

    def test_a_file_renamed_is_the_same_file(self, delivery: Delivery):
        folder = delivery.files.folder("forum-1", "1.1")
        first = delivery.files.put(folder, "note.docx", b"one", None, sha(b"one"))
        second = delivery.files.put(folder, "accepted note.docx", b"two", first.reference, sha(b"two"))
        assert second.reference == first.reference
        other = delivery.files.put(folder, "note.docx", b"three", None, sha(b"three"))
        assert other.reference != first.reference
        assert (delivery.files.read(first.reference), delivery.files.read(other.reference)) == (b"two", b"three")

    def test_another_file_of_the_same_name_is_refused(self, delivery: Delivery):
        folder = delivery.files.folder("forum-1", "1.1")
        ref = delivery.files.put(folder, "note.docx", b"one", None, sha(b"one"))
        with pytest.raises(Conflict):
            delivery.files.put(folder, "note.docx", b"two", None, sha(b"two"))
        assert delivery.files.read(ref.reference) == b"one"

    def test_folders_are_apart(self, delivery: Delivery):
        one, two = (delivery.files.folder("forum-1", team) for team in ("1.1", "1.2"))
        refs = [delivery.files.put(folder, "note.docx", b"same", None, sha(b"same")) for folder in (one, two)]
        assert refs[0].reference != refs[1].reference
        delivery.files.share(one, "kari@norway.example", "reader", notify=False)
        assert delivery.files.shares(two) == {}

    def test_a_large_file_is_kept_whole(self, delivery: Delivery):
        data = hashlib.shake_256(b"large").digest(12_000_000)
        ref = delivery.files.put(delivery.files.folder("forum-1", "1.1"), "large.zip", data, None, sha(data))
        assert sha(delivery.files.read(ref.reference)) == sha(data)

    def test_what_is_not_there_is_said_to_be_gone(self, delivery: Delivery):
        folder = delivery.files.folder("forum-1", "1.1")
        ref = delivery.files.put(folder, "note.docx", b"one", None, sha(b"one"))
        with pytest.raises(Gone):
            delivery.files.read("nothing")
        with pytest.raises(Gone):
            delivery.files.read(ref.reference, "nothing")
        with pytest.raises(Gone):
            delivery.files.put(folder, "b.docx", b"two", "nothing", sha(b"two"))
        with pytest.raises(Gone):
            delivery.files.put("nothing", "b.docx", b"two", None, sha(b"two"))
        with pytest.raises(Gone):
            delivery.files.shares("nothing")

    def test_a_share_is_given_changed_and_taken_as_often_as_it_is_said(self, delivery: Delivery):
        folder = delivery.files.folder("forum-1", "1.1")
        assert delivery.files.shares(folder) == {}
        for _ in range(2):
            delivery.files.share(folder, "Kari@Norway.example", "reader", notify=True)
            delivery.files.share(folder, "ole@norway.example", "commenter", notify=False)
            assert delivery.files.shares(folder) == {"kari@norway.example": "reader", "ole@norway.example": "commenter"}
        delivery.files.share(folder, "kari@norway.example", "commenter", notify=False)
        assert delivery.files.shares(folder)["kari@norway.example"] == "commenter"
        for _ in range(2):
            delivery.files.unshare(folder, "KARI@norway.example")
            assert delivery.files.shares(folder) == {"ole@norway.example": "commenter"}

    def test_what_partners_put_is_seen_from_the_cursor_on(self, delivery: Delivery, outside: Outside):
        one, two = (delivery.files.folder("forum-1", team) for team in ("1.1", "1.2"))
        _, start = delivery.files.changes(None)
        outside.file_in(one, "ملاحظة.docx", b"first")
        arrived, cursor = delivery.files.changes(start)
        assert [(file.folder, file.name, file.data) for file in arrived] == [(one, "ملاحظة.docx", b"first")]
        assert arrived[0].at.tzinfo is not None
        again, _ = delivery.files.changes(start)
        assert [file.reference for file in again] == [file.reference for file in arrived]
        outside.file_in(two, "note.docx", b"second")
        outside.file_in(one, "ملاحظة.docx", b"third, changed")
        later, end = delivery.files.changes(cursor)
        assert sorted((file.folder, file.data) for file in later) == sorted(
            [(two, b"second"), (one, b"third, changed")]
        )
        assert delivery.files.changes(end) == ([], end)

    def test_our_own_files_are_no_arrivals(self, delivery: Delivery):
        folder = delivery.files.folder("forum-1", "1.1")
        _, start = delivery.files.changes(None)
        delivery.files.put(folder, "note.docx", b"one", None, sha(b"one"))
        assert delivery.files.changes(start)[0] == []


class AgendaContract:
    """The milestones as they stand."""

    def test_an_entry_is_made_changed_called_off_and_made_again(self, delivery: Delivery):
        id = agenda_id("forum-1", "1.1/draft-1")
        assert delivery.agenda.get(id) is None
        for made in (entry(), entry(), entry(title="Draft 1, moved", due=dt.date(2007, 4, 2))):
            delivery.agenda.put(id, made)
            assert delivery.agenda.get(id) == made
        for _ in range(2):
            delivery.agenda.cancel(id)
            assert delivery.agenda.get(id) is None
        delivery.agenda.put(id, entry())
        assert delivery.agenda.get(id) == entry()

    def test_calling_off_what_never_was_does_nothing(self, delivery: Delivery):
        delivery.agenda.cancel(agenda_id("forum-1", "never"))
        assert delivery.agenda.get(agenda_id("forum-1", "never")) is None

    def test_many_are_called_off_at_once_and_the_others_stay(self, delivery: Delivery):
        ids = [agenda_id("forum-1", f"1.1/draft-{number}") for number in range(3)]
        delivery.agenda.put_all({id: entry() for id in ids})
        delivery.agenda.cancel(ids[0])
        delivery.agenda.cancel_all([*ids[:2], agenda_id("forum-1", "never")])
        delivery.agenda.cancel_all([])
        assert [delivery.agenda.get(id) for id in ids] == [None, None, entry()]

    @pytest.mark.parametrize(
        "other",
        [
            {"due": dt.datetime(2007, 3, 26, 15, 0, tzinfo=dt.UTC)},
            {"due": dt.datetime(2007, 3, 26, 15, 0, tzinfo=dt.UTC), "zone": "America/New_York"},
            {"until_date": dt.date(2007, 3, 28)},
            {"description": "\n".join(SCRIPTS)},
            *({"title": line} for line in SCRIPTS),
        ],
    )
    def test_an_entry_comes_back_as_it_was_put(self, delivery: Delivery, other: dict):
        id = agenda_id("forum-1", "1.1/draft-1")
        delivery.agenda.put(id, entry(**other))
        assert delivery.agenda.get(id) == entry(**other)

    def test_many_entries_are_put_at_once(self, delivery: Delivery):
        made = {agenda_id("forum-1", str(n)): entry(title=f"Draft {n}") for n in range(5)}
        delivery.agenda.put(next(iter(made)), entry(title="before"))
        for _ in range(2):
            delivery.agenda.put_all(made)
            assert {id: delivery.agenda.get(id) for id in made} == made
        delivery.agenda.put_all({})

    def test_guests_are_invited_once_by_each_invitation_and_stay_when_the_entry_moves(self, delivery: Delivery):
        id = agenda_id("forum-1", "fof-2")
        assert delivery.agenda.guests(id) == Guests()
        with pytest.raises(Gone):
            delivery.agenda.invite(id, ["a@a.example"], "first")
        delivery.agenda.put(id, entry())
        for _ in range(2):
            delivery.agenda.invite(id, ["A@a.example", "b@b.example"], "first")
            assert delivery.agenda.guests(id) == Guests(frozenset({"a@a.example", "b@b.example"}), "first")
        moved = entry(due=dt.datetime(2007, 4, 2, 15, 0, tzinfo=dt.UTC))
        delivery.agenda.put(id, moved)
        assert delivery.agenda.get(id) == moved
        delivery.agenda.invite(id, ["b@b.example", "c@c.example"], "second")
        for _ in range(2):
            delivery.agenda.uninvite(id, "B@b.example")
            assert delivery.agenda.guests(id) == Guests(frozenset({"a@a.example", "c@c.example"}), "second")
        delivery.agenda.cancel(id)
        with pytest.raises(Gone):
            delivery.agenda.invite(id, ["a@a.example"], "third")
        delivery.agenda.uninvite(agenda_id("forum-1", "never"), "a@a.example")

    def test_entries_and_editions_are_apart(self, delivery: Delivery):
        made = {agenda_id(e, k): entry(edition=e, title=f"{k} {e}") for e in ("forum-1", "forum-2") for k in ("a", "b")}
        for id, one in made.items():
            delivery.agenda.put(id, one)
        first, *rest = made
        delivery.agenda.cancel(first)
        assert [delivery.agenda.get(id) for id in made] == [None, *(made[id] for id in rest)]


class DeliveryContract(MailContract, FilesContract, AgendaContract):
    """All of it."""


def test_ids_of_entries_are_what_a_calendar_takes():
    ids = {agenda_id(edition, key) for edition in ("a", "a/b", "日") for key in ("b", "b/c", "", "1.1/draft-1")}
    assert len(ids) == 12
    assert all(re.fullmatch("[a-v0-9]{5,1024}", id) for id in ids)
