"""The edition's milestones on one shared Google calendar, each under an id derived from the milestone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from tasks.adapters.google.service import Services
from tasks.adapters.ports import AgendaEntry, Conflict, Gone, Guests


class CalendarAgenda:
    """`tasks.adapters.ports.Agenda` on the calendar `calendar_id`.

    Google tells nobody of a change (`sendUpdates=none`), guests only of their invitation. Guests don't see each other.
    """

    def __init__(self, services: Services, calendar_id: str) -> None:
        self._services = services
        self._calendar_id = calendar_id

    def put(self, id: str, entry: AgendaEntry) -> None:
        """Make the entry, or make it what `entry` says, also after it was cancelled."""
        what, body = f"{entry.title} on the calendar", _write(entry)
        events = self._services.calendar.events()
        try:
            insert = events.insert(calendarId=self._calendar_id, body={"id": id, **body}, sendUpdates="none")
            self._services.call(insert, what)
        except Conflict:
            # There already, or the answer to the first try was lost: what is written is the same. A patch, since an
            # update would take the guests away.
            patch = events.patch(calendarId=self._calendar_id, eventId=id, body=_cleared(body), sendUpdates="none")
            self._services.call(patch, what)

    def put_all(self, entries: Mapping[str, AgendaEntry]) -> None:
        """One after the other: Google would count the calls of a batch singly."""
        for id, entry in entries.items():
            self.put(id, entry)

    def cancel(self, id: str) -> None:
        """Call the entry off; nothing happens where there is none."""
        delete = self._services.calendar.events().delete(calendarId=self._calendar_id, eventId=id, sendUpdates="none")
        try:
            self._services.call(delete, f"calling off the entry {id}")
        except Gone:
            return

    def cancel_all(self, ids: Collection[str]) -> None:
        """One after the other, as `put_all`."""
        for id in ids:
            self.cancel(id)

    def get(self, id: str) -> AgendaEntry | None:
        """The entry as it stands; None when there never was one or it was cancelled."""
        event = self._event(id)
        return None if event is None else _read(event)

    def invite(self, id: str, emails: Sequence[str], invitation: str) -> None:
        """Add guests and the invitation's name in one call, so that the one is never there without the other."""
        event = self._event(id)
        if event is None:
            raise Gone(f"there is no entry {id} on the calendar")
        if _shared(event).get("invitation") == invitation:
            return
        there = {guest["email"].lower() for guest in event.get("attendees", [])}
        new = [{"email": email} for email in emails if email.lower() not in there]
        body = {
            "attendees": [*event.get("attendees", []), *new],
            "guestsCanSeeOtherGuests": False,
            "guestsCanInviteOthers": False,
            "extendedProperties": {"shared": {**_shared(event), "invitation": invitation}},
        }
        patch = self._services.calendar.events().patch(
            calendarId=self._calendar_id, eventId=id, body=body, sendUpdates="all"
        )
        self._services.call(patch, f"inviting to {event.get('summary', id)}", effect="once")

    def guests(self, id: str) -> Guests:
        """Who is a guest of the entry."""
        event = self._event(id) or {}
        return Guests(
            frozenset(guest["email"].lower() for guest in event.get("attendees", [])),
            _shared(event).get("invitation"),
        )

    def uninvite(self, id: str, email: str) -> None:
        """Take a guest off the entry."""
        event = self._event(id) or {}
        left = [guest for guest in event.get("attendees", []) if guest["email"].lower() != email.lower()]
        if len(left) < len(event.get("attendees", [])):
            patch = self._services.calendar.events().patch(
                calendarId=self._calendar_id, eventId=id, body={"attendees": left}, sendUpdates="none"
            )
            self._services.call(patch, f"taking a guest off {event.get('summary', id)}")

    def _event(self, id: str) -> Any:
        """The event as Google has it; None when there never was one or it was cancelled."""
        wanted = self._services.calendar.events().get(calendarId=self._calendar_id, eventId=id)
        try:
            event = self._services.call(wanted, f"the entry {id}")
        except Gone:
            return None
        return None if event.get("status") == "cancelled" else event


def _write(entry: AgendaEntry) -> dict[str, Any]:
    if isinstance(entry.due, dt.datetime):
        # It begins and ends at once: a deadline is a moment.
        moment = {"dateTime": entry.due.astimezone(ZoneInfo(entry.zone)).isoformat(), "timeZone": entry.zone}
        start, end = moment, moment
    else:
        last = entry.until_date or entry.due
        # The end is the first day that does not belong to it.
        start, end = {"date": entry.due.isoformat()}, {"date": (last + dt.timedelta(days=1)).isoformat()}
    return {
        "summary": entry.title,
        "description": entry.description,
        "start": start,
        "end": end,
        "status": "confirmed",
        "transparency": "transparent",  # A deadline keeps nobody from a meeting.
        # A whole day has no zone to Google.
        "extendedProperties": {
            "shared": {
                "edition": entry.edition,
                "zone": entry.zone,
                "changed_at": entry.changed_at.isoformat(),
                "several": "yes" if entry.until_date else "no",
            }
        },
    }


def _cleared(body: dict[str, Any]) -> dict[str, Any]:
    """`body` for a patch: a null takes away what the other kind of date has left."""
    other = {"date": None, "dateTime": None, "timeZone": None}
    return body | {name: other | body[name] for name in ("start", "end")}


def _shared(event: Any) -> dict[str, str]:
    found: dict[str, str] = event.get("extendedProperties", {}).get("shared", {})
    return found


def _read(event: Any) -> AgendaEntry:
    ours = _shared(event)
    due: dt.date
    until_date = None
    if "dateTime" in event["start"]:
        zone = ours.get("zone") or event["start"].get("timeZone", "UTC")
        due = dt.datetime.fromisoformat(event["start"]["dateTime"]).astimezone(ZoneInfo(zone))
    else:
        zone = ours.get("zone", "UTC")
        due = dt.date.fromisoformat(event["start"]["date"])
        last = dt.date.fromisoformat(event["end"]["date"]) - dt.timedelta(days=1)
        until_date = last if last > due or ours.get("several") == "yes" else None
    return AgendaEntry(
        edition=ours.get("edition", ""),
        title=event.get("summary", ""),
        due=due,
        zone=zone,
        changed_at=dt.datetime.fromisoformat(ours.get("changed_at") or event["updated"]),
        until_date=until_date,
        description=event.get("description", ""),
    )
