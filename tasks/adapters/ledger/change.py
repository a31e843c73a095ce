"""A change: everything one transaction may do to an edition."""

from __future__ import annotations

from tasks.adapters.ledger.decisions import Decisions
from tasks.adapters.ledger.letters import Letters
from tasks.adapters.ledger.memory import Memories
from tasks.adapters.ledger.outbox import Outbox
from tasks.adapters.ledger.papers import Papers
from tasks.adapters.ledger.records import Records


class Change(Records, Papers, Decisions, Letters, Outbox, Memories):
    """Handed out by `Ledger.change`. Each method writes its own history, and nothing when it changes nothing."""
