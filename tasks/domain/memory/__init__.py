"""The translation memory: what was translated before, found again for the segments of a new paper."""

from tasks.domain.memory.fitting import carried
from tasks.domain.memory.index import LEAST, MOST, Index
from tasks.domain.memory.normal import Source, canonical, neighbours, repeated, source_key, without_codes
from tasks.domain.memory.passage import Passage, Suggestion

__all__ = [
    "LEAST",
    "MOST",
    "Index",
    "Passage",
    "Source",
    "Suggestion",
    "canonical",
    "carried",
    "neighbours",
    "repeated",
    "source_key",
    "without_codes",
]
