"""The calendar's daily work: reminders, calls, reports of delay."""

from tasks.deadlines.calls import open_calls, record_call
from tasks.deadlines.daily import advance, due, policy_of

__all__ = ["advance", "due", "open_calls", "policy_of", "record_call"]
