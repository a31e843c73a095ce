"""Rules as text: read, written the same again, or refused with forms that do."""

from __future__ import annotations

import datetime as dt
import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain.errors import Invalid
from tasks.domain.rule import LONGEST, Anchor, Bound, Offset, Rule, Unit, parse_rule

FOF, DRAFT = Anchor("fof-2"), Anchor("draft-1", received=True)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("10 working days before fof-2", Rule(FOF, Offset(10, "working days", "before"))),
        ("1 working day after fof-2", Rule(FOF, Offset(1, "working days", "after"))),
        ("6 weeks before fof-2", Rule(FOF, Offset(6, "weeks", "before"))),
        ("1 week after fof-2", Rule(FOF, Offset(1, "weeks", "after"))),
        ("3 days after fof-2", Rule(FOF, Offset(3, "days", "after"))),
        ("2 months before réunion-d’hiver", Rule(Anchor("réunion-d’hiver"), Offset(2, "months", "before"))),
        ("  on   forum-end ", Rule(Anchor("forum-end"))),
        ("on after", Rule(Anchor("after"))),
        ("on at at 09:05", Rule(Anchor("at"), at=dt.time(9, 5))),
        ("on draft-1 is received", Rule(DRAFT)),
        ("on fof-2 at 17:00", Rule(FOF, at=dt.time(17))),
        (
            "6 weeks before fof-2 at 17:00 Europe/Brussels",
            Rule(FOF, Offset(6, "weeks", "before"), dt.time(17), "Europe/Brussels"),
        ),
        (
            "5 working days after draft-1 is received, not later than fof-2",
            Rule(DRAFT, Offset(5, "working days", "after"), bounds=(Bound("later", FOF),)),
        ),
        (
            "on draft-1 is received at 23:59 UTC,not earlier than 1 week before fof-2 , "
            "not later than draft-1 is received",
            Rule(
                DRAFT,
                at=dt.time(23, 59),
                zone="UTC",
                bounds=(Bound("earlier", FOF, Offset(1, "weeks", "before")), Bound("later", DRAFT)),
            ),
        ),
    ],
)
def test_rules_that_read(text: str, rule: Rule) -> None:
    assert parse_rule(text) == rule
    assert parse_rule(str(rule)) == rule


@pytest.mark.parametrize(
    "text",
    [
        "", "on", "forum", "before forum", "on the forum", "6 weeks forum", "six weeks before forum", "6 weeks before",
        "-6 weeks before forum", "1.5 weeks before forum", "6 years before forum", "6 weeks before forum end",
        "6 weeks until forum", "weeks before forum", "6 Weeks before forum", "6weeks before forum",
        "6 working weeks before forum", "on forum\non forum", "6 weeks on forum", "on forum at 24:00",
        "on forum at 9:00",
        "on forum at 17:60", "on forum at 5 pm", "on forum at 17:00 Europe / Brussels", "on forum is", "on is received",
        "on forum received", "on forum,", "on forum, later than fof-3", "on forum not later than fof-3",
        "on forum, not later than", "on forum, not later than on fof-3", "on forum, not before fof-3",
        "on forum, not later than fof-3 at 17:00", "on forum, not later than 3 before fof-3", ", not later than fof-3",
        "on forum; not later than fof-3", "٣ weeks before forum",
    ],
)  # fmt: skip
def test_rules_that_do_not_read_are_refused_with_ones_that_do(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_rule(text)
    message = str(caught.value)
    assert message.startswith(f"{text!r} is not a deadline rule")
    forms = re.findall(r"'([^']+ EVENT)'", message.removeprefix(repr(text)))
    assert len(forms) >= 4
    for form in forms:
        parse_rule(form if not form.startswith(",") else f"on EVENT{form}")


def test_what_cannot_be_read_is_shown_in_short() -> None:
    with pytest.raises(Invalid) as caught:
        parse_rule("on forum " * 500)
    assert len(str(caught.value)) < 450


@pytest.mark.parametrize("count", ["10001", "99999999", "1" + "0" * 6000])
@pytest.mark.parametrize("before", ["", "on forum, not later than "])
def test_absurd_offsets_are_refused(count: str, before: str) -> None:
    parse_rule(f"{before}010000 days before forum")
    with pytest.raises(Invalid, match="too far from its anchor; write at most 10,000 working days") as caught:
        parse_rule(f"{before}{count} working days before forum")
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("unit", ["working days", "days", "weeks", "months"])
def test_no_distance_is_refused(unit: str) -> None:
    with pytest.raises(Invalid, match=f"0 {unit} is no distance; write 'on forum' for the day itself"):
        parse_rule(f"00 {unit} after forum")
    with pytest.raises(Invalid, match=f"0 {unit} is no distance; name the anchor alone"):
        parse_rule(f"on forum, not later than 0 {unit} after fof-3")


IDS = st.text(st.characters(codec="utf-8", exclude_characters="/\\|,", exclude_categories=["Z", "C"]), min_size=1)
ANCHORS = st.builds(Anchor, IDS, st.booleans())
OFFSETS = st.builds(
    Offset, st.integers(1, LONGEST), st.sampled_from(get_args(Unit)), st.sampled_from(["before", "after"])
)
BOUNDS = st.builds(Bound, st.sampled_from(["later", "earlier"]), ANCHORS, st.none() | OFFSETS)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@pytest.mark.soak
@given(
    ANCHORS, st.none() | OFFSETS, st.none() | TIMES, st.sampled_from(["", "UTC", "Asia/Bishkek"]),
    st.lists(BOUNDS, max_size=3),
)  # fmt: skip
def test_what_a_rule_says_reads_as_the_same_rule(
    anchor: Anchor, offset: Offset | None, at: dt.time | None, zone: str, bounds: list[Bound]
) -> None:
    rule = Rule(anchor, offset, at, zone if at else "", tuple(bounds))
    assert parse_rule(str(rule)) == rule
    assert rule.anchors[0] == anchor
    assert set(rule.anchors) == {anchor, *(bound.anchor for bound in bounds)}
