"""What the tests of the domain share: the real editions, and teams in any state of things."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tasks.adapters.edition_files import Loaded, load
from tasks.domain import background_paper, process
from tasks.domain.calendar import deadlines, plan
from tasks.domain.edition import Edition, Session
from tasks.domain.machines import TRANSITIONS
from tasks.domain.view import TeamView

ROOT = Path(__file__).resolve().parents[2]
#: Every edition there is, and where its folder lies.
EDITIONS = {"brussels-2007": ROOT / "config" / "editions", "six-languages": ROOT / "tests" / "editions"}


@cache
def loaded(name: str, overlay: bool = True) -> Loaded:
    return load(EDITIONS[name], name, overlay=overlay)


def edition(name: str) -> Edition:
    return loaded(name).edition


def every_session() -> list[tuple[str, str]]:
    """(edition, session) of all editions."""
    return [(name, session.id) for name in EDITIONS for session in edition(name).sessions]


@dataclass(frozen=True)
class Standing:
    """A record as a stage sees it."""

    kind: str
    key: str
    session: str | None
    state: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    changed_at: dt.datetime = dt.datetime(2007, 1, 2, 9, tzinfo=dt.UTC)


@cache
def _deadlines(name: str) -> dict[str, dt.date]:
    return deadlines(edition(name))


def deadlines_of(name: str) -> dict[str, dt.date]:
    return dict(_deadlines(name))


def view_of(name: str, session: str, records: Mapping[tuple[str, str], Standing]) -> TeamView:
    found = edition(name)
    return TeamView(found, found.session(session), records, planned_days(name))


@cache
def planned_days(name: str) -> dict[str, dt.date]:
    """The day of every milestone of an edition, by milestone key."""
    return {key: planned.due for key, planned in plan(edition(name)).items()}


def at_the_start(name: str, session: str, changed_at: dt.datetime | None = None) -> dict[tuple[str, str], Standing]:
    """The records a session begins with."""
    found = edition(name)
    when = changed_at or Standing("", "", None, "").changed_at
    return {
        (record.kind, record.key): Standing(record.kind, record.key, record.session, record.state, record.facts, when)
        for record in process.records_of(found, found.session(session))
    }


def with_state(
    records: Mapping[tuple[str, str], Standing], kind: str, key: str, state: str, **facts: Any
) -> dict[tuple[str, str], Standing]:
    """`records` with one of them in another state, or a new one."""
    before = records.get((kind, key))
    session = before.session if before else None
    kept = {**(before.facts if before else {}), **facts}
    when = before.changed_at if before else Standing("", "", None, "").changed_at
    return {**records, (kind, key): Standing(kind, key, session, state, kept, when)}


def _facts(found: Edition, kind: str, state: str, day: dt.date) -> dict[str, Any]:
    """What a record of this kind carries once it has come so far."""
    match kind, state:
        case "concept-note", "numbered" | "tabled" | "adopted" | "withdrawn":
            return {"meeting": found.rules.note_tabled_at}
        case "background-paper", "circulated":
            return {"until": day.isoformat()}
        case "seat", "nominated" | "invited" | "confirmed" | "declined" | "withdrawn":
            return {"person": found.people[0].id, "invitation": 1}
    return {}


@st.composite
def teams(draw: st.DrawFn) -> tuple[TeamView, dt.date]:
    """A team of any edition with each record in any state, and a day: consistent where one step moves two records."""
    name, session_id = draw(st.sampled_from(every_session()))
    found = edition(name)
    dates = sorted(_deadlines(name).values())
    day = draw(st.dates(dates[0] - dt.timedelta(days=30), dates[-1] + dt.timedelta(days=30)))
    since = day - dt.timedelta(days=draw(st.integers(0, 40)))
    when = dt.datetime.combine(since, dt.time(9), dt.UTC)
    records = at_the_start(name, session_id, when)
    for kind, key in list(records):
        state = draw(st.sampled_from(sorted(TRANSITIONS[kind])))
        if kind == "report":
            # One step moves summary and report out of `planned` together.
            begun = records["summary", key].state != "planned"
            state = draw(st.sampled_from(sorted(TRANSITIONS[kind].keys() - {"planned"}))) if begun else "planned"
        records = with_state(records, kind, key, state, **_facts(found, kind, state, day))
        if kind == "background-paper":
            round = draw(st.integers(1, found.rules.comment_rounds))
            records = with_state(records, kind, key, state, round=round)
            records = {**records, **dict(_comments(draw, found, found.session(session_id), key, round, state, when))}
    return view_of(name, session_id, records), day


def _comments(
    draw: st.DrawFn, found: Edition, session: Session, key: str, round: int, state: str, when: dt.datetime
) -> Iterator[tuple[tuple[str, str], Standing]]:
    """The comment records of the rounds so far; only a paper that goes round has any that are still asked."""
    assert session.team is not None
    answered: dict[int, list[list[str]]] = defaultdict(list)
    for number in range(1, round + (state not in ("planned", "writing", "drafted"))):
        for body in session.team.bodies[1:]:
            is_open = number == round and state == "circulated"
            states = ["answered", "nil", "silent"] if not is_open else ["answered", "asked", "nil"]
            comment = f"{key}|{number}|{body}"
            facts = {"paper": key, "round": number, "body": body, "version": number, "file": f"sha of {comment}"}
            answer = draw(st.sampled_from(states))
            answered[number] += [[body, "file", f"sha of {comment}"]] if answer == "answered" else []
            yield ("comments", comment), Standing("comments", comment, session.id, answer, facts, when)
    for number, sources in answered.items():
        if sources and draw(st.sampled_from(("none", "made"))) == "made":
            matrix, at = f"{key}|{number}", draw(st.sampled_from(sorted(TRANSITIONS["comment-matrix"])))
            kept = sorted(sources)[draw(st.integers(0, 1)) :]  # what came since is not in it yet
            facts = {"paper": key, "round": number, "sources": kept, "undecided": 3}
            yield ("comment-matrix", matrix), Standing("comment-matrix", matrix, session.id, at, facts, when)


#: What each step does: (kind, state) of the records it moves, by stage and name of the step.
STEPS: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("concept-note", "invite"): (("concept-note", "invited"),),
    ("concept-note", "number"): (("concept-note", "numbered"),),
    ("background-paper", "open"): (("background-paper", "writing"),),
    ("background-paper", "circulate"): (("background-paper", "circulated"),),
    ("background-paper", "close_round"): (("background-paper", "deciding"),),
    ("background-paper", "compile"): (("comment-matrix", "open"),),
    ("background-paper", "settle"): (("comment-matrix", "settled"),),
    ("background-paper", "ask_next"): (("background-paper", "writing"),),
    ("background-paper", "issue"): (("background-paper", "issued"),),
    ("panel", "invite"): (("seat", "invited"),),
    ("panel", "complete"): (("panel", "complete"),),
    ("panel", "reopen"): (("panel", "incomplete"),),
    ("translation", "send"): (("translation", "sent"),),
    ("translation", "ask_reviewers"): (("translation", "reviewing"),),
    ("translation", "close_review"): (("translation", "reviewed"),),
    # The paper's key: all its translations that are ready.
    ("translation", "issue"): (("background-paper", "issued"),),
    ("rapporteur-report", "prepare"): (("summary", "prepared"), ("report", "prepared")),
    ("rapporteur-report", "remake"): (),
    ("rapporteur-report", "issue_summary"): (("summary", "issued"),),
    ("rapporteur-report", "issue_report"): (("report", "issued"),),
}


def writer_of(name: str, session: str, key: str) -> str:
    found = edition(name).session(session)
    return background_paper.writer(found, background_paper.paper_of(found, key))
