"""Stage 5 on a real ledger: templates, summary, report, sentences to clear, actions in the register."""

from __future__ import annotations

import pytest

from tasks import forum, panel, rapporteur_report
from tasks.adapters.word import reader
from tasks.adapters.word.ooxml import val, w
from tasks.adapters.word.opc import unpack
from tasks.domain.errors import Conflict, Invalid, NotNow, Unknown
from tasks.domain.text import Heading, Table, Text, text_of
from tests.tasks.conftest import Opening
from tests.tasks.office_help import Office, blocks_of

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


@pytest.fixture
def asked(at: Opening) -> Office:
    """1.2 has a note in Spanish, its panel has confirmed, its rapporteur the templates."""
    office = at("invited")
    office.on("note-due")
    office.send_note("1.2")
    office.decide_note("1.2")
    office.advance("1.2")
    office.stages = (panel, rapporteur_report)
    office.on("panel-invitation")
    office.advance("1.2")
    for seat in office.session("1.2").seats:
        office.answer("1.2", seat.id)
    office.on("report-templates")
    office.advance("1.2")
    return office


def test_both_templates_ask_the_questions_of_the_note_in_the_language_of_the_note(asked: Office):
    question = next(
        text for text in asked.text(asked.document("concept-note", "1.2", "es")).splitlines() if "word2" in text
    )
    for kind in ("note-taker-template", "report-template"):
        row = asked.document(kind, "1.2", "en")
        assert question in asked.text(row)
        docx = unpack(asked.store.get(row.sha256))
        marked = {
            "".join(text.text or "" for text in paragraph.iter(w("t"))): {
                val(mark) for mark in paragraph.iter(w("lang"))
            }
            for paragraph in docx.tree(docx.main).iter(w("p"))
        }
        assert [text for text, tags in marked.items() if tags] == [question]
        assert marked[question] == {"es-ES"}
    assert question not in asked.text(asked.document("summary-template", "1.2", "en"))


def test_the_questions_that_stay_in_a_report_are_neither_counted_nor_issued(asked: Office):
    blocks = blocks_of(asked, asked.document("report-template", "1.2", "en"))
    first = next(index for index, block in enumerate(blocks) if isinstance(block, Heading))
    assert first == 2
    filled = asked.written("en", asked.session("1.2").report_parts, words=9)
    table = Table(tuple(tuple((Text(cell),) for cell in cells) for cells in [["a"] * 6, action(asked)]))
    template = asked.document("report-template", "1.2", "en")
    asked.send(asked.filled(template, [*blocks[:first], *filled, table]))
    words = asked.record("report", "1.2").facts["words"]
    with_questions = sum(reader.words(text_of(block)) for block in [*blocks[:first], *filled, table])
    assert words == with_questions - sum(reader.words(text_of(block)) for block in blocks[:first])
    asked.decide_report("1.2")
    asked.advance("1.2")
    issued = blocks_of(asked, asked.document("report", "1.2", "en"))
    assert isinstance(issued[0], Heading)


def test_templates_that_nobody_returned_are_made_anew_when_the_panel_has_changed(at: Opening):
    office = at("reporting")
    office.send_report("1.3", "summary")
    seat = next(s for s in office.session("1.3").seats if s.person and not office.edition.role(s.role).reports)
    new = next(
        person for person in office.edition.people if person.id not in {s.person for s in office.session("1.3").seats}
    )
    office.answer("1.3", seat.id, "withdrawn", new.id, "ill")
    assert not [line for line in office.advance("1.3") if "template" in line]
    office.answer("1.3", seat.id)
    done = [line for line in office.advance("1.3") if "template" in line]
    assert done == ["1.3: report templates with the panel as it is now"]
    assert office.statuses("report-template", "1.3") == [("en", 1, "superseded"), ("en", 2, "current")]
    assert office.statuses("summary-template", "1.3") == [("en", 1, "current")]
    text = office.text(office.document("report-template", "1.3", "en"))
    assert new.name in text
    assert office.edition.person(seat.person or "").name not in text
    letters = {key: letter for key, letter in office.letters().items() if key.startswith("rapporteur-template/")}
    assert list(letters) == ["rapporteur-template/1.3/2"]
    assert letters["rapporteur-template/1.3/2"].attachments == (office.document("report-template", "1.3", "en").sha256,)
    assert office.advance("1.3") == []


def test_a_report_written_into_the_former_template_is_taken(at: Opening):
    office = at("reporting")
    former = office.document("report-template", "1.3", "en")
    record = office.record("report", "1.3")
    with office.desk.change("another panel") as change:
        change.note(record, panel=["somebody-else"])
    assert "1.3: report and" not in "".join(office.advance("1.3"))
    assert office.record("report", "1.3").facts["template"] == 2
    blocks = office.written("en", office.session("1.3").report_parts)
    table = Table(tuple(tuple((Text(cell),) for cell in cells) for cells in [["a"] * 6, action(office)]))
    assert office.send(office.filled(former, [*blocks, table])).endswith("words, complete")


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


def test_the_horizontal_report_says_what_each_session_found_once_and_nothing_of_a_session_without_the_issue(
    at: Opening,
):
    office = at("six")
    office.stages = (rapporteur_report,)
    office.on("report-templates")
    for session in ("A1", "A2", "A3"):
        office.advance(session)
        office.send_report(session, first=f"Found in {session}")
        office.decide_report(session)
        office.advance(session)
    forum.horizontal_report(office.desk, key="horizontal")
    blocks = blocks_of(office, office.document("horizontal-report", "horizontal", "francais"))
    texts = [text_of(block) for block in blocks]
    carrying = [s for s in office.edition.sessions if s.horizontal and s.report_parts]
    assert [session.id for session in carrying] == ["A1", "A3"]
    assert [text for text in texts if text.startswith("Found in")] == ["Found in A1", "Found in A3"]
    words = office.desk.words("francais")
    titles = [words("session_title", number=s.id, title=s.title["francais"]) for s in carrying]
    assert [text_of(b) for b in blocks if isinstance(b, Heading) and b.level == 2 and text_of(b) in titles] == titles
    assert not any("A2" in text for text in texts)
    assert words("sections.general-discussion") in texts
    assert words("sections.recommendations") not in texts
