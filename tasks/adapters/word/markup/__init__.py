"""Marks in Word files: read whole, and accepted or rejected all together."""

from tasks.adapters.word.markup.reading import read_markup
from tasks.adapters.word.markup.resolving import accept_all, drop_notes, note_marks, reject_all

__all__ = ["accept_all", "drop_notes", "note_marks", "read_markup", "reject_all"]
