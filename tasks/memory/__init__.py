"""The translation memory at the desk: passages are remembered within a change, and found again for a new text."""

from __future__ import annotations

from tasks.memory.exchange import Import, export, plan_import, take_in
from tasks.memory.holding import Holding, held
from tasks.memory.looking import Memory
from tasks.memory.pair import pair_of
from tasks.memory.remembering import passages_of, remember

__all__ = [
    "Holding",
    "Import",
    "Memory",
    "export",
    "held",
    "pair_of",
    "passages_of",
    "plan_import",
    "remember",
    "take_in",
]
