"""Segments as HTML, which machines translate: codes become tags that they carry along, and codes again afterwards."""

from __future__ import annotations

import html
from html.parser import HTMLParser
from typing import Final

from tasks.domain.codes import Token, tokens

#: A code by itself is nothing to translate; around a stretch it has something to translate inside.
_SINGLE: Final = "no"


def tagged(segment: str) -> str:
    """A segment as HTML: `<span id="1">…</span>` around a stretch, `<span id="2" translate="no"></span>` by itself."""
    made = []
    for token in tokens(segment):
        if token.kind == "open":
            made.append(f'<span id="{token.number}">')
        elif token.kind == "close":
            made.append("</span>")
        elif token.kind == "single":
            made.append(f'<span id="{token.number}" translate="{_SINGLE}"></span>')
        else:
            made.append(html.escape(token.text, quote=False))
    return "".join(made)


def untagged(answer: str) -> str:
    """The segment in HTML that came back, with other tags left out.

    A stretch that the machine cut in pieces, one after the other, is one again. Whether the codes are those of the
    source is for `check_codes` to say.
    """
    reading = _Reading()
    reading.feed(answer)
    reading.close()
    return "".join(map(str, _joined(reading.found)))


class _Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Token] = []
        self._open: list[Token | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "span":
            return
        said = dict(attrs)
        number = said.get("id") or ""
        code = None
        if number.isascii() and number.isdigit() and len(number) <= 6:
            is_single = said.get("translate") == _SINGLE
            code = Token("single" if is_single else "open", number=int(number))
            self.found.append(code)
        self._open.append(code)

    def handle_endtag(self, tag: str) -> None:
        if tag == "span" and self._open:
            code = self._open.pop()
            if code is not None and code.kind == "open":
                self.found.append(Token("close", number=code.number))

    def handle_data(self, data: str) -> None:
        if self.found and self.found[-1].kind == "text":
            data = self.found.pop().text + data
        self.found.append(Token("text", data))


def _joined(found: list[Token]) -> list[Token]:
    """Tokens without the end of a stretch that begins again at once, be there white space between."""
    made: list[Token] = []
    for token in found:
        gap = [made.pop()] if made and made[-1].kind == "text" and not made[-1].text.strip() else []
        if token.kind == "open" and made and made[-1] == Token("close", number=token.number):
            made.pop()
            made += gap
        else:
            made += [*gap, token]
    return made
