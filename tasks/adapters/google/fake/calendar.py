"""Calendar v3 with one shared calendar, as far as Roundtable uses it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tasks.adapters.google.fake.discovery import Call, Refused

CALENDAR_ID = "milestones@group.calendar.example"


class FakeCalendar:
    """Its events; cancelled ones stay, as they do at Google."""

    def __init__(self, tick: Callable[[], dt.datetime]) -> None:
        self._tick = tick
        self.events: dict[str, dict[str, Any]] = {}
        #: Our role on the calendar, None where it is not shared with us.
        self.role: str | None = "writer"
        #: Ids of events of which guests were told.
        self.told: list[str] = []
        #: Each mail to a guest: the event's id and the address.
        self.mails: list[tuple[str, str]] = []

    def methods(self) -> dict[str, Callable[[Call], Any]]:
        """What can be called."""
        return {
            "calendar.events.insert": self._insert,
            "calendar.events.patch": self._patch,
            "calendar.events.get": self._get,
            "calendar.events.delete": self._delete,
            "calendar.events.list": self._list,
        }

    def _insert(self, call: Call) -> dict[str, Any]:
        self._open(call, writing=True)
        id = call.body.get("id", "")
        if not re.fullmatch("[a-v0-9]{5,1024}", id):
            raise Refused(400, "invalid", f"Invalid resource id value: {id!r}")
        if id in self.events:
            raise Refused(409, "duplicate", "The requested identifier already exists.")
        return self._store(call, id)

    def _patch(self, call: Call) -> dict[str, Any]:
        """Fields that are not named stay, also within objects; lists are replaced, nulls taken out."""
        self._open(call, writing=True)
        id = call.get("eventId")
        if id not in self.events:
            raise Refused(404, "notFound", "Not Found")
        if call.body.get("id", id) != id:
            raise Refused(400, "invalid", "an event keeps its id")
        before = {name: value for name, value in self.events[id].items() if name not in ("kind", "updated")}
        call.body = _merged(before, call.body)
        return self._store(call, id)

    def _store(self, call: Call, id: str) -> dict[str, Any]:
        body = call.body
        emails = [guest.get("email", "") for guest in body.get("attendees", [])]
        if any("@" not in email for email in emails) or len(set(emails)) < len(emails):
            raise Refused(400, "invalid", "Invalid attendee email.")
        if len(emails) > 200:
            raise Refused(403, "calendarUsageLimits", "Calendar usage limits exceeded.")
        start, end = (_moment(body.get(name), name) for name in ("start", "end"))
        if type(start) is not type(end) or end < start or (end == start and type(start) is dt.date):
            raise Refused(400, "timeRangeEmpty", "The specified time range is empty.")
        if body.get("status", "confirmed") not in {"confirmed", "tentative", "cancelled"}:
            raise Refused(400, "invalid", "Invalid status value")
        for kind in ("shared", "private"):
            for key, value in body.get("extendedProperties", {}).get(kind, {}).items():
                if len(key) > 44 or len(value) > 1024:
                    raise Refused(400, "invalid", f"the extended property {key} is too long")
        self._tell(call, id)
        self.events[id] = {"kind": "calendar#event", "status": "confirmed", **body, "id": id, "updated": self._stamp()}
        return self.events[id]

    def _get(self, call: Call) -> dict[str, Any]:
        self._open(call, writing=False)
        if call.get("eventId") not in self.events:
            raise Refused(404, "notFound", "Not Found")
        return self.events[call.get("eventId")]

    def _delete(self, call: Call) -> None:
        self._open(call, writing=True)
        id = call.get("eventId")
        if id not in self.events:
            raise Refused(404, "notFound", "Not Found")
        if self.events[id]["status"] == "cancelled":
            raise Refused(410, "deleted", "Resource has been deleted")
        self._tell(call, id)
        self.events[id] = {**self.events[id], "status": "cancelled", "updated": self._stamp()}

    def _list(self, call: Call) -> dict[str, Any]:
        self._open(call, writing=False)
        live = [event for event in self.events.values() if event["status"] != "cancelled"]
        return {"kind": "calendar#events", "accessRole": self.role, "items": live[: call.get("maxResults", 250)]}

    def _open(self, call: Call, *, writing: bool) -> None:
        if call.get("calendarId") != CALENDAR_ID or self.role is None:
            raise Refused(404, "notFound", "Not Found")
        if writing and self.role not in {"writer", "owner"}:
            raise Refused(403, "requiredAccessLevel", "You need to have writer access to this calendar.")

    def _tell(self, call: Call, id: str) -> None:
        if call.get("sendUpdates", "none") != "none":
            self.told.append(id)
            #: Guests get a mail each; who was told of an entry before is told of its change.
            self.mails += [(id, guest["email"]) for guest in call.body.get("attendees", [])]

    def _stamp(self) -> str:
        return self._tick().isoformat().replace("+00:00", "Z")


def _merged(before: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    found = dict(before)
    for name, value in body.items():
        if value is None:
            found.pop(name, None)
        elif isinstance(value, dict):
            found[name] = _merged(found.get(name, {}), value)
        else:
            found[name] = value
    return found


def _moment(told: Any, name: str) -> Any:
    if not isinstance(told, dict) or ("date" in told) == ("dateTime" in told):
        raise Refused(400, "required", f"an event has one date or dateTime as its {name}")
    try:
        if "timeZone" in told:
            ZoneInfo(told["timeZone"])
        if "date" in told:
            return dt.date.fromisoformat(told["date"])
        moment = dt.datetime.fromisoformat(told["dateTime"])
    except (ValueError, ZoneInfoNotFoundError):
        raise Refused(400, "invalid", f"{name}: {told}") from None
    if moment.tzinfo is None and "timeZone" not in told:
        raise Refused(400, "required", f"Missing time zone definition for {name} time.")
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(told["timeZone"]))
