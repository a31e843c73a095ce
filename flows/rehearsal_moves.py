"""What the people of a rehearsal decide, as the decision flows that record it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from config import settings as configuration
from flows import calendar, decisions, translations
from flows.comments import decide_comments
from flows.mailroom import assign_document
from flows.office import inbox
from tasks import comment_matrix, mailroom, translation
from tasks.asks import session_of
from tasks.desk import Desk
from tasks.domain.errors import Refusal
from tasks.domain.players import Move, Script
from tasks.meetings import preview
from tasks.rehearsal import Players

#: Who decides where the edition names no director, and who starts a rehearsal.
DIRECTOR = "rehearsal"


def decide(desk: Desk, move: Move, day: dt.date) -> list[Any]:
    """The decision flows a move is: awaitables of their final states."""
    if move.kind == "comment-decisions":
        return list(_on_comments(desk, move, day))
    return [_decision(desk, move, day)]


def _on_comments(desk: Desk, move: Move, day: dt.date) -> Iterator[Any]:
    """What a coordinator would do with the comments of a round: take what can be taken, note what only asks."""
    paper, _, round = move.key.partition("|")
    matrix = comment_matrix.matrix_of(desk, paper, int(round))
    by = desk.edition.coordinator_of(desk.edition.session(move.session)).id
    taken: set[str] = set()
    chosen: dict[str, list[str]] = {}
    for row in matrix.undecided:
        if not row.changes:
            answer = "noted"
        elif taken.isdisjoint(row.conflicts):
            answer = move.scene.answer or "accepted"
            taken.add(row.id)
        else:
            answer = "not-accepted"
        chosen.setdefault(answer, []).append(row.id)
    flow: Any = decide_comments
    for answer, rows in chosen.items():
        reason = "Another wording was taken for this passage." if answer == "not-accepted" else move.scene.reason
        yield flow(
            desk.edition.id, paper, answer, by, comments=rows, reason=reason, round=int(round), today=day,
            return_state=True,
        )  # fmt: skip


def _decision(desk: Desk, move: Move, day: dt.date) -> Any:
    edition, scene = desk.edition, move.scene
    flow: Any = decisions  # a flow called with return_state returns a state, which its type does not say
    session = edition.session(move.session)
    by = edition.coordinator_of(session).id
    common: dict[str, Any] = {"by": by, "today": day, "return_state": True}
    match move.kind:
        case "note-decision":
            return flow.decide_note(edition.id, move.session, scene.answer or "accept", reason=scene.reason, **common)
        case "meeting-outcome":
            adopting = next(outcome.id for outcome in edition.rules.note_outcomes if outcome.leads_to == "adopted")
            return flow.record_outcome(
                edition.id,
                move.session,
                scene.outcome or adopting,
                joined=list(scene.joined),
                reason=scene.reason,
                **common,
            )
        case "paper-decision":
            return flow.decide_paper(edition.id, move.key, scene.answer or "freeze", reason=scene.reason, **common)
        case "comments":
            paper, _, body = move.key.split("|")
            return flow.record_nil_return(edition.id, paper, body, **common)
        case "translation":
            checked = translation.checked_translation(desk, move.key)
            numbers = [at for at, each in enumerate(checked.findings, start=1) if each in checked.blocking]
            waived: Any = translations.waive_findings
            return waived(edition.id, move.key, numbers, scene.reason, **common)
        case "translation-review":
            key, _, body = move.key.rpartition("|")
            answered: Any = translations.answer_review
            return answered(edition.id, key, body, "nil", **common)
        case "seat-answer":
            # A replacement that is only named for a later withdrawal is not asked while the seat is confirmed.
            replacement = scene.replacement if scene.answer in ("declined", "withdrawn") else None
            return flow.record_answer(
                edition.id,
                move.key,
                scene.answer or "confirmed",
                replacement=replacement,
                reason=scene.reason,
                **common,
            )
        case "report-decision":
            flagged = desk.record(move.record, move.key).facts.get("attributions", [])
            cleared = bool(flagged) if scene.cleared is None else scene.cleared
            answer = scene.answer or "accept"
            return flow.decide_report(
                edition.id, move.session, answer, cleared=cleared and answer == "accept", reason=scene.reason,
                document=move.record, **common,
            )  # fmt: skip
    raise Refusal(f"{move.kind}: no decision")


def assignments(desk: Desk, day: dt.date) -> Iterator[Any]:
    """What came into the tray before today is said to be the likeliest of its suggestions, by whose session it is."""
    flow: Any = assign_document
    for record in mailroom.waiting(desk):
        suggestions = record.facts["suggestions"]
        if suggestions and record.changed_at.date() < day:
            by = desk.edition.coordinator_of(desk.edition.session(suggestions[0]["session"])).id
            yield flow(desk.edition.id, record.key, "1", by, today=day, return_state=True)


def amendments(desk: Desk, day: dt.date, script: Script) -> Iterator[Any]:
    """The published papers that are to be changed by `day` and are not yet: the file is dropped, the change decided."""
    people = Players(desk, configuration.load().editions / desk.edition.id, script)
    flow: Any = translations.amend_paper
    for amendment in (each for each in script.amendments if each.day <= day):
        data = people.amended(amendment)
        if data is not None:
            name = f"{amendment.paper} {amendment.material}.docx"
            inbox().drop(name, data)
            by = desk.edition.coordinator_of(session_of(desk, amendment.paper)).id
            yield flow(
                desk.edition.id, amendment.paper, name, amendment.how, amendment.reason, by, today=day,
                return_state=True,
            )  # fmt: skip


def about_the_calendar(
    desk: Desk, day: dt.date, script: Script, say: Callable[[str], None]
) -> Iterator[tuple[str, Any]]:
    """The moves of meetings, each with its preview first, the extensions, the forecast of `day`; with their names."""
    edition = desk.edition.id
    by = next((member.id for member in desk.edition.staff if member.role == "director"), DIRECTOR)
    flow: Any = calendar
    for move in (move for move in script.meetings if move.day == day):
        follows = calendar.summary(preview(desk, {move.event: move.to}))
        say(f"{day:%Y-%m-%d}  {move.event} is to move to {move.to:%-d %B %Y}: {follows}")
        for apply in (False, True):
            yield "move-meeting", flow.move_meeting(
                edition, move.event, move.to, by=by, apply=apply, reason=move.reason, today=day, return_state=True
            )  # fmt: skip
    for grant in (grant for grant in script.extensions if grant.day == day):
        yield "grant-extension", flow.grant_extension(
            edition, grant.milestone, grant.party, grant.until, grant.reason, by=by, today=day, return_state=True
        )  # fmt: skip
    if script.forecast_on == day:
        from flows import calendar_view, forecast  # they draw: slow to import, and seldom needed

        drawn: Any = (calendar_view.report_calendar, forecast.forecast_edition)
        yield "forecast-edition", drawn[0](edition, by=by, today=day, return_state=True)
        yield "forecast-edition", drawn[1](edition, keep=True, by=by, today=day, return_state=True)
