"""The ledger: every record, document, decision and letter of an edition, with an append-only history of each change."""

from tasks.adapters.ledger.change import Change
from tasks.adapters.ledger.engine import LedgerUnavailable
from tasks.adapters.ledger.ledger import Ledger
from tasks.adapters.ledger.rows import (
    ActionRow,
    ArrivalRow,
    DecisionRow,
    DocumentRow,
    EditionRow,
    HistoryRow,
    LetterFilter,
    LetterRow,
    MemoryRow,
    Record,
    Who,
)

__all__ = [
    "ActionRow",
    "ArrivalRow",
    "Change",
    "DecisionRow",
    "DocumentRow",
    "EditionRow",
    "HistoryRow",
    "Ledger",
    "LedgerUnavailable",
    "LetterFilter",
    "LetterRow",
    "MemoryRow",
    "Record",
    "Who",
]
