"""Whose move a milestone is, also before it has become it: the bodies, people or staff that it asks something of."""

from __future__ import annotations

from tasks.domain import rapporteur_report, translation
from tasks.domain.background_paper import commenters, paper_of, writer
from tasks.domain.calendar_records import owner_of
from tasks.domain.edition import Edition
from tasks.domain.view import TeamView


def movers_of(view: TeamView, key: str) -> tuple[str, ...]:
    """Ids of those who must act on milestone `key` of a team, as far as it is known who they are."""
    session, edition = view.session, view.edition
    item, _, milestone = key.rpartition("/")
    coordinator = edition.coordinator_of(session).id
    match milestone:
        case "note-due":
            return (session.team.lead,) if session.team else ()
        case "input-due":
            return tuple(body.id for body in edition.bodies)
        case "panel-complete":
            invited = (view.find("seat", seat.id) for seat in session.seats)
            open_seats = [seat for seat in invited if seat and seat.state != "confirmed"]
            return tuple(dict.fromkeys(str(seat.facts.get("person") or coordinator) for seat in open_seats))
        case "translation-due":
            record = view.find(translation.STAGE, item)
            return translation.translators_of(view, record) if record else (coordinator,)
        case "translation-review-due":
            paper, _, language = item.rpartition(":")
            return tuple(translation.reviewers_of(edition, paper, language)) or (coordinator,)
        case "summary-due" | "report-due":
            return (rapporteur_report.rapporteur_of(view) or coordinator,)
    if milestone.startswith("comments-"):
        return tuple(commenters(view, paper_of(session, item)))
    if milestone.startswith("draft-") or milestone == "final-due":
        return (writer(session, paper_of(session, item)),)
    return (coordinator,)


def mover_of_roundtable(edition: Edition, key: str) -> tuple[str, ...]:
    """Who must act on the milestone of a roundtable."""
    _, roundtable = owner_of(key)
    return (edition.roundtable(roundtable).general_rapporteur,)
