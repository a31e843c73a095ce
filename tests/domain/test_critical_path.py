"""Critical path: the process as a network, slack against a day-by-day oracle, what follows from lateness."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain.critical_path import Consequence, Impossible, analyse, consequences, expect, impossible
from tasks.domain.day_count import DayCount
from tasks.domain.errors import Invalid
from tasks.domain.network import Due, Meetings, Node, in_order, link, with_days

MEETINGS = Meetings("fof-2", "forum-start", "forum-end")
EVENTS = {
    "fof-1": dt.date(2007, 1, 30), "fof-2": dt.date(2007, 3, 27), "fof-3": dt.date(2007, 6, 8),
    "forum-start": dt.date(2007, 7, 9), "forum-end": dt.date(2007, 7, 11),
}  # fmt: skip
FREE = {dt.date(2007, 4, 9), dt.date(2007, 5, 1), dt.date(2007, 5, 17), dt.date(2007, 5, 28)}
ONE = dt.timedelta(days=1)


def works(day: dt.date) -> bool:
    return day.isoweekday() < 6 and day not in FREE


DAYS = DayCount(works)
#: Planned day and working days needed, of the milestones of a session with one paper in three languages.
PLAN = {
    "1.1/note-invitation": ((2, 2), 1), "1.1/note-due": ((2, 27), 10), "1.1/note-decision": ((3, 15), 3),
    "1.1/call-for-input": ((4, 2), 1), "1.1/input-due": ((4, 17), 5), "1.1/draft-1": ((4, 27), 15),
    "1.1/comments-1": ((5, 11), 5), "1.1/draft-2": ((5, 18), 4), "1.1/comments-2": ((6, 1), 5),
    "1.1/final-due": ((6, 12), 3), "1.1:es/translation-due": ((7, 2), 8), "1.1:fr/translation-due": ((6, 25), 8),
    "1.1/panel-invitation": ((4, 10), 1), "1.1/panel-complete": ((6, 8), 10), "1.1/report-templates": ((6, 25), 1),
    "1.1/summary-due": ((7, 11), 0), "1.1/report-due": ((8, 22), 10), "1/roundtable-report-due": ((9, 12), 5),
}  # fmt: skip


def due(key: str, met: dt.date | None = None) -> Due:
    item, milestone = key.split("/")
    (month, day), takes = PLAN[key]
    return Due(item, milestone, dt.date(2007, month, day), takes, met)


def network(without: tuple[str, ...] = (), met: Mapping[str, dt.date] | None = None) -> dict[str, Node]:
    dues = [due(key, (met or {}).get(key)) for key in PLAN if key not in without]
    return link(dues, "1.1", 2, MEETINGS, EVENTS, {"1.1": "en"})


# -- the network


def test_the_network_of_a_session_follows_the_process():
    found = {key: node.after for key, node in network().items()}
    assert found == {
        "1.1/note-invitation": (),
        "1.1/note-due": ("1.1/note-invitation",),
        "1.1/note-decision": ("1.1/note-due",),
        "fof-2": ("1.1/note-decision",),
        "1.1/call-for-input": ("fof-2",),
        "1.1/draft-1": ("1.1/call-for-input",),
        "1.1/comments-1": ("1.1/draft-1",),
        "1.1/draft-2": ("1.1/comments-1",),
        "1.1/comments-2": ("1.1/draft-2",),
        "1.1/final-due": ("1.1/comments-2",),
        "1.1:es/translation-due": ("1.1/final-due",),
        "1.1:fr/translation-due": ("1.1/final-due",),
        "1.1/panel-invitation": ("fof-2",),
        "1.1/panel-complete": ("1.1/panel-invitation",),
        "1.1/report-templates": ("1.1/panel-complete",),
        "forum-start": ("1.1:es/translation-due", "1.1:fr/translation-due", "1.1/final-due", "1.1/report-templates"),
        "forum-end": (),
        "1.1/summary-due": ("1.1/report-templates", "forum-end"),
        "1.1/report-due": ("1.1/summary-due", "forum-end"),
        "1/roundtable-report-due": ("1.1/report-due",),
    }
    languages = {key: node.language for key, node in network().items() if node.language}
    assert languages == {"1.1/final-due": "en", "1.1:es/translation-due": "es", "1.1:fr/translation-due": "fr"}


def test_a_milestone_a_session_lacks_is_passed_over():
    found = network(without=("1.1/panel-invitation", "1.1/panel-complete", "1.1/comments-1", "1.1/summary-due"))
    assert found["1.1/report-templates"].after == ("fof-2",)
    assert found["1.1/draft-2"].after == ("1.1/draft-1",)
    assert found["1.1/report-due"].after == ("1.1/report-templates", "forum-end")


def test_two_papers_have_a_chain_each_and_the_forum_needs_both():
    dues = [
        Due(item, milestone, dt.date(2007, 6, 1))
        for milestone, items in {
            "call-for-input": ["1.4-a", "1.4-b"], "draft-1": ["1.4-a", "1.4-b"], "final-due": ["1.4-a", "1.4-b"],
            "translation-due": ["1.4-a:fr", "1.4-b:fr"], "note-decision": ["1.4"],
        }.items()
        for item in items
    ]  # fmt: skip
    found = link(dues, "1.4", 1, MEETINGS, EVENTS)
    assert found["1.4-b/draft-1"].after == ("1.4-b/call-for-input",)
    assert found["1.4-a:fr/translation-due"].after == ("1.4-a/final-due",)
    assert set(found["forum-start"].after) == {
        "1.4-a/final-due", "1.4-b/final-due", "1.4-a:fr/translation-due", "1.4-b:fr/translation-due",
    }  # fmt: skip


def test_a_circle_and_a_link_to_nowhere_are_refused_with_what_is_wrong():
    day = dt.date(2007, 6, 1)
    with pytest.raises(Invalid, match=r"(a → b → a|b → a → b): a deadline can't rest on itself"):
        in_order({"a": Node("a", day, after=("b",)), "b": Node("b", day, after=("a",))})
    with pytest.raises(Invalid, match="a rests on c, which is not in the plan"):
        in_order({"a": Node("a", day, after=("c",))})


# -- known days


def test_slack_of_the_known_plan():
    found = analyse(network(), DAYS)
    latest = {key: (slack.latest.isoformat()[5:], slack.slack_days) for key, slack in found.slack.items()}
    # French is due on 25 June and takes eight working days: the final text by 13 June, one day after it is due.
    assert latest["1.1/final-due"] == ("06-13", 1)
    assert latest["1.1/comments-2"] == ("06-08", 5)
    assert latest["1.1/draft-2"] == ("06-01", 9)
    assert latest["1.1:fr/translation-due"] == ("06-25", 0)
    assert latest["1.1/note-decision"] == ("03-27", 8)
    assert latest["1.1/note-invitation"] == ("03-08", 24)
    assert latest["1.1/report-due"] == ("09-05", 10)
    paths = {path.end: path for path in found.paths}
    assert set(paths) == {
        "fof-2", "1.1:es/translation-due", "1.1:fr/translation-due", "forum-start",
        "1/roundtable-report-due",
    }  # fmt: skip
    assert paths["1.1:fr/translation-due"].keys == (
        "fof-2", "1.1/call-for-input", "1.1/draft-1", "1.1/comments-1", "1.1/draft-2", "1.1/comments-2",
        "1.1/final-due", "1.1:fr/translation-due",
    )  # fmt: skip
    assert {key for key, slack in found.slack.items() if slack.is_critical} == {*paths["1.1:fr/translation-due"].keys}
    assert paths["fof-2"].keys == ("1.1/note-invitation", "1.1/note-due", "1.1/note-decision", "fof-2")
    assert [path.slack_days for path in found.paths] == sorted(path.slack_days for path in found.paths)


def test_what_has_come_starts_the_path_and_today_pushes_what_is_open():
    met = {key: dt.date(2007, 5, 10) for key in list(PLAN)[:7]}
    found = analyse(network(met=met), DAYS, today=dt.date(2007, 5, 25))
    french = next(path for path in found.paths if path.end == "1.1:fr/translation-due")
    assert french.keys[0] == "1.1/comments-1"
    draft = found.slack["1.1/draft-2"]
    assert (draft.expected, draft.latest, draft.slack_days) == (dt.date(2007, 5, 25), dt.date(2007, 6, 1), 4)
    assert "fof-2" not in {path.end for path in found.paths}


def test_a_late_draft_and_the_language_that_misses_the_meeting():
    nodes = network()
    late = DAYS.after(dt.date(2007, 5, 18), 15)
    assert late == dt.date(2007, 6, 11)
    found = consequences(nodes, "1.1/draft-2", late, DAYS, {**EVENTS, "briefing": dt.date(2007, 6, 28)})
    assert found == (
        Consequence("1.1/draft-2", dt.date(2007, 5, 18), late, 15, "", "fof-3"),
        Consequence("1.1/comments-2", dt.date(2007, 6, 1), dt.date(2007, 6, 18), 11, "", "fof-3"),
        Consequence("1.1/final-due", dt.date(2007, 6, 12), dt.date(2007, 6, 21), 7, "en", ""),
        Consequence("1.1:es/translation-due", dt.date(2007, 7, 2), dt.date(2007, 7, 3), 1, "es", ""),
        Consequence("1.1:fr/translation-due", dt.date(2007, 6, 25), dt.date(2007, 7, 3), 6, "fr", "briefing"),
    )
    # Within its slack no language is late, only what lies between.
    found = consequences(nodes, "1.1/draft-2", dt.date(2007, 6, 1), DAYS, {})
    assert [(c.key, c.days) for c in found] == [("1.1/comments-2", 5), ("1.1/final-due", 1)]


def test_a_late_decision_misses_the_meeting_and_nothing_after_it_moves():
    found = consequences(network(), "1.1/note-decision", dt.date(2007, 3, 28), DAYS, EVENTS)
    assert found == (Consequence("1.1/note-decision", dt.date(2007, 3, 15), dt.date(2007, 3, 28), 9, "", "fof-2"),)


def test_deadlines_that_cannot_be_met_as_planned():
    assert impossible(network(), DAYS) == ()
    tight = with_days(network(), {"1.1/draft-2": dt.date(2007, 5, 14), "1.1/note-decision": dt.date(2007, 3, 29)})
    assert impossible(tight, DAYS) == (
        Impossible("1.1/note-decision", "after-event", "fof-2", 2),
        Impossible("1.1/draft-2", "too-soon", "1.1/comments-1", 3),
    )
    met = {"1.1/note-invitation": dt.date(2007, 2, 1)}
    assert impossible(network(met=met), DAYS, today=dt.date(2007, 2, 28)) == (
        Impossible("1.1/note-due", "past", "", 1),
    )


# -- against an oracle that goes day by day


def step(day: dt.date, count: int) -> dt.date:
    while count > 0:
        day += ONE
        count -= works(day)
    return day


@st.composite
def networks(draw: st.DrawFn) -> dict[str, Node]:
    """Any network: each node rests on some before it, an event now and then, planned in any order."""
    found: dict[str, Node] = {}
    for number in range(draw(st.integers(1, 9))):
        earlier = draw(st.lists(st.sampled_from(sorted(found)), max_size=3, unique=True)) if found else []
        day = dt.date(2007, 4, 1) + dt.timedelta(days=draw(st.integers(0, 90)))
        fixed = draw(st.integers(0, 4)) == 0
        met = draw(st.none() | st.just(day + dt.timedelta(days=draw(st.integers(-5, 20))))) if not fixed else None
        takes = 0 if fixed else draw(st.integers(0, 6))
        language = "" if fixed else draw(st.sampled_from(["", "fr"]))
        found[f"n{number}"] = Node(f"n{number}", day, takes, tuple(earlier), fixed, met, language)
    return found


def is_end(nodes: Mapping[str, Node], key: str) -> bool:
    if nodes[key].fixed:
        return bool(nodes[key].after)
    followers = [node for node in nodes.values() if key in node.after]
    return all(node.fixed for node in followers) if nodes[key].language else not followers


def harms(nodes: Mapping[str, Node], key: str, comes: dt.date) -> bool:
    """Whether some end is late if `key` comes on that day and all that rests on it as soon as it can after that."""
    if is_end(nodes, key) and comes > nodes[key].day:
        return True
    for node in nodes.values():
        if key in node.after and (comes > node.day if node.fixed else harms(nodes, node.key, step(comes, node.takes))):
            return True
    return False


@pytest.mark.soak
@given(networks())
def test_the_latest_day_is_the_last_that_harms_no_end(nodes: dict[str, Node]):
    for key, slack in analyse(nodes, DAYS).slack.items():
        if nodes[key].fixed:
            assert slack.latest == nodes[key].day
            continue
        assert not harms(nodes, key, slack.latest)
        day = slack.latest + ONE
        while not works(day):
            day += ONE  # nobody delivers on a free day, so only the next working day must do harm
        assert harms(nodes, key, day)
        assert (slack.slack_days < 0) is (slack.expected > slack.latest)


@pytest.mark.soak
@given(networks(), st.none() | st.dates(dt.date(2007, 4, 1), dt.date(2007, 7, 1)), st.data())
def test_lateness_goes_on_day_by_day(nodes: dict[str, Node], today: dt.date | None, data: st.DataObject):
    key = data.draw(st.sampled_from([key for key, node in nodes.items() if not node.fixed] or ["n0"]))
    comes = nodes[key].day + dt.timedelta(days=data.draw(st.integers(1, 30)))

    def comes_on(name: str, late: bool) -> dt.date:
        node = nodes[name]
        if node.fixed:
            return node.day
        if late and name == key:
            return comes
        if node.met:
            return node.met
        day = max(node.day, today or node.day)
        while not all(step(comes_on(earlier, late), node.takes) <= day for earlier in node.after):
            day += ONE
        return day

    assert expect(nodes, DAYS, today) == {name: comes_on(name, False) for name in nodes}
    if not nodes[key].fixed:
        assert expect(nodes, DAYS, today, {key: comes}) == {name: comes_on(name, True) for name in nodes}
        events = {name: node.day for name, node in nodes.items() if node.fixed}
        found = {c.key: c for c in consequences(nodes, key, comes, DAYS, events, today)}
        worse = {
            name
            for name, node in nodes.items()
            if not node.met and comes_on(name, True) > max(node.day, comes_on(name, False)) and name != key
        }
        assert found.keys() - {key} == worse
        for consequence in found.values():
            missed = [d for d in events.values() if consequence.planned <= d < consequence.possible]
            assert (events[consequence.behind] == min(missed)) if missed else consequence.behind == ""
            assert consequence.days >= 1


@pytest.mark.soak
@given(networks())
def test_a_critical_path_is_a_chain_whose_every_link_decides_the_next(nodes: dict[str, Node]):
    found = analyse(nodes, DAYS)
    for path in found.paths:
        assert path.keys[-1] == path.end
        for before, key in zip(path.keys, path.keys[1:], strict=False):
            node = nodes[key]
            assert before in node.after
            day = found.slack[before].earliest
            assert all(found.slack[other].earliest <= day for other in node.after)
            if not node.fixed:
                assert found.slack[key].earliest == step(day, node.takes)
    tightest = [path for path in found.paths if path.slack_days == found.paths[0].slack_days]
    assert {key for key, slack in found.slack.items() if slack.is_critical} == {k for p in tightest for k in p.keys}


@given(st.dates(dt.date(2006, 12, 1), dt.date(2007, 12, 31)), st.integers(0, 40), st.integers(0, 60))
def test_days_are_counted_as_they_come(day: dt.date, count: int, more: int):
    days = DayCount(works)
    assert days.after(day, count) == step(day, count)
    back, left = day, count
    while left > 0:
        back -= ONE
        left -= works(back)
    assert days.before(day, count) == back
    later = day + dt.timedelta(days=more)
    worked = sum(works(day + dt.timedelta(days=n)) for n in range(1, more + 1))
    assert (days.between(day, later), days.between(later, day)) == (worked, -worked)
    start = days.start_for(day, count)
    assert days.after(start, count) <= day
    following = start + ONE
    while not works(following):
        following += ONE
    assert days.after(following, count) > day or count == 0


def test_a_calendar_without_working_days_is_refused():
    with pytest.raises(Invalid, match="no 3 working days found around 2007-01-01"):
        DayCount(lambda day: False).after(dt.date(2007, 1, 1), 3)
