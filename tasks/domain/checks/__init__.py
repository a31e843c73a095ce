"""What is checked in a translation before it is issued (docs/process.md, 4).

    findings(units, Side("en", ...), Side("fr", ...), names)

A check compares a segment's target with its source, or with what the target's language wants. It never mends: a finding
says what is wrong where, and the translator mends it or a named person waives it.
"""

from __future__ import annotations

from tasks.domain.checks.finding import BLOCKING, Check, Conventions, Finding, Name, Side, TermPair, Unit, visible
from tasks.domain.checks.paper import findings
from tasks.domain.checks.terms import Terms
from tasks.domain.checks.words import Names

__all__ = [
    "BLOCKING",
    "Check",
    "Conventions",
    "Finding",
    "Name",
    "Names",
    "Side",
    "TermPair",
    "Terms",
    "Unit",
    "findings",
    "visible",
]
