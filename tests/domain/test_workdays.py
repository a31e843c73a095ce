"""Working days: free days of every country and closure with their reason, counted as somebody with a calendar does."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain.edition import Closure
from tasks.domain.workdays import Workdays, countries, holiday_name, workdays_of
from tests.domain.domain_help import edition

D = dt.date
DAYS = st.dates(D(2001, 1, 1), D(2039, 12, 31))
COUNTRIES = st.sampled_from([(), ("BE",), ("BE", "CH"), ("KG", "LI"), ("JP",), ("US", "UY", "EG"), ("IL", "GB")])
SHUT = Closure(first=D(2030, 12, 27), until=D(2030, 12, 31), names={"fr": "Fermé", "en": "Closed"})


# -- the oracle: looks at every day of a stretch by itself, steps nothing


@cache
def holidays_of(country: str, year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays(country, years=year))


def works(day: dt.date, countries: tuple[str, ...]) -> bool:
    weekends = [holidays.country_holidays(country).weekend for country in countries] or [{5, 6}]
    return not any(day.weekday() in weekend for weekend in weekends) and not any(
        day in holidays_of(country, day.year) for country in countries
    )


@pytest.mark.soak
@given(DAYS, COUNTRIES)
def test_a_free_day_is_a_weekend_or_a_holiday_of_any_country(day: dt.date, countries: tuple[str, ...]) -> None:
    assert Workdays(countries).is_free(day) is not works(day, countries)


@pytest.mark.soak
@given(DAYS, COUNTRIES, st.integers(1, 60), st.booleans())
def test_so_many_working_days_away(day: dt.date, countries: tuple[str, ...], count: int, after: bool) -> None:
    found = Workdays(countries).move(day, count if after else -count)
    first, last = (day + dt.timedelta(days=1), found) if after else (found, day - dt.timedelta(days=1))
    stretch = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    assert works(found, countries)
    assert sum(works(each, countries) for each in stretch) == count


@pytest.mark.parametrize(
    ("day", "countries", "why"),
    [
        (D(2007, 5, 25), ("BE", "CH"), ""),
        (D(2007, 5, 28), ("BE", "CH"), "Pentecost Monday (BE)"),
        (D(2007, 5, 28), (), ""),
        (D(2007, 5, 17), ("CH", "BE"), "Ascension Day (CH)"),
        (D(2007, 7, 21), ("BE",), "Saturday"),  # the National Day too: the weekday is the plainer reason
        (D(2031, 3, 21), ("KG",), "Nooruz Holiday (KG)"),
        (D(2031, 3, 7), ("EG",), "Friday"),
        (D(2031, 3, 9), ("EG",), ""),  # a Sunday
        (D(2031, 3, 9), ("EG", "BE"), "Sunday"),
        (D(2008, 2, 29), ("BE",), ""),
    ],
)
def test_why_a_day_is_free(day: dt.date, countries: tuple[str, ...], why: str) -> None:
    assert Workdays(countries).why_free(day) == why
    assert Workdays(countries).is_free(day) is bool(why)


@pytest.mark.parametrize(
    ("day", "language", "why"),
    [
        (D(2030, 12, 26), "en", ""),
        (D(2030, 12, 27), "en", "Closed"),
        (D(2030, 12, 28), "en", "Saturday"),
        (D(2030, 12, 31), "en", "Closed"),
        (D(2030, 12, 31), "", "Fermé"),
        (D(2031, 1, 1), "en", ""),
    ],
)
def test_a_closure_is_free_from_its_first_day_to_its_last(day: dt.date, language: str, why: str) -> None:
    assert Workdays((), (SHUT,), language).why_free(day) == why


def test_a_closure_without_a_name_is_free_all_the_same() -> None:
    assert Workdays((), (SHUT.model_copy(update={"names": {}}),)).is_free(SHUT.first)


def test_counting_leaves_closures_out() -> None:
    workdays = Workdays((), (SHUT,))
    assert workdays.move(D(2030, 12, 26), 1) == D(2031, 1, 1)
    assert workdays.move(D(2031, 1, 1), -1) == D(2030, 12, 26)
    assert workdays.move(D(2030, 12, 29), 1) == D(2031, 1, 1)


def test_the_places_of_a_milestone_come_before_those_of_the_edition() -> None:
    found = edition("brussels-2007")
    milestone = next(m for m in found.milestones if m.id == "draft-1")
    whit_monday = D(2007, 5, 28)
    assert workdays_of(found).is_free(whit_monday)
    assert workdays_of(found, milestone).is_free(whit_monday)
    assert not workdays_of(found, milestone.model_copy(update={"holidays": ["PH"]})).is_free(whit_monday)
    assert not workdays_of(found, milestone.model_copy(update={"holidays": []})).is_free(whit_monday)


def test_an_edition_is_shut_in_its_closures_for_the_reason_in_its_drafting_language() -> None:
    found = edition("six-languages")
    assert workdays_of(found).why_free(D(2030, 12, 27)) == found.closures[0].names[found.drafting_language.id]


def test_every_country_has_holidays_at_both_ends_of_the_calendar() -> None:
    for country in ("BE", "CH", "KG", "LI", "US", "EG", "CN", "IL"):
        for day in (D(1, 1, 1), D(1800, 7, 3), D(9999, 12, 31)):
            Workdays((country,)).why_free(day)


@pytest.mark.parametrize(("day", "count"), [(D(1, 1, 3), -3), (D(9999, 12, 30), 3)])
def test_counting_ends_with_the_calendar(day: dt.date, count: int) -> None:
    with pytest.raises(OverflowError):
        Workdays(()).move(day, count)


def test_known_countries() -> None:
    assert "BE" in countries()
    assert "ZZ" not in countries()


def test_many_threads_find_the_same_free_days() -> None:
    days = [D(1950, 1, 1) + dt.timedelta(days=37 * n) for n in range(300)]

    def free(_: int) -> list[str]:
        return [Workdays(("SE", "PT")).why_free(day) for day in days]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(free, range(8)))
    assert all(each == found[0] for each in found)
    assert [reason != "" for reason in found[0]] == [not works(day, ("SE", "PT")) for day in days]


@pytest.mark.parametrize(
    ("language", "name"), [("fr", "Lundi de Pentecôte"), ("nl", "Pinkstermaandag"), ("es", "Pentecost Monday")]
)
def test_a_holiday_has_its_name_in_the_languages_that_know_one(language: str, name: str):
    assert holiday_name("BE", dt.date(2007, 5, 28), language) == name
    assert holiday_name("BE", dt.date(2007, 5, 29), language) == ""


def test_a_weekend_is_that_of_its_year():
    """The Emirates rested on Friday and Saturday until 2021, and on Saturday and Sunday from 2022 on."""
    emirates = Workdays(("AE",))
    assert [emirates.why_free(dt.date(2007, 6, day)) for day in (15, 16, 17)] == ["Friday", "Saturday", ""]
    assert [emirates.why_free(dt.date(2023, 6, day)) for day in (16, 17, 18)] == ["", "Saturday", "Sunday"]
