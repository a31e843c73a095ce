"""What an edition says of time: events with exact days, rules that give a day, places whose free days are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import get_args

from babel import Locale

from tasks.domain.calendar import earliest, find_cycles, try_plan
from tasks.domain.edition import LONGEST_CLOSURE_DAYS, Edition, Mover
from tasks.domain.edition_mistake import UNREAD, Mistake, Path, ids_of, renamed
from tasks.domain.edition_order_check import ALL_OF_TIME, check_order
from tasks.domain.errors import Invalid
from tasks.domain.milestones import required_milestones
from tasks.domain.rule import Anchor, Rule, parse_rule
from tasks.domain.workdays import countries, time_zones


def check_calendar(edition: Edition) -> Iterator[Mistake]:
    """What needs an exact day has one, and every milestone is there once with a rule that gives a day."""
    events = {event.id: event for event in edition.events}
    dated = tuple(event.id for event in edition.events if event.precision == "day")
    anchors: list[tuple[Path, str, str]] = [
        (("forum_start",), edition.forum_start, "the Forum needs an exact day"),
        (("forum_end",), edition.forum_end, "the Forum needs an exact day"),
        (("rules", "note_tabled_at"), edition.rules.note_tabled_at, "the meeting that tables notes needs an exact day"),
    ]
    for path, id, problem in anchors:
        if id in events and id not in dated:
            yield Mistake(path, id, problem, dated)
    yield from _tabled(edition, dated)
    yield from _places(edition)
    yield from _milestones(edition)
    yield from _assumptions(edition)
    yield from _rules(edition, dated)


def _tabled(edition: Edition, dated: tuple[str, ...]) -> Iterator[Mistake]:
    """Notes are tabled at a meeting of the Friends: where one is late, the next of these has it."""
    id = edition.rules.note_tabled_at
    meetings = tuple(event.id for event in edition.events if event.kind == "fof" and event.id in dated)
    if id in dated and id not in meetings:
        problem = "is no meeting of the Friends of the Forum (kind `fof`)"
        yield Mistake(("rules", "note_tabled_at"), id, problem, meetings, rests_on=(("events",),))


def _places(edition: Edition) -> Iterator[Mistake]:
    if edition.time_zone not in time_zones():
        yield Mistake(("time_zone",), edition.time_zone, "not a time zone such as Europe/Paris", time_zones())
    yield from _countries(("holidays",), edition.holidays)
    for i, milestone in enumerate(edition.milestones):
        yield from _countries(("milestones", i, "holidays"), milestone.holidays or ())


def _countries(path: Path, codes: Sequence[str]) -> Iterator[Mistake]:
    for index, code in enumerate(codes):
        if code not in countries():
            yield Mistake(
                (*path, index),
                code,
                "not a country code with known holidays, such as BE",
                countries(),
                meant=_code_of(code),
            )


def _code_of(country: str) -> str:
    """The code of a country that is written by its English name; empty for any other text."""
    named = Locale("en").territories.items()
    return next((code for code, name in named if name.casefold() == country.casefold() and code in countries()), "")


def _milestones(edition: Edition) -> Iterator[Mistake]:
    rests_on: tuple[Path, ...] = (("rules", "comment_rounds"),)
    required = required_milestones(edition.rules.comment_rounds)
    present = {milestone.id: index for index, milestone in enumerate(edition.milestones)}
    missing = [] if UNREAD in present else [id for id in required if id not in present]
    unknown = [id for id in present if id not in required and id != UNREAD]
    meant = renamed(unknown, missing, last_pair=True)
    for id in unknown:
        path = ("milestones", present[id], "id")
        problem = "no stage knows this milestone"
        yield Mistake(path, id, problem, required, meant=meant.get(id, ""), rests_on=rests_on)
    for id in missing:
        if id not in meant.values():
            yield Mistake(("milestones",), id, "this milestone is missing", rests_on=rests_on)


def _assumptions(edition: Edition) -> Iterator[Mistake]:
    languages = tuple(language.id for language in edition.languages)
    others = tuple(language.id for language in edition.languages if not language.drafting)
    if UNREAD in languages or len(languages) - len(others) != 1:  # the one drafting language is not known
        return
    asked = (*get_args(Mover), *(milestone.id for milestone in edition.milestones))
    for id in edition.assumptions.answers:
        if id not in asked and UNREAD not in asked:
            problem = "is neither a mover nor a milestone"
            yield Mistake(("assumptions", "answers", id), id, problem, asked, rests_on=(("milestones",),))
    for id in edition.assumptions.capacity:
        if id not in others and id != UNREAD:
            problem = "is not a language papers are translated into"
            yield Mistake(("assumptions", "capacity", id), id, problem, others, rests_on=(("languages",),))


def _rules(edition: Edition, dated: tuple[str, ...]) -> Iterator[Mistake]:
    """Mistakes of the rules one by one; where one has none of its own, whether a day comes of it."""
    milestones = {milestone.id: i for i, milestone in enumerate(edition.milestones)}
    for i, event in enumerate(edition.events):
        if event.id in milestones and event.id != UNREAD:
            yield Mistake(("events", i, "id"), event.id, "is a milestone too, so a rule could mean either")
    # What is told already, of the event or of the milestones: an event without its date, a milestone that is missing.
    told_elsewhere = {event.id for event in edition.events if event.precision == "day" and event.date is None}
    told_elsewhere |= {*required_milestones(edition.rules.comment_rounds)} - milestones.keys()
    rules: dict[str, Rule] = {}
    told: set[str] = set()
    for i, milestone in enumerate(edition.milestones):
        path = ("milestones", i, "rule")
        try:
            rules[milestone.id] = rule = parse_rule(milestone.rule)
        except Invalid as error:
            told.add(milestone.id)
            yield Mistake(path, None, str(error))  # which has the rule in it
            continue
        unsure = told_elsewhere.intersection(anchor.id for anchor in rule.anchors)
        if unsure:
            told.add(milestone.id)
        if rule.zone and rule.zone not in time_zones():
            told.add(milestone.id)
            yield Mistake(path, rule.zone, "not a time zone such as Europe/Paris", time_zones())
        for mistake in _anchors(edition, i, (a for a in rule.anchors if a.id not in unsure), dated):
            told.add(milestone.id)
            yield mistake
    for cycle in find_cycles({id: [anchor.id for anchor in rule.anchors] for id, rule in rules.items()}):
        told.add(cycle[0])
        i = milestones[cycle[0]]
        yield Mistake(("milestones", i, "rule"), edition.milestones[i].rule, f"hangs on itself: {' → '.join(cycle)}")
    planned, problems = try_plan(_with_known_places(edition))
    for id, problem in problems.items():
        if id not in told:
            i = milestones[id]
            yield Mistake(("milestones", i, "rule"), edition.milestones[i].rule, problem, rests_on=ALL_OF_TIME)
    yield from check_order(edition, earliest(planned.values()))


def _anchors(edition: Edition, i: int, anchors: Iterable[Anchor], dated: tuple[str, ...]) -> Iterator[Mistake]:
    """Mistakes of what the rule of the milestone at `i` hangs on."""
    events = ids_of(event.id for event in edition.events)
    milestones = ids_of(milestone.id for milestone in edition.milestones)
    if UNREAD in milestones or UNREAD in events:
        return
    path = ("milestones", i, "rule")
    for anchor in anchors:
        way = f" ({milestones[i]} → {anchor.id})"
        if anchor.id in milestones:
            continue
        if anchor.id not in events:
            problem = f"is not an event of the calendar, nor a milestone{way}"
            yield Mistake(path, anchor.id, problem, milestones if anchor.received else (*dated, *milestones))
        elif anchor.received:
            problem = f"is an event; only what a milestone asks for is received{way}"
            yield Mistake(path, str(anchor), problem, milestones)
        elif anchor.id not in dated:
            problem = f"has no exact day, so no deadline can hang on it{way}"
            yield Mistake(path, anchor.id, problem, (*dated, *milestones))


def _with_known_places(edition: Edition) -> Edition:
    """The edition as far as its places are known, so that a wrong one is not told again of every deadline."""

    def known(codes: Sequence[str]) -> list[str]:
        return [code for code in codes if code in countries()]

    milestones = [
        m if m.holidays is None else m.model_copy(update={"holidays": known(m.holidays)}) for m in edition.milestones
    ]
    # Of a rough edition's closures, those that could be read and are told of nothing.
    closures = [
        closure
        for closure in edition.closures
        if None not in (closure.first, closure.until)
        and 0 <= (closure.until - closure.first).days <= LONGEST_CLOSURE_DAYS
    ]
    zone = edition.time_zone if edition.time_zone in time_zones() else "UTC"
    return edition.model_copy(
        update={"holidays": known(edition.holidays), "time_zone": zone, "milestones": milestones, "closures": closures}
    )
