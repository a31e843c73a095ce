"""Stage 3 on a real ledger: invitations, answers, replacements, a panel that is complete and opens again."""

from __future__ import annotations

import pytest

from tasks import forum
from tasks.domain.edition import text_in
from tasks.domain.errors import Conflict, Invalid, NotNow, Unknown
from tests.tasks.conftest import Opening
from tests.tasks.office_help import Office

SEATS = ["1.3-chair", "1.3-panellist-1", "1.3-panellist-2", "1.3-panellist-3", "1.3-discussant-1", "1.3-rapporteur"]


def confirm_all(office: Office, but: str = "") -> Office:
    for seat in SEATS:
        if seat != but:
            office.answer("1.3", seat)
    return office


def test_each_person_is_invited_in_their_language_and_nobody_else(at: Opening):
    office = at("seated")
    people = [office.edition.person(seat.person or "") for seat in office.session("1.3").seats]
    assert office.recipients("panel-invitation") == sorted((person.id, person.language) for person in people)
    assert office.letters().keys() == {f"panel-invitation/{seat}/1" for seat in SEATS} | {"note-invitation/1.3"}
    for seat in office.session("1.3").seats:
        letter = office.letters()[f"panel-invitation/{seat.id}/1"]
        (word,) = office.ledger.documents(office.name, kind="invitation", key=seat.id)
        assert letter.attachments == (word.sha256,)
        assert letter.person == seat.person
        text, person = office.text(word), office.edition.person(seat.person or "")
        signatory = office.edition.coordinator_of(office.session("1.3"))
        for printed in (letter.subject, *(text_in(t, person.language) for t in (person.position, signatory.title))):
            assert printed in text
    assert office.advance("1.3") == []


def test_the_panel_is_complete_with_a_list_in_every_language(at: Opening):
    office = confirm_all(at("seated"))
    assert office.advance("1.3") == ["1.3: panel complete, list in 4 languages"]
    assert {(lang, status) for lang, _, status in office.statuses("panel-list", "1.3")} == {
        (language, "current") for language in ("en", "fr", "nl", "es")
    }
    text = office.text(office.document("panel-list", "1.3", "fr"))
    for seat in office.session("1.3").seats:
        person = office.edition.person(seat.person or "")
        assert person.name in text
        for printed in (person.position, person.organisation):
            assert text_in(printed, "fr") in text
    assert office.desk.words("fr")("balance.heading") in text
    assert office.advance("1.3") == []


def test_who_declines_is_replaced_and_the_replacement_invited(at: Opening):
    office = at("seated")
    told = office.answer("1.3", "1.3-chair", "declined", "ada-example", "Other duties.")
    assert told == "1.3-chair: hamidur-rashid declined, ada-example is asked next"
    assert [row.key for row in office.letters("cancelled").values()] == ["panel-invitation/1.3-chair/1"]
    record = office.record("seat", "1.3-chair")
    assert (record.state, record.facts["person"], record.facts["reason"]) == (
        "nominated",
        "ada-example",
        "Other duties.",
    )
    assert office.advance("1.3") == ["1.3-chair: invitation to ada-example in en"]
    assert ("ada-example", "en") in office.recipients("panel-invitation")
    assert ("hamidur-rashid", "en") not in office.recipients("panel-invitation")
    office.answer("1.3", "1.3-chair")
    assert office.record("seat", "1.3-chair").facts["person"] == "ada-example"


@pytest.mark.parametrize("swept", [False, True])
def test_the_same_refusal_again_is_no_refusal_of_the_replacement(at: Opening, swept: bool):
    office = at("seated")
    office.answer("1.3", "1.3-chair", "declined", "ada-example")
    if swept:
        office.advance("1.3")
    state = office.record("seat", "1.3-chair")
    assert "already decided so by R. De Clercq" in office.answer("1.3", "1.3-chair", "declined", "ada-example")
    assert office.record("seat", "1.3-chair") == state


def test_who_declines_without_a_replacement_leaves_the_seat_to_the_coordinator(at: Opening):
    office = at("seated")
    office.answer("1.3", "1.3-chair", "declined")
    assert office.advance("1.3") == []
    assert office.answer("1.3", "1.3-chair", "nominated", "bruno-muster") == (
        "1.3-chair: hamidur-rashid nominated, bruno-muster is asked next"
    )
    assert office.advance("1.3") == ["1.3-chair: invitation to bruno-muster in fr"]
    assert office.letters().keys() >= {"panel-invitation/1.3-chair/2"}


def test_a_withdrawal_opens_the_panel_again_and_the_next_list_is_another(at: Opening):
    office = confirm_all(at("seated"))
    office.advance("1.3")
    office.answer("1.3", "1.3-chair", "withdrawn", "ada-example", "A new post.")
    done = office.advance("1.3")
    assert set(done) == {"1.3-chair: invitation to ada-example in en", "1.3: panel open again"}
    assert {status for _, _, status in office.statuses("panel-list", "1.3")} == {"superseded"}
    assert office.state("panel", "1.3") == "incomplete"
    office.answer("1.3", "1.3-chair")
    assert office.advance("1.3") == ["1.3: panel complete, list in 4 languages"]
    assert office.statuses("panel-list", "1.3") == [
        (language, number, "current" if number == 2 else "superseded")
        for language in ("en", "es", "fr", "nl")
        for number in (1, 2)
    ]
    text = office.text(office.document("panel-list", "1.3", "en"))
    assert "Ada Example" in text
    assert office.edition.person("hamidur-rashid").name not in text


@pytest.mark.parametrize(
    "seat, reply, replacement, told",
    [
        ("1.3-chari", "confirmed", None, "session 1.3 has no such seat; it has 1.3-chair"),
        ("2.1-chair", "confirmed", None, "session 1.3 has no such seat"),
        ("1.3-chair", "declined", "nobody-known", "'nobody-known' is no person of this edition"),
    ],
)
def test_an_unknown_seat_or_person_is_refused(at: Opening, seat: str, reply: str, replacement: str | None, told: str):
    office = at("seated")
    with pytest.raises(Unknown, match=told):
        office.answer("1.3", seat, reply, replacement)
    assert office.ledger.decisions(office.name) == []


@pytest.mark.parametrize("reply, told", [("perhaps", "'perhaps' is no answer"), ("nominated", "name the person")])
def test_an_answer_that_is_none(at: Opening, reply: str, told: str):
    with pytest.raises(Invalid, match=told):
        at("seated").answer("1.3", "1.3-chair", reply)


@pytest.mark.parametrize(
    "moment, reply, replacement",
    [
        ("started", "confirmed", None),
        ("started", "declined", None),
        ("started", "withdrawn", None),
        ("seated", "withdrawn", None),
        ("seated", "nominated", "ada-example"),
    ],
)
def test_an_answer_in_a_state_it_does_not_fit(at: Opening, moment: str, reply: str, replacement: str | None):
    office = at(moment)
    before = office.record("seat", "1.3-chair")
    with pytest.raises(NotNow, match=r"1.3-chair seat: is .*possible now: "):
        office.answer("1.3", "1.3-chair", reply, replacement)
    assert office.record("seat", "1.3-chair") == before
    assert office.ledger.decisions(office.name) == []


def test_an_answer_once_given_stands(at: Opening):
    office = at("seated")
    office.answer("1.3", "1.3-chair")
    office.by = "I. Omelaniuk"
    assert "already decided so by R. De Clercq" in office.answer("1.3", "1.3-chair")
    with pytest.raises(Conflict, match=r"confirmed.*by R. De Clercq"):
        office.answer("1.3", "1.3-chair", "declined")


def test_a_corrected_answer_takes_the_seat_back_and_the_invitation_of_the_next(at: Opening):
    office = at("seated")
    office.answer("1.3", "1.3-chair", "declined", "ada-example")
    office.advance("1.3")
    invitation = office.document("invitation", "1.3-chair", "en", party="ada-example")
    told = office.answer("1.3", "1.3-chair", "confirmed", reason="It was another seat.", correct="seat/1.3-chair/1")
    assert set(told.splitlines()[1:]) == {
        "1.3-chair seat: invited back to invited",
        "letter panel-invitation/1.3-chair/2 is cancelled",
        f"{invitation.name} is superseded",
    }
    record = office.record("seat", "1.3-chair")
    assert (record.state, record.facts["person"], record.facts["invitation"]) == ("confirmed", "hamidur-rashid", 1)
    assert ("ada-example", "en") not in office.recipients("panel-invitation")


def test_a_corrected_confirmation_opens_a_complete_panel(at: Opening):
    office = confirm_all(at("seated"))
    office.advance("1.3")
    office.answer("1.3", "1.3-chair", "declined", reason="Misread.", correct="seat/1.3-chair/1")
    assert office.advance("1.3") == ["1.3: panel open again"]


def test_the_annex_is_issued_when_every_panel_is_complete_and_again_when_one_changes(at: Opening):
    office = at("six")
    office.on("panel-invitation")
    assert forum.due(office.desk) == []
    desk = office.desk
    with desk.change("a shortcut: everybody has confirmed") as change:
        for record in office.ledger.records(office.name):
            if record.kind == "panel" or (record.kind == "seat" and record.state == "nominated"):
                change.move(record, "complete" if record.kind == "panel" else "confirmed")
    assert [step.name for step in forum.due(office.desk)] == ["annex"]
    assert forum.annex(office.desk, key="panellists-by-region") == "panellists-by-region: issued in 6 languages"
    assert forum.due(office.desk) == []
    text = office.text(office.document("panellists-by-region", "panellists", "russe"))
    assert "Ледникова" in text
    desk = office.desk
    with desk.change("another person took the seat") as change:
        change.move(desk.record("seat", "A1_reponse"), "confirmed", person="timur-perevalov")
    assert [step.name for step in forum.due(office.desk)] == ["annex"]
    with desk.change("a panel is open again") as change:
        change.move(desk.record("panel", "A1"), "incomplete")
    assert forum.due(office.desk) == []
