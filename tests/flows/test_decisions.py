"""People's decisions: taken, taken twice, taken otherwise, about things that are not there, by nobody."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from prefect.client.schemas.filters import TaskRunFilter, TaskRunFilterName

from flows import decisions
from flows import office as offices
from flows.about import session_of
from flows.board import session_markdown
from flows.calendar import grant_extension
from flows.edition import change_edition, prepare_edition, start_edition
from flows.mailroom import receive_documents
from flows.office import ENGINE
from tasks import mailroom
from tests.flows.conftest import (
    ANSWERS_COME_IN,
    FINAL_TEXT,
    NOTES_COME_IN,
    NOTES_TABLED,
    REPORTS_COME_IN,
    SIX,
    Office,
    Season,
    Server,
    copy_home,
)
from tests.flows.test_board import artifact

At = Callable[[dt.date], Office]
BY = "Béatrice Lacombe-Haute"
#: Under which the edition knows them: what is kept and said of people are ids.
ID = "secretaire"
OTHER = "Camille Exemple"


@pytest.fixture(scope="module")
def tabled(season: Season, server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One office for all that is refused and so changes nothing."""
    home = copy_home(season.at[NOTES_TABLED], tmp_path_factory.mktemp("tabled") / "home")
    with Office(server, home, NOTES_TABLED, server.environment(home)).entered() as office:
        before = office.ledger.snapshot(SIX)
        yield office
        assert office.ledger.snapshot(SIX) == before, "a refusal changed the ledger"


REFUSED: list[tuple[Any, dict[str, Any], str]] = [
    (
        decisions.decide_note,
        {"session": "Z9", "decision": "accept"},
        "Z9: six-languages has no such session; it has A1, A2",
    ),
    (decisions.decide_note, {"session": "B2", "decision": "accept"}, "B2: this session has no team"),
    (decisions.decide_note, {"session": "A1", "decision": "return"}, "goes back with a reason"),
    (decisions.decide_note, {"session": "A1", "decision": "accept", "by": "  "}, "needs the name of who takes it"),
    (
        decisions.decide_note,
        {"session": "A1", "decision": "accept", "edition": "atlantis"},
        "atlantis: this edition was not started",
    ),
    (
        decisions.record_outcome,
        {"session": "A1", "outcome": "applauded"},
        "'applauded' is no outcome of this edition; allowed: accueillie",
    ),
    (
        decisions.record_outcome,
        {"session": "A1", "outcome": "accueillie", "joined": ["atlantis"]},
        "'atlantis' is no body of this edition",
    ),
    (decisions.record_outcome, {"session": "Z9", "outcome": "accueillie"}, "no such session"),
    (decisions.record_outcome, {"session": "A1", "outcome": "accueillie", "by": ""}, "needs the name"),
    (
        decisions.decide_paper,
        {"paper": "Z9", "decision": "freeze"},
        "Z9: six-languages has no such paper; it has A1, A2-amont",
    ),
    (decisions.decide_paper, {"paper": "A1", "decision": "freeze"}, "A1 background paper: is planned"),
    (decisions.decide_paper, {"paper": "A1", "decision": "return"}, "reason"),
    (
        decisions.record_answer,
        {"seat": "A1_ghost", "reply": "confirmed"},
        "A1_ghost: six-languages has no such seat; there are A1_",
    ),
    (decisions.record_answer, {"seat": "A2_reponse_2", "reply": "confirmed"}, "A2_reponse_2 seat: is open"),
    (decisions.record_answer, {"seat": "A1_reponse", "reply": "confirmed"}, "is nominated"),
    (decisions.record_answer, {"seat": "A2_reponse_2", "reply": "nominated"}, "name the person who is nominated"),
    (
        decisions.record_answer,
        {"seat": "A1_reponse", "reply": "declined", "replacement": "atlas"},
        "'atlas' is no person of this edition",
    ),
    (decisions.decide_report, {"session": "B1", "decision": "accept"}, "B1"),
    (decisions.decide_report, {"session": "A1", "decision": "accept"}, "A1 report: is planned"),
    (decisions.decide_report, {"session": "A1", "decision": "return"}, "reason"),
    (
        decisions.correct_decision,
        {"key": "note/Z9/1", "to": "return", "reason": "Wrong."},
        "note/Z9/1: no such decision; the last ones are note/",
    ),
    (decisions.correct_decision, {"key": "note/A1/2", "to": "return", "reason": " "}, "reason"),
    (decisions.correct_decision, {"key": "note/A1/2", "to": "perhaps", "reason": "Wrong."}, "'perhaps' is no decision"),
]


@pytest.mark.parametrize(("flow", "parameters", "message"), REFUSED, ids=[f"{f.name}-{m[:24]}" for f, _, m in REFUSED])
def test_a_decision_that_does_not_fit_is_refused_with_one_message(
    tabled: Office, flow: Any, parameters: dict[str, Any], message: str
) -> None:
    state = tabled.run(flow, **{"by": BY, **parameters})
    assert (state.type.value, state.name) == ("COMPLETED", "Refused"), state.message
    assert message in state.message
    assert "Traceback" not in state.message
    assert "\n" not in state.message


def test_a_decision_outside_the_form_fails_before_the_flow_begins(tabled: Office) -> None:
    state = tabled.run(decisions.decide_note, session="A1", decision="perhaps", by=BY)
    assert state.is_failed()
    assert "perhaps" in state.message or "decision" in state.message


def test_a_note_is_accepted_once_and_otherwise_refused_by_name_and_date(office_at: At) -> None:
    office = office_at(NOTES_COME_IN)
    accept: dict[str, Any] = {"session": "A3", "decision": "accept"}
    first = office.run(decisions.decide_note, **accept, by=BY)
    assert (first.name, first.message) == ("Completed", f"A3 concept note: accepted by {ID}")
    before = office.ledger.snapshot(SIX)
    again = office.run(decisions.decide_note, **accept, by=OTHER, today=NOTES_COME_IN + dt.timedelta(days=2))
    assert again.name == "Completed"
    assert again.message == f"A3: already decided so by {ID} on 9 September 2030; nothing changed"
    other = office.run(decisions.decide_note, session="A3", decision="return", reason="Too vague.", by=OTHER)
    assert other.name == "Refused"
    assert ID in other.message
    assert "9 September 2030" in other.message
    assert "roundtable decide correct" in other.message
    assert office.ledger.snapshot(SIX) == before
    early = office.run(decisions.decide_note, session="A2", decision="accept", by=BY)
    assert early.name == "Refused"
    assert "A2 concept note: is invited, no note awaits a decision; awaiting one now: none" in early.message
    assert {row.decided_by for row in office.ledger.decisions(SIX) if row.key == "note/A3/1"} == {ID}


def test_a_note_goes_back_with_a_letter(office_at: At) -> None:
    office = office_at(NOTES_COME_IN)
    state = office.run(decisions.decide_note, session="A3", decision="return", reason="Les coûts manquent.", by=BY)
    assert state.name == "Completed"
    assert office.desk().record("concept-note", "A3").state == "returned"
    letters = [row for row in office.ledger.letters(SIX) if row.key.startswith("note-returned/A3")]
    assert "Les coûts manquent." in letters[-1].body


def test_an_outcome_names_who_joined_and_its_correction_lists_what_is_undone(office_at: At) -> None:
    office = office_at(NOTES_TABLED)
    office.day = NOTES_TABLED + dt.timedelta(days=1)
    welcomed: dict[str, Any] = {"session": "A1", "outcome": "accueillie", "joined": ["deltarie"], "by": BY}
    first = office.run(decisions.record_outcome, **welcomed)
    assert first.message == "A1: accueillie at cercle-automne; joined: deltarie"
    assert "already decided so" in office.run(decisions.record_outcome, **welcomed).message
    assert office.run(decisions.record_outcome, **{**welcomed, "joined": []}).name == "Refused"
    office.day += dt.timedelta(days=1)
    assert office.run(prepare_edition).name == "Waiting"
    assert office.desk().record("background-paper", "A1").state == "writing"
    key = "outcome/A1/cercle-automne"
    mended = office.run(
        decisions.correct_decision, key=key, to="accueillie", joined=[], reason="They only listened.", by=BY
    )
    assert mended.name == "Completed"
    assert "A1 background paper: writing back to planned" in mended.message
    assert "is cancelled" in mended.message
    assert "superseded" in mended.message
    assert office.desk().record("background-paper", "A1").state == "planned"
    assert office.run(prepare_edition).name == "Waiting"
    assert office.desk().record("background-paper", "A1").state == "writing"
    assert office.desk().record("concept-note", "A1").facts["joined"] == []


def test_answers_for_seats(office_at: At) -> None:
    office = office_at(ANSWERS_COME_IN)
    yes = office.run(decisions.record_answer, seat="B1_reponse", reply="confirmed", by=BY)
    assert (yes.name, yes.message) == ("Completed", "B1_reponse: gaspard-estuaire confirmed")
    again = office.run(decisions.record_answer, seat="B1_reponse", reply="confirmed", by=OTHER)
    assert f"already decided so by {ID} on 5 December 2030" in again.message
    no = office.run(decisions.record_answer, seat="B1_reponse", reply="declined", by=OTHER)
    assert no.name == "Refused"
    assert ID in no.message
    asked = office.run(
        decisions.record_answer, seat="A1_reponse", reply="declined", replacement="timur-perevalov", by=BY
    )
    assert asked.message == "A1_reponse: mateo-cumbre declined, timur-perevalov is asked next"
    assert office.desk().record("seat", "A1_reponse").state == "nominated"
    gone = office.run(decisions.record_answer, seat="A2_reponse_1", reply="withdrawn", reason="Ill.", by=BY)
    assert gone.message == "A2_reponse_1: hala-saqi withdrawn"
    named = office.run(
        decisions.record_answer, seat="A2_reponse_2", reply="nominated", replacement="timur-perevalov", by=BY
    )
    assert named.name == "Completed"
    mended = office.run(
        decisions.correct_decision, key="seat/B1_reponse/1", to="declined", reason="Misread the letter.", by=BY
    )
    assert "B1_reponse seat: confirmed back to invited" in mended.message
    assert office.desk().record("seat", "B1_reponse").state == "declined"


def test_a_partner_who_has_comments_after_all_is_awaited_again(office_at: At) -> None:
    office = office_at(ANSWERS_COME_IN)
    asked = next(record for record in office.ledger.records(SIX, "comments") if record.state == "asked")
    paper, body = asked.facts["paper"], asked.facts["body"]
    assert office.run(decisions.record_nil_return, paper=paper, body=body, by=BY).name == "Completed"
    [decision] = office.ledger.decisions(SIX, "comments", asked.key)
    mended = office.run(
        decisions.correct_decision, key=decision.key, to="awaited", reason="It was about another paper.", by=BY
    )
    assert mended.name == "Completed", mended.message
    assert f"{asked.key} comments: nil back to asked" in mended.message
    assert office.desk().record("comments", asked.key).state == "asked"


def test_a_final_text_is_frozen_or_returned(office_at: At) -> None:
    office = office_at(FINAL_TEXT)
    state = office.run(decisions.decide_paper, paper="B1", decision="freeze", by=BY)
    assert (state.name, office.desk().record("background-paper", "B1").state) == ("Completed", "frozen")
    assert "already decided so" in office.run(decisions.decide_paper, paper="B1", decision="freeze", by=BY).message
    other = office.run(decisions.decide_paper, paper="B1", decision="return", reason="A table is missing.", by=BY)
    assert (other.name, ID in other.message) == ("Refused", True)
    mended = office.run(decisions.correct_decision, key="paper/B1/4", to="return", reason="A table is missing.", by=BY)
    assert mended.name == "Completed", mended.message
    assert office.desk().record("background-paper", "B1").state == "writing"


def test_a_report_is_accepted_or_returned(office_at: At) -> None:
    office = office_at(REPORTS_COME_IN)
    state = office.run(decisions.decide_report, session="A1", decision="accept", cleared=True, by=BY)
    assert (state.name, office.desk().record("report", "A1").state) == ("Completed", "accepted"), state.message
    back = office.run(decisions.decide_report, session="A2", decision="return", reason="No partner is named.", by=BY)
    assert (back.name, office.desk().record("report", "A2").state) == ("Completed", "returned")
    other = office.run(decisions.decide_report, session="A2", decision="accept", by=BY)
    assert (other.name, ID in other.message) == ("Refused", True)


def test_a_simulated_date_is_for_a_rehearsal_only(server: Server, tmp_path: Path) -> None:
    environment = server.environment(tmp_path, rehearsal=False)
    with Office(server, tmp_path, None, environment).entered() as office:
        simulated: dict[str, Any] = {"by": BY, "today": dt.date(2030, 1, 1)}
        started = office.run(start_edition, **simulated)
        assert (started.name, office.ledger.editions()) == ("Refused", [])
        assert "a simulated date (2030-01-01) is for a rehearsal only" in started.message
        assert office.run(start_edition, by=" ").name == "Refused"
        assert office.run(start_edition, edition="atlantis", by=BY).name == "Refused"
        assert str(office.run(start_edition, by=BY).message).splitlines()[0] == f"{SIX}: started by {ID}"
        assert office.run(start_edition, by=BY).message == f"{SIX}: runs already, with this configuration"
        refused: list[tuple[Any, dict[str, Any]]] = [
            (decisions.decide_note, {"session": "A1", "decision": "accept", **simulated}),
            (change_edition, simulated),
            (receive_documents, {"today": dt.date(2030, 1, 1)}),
            (prepare_edition, {"today": dt.date(2030, 1, 1)}),
        ]
        for flow, parameters in refused:
            state = office.run(flow, **parameters)
            assert (state.name, "for a rehearsal only" in state.message) == ("Refused", True), flow.name
        # No person keeps the shared calendar up from the start, with the drafts of its invitations.
        others = {(row.by, row.kind) for row in office.ledger.history(SIX) if row.by != ID}
        assert others == {(ENGINE, "agenda-entry"), (ENGINE, "invitation"), (ENGINE, "agenda-invitation")}


def test_what_is_made_due_by_nothing_is_shown_at_once(office_at: At, server: Server) -> None:
    office = office_at(ANSWERS_COME_IN)
    office.day = None  # the clock stands, and what a decision changes is not left to a day's sweep
    before = artifact(server, f"session-{SIX}-b1").id
    state = office.run(
        grant_extension, milestone="B1/comments-1", party="deltarie", until=dt.date(2031, 1, 31), reason="Asked.", by=BY
    )
    assert (state.name, len(state.message.splitlines())) == ("Completed", 1), state.message
    page = artifact(server, f"session-{SIX}-b1")
    assert page.id != before
    assert page.data == session_markdown(office.desk(), office.desk().edition.session("B1"))
    assert "31 January 2031" in str(page.data)


def test_a_run_about_a_session_is_tagged_with_it(season: Season, server: Server) -> None:
    sessions = {"A1", "A2", "A3", "B1", "B2"}
    about: dict[str, set[str]] = {}
    good = [run for run in server.runs() if run.state and run.state.is_completed() and run.state.name != "Refused"]
    for run in good:
        named = run.parameters.get("session") or run.parameters.get("paper") or run.parameters.get("seat")
        session = str(named or run.parameters.get("translation") or "")[:2]
        if run.parameters.get("edition") == SIX and session in sessions:
            about.setdefault(session, set()).update(run.tags)
            assert run.tags == [f"session {session}"], f"{run.name}: {run.tags}"
        elif not {"key", "milestone", "call"} & run.parameters.keys():
            assert run.tags in ([], ["form", "roundtable"], ["roundtable"]), f"{run.name}: {run.tags}"
    assert set(about) == sessions


def test_a_letter_and_a_correction_are_about_their_session(office_at: At) -> None:
    ledger = office_at(NOTES_TABLED).ledger
    assert session_of(ledger, edition=SIX, key="note/A3/1") == "A3"
    letter = next(row for row in ledger.letters(SIX) if row.session)
    assert session_of(ledger, edition=SIX, key=letter.key) == letter.session
    assert session_of(ledger, edition=SIX, milestone="B1/comments-1", by=BY) == "B1"
    assert session_of(ledger, edition=SIX, paper="Z9") is None
    assert session_of(ledger, edition="atlantis", key="nothing") is None


def test_prefect_keeps_no_address(
    season: Season, server: Server, office_at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = office_at(NOTES_COME_IN)
    known = office.desk().edition.bodies[0].focal_point.email
    for name, sender, subject in (("a", known, "Nothing"), ("b", "stranger@far.example", "write to me@far.example")):
        heads = f"From: {sender}\nDate: Mon, 9 Sep 2030 08:00:00 +0200\nSubject: {subject}\n"
        text = f"{heads}Message-ID: <{name}@far.example>\n\nNo comments.\n"
        offices.inbox().drop(f"{name} me@far.example.eml", text.encode())
    waiting = office.run(receive_documents)
    assert (waiting.name, waiting.message.count("it brings no file; it waits in the tray as ")) == ("Waiting", 2)
    assert f"a mail from {office.desk().edition.bodies[0].id}, " in waiting.message
    assert "a mail from somebody unknown, " in waiting.message

    def full_disk(*_: Any) -> None:
        raise OSError("me@far.example: no space left")

    monkeypatch.setattr(mailroom, "keep_mail", full_disk)
    folder = office.home / "inbox" / "mail"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "c.eml").write_text(
        f"From: {known}\nDate: Mon, 9 Sep 2030 09:00:00 +0200\nSubject: mine\n\nNo comments, either.\n"
    )
    states = [office.run(receive_documents) for _ in range(3)]
    assert [state.type.value for state in states] == ["FAILED", "FAILED", "COMPLETED"]
    assert "OSError('(an address): no space left')" in states[0].message
    its_name = TaskRunFilter(name=TaskRunFilterName(any_=["Receive a (an address)"]))
    with server.client() as client:
        for _ in range(50):  # the server writes task runs many at a time, a second later
            if named := client.read_task_runs(task_run_filter=its_name):
                break
            time.sleep(0.2)
    assert named
    runs = server.runs()
    assert len(runs) >= sum(season.runs.values())
    for run in runs:
        kept = f"{run.name} {run.parameters} {run.tags} {run.state.message if run.state else ''}"
        assert "@" not in kept, f"{run.name}: {kept}"
