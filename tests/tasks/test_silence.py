"""The silence ledger of a real office, and the silence procedure of an edition that opted in."""

from __future__ import annotations

import datetime as dt
import hashlib
import io

import docx
import pytest

from tasks import background_paper, silence
from tasks.domain.edition import SilenceProcedure
from tests.tasks.conftest import Opening
from tests.tasks.office_help import Office

BODIES = {
    "canada", "ferme", "guatemala", "iom", "manpower-resources-of-asia", "norvania", "uc-davis", "united-states",
    "valdoria",
}  # fmt: skip


def standing(office: Office) -> dict[str, str]:
    return {line.body: line.how for line in silence.lines_of(office.desk, office.session("1.3"))}


def opted_in(office: Office, days: int = 3) -> Office:
    """The same office, of an edition with a silence procedure on the first draft, ended at 09:00 in Brussels."""
    procedure = SilenceProcedure(rounds=[1], days=days, at="09:00", zone="Europe/Brussels")
    rules = office.edition.rules.model_copy(update={"silence_procedure": procedure})
    office._edition = office.edition.model_copy(update={"rules": rules})
    return office


def test_every_body_and_how_it_stands(at: Opening) -> None:
    office = at("circulated")
    assert standing(office) == dict.fromkeys(BODIES, "not_sent")
    office.send_comments("1.3", "iom")
    background_paper.nil_return(office.desk, office.session("1.3"), "1.3", "canada")
    office.today = dt.date.fromisoformat(office.record("background-paper", "1.3").facts["until"]) + dt.timedelta(days=1)
    office.advance("1.3")
    office.send_comments("1.3", "valdoria", version=1)
    expected = dict.fromkeys(BODIES, "silent") | {"iom": "answered", "canada": "nil", "valdoria": "answered_late"}
    assert standing(office) == expected
    answered = {line.body: line.answered for line in silence.lines_of(office.desk) if line.answered}
    assert answered.keys() == {"iom", "canada", "valdoria"}
    assert answered["valdoria"] == office.today


@pytest.mark.parametrize("language", ["en", "fr", "nl", "es"])
def test_the_status_table_is_a_word_document_in_every_language(at: Opening, language: str) -> None:
    office = at("circulated")
    office.send_comments("1.3", "iom")
    data = silence.status_document(office.desk, language, office.session("1.3"))
    (table,) = docx.Document(io.BytesIO(data)).tables[-1:]
    words = office.desk.words(language)
    rows = {row.cells[0].text: row.cells[3].text for row in table.rows[1:]}
    assert rows == {
        office.edition.body(body).names[language]: words("silence.answered" if body == "iom" else "silence.not_sent")
        for body in BODIES
    }


def test_without_opting_in_silence_is_never_approval(at: Opening) -> None:
    office = at("circulated")
    office.today += dt.timedelta(days=60)
    assert not silence.due(office.desk)
    assert silence.advance(office.desk) == []
    assert office.ledger.records(office.name, "silence") == []
    assert office.recipients("silence-result") == []


def test_a_draft_nobody_objects_to_counts_as_agreed_after_the_instant_and_everybody_is_told(at: Opening) -> None:
    office = opted_in(at("circulated"))
    assert silence.due(office.desk)
    (told,) = silence.advance(office.desk)
    assert told.startswith("1.3: draft 1 counts as agreed unless somebody objects until ")
    assert silence.advance(office.desk) == []
    (record,) = office.ledger.records(office.name, "silence")
    end = dt.datetime.fromisoformat(record.facts["expires_at"])
    assert (end - dt.timedelta(seconds=1)).hour < end.hour == 7  # nine in the summer of Brussels
    background_paper.nil_return(
        office.desk, office.session("1.3"), "1.3", "canada"
    )  # to have no comments breaks nothing
    office.today = end.date() - dt.timedelta(days=1)
    assert silence.advance(office.desk) == []
    office.today = end.date()
    (told,) = silence.advance(office.desk)
    assert told == "1.3: silence on draft 1: nobody objected; the draft is agreed; 10 parties are told"
    assert {party for party, _ in office.recipients("silence-result")} == {*BODIES, "bangladesh"}
    letter = office.letters()["silence-result/1.3/1/ferme"]
    assert letter.language == "fr"
    assert office.desk.words("fr")("silence.result_expired") in letter.body
    assert f"{office.desk.day(end.date(), 'fr')}, 09:00 (Bruxelles)" in letter.body
    before = office.ledger.snapshot(office.name)
    assert silence.advance(office.desk) == []
    office.send_comments("1.3", "iom")  # too late to break it
    assert silence.advance(office.desk) == []
    assert office.state("silence", "1.3|1") == "expired"
    assert before != office.ledger.snapshot(office.name)


def test_an_answer_with_a_text_breaks_the_silence_and_the_result_is_told_at_once(at: Opening) -> None:
    office = opted_in(at("circulated"))
    silence.advance(office.desk)
    office.send_comments("1.3", "iom")
    office.send_comments("1.3", "canada")
    assert silence.due(office.desk)
    (told,) = silence.advance(office.desk)
    assert told.startswith("1.3: silence on draft 1: broken by iom on ")
    record = office.record("silence", "1.3|1")
    assert (record.state, record.facts["by"]) == ("broken", "iom")
    body = office.letters()["silence-result/1.3/1/bangladesh"].body
    assert office.edition.body("iom").names["en"] in body and "does not count as agreed" in body


def test_a_second_file_does_not_move_the_moment_of_the_first(at: Opening) -> None:
    office = opted_in(at("circulated"))
    silence.advance(office.desk)
    end = dt.datetime.fromisoformat(office.record("silence", "1.3|1").facts["expires_at"])
    office.send_comments("1.3", "iom")
    first = office.record("comments", "1.3|1|iom").facts
    office.today = end.date()
    office.send_comments("1.3", "iom", mark="other")
    second = office.record("comments", "1.3|1|iom").facts
    assert second["first_at"] == first["first_at"] and second["file"] != first["file"]
    (told,) = silence.advance(office.desk)
    assert "broken by iom" in told
    assert hashlib.sha256(office.store.get(second["file"])).hexdigest() == second["file"]
