"""What people decide about the calendar: a meeting moves, a party gets more time, a call was made.

Each is a typed flow, a form in the Prefect UI and a command on the shell. Without `apply` the flow that moves a meeting
only shows what would follow.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from prefect.artifacts import acreate_markdown_artifact
from prefect.client.schemas.objects import State

from flows.board import artifact_key, rehearsal_notice, spoken_party, table_row
from flows.edition import follow_up
from flows.office import answer, desk_for, flow
from tasks import deadlines, extensions, meetings
from tasks.asks import name_of_milestone
from tasks.desk import Desk
from tasks.domain.errors import Refusal
from tasks.domain.move import Change
from tasks.meetings import Preview


@flow(name="move-meeting", flow_run_name="{edition} {event} to {date}")
async def move_meeting(
    edition: str,
    event: str,
    date: dt.date,
    by: str,
    apply: bool = False,
    reason: str = "",
    also: dict[str, dt.date] | None = None,
    today: dt.date | None = None,
) -> State[Any]:
    """Move a meeting to another day, or show what would follow. The preview is kept as an artifact.

    Args:
        edition: The edition.
        event: The meeting or other dated event.
        date: Its new first day.
        by: Your name; it is kept with the move.
        apply: Do it. Without it nothing is changed.
        reason: Why it moves; everybody concerned may read it.
        also: Other events that move with it, with their new days.
        today: A simulated date, in a rehearsal only.
    """
    dates = {event: date, **(also or {})}
    shown: list[str] = []

    def work() -> str:
        desk = desk_for(edition, by=by, today=today)
        if not apply:
            shown.append(markdown(desk, meetings.preview(desk, dates)))
            return f"{event}: a preview; nothing was changed"
        found, done = meetings.apply(desk, dates, reason)
        shown.append(markdown(desk, found))
        return "\n".join(done)

    state = answer(work)
    if shown:
        await acreate_markdown_artifact(
            key=artifact_key("move", edition, event),
            markdown=shown[-1],
            description=f"{event} to {date:%-d %B %Y}: {'done' if apply else 'preview'}",
        )
    return await follow_up(edition, state, today) if apply else state


@flow(name="grant-extension", flow_run_name="{edition} {milestone}: {party} until {until}")
async def grant_extension(
    edition: str, milestone: str, party: str, until: dt.date, reason: str, by: str, today: dt.date | None = None
) -> State[Any]:
    """Give one party more time for one deadline: it is not reminded and not late before, nobody else's day changes.

    Args:
        edition: The edition.
        milestone: The deadline's key, such as 1.1/comments-1.
        party: The body or person who gets more time.
        until: The new last day.
        reason: Why; it is kept with the extension.
        by: Your name.
        today: A simulated date, in a rehearsal only.
    """

    def work() -> str:
        return extensions.grant(desk_for(edition, by=by, today=today), milestone, party, until, reason)

    return await follow_up(edition, answer(work), today)


@flow(name="record-call", flow_run_name="{edition} call {call}")
async def record_call(edition: str, call: str, note: str, by: str, today: dt.date | None = None) -> State[Any]:
    """Record that a body which e-mail does not reach was called, or asked through its embassy.

    Args:
        edition: The edition.
        call: The call's key, as the list of open calls shows it.
        note: Who was spoken to, and what came of it.
        by: Your name.
        today: A simulated date, in a rehearsal only.
    """

    def work() -> str:
        return deadlines.record_call(desk_for(edition, by=by, today=today), call, note)

    return answer(work)


Table = tuple[str, Sequence[str], Sequence[Sequence[str]]]


def tables(desk: Desk, found: Preview) -> list[Table]:
    """A preview as tables: (title, columns, rows), empty ones left out."""
    wanted, move = desk.under(found.edition), found.move
    # What is dropped has a name only in the edition in force, what is new only in the one that is wanted.
    changed = [(c.key, _day(c.old), _day(c.new), why(c), _name(wanted if c.new else desk, c.key)) for c in move.changed]
    impossible = [(i.key, _FAULTS[i.fault].format(by=i.by), f"{i.days}", _name(wanted, i.key)) for i in move.impossible]
    parties = [(spoken_party(found.edition, party), ", ".join(keys)) for party, keys in move.parties.items()]
    letters = [(row.key, row.kind, row.party or "", row.status, row.subject) for row in found.letters]
    documents = [(row.name, row.kind, f"{row.made_at:%Y-%m-%d}", ", ".join(row.quotes)) for row in found.documents]
    every: list[Table] = [
        ("Events", ("event", "old", "new"), [(e.event, _day(e.old), _day(e.new)) for e in move.events]),
        ("Deadlines that change", ("key", "old", "new", "why", "deadline"), changed),
        ("Deadlines that can't be met any more", ("key", "why", "working days short", "deadline"), impossible),
        ("Deadlines that can be met again", ("key", "why"), [(i.key, i.fault) for i in move.possible]),
        ("Parties affected", ("party", "deadlines"), parties),
        ("Letters that name an old day", ("letter", "kind", "to", "status", "subject"), letters),
        ("Documents that name an old day", ("document", "kind", "made", "days it names"), documents),
        ("Calendar entries that change", ("entry",), [(entry,) for entry in found.entries]),
    ]
    return [table for table in every if table[2]]


def _name(desk: Desk, milestone: str) -> str:
    return name_of_milestone(desk, milestone, desk.edition.drafting_language.id)


_FAULTS = {
    "too-soon": "too soon after {by}",
    "after-event": "after {by}, which needs it",
    "past": "its day is past",
}


def why(change: Change) -> str:
    """The reason a deadline is on another day: what moved, by way of what, and which free days were passed over."""
    parts = []
    if change.events:
        parts.append(f"follows {', '.join(change.events)}")
    if change.through:
        parts.append(f"by way of {', '.join(change.through)}")
    for shift in change.shifts:
        moved = shift.from_date != shift.to_date
        parts.append(f"not on {_day(shift.from_date)}: {shift.reason}" if moved else f"{shift.reason}, it stays")
    if parts:
        return "; ".join(parts)
    if change.old and change.new:
        return "its rule was edited"
    return "is new" if change.new else "is dropped"


def summary(found: Preview) -> str:
    """A preview in one line of figures."""
    move = found.move
    return (
        f"{len(move.changed)} deadlines change, {len(move.unchanged)} stay; {len(move.impossible)} become impossible; "
        f"{len(move.parties)} parties are affected; {len(found.letters)} letters and {len(found.documents)} documents "
        f"name an old day; {len(found.entries)} calendar entries change"
    )


def markdown(desk: Desk, found: Preview) -> str:
    """A preview as Markdown."""
    lines = [f"{rehearsal_notice(desk)}{summary(found)}"]
    for title, columns, rows in tables(desk, found):
        lines += ["", f"## {title}", "", table_row(*columns), f"|{'---|' * len(columns)}"]
        lines += [table_row(*row) for row in rows]
    return "\n".join(lines)


def _day(day: dt.date | None) -> str:
    return f"{day:%a %-d %b %Y}" if day else "–"


def the_edition(edition: str | None, running: list[str]) -> str:
    """The edition that is meant: the one named, else the only one that runs.

    Raises:
        Refusal: none runs, or several do and none is named.
    """
    if edition:
        return edition
    if len(running) == 1:
        return running[0]
    known = ", ".join(running) or "none; start one with `roundtable start EDITION --by NAME`"
    raise Refusal(f"say which edition is meant with --edition; there run {known}")
