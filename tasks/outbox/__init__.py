"""The outbox: letters are shown, approved, edited, rejected and sent; what nobody can tell is settled by a person.

Nothing goes out that a person has not approved as it stands, and nothing twice. A letter is taken in three steps: an id
is reserved, the ledger says that it is on its way under that id, it is sent. Killed anywhere in between, the next
sender asks what became of the id.
"""

from tasks.outbox.addresses import follow_addresses
from tasks.outbox.composing import compose, written
from tasks.outbox.errands import errand_for
from tasks.outbox.paper import deliver
from tasks.outbox.review import (
    Shown,
    approve,
    approve_as_shown,
    edit,
    letter_for,
    listed,
    reject,
    seen_by,
    settle,
    shown,
    the_letter,
)
from tasks.outbox.sending import Report, send
from tasks.outbox.tally import Tally, tally, total

__all__ = [
    "Report",
    "Shown",
    "Tally",
    "approve",
    "approve_as_shown",
    "compose",
    "deliver",
    "edit",
    "errand_for",
    "follow_addresses",
    "letter_for",
    "listed",
    "reject",
    "seen_by",
    "send",
    "settle",
    "shown",
    "tally",
    "the_letter",
    "total",
    "written",
]
