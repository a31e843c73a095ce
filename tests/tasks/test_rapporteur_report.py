"""Stage 5 on a real ledger: templates, summary, report, sentences to clear, actions in the register."""

from __future__ import annotations

import pytest

from tasks import forum, rapporteur_report
from tasks.domain.errors import Conflict, Invalid, NotNow, Unknown
from tests.tasks.conftest import Opening
from tests.tasks.office_help import Office

POINT = "gfmd-2"


def action(
    office: Office, number: str = "1", lead: str = "bangladesh", issue: str = "gender", title: str = "Act"
) -> list[str]:
    """A row of the table of actions, names as the edition has them."""
    edition = office.edition
    issues = {entry.id: entry.title["en"] for entry in edition.horizontal.issues} if edition.horizontal else {}
    return [number, title, edition.body(lead).names["en"], "Anybody", edition.event(POINT).names["en"], issues[issue]]


def test_rapporteur_and_note_takers_get_their_templates_and_nobody_else(at: Opening):
    office = at("reporting")
    takers = office.edition.roundtable("1").note_takers
    expected = sorted((taker, office.edition.person(taker).language) for taker in takers)
    assert office.recipients("note-taker-template") == expected
    assert office.recipients("rapporteur-template") == [("erika-beispiel", "en")]
    summary, report = (office.document(f"{kind}-template", "1.3", "en") for kind in ("summary", "report"))
    assert office.letters()["rapporteur-template/1.3"].attachments == (summary.sha256, report.sha256)
    assert [office.identity(row).kind for row in (summary, report)] == ["summary", "report"]
    text = office.text(report)
    for seat in office.session("1.3").seats:
        assert office.edition.person(seat.person or "").name in text


def test_a_complete_summary_is_issued_at_once(at: Opening):
    office = at("reporting")
    assert "words, complete" in office.send_report("1.3", "summary")
    assert office.advance("1.3") == ["1.3: summary issued"]
    assert office.statuses("summary", "1.3") == [("en", 1, "current")]
    with pytest.raises(NotNow, match=r"no summary of 1\.3 is awaited, it is issued"):
        office.send_report("1.3", "summary", words=9)


def test_a_summary_that_may_say_who_spoke_is_held_until_the_coordinator_decides(at: Opening):
    office = at("reporting")
    message = office.send_report("1.3", "summary", first=SAID)
    assert message.endswith("; 1 sentence to clear (Chatham House Rule)")
    assert office.advance("1.3") == []
    with pytest.raises(Invalid, match=r"1\.3 summary: 1 sentence may say who said something; return the summary"):
        office.decide_report("1.3", kind="summary")
    with pytest.raises(NotNow, match=r"1\.3 report: is prepared"):
        office.decide_report("1.3", "return", reason="because")
    office.decide_report("1.3", "return", reason="Say what, not who.", kind="summary")
    assert office.state("summary", "1.3") == "returned"
    assert "Say what, not who." in office.letters()["report-returned/summary/1.3/1/decision"].body
    office.send_report("1.3", "summary", first=SAID)
    assert office.decide_report("1.3", cleared=True, kind="summary") == f"1.3 summary: accepted by {office.by}"
    assert office.advance("1.3") == ["1.3: summary issued"]
    assert office.statuses("summary", "1.3") == [("en", 1, "current")]


@pytest.mark.parametrize("kind", ["summary", "report"])
def test_a_missing_part_is_named(at: Opening, kind: str):
    office = at("reporting")
    sections = office.edition.rules.summary_sections if kind == "summary" else office.session("1.3").report_parts
    message = office.send_report("1.3", kind, leave_out=[sections[1]])
    assert message == f"1.3 {kind}: the part {sections[1]!r} is missing or empty"
    record = office.record(kind, "1.3")
    assert (record.state, record.facts["attempt"]) == ("prepared", 1)
    assert office.recipients("report-returned") == [("erika-beispiel", "en")]
    letter = office.letters()[f"report-returned/{kind}/1.3/1"]
    assert office.desk.words("en")(f"sections.{sections[1]}") in letter.body
    assert office.advance("1.3") == []


@pytest.mark.parametrize("kind, words, limit", [("summary", 130, "350"), ("report", 800, "3,000")])
def test_over_the_limit_it_goes_back_with_the_figures(at: Opening, kind: str, words: int, limit: str):
    office = at("reporting")
    message = office.send_report("1.3", kind, words=words)
    assert f"words, the limit is {limit}; return it to erika-beispiel to cut" in message
    assert limit in office.letters()[f"report-returned/{kind}/1.3/1"].body


SAID = "Bangladesh said that fees are too high."


def test_sentences_that_say_who_said_something_are_cleared_or_go_back(at: Opening):
    office = at("reporting")
    message = office.send_report("1.3", first=SAID)
    assert message.endswith("; 1 sentence to clear (Chatham House Rule)")
    assert office.record("report", "1.3").facts["attributions"] == [SAID]
    with pytest.raises(Invalid) as told:
        office.decide_report("1.3")
    assert SAID in str(told.value)
    assert "--cleared" in str(told.value)
    assert office.state("report", "1.3") == "received"
    office.decide_report("1.3", cleared=True)
    decision = office.ledger.decision(office.name, "report/1.3/1")
    assert decision is not None
    assert decision.answer == {"decision": "accept", "cleared": 1}
    assert office.advance("1.3")[-1] == "1.3: report issued, 0 proposed actions registered"


def test_a_report_sent_back_comes_again(at: Opening):
    office = at("reporting")
    office.send_report("1.3", first=SAID)
    office.decide_report("1.3", "return", reason="Say what was said, not who.")
    assert office.recipients("report-returned") == [("erika-beispiel", "en")]
    assert "Say what was said, not who." in office.letters()["report-returned/report/1.3/1/decision"].body
    assert office.send_report("1.3", words=9).endswith("words, complete")
    assert office.record("report", "1.3").facts["attributions"] == []
    office.decide_report("1.3")
    assert office.state("report", "1.3") == "accepted"


def test_proposed_actions_come_into_the_register(at: Opening):
    office = at("reporting")
    office.send_report("1.3", actions=[action(office, "1.3-1"), action(office, "", lead="canada", issue="root-causes")])
    office.decide_report("1.3")
    assert office.advance("1.3") == ["1.3: report issued, 2 proposed actions registered"]
    report = office.document("report", "1.3", "en")
    rows = office.ledger.actions(office.name)
    assert [(a.id, a.leads, a.reporting_point, a.horizontal, a.source_document) for a in rows] == [
        ("1.3-1", ("bangladesh",), "gfmd-2", ("gender",), report.id),
        ("1.3-2", ("canada",), "gfmd-2", ("root-causes",), report.id),
    ]
    assert "GFMD/2007/1.3/R" in office.text(report)


def test_numbers_that_others_use_too_stand_in_nobodys_way(at: Opening):
    office = at("reporting")
    desk = office.desk
    with desk.change("an action of another session") as change:
        change.add_action("1", title="Elsewhere", session="1.1")
    office.send_report(
        "1.3", actions=[action(office, "1"), action(office, "1", title="Act too"), action(office, "1.3-1")]
    )
    office.decide_report("1.3")
    office.advance("1.3")
    assert office.state("report", "1.3") == "issued"
    ids = [a.id for a in office.ledger.actions(office.name, session="1.3")]
    assert len(ids) == len(set(ids)) == 3
    assert all(id.startswith("1.3-1") for id in ids)


@pytest.mark.parametrize("column, reason", [(2, "unknown_body"), (4, "unknown_point"), (5, "unknown_issue")])
def test_a_name_in_the_table_that_nobody_knows_goes_back(at: Opening, column: int, reason: str):
    office = at("reporting")
    row = action(office)
    row[column] = "Atlantis"
    message = office.send_report("1.3", actions=[row])
    assert "Atlantis" in message
    assert office.state("report", "1.3") == "prepared"
    letter = office.letters()["report-returned/report/1.3/1"]
    assert office.desk.words("en")(f"reasons.{reason}", detail="Atlantis") in letter.body
    assert office.ledger.actions(office.name) == []


@pytest.mark.parametrize(
    "actions, reason, detail",
    [
        ([], "actions_missing", ""),
        ([[""] * 6], "actions_empty", ""),
        ([["1", "", "Bangladesh", "", "", ""]], "actions_row", "1 | Bangladesh"),
    ],
)
def test_a_report_whose_actions_cannot_be_read_goes_back_with_the_reason(
    at: Opening, actions: list[list[str]], reason: str, detail: str
):
    office = at("reporting")
    message = office.send_report("1.3", actions=actions)
    assert message == f"1.3 report: {reason.replace('_', ' ')}" + (f": {detail}" if detail else "")
    assert office.state("report", "1.3") == "prepared"
    letter = office.letters()["report-returned/report/1.3/1"]
    assert office.desk.words("en")(f"reasons.{reason}", detail=detail) in letter.body


def test_a_corrected_acceptance_takes_the_actions_out_again(at: Opening):
    office = at("reporting")
    office.send_report("1.3", actions=[action(office, "1.3-1")])
    office.decide_report("1.3")
    office.advance("1.3")
    told = office.decide_report("1.3", "return", reason="Wrong table.", correct="report/1.3/1").splitlines()
    assert "action 1.3-1 is taken out of the register" in told
    assert "1.3 report: issued back to received" in told
    assert office.ledger.actions(office.name) == []
    assert office.state("report", "1.3") == "returned"
    office.send_report("1.3", actions=[action(office, "1.3-7")])
    office.decide_report("1.3")
    office.advance("1.3")
    assert [a.id for a in office.ledger.actions(office.name)] == ["1.3-7"]
    assert office.statuses("report", "1.3") == [("en", 1, "superseded"), ("en", 2, "current")]


def test_decisions_on_reports(at: Opening):
    office = at("reporting")
    with pytest.raises(NotNow, match=r"1.3 report: is prepared, no report awaits a decision; awaiting one now: none"):
        office.decide_report("1.3", "return", reason="because")
    office.send_report("1.3")
    with pytest.raises(Invalid, match="'keep' is no decision"):
        office.decide_report("1.3", "keep")
    with pytest.raises(Invalid, match="with a reason"):
        office.decide_report("1.3", "return")
    with pytest.raises(Unknown, match=r"3\.3: this session has no report"):
        office.decide_report("3.3")
    office.decide_report("1.3")
    assert "already decided so" in office.decide_report("1.3")
    with pytest.raises(Conflict, match=r"accept.*R. De Clercq"):
        office.decide_report("1.3", "return", reason="because")


def test_a_file_from_an_older_template_is_refused(at: Opening):
    office = at("reporting")
    row = office.document("report-template", "1.3", "en")
    old = office.desk.stamp(office.store.get(row.sha256), "report", "1.3", "1.3", "en", 7)
    with pytest.raises(NotNow, match=r"version 7 of the template for 1.3, version 1 is in use"):
        office.send(old)


def test_the_general_rapporteur_gets_all_summaries_of_the_roundtable_when_all_are_there(at: Opening):
    office = at("six")
    office.stages = (rapporteur_report,)
    office.on("report-templates")
    for session in ("A1", "A2", "A3"):
        assert "hand_over" not in [step.name for step in forum.due(office.desk)]
        office.advance(session)
        office.send_report(session, "summary")
        office.advance(session)
    assert [step.name for step in forum.due(office.desk)] == ["hand_over"]
    forum.hand_over(office.desk, key="A")
    assert office.recipients("summaries-for-general-rapporteur") == [("salma-nabaa", "arabe")]
    summaries = [office.document("summary", session, "francais").sha256 for session in ("A1", "A2", "A3")]
    assert office.letters()["summaries/A"].attachments == tuple(summaries)
    assert forum.due(office.desk) == []
