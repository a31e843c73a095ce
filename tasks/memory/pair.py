"""A pair of languages: of the edition by their ids, in the memory by what all editions share."""

from __future__ import annotations

from tasks.domain.edition import Edition
from tasks.domain.errors import Invalid
from tasks.domain.locale import language_of


def pair_of(edition: Edition, pair: str) -> tuple[str, str]:
    """Two languages of the edition, written as `en:fr`.

    Raises:
        Invalid: they are not two, or not the edition's.
    """
    source, _, target = pair.partition(":")
    known = [language.id for language in edition.languages]
    if source not in known or target not in known or source == target:
        raise Invalid(
            f"{edition.id}: {pair!r} is no pair of its languages; write two of {', '.join(known)}, such as "
            f"{known[0]}:{known[-1]}"
        )
    return source, target


def languages_of(edition: Edition, source: str, target: str) -> tuple[str, str]:
    """Two languages of the edition as the memory has them: without region or script."""
    return language_of(edition.language(source).locale), language_of(edition.language(target).locale)
