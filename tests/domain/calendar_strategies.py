"""Calendars and rule sets for Hypothesis: small editions whose days fall where calendars go wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st

from tests.domain.calendar_days import DAY, clock_changes
from tests.domain.calendar_given import Bound, Calendar, Closed, Milestone, Offset, Rule, Session
from tests.domain.calendar_oracle import Oracle

T = TypeVar("T")

#: Among them other weekends than Saturday and Sunday, and none at all named.
COUNTRIES = st.sampled_from(
    [
        *[
            (),
            ("BE",),
            ("BE", "CH"),
            ("KG", "LI"),
            ("JP",),
            ("US", "UY", "EG"),
            ("IL",),
            ("BN", "BE"),
            ("IR",),
            ("NP",),
        ],
        *[("EG", "IR"), ("AE", "FR"), ("SE", "MA"), ("PH",), ("DE", "GB")],
    ]
)
#: Summer time of an hour and of half of one, put on at two in the morning, at midnight and just before; odd offsets.
ZONES = st.sampled_from(
    [
        *[
            "Europe/Brussels",
            "America/New_York",
            "Australia/Lord_Howe",
            "America/Nuuk",
            "America/Sao_Paulo",
            "Africa/Cairo",
        ],
        *[
            "Asia/Kathmandu",
            "Asia/Tehran",
            "Africa/Casablanca",
            "Pacific/Kiritimati",
            "Pacific/Apia",
            "America/St_Johns",
        ],
        "UTC",
    ]
)
TIMES = st.sampled_from(
    [(0, 0), (0, 30), (1, 30), (2, 0), (2, 15), (2, 30), (2, 59), (3, 0), (9, 5), (17, 0), (23, 0), (23, 30), (23, 59)]
)
YEARS = st.integers(2001, 2039)


def _last_sunday(year: int, month: int) -> dt.date:
    days = [dt.date(year, month, 31) - n * DAY for n in range(7)]
    return next(day for day in days if day.weekday() == 6)


def _special_days(year: int) -> list[dt.date]:
    """Where calendars go wrong: February's end, the turn of the year, ends of months, clocks put on and back."""
    leap = [dt.date(year, 3, 1) - n * DAY for n in range(3)]
    turn = [dt.date(year, 12, 28) + n * DAY for n in range(8)]
    europe = [_last_sunday(year, 3), _last_sunday(year, 10)]
    # The second Sunday of March, the first of November; Sao Paulo put its clock on in October or November.
    america = [next(dt.date(year, m, d + n) for n in range(7) if dt.date(year, m, d + n).weekday() == 6) for m, d in
               ((3, 8), (11, 1), (10, 15), (4, 1))]  # fmt: skip
    ends = [dt.date(year, 1, 31), dt.date(year, 8, 31), dt.date(year, 10, 31)]
    eves = [day - DAY for day in (*europe, *america)]
    return [*leap, *turn, *europe, *america, *ends, *eves]


SPECIAL = YEARS.flatmap(lambda year: st.sampled_from(_special_days(year)))
DAYS = st.one_of(st.dates(dt.date(2001, 1, 1), dt.date(2039, 12, 31)), SPECIAL)
#: Apia left out 30 December 2011.
SOME_DAY = st.one_of(DAYS, DAYS, st.just(dt.date(2011, 12, 30)))

MILESTONES = [
    *["note-invitation", "note-due", "note-decision", "panel-invitation", "panel-complete", "report-templates"],
    *["summary-due", "report-due", "call-for-input", "input-due", "draft-1", "comments-1", "draft-2", "comments-2"],
    *["final-due", "translation-due", "roundtable-report-due"],
]
COUNTS = {"working day": 40, "day": 60, "week": 12, "month": 14}


# Strategies are made once: to make them anew for every draw takes longer than the drawing.
_INDEX = st.integers(0, 5039)
_YES = st.booleans()
_SIDES = st.sampled_from(["before", "after"])
_UNITS = st.sampled_from(["working day", "working day", "day", "week", "month", "on"])
_COUNTS = {unit: st.integers(1, most) for unit, most in COUNTS.items()}
_AT = st.none() | TIMES
_ZONE = st.none() | ZONES
_LIMITS = st.sampled_from([(), (), (), ("later",), ("earlier",), ("later", "earlier"), ("earlier", "later")])
_OWN_HOLIDAYS = st.none() | st.none() | COUNTRIES
_NEAR = st.integers(-200, 200)
_SUFFIXES = st.sampled_from([("",), ("-a",), ("-a", "-b"), ("", "-b"), ()])
_LACKS = st.sampled_from(["", "", "", "", "team", "seats", "reports"])
_IDS = st.lists(st.sampled_from(MILESTONES), min_size=1, max_size=11, unique=True)
#: For zones that leave their clocks alone.
_NO_CHANGE = dt.datetime.fromisoformat("2007-03-25T02:00")
_UP_TO = [st.integers(0, most) for most in range(13)]


def _pick(draw: st.DrawFn, among: Sequence[T]) -> T:
    return among[draw(_INDEX) % len(among)]


def _offset(draw: st.DrawFn, anchors: list[str]) -> Offset:
    anchor = _pick(draw, anchors)
    received = anchor in MILESTONES and draw(_YES)
    unit = draw(_UNITS)
    if unit == "on":
        return Offset(anchor, received=received)
    return Offset(anchor, draw(_COUNTS[unit]), unit, draw(_SIDES), received)


def _clock_change(draw: st.DrawFn) -> tuple[str, dt.datetime]:
    """A zone and a time there that is left out, or that comes twice."""
    zone = draw(ZONES)
    change = _pick(draw, clock_changes(zone) or [(_NO_CHANGE, _NO_CHANGE)])
    first, last = sorted(change)
    return zone, first + (last - first) * draw(_UP_TO[3]) / 4


def _rule(draw: st.DrawFn, anchors: list[str], change: tuple[str, dt.datetime] | None) -> Rule:
    if change is not None and draw(_YES):
        return Rule(Offset(anchors[0]), (change[1].hour, change[1].minute), change[0])
    offset = _offset(draw, anchors)
    at = draw(_AT)
    zone = draw(_ZONE) if at else None
    return Rule(offset, at, zone, tuple(Bound(limit, _offset(draw, anchors)) for limit in draw(_LIMITS)))


def _closure(draw: st.DrawFn, near: list[dt.date]) -> Closed:
    first = _pick(draw, near) + dt.timedelta(days=draw(_NEAR) // 5)
    days = draw(_UP_TO[12])
    return Closed(first, first + dt.timedelta(days=days), f"Closed for {days + 1} days from {first}")


def _sessions(draw: st.DrawFn, roundtables: list[str]) -> tuple[Session, ...]:
    """At least one in every roundtable; some lack papers, a team, seats or a report."""
    found = []
    for number, roundtable in enumerate([*roundtables, *([_pick(draw, roundtables)] if draw(_YES) else [])]):
        lacks = draw(_LACKS)
        has = {what: what != lacks for what in ("team", "seats", "reports")}
        found.append(Session(f"{roundtable}.{number + 1}", roundtable, draw(_SUFFIXES), **has))
    return tuple(found)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """An edition whose every rule can be followed: milestones only look back on those before them."""
    change = _clock_change(draw) if draw(_UP_TO[2]) == 2 else None
    first = change[1].date() if change else draw(SOME_DAY)
    events = {"kick-off": first}
    for name in ("fof-3", "forum-start", "day-of-the-after")[: draw(_UP_TO[3])]:
        events[name] = draw(SOME_DAY) if draw(_UP_TO[3]) == 3 else first + dt.timedelta(days=draw(_NEAR))
    moved = {_pick(draw, list(events)): draw(DAYS)} if draw(_YES) else {}
    near_days = [*events.values(), *moved.values()]
    roundtables = [["1"], ["1", "2"]][draw(_UP_TO[3]) == 3]
    held = _sessions(draw, roundtables)
    calendar = Calendar(
        zone=draw(ZONES),
        countries=draw(COUNTRIES),
        closures=tuple(_closure(draw, near_days) for _ in range(draw(_UP_TO[3]))),
        events=events,
        moved=moved,
        roundtables=tuple(roundtables),
        sessions=held,
        languages=("fr", "es")[: draw(_UP_TO[2])],
        milestones=(),
    )
    return _with_milestones(draw, calendar, draw(_IDS), change)


def _with_milestones(
    draw: st.DrawFn, calendar: Calendar, ids: list[str], change: tuple[str, dt.datetime] | None
) -> Calendar:
    milestones: list[Milestone] = []
    for id in ids:
        so_far = Oracle(Calendar(**{**vars(calendar), "milestones": tuple(milestones)}))
        places = so_far.items(id)
        anchors = [m.id for m in milestones if all(so_far.anchors_of(place, m.id) for place in places)]
        rule = _rule(draw, [*calendar.events, *anchors, *anchors[-2:]], change)
        milestones.append(Milestone(id, rule, draw(_OWN_HOLIDAYS)))
    whole = Calendar(**{**vars(calendar), "milestones": tuple(draw(st.permutations(milestones)))})
    waited = {o.anchor for m in milestones for o in (m.rule.offset, *(b.offset for b in m.rule.bounds)) if o.received}
    for id in sorted(waited):
        for _, item in Oracle(whole).items(id):
            if draw(_YES):
                near = _pick(draw, list(calendar.events.values()))
                whole.received[f"{item}/{id}"] = near + dt.timedelta(days=draw(_NEAR) // 3)
    return whole


@st.composite
def broken(draw: st.DrawFn) -> Calendar:
    """A calendar in which one rule looks at nothing, or at what looks at it, for at least one item."""
    calendar = draw(calendars().filter(lambda c: any(Oracle(c).items(m.id) for m in c.milestones)))
    standing = [m for m in calendar.milestones if Oracle(calendar).items(m.id)]
    victim = _pick(draw, standing)
    anchor = _pick(draw, [*(m.id for m in standing), "nowhere", *MILESTONES[:3]])
    wrong = Offset(anchor, 3, "working day", "after", anchor in MILESTONES and draw(_YES))
    rule = victim.rule
    if draw(_YES):
        rule = Rule(wrong, rule.at, rule.zone, rule.bounds)
    else:
        rule = Rule(rule.offset, rule.at, rule.zone, (*rule.bounds, Bound(_pick(draw, ["later", "earlier"]), wrong)))
    milestones = tuple(Milestone(m.id, rule, m.holidays) if m is victim else m for m in calendar.milestones)
    return Calendar(**{**vars(calendar), "milestones": milestones})
