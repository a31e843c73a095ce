"""The milestones of the process: which ones an edition must have, and what each is due for.

An *item* is what a milestone is due for: a session (`1.1`), a paper (`1.4-a`), a translation (`1.4-a:fr`) or a
roundtable (`1`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tasks.domain.background_paper import paper_key
from tasks.domain.edition import Edition, Session
from tasks.domain.translation import keys as translation_keys

Level = Literal["roundtable", "session", "paper", "translation"]
#: From the whole to its parts.
LEVELS: tuple[Level, ...] = ("roundtable", "session", "paper", "translation")

_NOTE = ("note-invitation", "note-due", "note-decision")
_PANEL = ("panel-invitation", "panel-complete")
_REPORT = ("report-templates", "summary-due", "report-due")

#: Milestones every edition defines; the drafts and rounds follow from its `comment_rounds`.
_FIXED: dict[str, Level] = {
    **dict.fromkeys((*_NOTE, *_PANEL, *_REPORT), "session"),
    **dict.fromkeys(("call-for-input", "input-due", "final-due"), "paper"),
    "translation-due": "translation",
    "translation-review-due": "translation",
    "roundtable-report-due": "roundtable",
}


def required_milestones(comment_rounds: int) -> tuple[str, ...]:
    """Ids of the milestones the five stages ask for, `draft-N` and `comments-N` for each round."""
    rounds = range(1, comment_rounds + 1)
    return (*_FIXED, *(f"draft-{n}" for n in rounds), *(f"comments-{n}" for n in rounds))


def level_of(milestone: str) -> Level:
    """What kind of item `milestone` is due for."""
    return _FIXED.get(milestone, "paper")


@dataclass(frozen=True)
class Item:
    """What milestones are due for, with the item it is part of; `session` is None for a roundtable."""

    key: str
    level: Level
    session: str | None
    parent: str | None
    milestones: tuple[str, ...]


def session_items(edition: Edition, session: Session) -> list[Item]:
    """The session, its papers and their translations; what it does not go through has no milestone."""
    own = [
        *(_NOTE if session.team else ()),
        *(_PANEL if session.seats else ()),
        *(_REPORT if session.report_parts else ()),
    ]
    rounds = required_milestones(edition.rules.comment_rounds)
    of_paper = tuple(id for id in rounds if level_of(id) == "paper")
    papers = [paper_key(session, paper) for paper in session.papers]
    return [
        Item(session.id, "session", session.id, session.roundtable, tuple(own)),
        *(Item(paper, "paper", session.id, session.id, of_paper) for paper in papers),
        *(
            Item(key, "translation", session.id, paper, _of_translation(edition, language))
            for key, paper, language in translation_keys(edition, session)
        ),
    ]


def _of_translation(edition: Edition, language: str) -> tuple[str, ...]:
    """A translation nobody reviews has no deadline for it."""
    return ("translation-due", *(("translation-review-due",) if edition.language(language).reviewers else ()))


def roundtable_items(edition: Edition) -> list[Item]:
    """The roundtables; one without a report of a session has none itself."""
    reporting = {session.roundtable for session in edition.sessions if session.report_parts}
    return [
        Item(r.id, "roundtable", None, None, ("roundtable-report-due",) if r.id in reporting else ())
        for r in edition.roundtables
    ]
