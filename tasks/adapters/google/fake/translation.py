"""Cloud Translation as its documentation has it: limits, languages, HTML left as it is. It translates nothing.

https://cloud.google.com/translate/docs/reference/rest/v2/translate
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tasks.adapters.google.fake.discovery import Call, Refused

#: Of the languages Google has, some; `zh-CN` and `zh-TW` are the only ones with a region here.
LANGUAGES = {"ar", "en", "es", "fr", "nl", "pt", "ru", "zh", "zh-CN", "zh-TW"}
_LETTERS = str.maketrans("aeiou", "áéíóú")


class FakeTranslation:
    """Answers every text with accents in place of vowels, or as `answer` says."""

    def __init__(self) -> None:
        #: What was asked, request by request.
        self.asked: list[list[str]] = []
        self.answer: Callable[[str], str] = accented

    def methods(self) -> dict[str, Callable[[Call], Any]]:
        return {"language.translations.list": self._list}

    @property
    def characters(self) -> int:
        """What Google would charge for."""
        return sum(len(text) for texts in self.asked for text in texts)

    def _list(self, call: Call) -> dict[str, Any]:
        texts: list[str] = call.parameters["q"]
        if len(texts) > 128:
            raise Refused(400, "invalid", "Too many text segments")
        if sum(map(len, texts)) > 30_720:
            raise Refused(413, "uploadTooLarge", "Text too long")
        for name in ("source", "target"):
            if call.get(name) not in LANGUAGES:
                raise Refused(400, "invalid", f"Invalid Value: {name}")
        self.asked.append(texts)
        return {"translations": [{"translatedText": self.answer(text)} for text in texts]}


def accented(text: str) -> str:
    """Accents in place of vowels, but within tags and entities."""
    parts = re.split(r"(<[^>]*>|&#?\w+;)", text)
    return "".join(part if at % 2 else part.translate(_LETTERS) for at, part in enumerate(parts))
