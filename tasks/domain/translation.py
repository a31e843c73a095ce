"""Translations of a final paper into the edition's other languages (docs/process.md, 4)."""

from __future__ import annotations

import datetime as dt
from typing import Final

from tasks.domain.background_paper import paper_key
from tasks.domain.checks import Name, TermPair
from tasks.domain.edition import Edition, FileForm, Session
from tasks.domain.locale import script_of
from tasks.domain.view import Step, TeamView, Wait, milestone_key

STAGE = "translation"

#: The kind of document that each form of a translator's file is.
KINDS: Final[dict[FileForm, str]] = {
    "word": "bilingual",
    "xliff-1.2": "bilingual-xliff-1.2",
    "xliff-2.0": "bilingual-xliff-2.0",
    "omegat": "bilingual-omegat",
}


def translation_key(paper: str, language: str) -> str:
    return f"{paper}:{language}"


def keys(edition: Edition, session: Session) -> list[tuple[str, str, str]]:
    """(key, paper, language) of every translation the session owes."""
    return [
        (translation_key(paper_key(session, paper), language.id), paper_key(session, paper), language.id)
        for paper in session.papers
        for language in edition.languages
        if not language.drafting
    ]


def names_in(edition: Edition, source: str, target: str) -> list[Name]:
    """What a translation between two languages calls bodies, events, and people where one script writes both."""
    both = [body.names for body in edition.bodies] + [event.names for event in edition.events]
    found = [Name(names[source], (names[target],)) for names in both]
    if script_of(edition.language(source).locale) == script_of(edition.language(target).locale):
        surnames = dict.fromkeys(person.surname for person in edition.people if person.surname)
        found += [Name(surname, (surname,)) for surname in surnames]
    return found


def terms_in(edition: Edition, source: str, target: str) -> list[TermPair]:
    """The terms of the glossary as a translation between two languages has them."""
    return [TermPair(tuple(term.names[source]), tuple(term.names[target]), term.note or "") for term in edition.terms]


def due(view: TeamView, today: dt.date) -> list[Step]:
    """The steps of the translations that can be taken today."""
    steps = []
    for key, paper, _ in keys(view.edition, view.session):
        match view.state(STAGE, key):
            case "planned" if view.state("background-paper", paper) == "issued":
                steps.append(Step(STAGE, "send", key))
            case "received":
                steps.append(Step(STAGE, "issue", key))
    return steps


def waits(view: TeamView, today: dt.date) -> list[Wait]:
    """Who must act on the translations: the translator, or the coordinator where the language has none."""
    found = []
    for key, paper, language in keys(view.edition, view.session):
        record = view.find(STAGE, key)
        if record is None or record.state not in ("planned", "sent"):
            continue
        since = record.changed_at.date()
        if record.state == "planned" and view.state("concept-note", view.session.id) == "withdrawn":
            continue
        if record.state == "planned":
            until, what = view.due("translation-due", key), f"the final text of {paper} for {language}"
            found.append(Wait(STAGE, STAGE, key, what, (), until, since))
        else:
            translator = view.edition.language(language).translator or view.edition.coordinator_of(view.session).id
            until, what = view.due_for(translator, "translation-due", key), f"translation into {language}"
            milestone = milestone_key(key, "translation-due")
            found.append(Wait(STAGE, STAGE, key, what, (translator,), until, since, milestone, "translation-due"))
    return found
