"""Stage 1 on a real ledger with real Word files: invited, returned, accepted, numbered, compiled, decided."""

from __future__ import annotations

import datetime as dt

import pytest

from tasks import forum
from tasks.domain.errors import Conflict, Invalid, NotNow, Unknown
from tasks.domain.text import Heading, text_of
from tests.tasks.conftest import Opening
from tests.tasks.office_help import blocks_of


def test_nothing_happens_before_the_day(at: Opening):
    office = at("started")
    office.on("note-invitation", days=-1)
    assert office.advance("1.3") == []
    assert office.letters(None) == {}


def test_each_lead_gets_a_form_and_a_letter_in_its_language_and_nobody_else_does(at: Opening):
    office = at("invited")
    assert office.recipients("note-invitation") == [("spain", "es"), ("valdoria", "en")]
    assert office.letters().keys() == {"note-invitation/1.2", "note-invitation/1.3"}
    letter, form = office.letters()["note-invitation/1.2"], office.document("concept-note-form", "1.2", "es")
    assert letter.attachments == (form.sha256,)
    assert "27 de febrero de 2007" in letter.body
    assert "600" in letter.body
    assert letter.person is None
    identity = office.identity(form)
    assert (identity.kind, identity.key, identity.version, identity.language) == ("concept-note-form", "1.2", 1, "es")
    words = office.desk.words("es")
    headings = [text_of(block) for block in blocks_of(office, form) if isinstance(block, Heading)]
    assert headings == [words(f"sections.{key}") for key in office.edition.rules.note_sections]


def test_inviting_again_changes_nothing(at: Opening):
    office = at("invited")
    before = office.ledger.last_seq(office.name)
    assert office.advance("1.3") == []
    assert office.ledger.last_seq(office.name) == before


def test_a_note_that_is_too_long_goes_back_with_the_figures(at: Opening):
    office = at("invited")
    office.on("note-due")
    message = office.send_note("1.3", words=200)
    assert message.startswith("1.3 concept note: ")
    assert "words, the limit is 600; return it to valdoria to cut " in message
    record = office.record("concept-note", "1.3")
    over = record.facts["words"] - 600
    assert over > 0
    assert message.endswith(f"to cut {over:,}")
    assert (record.state, record.facts["attempt"]) == ("returned", 1)
    assert office.recipients("note-returned") == [("valdoria", "en")]
    letter = office.letters()["note-returned/1.3/1"]
    assert f"{record.facts['words']:,}" in letter.body
    assert f"{over}" in letter.body
    (arrival,) = office.ledger.arrivals(office.name)
    assert (arrival.outcome, arrival.message, arrival.file_name) == ("accepted", message, "note.docx")


def test_a_missing_part_is_named_in_the_leads_language(at: Opening):
    office = at("invited")
    message = office.send_note("1.2", leave_out=["questions"])
    assert "the part 'questions' is missing or empty" in message
    assert office.recipients("note-returned") == [("spain", "es")]
    assert office.desk.words("es")("sections.questions") in office.letters()["note-returned/1.2/1"].body


def test_the_letter_back_is_in_arabic_for_a_lead_who_reads_arabic(at: Opening):
    office = at("six")
    office.on("note-invitation")
    office.advance("A2")
    office.send_note("A2", words=120)
    assert office.recipients("note-returned") == [("qimma", "arabe")]
    letter = office.letters()["note-returned/A2/1"]
    assert letter.body.startswith("صاحب السعادة،")
    assert office.session("A2").title["arabe"] in letter.body + letter.subject


def test_a_second_better_note_is_taken_and_accepted_and_numbered(at: Opening):
    office = at("invited")
    office.send_note("1.3", words=200)
    assert "complete; it awaits the coordinator's decision" in office.send_note("1.3", words=100)
    assert office.record("concept-note", "1.3").facts["attempt"] == 2
    assert office.decide_note("1.3") == "1.3 concept note: accepted by R. De Clercq"
    assert office.advance("1.3") == ["1.3: numbered GFMD/2007/1.3/CN, to be tabled at fof-2"]
    note = office.document("concept-note", "1.3", "en")
    assert "GFMD/2007/1.3/CN" in office.text(note)
    assert office.recipients("note-accepted") == [("valdoria", "en")]
    assert office.letters()["note-accepted/1.3/1"].attachments == (note.sha256,)
    guidance = office.desk.words("en").strings("guidance.purpose")
    assert not any(line in office.text(note) for line in guidance)


def test_a_new_note_may_come_while_the_first_awaits_its_decision(at: Opening):
    office = at("invited")
    office.send_note("1.3")
    office.send_note("1.3", words=14)
    record = office.record("concept-note", "1.3")
    assert (record.state, record.facts["attempt"]) == ("received", 2)
    office.send_note("1.3", words=300)
    assert office.state("concept-note", "1.3") == "returned"


def test_the_coordinator_returns_it_with_a_reason_the_lead_reads(at: Opening):
    office = at("invited")
    office.send_note("1.3")
    office.decide_note("1.3", "return", "Please name the partners.")
    assert office.state("concept-note", "1.3") == "returned"
    assert office.recipients("note-returned") == [("valdoria", "en")]
    assert "Please name the partners." in office.letters()["note-returned/1.3/1/decision"].body


@pytest.mark.parametrize(
    "answer, reason, told", [("maybe", "", "'maybe' is no decision"), ("return", " ", "with a reason")]
)
def test_a_decision_that_is_none(at: Opening, answer: str, reason: str, told: str):
    office = at("invited")
    office.send_note("1.3")
    with pytest.raises(Invalid, match=told):
        office.decide_note("1.3", answer, reason)
    assert office.state("concept-note", "1.3") == "received"


@pytest.mark.parametrize("answer", ["accept", "return"])
def test_nothing_can_be_decided_on_a_note_that_did_not_come(at: Opening, answer: str):
    office = at("invited")
    with pytest.raises(NotNow, match=r"1\.3 concept note: is invited.*; awaiting one now: none$"):
        office.decide_note("1.3", answer, "because")
    with office.desk.change("another note came in") as change:
        change.move(office.record("concept-note", "1.1"), "received")
    with pytest.raises(NotNow, match=r"1\.3 concept note: is invited.*; awaiting one now: 1\.1$"):
        office.decide_note("1.3", answer, "because")
    assert office.ledger.decisions(office.name) == []
    assert office.recipients("note-returned") == []


def test_a_note_sent_back_for_its_length_is_not_sent_back_once_more(at: Opening):
    office = at("invited")
    office.send_note("1.3", words=200)
    with pytest.raises(NotNow):
        office.decide_note("1.3", "return", "because")


def test_a_session_without_team_has_no_note_to_decide(at: Opening):
    with pytest.raises(Unknown, match=r"3\.3: this session has no team"):
        at("started").decide_note("3.3")


def test_the_same_decision_again_is_the_first_answer(at: Opening):
    office = at("invited")
    office.send_note("1.3")
    office.decide_note("1.3")
    day, office.by = f"{office.today:%-d %B %Y}", "I. Omelaniuk"
    before = office.ledger.last_seq(office.name)
    assert office.decide_note("1.3") == f"1.3: already decided so by R. De Clercq on {day}; nothing changed"
    office.advance("1.3")
    seq = office.ledger.last_seq(office.name)
    assert "already decided so" in office.decide_note("1.3")
    assert office.ledger.last_seq(office.name) == seq > before
    assert len(office.ledger.decisions(office.name)) == 1


def test_another_decision_is_refused_with_who_what_and_when(at: Opening):
    office = at("invited")
    office.send_note("1.3")
    office.decide_note("1.3")
    office.by = "I. Omelaniuk"
    with pytest.raises(Conflict) as told:
        office.decide_note("1.3", "return", "too vague")
    for part in ("1.3", "accept", "R. De Clercq", f"{office.today:%-d %B %Y}", "correct"):
        assert part in str(told.value)
    assert office.state("concept-note", "1.3") == "accepted"


def test_a_file_based_on_an_older_form_is_refused(at: Opening):
    office = at("invited")
    form = office.document("concept-note-form", "1.3", "en")
    old = office.desk.stamp(office.store.get(form.sha256), "concept-note-form", "1.3", "1.3", "en", 0)
    with pytest.raises(NotNow, match=r"version 0 of the form for 1.3, version 1 is in use"):
        office.send(old)


def test_a_note_that_comes_after_its_acceptance_is_refused(at: Opening):
    office = at("tabled")
    with pytest.raises(NotNow, match="is tabled already"):
        office.send_note("1.3", words=13)


def test_notes_are_compiled_in_the_order_of_the_edition(at: Opening):
    office = at("invited")
    for session in ("1.3", "1.2"):
        office.send_note(session)
        office.decide_note(session)
        office.advance(session)
    assert [s for s in forum.due(office.desk) if s.name == "compile"] == []
    office.today = dt.date(2007, 3, 26)
    assert [(s.name, s.key) for s in forum.due(office.desk) if s.name == "compile"] == [("compile", "fof-2")]
    assert forum.compile_notes(office.desk, key="fof-2") == "fof-2: 2 concept notes compiled"
    assert {office.state("concept-note", key) for key in ("1.2", "1.3")} == {"tabled"}
    text = office.text(office.document("compilation", "fof-2", "en"))
    assert text.index("GFMD/2007/1.2/CN") < text.index("GFMD/2007/1.3/CN")
    assert [s for s in forum.due(office.desk) if s.name == "compile"] == []


def test_the_outcome_of_the_meeting_is_recorded_with_who_joined(at: Opening):
    office = at("tabled")
    assert office.outcome("1.3", "supported", ["norvania"]) == "1.3: supported at fof-2; joined: norvania"
    record = office.record("concept-note", "1.3")
    assert (record.state, record.facts["joined"]) == ("adopted", ["norvania"])
    assert "already decided so" in office.outcome("1.3", "supported", ["norvania", "norvania"])
    with pytest.raises(Conflict, match="supported"):
        office.outcome("1.3", "withdrawn")


@pytest.mark.parametrize(
    "outcome, joined, told",
    [("liked", [], "'liked' is no outcome"), ("supported", ["atlantis"], "'atlantis' is no body")],
)
def test_an_outcome_or_body_nobody_knows_is_refused(at: Opening, outcome: str, joined: list[str], told: str):
    with pytest.raises(Unknown, match=told):
        at("tabled").outcome("1.3", outcome, joined)


def test_no_outcome_before_a_meeting_has_the_note(at: Opening):
    office = at("invited")
    with pytest.raises(NotNow, match="no meeting has it before it yet"):
        office.outcome("1.3", "supported")
    office.send_note("1.3")
    office.decide_note("1.3")
    office.advance("1.3")
    for outcome in ("supported", "sent-back", "withdrawn"):
        with pytest.raises(NotNow):
            office.outcome("1.3", outcome, reason="r")


def test_a_note_the_meeting_sent_back_comes_before_the_next_one(at: Opening):
    office = at("tabled")
    office.outcome("1.3", "sent-back", reason="Ask two questions only.")
    assert "Ask two questions only." in office.letters()["note-returned/1.3/1/fof-2"].body
    office.send_note("1.3", words=15)
    with pytest.raises(Conflict, match=r"sent-back by R. De Clercq"):
        office.outcome("1.3", "withdrawn")
    office.decide_note("1.3")
    assert office.advance("1.3") == ["1.3: numbered GFMD/2007/1.3/CN, to be tabled at fof-3"]
    assert office.statuses("concept-note", "1.3") == [("en", 1, "superseded"), ("en", 2, "current")]
    forum.compile_notes(office.desk, key="fof-3")
    office.outcome("1.3", "supported")
    assert office.state("concept-note", "1.3") == "adopted"
    assert {d.key for d in office.ledger.decisions(office.name)} == {
        "note/1.3/1",
        "note/1.3/2",
        "outcome/1.3/fof-2",
        "outcome/1.3/fof-3",
    }


def test_a_note_can_come_before_the_same_meeting_twice(at: Opening):
    """The meeting's second day, or a late note when no other meeting is left."""
    office = at("tabled")
    office.today = dt.date(2007, 3, 27)
    office.outcome("1.3", "sent-back", reason="shorter")
    office.send_note("1.3", words=15)
    office.decide_note("1.3")
    office.advance("1.3")
    forum.compile_notes(office.desk, key="fof-2")
    office.outcome("1.3", "supported", ["norvania"])
    assert "already decided so" in office.outcome("1.3", "supported", ["norvania"])
    assert office.state("concept-note", "1.3") == "adopted"


def test_a_correction_lists_what_followed_and_it_is_done_again(at: Opening):
    office = at("writing")
    office.by = "I. Omelaniuk"
    told = office.outcome("1.3", "supported", [], reason="Norvania did not join.", correct="outcome/1.3/fof-2")
    first, *undone = told.splitlines()
    assert first == "1.3: supported at fof-2; joined: none"
    assert set(undone) == {
        "1.3 concept note: adopted back to tabled",
        "1.3 background paper: writing back to planned",
        "1.3-paper-skeleton-v1-en.docx is superseded",
        "letter paper-invitation/1.3 is cancelled",
        "1.3/call-for-input is open again",
    }
    assert office.record("concept-note", "1.3").facts["joined"] == []
    assert office.state("background-paper", "1.3") == "planned"
    assert office.advance("1.3") == ["1.3: skeleton for bangladesh"]
    assert office.recipients("paper-invitation") == [("bangladesh", "en")]
    assert office.letters().keys() >= {"paper-invitation/1.3~2"}
    skeleton = office.document("paper-skeleton", "1.3", "en")
    assert skeleton.number == 2
    assert "Norvania" not in office.text(skeleton)
    numbers = [
        (d.number, d.current, d.decided_by) for d in office.ledger.decisions(office.name, key="outcome/1.3/fof-2")
    ]
    assert numbers == [(1, False, "R. De Clercq"), (2, True, "I. Omelaniuk")]


def test_a_corrected_acceptance_takes_the_number_back(at: Opening):
    office = at("invited")
    office.send_note("1.3")
    office.decide_note("1.3")
    office.advance("1.3")
    told = office.decide_note("1.3", "return", "Wrong file.", correct="note/1.3/1").splitlines()
    assert "1.3 concept note: numbered back to received" in told
    assert "letter note-accepted/1.3/1 is cancelled" in told
    assert office.state("concept-note", "1.3") == "returned"
    assert "symbol" not in office.record("concept-note", "1.3").facts
    assert office.recipients("note-accepted") == []
    assert office.recipients("note-returned") == [("valdoria", "en")]


def test_notes_are_counted_on_after_a_correction_that_took_some_back(at: Opening):
    office = at("invited")
    office.on("note-due")
    office.send_note("1.3")
    office.decide_note("1.3", "return", "Too thin.")
    office.send_note("1.3", words=30)
    office.decide_note("1.3", "return", "Two tables are missing.", correct="note/1.3/1")
    office.send_note("1.3", words=40)
    assert office.record("concept-note", "1.3").facts["attempt"] == 3
    assert office.decide_note("1.3").startswith("1.3 concept note: accepted")


def test_a_correction_needs_a_reason_and_a_decision(at: Opening):
    office = at("writing")
    with pytest.raises(Invalid, match="needs a reason"):
        office.outcome("1.3", "withdrawn", reason=" ", correct="outcome/1.3/fof-2")
    with pytest.raises(Unknown, match="no such decision"):
        office.outcome("1.3", "withdrawn", reason="r", correct="outcome/1.3/fof-9")
    assert office.state("background-paper", "1.3") == "writing"
