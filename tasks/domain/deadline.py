"""Deadlines as rules relative to the calendar: `10 working days before fof-2`, `on forum-end`.

A rule is `[N working days|days|weeks|months before|after] EVENT` or `on EVENT`. Working days leave out weekends and the
holidays of the edition's countries. A plain offset that lands on a free day moves on in its own direction: `before` an
event to the working day before, `after` an event to the working day after, so nobody who waits for the event has less
time than the rule says and nothing moves across it. `on` is the day of the event, free or not.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import holidays
import pendulum

from tasks.domain.edition import Edition
from tasks.domain.errors import Invalid

_RULE = re.compile(
    r"^(?:on (?P<on>\S+)"
    r"|(?P<count>[0-9]+) (?P<unit>working days?|days?|weeks?|months?) (?P<side>before|after) (?P<anchor>\S+))$"
)

#: Units at most between an event and a deadline: whoever writes more has mistyped, and counting them all takes long.
LONGEST = 10_000


@dataclass(frozen=True)
class Rule:
    """`count` of `unit` from `anchor`; a negative count is before it."""

    anchor: str
    count: int = 0
    unit: str = "days"


def parse_rule(text: str) -> Rule:
    """The rule that `text` says.

    Raises:
        Invalid: it does not read as a rule, and the message shows forms that do; or its offset is absurd.
    """
    match = _RULE.match(" ".join(text.split()))
    if match is None:
        raise Invalid(
            f"{_short(text)} is not a deadline rule; write for instance '10 working days before EVENT', "
            "'6 weeks before EVENT', '3 days after EVENT' or 'on EVENT'"
        )
    if match["on"]:
        return Rule(match["on"])
    unit = match["unit"].removesuffix("s") + "s"
    # The length first: Python refuses to read numbers of thousands of digits.
    if len(match["count"].lstrip("0")) > len(str(LONGEST)) or int(match["count"]) > LONGEST:
        raise Invalid(f"{_short(text)} is too far from its event; write at most {LONGEST:,} {unit}")
    return Rule(match["anchor"], int(match["count"]) * (1 if match["side"] == "after" else -1), unit)


def _short(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:77]}...")


@cache
def _free_days(countries: tuple[str, ...]) -> Callable[[dt.date], bool]:
    calendars = [holidays.country_holidays(country) for country in countries]
    return lambda day: day.weekday() >= 5 or any(day in calendar for calendar in calendars)


def is_working_day(day: dt.date, countries: tuple[str, ...]) -> bool:
    """Whether people work on `day` in all `countries` (ISO codes of the holidays library)."""
    return not _free_days(countries)(day)


def due_date(edition: Edition, rule: str | Rule) -> dt.date:
    """The day `rule` means in the calendar of `edition`. The day itself still counts as in time."""
    rule = parse_rule(rule) if isinstance(rule, str) else rule
    event = edition.event(rule.anchor)
    assert event.date is not None  # checked with the edition: anchors have precision day
    return day_of(rule, event.date, tuple(edition.holidays))


def day_of(rule: Rule, start: dt.date, countries: tuple[str, ...]) -> dt.date:
    """The day `rule` means when its event is on `start` and people work as in `countries`.

    Raises:
        Invalid: there is no such day, before the year 1 or after the year 9999.
    """
    try:
        if rule.unit == "working days":
            return _shift_working_days(start, rule.count, countries)
        shifted = pendulum.date(start.year, start.month, start.day).add(**{rule.unit: rule.count})
        day = dt.date(shifted.year, shifted.month, shifted.day)
        # A meeting on a Sunday is still on that Sunday; only a date we compute is moved off a free day.
        while rule.count and not is_working_day(day, countries):
            day += _step(rule.count)
        return day
    except (OverflowError, ValueError) as error:
        side = "after" if rule.count > 0 else "before"
        raise Invalid(f"{abs(rule.count):,} {rule.unit} {side} {start} is no day of the calendar") from error


def _shift_working_days(day: dt.date, count: int, countries: tuple[str, ...]) -> dt.date:
    for _ in range(abs(count)):
        day += _step(count)
        while not is_working_day(day, countries):
            day += _step(count)
    return day


def _step(count: int) -> dt.timedelta:
    return dt.timedelta(days=1 if count > 0 else -1)


#: Milestones every edition defines; the drafts and rounds follow from its `comment_rounds`.
_FIXED = (
    "note-invitation", "note-due", "note-decision", "call-for-input", "input-due", "final-due", "panel-invitation",
    "panel-complete", "translation-due", "report-templates", "summary-due", "report-due", "roundtable-report-due",
)  # fmt: skip


def required_milestones(comment_rounds: int) -> tuple[str, ...]:
    """Ids of the milestones the five stages ask for, `draft-N` and `comments-N` for each round."""
    rounds = range(1, comment_rounds + 1)
    return (*_FIXED, *(f"draft-{n}" for n in rounds), *(f"comments-{n}" for n in rounds))


def deadlines(edition: Edition) -> dict[str, dt.date]:
    """The due date of every milestone of `edition`, by milestone id."""
    return {milestone.id: due_date(edition, milestone.rule) for milestone in edition.milestones}
