"""Which of an edition's languages a text is in."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from lingua import Language, LanguageDetectorBuilder

#: How much likelier the first language must be than the second: a sentence full of foreign titles is not sure.
_APART: Final = 0.2


@lru_cache(maxsize=8)
def identifier(languages: frozenset[str]) -> Callable[[str], str | None]:
    """Tells the language of a text by its code, such as `fr`; None where it is not sure, or where it is not known.

    Languages the library does not know are left out; of fewer than two there is nothing to tell apart.
    """
    known = [each for each in Language.all() if each.iso_code_639_1.name.lower() in languages]
    if len(known) < 2:
        return lambda text: None
    builder = LanguageDetectorBuilder.from_languages(*sorted(known, key=lambda each: each.name))
    detector = builder.with_low_accuracy_mode().with_minimum_relative_distance(_APART).build()

    def identify(text: str) -> str | None:
        found: Language | None = detector.detect_language_of(text)
        return found.iso_code_639_1.name.lower() if found else None

    return identify
