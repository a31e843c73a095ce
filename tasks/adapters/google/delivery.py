"""The Google backend, whole."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.adapters.google.calendar import CalendarAgenda
from tasks.adapters.google.drive import DriveFiles
from tasks.adapters.google.gmail import GmailMail
from tasks.adapters.google.service import Services
from tasks.adapters.ports import Delivery


@dataclass(frozen=True)
class Workspace:
    """Where Roundtable works: the id of the shared drive and of the calendar, as their addresses show them."""

    drive_id: str
    calendar_id: str


def google_delivery(services: Services, workspace: Workspace) -> Delivery:
    """Mail, files and agenda through `services`, whose `calls` counts what goes out."""
    return Delivery(
        GmailMail(services),
        DriveFiles(services, workspace.drive_id),
        CalendarAgenda(services, workspace.calendar_id),
        "google",
    )
