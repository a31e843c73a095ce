"""Pages and parts of pages that several stages make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from tasks.adapters.word.contexts import BackgroundPaper, Balance, Line
from tasks.desk import Desk
from tasks.domain.background_paper import paper_of
from tasks.domain.edition import NOT_STATED, Person, Seat, Session, text_in
from tasks.domain.panel import affiliation, balance
from tasks.domain.rapporteur_report import ACTION_COLUMNS


def paper_front(
    desk: Desk,
    session: Session,
    key: str,
    language: str,
    *,
    status: str,
    version: int,
    facts: Mapping[str, Any] | None = None,
) -> BackgroundPaper:
    """The first page of a paper: cover, symbol, version, language and the roster of the team.

    `status` is form, draft, received, for_review or final; `facts` are the paper's where they are about to change.
    """
    words, paper = desk.words(language), paper_of(session, key)
    return BackgroundPaper(
        **desk.page(
            language,
            symbol=symbol_of(desk, session, key, facts),
            version=str(version) if version else "",  # a form has none yet
        ),
        kind=words("documents.background-paper"),
        status=words("labels.draft_number", number=version) if status == "draft" else words(f"labels.{status}"),
        title=paper.title[language],
        session=words("session_title", number=session.id, title=session.title[language]),
        roundtable=words(
            "roundtable_title",
            number=session.roundtable,
            title=desk.edition.roundtable(session.roundtable).title[language],
        ),
        roster_heading=words("labels.team"),
        roster=desk.roster(desk.view(session), language),
    )


def symbol_of(
    desk: Desk, session: Session, key: str, facts: Mapping[str, Any] | None = None, *, corrigendum: bool = False
) -> str:
    """The symbol of a paper, the same in every language, with the numbers of its revision and of a corrigendum."""
    pattern, suffix = desk.edition.rules.symbols["background-paper"], paper_of(session, key).suffix
    facts = desk.record("background-paper", key).facts if facts is None else facts
    symbol = pattern.format(session=session.id, suffix=suffix, roundtable=session.roundtable)
    revised = f"/Rev.{facts['revision']}" if facts.get("revision") else ""
    return symbol + revised + (f"/Corr.{facts['correction']}" if corrigendum else "")


def holders(desk: Desk, session: Session) -> list[tuple[Seat, Person]]:
    """Seats with the people who have confirmed them, in the order of the session."""
    seats = {record.key: record for record in desk.ledger.records(desk.edition.id, "seat", session.id)}
    return [
        (seat, desk.edition.person(seats[seat.id].facts["person"]))
        for seat in session.seats
        if seat.id in seats and seats[seat.id].state == "confirmed"
    ]


def person_cells(desk: Desk, person: Person, language: str) -> list[str]:
    """Name, position, organisation or body, and region of a person."""
    form = desk.edition.courtesy(person.courtesy).forms[language]
    body = desk.edition.body(person.body).names[language] if person.body else ""
    organisation = affiliation(text_in(person.organisation, language), body)
    name = form.address.format(name=person.name, surname=person.surname)
    return [name, text_in(person.position, language), organisation, region_name(desk, person.region, language)]


def region_name(desk: Desk, region: str, language: str) -> str:
    """The name of a region, or that it is not stated."""
    found = [entry.names[language] for entry in desk.edition.regions if entry.id == region]
    return found[0] if found else desk.words(language)("not_stated")


def balances(desk: Desk, people: list[Person], language: str) -> list[Balance]:
    """Figures by region, development group and gender; "not stated" where it is not, and last."""
    words, counted = desk.words(language), balance(desk.edition, people)

    def lines(figures: Counter[str], name: dict[str, str]) -> list[Line]:
        keys = sorted(figures, key=lambda key: (key == NOT_STATED, -figures[key], name[key]))
        return [Line(label=name[key], value=desk.number(figures[key], language)) for key in keys]

    regions = {key: region_name(desk, key, language) for key in counted.regions}
    not_stated = {NOT_STATED: words("not_stated")}
    groups = words.group("development") | not_stated
    return [
        Balance(heading=words("balance.region"), lines=lines(counted.regions, regions)),
        Balance(heading=words("balance.development"), lines=lines(counted.development, groups)),
        Balance(heading=words("balance.gender"), lines=lines(counted.genders, words.group("gender") | not_stated)),
    ]


def action_columns(desk: Desk, language: str) -> list[str]:
    """Headings of the table of proposed actions."""
    return [desk.words(language)(f"columns.{column}") for column in ACTION_COLUMNS]
