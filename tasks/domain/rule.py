"""The language of deadlines, such as `5 working days after draft-1 is received, not later than fof-3`.

    [N working days|days|weeks|months before|after] ANCHOR   or   on ANCHOR
    optional: at HH:MM [ZONE]
    optional, any number: , not later than [N units before|after] ANCHOR   and   , not earlier than ...

An anchor is an event of the calendar, a milestone (its planned day), or a milestone `is received` (the day it came in).
Read here, worked out in `tasks.domain.calendar`.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

from tasks.domain.errors import Invalid

Unit = Literal["working days", "days", "weeks", "months"]
Side = Literal["before", "after"]
Limit = Literal["later", "earlier"]

#: Units at most between an anchor and a deadline: whoever writes more has mistyped, and counting them all takes long.
LONGEST = 10_000

_OFFSET = r"(?P<count>[0-9]+) (?P<unit>working days?|days?|weeks?|months?) (?P<side>before|after)"
_ANCHOR = r"(?P<anchor>\S*[^\s,])(?P<received> is received)?"
_MAIN = re.compile(
    rf"(?:on|{_OFFSET}) {_ANCHOR}(?: at (?P<at>(?:[01][0-9]|2[0-3]):[0-5][0-9])(?: (?P<zone>[^\s,]+))?)?"
)
_BOUND = re.compile(rf"not (?P<limit>later|earlier) than (?:{_OFFSET} )?{_ANCHOR}")
_COMMA = re.compile(r" ?, ?(?=not )")

_FORMS = (
    "'10 working days before EVENT', '6 weeks before EVENT', '3 days after EVENT' or 'on EVENT', with 'at 17:00' or "
    "'at 17:00 Europe/Brussels' after it, and ', not later than EVENT' at the end; EVENT is an event of the calendar, "
    "a milestone, or 'MILESTONE is received'"
)


@dataclass(frozen=True)
class Anchor:
    """What a rule hangs on: an event or milestone, or with `received` the arrival of what the milestone asks for."""

    id: str
    received: bool = False

    def __str__(self) -> str:
        return f"{self.id} is received" if self.received else self.id


@dataclass(frozen=True)
class Offset:
    """`count` (at least 1) of `unit` on one side of an anchor."""

    count: int
    unit: Unit
    side: Side

    def __str__(self) -> str:
        unit = self.unit.removesuffix("s") if self.count == 1 else self.unit
        return f"{self.count} {unit} {self.side}"


@dataclass(frozen=True)
class Bound:
    """A day the deadline may not pass, in either direction."""

    limit: Limit
    anchor: Anchor
    offset: Offset | None = None

    def __str__(self) -> str:
        return f"not {self.limit} than {f'{self.offset} ' if self.offset else ''}{self.anchor}"


@dataclass(frozen=True)
class Rule:
    """A rule as it was read; `str` gives its canonical text, which reads as the same rule.

    Without an `offset` it means the day of the anchor itself. `at` is local time in `zone`, by default the edition's.
    """

    anchor: Anchor
    offset: Offset | None = None
    at: dt.time | None = None
    zone: str = ""
    bounds: tuple[Bound, ...] = ()

    def __str__(self) -> str:
        text = f"{self.offset or 'on'} {self.anchor}"
        if self.at is not None:
            text += f" at {self.at:%H:%M}{f' {self.zone}' if self.zone else ''}"
        return ", ".join([text, *map(str, self.bounds)])

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        """Every anchor once, that of the rule itself first."""
        return tuple(dict.fromkeys([self.anchor, *(bound.anchor for bound in self.bounds)]))


@lru_cache(maxsize=4096)
def parse_rule(text: str) -> Rule:
    """The rule that `text` says.

    Raises:
        Invalid: it does not read as a rule, and the message shows forms that do; or its offset is none or absurd.
    """
    first, *rest = _COMMA.split(" ".join(text.split()))
    main = _MAIN.fullmatch(first)
    bounds = [_BOUND.fullmatch(part) for part in rest]
    if main is None or None in bounds:
        raise Invalid(f"{_short(text)} is not a deadline rule; write for instance {_FORMS}")
    return Rule(
        anchor=_anchor(main),
        offset=_offset(main, text),
        at=dt.time.fromisoformat(main["at"]) if main["at"] else None,
        zone=main["zone"] or "",
        bounds=tuple(
            Bound(cast(Limit, bound["limit"]), _anchor(bound), _offset(bound, text)) for bound in bounds if bound
        ),
    )


def _anchor(match: re.Match[str]) -> Anchor:
    return Anchor(match["anchor"], received=match["received"] is not None)


def _offset(match: re.Match[str], text: str) -> Offset | None:
    if match["count"] is None:
        return None
    digits, unit = match["count"].lstrip("0"), match["unit"].removesuffix("s") + "s"
    if not digits:
        what = "name the anchor alone" if match.re is _BOUND else f"write 'on {match['anchor']}'"
        raise Invalid(f"{_short(text)}: 0 {unit} is no distance; {what} for the day itself")
    # The length first: Python refuses to read numbers of thousands of digits.
    if len(digits) > len(str(LONGEST)) or int(digits) > LONGEST:
        raise Invalid(f"{_short(text)} is too far from its anchor; write at most {LONGEST:,} {unit}")
    return Offset(int(digits), cast(Unit, unit), cast(Side, match["side"]))


def _short(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:77]}...")
