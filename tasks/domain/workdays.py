"""Working days: which days are free in the countries and closures concerned and why, and counting the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from zoneinfo import available_timezones

import holidays

from tasks.domain.edition import Closure, Edition, Milestone

#: Monday is 0, as in `datetime.date.weekday`. Where no country says otherwise, Saturday and Sunday are free.
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKEND = frozenset({5, 6})
ONE_DAY = dt.timedelta(days=1)


@cache
def countries() -> tuple[str, ...]:
    """The codes (ISO 3166) whose public holidays are known."""
    return tuple(sorted(holidays.list_supported_countries()))


@cache
def time_zones() -> tuple[str, ...]:
    """The names of every time zone there is, such as Europe/Paris; the library looks through its files each time."""
    return tuple(sorted(available_timezones()))


@cache
def _calendar(country: str) -> holidays.HolidayBase:
    """Asked for weekends only, which it knows by heart: some countries have moved theirs from one year to another."""
    return holidays.country_holidays(country)


def _is_weekend(day: dt.date, countries: tuple[str, ...]) -> bool:
    if not countries:
        return day.weekday() in _WEEKEND
    return any(_calendar(country).is_weekend(day) for country in countries)


@cache
def _holidays(country: str, year: int, language: str = "en") -> Mapping[dt.date, str]:
    """The public holidays of one year with their names in a language; in the library's choice where it lacks that.

    An object for each year: the library's own, which grow as they are asked, are not safe between threads.
    """
    known: Sequence[str] = holidays.country_holidays(country).supported_languages
    wanted = "en_US" if language == "en" else next((tag for tag in known if tag.split("_")[0] == language), None)
    return dict(holidays.country_holidays(country, years=year, language=wanted if wanted in known else None))


@lru_cache(maxsize=50_000)
def _public_reason(countries: tuple[str, ...], day: dt.date) -> str:
    """The weekday, or the holiday with its country, for which nobody works on `day` in one of `countries`; else empty.

    Every plan asks for the days of the same few years.
    """
    if _is_weekend(day, countries):
        return _DAYS[day.weekday()]
    for country in countries:
        if name := _holidays(country, day.year).get(day):
            return f"{name} ({country})"
    return ""


def holiday_name(country: str, day: dt.date, language: str) -> str:
    """The name of a public holiday in a language (such as `fr`), in English where it has none there; empty if none."""
    known: Sequence[str] = holidays.country_holidays(country).supported_languages
    has_name = any(tag.split("_")[0] == language for tag in known)
    return _holidays(country, day.year, language if has_name else "en").get(day, "")


class Workdays:
    """The working days where all of `countries` work and no closure holds.

    A closure's reason is its name in `language` (an id), or its first name.
    """

    def __init__(self, countries: tuple[str, ...], closures: tuple[Closure, ...] = (), language: str = "") -> None:
        self._countries = countries
        self._closures = closures
        self._language = language

    def why_free(self, day: dt.date) -> str:
        """Why nobody works on `day`: the weekday, the holiday with its country, or the closure; empty where they do."""
        if reason := _public_reason(self._countries, day):
            return reason
        for closure in self._closures:
            if closure.first <= day <= closure.until:
                return closure.names.get(self._language) or next(iter(closure.names.values()), "closed")
        return ""

    def is_free(self, day: dt.date) -> bool:
        return self.why_free(day) != ""

    def move(self, day: dt.date, count: int) -> dt.date:
        """The working day `count` working days after `day`, before it where negative; `day` may be free or not.

        Raises:
            OverflowError: there is no such day before the year 10000 or after the year 0.
        """
        step = ONE_DAY if count > 0 else -ONE_DAY
        for _ in range(abs(count)):
            day = self.nearest(day + step, step)
        return day

    def nearest(self, day: dt.date, step: dt.timedelta) -> dt.date:
        """`day` itself, or the first working day from it in steps of `step` (one day, or minus one).

        Raises:
            OverflowError: there is none to the end of the calendar.
        """
        while self.why_free(day):
            day += step
        return day


def workdays_of(edition: Edition, milestone: Milestone | None = None) -> Workdays:
    """The working days of the places concerned: those of `milestone` where it names its own, else the edition's."""
    own = milestone.holidays if milestone else None
    countries = edition.holidays if own is None else own
    drafting = next((language.id for language in edition.languages if language.drafting), "")
    return Workdays(tuple(countries), tuple(edition.closures), drafting)
