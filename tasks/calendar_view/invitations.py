"""Who is invited to which entry of the shared calendar: asked for by one letter per entry, with all who lack it.

A record of kind `invitation` for each entry. Its facts: whom the last letter invites (`asked`) to what it was then
(`asked_to`), who has been invited (`told`) to what (`told_to`), and who are its guests (`guests`). Where the entry
moves, everybody is invited anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tasks.adapters.ledger import Change, Record
from tasks.adapters.ports import Agenda, AgendaEntry, DeliveryError, agenda_id
from tasks.calendar_view.agenda import day_of, entries, event_entry
from tasks.desk import Desk
from tasks.domain import calendar_records
from tasks.domain.invites import invited_to, invited_to_deadline
from tasks.domain.outbox import AGENDA_INVITATION, OPEN, Addressee, Invite
from tasks.steps import step

INVITATION: Final = "invitation"
_ON_ITS_WAY: Final = ("sending", "unknown")


@dataclass(frozen=True)
class Guests:
    """One entry: who is to be invited (body by address), what the ledger has, and how its letter stands.

    `entry` is None where the entry is over or gone.
    """

    key: str
    session: str | None
    entry: AgendaEntry | None
    wanted: Mapping[str, str]
    record: Record | None
    status: str | None

    @property
    def says(self) -> str:
        """What one is invited to."""
        return f"{self.entry.when} {self.entry.title}" if self.entry else ""

    @property
    def told(self) -> list[str]:
        """Who has been invited to the entry as it is, also by the last letter."""
        facts = self.record.facts if self.record else {}
        found = list(facts.get("told", [])) if facts.get("told_to") == self.says else []
        return [*found, *facts["asked"]] if self.status == "sent" and facts.get("asked_to") == self.says else found

    @property
    def guests(self) -> set[str]:
        """Who is a guest of the entry, whatever it said when they were invited."""
        facts = self.record.facts if self.record else {}
        return {*facts.get("guests", []), *(facts["asked"] if self.status == "sent" else [])}

    @property
    def missing(self) -> list[str]:
        """Whom the next letter is to invite."""
        return sorted(set(self.wanted) - set(self.told))

    @property
    def is_settled(self) -> bool:
        """Whether nothing is to be drafted or cancelled; also where a person has said no to what was asked."""
        if self.status in _ON_ITS_WAY:
            return True
        facts = self.record.facts if self.record else {}
        asked = [] if self.status == "sent" else facts.get("asked", [])
        return self.missing == asked and (not asked or facts["asked_to"] == self.says)


def guests(desk: Desk, records: Sequence[Record]) -> Iterator[Guests]:
    """Every entry to which somebody is invited, or was to be."""
    edition = desk.edition
    known = {record.key: record for record in records if record.kind == INVITATION}
    status = desk.ledger.letter_states(edition.id, AGENDA_INVITATION) if known else {}
    wanted = _wanted(desk, records)
    for key in [*wanted, *(key for key in known if key not in wanted)]:
        record = known.get(key)
        session, entry, who = wanted.get(key, (None, None, {}))
        yield Guests(key, session, entry, who, record, status.get(record.facts["letter"]) if record else None)


def _wanted(desk: Desk, records: Sequence[Record]) -> dict[str, tuple[str | None, AgendaEntry, Mapping[str, str]]]:
    """By key: the session, the entry and who is invited, of all that is still to come."""
    edition = desk.edition
    found: dict[str, tuple[str | None, AgendaEntry, Mapping[str, str]]] = {}
    events = {record.key: record for record in records if record.kind == calendar_records.EVENT}
    for event in edition.events:
        if event.id in events and event.date and event.date >= desk.today and (who := invited_to(edition, event)):
            found[event.id] = (None, event_entry(desk, event, events[event.id]), who)
    if "team" not in (edition.invites or {}).values():
        return found
    shown = entries(desk)
    for view in desk.views(records):
        for milestone in records:
            if milestone.kind == calendar_records.MILESTONE and milestone.session == view.session.id:
                is_open = milestone.state == "planned" and milestone.key in shown
                who = invited_to_deadline(view, milestone.facts["milestone"])
                if is_open and who and dt.date.fromisoformat(milestone.facts["due"]) >= desk.today:
                    found[milestone.key] = (view.session.id, shown[milestone.key], who)
    return found


def invitations_due(desk: Desk, records: Sequence[Record]) -> bool:
    """Whether an invitation is to be drafted, cancelled or taken back."""
    return any(not each.is_settled or _uninvited(each) for each in guests(desk, records))


def advance_invitations(desk: Desk) -> list[str]:
    """Draft what is due; what was done."""
    if all(each.is_settled for each in guests(desk, desk.records())):
        return []
    return [draft_invitations(desk, key="invitations")]


@step("Draft the invitations to the shared calendar")
def draft_invitations(desk: Desk, key: str) -> str:
    """One letter for each entry with all who are to be invited; one that has become pointless is cancelled."""
    drafted = 0
    for each in guests(desk, desk.records()):
        if each.is_settled:
            continue
        with desk.change("who is invited to the shared calendar") as change:
            if each.record is not None and each.status in OPEN:
                reason = "moved, or others are invited" if each.entry else "over, or taken off the calendar"
                change.cancel_letters(each.record.facts["letter"], reason)
            number = (each.record.facts["number"] if each.record else 0) + bool(each.missing)
            letter = f"{AGENDA_INVITATION}/{each.key}" + (f"~{number}" if number > 1 else "")
            facts: dict[str, Any] = {
                "asked": each.missing, "asked_to": each.says, "told": each.told, "told_to": each.says,
                "letter": letter, "number": number, "guests": sorted(each.guests),
            }  # fmt: skip
            if each.record is None:
                change.add_record(INVITATION, each.key, "asked", each.session, facts)
            else:
                desk.move(change, each.record, "asked", **facts)
            if each.missing and each.entry:
                drafted += 1
                _draft(desk, change, letter, each, each.entry)
    return f"{key}: {drafted} drafted"


def _draft(desk: Desk, change: Change, key: str, each: Guests, entry: AgendaEntry) -> None:
    """What goes out is the entry itself, so the letter says what the entry says."""
    language = desk.edition.drafting_language.id
    recipients: list[Addressee] = [desk.addressee(each.wanted[email]) for email in each.missing]
    change.draft_letter(
        key,
        kind=AGENDA_INVITATION,
        language=language,
        subject=entry.title,
        body=entry.description,
        session=each.session,
        recipients=recipients,
        quotes=sorted({*desk.quoted(entry.description, language), day_of(entry).isoformat()}),
        act=Invite(each.key, entry.when),
    )


def _uninvited(each: Guests) -> list[str]:
    """Guests of a coming entry who are not to be any more, or are reached elsewhere now."""
    return sorted(each.guests - set(each.wanted)) if each.entry else []


def take_back(desk: Desk, agenda: Agenda) -> list[str]:
    """Take guests off who are not invited any more; nobody is told. What could not be done, one line each."""
    problems = []
    for each in guests(desk, desk.records()):
        gone = _uninvited(each)
        if not gone or each.record is None or each.status in _ON_ITS_WAY:
            continue
        try:
            for email in gone:
                agenda.uninvite(agenda_id(desk.edition.id, each.key), email)
        except DeliveryError as error:
            problems.append(f"{each.key} has guests who are not invited any more: {error}")
            continue
        with desk.change("not invited any more: taken off the calendar entry") as change:
            told = [email for email in each.told if email in each.wanted]
            asked = [] if each.status == "sent" else each.record.facts["asked"]
            left = sorted(each.guests & set(each.wanted))
            change.note(each.record, told=told, told_to=each.says, guests=left, asked=asked)
    return problems
