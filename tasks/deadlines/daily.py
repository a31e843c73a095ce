"""The daily look at the calendar: reminders to those whose move it is, word upwards about what is late.

Everything is a draft in the ledger. Each point of a reminder series is kept on a record of its milestone and party, in
the same transaction as the letter: swept twice, or not for a week, nobody is reminded twice of the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from tasks.adapters.ledger import Record
from tasks.deadlines.drafts import post_escalation, post_reminder, who_is_told
from tasks.deadlines.open_asks import Asked, has_mail, open_asks, session_of
from tasks.deadlines.series import Series
from tasks.desk import Desk
from tasks.domain.calendar_records import CALL
from tasks.domain.edition import Edition
from tasks.domain.outbox import OPEN
from tasks.domain.reminder import Ask, Policy, Sweep, sweep
from tasks.domain.session_network import day_count_of
from tasks.steps import step


def due(desk: Desk, records: Sequence[Record] | None = None) -> bool:
    """Whether a sweep would draft, cancel or record anything today: as in `records`, or as the ledger is now."""
    records = desk.records() if records is None else records
    asked, series = open_asks(desk, records), Series(records)
    found = _sweep(desk, asked, series)
    return bool(found.handled or _answered(desk, asked, series) or _needless(desk, asked, records))


def advance(desk: Desk) -> list[str]:
    """Draft what the calendar asks for today; what was done, in order."""
    return [remind(desk, key="reminders")] if due(desk) else []


@step("Draft the reminders of the day")
def remind(desk: Desk, key: str) -> str:
    """Draft reminders, calls and reports of delay, cancel those of what was answered; a transaction for each letter."""
    records = desk.records()
    asked, series = open_asks(desk, records), Series(records)
    found = _sweep(desk, asked, series)
    letters = [*found.reminders, *found.calls]
    for each in letters:
        post_reminder(desk, each, asked, series)
    for escalation in found.escalations:
        post_escalation(desk, escalation, asked, series)
    if found.skipped:
        with desk.change("reminders that a later one has overtaken") as change:
            series.keep(change, found.skipped, desk.today, "", session_of(asked, found.skipped[0]))
    cancelled, calls = _answered(desk, asked, series), _needless(desk, asked, records)
    if cancelled or calls:
        with desk.change("what was reminded of is answered") as change:
            change.cancel_letters(cancelled, "answered, extended or moved before it was sent")
            for call in calls:
                desk.move(change, call, "cancelled")
    return (
        f"{key}: {len(found.reminders)} letters, {len(found.calls)} calls, {len(found.escalations)} reports of delay, "
        f"{len(cancelled)} cancelled"
    )


def _needless(desk: Desk, asked: Asked, records: Sequence[Record]) -> list[Record]:
    """Open calls about nothing that is still asked of the party."""
    return [
        call
        for call in records
        if call.kind == CALL
        and call.state == "open"
        and not any((ask, call.facts["party"]) in asked for ask in call.facts["asks"])
    ]


def _sweep(desk: Desk, asked: Asked, series: Series) -> Sweep:
    edition = desk.edition
    asks = [
        Ask(
            key=key,
            item=each.wait.milestone.rpartition("/")[0],
            party=party,
            since=each.wait.since,
            due=each.wait.until,
            due_since=each.moved_on,
            extended=(each.wait.milestone, party) in each.view.extensions,
            has_mail=has_mail(edition, party),
        )
        for (key, party), each in asked.items()
    ]
    found = sweep(asks, policy_of(edition), series.handled, desk.today, day_count_of(edition))
    above = [e for e in found.escalations if who_is_told(desk, e, asked[e.ask.key, e.ask.party]) != e.ask.party]
    return Sweep(found.reminders, found.calls, tuple(above), found.skipped)


def policy_of(edition: Edition) -> Policy:
    """When this edition reminds, and whom it tells of delays."""
    wanted = edition.reminders
    escalate = {"coordinator": wanted.escalate.coordinator, "director": wanted.escalate.director}
    return Policy(before=tuple(wanted.before), after=tuple(wanted.after), escalate=escalate)  # type: ignore[arg-type]


def _answered(desk: Desk, asked: Asked, series: Series) -> list[str]:
    """Drafted reminders, calls and reports of delay that have nothing left to say."""
    live = {letter_key: False for _, letter_key in letters_of(series)}
    for key, record in series.records.items():
        ask, _, party = key.rpartition("|")
        is_open = asked.get((ask, party))
        for point, (_, letter_key) in record.facts["points"].items():
            if is_open is not None and point.partition("|")[0] == is_open.wait.until.isoformat():
                live[letter_key] = True
    unsent = set(desk.ledger.letter_keys(desk.edition.id, OPEN))
    return sorted(key for key, is_live in live.items() if not is_live and key in unsent)


def letters_of(series: Series) -> list[tuple[str, str]]:
    return [(key, letter) for key, record in series.records.items() for _, letter in record.facts["points"].values()]
