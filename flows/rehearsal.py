"""An edition replayed on a simulated clock: on each day its people make their moves, then the sweep runs.

Every move goes through the same door as a real one: files through the inbox, decisions through the decision flows.
Interrupted anywhere and started again, it repeats the last day that left a trace and goes on.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from prefect.client.schemas.objects import State
from prefect.context import AsyncClientContext, SyncClientContext

from config import settings as configuration
from flows import board, calendar, decisions, mailroom
from flows.comments import decide_comments
from flows.edition import due_teams, is_due, prepare_edition, start_edition
from flows.office import desk_for, inbox, open_ledger
from flows.outbox import approve_letters, send_letters
from tasks import comment_matrix
from tasks.adapters.ledger import Ledger
from tasks.desk import Desk
from tasks.domain import players, process
from tasks.domain.errors import Refusal
from tasks.domain.outbox import READY, code_of, why_not_approved
from tasks.domain.players import Move, Script
from tasks.meetings import preview
from tasks.rehearsal import Players, last_day, load_script

#: Who starts a rehearsal.
DIRECTOR = "rehearsal"
_FILES = {"concept-note", "draft", "comments", "translation", "summary", "report"}
Say = Callable[[str], None]
#: More keys than this are not spelt out in a line.
_SPELT = 60


@dataclass
class Season:
    """What a rehearsal did: flow runs by name, days with something to do, problems."""

    runs: Counter[str] = field(default_factory=Counter)
    days: int = 0
    moves: int = 0
    seconds: float = 0.0


async def rehearse(edition: str, say: Say, until: dt.date | None = None) -> Season:
    """Replay the preparation of `edition` until its last day, or until `until`; what it took.

    Raises:
        Refusal: the edition or its script has mistakes, or a step was refused that the script did not foresee.
    """
    settings = configuration.load()
    folder = settings.editions / edition
    script, season, began = load_script(folder), Season(), time.monotonic()
    ledger = open_ledger(settings)
    day = script.begins
    if ledger.edition(edition) is None:
        await _run(season, say, day, start_edition(edition, by=DIRECTOR, today=day, return_state=True), "start-edition")
    else:
        day = last_day([row.at for row in ledger.history(edition)], script)
        say(f"{day:%Y-%m-%d}  goes on where it was interrupted")
        _forget_undelivered(edition, ledger)
    last = min(until, script.ends) if until else script.ends
    # One client for all flows and one for all tasks, instead of a new one for each.
    async with AsyncClientContext.get_or_create():
        with SyncClientContext.get_or_create():
            while day <= last:
                await _one_day(edition, day, script, season, say)
                day += dt.timedelta(days=1)
    board.place_documents(desk_for(edition, today=last, run="board"))
    if last == script.ends:
        from flows.calendar_view import report_calendar  # draws: slow to import, and seldom needed

        reported: Any = report_calendar(edition, by=DIRECTOR, today=last, return_state=True)
        await _run(season, say, last, reported, "report-calendar")
    season.seconds = time.monotonic() - began
    return season


def _forget_undelivered(edition: str, ledger: Ledger) -> None:
    """Take out of the inbox what an interrupted day had sent and nobody received: it is sent again on its own day."""
    for name in inbox().names():
        if ledger.arrival(edition, hashlib.sha256(inbox().read(name)).hexdigest()) is None:
            (inbox().folder / name).unlink()


async def _one_day(edition: str, day: dt.date, script: Script, season: Season, say: Say) -> None:
    desk = desk_for(edition, today=day, run="looking")
    records = desk.records()
    moves = [m for view in desk.views(records) for m in players.moves(view, process.waits(view, day), script, day)]
    season.moves += len(moves)
    people = Players(desk, configuration.load().editions / edition, script)
    files = [people.write(move) for move in moves if _is_file(move)]
    for sent in files:
        inbox().drop(sent.name, sent.data)
    has_mail = bool(inbox().names())
    if has_mail:
        await _run(
            season, say, day, mailroom.receive_documents(edition, today=day, return_state=True), "receive-documents"
        )
    for move in moves:
        if not _is_file(move):
            for decided in decide(desk, move, day):
                await _run(season, say, day, decided, move.kind)
    decided = await _decide_about_the_calendar(desk, day, script, season, say)
    if moves or has_mail or decided:
        desk = desk_for(edition, today=day, run="looking")
        records = desk.records()
    if is_due(desk, records):
        teams = len(due_teams(desk, records))
        seen = desk.ledger.last_seq(edition)
        state = await prepare_edition(edition, day, return_state=True)
        season.runs["prepare-edition"] += 1
        season.runs["prepare-session"] += teams
        for line in _told(desk, seen):
            say(f"{day:%Y-%m-%d}  {line}")
        if state.is_failed() or state.name == "Refused":
            raise Refusal(f"{day}: the sweep was refused: {state.message}")
    if script.approves:
        await _send_the_letters(edition, day, script.approves, season, say)
    if moves or files:
        season.days += 1


async def _send_the_letters(edition: str, day: dt.date, by: str, season: Season, say: Say) -> None:
    """Approve the drafts of the day exactly as they stand, as a person would who has read them, and send them."""
    desk = desk_for(edition, by=by, today=day, run="looking")
    drafts = desk.ledger.letters(edition, status="draft")
    ready = [(row.key, row.digest) for row in drafts if not why_not_approved(row.key, row.recipients)]
    if ready:
        letters: Any = approve_letters(edition, by, every=True, code=code_of(ready), today=day, return_state=True)
        await _run(season, say, day, letters, "approve-letters")
    if desk.ledger.letter_keys(edition, READY):
        sent: Any = send_letters(edition, today=day, return_state=True)
        await _run(season, say, day, sent, "send-letters")


async def _decide_about_the_calendar(desk: Desk, day: dt.date, script: Script, season: Season, say: Say) -> bool:
    """The moves of meetings and extensions that the script has for today, each meeting with its preview first."""
    edition = desk.edition.id
    by = next((member.id for member in desk.edition.staff if member.role == "director"), DIRECTOR)
    meetings = [move for move in script.meetings if move.day == day]
    for move in meetings:
        follows = calendar.summary(preview(desk, {move.event: move.to}))
        say(f"{day:%Y-%m-%d}  {move.event} is to move to {move.to:%-d %B %Y}: {follows}")
        for apply in (False, True):
            moved: Any = calendar.move_meeting(
                edition, move.event, move.to, by=by, apply=apply, reason=move.reason, today=day, return_state=True
            )  # fmt: skip
            await _run(season, say, day, moved, "move-meeting")
    grants = [grant for grant in script.extensions if grant.day == day]
    for grant in grants:
        granted: Any = calendar.grant_extension(
            edition, grant.milestone, grant.party, grant.until, grant.reason, by=by, today=day, return_state=True
        )  # fmt: skip
        await _run(season, say, day, granted, "grant-extension")
    if script.forecast_on == day:
        from flows.calendar_view import report_calendar
        from flows.forecast import forecast_edition

        for ahead in (
            report_calendar(edition, by=by, today=day, return_state=True),
            forecast_edition(edition, keep=True, by=by, today=day, return_state=True),
        ):
            forecast: Any = ahead
            await _run(season, say, day, forecast, "forecast-edition")
    return bool(meetings or grants)


def _is_file(move: Move) -> bool:
    """Whether a move arrives as a file; a nil return is told, not sent."""
    return move.kind in _FILES and not move.scene.nil


def _told(desk: Desk, seen: int) -> list[str]:
    """What the sweep did, one line for each reason, with the records it moved."""
    by_reason: dict[str, list[str]] = {}
    for row in desk.ledger.history(desk.edition.id, since_seq=seen):
        if row.subject == "record" and "state" in row.change:
            by_reason.setdefault(row.why, []).append(row.key)
    return [f"{why}: {_spelt(list(dict.fromkeys(keys)))}" for why, keys in by_reason.items()]


def _spelt(keys: list[str]) -> str:
    """Keys, of very many only the first."""
    more = f" and {len(keys) - _SPELT} more" if len(keys) > _SPELT else ""
    return ", ".join(keys[:_SPELT]) + more


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
            flagged = desk.record("report", move.key).facts.get("attributions", [])
            cleared = bool(flagged) if scene.cleared is None else scene.cleared
            answer = scene.answer or "accept"
            return flow.decide_report(
                edition.id, move.session, answer, cleared=cleared and answer == "accept", reason=scene.reason, **common
            )
    raise Refusal(f"{move.kind}: no decision")


async def _run(season: Season, say: Say, day: dt.date, run: Awaitable[Any], name: str) -> None:
    state: State[Any] = await run
    season.runs[name] += 1
    for line in (state.message or state.name or "").splitlines():
        say(f"{day:%Y-%m-%d}  {line}")
    if state.is_failed():
        raise Refusal(f"{day}: {name} failed: {state.message}")


def main() -> None:
    """Run in a process of its own, whose environment names the rehearsal's home and server: EDITION [UNTIL]."""
    edition, *rest = sys.argv[1:]
    until = dt.date.fromisoformat(rest[0]) if rest else None
    try:
        season = asyncio.run(rehearse(edition, lambda line: print(line, flush=True), until))
    except Refusal as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        sys.exit("interrupted; start it again and it goes on")
    total = sum(season.runs.values())
    print(
        f"\n{total} flow runs in {season.seconds:.0f} s: " + ", ".join(f"{n} {c}" for n, c in season.runs.most_common())
    )


if __name__ == "__main__":
    main()
