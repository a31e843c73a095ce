"""Which machine translates into a language, where the edition wants one; made here, as only flows know the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config import settings as configuration
from tasks.adapters.apertium import Apertium
from tasks.domain.edition import Edition
from tasks.domain.errors import Invalid
from tasks.pretranslation import Pretranslator, Pseudo

if TYPE_CHECKING:
    from tasks.adapters.google.service import Services


def pretranslator(edition: Edition, language: str) -> Pretranslator | None:
    """The machine that translates into a language of the edition, None where none does; in a rehearsal a stand-in.

    Raises:
        Invalid: it is Google, and Google is not set up here. Nothing of it is asked for yet.
    """
    settings, wanted = configuration.load(), edition.language(language).pretranslation
    if wanted in ("memory", "none"):
        return None
    if settings.rehearsal:
        return Pseudo(edition, edition.drafting_language.id, language)
    if wanted == "apertium":
        return Apertium()
    from tasks.adapters.google.translation import GoogleTranslation  # slow to import, and not everybody's

    google = settings.google
    if google is None:
        raise Invalid(
            f"{edition.id}: {language} is translated by Google first, which is not set up here; docs/google.md says "
            "how, or choose another `pretranslation`"
        )
    return GoogleTranslation(lambda: _services(google))


def _services(google: configuration.Google) -> Services:
    """Google's services, signed for machine translation alone.

    Raises:
        Unknown, Unsafe, Invalid: as `workspace`.
    """
    from tasks.adapters.google.credentials import TRANSLATION_SCOPES, make_credentials, read_secret
    from tasks.adapters.google.service import Services
    from tasks.adapters.google.transport import signed_transport

    credentials = make_credentials(read_secret(google.credentials), scopes=TRANSLATION_SCOPES)
    return Services(signed_transport(credentials))
