"""Whether Google lets Roundtable do what it has to, and if not, which scope or share is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tasks.adapters.google.credentials import SCOPES
from tasks.adapters.google.delivery import Workspace
from tasks.adapters.google.errors import NoScope
from tasks.adapters.google.service import Services
from tasks.adapters.ports import Denied, Gone, Quota, Transient

#: An id that nothing has: deleting it shows whether we might, and deletes nothing.
_NOTHING: Final = "roundtable0check0nothing"
_WRITES: Final = {"owner", "writer", "writerWithoutPrivateAccess"}


@dataclass(frozen=True)
class Finding:
    """One thing that is needed; `missing` is empty, or says what to do."""

    need: str
    missing: str


def check(services: Services, workspace: Workspace) -> list[Finding]:
    """What is needed, in order, each with what is missing of it. Nothing is made, changed or sent.

    Raises:
        Transient, Quota: Google can't be asked now.
    """
    drive, gmail, calendar = services.drive, services.gmail, services.calendar
    mail, events = gmail.users(), calendar.events()
    drive_asked = drive.drives().get(driveId=workspace.drive_id, fields="capabilities(canAddChildren,canShare)")
    calendar_asked = events.list(calendarId=workspace.calendar_id, maxResults=1, fields="accessRole")
    asked: list[tuple[str, Any, Callable[[Any], str], str]] = [
        ("drive.readonly", drive_asked, _drive_rights, f"make us a content manager of the drive {workspace.drive_id}"),
        ("drive.file", drive.files().generateIds(count=1, space="drive", type="files"), _nothing, ""),
        ("gmail.readonly", mail.messages().list(userId="me", maxResults=1), _nothing, ""),
        ("gmail.compose", mail.drafts().delete(userId="me", id=_NOTHING), _nothing, "expected"),
        ("calendar.events", calendar_asked, _calendar_rights, f"share the calendar {workspace.calendar_id} with us"),
        ("calendar.events", events.delete(calendarId=workspace.calendar_id, eventId=_NOTHING), _nothing, "expected"),
    ]
    return [_find(services, *one) for one in asked]


def _find(services: Services, scope: str, request: Any, rights: Callable[[Any], str], gone: str) -> Finding:
    whole = next(name for name in SCOPES if name.endswith(f"/{scope}"))
    need = f"{SCOPES[whole]} ({request.methodId})"
    try:
        return Finding(need, rights(services.call(request, need)))
    except NoScope:
        return Finding(need, f"the scope {whole} is not granted; sign in again, or add it to the delegation")
    except Gone as error:
        return Finding(need, "" if gone == "expected" else f"{error}; {gone}")
    except (Transient, Quota):
        raise
    except Denied as error:
        return Finding(need, str(error))


def _nothing(answer: Any) -> str:
    return ""


def _drive_rights(drive: Any) -> str:
    rights = drive.get("capabilities", {})
    lacks = [name for name in ("canAddChildren", "canShare") if not rights.get(name)]
    return f"on the shared drive we lack {' and '.join(lacks)}; make us a content manager of it" if lacks else ""


def _calendar_rights(events: Any) -> str:
    role = events.get("accessRole")
    if role in _WRITES:
        return ""
    return f"on the calendar we are {role or 'nobody'}; share it so that we may make changes to events"
