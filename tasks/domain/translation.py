"""Translations of a final paper into the edition's other languages (docs/process.md, 4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from tasks.domain.background_paper import paper_key
from tasks.domain.checks import Name, TermPair
from tasks.domain.edition import Edition, FileForm, Session
from tasks.domain.locale import script_of
from tasks.domain.view import Standing, Step, TeamView, Wait, date_of, milestone_key
from tasks.domain.workdays import workdays_of

STAGE = "translation"
REVIEW = "translation-review"
#: Working days that are given at least to those who are asked anew because the paper was changed.
_AGAIN_DAYS = 3

#: The kind of document that each form of a translator's file is.
KINDS: Final[dict[FileForm, str]] = {
    "word": "bilingual",
    "xliff-1.2": "bilingual-xliff-1.2",
    "xliff-2.0": "bilingual-xliff-2.0",
    "omegat": "bilingual-omegat",
}


def translation_key(paper: str, language: str) -> str:
    return f"{paper}:{language}"


def review_key(translation: str, reviewer: str) -> str:
    """The key of one reviewer's reading of a translation."""
    return f"{translation}|{reviewer}"


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


def reviewers_of(edition: Edition, paper: str, language: str) -> list[str]:
    """The bodies that read a paper's translation: all of the language, or so many of them in turn, paper by paper."""
    found = edition.language(language)
    each = found.reviewers_of_each
    if each is None or each >= len(found.reviewers):
        return list(found.reviewers)
    papers = [paper_key(session, entry) for session in edition.sessions for entry in session.papers]
    first = papers.index(paper) * each
    return [found.reviewers[(first + number) % len(found.reviewers)] for number in range(each)]


def ask_until(edition: Edition, planned: dt.date, today: dt.date, *, is_again: bool) -> dt.date:
    """The day to ask for: as planned; later where that is past, or too near for somebody who is asked anew."""
    least = workdays_of(edition).move(today, _AGAIN_DAYS) if is_again else today
    return max(planned, least)


def due(view: TeamView, today: dt.date) -> list[Step]:
    """The steps of the translations that can be taken today."""
    steps = []
    for paper, translations in _by_paper(view).items():
        source = view.find("background-paper", paper)
        if source is None or source.state != "issued":
            continue
        version = source.facts.get("version")
        for record in translations:
            if record.state == "planned" or record.facts.get("version", version) != version:
                steps.append(Step(STAGE, "send", record.key))
            elif record.state == "received" and needs_review(view, record):
                steps.append(Step(STAGE, "ask_reviewers", record.key))
            elif record.state == "reviewing" and all(each.state != "asked" for each in reviews_of(view, record.key)):
                steps.append(Step(STAGE, "close_review", record.key))
        if _can_be_issued(view, source, translations):
            steps.append(Step(STAGE, "issue", paper))
    return steps


def _by_paper(view: TeamView) -> dict[str, list[Standing]]:
    found: dict[str, list[Standing]] = {paper_key(view.session, paper): [] for paper in view.session.papers}
    for key, paper, _ in keys(view.edition, view.session):
        record = view.find(STAGE, key)
        if record is not None:
            found[paper].append(record)
    return found


def _can_be_issued(view: TeamView, source: Standing, translations: list[Standing]) -> bool:
    """Whether something waits to be issued, and nothing it is issued together with is still being made."""
    version = source.facts.get("version")
    current = [record for record in translations if record.facts.get("version", version) == version]
    ready = [record for record in current if is_ready(view, record)]
    whole = len(current) == len(translations) and all(r in ready or r.state == "issued" for r in current)
    if view.edition.rules.languages_together and not whole:
        return False
    return bool(ready) or (whole and bool(source.facts.get("amendment")))


def needs_review(view: TeamView, record: Standing) -> bool:
    """Whether reviewers are still to read a translation in the version it is of."""
    _, paper, language = next(each for each in keys(view.edition, view.session) if each[0] == record.key)
    return bool(reviewers_of(view.edition, paper, language)) and record.facts.get("reviewed") != record.facts.get(
        "version"
    )


def is_ready(view: TeamView, record: Standing) -> bool:
    """Whether a translation is complete, checked, and read by those who were to read it."""
    return record.state == "reviewed" or (record.state == "received" and not needs_review(view, record))


def reviews_of(view: TeamView, key: str) -> list[Standing]:
    """The reviews of a translation, in the order of their keys."""
    return sorted((each for each in view.of_kind(REVIEW) if each.facts["translation"] == key), key=lambda r: r.key)


def translators_of(view: TeamView, record: Standing) -> tuple[str, ...]:
    """Whose move a translation is that was sent: its translators with rows left, or the coordinator without one."""
    _, _, language = next(each for each in keys(view.edition, view.session) if each[0] == record.key)
    main = view.edition.language(language).translator or view.edition.coordinator_of(view.session).id
    return tuple(record.facts.get("with", ())) or (main,)


def waits(view: TeamView, today: dt.date) -> list[Wait]:
    """Who must act on the translations: the translators, the coordinator where a language has none, the reviewers."""
    found = []
    for key, paper, language in keys(view.edition, view.session):
        record = view.find(STAGE, key)
        if record is None:
            continue
        since = record.changed_at.date()
        match record.state:
            # Nobody waits for the paper of a note that was withdrawn.
            case "planned" if view.state("concept-note", view.session.id) != "withdrawn":
                until, what = view.due("translation-due", key), f"the final text of {paper} for {language}"
                found.append(Wait(STAGE, STAGE, key, what, (), until, since))
            case "sent":
                translators = translators_of(view, record)
                left = record.facts.get("progress", {}).get("words_left")
                what = f"translation into {language}" + (f", {left:,} words left" if left else "")
                until = _again(view.due_for(translators[0], "translation-due", key), record)
                milestone = milestone_key(key, "translation-due")
                found.append(Wait(STAGE, STAGE, key, what, translators, until, since, milestone, "translation-due"))
            case "reviewing":
                found += _review_waits(view, record, language)
    return found


def _review_waits(view: TeamView, record: Standing, language: str) -> Iterator[Wait]:
    milestone = milestone_key(record.key, "translation-review-due")
    for review in reviews_of(view, record.key):
        if review.state == "asked":
            body = review.facts["body"]
            until = _again(view.due_for(body, "translation-review-due", record.key), review)
            yield Wait(
                STAGE, REVIEW, review.key, f"review of the translation into {language}", (body,), until,
                review.changed_at.date(), milestone, "translation-review-due",
            )  # fmt: skip


def _again(planned: dt.date, record: Standing) -> dt.date:
    """The day it is due: as planned, or the later one that was given when it was asked for anew."""
    return max(planned, date_of(record.facts, "until", planned))
