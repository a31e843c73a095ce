"""What comes in: good files under any name, and everything that is none; one bad file stops no other."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docx
import pytest

from flows import office as offices
from flows.mailroom import assign_document, receive_documents, reject_document
from tasks.adapters.ledger import Record
from tasks.adapters.word.identity import Identity, read, stamp
from tasks.adapters.word.ingest import open_safely
from tests.flows.conftest import ANSWERS_COME_IN, NOTES_COME_IN, NOTES_TABLED, SIX, Office
from tests.tasks.mailroom_help import mail, without_properties

At = Callable[[dt.date], Office]


def bomb() -> bytes:
    """A Word file of a few kilobytes with eight million empty paragraphs."""
    out = io.BytesIO()
    plain = blank()
    with zipfile.ZipFile(io.BytesIO(plain)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "word/document.xml":
                data = data.replace(b"<w:sectPr", b"<w:p/>" * 8_000_000 + b"<w:sectPr", 1)
            target.writestr(name, data)
    return out.getvalue()


def blank() -> bytes:
    out = io.BytesIO()
    docx.Document().save(out)
    return out.getvalue()


def known_as(data: bytes, **other: object) -> bytes:
    """`data` with a part of its identity changed."""
    identity = read(open_safely(data, "form.docx"))
    assert identity is not None
    return stamp(data, replace(identity, **other))  # type: ignore[arg-type]


def arrival(office: Office, data: bytes) -> tuple[str, str]:
    row = office.ledger.arrival(SIX, hashlib.sha256(data).hexdigest())
    assert row is not None, "the ledger does not know this file"
    return row.outcome, row.message


def test_every_bad_file_is_refused_with_its_reason_and_stops_no_other(office_at: At) -> None:
    office = office_at(NOTES_COME_IN)
    note, plain = office.write("concept-note", "B1"), blank()
    bad = {
        "1 notes.docx": (b"Dear colleagues, please find our note attached.", "not a Word file; ask for the .docx"),
        "2 note.doc": (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
            "an old Office file, not .docx; ask for it saved as",
        ),
        "3 bomb.docx": (bomb(), "word/document.xml unpacks to 680 times its size, the limit is 200"),
        "5 elsewhere.docx": (
            known_as(note, edition="atlantis"),
            "belongs to the edition atlantis, not to six-languages",
        ),
        "6 nowhere.docx": (known_as(note, session="Z9"), "names the session Z9, which six-languages does not have"),
        "7 nothing.docx": (
            known_as(note, key="Z9"),
            "names the concept note Z9, which session B1 does not have",
        ),
        "8 old.docx": (known_as(note, version=0), "version 0 of the form for B1, version 1 is in use"),
        "9 letter.docx": (known_as(note, kind="invitation"), "nothing is expected back"),
        "A3 of another.docx": (
            known_as(note, session="A3"),
            "names the concept note B1, which session A3 does not have",
        ),
        "language.docx": (known_as(note, language="latin"), "names the language latin, which six-languages"),
    }
    assert len(bad["3 bomb.docx"][0]) < 200_000
    for name, (data, _) in bad.items():
        offices.inbox().drop(name, data)
    offices.inbox().drop("4 ours no more.docx", plain)
    offices.inbox().drop("zuletzt wirklich endgültig (3).docx", note)
    state = office.run(receive_documents)
    assert (state.type.value, state.name) == ("COMPLETED", "Refused")
    assert "Traceback" not in state.message
    for name, (data, reason) in bad.items():
        outcome, message = arrival(office, data)
        assert outcome == "refused"
        assert message.startswith(f"{name}: "), message
        assert reason in message.removeprefix(name), message
        assert message in state.message
        assert (office.home / "inbox" / "refused" / name).read_bytes() == data
    # Nothing says what this one is: it waits for a person.
    outcome, message = arrival(office, plain)
    assert outcome == "unplaced"
    assert message.startswith("4 ours no more.docx: nothing in this file says for certain what it is")
    assert (office.home / "inbox" / "tray" / "4 ours no more.docx").read_bytes() == plain
    assert arrival(office, note)[0] == "accepted"
    assert "B1 concept note: " in state.message
    assert office.desk().record("concept-note", "B1").state == "received"
    assert (office.home / "inbox" / "filed" / "zuletzt wirklich endgültig (3).docx").is_file()
    assert offices.inbox().names() == []


def test_a_file_that_comes_twice_is_told_its_first_answer(office_at: At) -> None:
    office = office_at(NOTES_COME_IN)
    note, plain = office.write("concept-note", "B1"), blank()
    offices.inbox().drop("note.docx", note)
    offices.inbox().drop("plain.docx", plain)
    office.run(receive_documents)
    before = office.ledger.snapshot(SIX)
    offices.inbox().drop("note.docx", note)
    again = office.run(receive_documents, name="note.docx")
    assert again.name == "Completed"
    assert "this very file came in on 9 September 2030 as note.docx: B1 concept note" in again.message
    offices.inbox().drop("anders.docx", plain)
    assert office.run(receive_documents, name="anders.docx").name == "Waiting"
    assert office.ledger.snapshot(SIX) == before
    assert {path.name for path in (office.home / "inbox" / "filed").iterdir()} >= {"note.docx", "note (2).docx"}
    assert (office.home / "inbox" / "tray" / "anders.docx").is_file()


def test_a_file_that_is_not_there(office_at: At) -> None:
    office = office_at(NOTES_COME_IN)
    for name in ("nothing.docx", "../ledger.sqlite", "/etc/hostname"):
        state = office.run(receive_documents, name=name)
        assert (state.name, name in state.message) == ("Refused", True)
    assert office.run(receive_documents).message == "the inbox is empty"


def test_an_empty_form_and_a_late_form_are_answered(office_at: At) -> None:
    office = office_at(NOTES_COME_IN)
    form = office.ledger.documents(SIX, kind="concept-note-form", key="B1")[-1]
    offices.inbox().drop("leer.docx", office.desk().store.get(form.sha256))
    state = office.run(receive_documents)
    assert "B1 concept note" in state.message
    assert office.desk().record("concept-note", "B1").state == "returned"
    later = office_at(NOTES_TABLED)
    row = later.ledger.documents(SIX, kind="concept-note-received", key="B1")[-1]
    offices.inbox().drop("spät.docx", known_as(later.desk().store.get(row.sha256), language="russe"))
    assert "is tabled already" in later.run(receive_documents).message


def test_a_draft_while_one_goes_round_is_refused(office_at: At) -> None:
    office = office_at(ANSWERS_COME_IN)
    row = next(row for row in office.ledger.documents(SIX, kind="background-paper", key="B1") if row.number == 1)
    offices.inbox().drop("draft.docx", known_as(office.desk().store.get(row.sha256), version=0))
    state = office.run(receive_documents)
    assert state.name == "Refused"
    assert "draft.docx: no text of B1 is awaited, the paper is circulated at version 1; keep the file" in state.message


def test_a_form_saved_by_libreoffice_is_recognised(office_at: At, tmp_path: Path) -> None:
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice Writer is not installed (soffice)")
    office = office_at(NOTES_COME_IN)
    (tmp_path / "sent.docx").write_bytes(office.write("concept-note", "B1"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", "docx", "--outdir", str(tmp_path / "saved")]
    command.append(str(tmp_path / "sent.docx"))
    environment = {**os.environ, "SAL_USE_VCLPLUGIN": "svp"}
    subprocess.run(command, capture_output=True, check=True, timeout=120, env=environment)
    saved = (tmp_path / "saved" / "sent.docx").read_bytes()
    identity = read(open_safely(saved, "sent.docx"))
    assert identity == Identity(SIX, "B1", "concept-note-form", "B1", 1, "espagnol")
    offices.inbox().drop("sin título.docx", saved)
    state = office.run(receive_documents)
    assert state.name == "Completed"
    assert "complete; it awaits the coordinator's decision" in state.message
    assert office.desk().record("concept-note", "B1").state == "received"


def test_a_mail_in_the_inbox_is_taken_in_with_each_of_its_files(office_at: At) -> None:
    office = office_at(NOTES_COME_IN)
    note, lead = office.write("concept-note", "B1"), office.desk().edition.session("B1").team
    assert lead is not None
    sender = office.desk().edition.body(lead.lead).focal_point.email
    assert sender is not None
    offices.inbox().drop("Re note.eml", mail(sender, [("nota final.docx", note), ("scan.docx", b"%PDF-1.7")]))
    state = office.run(receive_documents)
    assert state.name == "Refused"  # the scan
    assert "B1 concept note: " in state.message and "scan.docx: a PDF" in state.message
    assert arrival(office, note)[0] == "accepted"
    (record,) = (r for r in office.ledger.records(SIX, "mail") if r.facts["reference"] == "inbox/Re note.eml")
    assert record.facts["sender"] == sender
    kinds = {
        row.kind: row for row in office.ledger.letters(SIX, party=lead.lead) if row.run == record_run(office, record)
    }
    assert {"acknowledgement", "file-refused"} <= kinds.keys()
    assert {row.language for row in kinds.values()} == {office.desk().edition.body(lead.lead).language}
    assert (office.home / "inbox" / "refused" / "Re note.eml").is_file()


def record_run(office: Office, record: Record) -> str:
    """The run in which a record began."""
    return office.ledger.history(SIX, kind=record.kind, key=record.key)[0].run


def director(office: Office) -> str:
    return next(member.id for member in office.desk().edition.staff if member.role == "director")


def test_a_person_says_what_a_file_in_the_tray_is(office_at: At) -> None:
    office = office_at(NOTES_COME_IN)
    note = without_properties(office.write("concept-note", "B1"))
    offices.inbox().drop("scan.docx", note)
    assert office.run(receive_documents).name == "Waiting"
    (record,) = office.ledger.records(SIX, "tray")
    assert record.facts["suggestions"][0]["key"] == "B1"
    wrong = office.run(assign_document, document=record.key, what="concept-note-form/Z9", by=director(office))
    assert (wrong.name, "no such file is awaited" in wrong.message) == ("Refused", True)
    state = office.run(assign_document, document=record.key, what="1", by=director(office))
    assert state.message.startswith("B1 concept note: ")
    assert office.desk().record("concept-note", "B1").state == "received"
    again = office.run(reject_document, document=record.key, reason="No.", by=director(office))
    assert (again.name, "was assigned by" in again.message) == ("Refused", True)


def test_what_is_nobodys_answer_is_rejected(office_at: At) -> None:
    office = office_at(NOTES_COME_IN)
    offices.inbox().drop("holiday.docx", blank())
    office.run(receive_documents)
    (record,) = office.ledger.records(SIX, "tray")
    state = office.run(reject_document, document=record.key, reason="Nothing of ours.", by=director(office))
    assert state.message == f"holiday.docx: rejected by {director(office)}: Nothing of ours."
