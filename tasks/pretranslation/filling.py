"""The segments of a text filled in, as far as anything or anybody but the translator can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tasks.adapters.ports import DeliveryError
from tasks.desk import Desk
from tasks.domain.codes import check_codes
from tasks.domain.errors import NotNow
from tasks.domain.memory import Source, Suggestion, carried, repeated
from tasks.pretranslation.known import known, unknown
from tasks.pretranslation.port import Pretranslator
from tasks.pretranslation.quoting import quote_of


@dataclass(frozen=True)
class Pretranslation:
    """A suggestion that can be filled in as it is, by segment; and what a machine damaged, by segment, in words."""

    suggestions: dict[str, Suggestion]
    damaged: dict[str, str]


def pretranslate(
    desk: Desk,
    source_language: str,
    target_language: str,
    units: Sequence[Source],
    *,
    provider: Pretranslator | None = None,
    approved: str | None = None,
) -> Pretranslation:
    """The best of memory and glossary for the segments of a whole text in order, and of `provider` for the rest.

    A language whose `pretranslation` is `none` gets nothing. What a machine made is of the kind "machine" and says
    which; a translation with other codes than its source's is dropped and told. A segment that stands several times is
    asked for once. Nothing is recorded: the same again asks, and costs, again.

    Raises:
        NotNow: the machine costs money and `approved` is not the code of exactly this quote; or it gave no answer.
    """
    if desk.edition.language(target_language).pretranslation == "none":
        return Pretranslation({}, {})
    found = known(desk, source_language, target_language, units)
    left = unknown(units, found)
    if provider is None or not left:
        return Pretranslation(found, {})
    asked = quote_of(desk, target_language, units, left, provider)
    if asked.characters and approved != asked.code:
        was = f"what was approved ({approved}) is something else now" if approved else "nobody has approved it"
        raise NotNow(f"{desk.edition.id}: {asked}; {was}. Look at it, and approve that code")
    locales = (desk.edition.language(id).locale for id in (source_language, target_language))
    try:
        texts = provider.translate([unit.source for unit in left], *locales)
    except DeliveryError as error:
        raise NotNow(f"{provider.name}: {error}; nothing was filled in, ask again later") from error
    made, damaged = dict[str, Suggestion](), dict[str, str]()
    for unit, text in zip(left, texts, strict=True):
        problems = check_codes(unit.source, text) if text.strip() else ["no translation"]
        if problems:
            damaged[unit.id] = "; ".join(problems)
        else:
            made[unit.id] = Suggestion(text, "machine", 0, provider.name)
    return Pretranslation(_everywhere(units, found | made), damaged)


def _everywhere(units: Sequence[Source], found: dict[str, Suggestion]) -> dict[str, Suggestion]:
    """What was found for a segment, for every segment with the same text that has nothing yet."""
    sources = {unit.id: unit.source for unit in units}
    whole = dict(found)
    for first, others in repeated(units).items():
        for other in others:
            if first in found and other not in found:
                text = carried(sources[first], found[first].text, sources[other])
                assert text is not None  # the same text
                whole[other] = replace(found[first], text=text)
    return {unit.id: whole[unit.id] for unit in units if unit.id in whole}
