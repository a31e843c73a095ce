"""Session 1.1's first round in the rehearsal: seven files come back, two partners have nothing to say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from tasks import background_paper, comment_matrix
from tasks.adapters.word.ingest import open_safely
from tasks.domain import players, process
from tasks.domain.errors import Refusal
from tasks.domain.players import Move, Scene
from tasks.rehearsal import Players, load_script
from tests.domain.domain_help import EDITIONS
from tests.tasks.office_help import Office

BRUSSELS = EDITIONS["brussels-2007"] / "brussels-2007"
FILES = {
    "ghana", "malawi", "netherlands", "norvania", "oecd", "valdoria", "institute-of-example-studies",
}  # fmt: skip


@pytest.fixture
def office(at: Callable[[str], Office]) -> Office:
    """Draft 1 of session 1.1 goes round."""
    office = at("started")
    office.stages = (background_paper,)
    office.on("draft-1")
    desk = office.desk
    with desk.change("a shortcut to the day of the first draft") as change:
        change.move(desk.record("concept-note", "1.1"), "adopted", joined=[])
    office.advance("1.1")
    writes = Move("draft", "1.1", "background-paper", "1.1", "united-kingdom", 1, 1, Scene(move="draft"))
    office.send(Players(office.desk, BRUSSELS, load_script(BRUSSELS)).write(writes).data)
    office.advance("1.1")
    return office


def round_of(office: Office) -> dict[str, Move]:
    """What each partner does until the round is over, by body."""
    script, found = load_script(BRUSSELS), dict[str, Move]()
    until = dt.date.fromisoformat(office.record("background-paper", "1.1").facts["until"])
    while office.today <= until:
        view = office.desk.view(office.session("1.1"))
        for move in players.moves(view, process.waits(view, office.today), script, office.today):
            found.setdefault(move.party, move)
        office.today += dt.timedelta(days=1)
    return found


def test_seven_files_come_back_and_what_is_in_them_is_compiled(office: Office) -> None:
    people = Players(office.desk, BRUSSELS, load_script(BRUSSELS))
    moves = round_of(office)
    assert {body for body, move in moves.items() if not move.scene.nil} == FILES
    sent = {body: people.write(moves[body]) for body in sorted(FILES)}
    assert {body: people.write(moves[body]) for body in sorted(FILES)} == sent
    damaged = sent.pop("institute-of-example-studies")
    for file in sent.values():
        office.send(file.data, file.name)
    for body in moves.keys() - FILES:
        background_paper.nil_return(office.desk, office.session("1.1"), "1.1", body)
    assert sent["norvania"].name == "Projet 1 - VERSION FINALE (2).docx"
    with pytest.raises(Refusal, match="a damaged or incomplete file; ask for it to be sent again"):
        open_safely(damaged.data, damaged.name)
    office.advance("1.1")
    rows = comment_matrix.matrix_of(office.desk, "1.1").rows
    assert {body for row in rows for body in row.bodies} == FILES - {"institute-of-example-studies"}
    assert all(row.paragraph is not None for row in rows)
    assert {row.bodies for row in rows if not row.is_tracked} == {("valdoria",)}
    (twins,) = [row for row in rows if len(row.bodies) > 1]
    assert twins.bodies == ("ghana", "malawi")
    assert any("collectivités locales" in said.text for row in rows for said in row.comments)
    assert {frozenset(row.bodies) for row in rows if row.conflicts} == {frozenset({"ghana"}), frozenset({"malawi"})}


def test_a_damaged_file_is_sent_on_one_day_only(office: Office) -> None:
    script = load_script(BRUSSELS)
    days = []
    until = dt.date.fromisoformat(office.record("background-paper", "1.1").facts["until"])
    while office.today <= until:
        view = office.desk.view(office.session("1.1"))
        moves = players.moves(view, process.waits(view, office.today), script, office.today)
        days += [office.today for move in moves if move.scene.damaged]
        office.today += dt.timedelta(days=1)
    assert len(days) == 1
