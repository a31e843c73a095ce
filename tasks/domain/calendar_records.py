"""Which step of a record meets which milestone, and where a milestone stands (docs/process.md).

Every milestone of an edition is a record of kind `milestone` in the ledger: planned, met when what it asks for is in,
void when nobody waits for it any more. Its facts keep the day it was planned for when the edition started (`baseline`),
the day that holds now (`due`, and `due_at` to the minute) and the day it was met (`actual`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasks.domain.calendar import Planned
from tasks.domain.edition import Event
from tasks.domain.view import milestone_key

MILESTONE = "milestone"
#: A dated event of the calendar as a record: its day may move, what was planned stays as `baseline`.
EVENT = "event"
EXTENSION = "extension"
#: A task for the telephone or an embassy, where e-mail does not reach a body.
CALL = "call"
#: The points of a series of reminders to one party about one milestone that were handled, and by which letter.
REMINDER = "reminder"
#: Records of the calendar stand beside those of the stages.
OF_THE_CALENDAR = frozenset({MILESTONE, EVENT, EXTENSION, CALL, REMINDER})


def due_facts(planned: Planned) -> dict[str, Any]:
    """What the record of a milestone keeps of the plan that holds now."""
    return {"due": planned.due.isoformat(), "due_at": planned.due_at.isoformat()}


def first_facts(planned: Planned) -> dict[str, Any]:
    """The facts a milestone begins with; its baseline stays whatever happens."""
    about = {"item": planned.item, "milestone": planned.milestone, "baseline": planned.due.isoformat()}
    return {**about, **due_facts(planned)}


def event_facts(event: Event) -> dict[str, Any]:
    """The facts a dated event begins with."""
    assert event.date is not None  # only events with a day are records
    until = {"until": event.until.isoformat()} if event.until else {}
    return {"date": event.date.isoformat(), "baseline": event.date.isoformat(), **until}


def met_by(
    kind: str, key: str, session: str | None, before: str, state: str, facts: Mapping[str, Any]
) -> tuple[str, ...]:
    """Keys of the milestones that are met when a record comes from `before` into `state`."""
    owner = session or key
    match kind, state:
        case "concept-note", "invited" if before == "planned":
            return (milestone_key(key, "note-invitation"),)
        case "concept-note", "received":
            return (milestone_key(key, "note-due"),)
        case "concept-note", "accepted":
            return (milestone_key(key, "note-decision"),)
        case "background-paper", "writing" if before == "planned":
            return (milestone_key(key, "call-for-input"),)
        case "background-paper", "drafted":
            return (milestone_key(key, f"draft-{facts['round']}"),)
        case "background-paper", "deciding":
            return (milestone_key(key, f"comments-{facts['round']}"),)
        case "background-paper", "submitted":
            return (milestone_key(key, "final-due"),)
        case "seat", "invited":
            return (milestone_key(owner, "panel-invitation"),)
        case "panel", "complete":
            return (milestone_key(owner, "panel-complete"),)
        case "translation", "received":
            return (milestone_key(key, "translation-due"),)
        case "translation", "reviewed":
            return (milestone_key(key, "translation-review-due"),)
        case "summary", "prepared":
            return (milestone_key(key, "report-templates"),)
        case "summary", "received":
            return (milestone_key(key, "summary-due"),)
        case "report", "received":
            return (milestone_key(key, "report-due"),)
        case "roundtable-report", "issued":
            return (milestone_key(key, "roundtable-report-due"),)
    return ()


#: The kind of record each milestone is about, by how its id begins; the longer beginnings first.
_OWNERS = (
    ("roundtable-report-due", "roundtable-report"), ("report-templates", "summary"), ("summary-due", "summary"),
    ("report-due", "report"), ("note-", "concept-note"), ("panel-", "panel"), ("translation-", "translation"),
    ("call-for-input", "background-paper"), ("input-due", "background-paper"), ("draft-", "background-paper"),
    ("comments-", "background-paper"), ("final-due", "background-paper"),
)  # fmt: skip


def owner_of(key: str) -> tuple[str, str]:
    """Kind and key of the record a milestone key is about."""
    item, _, milestone = key.rpartition("/")
    return next(kind for beginning, kind in _OWNERS if milestone.startswith(beginning)), item


#: What nobody waits for once a note is withdrawn: its own deadlines and those of papers and translations.
_OF_THE_PAPER = ("concept-note", "background-paper", "translation")


def voids(kind: str, state: str) -> bool:
    """Whether a record that comes into `state` makes milestones pointless; `is_voided_by` tells which."""
    return (kind, state) in (("concept-note", "withdrawn"), ("background-paper", "drafted"))


def is_voided_by(kind: str, key: str, milestone: str) -> bool:
    """Whether such a record, `key`, makes a milestone (by its key) of its session pointless.

    With a draft on the table nobody waits for the input to it any more.
    """
    if kind == "background-paper":
        return milestone == milestone_key(key, "input-due")
    return owner_of(milestone)[0] in _OF_THE_PAPER


#: In these states nothing more is written for the record: a deadline that is added to it later asks nobody.
_PAST = {"background-paper": ("submitted", "frozen", "issued"), "translation": ("issued",)}


def begins_void(milestone: str, session: str | None, states: Mapping[tuple[str, str], str]) -> bool:
    """Whether nobody waits for a milestone (by its key) that is added to a running edition.

    `states` are those of the records by kind and key: the note of `session` is withdrawn, or the milestone's own record
    is past it, as a final text is past a further comment round.
    """
    kind, key = owner_of(milestone)
    is_withdrawn = session is not None and states.get(("concept-note", session)) == "withdrawn"
    return (is_withdrawn and kind in _OF_THE_PAPER) or states.get((kind, key)) in _PAST.get(kind, ())
