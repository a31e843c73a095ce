"""What a machine that translates can be asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Pretranslator(Protocol):
    """Translates segments with their codes. What it answers is checked by whoever asks."""

    @property
    def name(self) -> str:
        """What a suggestion says it came from."""
        ...

    def cost(self, texts: Sequence[str]) -> int:
        """The characters that are to be paid for if these segments are translated; 0 for one that costs nothing."""
        ...

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """A translation for each segment between two locales, empty where there is none.

        Raises:
            Refusal: it is not there, or does not have these languages.
            DeliveryError: it did not answer.
        """
        ...
