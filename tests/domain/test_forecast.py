"""Seasons, their issue days, what holds them up, and what-ifs."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.seasons import ANSWERS, made_up, weekends
from tasks.domain.errors import Invalid, Unknown
from tasks.domain.forecast import (
    Activity,
    AnswerTime,
    Capacity,
    Dates,
    Inputs,
    compare,
    earlier,
    forecast,
    replanned,
    with_translators,
)
from tasks.domain.forecast.calibration import show
from tasks.domain.forecast.days import number_days
from tasks.domain.forecast.outcome import simulate
from tasks.domain.forecast.queue import issue_days
from tasks.domain.forecast.seasons import draw_days, play
from tests.domain import forecast_oracle as oracle

START = dt.date(2007, 1, 8)
TODAY = dt.date(2007, 2, 20)


def season(today: dt.date = TODAY, history: int = 0, **more) -> Inputs:
    """Three sessions in the middle of a made-up history."""
    plan = made_up(3, start=START, today=START, **more)
    return show(today, plan, simulate(plan, seed=5, seasons=history + 1), history)


def one(key: str, kind: str = "lead", after: tuple[str, ...] = (), **more) -> Activity:
    return Activity(key, f"party of {key}", kind, dt.date(2007, 3, 1), after, **more)


def inputs(*activities: Activity, today: dt.date = TODAY, **more) -> Inputs:
    return Inputs(today, activities, ANSWERS, weekends, **more)


# Working days


@given(
    st.sets(st.dates(dt.date(2007, 1, 1), dt.date(2007, 12, 31)), max_size=60),
    st.dates(dt.date(2006, 12, 1), dt.date(2008, 3, 1)),
    st.integers(0, 300),
)
def test_working_days_are_counted_as_on_a_calendar(holidays: set[dt.date], day: dt.date, count: int) -> None:
    plan = Inputs(day, (), ANSWERS, lambda d: d.weekday() >= 5 or d in holidays)
    table = number_days(plan)
    assert table.date(table.number(day)) == oracle.working_day_up_to(plan, day)
    assert table.date(table.number(day) + count) == oracle.working_days_after(
        plan, oracle.working_day_up_to(plan, day), count
    )


def test_a_calendar_without_working_days_is_refused() -> None:
    with pytest.raises(Invalid, match="no working day"):
        number_days(Inputs(TODAY, (), ANSWERS, lambda day: True))


# Seasons against the oracle


@st.composite
def mid_seasons(draw: st.DrawFn) -> Inputs:
    sessions, languages = draw(st.integers(1, 3)), draw(st.sampled_from([("en", "fr"), ("en", "fr", "ar")]))
    holidays = draw(st.sets(st.dates(START, dt.date(2007, 8, 1)), max_size=12))
    plan = made_up(
        sessions, start=START, today=START, papers=draw(st.integers(1, 2)), partners=draw(st.integers(1, 3)),
        languages=languages, words=draw(st.integers(300, 30_000)),
        free=lambda day: day.weekday() >= 5 or day in holidays,
    )  # fmt: skip
    revised = draw(st.sampled_from([None, 3960]))
    capacity = Capacity(draw(st.integers(1, 3)), revised_per_day=revised, revisers=draw(st.integers(1, 2)))
    changed = tuple(
        replace(
            a,
            open_at_least=draw(st.integers(0, 8)) if a.closes else 0,
            wait_for=draw(st.sampled_from(["all", "any"])) if len(a.after) > 1 else "all",
            sooner=draw(st.sampled_from([0, 0, 0, 1, 7])) if a.kind not in ("", "translator") else 0,
        )
        for a in plan.activities
    )
    plan = replace(plan, activities=changed, capacities=dict.fromkeys(plan.capacities, capacity))
    today = draw(st.dates(START, dt.date(2007, 6, 30)))
    return show(today, plan, simulate(plan, seed=draw(st.integers(0, 99)), seasons=1), 0)


@pytest.mark.soak
@given(mid_seasons(), st.integers(0, 99))
def test_every_activity_ends_on_the_day_an_independent_play_gives(shown: Inputs, seed: int) -> None:
    table = number_days(shown)
    days = draw_days(shown, table, 3, seed)
    played = play(shown, table, days, 3)
    for number in range(3):
        # The slow play has no end of the table: answers of years are left to a test of their own.
        if max(played.ended[key][number] for key in played.ended) >= table.last - 60:
            continue
        expected = oracle.play(shown, {key: int(value[number]) for key, value in days.items()})
        assert {key: table.date(int(value[number])) for key, value in played.ended.items()} == expected


@pytest.mark.soak
@given(
    st.lists(st.tuples(st.integers(1, 60), st.integers(1, 20_000)), min_size=1, max_size=12),
    st.integers(1, 4),
    st.integers(1, 3),
    st.sampled_from([None, 3960]),
)
def test_the_queue_serves_as_a_plain_loop_does(
    papers: list[tuple[int, int]], translators: int, revisers: int, revised: int | None
) -> None:
    arrivals, words = [a for a, _ in papers], [w for _, w in papers]
    capacity = Capacity(translators, 1650, revised, revisers)
    column = np.array(arrivals, dtype=np.int32)[:, None]
    # Two seasons, the second the other way round: each has an order of its own.
    both = issue_days(np.hstack([column, column[::-1]]), words, capacity)
    assert both[:, 0].tolist() == oracle.served(arrivals, words, capacity)
    assert both[:, 1].tolist() == oracle.served(arrivals[::-1], words, capacity)
    more = issue_days(column, words, replace(capacity, translators=translators + 1))
    assert (more[:, 0] <= both[:, 0]).all()


def test_a_translation_takes_the_norms_of_the_united_nations() -> None:
    # 6,600 words: four days to translate; 7,920 words: 4.8 days and 2 to revise.
    arrival = np.array([[10]], dtype=np.int32)
    assert issue_days(arrival, [6600], Capacity(revised_per_day=None)).tolist() == [[14]]
    assert issue_days(arrival, [7920], Capacity()).tolist() == [[17]]


def test_what_should_be_out_but_is_not_keeps_its_translator() -> None:
    arrivals = np.array([[10], [11]], dtype=np.int32)
    assert issue_days(arrivals, [1650, 1650], Capacity(revised_per_day=None), not_before=31).tolist() == [[31], [32]]


def test_an_answer_of_years_ends_on_the_last_day_of_the_table() -> None:
    slow = Inputs(TODAY, (one("a", "slow", language="en"),), {"slow": AnswerTime(4000, 9000)}, weekends)
    played = simulate(slow, seed=1, seasons=200)
    assert played.ended["a"].max() == played.table.last


# What is known


@pytest.mark.parametrize("history", range(4))
def test_nothing_that_is_open_ends_before_tomorrow(history: int) -> None:
    shown = season(history=history)
    played = simulate(shown, seed=3, seasons=400)
    today = played.table.number(shown.today)
    open_keys = [a.key for a in shown.activities if a.kind and a.ended is None]
    assert any(a.started for a in shown.activities if a.key in open_keys)
    assert min(played.ended[key].min() for key in open_keys) > today


def test_a_party_that_keeps_silent_is_expected_to_be_slow_next_time_too() -> None:
    ends = []
    for started in (dt.date(2007, 2, 19), dt.date(2007, 1, 8)):
        waiting = Activity("draft", "somebody", "lead", TODAY, started=started)
        later = Activity("report", "somebody", "lead", TODAY, opens=dt.date(2007, 5, 1), language="en")
        ends.append(forecast(inputs(waiting, later), seed=1, seasons=4000).issues[0].day_50)
    assert ends[1] > ends[0] > dt.date(2007, 5, 1)


def test_a_round_goes_on_without_those_who_do_not_answer() -> None:
    asked = tuple(one(f"comments/{n}", "partners", started=dt.date(2007, 2, 19)) for n in range(3))
    ends = one("round", "", tuple(a.key for a in asked), closes=dt.date(2007, 2, 23), language="en")
    found = forecast(inputs(*asked, ends), seed=1, seasons=500).issues[0]
    assert found.day_90 == dt.date(2007, 2, 23)
    every = forecast(inputs(*asked, replace(ends, closes=None)), seed=1, seasons=500).issues[0]
    assert every.day_90 > dt.date(2007, 2, 23)
    first = forecast(inputs(*asked, replace(ends, closes=None, wait_for="any")), seed=1, seasons=500).issues[0]
    assert first.day_90 < every.day_90


def test_an_issue_that_is_out_is_certain() -> None:
    shown = inputs(
        one("in time", done=dt.date(2007, 3, 1), language="en"),
        # A Saturday after the planned Thursday.
        one("late", done=dt.date(2007, 3, 3), language="fr"),
        today=dt.date(2007, 3, 5),
    )
    in_time, late = forecast(shown, seed=1, seasons=10).issues
    assert (in_time.on_time, in_time.day_10, in_time.day_90) == (1, dt.date(2007, 3, 1), dt.date(2007, 3, 1))
    assert (late.on_time, late.day_50) == (0, dt.date(2007, 3, 3))
    assert late.mean_late_days == 1


def test_the_days_are_the_first_by_which_so_many_seasons_have_ended() -> None:
    shown = season()
    played, found = simulate(shown, seed=6, seasons=700), forecast(shown, seed=6, seasons=700)
    for issue in found.issues:
        if issue.done is not None:
            continue
        ended = [played.table.date(int(number)) for number in played.ended[issue.key]]
        for share, day in ((0.1, issue.day_10), (0.5, issue.day_50), (0.9, issue.day_90)):
            assert sum(end <= day for end in ended) >= share * 700 > sum(end < day for end in ended)
        assert issue.on_time == sum(end <= issue.planned for end in ended) / 700


def test_the_same_seed_gives_the_same_forecast_whatever_the_order() -> None:
    shown = season()
    turned = replace(shown, activities=shown.activities[::-1])
    first, again = forecast(shown, seed=4, seasons=300), forecast(turned, seed=4, seasons=300)
    assert first == forecast(shown, seed=4, seasons=300)
    assert sorted(first.issues, key=str) == sorted(again.issues, key=str)
    assert first.hold_ups == again.hold_ups
    assert first != forecast(shown, seed=5, seasons=300)


# What holds it up


def test_days_lost_add_up_to_the_lateness() -> None:
    shown = season()
    named = replace(shown, activities=tuple(replace(a, party=a.party or "calendar") for a in shown.activities))
    found = forecast(named, seed=2, seasons=400)
    late = sum(issue.mean_late_days for issue in found.issues if issue.done is None)
    assert late > 1
    assert sum(held.days for held in found.hold_ups) == pytest.approx(late)
    assert list(found.hold_ups) == sorted(found.hold_ups, key=lambda held: -held.days)


def test_the_party_that_is_late_is_named_with_its_week() -> None:
    draft = Activity("draft", "slow", "lead", dt.date(2007, 2, 2), done=dt.date(2007, 2, 15))  # nine working days late
    final = Activity("final", "quick", "coordinator", dt.date(2007, 2, 5), ("draft",), language="en")
    found = forecast(inputs(draft, final, today=dt.date(2007, 2, 15)), seed=1, seasons=1000)
    by_party: dict[str, float] = {}
    for held in found.hold_ups:
        by_party[held.party] = by_party.get(held.party, 0) + held.days
    assert by_party["slow"] == pytest.approx(9)
    weeks = {held.iso_week: held.days for held in found.hold_ups if held.party == "slow"}
    assert weeks == {"2007-W06": pytest.approx(5), "2007-W07": pytest.approx(4)}
    assert by_party["quick"] == pytest.approx(found.issues[0].mean_late_days - 9)


def test_of_two_that_were_late_on_one_day_only_one_is_charged() -> None:
    planned = dt.date(2007, 2, 2)
    asked = [replace(one(f"comments/{n}", "partners", done=dt.date(2007, 2, 15)), planned=planned) for n in range(2)]
    ends = replace(one("round", "", tuple(a.key for a in asked), language="en"), planned=planned)
    found = forecast(inputs(*asked, ends, today=dt.date(2007, 2, 15)), seed=1, seasons=10)
    assert {held.party for held in found.hold_ups} == {"party of comments/0"}
    assert sum(held.days for held in found.hold_ups) == pytest.approx(9)


# What if


def test_an_earlier_draft_is_never_later() -> None:
    shown = season(dt.date(2007, 1, 12))
    changed = earlier(shown, "1-1/draft", 4)
    before, then = simulate(shown, seed=1, seasons=500), simulate(changed, seed=1, seasons=500)
    for language in ("en", "fr", "nl", "es"):
        assert (then.ended[f"1-1/{language}"] <= before.ended[f"1-1/{language}"]).all()
    assert (then.ended["1-1/en"] < before.ended["1-1/en"]).any()
    # Everybody else keeps their luck.
    assert (then.ended["2-1/en"] == before.ended["2-1/en"]).all()


def test_more_translators_are_never_later_and_help_where_papers_queue() -> None:
    crowded = season(papers=3, words=12_000)
    more = with_translators(crowded, "fr", 2)
    before, then = simulate(crowded, seed=1, seasons=300), simulate(more, seed=1, seasons=300)
    for key in before.ended:
        assert (then.ended[key] <= before.ended[key]).all()
    gained = {d.key: d for d in compare(forecast(crowded, seed=1, seasons=300), forecast(more, seed=1, seasons=300))}
    assert sum(d.gained for key, d in gained.items() if key.endswith("/fr")) > 0
    assert all(d.gained == 0 and d.sooner_days == 0 for key, d in gained.items() if key.endswith("/nl"))


def test_a_meeting_that_moves_takes_what_follows_with_it() -> None:
    meeting = one("meeting", "", opens=dt.date(2007, 3, 5))
    plan = inputs(meeting, one("final", "coordinator", ("meeting",), language="en"))
    week = dt.timedelta(weeks=1)
    dates = {
        "meeting": Dates(opens=dt.date(2007, 3, 12)),
        "final": Dates(planned=dt.date(2007, 3, 15)),
    }
    (difference,) = compare(forecast(plan, seed=1, seasons=500), forecast(replanned(plan, dates), seed=1, seasons=500))
    assert difference.day_90_then - difference.day_90 == week
    assert difference.sooner_days == -7
    assert difference.gained > 0


def test_what_is_done_does_not_move() -> None:
    plan = inputs(one("draft", done=dt.date(2007, 2, 1), language="en"))
    assert replanned(plan, {"draft": Dates(planned=dt.date(2007, 9, 3))}) == plan


# Refusals


@pytest.mark.parametrize(
    ("activities", "words"),
    [
        ((one("a"), one("a")), "same key: a"),
        ((one("a", after=("b",)),), "a comes after b"),
        ((one("a", "nobody"),), "no answer time is assumed for nobody"),
        ((one("a", words=0),), "0 words"),
    ],
)
def test_impossible_inputs_are_refused(activities: tuple[Activity, ...], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        inputs(*activities)


def test_impossible_figures_are_refused() -> None:
    with pytest.raises(Invalid, match="half in 9 working days, nine in ten in 3"):
        Inputs(TODAY, (), {"lead": AnswerTime(9, 3)}, weekends)
    with pytest.raises(Invalid, match="translators into fr"):
        inputs(one("a"), capacities={"fr": Capacity(translators=0)})


def test_a_circle_is_refused_with_its_path() -> None:
    with pytest.raises(Invalid, match=r"a → b → a|b → a → b"):
        forecast(inputs(one("a", after=("b",), language="en"), one("b", after=("a",))), seed=1, seasons=5)


def test_what_can_not_be_asked_is_refused() -> None:
    plan = inputs(one("a", language="en"), one("b", "", done=TODAY))
    with pytest.raises(Unknown, match="c is no activity"):
        earlier(plan, "c", 2)
    with pytest.raises(Invalid, match="b ended on 2007-02-20"):
        earlier(plan, "b", 2)
    with pytest.raises(Invalid, match="0 working days earlier"):
        earlier(plan, "a", 0)
    with pytest.raises(Unknown, match="translators into fr"):
        with_translators(plan, "fr")
    with pytest.raises(Invalid, match="0 seasons"):
        forecast(plan, seed=1, seasons=0)
    with pytest.raises(Invalid, match="nothing is forecast"):
        forecast(inputs(one("a")), seed=1, seasons=5)
