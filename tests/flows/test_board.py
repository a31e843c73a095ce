"""What the office sees: the board, a page per session, and that one team's trouble stays its own."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey
from prefect.client.schemas.objects import Artifact
from prefect.client.schemas.sorting import ArtifactSort

from flows import decisions
from flows import office as offices
from flows.board import session_markdown, table_row
from flows.deadlines import daily_sweep
from flows.edition import prepare_edition
from flows.mailroom import receive_documents
from flows.session import prepare_session
from tasks import silence
from tasks.adapters.ledger import Who
from tasks.desk import Desk
from tests.flows.conftest import ANSWERS_COME_IN, NOTES_COME_IN, NOTES_TABLED, SIX, Office, Server

At = Callable[[dt.date], Office]
BY = "secretaire"
#: How every page of a rehearsal of this edition begins.
NOTICE = "*Répétition, contenu fictif*\n\n"


def artifact(server: Server, key: str) -> Artifact:
    """The newest artifact under `key`."""
    with server.client() as client:
        asked = ArtifactFilter(key=ArtifactFilterKey(any_=[key]))
        found = client.read_artifacts(artifact_filter=asked, sort=ArtifactSort.CREATED_DESC, limit=1)
    assert found, f"no artifact {key}"
    return found[0]


def test_the_board_says_who_waits_for_whom(office_at: At, server: Server) -> None:
    office = office_at(ANSWERS_COME_IN)
    state = office.run(prepare_edition)
    assert (state.type.value, state.name) == ("COMPLETED", "Waiting")
    assert {line.split(":")[0] for line in state.message.splitlines()} == {"A1", "A2", "A3", "B1", "B2"}
    board = artifact(server, f"board-{SIX}")
    data: Any = board.data
    rows: dict[str, dict[str, str]] = {
        row["session"]: row for row in (json.loads(data) if isinstance(data, str) else data)
    }
    assert set(rows) == {"A1", "A2", "A3", "B1", "B2"}
    assert rows["A1"]["concept note"] == "adopted"
    assert rows["A1"]["background paper"] == "circulated 1"
    assert rows["B2"]["concept note"] == "–"
    assert rows["B2"]["panel"] == "1/2 confirmed"
    for row in rows.values():
        assert dt.date.fromisoformat(row["until"]) > dt.date(2030, 1, 1)
        assert row["days left"]
        assert row["next"]
        assert row["who moves"]
    assert (board.description or "").startswith(NOTICE)
    assert "5 December 2030" in (board.description or "")


def test_a_team_that_waits_says_so_and_has_a_page(office_at: At, server: Server) -> None:
    office = office_at(NOTES_TABLED)
    state = office.run(prepare_session, session="A1", today=dt.date(2030, 11, 25))
    assert (state.type.value, state.name) == ("COMPLETED", "Waiting")
    assert state.message.startswith("A1: ")
    assert " until " in state.message
    assert "@" not in state.message
    page = str(artifact(server, f"session-{SIX}-a1").data)
    assert page.startswith(f"{NOTICE}# A1 Mesurer la neige en réserve")
    for part in (
        "## Whose move it is",
        "## Timeline",
        "## Documents",
        "concept note A1",
        "invited → returned",
        "A1-concept-note-v1",
    ):
        assert part in page, part
    assert "B1" not in page
    office.day = dt.date(2030, 11, 25)
    again = office.run(prepare_session, session="A1")
    assert again.message == state.message


@pytest.mark.parametrize("cell", ["a|b", "one\ntwo", "\r\n|", "a\u2028b", "\\|"])
def test_no_cell_ends_a_row_or_the_cell_before_it(cell: str) -> None:
    row = table_row("first", cell, "last")
    assert row.splitlines() == [row]
    assert [part.strip() for part in re.split(r"(?<!\\)(?:\\\\)*\|", row)][1::2] == ["first", "last"]


def test_a_session_that_is_not_there(office_at: At) -> None:
    office = office_at(NOTES_TABLED)
    assert "Z9: six-languages has no such session" in office.run(prepare_session, session="Z9").message
    assert office.run(prepare_session, session="A1", edition="atlantis").name == "Refused"
    assert office.run(prepare_edition, edition="atlantis").name == "Refused"


def _two_accepted_notes(office: Office) -> Path:
    """A3's and B1's notes accepted and about to be numbered; the stored file of A3's."""
    offices.inbox().drop("b1.docx", office.write("concept-note", "B1"))
    assert office.run(receive_documents).name == "Completed"
    for session in ("A3", "B1"):
        assert office.run(decisions.decide_note, session=session, decision="accept", by=BY).name == "Completed"
    sha: str = office.desk().record("concept-note", "A3").facts["received"]
    return office.home / "store" / sha[:2] / sha


def test_one_team_with_a_damaged_file_stops_no_other(office_at: At) -> None:
    office = office_at(NOTES_COME_IN)
    stored = _two_accepted_notes(office)
    good = stored.read_bytes()
    stored.unlink()  # the file is a link to the season's own
    stored.write_bytes(b"damaged")
    state = office.run(prepare_edition)
    assert (state.type.value, state.name) == ("COMPLETED", "Refused")
    assert "A3: the document" in state.message
    assert "restore it from your back-up" in state.message
    assert office.desk().record("concept-note", "A3").state == "accepted"
    assert office.desk().record("concept-note", "B1").state == "numbered"
    stored.write_bytes(good)
    assert office.run(prepare_edition).name == "Waiting"
    assert office.desk().record("concept-note", "A3").state == "numbered"


def test_one_team_without_its_file_stops_no_other_and_the_sweep_goes_on(office_at: At) -> None:
    office = office_at(NOTES_COME_IN)
    stored = _two_accepted_notes(office)
    stored.unlink()
    for path in (office.home / "documents").rglob("A3-concept-note-received*"):
        path.unlink()
    state = office.run(daily_sweep)
    assert (state.type.value, state.name) == ("COMPLETED", "Refused")
    assert "A3: the document" in state.message
    assert office.desk().record("concept-note", "B1").state == "numbered"


def test_a_fault_in_one_team_is_told_and_stops_no_other(office_at: At, server: Server) -> None:
    office = office_at(NOTES_COME_IN)
    _two_accepted_notes(office)
    # A record that makes no sense is no refusal but a fault: that team's run fails, the others' do not.
    desk = office.desk()
    with desk.ledger.change(SIX, Who(by="test", why="a fault is put in", run="test", at=desk.now)) as change:
        change.note(desk.record("concept-note", "A3"), language="none of the edition's")
    state = office.run(prepare_edition)
    assert (state.type.value, state.name) == ("FAILED", "Failed")
    assert "A3: " in state.message
    assert office.desk().record("concept-note", "B1").state == "numbered"
    # The sweep tells it, too, once the rest is done.
    before = artifact(server, f"session-{SIX}-b2").id
    sweep = office.run(daily_sweep)
    assert (sweep.type.value, "A3: " in sweep.message) == ("FAILED", True)
    assert artifact(server, f"session-{SIX}-b2").id != before


def test_a_fault_in_a_common_step_stops_no_other(
    office_at: At, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = office_at(NOTES_COME_IN)

    def faulty(desk: Desk) -> None:
        raise ZeroDivisionError("a fault of the program")

    monkeypatch.setattr(silence, "advance", faulty)
    before = artifact(server, f"board-{SIX}").id
    state = office.run(prepare_edition)
    assert (state.type.value, state.name) == ("FAILED", "Failed")
    assert state.message == f"{SIX}: faulty: a fault of ours: ZeroDivisionError('a fault of the program')"
    assert artifact(server, f"board-{SIX}").id != before


def test_the_sweep_brings_every_page_up_to_date(office_at: At, server: Server) -> None:
    office = office_at(NOTES_TABLED)
    for _ in range(2):
        assert office.day is not None
        office.day += dt.timedelta(days=1)
        assert office.run(daily_sweep).name == "Completed"
        desk = office.desk()
        for session in desk.edition.sessions:
            page = artifact(server, f"session-{SIX}-{session.id.lower()}")
            assert page.data == session_markdown(desk, session)
            assert session.id == "B2" or " days left)" in str(page.data)
            assert ("A closed session" in str(page.data)) == session.closed
    assert f"{office.day:%-d %B %Y}" in str(artifact(server, f"board-{SIX}").description)


def test_the_sweep_of_an_edition_that_is_not_there_is_refused(office_at: At) -> None:
    state = office_at(NOTES_TABLED).run(daily_sweep, edition="atlantis")
    assert (state.type.value, state.name) == ("COMPLETED", "Refused")
    assert state.message.count("this edition was not started") == 1
