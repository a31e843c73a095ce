"""Cross-references of an edition: everything that names something else names something that is there.

The edition may be a rough one, with `UNREAD` where its files could not be read; what hangs on that is not checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from babel import Locale, UnknownLocaleError

from tasks.domain.edition import NOT_STATED, PAID, Edition
from tasks.domain.edition_calendar_check import check_calendar
from tasks.domain.edition_letters_check import check_letters
from tasks.domain.edition_mistake import UNREAD, Mistake, Path, ids_of
from tasks.domain.edition_people_check import check_people
from tasks.domain.edition_rules_check import (
    check_assumed,
    check_sections,
    check_silence,
    check_symbols,
    check_terms,
    check_texts,
)
from tasks.domain.rights import ISSUED, choices


def cross_check(edition: Edition) -> list[Mistake]:
    """Every broken reference, gap and repetition in `edition`; empty where all is well."""
    return [
        *_repeated_ids(edition),
        *_languages(edition),
        *_references(edition),
        *check_texts(edition),
        *check_assumed(edition),
        *check_symbols(edition),
        *check_sections(edition),
        *check_silence(edition),
        *check_calendar(edition),
        *check_letters(edition),
        *check_people(edition),
        *_rights(edition),
        *check_terms(edition),
    ]


def _repeated_ids(edition: Edition) -> Iterator[Mistake]:
    for collection in (
        "languages", "regions", "courtesies", "events", "bodies", "people", "staff", "roles", "roundtables",
        "sessions", "milestones", "terms",
    ):  # fmt: skip
        ids = [entry.id for entry in getattr(edition, collection)]
        yield from _repeated([((collection, i, "id"), id) for i, id in enumerate(ids)], "this id is used twice")
    if edition.horizontal:
        issues = [(("horizontal", "issues", i, "id"), issue.id) for i, issue in enumerate(edition.horizontal.issues)]
        yield from _repeated(issues, "this id is used twice")
    outcomes = [(("rules", "note_outcomes", i, "id"), o.id) for i, o in enumerate(edition.rules.note_outcomes)]
    yield from _repeated(outcomes, "this id is used twice")
    seats = [
        (("sessions", i, "seats", j, "id"), seat.id)
        for i, session in enumerate(edition.sessions)
        for j, seat in enumerate(session.seats)
    ]
    yield from _repeated(seats, "this seat id is used twice")
    for i, session in enumerate(edition.sessions):
        suffixes = [(("sessions", i, "papers", j, "suffix"), paper.suffix) for j, paper in enumerate(session.papers)]
        yield from _repeated(suffixes, "this suffix is used twice")
    whose: dict[str, str] = {}
    for collection in ("bodies", "people", "staff"):
        for index, entry in enumerate(getattr(edition, collection)):
            if whose.setdefault(entry.id, collection) != collection and entry.id != UNREAD:
                problem = f"this id stands in {whose[entry.id]} too; bodies, people and staff need different ids"
                yield Mistake((collection, index, "id"), entry.id, problem)


def _repeated(ids: Iterable[tuple[Path, str]], problem: str) -> Iterator[Mistake]:
    seen: set[str] = set()
    for path, id in ids:
        if id in seen and id != UNREAD:
            yield Mistake(path, id, problem)
        seen.add(id)


def _languages(edition: Edition) -> Iterator[Mistake]:
    drafting = [language.id for language in edition.languages if language.drafting]
    if len(drafting) != 1:
        problem = f"exactly one language is the drafting language, here {len(drafting)}"
        yield Mistake(("languages",), drafting, problem, rests_on=(("languages",),))
    for index, language in enumerate(edition.languages):
        try:
            Locale.parse(language.locale, sep="-")
        except (UnknownLocaleError, ValueError):
            yield Mistake(("languages", index, "locale"), language.locale, "not a locale such as en-GB or ar")
        if language.pretranslation in PAID and edition.translation_price is None:
            problem = "costs money, which is told before it is asked; give `translation_price`"
            place: Path = ("languages", index, "pretranslation")
            yield Mistake(place, language.pretranslation, problem, rests_on=(("translation_price",),))
        forms: list[tuple[Path, str]] = [
            (("languages", index, "files", i), form) for i, form in enumerate(language.files)
        ]
        yield from _repeated(forms, "this form stands twice")


def _rights(edition: Edition) -> Iterator[Mistake]:
    """Rights are about things that there are, and somebody may approve letters and decide."""
    given = [(role, action, right) for role, each in edition.rights.items() for action, right in each if right]
    for role, action, right in given:
        allowed = choices(action)
        for index, what in enumerate(right.what):
            if what not in allowed and what != UNREAD:
                problem = f"is nothing to {action}"
                yield Mistake(("rights", role, action, "what", index), what, problem, allowed)
    for kind in edition.protection:
        if kind not in ISSUED and kind != UNREAD:
            problem = "is no kind of document that is issued; all others are for the Friends of the Forum"
            yield Mistake(("protection", kind), kind, problem, ISSUED)
    roles = {member.role for member in edition.staff}
    for action in ("approve", "decide"):
        if (
            edition.rights
            and UNREAD not in edition.rights
            and not any(role in roles for role, does, _ in given if does == action)
        ):
            problem = f"nobody of the staff may {action} anything"
            yield Mistake(("rights",), None, problem, rests_on=(("rights",), ("staff",)))


def _references(edition: Edition) -> Iterator[Mistake]:
    ids = {
        collection: ids_of(entry.id for entry in getattr(edition, collection))
        for collection in ("languages", "courtesies", "events", "bodies", "people", "staff", "roles", "roundtables")
    }
    regions = (*ids_of(region.id for region in edition.regions), NOT_STATED)
    issues = ids_of(issue.id for issue in edition.horizontal.issues) if edition.horizontal else ()
    coordinators = tuple(member.id for member in edition.staff if member.role == "coordinator")

    def ref(path: Path, value: str | None, allowed: Iterable[str], what: str) -> Iterator[Mistake]:
        allowed = tuple(allowed)
        if value is not None and value not in allowed and UNREAD not in allowed:
            yield Mistake(path, value, f"is not {what}", allowed)

    def refs(path: Path, values: Iterable[str], allowed: Iterable[str], what: str) -> Iterator[Mistake]:
        for index, value in enumerate(values):
            yield from ref((*path, index), value, allowed, what)

    def coordinator(path: Path, value: str) -> Iterator[Mistake]:
        yield from ref(path, value, ids["staff"], "a staff member")
        if value in ids["staff"] and value not in coordinators:
            problem = "is of the staff, but not a coordinator"
            yield Mistake(path, value, problem, coordinators, rests_on=(("staff",),))

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
        yield from coordinator(("roundtables", i, "coordinator"), roundtable.coordinator)
        yield from ref(
            ("roundtables", i, "general_rapporteur"), roundtable.general_rapporteur, ids["people"], "a person"
        )
        yield from refs(("roundtables", i, "note_takers"), roundtable.note_takers, ids["people"], "a person")
    if edition.horizontal:
        yield from coordinator(("horizontal", "coordinator"), edition.horizontal.coordinator)
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
            problem = "a session with papers needs a team to write them"
            yield Mistake((*at, "papers"), session.id, problem, rests_on=(at,))
        for j, paper in enumerate(session.papers):
            yield from refs((*at, "papers", j, "authors"), paper.authors, ids["bodies"], "a body")
        reporting = [role.id for role in edition.roles if role.reports]
        for j, seat in enumerate(session.seats):
            yield from ref((*at, "seats", j, "role"), seat.role, ids["roles"], "a role")
            yield from ref((*at, "seats", j, "person"), seat.person, ids["people"], "a person")
        if session.report_parts and not any(seat.role in reporting for seat in session.seats):
            problem = "a report needs a seat whose role reports"
            yield Mistake((*at, "report_parts"), session.id, problem, tuple(reporting), rests_on=(at, ("roles",)))
