"""Dates, numbers, lists and language names as each language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tasks.domain.errors import Unknown
from tasks.domain.locale import (
    find_locale,
    format_date,
    format_dates,
    format_number,
    format_percent,
    format_time,
    is_rtl,
    join_list,
    language_name,
    language_of,
    proofing_tag,
)

FIRST, LAST = date(2031, 7, 9), date(2031, 7, 11)


@pytest.mark.parametrize(
    ("tag", "day", "days"),
    [
        ("en", "9 July 2031", "9–11 July 2031"),
        ("en-US", "July 9, 2031", "July 9 – 11, 2031"),
        ("fr", "9 juillet 2031", "9–11 juillet 2031"),
        ("fr-BE", "9 juillet 2031", "9–11 juillet 2031"),
        ("nl", "9 juli 2031", "9–11 juli 2031"),
        ("es", "9 de julio de 2031", "9–11 de julio de 2031"),
        ("ar", "9 يوليو 2031", "9–11 يوليو 2031"),
        ("zh", "2031年7月9日", "2031年7月9日至11日"),
        ("ru", "9 июля 2031 г.", "9–11 июля 2031 г."),
    ],
)
def test_dates_in_words(tag: str, day: str, days: str):
    assert _plain(format_date(FIRST, tag)) == day
    assert _plain(format_dates(FIRST, LAST, tag)) == days


@pytest.mark.parametrize(
    ("tag", "said"), [("en", "17:00 (Brussels)"), ("fr", "17:00 (Bruxelles)"), ("zh", "17:00 (布鲁塞尔)")]
)
def test_a_time_of_day_names_its_place(tag: str, said: str):
    assert format_time(datetime(2007, 2, 27, 16, tzinfo=UTC), "Europe/Brussels", tag) == said
    assert format_time(datetime(2007, 3, 27, 15, tzinfo=UTC), "Europe/Brussels", tag) == said, "summer time"


def test_stretches_over_months_and_years():
    assert _plain(format_dates(date(2031, 6, 30), date(2031, 7, 2), "en")) == "30 June – 2 July 2031"
    assert _plain(format_dates(date(2031, 12, 30), date(2032, 1, 2), "fr")) == "30 décembre 2031 – 2 janvier 2032"
    assert format_dates(FIRST, FIRST, "nl") == format_date(FIRST, "nl")


def test_other_forms_of_a_date():
    assert format_date(FIRST, "en", "d MMM") == "9 Jul"
    assert format_date(FIRST, "fr", "full") == "mercredi 9 juillet 2031"


@pytest.mark.parametrize(("tag", "number"), [("en", "1,612"), ("nl", "1.612"), ("fr", "1 612"), ("ru", "1 612")])
def test_numbers(tag: str, number: str):
    assert _plain(format_number(1612, tag)) == number


def test_per_cent():
    assert format_percent(0.25, "en") == "25%"
    assert _plain(format_percent(0.25, "fr")) == "25 %"


@pytest.mark.parametrize(
    ("tag", "joined"), [("en", "A, B and C"), ("fr", "A, B et C"), ("es", "A, B y C"), ("zh", "A、B和C")]
)
def test_lists(tag: str, joined: str):
    assert join_list(["A", "B", "C"], tag) == joined
    assert join_list(["A"], tag) == "A"
    assert join_list([], tag) == ""


def test_direction():
    assert [tag for tag in ("ar", "he", "fa", "en", "zh", "ru", "ar-MA") if is_rtl(tag)] == ["ar", "he", "fa", "ar-MA"]


@pytest.mark.parametrize(
    ("tag", "proofing"),
    [("en", "en-GB"), ("en-US", "en-US"), ("fr", "fr-FR"), ("fr-BE", "fr-BE"), ("nl", "nl-NL"), ("es", "es-ES"),
     ("ar", "ar-EG"), ("zh", "zh-CN"), ("zh-Hant-TW", "zh-TW"), ("ru", "ru-RU"), ("eo", "eo")],
)  # fmt: skip
def test_word_wants_a_region(tag: str, proofing: str):
    assert proofing_tag(tag) == proofing


def test_names_of_languages():
    assert language_name("nl", "en") == "Dutch"
    assert language_name("fr", "fr") == "Français"
    assert language_name("zh", "ru") == "Китайский"
    assert language_name("pt-BR", "en") == "Portuguese (Brazil)"
    assert language_of("en-GB") == "en"


@pytest.mark.parametrize("tag", ["", "xx-bogus", "no such", "q", "../fr"])
def test_an_unknown_language_is_refused(tag: str):
    with pytest.raises(Unknown, match="no language tag"):
        find_locale(tag)


def _plain(text: str) -> str:
    """The text with every kind of space as a plain one."""
    return " ".join(text.split())
