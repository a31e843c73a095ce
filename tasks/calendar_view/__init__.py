"""The calendar as people read it: rows of the plan, a schedule in Word, Gantt pictures, feeds to subscribe to."""

from tasks.calendar_view.agenda import agenda_due, keep_agenda
from tasks.calendar_view.feeds import publish_feeds, write_feeds
from tasks.calendar_view.invitations import advance_invitations, invitations_due, take_back
from tasks.calendar_view.reading import Calendar, Owed, read
from tasks.calendar_view.rows import Extension, Row, reason_of, rows
from tasks.calendar_view.schedule import draw_picture, keep_schedule, schedules

__all__ = [
    "Calendar",
    "Extension",
    "Owed",
    "Row",
    "advance_invitations",
    "agenda_due",
    "draw_picture",
    "invitations_due",
    "keep_agenda",
    "keep_schedule",
    "publish_feeds",
    "read",
    "reason_of",
    "rows",
    "schedules",
    "take_back",
    "write_feeds",
]
