"""Files as they come back, against what they are; the tray, receipts and refusals; mails and cursors."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from flows.mailroom import take_in
from flows.mailroom_mails import take_mail
from flows.mailroom_taking import RECEIVERS, Outcome, assign, take
from tasks import background_paper, mailroom, outbox
from tasks.adapters.ledger import LetterRow
from tasks.adapters.local.delivery import local_delivery
from tasks.adapters.local.files import INBOX
from tasks.adapters.mail_in import read_mail
from tasks.adapters.word.ingest import open_safely
from tasks.adapters.word.opc import OFFICE_REL, unpack
from tasks.domain.errors import Invalid, NotNow, Unknown
from tasks.domain.matching import certain, suggest
from tasks.domain.rights import NotYours
from tasks.mailroom import Came
from tests.tasks.conftest import Opening
from tests.tasks.mailroom_help import (
    edited,
    mail,
    saved_by_libreoffice,
    sent_in_threads,
    with_real_text,
    with_remote_template,
    without_properties,
)
from tests.tasks.office_help import Office, lost_to_a_sweep

AT = dt.datetime(2007, 4, 30, 9, tzinfo=dt.UTC)


def returned(office: Office, body: str, mark: str = "We agree.") -> bytes:
    """A partner's copy of the draft that goes round, with something written into it."""
    copy = office.store.get(office.document("circulation", "1.3", "en", party=body).sha256)
    old = "word word" if b"word word" in _main(copy) else "Temporary labour migration is usually discussed"
    return edited(copy, old, f"{mark} {old}")


def _main(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read("word/document.xml")


def address(office: Office, body: str) -> str:
    email = office.edition.body(body).focal_point.email
    assert email is not None
    return email


def receipt(office: Office, data: bytes) -> LetterRow | None:
    return office.letters(status=None).get(f"acknowledgement/{hashlib.sha256(data).hexdigest()[:16]}")


def refusal(office: Office, data: bytes) -> LetterRow | None:
    return office.letters(status=None).get(f"file-refused/{hashlib.sha256(data).hexdigest()[:16]}")


# A labelled set


def test_files_without_properties_are_recognised_by_what_they_are(at: Opening, tmp_path: Path) -> None:
    """Every file that went out, changed in several ways, by what is known of its sender; nothing certain is wrong."""
    tried, first, sure = 0, {"all": 0, "sender": 0}, 0
    for moment in ("invited", "circulated"):
        office = with_real_text(at) if moment == "circulated" else at(moment)
        threads = sent_in_threads(office)
        desk = office.desk
        given = mailroom.given_files(desk)
        assert {g.kind for g in given} >= {"invited": {"concept-note-form"}, "circulated": {"comments"}}[moment]
        letters = {sha: row for row in office.letters().values() for sha in row.attachments}
        rows = [
            row for row in office.ledger.documents(office.name) if row.sha256 in letters and row.status == "current"
        ]
        files = [(row, name, data) for row in rows for name, data in variants_of(office, row.sha256).items()]
        saved = saved_by_libreoffice([data for _, _, data in files], tmp_path / moment)
        if saved is not None:
            files += [(row, f"{name}, LibreOffice", data) for (row, name, _), data in zip(files, saved, strict=True)]
        for row, how, data in files:
            identity = office.identity(row)
            wanted = next((g for g in given if g.mark.key == identity.key and g.kind == identity.kind), None)
            if wanted is None or not office.edition.has("bodies", wanted.party):
                continue
            email, thread = office.edition.body(wanted.party).focal_point.email or "", threads[letters[row.sha256].key]
            docx = open_safely(data, "scan 0001.docx")
            whole = mailroom.evidence_of(desk, "scan 0001.docx", docx, email=email, thread=thread)
            alone = mailroom.evidence_of(desk, "scan 0001.docx", docx, email=email)
            assert whole.mark is None, how
            tried += 1
            for name, evidence in (("all", whole), ("sender", alone)):
                ranked = suggest(evidence, given)
                first[name] += ranked[0].given == wanted
                found = certain(evidence, ranked)
                assert found is None or (name, found.given) == ("all", wanted), (how, row.name)
                sure += found is not None
    assert tried >= 20
    assert first == {"all": tried, "sender": tried}
    assert sure >= 0.9 * tried


def variants_of(office: Office, sha256: str) -> dict[str, bytes]:
    bare = without_properties(office.store.get(sha256))
    found = {"bare": bare}
    text = "\n".join(mailroom.evidence_of(office.desk, "x.docx", open_safely(bare, "x.docx")).prose.paragraphs)
    for old in ("Temporary labour migration is usually discussed", "Debt is the hidden cost of departure"):
        if old in text:
            found[f"edited {len(found)}"] = edited(
                list(found.values())[-1], old, "Our government would rather say that"
            )
    return found


# One file


def test_a_file_known_by_its_properties_is_taken_and_acknowledged(at: Opening) -> None:
    office = at("circulated")
    data = returned(office, "ferme")
    outcome = take(office.desk, Came("Commentaires (2).docx", data))
    assert outcome == Outcome("taken", "1.3: comments of ferme on draft 1")
    letter = receipt(office, data)
    assert letter is not None
    assert (letter.party, letter.language, letter.session, letter.status) == ("ferme", "fr", "1.3", "draft")
    assert "Commentaires (2).docx" in letter.body
    assert office.desk.day(office.today, "fr") in letter.body
    assert office.desk.day(office.day_of("comments-1"), "fr") in letter.body


def test_the_same_file_twice_is_one_receipt(at: Opening) -> None:
    office = at("circulated")
    data = returned(office, "iom")
    take(office.desk, Came("a.docx", data))
    before = office.ledger.snapshot(office.name)
    again = take(office.desk, Came("b.docx", data, address(office, "iom")))
    assert again.kind == "taken" and "this very file came in on" in again.message
    assert office.ledger.snapshot(office.name) == before


def test_the_same_bytes_from_another_body_are_not_taken_for_the_first_ones(at: Opening) -> None:
    office = at("circulated")
    data = returned(office, "iom")
    take(office.desk, Came("a.docx", data))
    outcome = take(office.desk, Came("b.docx", data, address(office, "canada")))
    assert outcome.kind == "tray"
    (record,) = mailroom.waiting(office.desk)
    assert "from iom, and now from the address of canada" in record.facts["reason"]
    assert assign(office.desk, record.key, "comments/1.3|canada") == "1.3: comments of canada on draft 1"
    assert (office.state("comments", "1.3|1|iom"), office.state("comments", "1.3|1|canada")) == ("answered",) * 2


def test_a_newer_file_of_the_same_body_takes_the_place_of_the_first(at: Opening) -> None:
    office = at("circulated")
    first, second = returned(office, "iom"), returned(office, "iom", "We do not agree.")
    take(office.desk, Came("a.docx", first))
    outcome = take(office.desk, Came("b.docx", second))
    assert "they take the place of those of" in outcome.message
    assert office.record("comments", "1.3|1|iom").facts["file"] == hashlib.sha256(second).hexdigest()
    rows = office.ledger.documents(office.name, kind="comments-received", party="iom")
    assert [row.status for row in rows] == ["superseded", "received"]
    assert receipt(office, first) and receipt(office, second)


def test_a_text_that_goes_back_is_answered_once(at: Opening) -> None:
    office = at("writing")
    skeleton = office.store.get(office.document("paper-skeleton", "1.3", "en").sha256)
    assert take(office.desk, Came("paper.docx", skeleton)).kind == "taken"
    assert receipt(office, skeleton) is None
    assert office.recipients("paper-returned") == [("bangladesh", "en")]


def test_a_file_of_one_body_from_the_address_of_another_waits_for_a_person(at: Opening) -> None:
    office = at("circulated")
    data = returned(office, "iom")
    outcome = take(office.desk, Came("c.docx", data, address(office, "canada")))
    assert outcome.kind == "tray"
    (record,) = mailroom.waiting(office.desk)
    assert "it is iom's by its properties and came from the address of canada" in record.facts["reason"]
    assert record.facts["suggestions"][0]["key"] == "1.3|iom"
    assert office.state("comments", "1.3|1|iom") == "asked"
    assert receipt(office, data) is None


def test_a_colleague_at_the_same_domain_and_the_office_itself_contradict_nobody(at: Opening) -> None:
    office = at("circulated")
    domain = address(office, "iom").partition("@")[2]
    staff = office.edition.staff[0].email
    for email, mark in ((f"someone.else@{domain}", "One."), (staff, "Two."), ("me@home.example", "Three.")):
        assert take(office.desk, Came("c.docx", returned(office, "iom", mark), email)).kind == "taken"


def test_without_properties_thread_sender_and_text_together_are_certain(at: Opening) -> None:
    office = with_real_text(at)
    threads = sent_in_threads(office)
    data = without_properties(returned(office, "canada"))
    email = address(office, "canada")
    outcome = take(office.desk, Came("scan.docx", data, email, threads["circulation/1.3/1/canada"]))
    assert outcome == Outcome("taken", "1.3: comments of canada on draft 1")
    other = without_properties(returned(office, "iom", "We do not agree."))
    assert take(office.desk, Came("scan.docx", other, address(office, "iom"))).kind == "tray"


# The tray


def doubtful(office: Office, body: str = "iom") -> tuple[str, bytes]:
    data = without_properties(returned(office, body))
    assert take(office.desk, Came("scan.docx", data, address(office, body), note="Dear all")).kind == "tray"
    return mailroom.tray_key(hashlib.sha256(data).hexdigest()), data


def test_a_doubtful_file_waits_with_suggestions_and_is_assigned(at: Opening) -> None:
    office = at("circulated")
    key, data = doubtful(office)
    (record,) = mailroom.waiting(office.desk)
    assert (record.key, record.facts["file"], record.facts["note"]) == (key, "scan.docx", "Dear all")
    best = record.facts["suggestions"][0]
    assert (best["kind"], best["key"], best["party"], best["version"], best["round"]) == (
        "comments", "1.3|iom", "iom", 1, 1
    )  # fmt: skip
    assert "it came from the address of iom" in best["reasons"]
    arrival = office.ledger.arrival(office.name, record.facts["sha256"])
    assert arrival is not None and arrival.outcome == "unplaced"
    assert office.store.get(record.facts["sha256"]) == data
    assert assign(office.desk, key, "1") == "1.3: comments of iom on draft 1"
    after = office.ledger.record(office.name, "tray", key)
    assert after is not None and (after.state, after.facts["by"]) == ("assigned", office.by)
    arrival = office.ledger.arrival(office.name, record.facts["sha256"])
    assert arrival is not None and arrival.outcome == "accepted"
    assert office.state("comments", "1.3|1|iom") == "answered"
    assert receipt(office, data) is not None
    assert mailroom.waiting(office.desk) == []
    with pytest.raises(NotNow, match=rf"scan\.docx was assigned by {office.by} on .*: 1\.3: comments of iom"):
        assign(office.desk, key, "1")


def test_a_person_may_name_anything_that_is_awaited_and_nothing_else(at: Opening) -> None:
    office = at("circulated")
    key, _ = doubtful(office)
    with pytest.raises(Invalid, match="has 5 suggestions, 9 is none"):
        assign(office.desk, key, "9")
    with pytest.raises(Unknown, match=r"comments/1\.3\|spain: no such file is awaited; there is .*comments/1\.3\|iom"):
        assign(office.desk, key, "comments/1.3|spain")
    with pytest.raises(Unknown, match=f"is not in the tray of {office.name}; there is {key}"):
        assign(office.desk, "0000", "1")
    assert assign(office.desk, key, "comments/1.3|united-states") == "1.3: comments of united-states on draft 1"


def test_a_file_its_stage_refuses_stays_in_the_tray(at: Opening) -> None:
    office = at("circulated")
    key, _ = doubtful(office)
    sheet = next(e for e in mailroom.waiting(office.desk)[0].facts["suggestions"])
    assert sheet["kind"] == "comments"
    office.today = dt.date.fromisoformat(office.record("background-paper", "1.3").facts["until"]) + dt.timedelta(days=1)
    office.advance("1.3")
    assert assign(office.desk, key, "1") == "1.3: comments of iom on draft 1, after the round was closed"


def test_what_is_rejected_is_answered_in_the_senders_language_and_may_be_assigned_after_all(at: Opening) -> None:
    office = at("circulated")
    key, data = doubtful(office, "ferme")
    with pytest.raises(Invalid, match="nothing leaves the tray without a reason"):
        mailroom.reject(office.desk, key, " ")
    told = mailroom.reject(office.desk, key, "Of last year.")
    assert told == f"scan.docx: rejected by {office.by}: Of last year.\nscan.docx: a letter to ferme is drafted"
    letter = refusal(office, data)
    assert letter is not None and (letter.party, letter.language) == ("ferme", "fr")
    assert office.desk.words("fr")("mailroom.advice.rejected") in letter.body
    assert "Of last year." not in letter.body
    assert "rejected already" in mailroom.reject(office.desk, key, "Again.")
    again = take(office.desk, Came("scan.docx", data, address(office, "ferme")))
    assert again.message == f"scan.docx: this very file was rejected by {office.by}: Of last year."
    assert assign(office.desk, key, "1") == "1.3: comments of ferme on draft 1"
    cancelled = refusal(office, data)
    assert cancelled is not None and cancelled.status == "cancelled"


def test_who_may_say_what_a_file_is_the_edition_says(at: Opening) -> None:
    office = at("circulated")
    key, _ = doubtful(office)
    office.by = "A. Nobody"
    with pytest.raises(NotYours):
        assign(office.desk, key, "1")
    with pytest.raises(NotYours):
        mailroom.reject(office.desk, key, "No.")
    assert [record.key for record in mailroom.waiting(office.desk)] == [key]


# Refusals


@pytest.mark.parametrize(
    ("data", "advice"),
    [(b"%PDF-1.7", "save_again"), (b"PK\x03\x04 cut short", "send_again"), (b"", "save_again")],
    ids=["pdf", "damaged", "empty"],
)
def test_a_known_sender_is_told_what_to_do(at: Opening, data: bytes, advice: str) -> None:
    office = at("circulated")
    outcome = take(office.desk, Came("réponse.docx", data, address(office, "ferme")))
    assert outcome.kind == "refused" and "réponse.docx" in outcome.message
    letter = refusal(office, data)
    assert letter is not None and (letter.party, letter.language) == ("ferme", "fr")
    assert office.desk.words("fr")(f"mailroom.advice.{advice}") in letter.body
    until = dt.date.fromisoformat(office.record("background-paper", "1.3").facts["until"])
    assert office.desk.day(until, "fr") in letter.body


def test_nobody_is_written_to_where_nobody_knows_who_sent_it(at: Opening) -> None:
    office = at("circulated")
    assert take(office.desk, Came("x.docx", b"%PDF", "stranger@nowhere.example")).kind == "refused"
    assert office.recipients("file-refused") == []


def test_a_file_that_came_too_early_is_taken_later_and_its_refusal_cancelled(at: Opening) -> None:
    office = at("writing")
    skeleton = office.document("paper-skeleton", "1.3", "en")
    text = office.filled(skeleton, office.written("en", office.edition.rules.paper_sections, 14))
    office.on("draft-1")
    office.send_paper("1.3")
    early = take(office.desk, Came("text.docx", text))
    assert early.kind == "refused" and "no text of 1.3 is awaited" in early.message
    letter = refusal(office, text)
    assert letter is not None and (letter.party, letter.status) == ("bangladesh", "draft")
    assert office.desk.words("en")("mailroom.advice.not_now") in letter.body


# Mails


def test_every_file_of_a_mail_is_taken_and_one_bad_one_holds_up_no_other(at: Opening) -> None:
    office = at("circulated")
    good = returned(office, "iom")
    files = [("bad.docx", b"%PDF"), ("comments.docx", good)]
    came = read_mail(mail(address(office, "iom"), files), "inbox/1.eml", AT)
    outcomes = take_mail(office.desk, came)
    assert [outcome.kind for outcome in outcomes] == ["refused", "taken"]
    (record,) = office.ledger.records(office.name, "mail")
    assert record.facts["sender"] == address(office, "iom")
    assert "please find our answer attached" in record.facts["text"]
    assert set(record.facts["files"].values()) == {"bad.docx", "comments.docx", "signature.png"}
    # The picture of the signature is kept, and nobody is told that it is no Word file.
    assert office.recipients("file-refused") == [("iom", "en")]
    for sha256 in record.facts["files"]:
        office.store.get(sha256)
    assert set(record.facts["files"]) <= office.ledger.referenced_hashes()
    before = office.ledger.snapshot(office.name)
    take_mail(office.desk, came)
    assert office.ledger.snapshot(office.name) == before


def test_what_answers_a_mail_continues_its_thread(at: Opening) -> None:
    office = at("circulated")
    good, sender = returned(office, "iom"), address(office, "iom")
    files = [("bad.docx", b"%PDF"), ("comments.docx", good)]
    take_mail(office.desk, read_mail(mail(sender, files, subject="Our comments"), "inbox/1.eml", AT))
    taken, refused = receipt(office, good), refusal(office, b"%PDF")
    for letter in (taken, refused):
        assert letter is not None
        assert (letter.in_reply_to, letter.subject) == ("<Ourcomments@there.example>", "Re: Our comments")
        assert "\nIn-Reply-To: <Ourcomments@there.example>\n" in outbox.written(office.desk, letter)
    assert taken is not None
    outbox.approve(office.desk, outbox.shown(office.desk, [taken.key]))
    outbox.send(office.desk, local_delivery(office.home))
    (sent,) = (office.home / "outbox" / "sent").glob("*.eml")
    assert b"\r\nIn-Reply-To: <Ourcomments@there.example>\r\n" in sent.read_bytes()
    after = office.letters(status="sent")[taken.key]
    assert after.thread == "<Ourcomments@there.example>", "a further reply is known by it"


_IN_WORDS = """Dear colleagues,

Para 3: "seldom" is too strong, say "not often".
This matters to us.

Paragraph 4: please give the year.

Kind regards
"""


@pytest.mark.parametrize("with_file", [True, False])
def test_comments_in_the_words_of_a_mail_are_taken_in(at: Opening, with_file: bool) -> None:
    office = at("circulated")
    thread = sent_in_threads(office)["circulation/1.3/1/iom"]
    files = [("comments.docx", returned(office, "iom"))] if with_file else []
    came = read_mail(mail(address(office, "iom"), files, reply_to=thread, text=_IN_WORDS), "inbox/1.eml", AT)
    for _ in range(2):
        assert {outcome.kind for outcome in take_mail(office.desk, came)} == {"taken"}
    record = office.record("comments", "1.3|1|iom")
    assert (record.state, len(record.facts["texts"])) == ("answered", 1)
    (kept,) = office.desk.ledger.documents(office.name, kind="comments-text", key="1.3", party="iom")
    assert office.desk.store.get(kept.sha256).decode() == (
        'Para 3: "seldom" is too strong, say "not often".\nThis matters to us.\n\nParagraph 4: please give the year.'
    )
    assert mailroom.waiting(office.desk) == []


@pytest.mark.parametrize(
    ("sender", "text", "in_thread"),
    [
        ("iom", "Dear colleagues, no comments from us.", True),
        ("iom", _IN_WORDS, False),
        ("canada", _IN_WORDS, True),
    ],
    ids=["no paragraph is named", "it answers no letter", "another body's letter"],
)
def test_words_that_are_not_certainly_comments_are_for_a_person(
    at: Opening, sender: str, text: str, in_thread: bool
) -> None:
    office = at("circulated")
    thread = sent_in_threads(office)["circulation/1.3/1/iom"] if in_thread else ""
    came = read_mail(mail(address(office, sender), [], reply_to=thread, text=text), "inbox/1.eml", AT)
    assert [outcome.kind for outcome in take_mail(office.desk, came)] == ["tray"]
    assert "texts" not in office.record("comments", "1.3|1|iom").facts


def test_only_whoever_wrote_a_mail_is_answered_in_its_thread(at: Opening) -> None:
    office = at("circulated")
    data = returned(office, "iom")
    came = read_mail(mail("irena.omelaniuk@taskforce.example", [("c.docx", data)], subject="Fwd: x"), "inbox/1.eml", AT)
    assert [outcome.kind for outcome in take_mail(office.desk, came)] == ["taken"]
    letter = receipt(office, data)
    assert letter is not None and letter.party == "iom"
    assert letter.in_reply_to is None and not letter.subject.startswith("Re:")


def test_a_note_returned_by_decision_is_an_answer_to_the_mail_that_brought_it(at: Opening) -> None:
    office = at("invited")
    office.on("note-due")
    form = office.document("concept-note-form", "1.3", "en")
    for number, words in enumerate((11, 12)):
        data = office.filled(form, office.written("en", office.edition.rules.note_sections, words))
        came = mail(address(office, "valdoria"), [("note.docx", data)], subject=f"Note {number}")
        take_mail(office.desk, read_mail(came, f"inbox/{number}.eml", AT))
    office.decide_note("1.3", "return", "Too thin.")
    (letter,) = office.ledger.letters(office.name, kind="note-returned")
    assert (letter.in_reply_to, letter.subject) == ("<Note1@there.example>", "Re: Note 1")


def test_a_file_that_was_assigned_is_answered_in_the_thread_it_came_in(at: Opening) -> None:
    office = at("circulated")
    data = without_properties(returned(office, "iom"))
    came = read_mail(mail(address(office, "iom"), [("scan.docx", data)], subject="Scan"), "inbox/1.eml", AT)
    assert [outcome.kind for outcome in take_mail(office.desk, came)] == ["tray"]
    (record,) = mailroom.waiting(office.desk)
    assign(office.desk, record.key, "1")
    letter = receipt(office, data)
    assert letter is not None and letter.subject == "Re: Scan"


def test_no_file_that_the_ledger_names_anywhere_is_swept(at: Opening) -> None:
    office = at("circulated")
    good, doubtful = returned(office, "iom"), without_properties(returned(office, "canada"))
    for number, files in enumerate([[("a.docx", good)], [("scan.docx", doubtful)], [], [("bad.docx", b"%PDF")]]):
        came = mail(address(office, "iom"), files, subject=f"Mail {number}")
        take_mail(office.desk, read_mail(came, f"inbox/{number}.eml", AT))
    office.today += dt.timedelta(days=60)
    office.advance("1.3")
    assert {record.state for record in office.ledger.records(office.name, "comment-matrix")} == {"open"}
    assert lost_to_a_sweep(office.home / "ledger.sqlite", office.store.home / "store") == set()


def test_a_mail_without_a_file_waits_to_be_read(at: Opening) -> None:
    office = at("circulated")
    came = read_mail(mail(address(office, "iom"), [], subject="No comments"), "inbox/2.eml", AT)
    assert [outcome.kind for outcome in take_mail(office.desk, came)] == ["tray"]
    (record,) = mailroom.waiting(office.desk)
    assert (record.facts["what"], record.facts["file"]) == ("mail", "No comments")
    assert "please find our answer" in record.facts["note"]
    with pytest.raises(Invalid, match="is a mail without a file"):
        assign(office.desk, record.key, "1")
    mailroom.reject(office.desk, record.key, "Nil return recorded.")
    assert office.recipients("file-refused") == []


def test_a_cursor_moves_on_only_when_all_before_it_is_in_the_ledger(
    at: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = at("circulated")
    delivery = local_delivery(office.home)
    folder = office.home / "inbox" / "mail"
    folder.mkdir(parents=True)
    (folder / "a.eml").write_bytes(mail(address(office, "iom"), [("a.docx", returned(office, "iom"))], subject="A"))
    (folder / "b.eml").write_bytes(
        mail(address(office, "canada"), [("b.docx", returned(office, "canada"))], subject="B")
    )
    kept = mailroom.keep_mail

    def full_disk(desk, came, outcomes):
        if came.subject == "A":
            raise OSError("no space left")
        kept(desk, came, outcomes)

    with monkeypatch.context() as patch:
        patch.setattr(mailroom, "keep_mail", full_disk)
        outcomes, faults = take_in(office.desk, delivery)
    assert [outcome.kind for outcome in outcomes] == ["taken"]
    assert faults == [
        "local mail: a mail from iom, 30 April 2007 07:00 UTC was not taken because of a fault of ours: "
        "OSError('no space left')"
    ]
    assert mailroom.cursor_of(office.desk, "local mail") is None
    outcomes, faults = take_in(office.desk, delivery)
    assert (len(outcomes), faults) == (2, [])
    assert all("this very file came in" in outcome.message for outcome in outcomes)
    assert {r.facts["subject"] for r in office.ledger.records(office.name, "mail")} == {"A", "B"}
    assert mailroom.cursor_of(office.desk, "local mail") is not None
    assert take_in(office.desk, delivery) == ([], [])


def test_what_fails_time_after_time_goes_to_the_tray_and_holds_nobody_up(
    at: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = at("circulated")
    delivery = local_delivery(office.home)
    team = delivery.files.folder(office.name, "1.3")
    folder = office.home / "inbox" / "mail"
    folder.mkdir(parents=True)
    good, bad, shared = returned(office, "iom"), returned(office, "canada"), returned(office, "iom", "Shared.")
    (folder / "a.eml").write_bytes(mail(address(office, "canada"), [("bad.docx", bad), ("x.pdf", b"%PDF-1.7")]))
    next(path for path in office.home.rglob(f"{team}/{INBOX}")).joinpath("shared.docx").write_bytes(shared)

    def faulty(desk, file):
        if file.name in ("bad.docx", "shared.docx"):
            raise ZeroDivisionError("a fault of the program")
        return background_paper.receive_comments(desk, file)

    with monkeypatch.context() as patch:
        patch.setitem(RECEIVERS, "comments", faulty)
        for _ in range(2):
            outcomes, faults = take_in(office.again().desk, delivery)
            assert [fault.partition(" was not taken")[0] for fault in faults] == [
                "local mail: a mail from canada, 30 April 2007 07:00 UTC", "local files: shared.docx",
            ]  # fmt: skip
            assert (outcomes, mailroom.waiting(office.desk)) == ([], [])
        (folder / "b.eml").write_bytes(mail(address(office, "iom"), [("good.docx", good)], subject="B"))
        outcomes, faults = take_in(office.desk, delivery)
    assert faults == []
    assert [outcome.kind for outcome in outcomes] == ["tray", "taken", "tray"]
    lying = {record.facts["file"]: record for record in mailroom.waiting(office.desk)}
    assert set(lying) == {"bad.docx", "shared.docx"}
    assert lying["bad.docx"].facts["reason"] == (
        "a fault of ours kept it from being taken in, 3 times: ZeroDivisionError('a fault of the program')"
    )
    assert {office.store.get(record.facts["sha256"]) for record in lying.values()} == {bad, shared}
    scan = office.ledger.arrival(office.name, hashlib.sha256(b"%PDF-1.7").hexdigest())
    assert scan is not None and scan.outcome == "refused"
    # The cursor is past it, and once the program is mended a person hands it on.
    assert take_in(office.desk, delivery) == ([], [])
    assert "comments of canada" in assign(office.desk, lying["bad.docx"].key, "comments/1.3|canada")
    assert {r.facts["subject"] for r in office.ledger.records(office.name, "mail")} == {"Our answer", "B"}


def test_a_partners_change_in_the_shared_folder_is_taken(at: Opening) -> None:
    office = at("circulated")
    delivery = local_delivery(office.home)
    team = delivery.files.folder(office.name, "1.3")
    take_in(office.desk, delivery)
    place = next(path for path in office.home.rglob(f"{team}/{INBOX}"))
    (place / "unsere Anmerkungen.docx").write_bytes(returned(office, "iom"))
    outcomes, faults = take_in(office.desk, delivery)
    assert (outcomes, faults) == ([Outcome("taken", "1.3: comments of iom on draft 1")], [])


def test_a_template_from_elsewhere_goes_into_nothing_that_is_kept_of_a_file(at: Opening) -> None:
    office = at("circulated")
    data = with_remote_template(returned(office, "iom"))
    assert take(office.desk, Came("c.docx", data)).kind == "taken"
    (row,) = office.ledger.documents(office.name, kind="comments-received", party="iom")
    kept = office.store.get(row.sha256)
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(io.BytesIO(kept)) as after:
        assert b"evil.example" in before.read("word/_rels/settings.xml.rels")
        assert not any(b"evil.example" in after.read(name) for name in after.namelist())
    # What came in is kept as it came, under its own hash.
    assert office.store.get(hashlib.sha256(data).hexdigest()) == data


def test_an_embedded_object_is_kept_apart_and_the_sender_told(at: Opening) -> None:
    office = at("circulated")
    docx = unpack(returned(office, "iom"))
    docx.add("word/embeddings/s.bin", b"a workbook", "application/vnd.openxmlformats-officedocument.oleObject")
    id = docx.relate(docx.main, OFFICE_REL + "oleObject", "word/embeddings/s.bin")
    holder = (
        '<w:r><w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" Type="Embed" '
        'ProgID="Excel.Sheet.8" '
        f'xmlns:r="{OFFICE_REL[:-1]}" r:id="{id}"/></w:object></w:r></w:p><w:sectPr'
    )
    text = docx.parts[docx.main].decode()
    before, after = text.rsplit("</w:p><w:sectPr", 1)
    docx.parts[docx.main] = (before + holder + after).encode()
    data = docx.to_bytes()
    outcome = take(office.desk, Came("c.docx", data, "iom@iom.example"))
    note = "an embedded object was taken out of it, see quarantine/"
    assert outcome.kind == "taken" and outcome.message.endswith(note)
    sha = hashlib.sha256(b"a workbook").hexdigest()
    folder = office.store.home / "quarantine"
    assert (folder / f"{sha}.object").read_bytes() == b"a workbook"
    (told,) = folder.glob(f"{sha}.*.txt")
    assert "File: c.docx" in told.read_text() and "Program: Excel.Sheet.8" in told.read_text()
    arrival = office.ledger.arrival(office.name, hashlib.sha256(data).hexdigest())
    assert arrival is not None and arrival.message.endswith(note)
    (row,) = office.ledger.documents(office.name, kind="comments-received", party="iom")
    assert "word/embeddings/s.bin" not in unpack(office.store.get(row.sha256)).parts
    (receipt,) = office.ledger.letters(office.name, kind="acknowledgement", party="iom")
    language = office.edition.body("iom").language
    assert office.desk.words(language)("mailroom.remarks.objects") in receipt.body
