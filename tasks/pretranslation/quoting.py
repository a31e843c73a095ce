"""What a machine would cost, told before it is asked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.desk import Desk
from tasks.domain.locale import format_price
from tasks.domain.memory import Source
from tasks.pretranslation.known import known, unknown
from tasks.pretranslation.port import Pretranslator


@dataclass(frozen=True)
class Quote:
    """What a machine would be asked for a text: of how many segments, which are not known, for how many characters.

    `price` is in words, empty where the edition has none or nothing is paid for. `code` stands for exactly these texts:
    it is another as soon as one of them is.
    """

    provider: str
    segments: int
    asked: int
    characters: int
    price: str
    code: str

    def __str__(self) -> str:
        price = f", {self.price}" if self.price else ""
        return (
            f"{self.asked:,} of {self.segments:,} segments to {self.provider}, {self.characters:,} characters{price}; "
            f"code {self.code}"
        )


def quote(
    desk: Desk, source_language: str, target_language: str, units: Sequence[Source], provider: Pretranslator
) -> Quote:
    """What `provider` would be asked for the segments of a whole text in order. It is not asked yet."""
    left = unknown(units, known(desk, source_language, target_language, units))
    return quote_of(desk, target_language, units, left, provider)


def quote_of(
    desk: Desk, target_language: str, units: Sequence[Source], left: Sequence[Source], provider: Pretranslator
) -> Quote:
    """The same, where it is known already which segments are left."""
    texts = [unit.source for unit in left]
    characters, price = provider.cost(texts), desk.edition.translation_price
    spoken = ""
    if characters and price is not None:
        amount = price.per_million * characters / 1_000_000
        spoken = format_price(amount, price.currency, desk.edition.drafting_language.locale)
    shown = json.dumps([provider.name, desk.edition.language(target_language).locale, characters, texts])
    code = hashlib.sha256(shown.encode()).hexdigest()[:8]
    return Quote(provider.name, len(units), len(texts), characters, spoken, code)
