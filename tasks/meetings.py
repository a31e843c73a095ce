"""Moving a meeting: everything that follows from it, shown before it is done, and done in one transaction."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tasks.adapters.ledger import Change, DocumentRow, LetterRow
from tasks.asks import name_of_milestone
from tasks.desk import Desk, Drafted
from tasks.desk.milestones import received_of, replan
from tasks.domain import background_paper, calendar_records, letter, rights
from tasks.domain.calendar import Planned, plan
from tasks.domain.edition import Edition
from tasks.domain.errors import Invalid, NotNow, Unknown
from tasks.domain.move import Move, MovedEvent, compare
from tasks.domain.movers import mover_of_roundtable, movers_of
from tasks.domain.outbox import OPEN
from tasks.domain.rights import Subject
from tasks.domain.session_network import day_count_of, event_dates, keys_of, network_of

#: Letters that only tell a date: with the date gone they are pointless, and drafted anew when their time comes.
_ONLY_TELL_A_DATE = frozenset({"reminder", "date-changed", "call-task", "overdue"})
#: Of these, what went out to a partner has told it the day: it is told the new one.
_TELL_A_PARTY = frozenset({"reminder", "date-changed"})


@dataclass(frozen=True)
class Preview:
    """Everything that follows if events are on other days.

    `letters` (sent or not) and current `documents` name a day which no longer holds; `entries` are the keys of the
    calendar entries that change.
    """

    edition: Edition
    move: Move
    letters: tuple[LetterRow, ...]
    documents: tuple[DocumentRow, ...]
    entries: tuple[str, ...]

    @property
    def is_nothing(self) -> bool:
        return not self.move.events and not self.move.changed


def check(desk: Desk, dates: Mapping[str, dt.date]) -> None:
    """Refuse dates that can't be: of unknown events, in the past, or a Forum that ends before it begins.

    Raises:
        Unknown, NotNow, Invalid: see above; the message has the figures.
    """
    edition = desk.edition
    for id, date in dates.items():
        known = [event.id for event in edition.events if event.precision == "day"]
        if id not in known:
            near = difflib.get_close_matches(id, known, n=4) or known[-6:]
            raise Unknown(f"{id}: {edition.id} has no event of this name with a day; there are {', '.join(near)}")
        held = edition.event(id).date
        assert held is not None
        if date == held:
            continue
        if held < desk.today:
            raise NotNow(f"{id}: was on {held:%-d %B %Y}, {(desk.today - held).days} days ago; it can't move any more")
        if date < desk.today:
            past = (desk.today - date).days
            raise Invalid(f"{id}: {date:%-d %B %Y} is {past} days past; give a day from {desk.today:%-d %B %Y} on")
    moved = edition.with_dates(dates)
    first, last = moved.event(moved.forum_start), moved.event(moved.forum_end)
    if first.date and last.date and first.date > last.date:
        raise Invalid(
            f"{moved.forum_start}: {first.date:%-d %B %Y} is after {moved.forum_end}, {last.date:%-d %B %Y}; "
            f"move both at once with --also {moved.forum_end}=DATE"
        )


def preview(desk: Desk, dates: Mapping[str, dt.date]) -> Preview:
    """What follows if each event of `dates` is on its new day. Nothing is changed.

    Raises:
        Unknown, NotNow, Invalid: see `check`.
    """
    check(desk, dates)
    return follow(desk, desk.edition.with_dates(dates))


def follow(desk: Desk, wanted: Edition) -> Preview:
    """What follows for the deadlines if `wanted` were in force: other dates, or rules that were edited."""
    records = desk.records()
    milestones = {record.key: record for record in records if record.kind == calendar_records.MILESTONE}
    received = received_of(milestones)
    before, after = plan(desk.edition, received=received), plan(wanted, received=received)
    states = {(record.kind, record.key): record.state for record in records}
    closed = {key for key, record in milestones.items() if record.state != "planned"}
    closed |= {
        key for key in after.keys() - milestones.keys() if calendar_records.begins_void(key, after[key].session, states)
    }
    parties: dict[str, tuple[str, ...]] = {}
    networks = []
    due = {key: planned.due for key, planned in {**after, **before}.items()}
    for view in desk.under(wanted).views(records):
        for key in keys_of(wanted, view.session):
            found = movers_of(view, key) if after[key].session else mover_of_roundtable(wanted, key)
            parties[key] = found if key not in closed else ()
        networks.append(network_of(wanted, view.session, due, received))
    move = compare(
        _open(before, closed),
        _open(after, closed),
        event_dates(desk.edition),
        event_dates(wanted),
        networks=networks,
        days=day_count_of(wanted),
        today=desk.today,
        parties=parties,
    )
    letters, documents = _that_quote(desk, move)
    entries = (*(event.event for event in move.events), *(change.key for change in move.changed))
    return Preview(wanted, move, letters, documents, entries)


def follow_edit(desk: Desk, edited: Edition) -> Preview:
    """What follows if an edited folder is applied: days it changes win, those it leaves alone stay where they moved."""
    row = desk.ledger.edition(desk.edition.id)
    assert row is not None  # the desk is this edition's
    planned = event_dates(Edition.model_validate(row.config))
    held = event_dates(desk.edition)
    kept = {id: held[id] for id, date in event_dates(edited).items() if id in held and planned.get(id) == date}
    return follow(desk, edited.with_dates(kept))


def _open(planned: Mapping[str, Planned], closed: set[str]) -> dict[str, Planned]:
    """Without what was met or is void: its day stays as it was."""
    return {key: each for key, each in planned.items() if key not in closed}


def _that_quote(desk: Desk, move: Move) -> tuple[tuple[LetterRow, ...], tuple[DocumentRow, ...]]:
    """Letters that are not cancelled and current documents that name a day which no longer holds."""
    anywhere = {event.old.isoformat() for event in move.events if event.old}
    of_session: dict[str | None, set[str]] = {}
    for change in move.changed:
        if change.old and change.new:
            of_session.setdefault(change.session, set()).add(change.old.isoformat())
    whole = set().union(anywhere, *of_session.values())

    def names(row: LetterRow | DocumentRow) -> bool:
        # What is about no session may be about all of them.
        old = anywhere | of_session.get(row.session, set()) if row.session else whole
        return not old.isdisjoint(row.quotes)

    letters = [row for row in desk.ledger.letters(desk.edition.id) if row.status != "cancelled"]
    documents = desk.ledger.documents(desk.edition.id, status="current")
    return tuple(filter(names, letters)), tuple(filter(names, documents))


def apply(desk: Desk, dates: Mapping[str, dt.date], reason: str) -> tuple[Preview, list[str]]:
    """Put events on other days with all that follows, in one transaction: what followed, and what was done.

    The deadlines move, open comment rounds with them; drafts that only told a date are cancelled; whoever was told a
    day that no longer holds gets a letter. Nothing is done where nothing moves.

    Raises:
        Unknown, NotNow, Invalid: see `check`.
        NotYours: the edition gives it to others.
    """
    found = preview(desk, dates)
    if not found.move.events:
        return found, ["nothing changed: " + ", ".join(f"{id} is on {day:%-d %B %Y}" for id, day in dates.items())]
    rights.allow(desk.edition, desk.by, "decide", Subject("meeting"))
    settle = settling(desk, found)
    why = reason.strip() or f"{', '.join(event.event for event in found.move.events)} moved"
    with desk.change(why) as change:
        for event in found.move.events:
            _move_event(change, found.edition, event.event)
        replan(change, found.edition)
        done = settle(change)
    moved = [f"{e.event}: {e.old:%-d %B %Y} -> {e.new:%-d %B %Y}" for e in found.move.events if e.old and e.new]
    return found, [*moved, *done]


def settling(desk: Desk, found: Preview) -> Callable[[Change], list[str]]:
    """What settles a change of days: letters are written now, everything is recorded in the change it is handed.

    Open comment rounds end on their new day. Of the letters not yet sent, those that only told a day are cancelled, and
    the approval of others that name one is void. Where events moved, whoever was told a day that no longer holds gets a
    letter. It returns what was done, in words.
    """
    unsent = [row for row in found.letters if row.status in OPEN]
    cancelled = [row.key for row in unsent if row.kind in _ONLY_TELL_A_DATE]
    doubtful = [row.key for row in unsent if row.kind not in _ONLY_TELL_A_DATE]
    told = {row.party for row in found.letters if row.party and _tells(row)}
    # An event that is new moved nothing anybody was told, and of one that is dropped there is no new day to tell.
    moved = [event for event in found.move.events if event.old and event.new]
    drafts = [(party, _date_changed(desk, found, party, moved[0])) for party in sorted(told) if moved]
    days = "+".join(f"{event.event}={event.new}" for event in found.move.events)

    def settle(change: Change) -> list[str]:
        rounds = _move_rounds(desk, change, found)
        why = f"the days changed: {days or 'rules were edited'}"
        change.cancel_letters(cancelled, why)
        change.void_approvals(doubtful, why)
        for party, drafted in drafts:
            desk.post(change, f"date-changed/{days}/{party}", drafted)
        return [
            f"{len(found.move.changed)} deadlines changed, {len(rounds)} open comment rounds with them",
            f"{len(cancelled)} drafts cancelled, {len(drafts)} letters drafted to those who were told the old days",
        ]

    return settle


def _tells(letter: LetterRow) -> bool:
    """Whether a letter has told, or will tell, its party a day that it must know to have changed."""
    if letter.kind not in _ONLY_TELL_A_DATE:
        return True
    return letter.kind in _TELL_A_PARTY and letter.status not in OPEN


def _move_event(change: Change, edition: Edition, id: str) -> None:
    record, event = change.record(calendar_records.EVENT, id), edition.event(id)
    assert record is not None and event.date is not None  # checked: the event has a day, so it has a record
    change.note(record, date=event.date.isoformat(), until=event.until.isoformat() if event.until else None)


def _move_rounds(desk: Desk, change: Change, found: Preview) -> list[str]:
    """A comment round that is open ends on its new day; partners keep the days they are always left."""
    keys = []
    due = {changed.key: changed.new for changed in found.move.changed}
    for paper in change.records(background_paper.STAGE):
        day = due.get(f"{paper.key}/comments-{paper.facts.get('round')}")
        if paper.state == "circulated" and day is not None:
            sent = paper.changed_at.date()
            until = background_paper.comment_deadline(found.edition, day, max(sent, desk.today))
            change.note(paper, until=until.isoformat())
            keys.append(paper.key)
    return keys


def _date_changed(desk: Desk, found: Preview, party: str, event: MovedEvent) -> Drafted:
    recipient = desk.recipient(party)
    to = recipient.language.id
    words = desk.words(to)
    assert event.old and event.new  # chosen so
    mine = set(found.move.parties.get(party, ()))
    changes = [change for change in found.move.changed if change.key in mine and change.old and change.new]
    lines = [
        words(
            "texts.date_change",
            what=name_of_milestone(desk, change.key, to),
            new=desk.day(change.new, to),
            old=desk.day(change.old, to),
        )
        for change in changes
        if change.old and change.new
    ]
    nearest = min((change.new for change in changes if change.new), default=event.new)
    told = letter.DateChanged(
        edition=desk.edition.names[to],
        deadline=desk.day(nearest, to),
        meeting=desk.edition.event(event.event).names[to],
        old_date=desk.day(event.old, to),
        new_date=desk.day(event.new, to),
        changes=lines,
    )
    return desk.draft(told, recipient)
