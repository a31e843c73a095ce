"""What is asked of somebody, and how to answer, in words: of a wait, or of a milestone that is not a wait yet."""

from __future__ import annotations

from tasks.desk import Desk
from tasks.domain.background_paper import paper_of
from tasks.domain.edition import Session
from tasks.domain.view import Wait

#: Milestones of rounds share their wording: `draft-2` is the stem `draft` with a round.
_ROUNDS = ("draft", "comments")
_OF_A_PAPER = (
    "call-for-input", "input-due", "comment-decisions", "final-due", "final-decision", "translation-due",
    "translation-review-due",
)  # fmt: skip


def what_is_asked(desk: Desk, session: Session, wait: Wait, language: str) -> str:
    """What a party owes, such as: Draft 2 of background paper 1.4-a, with its title."""
    if wait.kind == "seat":
        seat = next(seat for seat in session.seats if seat.id == wait.key)
        role = desk.edition.role(seat.role).names[language]
        return desk.words(language)(f"what.{wait.ask}", number=session.id, title=session.title[language], role=role)
    return _what(desk, session, wait.ask, wait.milestone, language)


def how_to_answer(desk: Desk, wait: Wait, language: str) -> str:
    """The sentence that says how an answer is given."""
    return desk.words(language)(f"how.{wait.ask}")


def name_of_milestone(desk: Desk, milestone: str, language: str) -> str:
    """A milestone by its key, in words with the number and title of what it is for."""
    item, _, id = milestone.rpartition("/")
    if desk.edition.has("roundtables", item) and id == "roundtable-report-due":
        title = desk.edition.roundtable(item).title[language]
        return desk.words(language)(f"what.{id}", number=item, title=title)
    return _what(desk, session_of(desk, item), _stem(id), milestone, language)


def session_of(desk: Desk, item: str) -> Session:
    """The session a session, paper or translation belongs to."""
    session = desk.holders.get(item.partition(":")[0])
    if session is None:
        raise LookupError(f"{desk.edition.id} has no {item}")
    return session


def _stem(milestone: str) -> str:
    stem, _, number = milestone.rpartition("-")
    return stem if stem in _ROUNDS and number.isdigit() else milestone


def _what(desk: Desk, session: Session, ask: str, milestone: str, language: str) -> str:
    item, _, id = milestone.rpartition("/")
    paper, _, target = item.partition(":")
    title = session.title[language]
    if ask in _ROUNDS or ask in _OF_A_PAPER:
        title = paper_of(session, paper).title[language]
    return desk.words(language)(
        f"what.{ask}",
        number=paper,
        title=title,
        round=id.rpartition("-")[2],
        language=desk.language_name(target, language) if target else "",
    )


def name_of_party(desk: Desk, party: str, language: str) -> str:
    """A body, person or member of the staff by name."""
    edition = desk.edition
    if edition.has("bodies", party):
        return edition.body(party).names[language]
    return edition.person(party).name if edition.has("people", party) else edition.staff_member(party).name
