"""A draft with changes made in it: as a clean text, or tracked, with notes to the editor as comments."""

from tasks.adapters.word.redraft.making import Redraft, redraft
from tasks.adapters.word.redraft.notes import Note

__all__ = ["Note", "Redraft", "redraft"]
