"""What a returned file would change in the draft: its tracked changes, and those made with tracking off.

A file is two steps from the draft: what was changed with tracking off made its original text, what was tracked makes
its final one. Both are laid over the draft here. Changes that touch and are of one author are one proposal: a word
struck out and another put in its place, a paragraph put in from its first sign to its end.
"""

from tasks.domain.proposals.finding import Proposals, proposals_of
from tasks.domain.proposals.ground import Proposal

__all__ = ["Proposal", "Proposals", "proposals_of"]
