"""Compliance: in time or not against both plans, and lateness shared out to who caused it, to the day."""

from __future__ import annotations

import datetime as dt
from collections import Counter, deque
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain.compliance import (
    CAUSE_COLUMNS,
    GROUP_COLUMNS,
    ITEM_COLUMNS,
    PLANS,
    STATUSES,
    Plan,
    Row,
    Share,
    attribute,
    report,
)

BEGIN = dt.date(2007, 4, 1)


def on(number: int) -> dt.date:
    return BEGIN + dt.timedelta(days=number)


def row(key: str, party: str, due: int, actual: int | None, after: tuple[str, ...] = (), **more: object) -> Row:
    """A milestone due and come on numbered days of the season."""
    came = None if actual is None else on(actual)
    plain = Row(key, key.split("/")[0], "1.1", "background-paper", party, "submission", on(due), on(due))
    return replace(plain, actual=came, after=after, **more)  # type: ignore[arg-type]


def chain(*rows: Row) -> dict[str, Row]:
    return {r.key: r for r in rows}


DRAFT = row("1.1/draft-1", "ghana", 10, 15, since=on(0), planned_since=on(0), due_since=on(0))


def test_a_partner_answers_for_its_own_days_and_the_rest_goes_back_to_who_was_late_before():
    comments = row("1.1/comments-1", "who", 20, 28, ("1.1/draft-1",), since=on(15), planned_since=on(10))
    rows = chain(DRAFT, comments)
    assert attribute(rows, "1.1/draft-1", "baseline", on(90)) == (Share("ghana", "own", 5),)
    assert attribute(rows, "1.1/comments-1", "baseline", on(90)) == (Share("ghana", "own", 5), Share("who", "own", 3))
    # Who makes up for some of it owes nothing.
    quick = replace(comments, actual=on(22))
    assert attribute(chain(DRAFT, quick), "1.1/comments-1", "baseline", on(90)) == (Share("ghana", "own", 2),)


def test_who_has_not_been_asked_yet_owes_nothing():
    missing = replace(DRAFT, actual=None)
    comments = row("1.1/comments-1", "who", 20, None, ("1.1/draft-1",), planned_since=on(10))
    rows = chain(missing, comments)
    assert attribute(rows, "1.1/comments-1", "baseline", on(26)) == (Share("ghana", "own", 6),)
    assert attribute(rows, "1.1/draft-1", "baseline", on(26)) == (Share("ghana", "own", 16),)
    assert attribute(rows, "1.1/comments-1", "baseline", on(20)) == ()


def test_an_extension_is_lateness_against_the_baseline_only():
    extended = replace(DRAFT, extended=on(14), extensions=1)
    comments = row("1.1/comments-1", "who", 20, 26, ("1.1/draft-1",), since=on(15), due_since=on(10))
    rows = chain(extended, comments)
    assert attribute(rows, "1.1/draft-1", "baseline", on(90)) == (Share("ghana", "own", 5),)
    assert attribute(rows, "1.1/draft-1", "current", on(90)) == (Share("ghana", "own", 1),)
    assert attribute(rows, "1.1/comments-1", "current", on(90)) == (
        Share("ghana", "extension", 4), Share("ghana", "own", 1), Share("who", "own", 1),
    )  # fmt: skip


def test_what_nobody_explains_stays_open():
    early = replace(DRAFT, actual=on(9))
    comments = row("1.1/comments-1", "who", 20, 27, ("1.1/draft-1",), since=on(14), planned_since=on(10))
    assert attribute(chain(early, comments), "1.1/comments-1", "baseline", on(90)) == (
        Share("", "open", 4), Share("who", "own", 3),
    )  # fmt: skip


def test_a_circle_of_links_ends():
    one = row("a", "ghana", 10, None, ("b",))
    two = row("b", "who", 10, None, ("a",))
    shares = attribute(chain(one, two), "a", "baseline", on(15))
    assert sum(share.days for share in shares) == 5


@pytest.mark.parametrize(
    ("actual", "today", "baseline", "current"),
    [
        (10, 30, "in-time", "in-time"), (11, 30, "late", "in-time"), (14, 30, "late", "in-time"),
        (15, 30, "late", "late"), (None, 10, "not-due", "not-due"), (None, 11, "missing", "not-due"),
        (None, 15, "missing", "missing"),
    ],
)  # fmt: skip
def test_in_time_is_up_to_the_day_itself(actual: int | None, today: int, baseline: str, current: str):
    given = replace(row("1.1/draft-1", "ghana", 10, actual), extended=on(14))
    assert (given.status("baseline", on(today)), given.status("current", on(today))) == (baseline, current)


def test_the_report_counts_by_session_stage_party_and_language():
    spanish = row("1.1:es/translation-due", "un", 20, 26, ("1.1/draft-1",), since=on(15), planned_since=on(10))
    spanish = replace(spanish, kind="issue", language="es", stage="translation")
    gone = row("1.2/draft-1", "norway", 5, None, superseded=True)
    found = report([replace(DRAFT, extended=on(20), extensions=2), spanish, gone], on(30))
    assert found.items.columns == ITEM_COLUMNS
    assert [dict(zip(ITEM_COLUMNS, cells, strict=True))["current-status"] for cells in found.items.rows] == [
        "in-time", "late",
    ]  # fmt: skip
    assert found.groups.columns == GROUP_COLUMNS
    assert set(found.groups.rows) == {
        (plan, kind, by, id, in_time, late, 0, 0, extensions, days)
        for plan, kind, in_time, late, extensions, days, groups in [
            ("baseline", "submission", 0, 1, 2, 5, {"party": "ghana", "stage": "background-paper"}),
            ("current", "submission", 1, 0, 2, 0, {"party": "ghana", "stage": "background-paper"}),
            ("baseline", "issue", 0, 1, 0, 6, {"party": "un", "stage": "translation", "language": "es"}),
            ("current", "issue", 0, 1, 0, 6, {"party": "un", "stage": "translation", "language": "es"}),
        ]
        for by, id in {"all": "all", "session": "1.1", **groups}.items()
    }
    assert found.causes.columns == CAUSE_COLUMNS
    # Spanish is 6 days late: 5 since the draft was, which the current plan had allowed, and 1 of its own.
    assert found.causes.rows == (
        ("baseline", "ghana", "own", 2, 10),
        ("baseline", "un", "own", 1, 1),
        ("current", "ghana", "extension", 1, 5),
        ("current", "un", "own", 1, 1),
    )


# -- any rows


@pytest.mark.soak
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 12), st.integers(0, 25)), min_size=1, max_size=9))
def test_along_a_chain_each_party_has_the_days_it_added_and_nobody_made_up(steps: list[tuple[str, int, int]]):
    """The oracle keeps the late days in a queue by party: who is slow adds, who is quick takes the oldest away."""
    rows: dict[str, Row] = {}
    queue: deque[str] = deque()
    due = came = 0
    for number, (party, given_days, taken) in enumerate(steps):
        after = (f"n{number - 1}",) if number else ()
        key = f"n{number}"
        should, since = on(due), on(came)
        due, came = due + given_days, came + taken
        rows[key] = row(key, party, due, came, after, since=since, planned_since=should, due_since=should)
        late = max(came - due, 0)
        while len(queue) > late:
            queue.popleft()
        queue.extend(party * (late - len(queue)))
        for plan in PLANS:
            shares = attribute(rows, key, plan, on(999))
            assert {share.party: share.days for share in shares} == dict(Counter(queue))
            assert {share.cause for share in shares} <= {"own"}


@st.composite
def seasons(draw: st.DrawFn) -> list[Row]:
    found: list[Row] = []
    days, perhaps = st.integers(0, 60).map(on), st.none() | st.integers(0, 60).map(on)
    for number in range(draw(st.integers(1, 8))):
        keys = [r.key for r in found] + ["elsewhere"]
        found.append(
            Row(
                f"n{number}", f"i{number}", draw(st.sampled_from(["1.1", "1.2"])), "panel",
                draw(st.sampled_from("abc")), draw(st.sampled_from(["submission", "issue"])), draw(days), draw(days),
                draw(st.sampled_from(["", "es"])), draw(perhaps), draw(perhaps), draw(perhaps), draw(perhaps),
                draw(st.integers(0, 2)), draw(perhaps), tuple(draw(st.lists(st.sampled_from(keys), max_size=3))),
                draw(st.integers(0, 9)) == 0,
            )
        )  # fmt: skip
    return found


@pytest.mark.soak
@given(seasons(), st.integers(0, 70).map(on), st.sampled_from(PLANS))
def test_the_shares_of_an_item_sum_to_its_lateness(rows: list[Row], today: dt.date, plan: Plan):
    by_key = {r.key: r for r in rows}
    for key, one in by_key.items():
        shares = attribute(by_key, key, plan, today)
        wanted = one.baseline if plan == "baseline" else one.extended or one.due
        assert sum(share.days for share in shares) == max(((one.actual or today) - wanted).days, 0)
        assert all(share.days > 0 for share in shares)
        assert {share.party for share in shares} <= {r.party for r in rows} | {""}


@pytest.mark.soak
@given(seasons(), st.integers(0, 70).map(on))
def test_every_table_has_every_milestone_once_and_the_same_days(rows: list[Row], today: dt.date):
    found = report(rows, today)
    counted = [r for r in rows if not r.superseded]
    assert [cells[0] for cells in found.items.rows] == [r.key for r in counted]
    groups = [dict(zip(GROUP_COLUMNS, cells, strict=True)) for cells in found.groups.rows]
    causes = [dict(zip(CAUSE_COLUMNS, cells, strict=True)) for cells in found.causes.rows]
    for plan in PLANS:
        late = sum(r.late_days(plan, today) for r in counted)
        for by in ("all", "session", "stage", "party"):
            mine = [group for group in groups if (group["plan"], group["by"]) == (plan, by)]
            assert sum(int(str(group[status])) for group in mine for status in STATUSES) == len(counted)
            assert sum(int(str(group["late-days"])) for group in mine) == late
        assert sum(int(str(cause["days"])) for cause in causes if cause["plan"] == plan) == late
