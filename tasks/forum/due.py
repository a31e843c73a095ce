"""Which steps of the edition as a whole can be taken today."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

from tasks.adapters.ledger import Record
from tasks.desk import Desk
from tasks.domain import thanks
from tasks.domain.edition import Roundtable
from tasks.domain.view import Step

STAGE = "forum"


def due(desk: Desk, records: Sequence[Record] | None = None) -> list[Step]:
    """The steps that can be taken for the edition today: as in `records`, or as the ledger has them now."""
    records = desk.records() if records is None else records
    of_kind: dict[str, list[Record]] = {}
    for record in records:
        of_kind.setdefault(record.kind, []).append(record)
    steps = []
    if any(r.state != "planned" and not r.facts.get("called") for r in of_kind.get("background-paper", [])):
        steps.append(Step(STAGE, "call_for_input", "call-for-input"))
    steps += [
        Step(STAGE, "compile", meeting) for meeting in _meetings_to_compile(desk, of_kind.get("concept-note", []))
    ]
    if panel_fingerprint(desk, of_kind):
        steps.append(Step(STAGE, "annex", "panellists-by-region"))
    steps += [Step(STAGE, "hand_over", roundtable.id) for roundtable in _summaries_complete(desk, of_kind)]
    issued = {r.session for r in of_kind.get("report", []) if r.state == "issued"}
    planned = {(r.kind, r.key) for r in records if r.state == "planned"}
    reporting = [session for session in desk.edition.sessions if session.report_parts]
    for roundtable in desk.edition.roundtables:
        sessions = {s.id for s in reporting if s.roundtable == roundtable.id}
        if ("roundtable-report", roundtable.id) in planned and sessions and sessions <= issued:
            steps.append(Step(STAGE, "roundtable_report", roundtable.id))
    if reporting and {s.id for s in reporting} <= issued:
        steps += [
            Step(STAGE, name, key)
            for kind, name, key in (
                ("horizontal-report", "horizontal_report", "horizontal"),
                ("action-register", "action_register", "actions"),
            )
            if (kind, key) in planned
        ]
    if thanks.due(desk.edition, records, desk.today):
        steps.append(Step(STAGE, "thank", "thanks"))
    return steps


def _meetings_to_compile(desk: Desk, notes: Sequence[Record]) -> list[str]:
    """Meetings whose notes are all numbered, or whose last working day before has come, and that table something."""
    found = []
    for event in desk.edition.events:
        waiting = [n for n in notes if n.state == "numbered" and n.facts.get("meeting") == event.id]
        if not waiting or event.date is None:
            continue
        coming = [n for n in notes if n.state in ("planned", "invited", "received", "returned", "accepted")]
        if not coming or desk.today >= event.date - dt.timedelta(days=1):
            found.append(event.id)
    return found


def panel_fingerprint(desk: Desk, of_kind: dict[str, list[Record]]) -> str:
    """What the annex of panellists would say, as a hash; empty while a panel is open or the annex says it already."""
    panels = of_kind.get("panel", [])
    if not panels or any(panel.state != "complete" for panel in panels):
        return ""
    confirmed = sorted(f"{s.key}={s.facts['person']}" for s in of_kind.get("seat", []) if s.state == "confirmed")
    fingerprint = hashlib.sha256("\n".join(confirmed).encode()).hexdigest()
    annexes = of_kind.get("annex", [])
    return "" if annexes and annexes[0].facts["panellists"] == fingerprint else fingerprint


def _summaries_complete(desk: Desk, of_kind: dict[str, list[Record]]) -> list[Roundtable]:
    """Roundtables whose summaries are all issued and not handed over yet."""
    issued = {r.session for r in of_kind.get("summary", []) if r.state == "issued"}
    handed = {r.key for r in of_kind.get("roundtable-report", []) if r.facts.get("handed_over")}
    found = []
    for roundtable in desk.edition.roundtables:
        sessions = {s.id for s in desk.edition.sessions if s.roundtable == roundtable.id and s.report_parts}
        if sessions and sessions <= issued and roundtable.id not in handed:
            found.append(roundtable)
    return found
