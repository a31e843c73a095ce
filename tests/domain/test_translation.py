"""Translations: every paper into every language but the one it is drafted in, after it is issued."""

from __future__ import annotations

import datetime as dt

import pytest

from tasks.domain import translation
from tasks.domain.background_paper import paper_key
from tasks.domain.view import Step, TeamView
from tests.domain.domain_help import at_the_start, deadlines_of, edition, every_session, view_of, with_state

DAY = dt.date(2031, 4, 1)


def team(paper: str, state: str, language: str = "russe") -> TeamView:
    records = with_state(at_the_start("six-languages", "A1"), "background-paper", "A1", paper)
    return view_of("six-languages", "A1", with_state(records, "translation", f"A1:{language}", state))


@pytest.mark.parametrize("name, session", every_session())
def test_each_paper_is_owed_in_every_language_but_its_own(name: str, session: str):
    found = edition(name)
    papers = [paper_key(found.session(session), paper) for paper in found.session(session).papers]
    others = {entry.id for entry in found.languages} - {found.drafting_language.id}
    owed = translation.keys(found, found.session(session))
    assert {(paper, language) for _, paper, language in owed} == {(p, other) for p in papers for other in others}
    assert len({key for key, _, _ in owed}) == len(owed) == len(papers) * len(others)
    assert all(key == translation.translation_key(paper, language) for key, paper, language in owed)


@pytest.mark.parametrize("paper", ["planned", "writing", "drafted", "circulated", "submitted", "frozen"])
def test_nothing_goes_to_a_translator_before_the_paper_is_issued(paper: str):
    assert translation.due(team(paper, "planned"), DAY) == []
    waits = translation.waits(team(paper, "planned"), DAY)
    others = [entry.id for entry in edition("six-languages").languages if not entry.drafting]
    assert {(w.what, w.parties) for w in waits} == {(f"the final text of A1 for {other}", ()) for other in others}
    assert len(waits) == 5


def test_once_it_is_issued_it_goes_to_every_translator():
    steps = translation.due(team("issued", "planned"), DAY)
    languages = [entry.id for entry in edition("six-languages").languages if not entry.drafting]
    assert steps == [Step("translation", "send", f"A1:{language}") for language in languages]


def test_a_checked_translation_is_issued():
    assert Step("translation", "issue", "A1") in translation.due(team("issued", "received"), DAY)


def test_what_is_sent_waits_for_its_translator():
    (wait,) = [w for w in translation.waits(team("issued", "sent"), DAY) if w.key == "A1:russe"]
    assert (wait.parties, wait.what) == (("traduction-russe",), "translation into russe")
    assert wait.until == deadlines_of("six-languages")["translation-due"]


def test_where_a_language_has_no_translator_the_coordinator_is_asked():
    found = edition("six-languages")
    languages = [entry.model_copy(update={"translator": None}) for entry in found.languages]
    view = team("issued", "sent")
    bare = TeamView(found.model_copy(update={"languages": languages}), view.session, view.records, view.deadlines)
    # A copy of a model keeps what was cached of the old one.
    bare.edition.__dict__.pop("_index", None)
    (wait,) = [w for w in translation.waits(bare, DAY) if w.key == "A1:russe"]
    assert wait.parties == ("secretariat-amont",)


@pytest.mark.parametrize("state", ["received", "issued"])
def test_nobody_waits_for_what_is_there(state: str):
    assert [w for w in translation.waits(team("issued", state), DAY) if w.key == "A1:russe"] == []
