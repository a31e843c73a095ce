"""Comments that did not come as marks in the draft: as the text of a mail, or in a table somebody filled in.

A part of a text that begins with a paragraph number ("Para 14: ...", "§ 14", "第14段") is a comment on that paragraph
and goes on until the next one. What has no number is one comment on the paper as a whole. Greetings, closings and the
mail that is answered are left out; they stay with the mail itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

#: A paragraph and its number, in the languages of intergovernmental meetings.
_REFERENCE: Final = re.compile(
    r"(?:\b(?:para(?:graph|graaf|grafo|graphe)?s?|párr(?:afo)?s?|parr(?:afo)?s?|al(?:inéa|inea)s?|punt(?:o|os|en)?|points?"
    r"|пункт[а-я]*|абзац[а-я]*|п\.|пп\.)|§{1,2}|¶{1,2}|الفقرة|الفقرات|第)"
    r"\s*(?:n[o°º]\.?\s*)?\(?(?P<number>\d{1,3})\b|第(?P<zh>\d{1,3})段",
    re.IGNORECASE,
)
#: How far from its beginning a part may name its paragraph and still be surely about it.
_AT_ONCE: Final = 24
_ANSWERED: Final = re.compile(
    r"^(?:>|-{2,}\s*(?:original|forwarded)|_{8,}|On .{8,80} wrote:|Le .{8,80} a écrit\s*:)", re.I
)
_COURTESY: Final = re.compile(
    r"^(?:dear|hello|good (?:morning|afternoon)|kind regards|best regards|best wishes|regards|sincerely|yours"
    r"|thank you|thanks"
    r"|madame|monsieur|cher|chère|bonjour|cordialement|bien à vous|veuillez agréer|merci"
    r"|estimad[oa]s?|buenos días|saludos|atentamente|gracias|geachte|beste|met vriendelijke groet|hoogachtend"
    r"|уважаем|здравствуйте|с уважением|تحية|مع التحية|السيد|尊敬|此致)\b",
    re.IGNORECASE,
)
#: Headings of a table's columns, by what they hold.
_HEADINGS: Final = {
    "number": re.compile(r"para|párr|parr|§|¶|пункт|абзац|الفقرة|段|^n[o°º]\.?$|number|numéro|número|nummer", re.I),
    "comment": re.compile(r"comment|observ|remar|opmerk|замеч|تعليق|意见|评论|reason|motif|motivo|reden", re.I),
    "proposal": re.compile(
        r"propos|word|rédac|redac|texto|texte|tekst|voorstel|формулир|предлож|صياغة|مقترح|建议|措辞", re.I
    ),
}


@dataclass(frozen=True)
class MailComment:
    """A comment on paragraph `number`; surely so, or perhaps. None: on the paper as a whole."""

    number: int | None
    sure: bool
    text: str


@dataclass(frozen=True)
class TableComment:
    """A row of a table that was filled in."""

    number: int | None
    sure: bool
    comment: str
    proposal: str


def comments_in(text: str, numbers: Collection[int]) -> tuple[MailComment, ...]:
    """The comments in a text on a draft that has paragraphs of these numbers."""
    found: list[MailComment] = []
    general: list[str] = []
    goes_on = False
    for line in _own_lines(text):
        if not line.strip():
            goes_on = False
            continue
        number, place = _first_number(line)
        if number is not None and number in numbers:
            found.append(MailComment(number, place <= _AT_ONCE, line.strip()))
            goes_on = True
        elif goes_on:
            last = found[-1]
            found[-1] = MailComment(last.number, last.sure, f"{last.text}\n{line.strip()}")
        elif not _COURTESY.match(line.strip()):
            general.append(line.strip())
    whole = "\n".join(general).strip()
    return ((MailComment(None, False, whole),) if whole else ()) + tuple(found)


def numbered_part(text: str) -> str:
    """Of a text the comments that surely name their paragraphs, as a text; empty where there are none."""
    found = comments_in(text, range(1, 1000))
    return "\n\n".join(comment.text for comment in found if comment.number is not None and comment.sure)


def rows_in(table: Sequence[Sequence[str]], numbers: Collection[int]) -> tuple[TableComment, ...]:
    """The comments in a table: its columns are known by their headings, or else by their order: paragraph, comment,
    proposal."""
    if not table:
        return ()
    columns = _columns(table[0])
    body = table[1:] if columns else table
    columns = columns or dict(zip(("number", "comment", "proposal"), range(len(table[0])), strict=False))
    if len(table[0]) == 1:
        columns = {"comment": 0}
    found = []
    for row in body:
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in columns.items()}
        others = [cell.strip() for place, cell in enumerate(row) if place not in columns.values() and cell.strip()]
        comment = "\n".join(filter(None, [cells.get("comment", ""), *others]))
        if not comment and not cells.get("proposal"):
            continue
        digits = re.search(r"\d{1,3}", cells.get("number", ""))
        number = int(digits[0]) if digits and int(digits[0]) in numbers else None
        if number is None and cells.get("number"):
            comment = f"{cells['number']}: {comment}"
        found.append(TableComment(number, number is not None, comment, cells.get("proposal", "")))
    return tuple(found)


def _columns(headings: Sequence[str]) -> dict[str, int]:
    """Which column holds what, by the headings; empty where the first row has none."""
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        if len(heading) > 60 or re.search(r"\d", heading):
            continue
        for name, pattern in _HEADINGS.items():
            if name not in found and pattern.search(heading.strip()):
                found[name] = place
                break
    return found if "comment" in found or "proposal" in found else {}


def _own_lines(text: str) -> list[str]:
    """The lines somebody wrote now, without the mail that is answered."""
    found = []
    for line in text.splitlines():
        if _ANSWERED.match(line.strip()):
            if not line.strip().startswith(">"):
                break
            continue
        found.append(line)
    return found


def _first_number(line: str) -> tuple[int | None, int]:
    match = _REFERENCE.search(line)
    if match is None:
        return None, 0
    return int(match["number"] or match["zh"]), match.start()
