"""The plan: each deadline on its day, with its instant and the reasons it is not the day counted."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain.calendar import Planned, Shift, deadlines, find_cycles, items_of, plan
from tasks.domain.edition import Closure, Edition
from tasks.domain.errors import Invalid, Mistakes
from tasks.domain.milestones import required_milestones
from tasks.domain.process import records_of
from tasks.domain.rule import parse_rule
from tasks.domain.workdays import workdays_of
from tests.domain.domain_help import EDITIONS, edition, loaded
from tests.domain.test_workdays import COUNTRIES, DAYS, works

D = dt.date
FOF_1, FOF_2, FOF_3, FORUM = D(2007, 1, 30), D(2007, 3, 27), D(2007, 6, 8), D(2007, 7, 9)
ONE = dt.timedelta(days=1)


def with_rules(rules: Mapping[str, str], **changed: Any) -> Edition:
    """The edition of Brussels with other rules for some milestones, and other keys."""
    config = loaded("brussels-2007").config
    milestones = [{**m, "rule": rules.get(m["id"], m["rule"])} for m in config["milestones"]]
    return Edition.model_validate({**config, "milestones": milestones, **changed})


def due(rule: str, day: dt.date = FORUM, **changed: Any) -> Planned:
    """What `rule` gives for the note of the first session, when its event `meeting` is on `day`."""
    event = {"id": "meeting", "names": {}, "kind": "fof", "date": day.isoformat()}
    found = with_rules({"note-due": rule}, **changed)
    found = found.model_copy(update={"events": [*found.events, type(found.events[0]).model_validate(event)]})
    return plan(found)["1.1/note-due"]


# -- single rules


@pytest.mark.parametrize(
    ("day", "countries", "rule", "on"),
    [
        (FORUM, [], "6 weeks before meeting", D(2007, 5, 28)),
        # A day or a week after lands on a Saturday, or on Easter Monday in Belgium: on to the next working day.
        (D(2007, 7, 6), ["BE"], "1 day after meeting", D(2007, 7, 9)),
        (D(2007, 4, 2), ["BE"], "1 week after meeting", D(2007, 4, 10)),
        (D(2007, 7, 8), ["BE"], "1 day before meeting", D(2007, 7, 6)),
        # Easter: Monday is free in Belgium, Good Friday in Britain as well.
        (D(2007, 4, 10), ["BE"], "1 working day before meeting", D(2007, 4, 6)),
        (D(2007, 4, 10), ["BE", "GB"], "1 working day before meeting", D(2007, 4, 5)),
        (D(2007, 3, 27), ["BE", "CH"], "4 working days after meeting", D(2007, 4, 2)),
        # From a Saturday, the first working day is the Monday after or the Friday before.
        (D(2031, 6, 7), ["KG", "LI"], "1 working day after meeting", D(2031, 6, 9)),
        (D(2031, 6, 7), ["KG", "LI"], "1 working day before meeting", D(2031, 6, 6)),
        # A month back from the 31st is the last day of the shorter month; leap days.
        (D(2031, 3, 31), [], "1 month before meeting", D(2031, 2, 28)),
        (D(2032, 3, 31), [], "1 month before meeting", D(2032, 2, 27)),  # the 29th is a Sunday
        (D(2024, 1, 31), [], "1 month after meeting", D(2024, 2, 29)),
        (D(2024, 2, 29), [], "12 months after meeting", D(2025, 2, 28)),
        (D(2024, 2, 28), [], "1 working day after meeting", D(2024, 2, 29)),
        # Over the turn of the year, and a stretch of nine free days in May.
        (D(2031, 1, 8), ["KG", "LI"], "1 working day before meeting", D(2030, 12, 31)),
        (D(2007, 12, 28), ["BE"], "4 days after meeting", D(2008, 1, 2)),
        (D(2031, 5, 12), ["KG"], "1 working day before meeting", D(2031, 4, 30)),
    ],
)
def test_known_days(day: dt.date, countries: list[str], rule: str, on: dt.date) -> None:
    assert due(rule, day, holidays=countries).due == on


def test_six_weeks_before_the_forum_is_whit_monday_so_the_friday_before() -> None:
    found = due("6 weeks before forum-start")
    assert found.due == D(2007, 5, 25)
    assert found.shifts == (Shift(D(2007, 5, 28), D(2007, 5, 25), "Pentecost Monday (BE)"),)
    assert (found.anchor, found.anchor_date, found.key) == ("forum-start", FORUM, "1.1/note-due")


def test_nothing_lands_on_a_free_day_silently() -> None:
    assert due("on meeting", D(2007, 7, 8)).shifts == (Shift(D(2007, 7, 8), D(2007, 7, 8), "Sunday"),)
    shut = Closure(first=D(2007, 5, 24), until=D(2007, 5, 25), names={"en": "Move of the office"})
    found = due("6 weeks before meeting", closures=[shut.model_dump()])
    assert found.due == D(2007, 5, 23)
    assert found.shifts == (Shift(D(2007, 5, 28), D(2007, 5, 23), "Pentecost Monday (BE)"),)
    assert due("3 working days before meeting", D(2007, 5, 29)).shifts == ()


@pytest.mark.parametrize(
    ("rule", "on", "shifts"),
    [
        ("2 days after fof-2, not later than fof-3", D(2007, 3, 29), ()),
        (
            "2 months after fof-3, not later than forum-start",
            FORUM,
            ((D(2007, 8, 8), FORUM, "not later than forum-start"),),
        ),
        # The bound lands on Whit Monday and moves inwards, the other bound on Easter Monday and moves inwards too.
        (
            "on fof-3, not later than 6 weeks before forum-start",
            D(2007, 5, 25),
            (
                (FOF_3, D(2007, 5, 28), "not later than 6 weeks before forum-start"),
                (D(2007, 5, 28), D(2007, 5, 25), "Pentecost Monday (BE)"),
            ),
        ),
        (
            "on fof-2, not earlier than 13 days after fof-2",
            D(2007, 4, 10),
            (
                (FOF_2, D(2007, 4, 9), "not earlier than 13 days after fof-2"),
                (D(2007, 4, 9), D(2007, 4, 10), "Easter Monday (BE)"),
            ),
        ),
        ("on fof-2, not earlier than 8 working days after fof-2", D(2007, 4, 6), None),
        # In the order written: the later one has the last word.
        ("on forum-end, not later than fof-2, not earlier than fof-3", FOF_3, None),
        ("on forum-end, not earlier than fof-3, not later than fof-2", FOF_2, None),
    ],
)
def test_bounds(rule: str, on: dt.date, shifts: tuple[tuple[dt.date, dt.date, str], ...] | None) -> None:
    found = due(rule)
    assert found.due == on
    assert found.rule == rule
    if shifts is not None:
        assert found.shifts == tuple(Shift(*shift) for shift in shifts)


@pytest.mark.parametrize(
    ("rule", "day", "at"),
    [
        ("on meeting", D(2007, 7, 9), "2007-07-09T21:59"),
        ("on meeting at 17:00", D(2007, 7, 9), "2007-07-09T15:00"),
        # New York went to summer time on 11 March 2007 and Brussels on 25 March: five hours apart in between, else six.
        ("on meeting at 17:00", D(2007, 3, 9), "2007-03-09T16:00"),
        ("on meeting at 17:00 America/New_York", D(2007, 3, 9), "2007-03-09T22:00"),
        ("on meeting at 17:00", D(2007, 3, 12), "2007-03-12T16:00"),
        ("on meeting at 17:00 America/New_York", D(2007, 3, 12), "2007-03-12T21:00"),
        ("on meeting at 17:00", D(2007, 3, 26), "2007-03-26T15:00"),
        ("on meeting at 17:00 America/New_York", D(2007, 3, 26), "2007-03-26T21:00"),
        # 02:30 is left out on 25 March and comes twice on 28 October.
        ("on meeting at 02:30", D(2007, 3, 25), "2007-03-25T01:30"),
        ("on meeting at 02:30", D(2007, 10, 28), "2007-10-28T00:30"),
        ("on meeting at 23:00 Pacific/Auckland", D(2007, 7, 9), "2007-07-09T11:00"),
        ("on meeting at 01:00 Pacific/Auckland", D(2007, 7, 9), "2007-07-08T13:00"),
        ("on meeting at 23:59 America/New_York", D(2007, 12, 31), "2008-01-01T04:59"),
    ],
)
def test_the_instant_is_local_to_the_rule_s_zone(rule: str, day: dt.date, at: str) -> None:
    found = due(rule, day)
    assert found.due == day
    assert found.due_at == dt.datetime.fromisoformat(f"{at}:00+00:00")
    assert found.due_at.tzinfo is dt.UTC


@pytest.mark.parametrize(
    ("day", "rule"),
    [
        (D(1, 1, 3), "1 week before meeting"),
        (D(700, 1, 3), "9000 months before meeting"),
        (D(9999, 12, 30), "9 working days after meeting"),
        (D(9999, 12, 25), "1 week after meeting"),
        (D(9999, 12, 24), "10000 months after meeting"),
        (D(9999, 12, 31), "on meeting at 23:59 America/New_York"),
        (D(9200, 7, 9), "on meeting, not later than 10000 months after meeting"),
    ],
)
def test_an_offset_that_leaves_the_calendar_is_refused(day: dt.date, rule: str) -> None:
    with pytest.raises(Invalid, match=r"note-due → meeting: .* is no day of the calendar"):
        due(rule, day, holidays=[])


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(Invalid, match="'Europe/Atlantis' is not a time zone such as Europe/Paris"):
        due("on meeting at 17:00 Europe/Atlantis")


# -- against an oracle that looks at every day by itself


def plain_offset(day: dt.date, count: int, unit: str) -> dt.date:
    if unit == "months":
        years, month = divmod(day.year * 12 + day.month - 1 + count, 12)
        return D(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))
    return D.fromordinal(day.toordinal() + count * {"days": 1, "weeks": 7}[unit])


@pytest.mark.soak
@given(DAYS, COUNTRIES, st.integers(1, 12), st.sampled_from(["days", "weeks", "months"]), st.booleans())
def test_a_plain_offset_on_a_free_day_moves_on_in_its_own_direction(
    day: dt.date, countries: tuple[str, ...], count: int, unit: str, before: bool
) -> None:
    found = due(f"{count} {unit} {'before' if before else 'after'} meeting", day, holidays=list(countries))
    meant = plain_offset(day, -count if before else count, unit)
    month = [meant + n * (-ONE if before else ONE) for n in range(31)]
    assert found.due == next(each for each in month if works(each, countries))
    assert [(s.from_date, s.to_date) for s in found.shifts] == ([] if found.due == meant else [(meant, found.due)])


@given(DAYS, COUNTRIES, st.integers(1, 11), st.sampled_from(["working days", "days", "weeks", "months"]))
def test_more_time_before_an_event_is_never_later(
    day: dt.date, countries: tuple[str, ...], count: int, unit: str
) -> None:
    nearer = due(f"{count} {unit} before meeting", day, holidays=list(countries)).due
    assert due(f"{count + 1} {unit} before meeting", day, holidays=list(countries)).due <= nearer < day


# -- milestones that hang on milestones


def test_a_rule_takes_the_same_paper_else_the_session_else_the_latest_of_the_parts() -> None:
    found = with_rules({
        "note-due": "1 week after note-invitation",  # the same session
        "comments-1": "2 weeks after draft-1",  # the same paper
        "draft-1": "1 month after note-due",  # the session of the paper
        "translation-due": "1 week after final-due is received",  # the paper of the translation
        "report-templates": "2 days after translation-due is received",  # the latest translation of the session
        "roundtable-report-due": "1 week after report-due is received",  # the latest session of the roundtable
    })  # fmt: skip
    first, second = [paper for paper, id in items_of(found, found.session("1.4")) if id == "draft-1"]
    planned = plan(found, received={f"{second}/final-due": D(2007, 6, 20), "1.2/report-due": D(2007, 9, 3)})
    assert planned["1.1/note-due"].anchor_date == planned["1.1/note-invitation"].due
    assert planned["1.1/draft-1"].anchor_date == planned["1.1/note-due"].due
    assert planned[f"{first}/comments-1"].anchor_date == planned[f"{first}/draft-1"].due
    assert not planned[f"{first}/comments-1"].projected
    early, late = planned[f"{first}:fr/translation-due"], planned[f"{second}:fr/translation-due"]
    assert (early.anchor_date, early.projected) == (planned[f"{first}/final-due"].due, True)
    assert (late.anchor_date, late.projected) == (D(2007, 6, 20), False)
    assert late.anchor == "final-due is received"
    templates = planned["1.4/report-templates"]
    assert (templates.anchor_date, templates.projected) == (late.due, True)
    assert planned["1/roundtable-report-due"].anchor_date == D(2007, 9, 3)
    assert planned["1/roundtable-report-due"].session is None
    assert planned["2/roundtable-report-due"].anchor_date == planned["2.1/report-due"].due


def test_what_rests_on_a_projected_day_is_projected_too() -> None:
    found = with_rules({"comments-1": "5 working days after draft-1 is received, not later than fof-3",
                        "draft-2": "1 week after comments-1"})  # fmt: skip
    before, after = plan(found), plan(found, received={"1.1/draft-1": D(2007, 5, 2)})
    assert (before["1.1/comments-1"].due, before["1.1/comments-1"].projected) == (D(2007, 5, 7), True)
    assert (after["1.1/comments-1"].due, after["1.1/comments-1"].projected) == (D(2007, 5, 9), False)
    assert (before["1.1/draft-2"].projected, after["1.1/draft-2"].projected) == (True, False)
    assert after["1.1/draft-2"].due == D(2007, 5, 16)
    late = plan(found, received={"1.1/draft-1": D(2007, 6, 6)})["1.1/comments-1"]
    assert (late.due, late.shifts[-1].reason) == (FOF_3, "not later than fof-3")


def test_an_event_that_moved_takes_its_deadlines_along() -> None:
    found = edition("brussels-2007")
    moved = plan(found, event_dates={"fof-3": D(2007, 6, 15)})
    assert moved["1.1/draft-1"].due == D(2007, 5, 4)
    assert moved["1.1/comments-1"].due == D(2007, 5, 18)
    assert moved["1.1/note-due"] == plan(found)["1.1/note-due"]


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ({"draft-1": "1 week after fof-9"}, ["draft-1 → fof-9: there is no event with an exact day"]),
        ({"draft-1": "1 week after fof-3 is received"}, ["draft-1 → fof-3: there is no"]),
        ({"draft-1": "on fof-3, not later than gfmd-2"}, ["draft-1 → gfmd-2: there is no event with an exact day"]),
        ({"draft-1": "1 week before comments-1"}, ["draft-1 → comments-1 → draft-1 goes round in a circle"]),
        ({"draft-1": "1 week before draft-1"}, ["draft-1 → draft-1 goes round in a circle"]),
        (
            {"note-due": "on fof-1, not later than report-due is received", "report-due": "on roundtable-report-due",
             "roundtable-report-due": "1 day after note-due"},
            ["note-due → report-due → roundtable-report-due → note-due goes round in a circle"],
        ),
        ({"draft-1": "soon", "final-due": "on fof-9"}, ["final-due → fof-9: there is no", "'soon' is not a deadline"]),
    ],
)  # fmt: skip
def test_what_leads_nowhere_is_refused_with_its_path(rules: dict[str, str], says: list[str]) -> None:
    with pytest.raises((Invalid, Mistakes)) as caught:
        plan(with_rules(rules))
    told = caught.value.mistakes if isinstance(caught.value, Mistakes) else [str(caught.value)]
    assert len(told) == len(says)
    for line, start in zip(sorted(told, reverse=True), sorted(says, reverse=True), strict=True):
        assert line.startswith(start)


def test_a_session_without_what_its_rule_waits_for_is_refused() -> None:
    found = with_rules({"panel-invitation": "1 week after note-decision"})
    without = next(s.id for s in found.sessions if s.seats and not s.team)
    with pytest.raises(Invalid, match=f"^{without}/panel-invitation → note-decision: session {without} has no note-d"):
        plan(found)


def test_every_circle_is_found_once() -> None:
    links = {"a": ["b", "x"], "b": ["c"], "c": ["a", "d"], "d": ["d"], "e": ["a"]}
    assert find_cycles(links) == [("a", "b", "c", "a"), ("d", "d")]
    assert find_cycles({str(n): [str(n + 1)] for n in range(5000)}) == []


# -- whole editions


@pytest.mark.parametrize("name", EDITIONS)
def test_every_session_has_the_deadlines_of_what_it_goes_through(name: str) -> None:
    found = edition(name)
    planned = plan(found)
    assert {each.milestone for each in planned.values()} == set(required_milestones(found.rules.comment_rounds))
    for session in found.sessions:
        kinds = {record.kind for record in records_of(found, session)}
        papers = {f"{paper}/draft-1" for paper, id in items_of(found, session) if id == "draft-1"}
        assert len(papers) == len(session.papers)
        assert ((f"{session.id}/note-due" in planned), (f"{session.id}/panel-complete" in planned)) == (
            "concept-note" in kinds,
            "panel" in kinds,
        )
        assert (f"{session.id}/report-due" in planned) is ("report" in kinds)
        mine = {each.key for each in planned.values() if each.session == session.id}
        assert mine == {f"{item}/{milestone}" for item, milestone in items_of(found, session)}
        assert len(mine) == len(items_of(found, session))


@pytest.mark.parametrize("name", EDITIONS)
def test_every_deadline_of_an_edition_falls_on_a_working_day_or_says_why_not(name: str) -> None:
    found = edition(name)
    milestones = {milestone.id: milestone for milestone in found.milestones}
    for each in plan(found).values():
        why = workdays_of(found, milestones[each.milestone]).why_free(each.due)
        assert not why or each.shifts[-1] == Shift(each.due, each.due, why), each.key
        assert parse_rule(each.rule) == parse_rule(milestones[each.milestone].rule)


@pytest.mark.parametrize("name", EDITIONS)
def test_the_milestones_of_an_edition_follow_each_other(name: str) -> None:
    days = deadlines(edition(name))
    rounds = range(1, edition(name).rules.comment_rounds + 1)
    order = ["note-invitation", "note-due", "note-decision", "call-for-input", "input-due"]
    order += [f"{step}-{n}" for n in rounds for step in ("draft", "comments")]
    order += ["final-due", "translation-due", "summary-due", "report-due", "roundtable-report-due"]
    dates = [days[milestone] for milestone in order]
    assert dates == sorted(dates), dict(zip(order, dates, strict=True))


def test_the_edition_s_day_is_the_earliest_of_its_items_and_there_is_none_without_items() -> None:
    found = with_rules({"draft-2": "on draft-1 is received"})
    assert deadlines(found)["draft-2"] == min(e.due for e in plan(found).values() if e.milestone == "draft-2")
    alone = found.model_copy(update={"sessions": [s for s in found.sessions if not s.papers]})
    assert "draft-2" not in deadlines(alone)


@pytest.mark.parametrize("rounds", [1, 3, 9])
def test_each_comment_round_has_a_draft_and_a_day_for_comments(rounds: int) -> None:
    required = required_milestones(rounds)
    assert [m for m in required if m.startswith("draft-")] == [f"draft-{n}" for n in range(1, rounds + 1)]
    assert [m for m in required if m.startswith("comments-")] == [f"comments-{n}" for n in range(1, rounds + 1)]
    assert len(set(required)) == len(required)
