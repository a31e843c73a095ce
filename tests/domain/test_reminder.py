"""Reminders: to whom and when, nothing twice, the same whether swept daily or not, against a day-by-day oracle."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain.day_count import DayCount
from tasks.domain.reminder import Ask, CallTask, Level, Policy, Sweep, point_key, sweep

POLICY = Policy(before=(10, 3), after=(2,), escalate={"coordinator": 3, "director": 8})
ONE = dt.timedelta(days=1)
HOLIDAYS = {dt.date(2007, 5, 1), dt.date(2007, 5, 17), dt.date(2007, 5, 28)}
DRAFT = Ask("1.1/draft-1", "1.1", "ghana", since=dt.date(2007, 4, 2), due=dt.date(2007, 5, 25))


def works(day: dt.date) -> bool:
    return day.isoweekday() < 6 and day not in HOLIDAYS


DAYS = DayCount(works)


def may(day: int, month: int = 5) -> dt.date:
    return dt.date(2007, month, day)


def run(
    asks: list[Ask], sweeps: list[dt.date], handled: dict[str, dt.date] | None = None, policy: Policy = POLICY
) -> list[tuple[dt.date, Sweep]]:
    """What each sweep gives; points are recorded as the ledger would."""
    handled = {} if handled is None else handled
    found = []
    for day in sweeps:
        given = sweep(asks, policy, handled, day, DAYS)
        assert not handled.keys() & set(given.handled)
        handled.update(dict.fromkeys(given.handled, day))
        found.append((day, given))
    return found


def days_from(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + n * ONE for n in range((last - first).days + 1)]


def sent(found: list[tuple[dt.date, Sweep]]) -> list[tuple[str, str]]:
    """(day, point) of every letter's points."""
    return [(str(day), n.point) for day, got in found for r in (*got.reminders, *got.calls) for n in r.nudges]


def short(found: list[tuple[dt.date, Sweep]]) -> list[str]:
    return [f"{day[5:]} {point.rsplit('|', 1)[1]}" for day, point in sent(found)]


# -- known days


def test_the_points_of_one_ask_and_who_is_told_above():
    found = run([DRAFT], days_from(may(2, 4), may(30, 6)))
    assert short(found) == ["05-10 before-10", "05-22 before-3", "05-30 after-2"]
    assert [(day, e.level, e.days_late) for day, got in found for e in got.escalations] == [
        (may(31), "coordinator", 3),
        (may(7, 6), "director", 8),
    ]
    assert all(got.reminders[0].party == "ghana" for _, got in found if got.reminders)
    assert [n.days_left for _, got in found for r in got.reminders for n in r.nudges] == [10, 3, -2]


def test_after_a_gap_the_latest_point_is_sent_and_the_earlier_ones_are_passed_over():
    (_, first), (_, second) = run([DRAFT], [may(24), may(24)])
    (letter,) = first.reminders
    assert letter.points == ("1.1/draft-1|ghana|2007-05-25|before-3",)
    assert letter.skipped == ("1.1/draft-1|ghana|2007-05-25|before-10",)
    assert second == Sweep((), (), (), ())


def test_one_letter_for_all_that_a_party_is_reminded_of_on_a_day():
    other = replace(DRAFT, key="2.2/comments-1", item="2.2", due=may(11))
    later = replace(DRAFT, key="3.1/draft-1", item="3.1", due=may(30))
    someone = replace(DRAFT, party="who")
    (_, got), *_ = run([DRAFT, later, other, someone], [may(10)])
    assert [(r.party, [n.ask.key for n in r.nudges]) for r in got.reminders] == [
        ("ghana", ["2.2/comments-1", "1.1/draft-1"]),
        ("who", ["1.1/draft-1"]),
    ]


def test_a_party_without_mail_is_called():
    (_, got), *_ = run([replace(DRAFT, has_mail=False), replace(DRAFT, party="who")], [may(10)])
    assert [(type(call), call.party) for call in got.calls] == [(CallTask, "ghana")]
    assert [letter.party for letter in got.reminders] == ["who"]


def test_nobody_is_reminded_on_the_day_of_being_asked_and_late_asks_get_their_days():
    # Asked on the very day of the point: that point never comes.
    assert short(run([replace(DRAFT, since=may(22))], days_from(may(20), may(30)))) == ["05-30 after-2"]
    # Asked after the due day: the points after it are counted from the asking, and so is what goes above.
    found = run([replace(DRAFT, since=may(6, 6))], days_from(may(6, 6), may(18, 6)))
    assert short(found) == ["06-08 after-2"]
    assert [(day, e.level) for day, got in found for e in got.escalations] == [
        (may(11, 6), "coordinator"),
        (may(18, 6), "director"),
    ]


# -- a due day that moves


@pytest.mark.parametrize(
    ("moved_on", "due", "expected"),
    [
        # A day later: the same point is not repeated a day after; the next one belongs to the new day.
        (may(22), may(29), ["05-22 before-3", "05-31 after-2"]),
        # A week later: the new series has its own point three days before.
        (may(22), may(6, 6), ["05-22 before-3", "06-01 before-3", "06-08 after-2"]),
        # Five days earlier, the day after the first reminder: that reminder stands, the next is three days before.
        (may(10), may(21), ["05-10 before-10", "05-15 before-3", "05-23 after-2"]),
        # So early that three days before is past when it is told: the letter that told it stands for the reminder.
        (may(16), may(18), ["05-10 before-10", "05-22 after-2"]),
        # Before the day it is told of: what comes after the due day is counted from the telling.
        (may(23), may(21), ["05-22 before-3", "05-25 after-2"]),
    ],
)
def test_a_moved_due_day_begins_a_new_series_without_saying_things_twice(
    moved_on: dt.date, due: dt.date, expected: list[str]
):
    handled: dict[str, dt.date] = {}
    first = days_from(may(10 if moved_on < may(20) else 22), moved_on)
    if moved_on > may(20):
        handled[point_key(DRAFT, "before-10")] = may(10)
    before = run([DRAFT], first, handled)
    after = run([replace(DRAFT, due=due, due_since=moved_on)], days_from(moved_on + ONE, may(12, 6)), handled)
    assert short(before) + short(after) == expected


def test_an_extension_stops_reminders_until_its_own_points():
    handled: dict[str, dt.date] = {}
    run([DRAFT], days_from(may(10), may(28)), handled)
    extended = replace(DRAFT, due=may(8, 6), due_since=may(28), extended=True)
    found = run([extended], days_from(may(29), may(13, 6)), handled)
    assert short(found) == ["06-05 before-3", "06-12 after-2"]
    assert [str(day)[5:] for day, got in found if got.escalations] == ["06-13"]


# -- any asks, any sweeps


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    counts = st.lists(st.integers(1, 12), max_size=3, unique=True).map(tuple)
    levels: list[Level] = draw(st.permutations(["coordinator", "director"]))
    escalate = {level: draw(st.integers(1, 9)) for level in levels[: draw(st.integers(0, 2))]}
    return Policy(draw(counts), draw(counts), escalate)


@st.composite
def waits(draw: st.DrawFn) -> list[Ask]:
    found = []
    for number in range(draw(st.integers(1, 5))):
        since = may(1) + draw(st.integers(0, 30)) * ONE
        due = since + draw(st.integers(-8, 40)) * ONE
        party = draw(st.sampled_from(["ghana", "who", "norway"]))
        found.append(Ask(f"1.{number}/draft-1", f"1.{number}", party, since, due, has_mail=draw(st.booleans())))
    return found


SEASON = days_from(may(1), may(31, 7))


def oracle(asks: list[Ask], policy: Policy) -> dict[str, dt.date]:
    """Each point and its day: every day of the season looks at every ask by counting working days one by one."""
    found: dict[str, dt.date] = {}

    def worked(first: dt.date, last: dt.date) -> int:
        return sum(works(day) for day in days_from(first + ONE, last)) if last > first else 0

    for ask in asks:
        for day in SEASON:
            if day <= ask.since or not works(day):
                continue
            key = f"{ask.key}|{ask.party}|{ask.due}|"
            left = sum(works(d) for d in days_from(day, ask.due - ONE)) if ask.due > day else 0
            for count in policy.before:
                if day < ask.due and left == count and worked(ask.since, day) >= policy.quiet_days:
                    found[f"{key}before-{count}"] = day
            start = ask.due if ask.due > ask.since else ask.since
            for count in policy.after:
                if day > start and worked(start, day) == count:
                    found[f"{key}after-{count}"] = day
            for level, count in policy.escalate.items():
                if day > start and worked(start, day) == count:
                    found[f"{key}escalate-{level}"] = day
    return found


@pytest.mark.soak
@given(waits(), policies())
def test_daily_sweeps_send_each_point_on_its_day(asks: list[Ask], policy: Policy):
    found = run(asks, SEASON, policy=policy)
    expected = oracle(asks, policy)
    letters = {point: dt.date.fromisoformat(day) for day, point in sent(found)}
    above = {e.point: day for day, got in found for e in got.escalations}
    passed = {point for _, got in found for r in (*got.reminders, *got.calls) for point in r.skipped}
    assert letters | above == {point: day for point, day in expected.items() if point not in passed}
    for point in passed:  # only where two points of an ask share a day
        assert any(expected[point] == day and point != other for other, day in letters.items())
    for _, got in found:
        assert all(count == 1 for count in Counter((r.party, type(r)) for r in (*got.reminders, *got.calls)).values())
        for letter in (*got.reminders, *got.calls):
            assert {nudge.ask.party for nudge in letter.nudges} == {letter.party}
            assert {nudge.ask.has_mail for nudge in letter.nudges} == {not isinstance(letter, CallTask)}


@pytest.mark.soak
@given(waits(), policies(), st.sets(st.sampled_from(SEASON), max_size=20), st.data())
def test_any_sweeps_give_what_daily_ones_would_have_given_last(
    asks: list[Ask], policy: Policy, chosen: set[dt.date], data: st.DataObject
):
    sweeps = sorted([*chosen, *data.draw(st.lists(st.sampled_from(sorted(chosen) or SEASON), max_size=3))])
    found, daily = run(asks, sweeps, policy=policy), run(asks, SEASON, policy=policy)
    points = [point for _, point in sent(found)]
    assert len(points) == len(set(points))
    assert set(points) <= {point for _, point in sent(daily)}
    until = str(sweeps[-1]) if sweeps else ""
    for ask in asks:
        mine = point_key(ask, "")
        given = [p for _, p in sent(found) if p.startswith(mine)]
        wanted = [p for day, p in sent(daily) if p.startswith(mine) and day <= until]
        assert given[-1:] == wanted[-1:]
        # No flood: at most one letter about an ask for each sweep.
        assert len(given) <= len(set(sweeps))
    above = [e.point for _, got in found for e in got.escalations]
    assert sorted(above) == sorted(e.point for day, got in daily for e in got.escalations if str(day) <= until)


@pytest.mark.soak
@given(waits(), st.data())
def test_gaps_shorter_than_the_policy_change_nothing(asks: list[Ask], data: st.DataObject):
    # The points of the policy are at least five working days, so seven days, apart.
    sweeps, day = [], SEASON[0]
    while day < SEASON[-1]:
        sweeps.append(day)
        day += data.draw(st.integers(1, 5)) * ONE
    sweeps.append(SEASON[-1])
    assert {p for _, p in sent(run(asks, sweeps))} == {p for _, p in sent(run(asks, SEASON))}


@pytest.mark.soak
@given(waits(), policies(), st.data())
def test_nothing_after_an_answer(asks: list[Ask], policy: Policy, data: st.DataObject):
    answered = {ask.key: data.draw(st.sampled_from(SEASON)) for ask in asks}
    handled: dict[str, dt.date] = {}
    for day in SEASON:
        open_asks = [ask for ask in asks if ask.since <= day < answered[ask.key]]
        ((_, got),) = run(open_asks, [day], handled, policy)
        about = [n.ask for r in (*got.reminders, *got.calls) for n in r.nudges] + [e.ask for e in got.escalations]
        assert all(ask.since < day < answered[ask.key] for ask in about)


@pytest.mark.soak
@given(waits(), policies(), st.data())
def test_a_moving_due_day_never_repeats_a_point_within_the_quiet_days(
    asks: list[Ask], policy: Policy, data: st.DataObject
):
    handled: dict[str, dt.date] = {}
    letters: dict[tuple[str, str, str], list[dt.date]] = {}
    for day in SEASON:
        if data.draw(st.integers(0, 9)) == 0:
            moved = data.draw(st.integers(-10, 10)) * ONE
            told = day if data.draw(st.booleans()) else None
            asks = [replace(ask, due=ask.due + moved, due_since=told) for ask in asks]
        ((_, got),) = run(asks, [day], handled, policy)
        for letter in (*got.reminders, *got.calls):
            for nudge in letter.nudges:
                name = nudge.ask.key, nudge.ask.party, nudge.point.rsplit("|", 1)[1]
                before = letters.setdefault(name, [])
                if before:
                    assert sum(works(d) for d in days_from(before[-1] + ONE, day)) >= policy.quiet_days
                before.append(day)
