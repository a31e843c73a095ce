"""Deadlines: rules read or refused, working days counted as an oracle counts them, nothing due on a free day."""

from __future__ import annotations

import calendar
import datetime as dt
import os
from functools import cache
from pathlib import Path
from typing import Any

import holidays
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tasks.adapters.edition_files import load
from tasks.domain.deadline import Rule, deadlines, due_date, is_working_day, parse_rule, required_milestones
from tasks.domain.edition import Edition, Event
from tasks.domain.errors import Invalid

PROJECT = Path(__file__).parents[2]
EDITIONS = [(PROJECT / "config" / "editions", "brussels-2007"), (PROJECT / "tests" / "editions", "six-languages")]
EXAMPLES = 10_000 if os.environ.get("ROUNDTABLE_SOAK") == "1" else 200

DAYS = st.dates(dt.date(2001, 1, 1), dt.date(2039, 12, 31))
COUNTRIES = st.sampled_from([(), ("BE",), ("BE", "CH"), ("KG", "LI"), ("JP",), ("US", "UY", "EG")])


def edition_with(day: dt.date, countries: tuple[str, ...]) -> Edition:
    """As much of an edition as a deadline needs: its holidays and one event, `meeting`."""
    names = (
        *("languages", "regions", "courtesies", "bodies", "people", "staff", "roles", "roundtables", "sessions"),
        "milestones",
    )
    empty: dict[str, Any] = {name: [] for name in names}
    event = Event(id="meeting", names={}, kind="fof", date=day)
    return Edition.model_construct(holidays=list(countries), events=[event], **empty)


# -- the oracle: looks at every day of a stretch by itself, steps and shifts nothing


@cache
def holidays_of(country: str, year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays(country, years=year))


def works(day: dt.date, countries: tuple[str, ...]) -> bool:
    return day.isoweekday() < 6 and not any(day in holidays_of(country, day.year) for country in countries)


def working_days_between(first: dt.date, last: dt.date, countries: tuple[str, ...]) -> list[dt.date]:
    """Working days from `first` up to and without `last`."""
    stretch = [first + dt.timedelta(days=n) for n in range((last - first).days)]
    return [day for day in stretch if works(day, countries)]


@pytest.mark.soak
@settings(max_examples=EXAMPLES)
@given(DAYS, COUNTRIES, st.integers(1, 60))
def test_working_days_before_an_event(day: dt.date, countries: tuple[str, ...], count: int) -> None:
    due = due_date(edition_with(day, countries), f"{count} working days before meeting")
    assert works(due, countries)
    between = working_days_between(due, day, countries)
    assert len(between) == count
    assert between[0] == due


@pytest.mark.soak
@settings(max_examples=EXAMPLES)
@given(DAYS, COUNTRIES, st.integers(1, 60))
def test_working_days_after_an_event(day: dt.date, countries: tuple[str, ...], count: int) -> None:
    due = due_date(edition_with(day, countries), f"{count} working days after meeting")
    one = dt.timedelta(days=1)
    between = working_days_between(day + one, due + one, countries)
    assert len(between) == count
    assert between[-1] == due


def plain_offset(day: dt.date, count: int, unit: str) -> dt.date:
    if unit == "months":
        years, month = divmod(day.year * 12 + day.month - 1 + count, 12)
        return dt.date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))
    return dt.date.fromordinal(day.toordinal() + count * {"days": 1, "weeks": 7}[unit])


@pytest.mark.soak
@settings(max_examples=EXAMPLES)
@given(DAYS, COUNTRIES, st.integers(1, 12), st.sampled_from(["days", "weeks", "months"]), st.booleans())
def test_a_plain_offset_on_a_free_day_moves_on_in_its_own_direction(
    day: dt.date, countries: tuple[str, ...], count: int, unit: str, before: bool
) -> None:
    due = due_date(edition_with(day, countries), f"{count} {unit} {'before' if before else 'after'} meeting")
    meant = plain_offset(day, -count if before else count, unit)
    one, month = dt.timedelta(days=1), dt.timedelta(days=31)
    if before:
        assert due == working_days_between(meant - month, meant + one, countries)[-1]
    else:
        assert due == working_days_between(meant, meant + month, countries)[0]


@pytest.mark.soak
@settings(max_examples=EXAMPLES)
@given(DAYS, COUNTRIES)
def test_a_free_day_is_a_weekend_or_a_holiday_of_any_country(day: dt.date, countries: tuple[str, ...]) -> None:
    assert is_working_day(day, countries) is works(day, countries)


@settings(max_examples=EXAMPLES)
@given(DAYS, COUNTRIES)
def test_on_an_event_is_its_own_day_even_a_free_one(day: dt.date, countries: tuple[str, ...]) -> None:
    assert due_date(edition_with(day, countries), "on meeting") == day


@settings(max_examples=EXAMPLES)
@given(DAYS, COUNTRIES, st.integers(1, 40), st.sampled_from(["working days", "days", "weeks", "months"]))
def test_more_time_before_an_event_is_never_later(
    day: dt.date, countries: tuple[str, ...], count: int, unit: str
) -> None:
    assume(unit != "months" or count <= 12)
    edition = edition_with(day, countries)
    nearer = due_date(edition, f"{count} {unit} before meeting")
    assert due_date(edition, f"{count + 1} {unit} before meeting") <= nearer < day


# -- days we know


@pytest.mark.parametrize(
    ("day", "countries", "rule", "due"),
    [
        # Six weeks before is 28 May 2007: Whit Monday in Belgium, so the Friday before.
        (dt.date(2007, 7, 9), ("BE",), "6 weeks before meeting", dt.date(2007, 5, 25)),
        (dt.date(2007, 7, 9), (), "6 weeks before meeting", dt.date(2007, 5, 28)),
        # A day or a week after lands on a Saturday, or on Easter Monday in Belgium: on to the next working day.
        (dt.date(2007, 7, 6), ("BE",), "1 day after meeting", dt.date(2007, 7, 9)),
        (dt.date(2007, 4, 2), ("BE",), "1 week after meeting", dt.date(2007, 4, 10)),
        (dt.date(2007, 7, 8), ("BE",), "1 day before meeting", dt.date(2007, 7, 6)),
        # Easter: Monday is free in Belgium, Good Friday in Britain as well.
        (dt.date(2007, 4, 10), ("BE",), "1 working day before meeting", dt.date(2007, 4, 6)),
        (dt.date(2007, 4, 10), ("BE", "GB"), "1 working day before meeting", dt.date(2007, 4, 5)),
        (dt.date(2007, 3, 27), ("BE", "CH"), "4 working days after meeting", dt.date(2007, 4, 2)),
        # From a Saturday, the first working day is the Monday after or the Friday before.
        (dt.date(2031, 6, 7), ("KG", "LI"), "1 working day after meeting", dt.date(2031, 6, 9)),
        (dt.date(2031, 6, 7), ("KG", "LI"), "1 working day before meeting", dt.date(2031, 6, 6)),
        # A month back from the 31st is the last day of the shorter month.
        (dt.date(2031, 3, 31), (), "1 month before meeting", dt.date(2031, 2, 28)),
        (dt.date(2032, 3, 31), (), "1 month before meeting", dt.date(2032, 2, 27)),  # the 29th is a Sunday
        # Over the turn of the year, and a stretch of nine free days in May.
        (dt.date(2031, 1, 8), ("KG", "LI"), "1 working day before meeting", dt.date(2030, 12, 31)),
        (dt.date(2031, 5, 12), ("KG",), "1 working day before meeting", dt.date(2031, 4, 30)),
    ],
)
def test_known_days(day: dt.date, countries: tuple[str, ...], rule: str, due: dt.date) -> None:
    assert due_date(edition_with(day, countries), rule) == due


# -- rules as text


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("10 working days before fof-2", Rule("fof-2", -10, "working days")),
        ("1 working day after fof-2", Rule("fof-2", 1, "working days")),
        ("6 weeks before forum", Rule("forum", -6, "weeks")),
        ("1 week after forum", Rule("forum", 1, "weeks")),
        ("3 days after forum", Rule("forum", 3, "days")),
        ("2 months before réunion-d’hiver", Rule("réunion-d’hiver", -2, "months")),
        ("  on   forum-end ", Rule("forum-end")),
        ("on after", Rule("after")),
    ],
)
def test_rules_that_read(text: str, rule: Rule) -> None:
    assert parse_rule(text) == rule


@pytest.mark.parametrize(
    "text",
    [
        "", "on", "forum", "before forum", "on the forum", "6 weeks forum", "six weeks before forum", "6 weeks before",
        "-6 weeks before forum", "1.5 weeks before forum", "6 years before forum", "6 weeks before forum end",
        "6 weeks until forum", "weeks before forum", "6 Weeks before forum", "6weeks before forum",
        "6 working weeks before forum", "on forum\non forum",
    ],
)  # fmt: skip
def test_rules_that_do_not_read_are_refused_with_ones_that_do(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_rule(text)
    message = str(caught.value)
    assert message.startswith(repr(text))
    for example in ("'10 working days before EVENT'", "'6 weeks before EVENT'", "'3 days after EVENT'", "'on EVENT'"):
        assert example in message
        parse_rule(example.strip("'"))


@pytest.mark.parametrize("count", ["10001", "99999999", "1" + "0" * 6000])
def test_absurd_offsets_are_refused(count: str) -> None:
    parse_rule("10000 days before forum")
    with pytest.raises(Invalid, match="too far from its event; write at most 10,000 working days") as caught:
        parse_rule(f"{count} working days before forum")
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("day", "rule"),
    [
        (dt.date(1, 1, 3), "1 week before meeting"),
        (dt.date(700, 1, 3), "9000 months before meeting"),
        (dt.date(9999, 12, 30), "9 working days after meeting"),
        (dt.date(9999, 12, 25), "1 week after meeting"),
        (dt.date(9999, 12, 24), "10000 months after meeting"),
    ],
)
def test_an_offset_that_leaves_the_calendar_is_refused(day: dt.date, rule: str) -> None:
    with pytest.raises(Invalid, match="is no day of the calendar"):
        due_date(edition_with(day, ()), rule)


# -- whole editions


@pytest.mark.parametrize(("root", "id"), EDITIONS)
def test_every_milestone_of_an_edition_falls_on_a_working_day_or_on_its_event(root: Path, id: str) -> None:
    edition = load(root, id).edition
    found = deadlines(edition)
    assert set(found) == set(required_milestones(edition.rules.comment_rounds))
    for milestone in edition.milestones:
        rule = parse_rule(milestone.rule)
        if rule.count == 0:
            assert found[milestone.id] == edition.event(rule.anchor).date
        else:
            assert works(found[milestone.id], tuple(edition.holidays)), milestone.id


@pytest.mark.parametrize(("root", "id"), EDITIONS)
def test_the_milestones_of_an_edition_follow_each_other(root: Path, id: str) -> None:
    edition = load(root, id).edition
    found = deadlines(edition)
    rounds = range(1, edition.rules.comment_rounds + 1)
    order = ["note-invitation", "note-due", "note-decision", "call-for-input", "input-due"]
    order += [f"{step}-{n}" for n in rounds for step in ("draft", "comments")]
    order += ["final-due", "translation-due", "summary-due", "report-due", "roundtable-report-due"]
    dates = [found[milestone] for milestone in order]
    assert dates == sorted(dates), dict(zip(order, dates, strict=True))


@pytest.mark.parametrize("rounds", [1, 3, 9])
def test_each_comment_round_has_a_draft_and_a_day_for_comments(rounds: int) -> None:
    required = required_milestones(rounds)
    assert [m for m in required if m.startswith("draft-")] == [f"draft-{n}" for n in range(1, rounds + 1)]
    assert [m for m in required if m.startswith("comments-")] == [f"comments-{n}" for n in range(1, rounds + 1)]
    assert len(set(required)) == len(required)
