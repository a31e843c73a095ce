"""Offices at several moments of the process: made once, each test works in a copy of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tasks import background_paper, forum, panel, translation
from tasks.adapters.ledger.upgrade import upgrade
from tests.tasks.office_help import Office, plain_steps, rows_without_a_run

Opening = Callable[[str], Office]


@pytest.fixture(autouse=True)
def _without_prefect() -> Iterator[None]:
    with plain_steps():
        yield


class Moments:
    """The moments there are; each is reached once, from the one before."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._made: dict[str, Office] = {}

    def at(self, moment: str) -> Office:
        if moment not in self._made:
            with plain_steps():
                self._made[moment] = getattr(self, f"_{moment}")(self.root / moment)
        return self._made[moment]

    def _started(self, home: Path, name: str = "brussels-2007") -> Office:
        home.mkdir()
        upgrade(f"sqlite:///{home / 'ledger.sqlite'}")
        office = Office(home, name, dt.date(2007, 1, 1) if name == "brussels-2007" else dt.date(2030, 8, 20))
        office.start()
        return office

    def _six(self, home: Path) -> Office:
        return self._started(home, "six-languages")

    def _invited(self, home: Path) -> Office:
        """1.2 (led by Spain) and 1.3 (led by Valdoria) are invited."""
        office = self.at("started").copy(home)
        office.on("note-invitation")
        for session in ("1.2", "1.3"):
            office.advance(session)
        return office

    def _tabled(self, home: Path) -> Office:
        """The note of 1.3 is before the meeting."""
        office = self.at("invited").copy(home)
        office.on("note-due")
        office.send_note("1.3")
        office.decide_note("1.3")
        office.advance("1.3")
        meeting = office.edition.event("fof-2").date
        assert meeting is not None
        office.today = meeting - dt.timedelta(days=1)
        forum.compile_notes(office.desk, key="fof-2")
        office.today = meeting + dt.timedelta(days=1)
        return office

    def _writing(self, home: Path) -> Office:
        """The paper of 1.3 is opened, a body has joined the team."""
        office = self.at("tabled").copy(home)
        office.stages = tuple(stage for stage in office.stages if stage is not panel)
        office.outcome("1.3", "supported-with-changes", ["norvania"])
        office.on("call-for-input")
        office.advance("1.3")
        return office

    def _circulated(self, home: Path) -> Office:
        """The first draft of 1.3 goes round."""
        office = self.at("writing").copy(home)
        office.on("draft-1")
        office.send_paper("1.3")
        office.advance("1.3")
        return office

    def _submitted(self, home: Path) -> Office:
        """The final text of 1.3 awaits the coordinator; nobody has commented."""
        office = self.at("writing").copy(home)
        for round in (1, 2):
            office.on(f"draft-{round}")
            office.send_paper("1.3", words=10 + round)
            office.advance("1.3")
            office.today = dt.date.fromisoformat(office.record("background-paper", "1.3").facts["until"])
            office.today += dt.timedelta(days=1)
            office.advance("1.3")
        office.on("final-due")
        office.send_paper("1.3", words=20)
        return office

    def _issued(self, home: Path) -> Office:
        """The paper of 1.3 is issued and with its translators."""
        office = self.at("submitted").copy(home)
        office.decide_paper("1.3", "1.3")
        office.advance("1.3")
        return office

    def _seated(self, home: Path) -> Office:
        """Everybody of 1.3 is invited to the panel."""
        office = self.at("started").copy(home)
        office.on("panel-invitation")
        office.advance("1.3")
        return office

    def _reporting(self, home: Path) -> Office:
        """The panel of 1.3 has confirmed and its rapporteur has the templates."""
        office = self.at("seated").copy(home)
        for seat in office.session("1.3").seats:
            office.answer("1.3", seat.id)
        office.on("report-templates")
        office.advance("1.3")
        return office

    def _six_issued(self, home: Path) -> Office:
        """The paper of A1 is with its five translators."""
        office = self.at("six").copy(home)
        office.stages = (background_paper, translation)
        office.on("draft-1")
        desk = office.desk
        with desk.change("a shortcut to the day of the first draft") as change:
            change.move(desk.record("concept-note", "A1"), "adopted", joined=[])
        office.advance("A1")
        for round in (1, 2, 3):
            office.on(f"draft-{round}")
            office.send_paper("A1", words=10 + round)
            office.advance("A1")
            office.today = dt.date.fromisoformat(office.record("background-paper", "A1").facts["until"])
            office.today += dt.timedelta(days=1)
            office.advance("A1")
        office.on("final-due")
        office.send_paper("A1", words=20)
        office.decide_paper("A1", "A1")
        office.advance("A1")
        return office


@pytest.fixture(scope="session")
def moments(tmp_path_factory: pytest.TempPathFactory) -> Moments:
    return Moments(tmp_path_factory.mktemp("offices"))


@pytest.fixture
def at(moments: Moments, tmp_path: Path) -> Iterator[Opening]:
    """`at("tabled")`: an office at that moment, in a home of the test's own. Afterwards every row must name its run."""
    opened: list[Office] = []

    def open_office(moment: str) -> Office:
        opened.append(moments.at(moment).copy(tmp_path / f"{moment}-{len(opened)}"))
        return opened[-1]

    yield open_office
    for office in opened:
        office.ledger.dispose()
        assert rows_without_a_run(office) == {}
