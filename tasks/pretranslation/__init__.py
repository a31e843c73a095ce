"""Pre-translation: what is known of a text is offered to its translator, and what a machine makes of the rest."""

from __future__ import annotations

from tasks.pretranslation.filling import Pretranslation, pretranslate
from tasks.pretranslation.known import known
from tasks.pretranslation.papers import quotes, units_of
from tasks.pretranslation.port import Pretranslator
from tasks.pretranslation.pseudo import Pseudo
from tasks.pretranslation.quoting import Quote, quote

__all__ = [
    "Pretranslation",
    "Pretranslator",
    "Pseudo",
    "Quote",
    "known",
    "pretranslate",
    "quote",
    "quotes",
    "units_of",
]
