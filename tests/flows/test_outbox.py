"""Letters by form and by command: shown and counted, approved by code, sent once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from flows import outbox as forms
from flows.office import ENGINE
from tests.flows.conftest import NOTES_COME_IN, SIX, Call, Office, Server
from tests.flows.test_board import NOTICE, artifact

BY = "secretaire"
At = Callable[[dt.date], Office]


def drafts(office: Office) -> list[str]:
    return [row.key for row in office.ledger.letters(SIX, session="A1", status="draft")]


def test_the_form_shows_first_and_approves_what_it_showed(office_at: At, server: Server) -> None:
    office = office_at(NOTES_COME_IN)
    waiting = drafts(office)
    assert waiting
    shown = office.run(forms.approve_letters, session="A1", by=BY)
    assert shown.name == "Completed" and "Nothing was approved yet." in shown.message
    assert f"{len(waiting)} letters: " in shown.message
    page = str(artifact(server, f"letters-{SIX}-a1").data)
    assert page.startswith(f"{NOTICE}{len(waiting)} letters, code ") and f"| {waiting[0]} |" in page
    assert drafts(office) == waiting
    code = shown.message.rpartition(" ")[2]
    wrong = office.run(forms.approve_letters, session="A1", code="0", by=BY)
    assert wrong.name == "Refused" and code in wrong.message
    (office.home / "inbox").mkdir(exist_ok=True)
    (office.home / "inbox" / "words.txt").write_text("Subject: Other words\n\nDear all,\n\ncome.\n", "utf-8")
    edited = office.run(forms.edit_letter, key=waiting[0], file="words.txt", by=BY)
    assert edited.message == f"{waiting[0]}: edited"
    (letter,) = office.ledger.letters(SIX, key=waiting[0])
    assert (letter.subject, letter.body) == ("Other words", "Dear all,\n\ncome.")
    assert not (office.home / "inbox" / "words.txt").exists()
    stale = office.run(forms.approve_letters, session="A1", code=code, by=BY)
    assert stale.name == "Refused" and f"not those that were shown as {code}" in stale.message
    again = office.run(forms.approve_letters, session="A1", by=BY).message.rpartition(" ")[2]
    done = office.run(forms.approve_letters, session="A1", code=again, by=BY)
    assert done.message == f"{len(waiting)} letters approved by {BY}"
    sent = office.run(forms.send_letters, by=BY)
    assert sent.message == f"{len(waiting)} letters sent, 0 failed, 0 unknown"
    assert office.run(forms.send_letters, by=BY).message == "0 letters sent, 0 failed, 0 unknown"
    assert len(list((office.home / "outbox" / "sent").glob("*.eml"))) == len(waiting)
    late = office.run(forms.reject_letter, key=waiting[0], reason="No.", by=BY)
    assert (late.name, "is sent, which can't become" in late.message) == ("Refused", True)
    certain = office.run(forms.settle_letter, key=waiting[0], outcome="sent", reason="Seen.", by=BY)
    assert (certain.name, "is certain" in certain.message) == ("Refused", True)


def test_what_is_approved_goes_out_with_its_approval_where_that_is_asked(office_at: At) -> None:
    office = office_at(NOTES_COME_IN)
    first, *others = drafts(office)

    def approve(keys: list[str]) -> list[str]:
        code = office.run(forms.approve_letters, keys=keys, by=BY).message.rpartition(" ")[2]
        told: str = office.run(forms.approve_letters, keys=keys, code=code, send=True, by=BY).message
        return told.splitlines()

    with office.ledger.only_sender():
        approved, busy = approve([first])
    assert approved == f"1 letters approved by {BY}"
    assert busy.startswith("another process is sending letters at this moment")
    assert approve(others) == [
        f"{len(others)} letters approved by {BY}", f"{len(others) + 1} letters sent, 0 failed, 0 unknown",
    ]  # fmt: skip
    sent = [line for line in office.ledger.history(SIX, subject="letter") if line.change["event"] == "sent"]
    assert {(line.key, line.by) for line in sent} == {(key, ENGINE) for key in (first, *others)}


def test_who_may_not_is_refused_and_told_who_may(office_at: At) -> None:
    office = office_at(NOTES_COME_IN)
    (key, *_) = drafts(office)
    refused = office.run(forms.approve_letters, keys=[key], by="Nour Rivage")
    assert (refused.name, "secretariat-aval (coordinator) may not approve" in refused.message) == ("Refused", True)
    assert "secretariat-amont" in refused.message
    assert (
        "is nobody of the Taskforce" in office.run(forms.reject_letter, key=key, reason="x", by="Amara Quelle").message
    )


def test_the_commands(roundtable: Call, office_at: At) -> None:
    office = office_at(NOTES_COME_IN)
    by = ("--by", BY)
    key, *others = drafts(office)
    code, told = roundtable("outbox", "list", SIX, "--session", "A1", "--status", "draft")
    assert (code, f"{len(others) + 1} letters" in told) == (0, True)
    code, told = roundtable("outbox", "show", SIX, key)
    assert code == 0
    for part in ("From: Joachim Versant <amont@mountain-waters.example>", "To: ", "Subject: ", "Status: draft"):
        assert part in told
    assert roundtable("outbox", "show", SIX, "nothing/1")[0] == 1
    # The registry may read what is public, and letters it may approve.
    code, told = roundtable("outbox", "list", SIX, "--session", "A1", "--by", "Camille Exemple")
    assert (code, "more are not Camille Exemple's to read" in told, key in told) == (0, True, False)
    code, told = roundtable("outbox", "show", SIX, key, "--by", "Camille Exemple")
    assert (code, "may not read fof of session A1; ask secretaire" in told) == (1, True)
    assert roundtable("outbox", "show", SIX, key, *by)[0] == 0
    code, told = roundtable("outbox", "approve", SIX, key, *by)
    assert (code, "To approve these 1: add --yes --code " in told) == (0, True)
    assert key in drafts(office)
    assert roundtable("outbox", "approve", SIX, key, "--yes", "--code", "0", *by)[0] == 1
    code, told = roundtable("outbox", "approve", SIX, key, "--yes", *by)
    assert (code, f"1 letters approved by {BY}" in told) == (0, True)
    assert key not in drafts(office)
    code, told = roundtable("outbox", "edit", SIX, key, "--to", "nobody-known", *by)
    assert (code, "'nobody-known' is nobody of this edition" in told) == (1, True)
    code, told = roundtable("outbox", "send", SIX, *by)
    assert (code, told) == (0, "1 letters sent, 0 failed, 0 unknown\n")
    code, told = roundtable("outbox", "settle", SIX, key, "perhaps", "--reason", "x", *by)
    assert (code, "write sent, not-sent or cancelled" in told) == (1, True)
    for other in others[:1]:
        code, told = roundtable("outbox", "reject", SIX, other, "--reason", "Handed over.", *by)
        assert (code, told) == (0, f"{other}: rejected by {BY} (Handed over.)\n")


@pytest.mark.parametrize("words", [(), ("--all", "--kind", "reminder")])
def test_a_command_that_chooses_nothing_or_twice(roundtable: Call, office_at: At, words: tuple[str, ...]) -> None:
    office_at(NOTES_COME_IN)
    code, told = roundtable("outbox", "approve", SIX, *words, "--by", BY)
    assert (code, "say which letters" in told) == (1, True)
