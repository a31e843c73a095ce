"""Everybody who helped is thanked once, after the Forum, when all they had a part in is done."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain import process
from tasks.domain.edition import Edition
from tasks.domain.thanks import KIND, Part, due, parts, session_of
from tests.domain.domain_help import EDITIONS, Standing
from tests.domain.domain_help import edition as load

NAMES = st.sampled_from(sorted(EDITIONS))


def all_done(edition: Edition) -> dict[tuple[str, str], Standing]:
    """Every record of an edition as it is after a season in which everybody did everything."""
    ends = {"concept-note": "adopted", "seat": "confirmed", "panel": "complete"}
    return {
        (r.kind, r.key): Standing(r.kind, r.key, r.session, ends.get(r.kind, "issued"), r.facts)
        for r in process.initial(edition)
        if not (r.kind == "seat" and "person" not in r.facts)
    }


def day_after(edition: Edition) -> dt.date:
    last = edition.event(edition.forum_end)
    assert last.date is not None
    return (last.until or last.date) + dt.timedelta(days=1)


def who_helped(edition: Edition) -> set[str]:
    """Counted another way: by role, over the edition's own lists."""
    leads = {body for s in edition.sessions if s.team for body in (s.team.lead, s.team.co_lead) if body}
    seated = {seat.person for s in edition.sessions for seat in s.seats if seat.person}
    reporting = {s.roundtable for s in edition.sessions if s.report_parts}
    tables = [r for r in edition.roundtables if r.id in reporting]
    return leads | seated | {p for r in tables for p in (*r.note_takers, r.general_rapporteur)}


@pytest.mark.parametrize("name", EDITIONS)
def test_everybody_who_helped_and_nobody_else(name: str) -> None:
    edition = load(name)
    found = due(edition, all_done(edition).values(), day_after(edition))
    assert found.keys() == who_helped(edition)
    assert found == parts(edition, all_done(edition).values())
    assert all(len(set(done)) == len(done) for done in found.values())


@pytest.mark.parametrize("name", EDITIONS)
def test_nobody_before_the_forum_is_over(name: str) -> None:
    edition = load(name)
    assert due(edition, all_done(edition).values(), day_after(edition) - dt.timedelta(days=1)) == {}


@given(NAMES, st.data())
def test_only_whose_every_part_is_done_and_who_was_not_thanked(name: str, data: st.DataObject) -> None:
    edition = load(name)
    records = all_done(edition)
    reports = sorted(key for key in records if key[0] in ("report", "roundtable-report"))
    missing = set(data.draw(st.lists(st.sampled_from(reports), max_size=4)))
    for key in missing:
        records[key] = Standing(*key, records[key].session, "received")
    thanked = set(data.draw(st.lists(st.sampled_from(sorted(who_helped(edition))), max_size=4)))
    for party in thanked:
        records[KIND, party] = Standing(KIND, party, None, "drafted")
    found = due(edition, records.values(), day_after(edition))
    for party, done in parts(edition, records.values()).items():
        waits = any(
            ("report", part.session) in missing or ("roundtable-report", part.roundtable) in missing for part in done
        )
        assert (party in found) == (not waits and party not in thanked), party


def test_who_declined_and_whose_note_was_withdrawn_did_not_help() -> None:
    edition = load("brussels-2007")
    session = next(s for s in edition.sessions if s.team and len(s.seats) > 1)
    records = all_done(edition)
    seat = next(seat for seat in session.seats if seat.person)
    records["seat", seat.id] = Standing("seat", seat.id, session.id, "declined", {"person": seat.person})
    records["concept-note", session.id] = Standing("concept-note", session.id, session.id, "withdrawn")
    assert session.team is not None and seat.person is not None
    found = parts(edition, records.values())
    assert Part(role=seat.role, session=session.id) not in found.get(seat.person, [])
    assert Part("lead", session=session.id) not in found.get(session.team.lead, [])


def test_a_replacement_is_thanked_and_not_whom_they_replaced() -> None:
    edition = load("brussels-2007")
    session = next(s for s in edition.sessions if s.seats)
    records = all_done(edition)
    seat = session.seats[0]
    other = next(person.id for person in edition.people if person.id not in who_helped(edition))
    records["seat", seat.id] = Standing("seat", seat.id, session.id, "confirmed", {"person": other})
    assert parts(edition, records.values())[other] == [Part(role=seat.role, session=session.id)]


def test_the_letter_is_about_a_session_where_it_is_one() -> None:
    edition = load("brussels-2007")
    one, two = edition.sessions[:2]
    assert session_of(edition, [Part("lead", session=one.id), Part(role="chair", session=one.id)]) == one
    assert session_of(edition, [Part("lead", session=one.id), Part("lead", session=two.id)]) is None
    assert session_of(edition, [Part("general_rapporteur", roundtable="1")]) is None
