"""Decisions of people: asked once, answered once, corrected with a reason.

The same answer again is the first answer; another one is refused with who decided what and when. A correction takes
the record back to where it was, lists what had followed, and lets the process do it again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tasks.adapters.ledger import Change, Record
from tasks.desk import Desk
from tasks.desk.milestones import unmeet
from tasks.domain import calendar_records, machines, process, rights
from tasks.domain.errors import Invalid, NotNow, Unknown
from tasks.domain.locale import some_of
from tasks.domain.rights import Subject

#: More keys than this are not spelt out in a message.
_SPELT = 12


@dataclass
class Taken:
    """A decision that was taken: the record to move on, or none where the first answer stands already."""

    record: Record | None
    message: str = ""
    #: What had followed from a decision that is corrected, in words.
    undone: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Correction:
    """Which decision is corrected, and why."""

    key: str
    reason: str


def take(
    desk: Desk,
    change: Change,
    *,
    key: str,
    kind: str,
    subject: str,
    answer: dict[str, Any],
    reason: str,
    correction: Correction | None = None,
) -> Taken:
    """Record an answer in `change`; the caller moves the record that comes back, in the same transaction.

    Raises:
        NotYours: the edition gives this decision to others.
        Conflict: it was decided otherwise before.
        Unknown: there is no such record, or no decision to correct.
    """
    record = change.record(kind, subject)
    if record is None:
        raise Unknown(f"{subject}: there is no {kind.replace('-', ' ')} of this name in {desk.edition.id}")
    rights.allow(desk.edition, desk.by, "decide", Subject(kind, record.session))
    undone = _take_back(desk, change, correction) if correction else []
    record = change.record(kind, subject) or record
    if correction:
        change.correct(correction.key, answer, correction.reason)
        return Taken(record, undone=undone)
    row, is_new = change.decide(key, record, answer, reason or None)
    if is_new:
        return Taken(record)
    return Taken(
        None, f"{subject}: already decided so by {row.decided_by} on {row.decided_at:%-d %B %Y}; nothing changed"
    )


def must_be(desk: Desk, record: Record, state: str, about: str, otherwise: str) -> None:
    """Let a decision on `record` pass only in the one state in which it is awaited.

    Raises:
        NotNow: what it is `about`, its state, `otherwise` in words, and which records of its kind do await one.
    """
    if record.state != state:
        keys = [each.key for each in desk.ledger.records(desk.edition.id, record.kind) if each.state == state]
        there = some_of(keys, _SPELT) or "none"
        raise NotNow(f"{about}: is {record.state}, {otherwise}; awaiting one now: {there}")


def bring_back(change: Change, record: Record, to: str, /, **facts: Any) -> None:
    """Move a record against its table of transitions, along the ways back of corrections."""
    machines.check_way_back(record.kind, record.key, to)
    change.move(record, to, **facts)


def _take_back(desk: Desk, change: Change, correction: Correction) -> list[str]:
    """Undo what followed from a decision; what that was, in words."""
    if not correction.reason.strip():
        raise Invalid(f"{correction.key}: a correction needs a reason; say why the decision was wrong")
    decision = desk.ledger.decision(desk.edition.id, correction.key)
    if decision is None:
        raise Unknown(f"{correction.key}: no such decision; `roundtable history {desk.edition.id}` lists them")
    subject = change.record(decision.subject_kind, decision.subject_key)
    assert subject is not None  # a decision is about a record, and records are never removed
    records = desk.ledger.records(desk.edition.id, session=subject.session)
    affected = [subject, *process.followers(subject.kind, subject.key, records)]
    if subject.kind == "report":
        # The reports that rest on this one are made again.
        affected += [r for r in desk.ledger.records(desk.edition.id) if r.kind in process.RESTS_ON_REPORTS]
    fresh = {(r.kind, r.key): r for s in desk.edition.sessions for r in process.records_of(desk.edition, s)}
    later = desk.ledger.history(desk.edition.id, since_seq=decision.history_seq)
    moved = {(row.kind, row.key) for row in later if row.subject == "record"}
    made = {
        (row.kind, row.key, row.change.get("language"), row.change.get("number"))
        for row in later
        if row.subject == "document"
    }
    written = {row.key for row in later if row.subject == "letter"}
    undone = []
    for record in affected:
        if record is not subject and (record.kind, record.key) not in moved:
            continue
        begin = fresh.get((record.kind, record.key))
        if record is subject:
            state, facts = decision.before["state"], dict(decision.before["facts"])
        elif begin is None:
            state, facts = process.VOID[record.kind], dict(record.facts)
        else:
            state, facts = begin.state, dict(begin.facts)
        removed = {name: None for name in record.facts if name not in facts}
        if (state, facts) != (record.state, dict(record.facts)):
            bring_back(change, record, state, **facts, **removed)
            undone.append(f"{record.key} {record.kind.replace('-', ' ')}: {record.state} back to {state}")
    keys = {record.key for record in affected}
    touched = {(record.kind, record.key) for record in affected}
    taken_back = [
        row.key
        for row in later
        if row.kind == calendar_records.MILESTONE
        and row.change.get("state", [None])[0] == "planned"
        and calendar_records.owner_of(row.key) in touched
    ]
    undone += [f"{key} is open again" for key in unmeet(change, desk.edition, taken_back)]
    made_later = [
        row
        for row in desk.ledger.documents(desk.edition.id, session=subject.session, status="current")
        if (row.kind, row.key, row.language, row.number) in made and row.key.partition("|")[0] in keys
    ]
    superseded = change.supersede_documents([row.id for row in made_later], f"correction of {correction.key}")
    undone += [f"{row.name} is superseded" for row in superseded]
    drafts = [
        letter.key
        for letter in desk.open_letters(subject.session)
        # Who sees a folder follows from the team as it is then.
        if letter.act is None
        and letter.key in written
        and keys & {part.partition("|")[0] for part in letter.key.split("/")}
    ]
    undone += [f"letter {key} is cancelled" for key in change.cancel_letters(drafts, f"correction of {correction.key}")]
    if subject.kind == "report" and subject.session:
        undone += [f"action {id} is taken out of the register" for id in change.remove_actions(subject.session)]
    return undone
