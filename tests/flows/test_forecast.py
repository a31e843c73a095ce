"""What-ifs as people write them, and the forecast that everybody sees."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest

from flows.forecast import calibration, forecast_edition, look_ahead, read_what_if, summary
from tasks.domain.errors import Invalid
from tasks.forecast import WhatIf
from tests.flows.conftest import ANSWERS_COME_IN, REPORTS_COME_IN, SIX, Office, Server
from tests.flows.test_board import NOTICE, artifact

At = Callable[[dt.date], Office]
BY = "secretaire"


def test_what_ifs_are_read():
    found = read_what_if(["fof-3=2007-06-15"], ["fr=2", "nl = 3"], ["1.1/comments-1|some-body=5"])
    assert found == WhatIf(
        {"fof-3": dt.date(2007, 6, 15)}, {"fr": 2, "nl": 3}, {"1.1/comments-1|some-body": 5}
    )  # fmt: skip
    assert not read_what_if([], [], [])


@pytest.mark.parametrize(
    ("moves", "translators", "earlier", "said"),
    [
        (["fof-3"], [], [], "EVENT=DATE"),
        (["fof-3=15/06/2007"], [], [], "is no day"),
        (["fof-3=2007-06-15", "fof-3=2007-06-16"], [], [], "given twice"),
        ([], ["fr="], [], "LANGUAGE=2"),
        ([], ["fr=two"], [], "no whole number"),
        ([], ["fr=-1"], [], "no whole number"),
        ([], [], ["=5"], "1.1/draft-2=5"),
    ],
)
def test_what_can_not_be_read_is_refused(moves: list[str], translators: list[str], earlier: list[str], said: str):
    with pytest.raises(Invalid, match=said):
        read_what_if(moves, translators, earlier)


def test_the_forecast_is_kept_for_everybody_to_see(office_at: At, server: Server) -> None:
    office = office_at(ANSWERS_COME_IN)
    state = office.run(forecast_edition, translators={"russe": 2}, seasons=50, keep=True, language="russe", by=BY)
    assert (state.type.value, state.name) == ("COMPLETED", "Completed"), state.message
    assert "at the end of 5 December 2030: 0 of " in state.message
    data: Any = artifact(server, f"forecast-{SIX}").data
    rows: list[dict[str, str]] = json.loads(data) if isinstance(data, str) else data
    desk = office.desk()
    papers = [paper for session in desk.edition.sessions if session.team for paper in session.papers]
    assert len(rows) == len(papers) * len(desk.edition.languages)
    assert all(row["on time"] and row["90% sure by then"] for row in rows)
    told = str(artifact(server, f"forecast-{SIX}-hold-ups").data)
    for shown in (told, artifact(server, f"forecast-{SIX}").description or ""):
        assert shown.startswith(NOTICE)
    assert desk.words(desk.edition.drafting_language.id)("forecast.hold_ups") in told
    (kept,) = office.ledger.documents(SIX, kind="forecast")
    assert (kept.language, kept.number, kept.made_by) == ("russe", 1, BY)


def test_a_what_if_that_can_not_be_is_an_answer(office_at: At) -> None:
    office = office_at(ANSWERS_COME_IN)
    for what_if in ({"moves": {"cercle-ete": dt.date(2031, 3, 1)}}, {"translators": {"klingon": 1}}):
        state = office.run(forecast_edition, seasons=5, **what_if)
        assert (state.type.value, state.name) == ("COMPLETED", "Refused"), state.message
    assert office.run(forecast_edition, seasons=5, keep=True).name == "Refused", "a name is needed"


def test_when_all_is_issued_nothing_is_left_to_chance(office_at: At) -> None:
    desk = office_at(REPORTS_COME_IN).desk()
    outlook = look_ahead(desk, WhatIf(), seasons=5, seed=1)
    issues = outlook.now.issues
    assert f"{len(issues)} of {len(issues)} issued" in summary(desk, outlook)
    assert {issue.on_time for issue in issues} <= {0.0, 1.0}
    assert outlook.now.hold_ups == ()
    with pytest.raises(Invalid, match="everything is issued"):
        calibration(desk, WhatIf(), histories=2, seed=1)
