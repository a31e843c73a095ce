"""An edition replayed on a simulated clock: on each day its people make their moves, then the sweep runs.

Every move goes through the same door as a real one: files come by mail or into the inbox and through the mailroom,
decisions through their flows (`flows.rehearsal_moves`). Interrupted anywhere and started again, it repeats the last day
that left a trace and goes on.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import gc
import hashlib
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from prefect.client.schemas.objects import State
from prefect.context import AsyncClientContext, SyncClientContext

from config import settings as configuration
from flows import board, mailroom
from flows.edition import due_teams, is_due, prepare_edition, start_edition
from flows.office import delivery, desk_for, inbox, open_ledger
from flows.outbox import approve_letters, letter_delivered, send_letters
from flows.rehearsal_moves import DIRECTOR, about_the_calendar, amendments, assignments, decide
from tasks.adapters.durability import outliving_the_process_only
from tasks.adapters.ledger import Ledger
from tasks.adapters.ports import Incoming
from tasks.desk import Desk
from tasks.domain import players, process
from tasks.domain.errors import Refusal
from tasks.domain.locale import some_of
from tasks.domain.outbox import READY, code_of, is_on_paper, why_not_approved
from tasks.domain.players import Move, Script
from tasks.mailroom import is_taken
from tasks.rehearsal import LocalPost, Players, Post, last_day, load_script, mail_name, mail_of

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
    mails: int = 0
    seconds: float = 0.0


async def rehearse(edition: str, say: Say, until: dt.date | None = None, post: Post | None = None) -> Season:
    """Replay the preparation of `edition` until its last day, or until `until`; what it took.

    Args:
        post: Where its people send their mails; without it, into the inbox of this home.

    Raises:
        Refusal: the edition or its script has mistakes, or a step was refused that the script did not foresee.
    """
    settings = configuration.load()
    folder = settings.editions / edition
    script, season, began = load_script(folder), Season(), time.monotonic()
    post = post or LocalPost(settings.home)
    ledger = open_ledger(settings)
    day, has_mail = script.begins, False
    if ledger.edition(edition) is None:
        await _run(season, say, day, start_edition(edition, by=DIRECTOR, today=day, return_state=True), "start-edition")
    else:
        day = last_day([row.at for row in ledger.history(edition)], script)
        say(f"{day:%Y-%m-%d}  goes on where it was interrupted")
        _forget_undelivered(edition, ledger, post)
        has_mail = mailroom.mail_waits(desk_for(edition, today=day, run="looking"), delivery())
    last = min(until, script.ends) if until else script.ends
    # One client for all flows and one for all tasks, instead of a new one for each.
    async with AsyncClientContext.get_or_create():
        with SyncClientContext.get_or_create():
            while day <= last:
                await _one_day(edition, day, script, season, say, post, has_mail)
                day, has_mail = day + dt.timedelta(days=1), False
    board.place_documents(desk_for(edition, today=last, run="board"))
    if last == script.ends:
        from flows.calendar_view import report_calendar  # draws: slow to import, and seldom needed

        reported: Any = report_calendar(edition, by=DIRECTOR, today=last, return_state=True)
        await _run(season, say, last, reported, "report-calendar")
    season.seconds = time.monotonic() - began
    return season


def _forget_undelivered(edition: str, ledger: Ledger, post: Post) -> None:
    """Take back what an interrupted day had sent and nobody received: it is sent again on its own day."""
    for name in inbox().names():
        if ledger.arrival(edition, hashlib.sha256(inbox().read(name)).hexdigest()) is None:
            (inbox().folder / name).unlink()

    def known(mail: Incoming) -> bool:
        return is_taken(ledger, edition, mail)

    post.take_back(known)


async def _one_day(
    edition: str, day: dt.date, script: Script, season: Season, say: Say, post: Post, has_mail: bool
) -> None:
    """A day's moves, then the sweep. Of one that was interrupted mails may lie there already, taken in by half."""
    desk = desk_for(edition, today=day, run="looking")
    is_assigned = False
    for assigned in assignments(desk, day):
        is_assigned = True
        await _run(season, say, day, assigned, "assignment")
    records = desk.records()
    moves = [m for view in desk.views(records) for m in players.moves(view, process.waits(view, day), script, day)]
    season.moves += len(moves)
    files = [move for move in moves if _is_file(move)]
    season.mails += _send_files(desk, files, script, post)
    has_mail = bool(has_mail or files or inbox().names())
    if has_mail:
        await _run(
            season, say, day, mailroom.receive_documents(edition, today=day, return_state=True), "receive-documents"
        )
    for move in moves:
        if not _is_file(move):
            for decided in decide(desk, move, day):
                await _run(season, say, day, decided, move.kind)
    is_amended = False
    for amended in amendments(desk, day, script):
        is_amended = True
        await _run(season, say, day, amended, "amend-paper")
    is_moved = False
    for name, decided in about_the_calendar(desk, day, script, say):
        is_moved = True
        await _run(season, say, day, decided, name)
    if moves or has_mail or is_moved or is_amended or is_assigned:
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
    if moves:
        season.days += 1


def _send_files(desk: Desk, moves: Iterable[Move], script: Script, post: Post) -> int:
    """Let each file be written and come, by mail where its sender has an address; the number of mails."""
    people = Players(desk, configuration.load().editions / desk.edition.id, script)
    mails = 0
    for move in moves:
        sent = people.write(move)
        mail = mail_of(desk, move, sent, post)
        if mail is None:
            inbox().drop(sent.name, sent.data)
        else:
            mails += 1
            post.deliver(mail_name(move), mail, desk.now)
    return mails


async def _send_the_letters(edition: str, day: dt.date, by: str, season: Season, say: Say) -> None:
    """Approve the drafts of the day exactly as they stand, as a person would who has read them, and send them.

    What e-mail does not reach is printed and goes by post.
    """
    desk = desk_for(edition, by=by, today=day, run="looking")
    drafts = desk.ledger.letters(edition, status="draft")
    on_paper = [row.key for row in drafts if row.act is None and is_on_paper(row.recipients)]
    good = [row for row in drafts if row.key in on_paper or not why_not_approved(row.key, row.recipients)]
    if good:
        keys, code = [row.key for row in good], code_of((row.key, row.digest) for row in good)
        approved: Any = approve_letters(edition, by, keys=keys, code=code, send=True, today=day, return_state=True)
        await _run(season, say, day, approved, "approve-letters")
    for key in on_paper:
        posted: Any = letter_delivered(edition, key, "post", by, today=day, return_state=True)
        await _run(season, say, day, posted, "letter-delivered")
    if desk.ledger.letter_keys(edition, READY):  # failed, or approved when an earlier run was interrupted
        sent: Any = send_letters(edition, today=day, return_state=True)
        await _run(season, say, day, sent, "send-letters")


def _is_file(move: Move) -> bool:
    """Whether a move arrives as a file; a nil return is told, not sent, as is a review without corrections."""
    if move.kind == "translation-review":
        return move.scene.material is not None
    return move.kind in _FILES and not move.scene.nil and not move.scene.waived


def _told(desk: Desk, seen: int) -> list[str]:
    """What the sweep did, one line for each reason, with the records it moved."""
    by_reason: dict[str, list[str]] = {}
    for row in desk.ledger.history(desk.edition.id, since_seq=seen):
        if row.subject == "record" and "state" in row.change:
            by_reason.setdefault(row.why, []).append(row.key)
    return [f"{why}: {some_of(list(dict.fromkeys(keys)), _SPELT)}" for why, keys in by_reason.items()]


async def _run(season: Season, say: Say, day: dt.date, run: Awaitable[Any], name: str) -> None:
    state: State[Any] = await run
    season.runs[name] += 1
    for line in (state.message or state.name or "").splitlines():
        say(f"{day:%Y-%m-%d}  {line}")
    if state.is_failed():
        raise Refusal(f"{day}: {name} failed: {state.message}")


def main() -> None:
    """Run in a process of its own, whose environment names the rehearsal's home and server."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("edition")
    parser.add_argument("until", nargs="?", type=dt.date.fromisoformat)
    parser.add_argument("--delivery", choices=["local", "google"], default="local")
    asked = parser.parse_args()
    say = partial(print, flush=True)
    gc.freeze()  # what was imported, 200,000 objects of Prefect's, is not looked through for garbage every time
    try:
        with outliving_the_process_only():
            refuse_to_mix(asked.edition, asked.delivery)
            if asked.delivery == "local":
                season = asyncio.run(rehearse(asked.edition, say, asked.until))
            else:
                season = _by_google(asked.edition, say, asked.until)
    except Refusal as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        again = "start it again and it goes on" if asked.delivery == "local" else "begin it anew with --fresh"
        sys.exit(f"interrupted; {again}")
    total = sum(season.runs.values())
    print(
        f"\n{total} flow runs in {season.seconds:.0f} s, {season.mails} mails came in: "
        + ", ".join(f"{n} {c}" for n, c in season.runs.most_common())
    )


def _by_google(edition: str, say: Say, until: dt.date | None) -> Season:
    """Rehearse by way of the made-up Google, and say what it was asked."""
    from flows.rehearsal_google import made_up_google, report

    with made_up_google() as (post, root_url):
        season = asyncio.run(rehearse(edition, say, until, post))
        letters = open_ledger().letters(edition)
        say("")
        for line in report(root_url, {row.key: row.session for row in letters}):
            say(line)
    return season


def refuse_to_mix(edition: str, delivery: str) -> None:
    """Refuse to go on with a rehearsal whose mailbox is no more: the made-up Google ends with its process."""
    ledger = open_ledger()
    began = {row.backend for row in ledger.letters(edition) if row.backend} if ledger.edition(edition) else set()
    if "google" in began or (delivery == "google" and ledger.edition(edition) is not None):
        raise Refusal(
            f"{edition}: an earlier rehearsal lies in {configuration.load().home}, and a made-up Google remembers "
            "nothing from one time to the next; begin anew with --fresh"
        )


if __name__ == "__main__":
    main()
