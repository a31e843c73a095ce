"""Comments that came as text: in a mail, on paper, on the phone."""

from __future__ import annotations

from typing import Any

from tasks.adapters.ledger import Change, Record
from tasks.desk import Desk
from tasks.domain import background_paper as rules
from tasks.domain.edition import Session
from tasks.domain.errors import Invalid, NotNow, Unknown


def is_late(record: Record) -> bool:
    """Whether comments come after their round was closed, or some of them did."""
    return record.state == "silent" or bool(record.facts.get("late"))


def answered(desk: Desk, change: Change, record: Record, **facts: Any) -> None:
    """Take note of a body's comments; when the first came counts for a silence procedure, whatever comes later."""
    first_at = record.facts.get("first_at") or desk.now.isoformat()
    desk.move(change, record, "answered", late=is_late(record), first_at=first_at, **facts)


def add_text(desk: Desk, session: Session, paper: str, body: str, text: str) -> str:
    """Register a body's comments that came as text with the round that is open, or else with the last one.

    Raises:
        Invalid: nothing was said.
        NotNow: no draft of the paper has gone round.
        Unknown: the body was not asked.
    """
    if not text.strip():
        raise Invalid(f"{paper}: comments of {body} without a word; give their text")
    asked = [
        record
        for record in desk.ledger.records(desk.edition.id, "comments", session.id)
        if record.facts["paper"] == paper
    ]
    if not asked:
        raise NotNow(f"{paper}: no draft has gone round yet")
    mine = [record for record in asked if record.facts["body"] == body]
    if not mine:
        bodies = ", ".join(sorted({record.facts["body"] for record in asked}))
        raise Unknown(f"{paper}: {body} was not asked for comments; asked were {bodies}")
    record = max(mine, key=lambda each: each.facts["round"])
    number = len(record.facts.get("texts", {})) + 1
    made = desk.keep(
        text.strip().encode(), stage=rules.STAGE, kind="comments-text", key=paper, session=session.id,
        language=desk.edition.drafting_language.id, number=number, party=body, extension="txt",
        name=f"{paper}-comments-text-draft-{record.facts['round']}-{body}-v{number}",
    )  # fmt: skip
    texts = {**record.facts.get("texts", {}), made.sha256: ["", desk.now.isoformat()]}
    summary = f"{paper}: comments of {body} on draft {record.facts['round']} in words"
    if made.sha256 in record.facts.get("texts", {}):
        return f"{summary}: registered already"
    with desk.change(f"comments of {body} came as text") as change:
        desk.add(change, made, status="received")
        answered(desk, change, record, texts=texts)
    return summary
