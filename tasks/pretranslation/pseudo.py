"""A machine that is none: stand-ins for translations, for rehearsals and tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tasks.domain.edition import Edition
from tasks.domain.stand_in import stand_in


class Pseudo:
    """Translates between two languages of an edition into what is visibly no translation, and costs nothing."""

    name: Final = "pseudo"

    def __init__(self, edition: Edition, source: str, target: str) -> None:
        self._put = stand_in(edition, source, target)

    def cost(self, texts: Sequence[str]) -> int:
        """Nothing is paid for."""
        return 0

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """The stand-in for each segment; `source` and `target` are the locales of its languages."""
        return [self._put(text) for text in texts]
