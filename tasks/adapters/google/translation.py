"""Machine translation by Google (Cloud Translation, v2).

Every character that is sent costs, tags included, and costs again when it is sent again: nothing is repeated here after
an answer was lost. Limits: https://cloud.google.com/translate/quotas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from babel.core import get_global

from tasks.adapters.google.service import Services
from tasks.domain.locale import find_locale
from tasks.domain.tagging import tagged, untagged

#: Texts and characters in one request; a longer text than the latter goes by itself, up to what Google takes at all.
_MOST_TEXTS, _MOST_CHARACTERS, _LONGEST = 128, 5_000, 30_000


class GoogleTranslation:
    """Translates segments by Google. `services` is called when something is to be translated, not before."""

    name: Final = "google"

    def __init__(self, services: Callable[[], Services]) -> None:
        self._services = services

    def cost(self, texts: Sequence[str]) -> int:
        """The characters Google charges for, in Unicode code points, tags included."""
        return sum(len(text) for text in map(tagged, texts) if len(text) <= _LONGEST)

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """A translation of each segment, its codes as Google left them; empty for one that is too long for Google.

        `source` and `target` are locales.

        Raises:
            DeliveryError: one of its kinds; what was sent before may have to be paid.
        """
        services = self._services()
        answers: dict[str, str] = {}
        languages = {"source": _language(source), "target": _language(target)}
        for batch in batches(list(dict.fromkeys(map(tagged, texts)))):
            request = services.translate.translations().list(q=batch, format="html", **languages)
            told: Any = services.call(request, f"translation into {languages['target']}", effect="once")
            found = [str(each["translatedText"]) for each in told["translations"]]
            answers.update(zip(batch, found, strict=True))
        return [untagged(answers.get(tagged(text), "")) for text in texts]


def batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """Texts in order, as many together as Google takes at once; one that it does not take at all is left out."""
    batch: list[str] = []
    for text in texts:
        if len(text) > _LONGEST:
            continue
        if batch and (len(batch) == _MOST_TEXTS or sum(map(len, batch)) + len(text) > _MOST_CHARACTERS):
            yield batch
            batch = []
        batch.append(text)
    if batch:
        yield batch


def _language(tag: str) -> str:
    """A locale as Google calls its language: without region, but where that stands for a script of its own."""
    locale, likely = find_locale(tag), get_global("likely_subtags")
    usual = find_locale(str(likely.get(locale.language, locale.language)).replace("_", "-"))
    if locale.script in (None, usual.script):
        return locale.language
    where = find_locale(str(likely.get(f"{locale.language}_{locale.script}", tag)).replace("_", "-"))
    return f"{locale.language}-{where.territory}"
