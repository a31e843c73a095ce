"""The proposed actions of a returned report: read, their names looked up, numbered for the register."""

from __future__ import annotations

from collections.abc import Sequence

from tasks import forms
from tasks.desk import Desk
from tasks.domain import rapporteur_report as rules
from tasks.domain.edition import Session
from tasks.domain.text import Block
from tasks.pages import action_columns


def read_actions(desk: Desk, session: Session, blocks: Sequence[Block]) -> rules.ProposedActions:
    """The proposed actions in the body of a report, as the rules of the domain read them."""
    parts = forms.written_sections(desk, blocks, session.report_parts)
    languages = [entry.id for entry in desk.edition.languages]
    headings = {heading for language in languages for heading in action_columns(desk, language)}
    none = {desk.words(language)("labels.none") for language in languages}
    return rules.proposed_actions(blocks, parts.get(session.report_parts[-1], []), headings, none)


def unknown_names(desk: Desk, rows: list[rules.ActionRow]) -> list[tuple[str, int | str]]:
    """Names in the table of actions that the edition does not know, as problems."""
    bodies, points, issues = ids_by_name(desk)
    found: list[tuple[str, int | str]] = []
    for row in rows:
        found += [("unknown_body", name) for name in row.leads if name not in bodies]
        found += [("unknown_issue", name) for name in row.horizontal if name not in issues]
        if row.reporting_point and row.reporting_point not in points:
            found.append(("unknown_point", row.reporting_point))
    return found


def ids_by_name(desk: Desk) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Ids of bodies, reporting points and horizontal issues by their names in every language."""
    edition = desk.edition
    bodies = {name: body.id for body in edition.bodies for name in body.names.values()}
    points = {name: id for id in edition.rules.reporting_points for name in edition.event(id).names.values()}
    issues = {}
    if edition.horizontal:
        issues = {name: issue.id for issue in edition.horizontal.issues for name in issue.title.values()}
    return bodies, points, issues


def action_numbers(session: Session, rows: list[rules.ActionRow]) -> list[str]:
    """A number for each action that no other action of the edition has; the one in the report where it can be."""
    numbers: list[str] = []
    for index, row in enumerate(rows, start=1):
        number = row.number or str(index)
        if not number.startswith(f"{session.id}-"):
            number = f"{session.id}-{number}"
        while number in numbers:
            number += "+"
        numbers.append(number)
    return numbers
