"""Cross-references of an edition: everything that names something else names something that is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import available_timezones

import holidays
from babel import Locale, UnknownLocaleError

from tasks.domain import deadline
from tasks.domain.edition import NOT_STATED, Edition, Localised
from tasks.domain.errors import Invalid

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Mistake:
    """One mistake: where it stands, the offending value, what is wrong, what would be allowed."""

    path: Path
    value: object
    problem: str
    allowed: tuple[str, ...] = ()


def cross_check(edition: Edition) -> list[Mistake]:
    """Every broken reference, gap and repetition in `edition`; empty where all is well."""
    return [
        *_repeated_ids(edition),
        *_languages(edition),
        *_references(edition),
        *_localised(edition),
        *_rules(edition),
    ]


def _repeated_ids(edition: Edition) -> Iterator[Mistake]:
    for collection in (
        "languages", "regions", "courtesies", "events", "bodies", "people", "staff", "roles", "roundtables",
        "sessions", "milestones",
    ):  # fmt: skip
        yield from _repeated((collection,), [entry.id for entry in getattr(edition, collection)])
    if edition.horizontal:
        yield from _repeated(("horizontal", "issues"), [issue.id for issue in edition.horizontal.issues])
    seats = [
        (("sessions", i, "seats", j), seat.id) for i, s in enumerate(edition.sessions) for j, seat in enumerate(s.seats)
    ]
    counts = Counter(id for _, id in seats)
    yield from (Mistake((*path, "id"), id, "this seat id is used twice") for path, id in seats if counts[id] > 1)
    bodies, people, staff = ({e.id for e in edition.bodies}, {e.id for e in edition.people}, {e.id for e in edition.staff})
    for id in sorted(bodies & people | bodies & staff | people & staff):
        yield Mistake(("bodies",), id, "a body, a person and a staff member need different ids")
    for i, session in enumerate(edition.sessions):
        yield from _repeated(("sessions", i, "papers"), [paper.suffix for paper in session.papers], "suffix")


def _repeated(path: Path, ids: list[str], field: str = "id") -> Iterator[Mistake]:
    seen: set[str] = set()
    for index, id in enumerate(ids):
        if id in seen:
            yield Mistake((*path, index, field), id, f"this {field} is used twice")
        seen.add(id)


def _languages(edition: Edition) -> Iterator[Mistake]:
    drafting = [language.id for language in edition.languages if language.drafting]
    if len(drafting) != 1:
        yield Mistake(("languages",), drafting, f"exactly one language is the drafting language, here {len(drafting)}")
    for index, language in enumerate(edition.languages):
        try:
            Locale.parse(language.locale, sep="-")
        except (UnknownLocaleError, ValueError):
            yield Mistake(("languages", index, "locale"), language.locale, "not a locale such as en-GB or ar")
    if edition.time_zone not in available_timezones():
        yield Mistake(("time_zone",), edition.time_zone, "not a time zone such as Europe/Brussels")
    for index, country in enumerate(edition.holidays):
        if country not in holidays.list_supported_countries():
            yield Mistake(("holidays", index), country, "not a country code with known holidays, such as BE")


def _references(edition: Edition) -> Iterator[Mistake]:
    ids = {
        collection: tuple(entry.id for entry in getattr(edition, collection))
        for collection in ("languages", "courtesies", "events", "bodies", "people", "staff", "roles", "roundtables")
    }
    regions = (*(region.id for region in edition.regions), NOT_STATED)
    issues = tuple(issue.id for issue in edition.horizontal.issues) if edition.horizontal else ()

    def ref(path: Path, value: str | None, allowed: Iterable[str], what: str) -> Iterator[Mistake]:
        allowed = tuple(allowed)
        if value is not None and value not in allowed:
            yield Mistake(path, value, f"is not {what}", allowed)

    def refs(path: Path, values: Iterable[str], allowed: Iterable[str], what: str) -> Iterator[Mistake]:
        for index, value in enumerate(values):
            yield from ref((*path, index), value, allowed, what)

    yield from ref(("forum_start",), edition.forum_start, ids["events"], "an event of the calendar")
    yield from ref(("forum_end",), edition.forum_end, ids["events"], "an event of the calendar")
    yield from ref(("rules", "note_tabled_at"), edition.rules.note_tabled_at, ids["events"], "an event of the calendar")
    yield from refs(("rules", "reporting_points"), edition.rules.reporting_points, ids["events"], "an event")
    for i, language in enumerate(edition.languages):
        yield from ref(("languages", i, "translator"), language.translator, ids["people"], "a person")
        yield from refs(("languages", i, "reviewers"), language.reviewers, ids["bodies"], "a body")
    for i, body in enumerate(edition.bodies):
        yield from ref(("bodies", i, "region"), body.region, regions, "a region")
        yield from ref(("bodies", i, "language"), body.language, ids["languages"], "a language of the edition")
        yield from ref(
            ("bodies", i, "focal_point", "courtesy"), body.focal_point.courtesy, ids["courtesies"], "a courtesy form"
        )
    for i, person in enumerate(edition.people):
        yield from ref(("people", i, "body"), person.body, ids["bodies"], "a body")
        yield from ref(("people", i, "language"), person.language, ids["languages"], "a language of the edition")
        yield from ref(("people", i, "courtesy"), person.courtesy, ids["courtesies"], "a courtesy form")
        yield from ref(("people", i, "region"), person.region, regions, "a region")
    for i, member in enumerate(edition.staff):
        yield from ref(("staff", i, "courtesy"), member.courtesy, ids["courtesies"], "a courtesy form")
    for i, roundtable in enumerate(edition.roundtables):
        yield from ref(("roundtables", i, "coordinator"), roundtable.coordinator, ids["staff"], "a staff member")
        yield from ref(
            ("roundtables", i, "general_rapporteur"), roundtable.general_rapporteur, ids["people"], "a person"
        )
        yield from refs(("roundtables", i, "note_takers"), roundtable.note_takers, ids["people"], "a person")
    if edition.horizontal:
        yield from ref(("horizontal", "coordinator"), edition.horizontal.coordinator, ids["staff"], "a staff member")
        yield from ref(
            ("horizontal", "general_rapporteur"), edition.horizontal.general_rapporteur, ids["people"], "a person"
        )
    for i, session in enumerate(edition.sessions):
        at: Path = ("sessions", i)
        yield from ref((*at, "roundtable"), session.roundtable, ids["roundtables"], "a roundtable")
        yield from refs((*at, "horizontal"), session.horizontal, issues, "a horizontal issue")
        if session.team:
            yield from ref((*at, "team", "lead"), session.team.lead, ids["bodies"], "a body")
            yield from ref((*at, "team", "co_lead"), session.team.co_lead, ids["bodies"], "a body")
            yield from refs((*at, "team", "members"), session.team.members, ids["bodies"], "a body")
            yield from refs((*at, "team", "observers"), session.team.observers, ids["bodies"], "a body")
        elif session.papers:
            yield Mistake((*at, "papers"), session.id, "a session with papers needs a team to write them")
        for j, paper in enumerate(session.papers):
            yield from refs((*at, "papers", j, "authors"), paper.authors, ids["bodies"], "a body")
        reporting = [role.id for role in edition.roles if role.reports]
        for j, seat in enumerate(session.seats):
            yield from ref((*at, "seats", j, "role"), seat.role, ids["roles"], "a role")
            yield from ref((*at, "seats", j, "person"), seat.person, ids["people"], "a person")
        if session.report_parts and not any(seat.role in reporting for seat in session.seats):
            yield Mistake(
                (*at, "report_parts"), session.id, "a report needs a seat whose role reports", tuple(reporting)
            )


def _localised(edition: Edition) -> Iterator[Mistake]:
    wanted = {language.id for language in edition.languages}

    def texts(value: object, path: Path) -> Iterator[tuple[Path, Localised]]:
        if isinstance(value, dict):
            for key, inner in value.items():
                if key in ("names", "title", "label", "place", "forms") and isinstance(inner, dict):
                    yield (*path, key), inner
                else:
                    yield from texts(inner, (*path, key))
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                yield from texts(inner, (*path, index))

    for path, text in texts(edition.model_dump(), ()):
        for missing in sorted(wanted - text.keys()):
            yield Mistake(path, missing, "the text in this language is missing")
        for extra in sorted(text.keys() - wanted):
            yield Mistake((*path, extra), extra, "is not a language of the edition", tuple(sorted(wanted)))


def _rules(edition: Edition) -> Iterator[Mistake]:
    events = {event.id: event for event in edition.events}
    dated = tuple(event.id for event in edition.events if event.precision == "day")
    for i, milestone in enumerate(edition.milestones):
        try:
            rule = deadline.parse_rule(milestone.rule)
        except Invalid as error:
            yield Mistake(("milestones", i, "rule"), milestone.rule, str(error))
            continue
        if rule.anchor not in events:
            yield Mistake(("milestones", i, "rule"), rule.anchor, "is not an event of the calendar", dated)
        elif rule.anchor not in dated:
            yield Mistake(
                ("milestones", i, "rule"), rule.anchor, "has no exact day, so no deadline can hang on it", dated
            )
    required = deadline.required_milestones(edition.rules.comment_rounds)
    present = {milestone.id for milestone in edition.milestones}
    for missing in required:
        if missing not in present:
            yield Mistake(("milestones",), missing, "this milestone is missing")
    for i, milestone in enumerate(edition.milestones):
        if milestone.id not in required:
            yield Mistake(("milestones", i, "id"), milestone.id, "no stage knows this milestone", required)
    for name in ("forum_start", "forum_end"):
        event = events.get(getattr(edition, name))
        if event and event.precision != "day":
            yield Mistake((name,), event.id, "the Forum needs an exact day")
