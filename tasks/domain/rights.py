"""Who may approve, decide and read what: the edition's table of rights, asked wherever a person's name is given.

An edition without a table is open to everybody. With one, only the Taskforce acts, each by their role. What partners
may read does not hang on it: what is public, and what is for the Friends of the Forum where their body is one of them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal, get_args

from tasks.domain.edition import Edition, Protection, Right, Staff
from tasks.domain.errors import Invalid, Refusal
from tasks.domain.letter import LETTERS
from tasks.domain.outbox import AGENDA_INVITATION

Action = Literal["approve", "decide", "read"]

ANYTHING: Final = "*"
#: What there is to decide: about records of these kinds, about a meeting's day, about the edition's configuration,
#: about what a file in the tray is, and about what another program's memory adds to ours.
DECISIONS: Final = (
    "concept-note", "background-paper", "comments", "seat", "translation", "translation-review", "summary", "report",
    "extension", "call", "meeting", "edition", "tray", "memory",
)  # fmt: skip
#: Classes of documents: for the Friends of the Forum only, and for everybody.
CLASSES: Final[tuple[Protection, ...]] = get_args(Protection)
#: Kinds of documents that an edition may make public: those that are issued. What is written on the way there, what
#: comes in, and letters are for the Friends.
ISSUED: Final = (
    "concept-note", "compilation", "background-paper", "corrigendum", "panel-list", "annex", "summary", "report",
    "roundtable-report", "horizontal-report", "action-register", "schedule", "compliance", "forecast",
)  # fmt: skip
#: States of a record whose document is final; one that has no state of its own is final when it is made.
_FINAL: Final = ("issued", "adopted")


class NotYours(Refusal):
    """The person may not do this; the message says who may."""


@dataclass(frozen=True)
class Subject:
    """What is acted on: the kind of a letter, of a decision or of a document's class, and the session it is about."""

    what: str
    session: str | None = None


def allow(edition: Edition, by: str, action: Action, subject: Subject) -> None:
    """Let the person called `by` do `action`, if the edition's table does.

    Raises:
        NotYours: the table gives it to others, or `by` is nobody of the Taskforce.
        Invalid: `by` may be more than one person.
    """
    if not edition.rights:
        return
    who = person_called(edition, by)
    if may(edition, who, action, subject):
        return
    others = [member.id for member in edition.staff if may(edition, member, action, subject)]
    about = f" of session {subject.session}" if subject.session else ""
    ask = f"ask {', '.join(others)}" if others else "nobody may: see `rights` in the edition"
    raise NotYours(f"{who.id} ({who.role}) may not {action} {subject.what}{about}; {ask}")


def may(edition: Edition, who: Staff, action: Action, subject: Subject) -> bool:
    """Whether the table lets this member of the Taskforce do `action`."""
    roles = edition.rights.get(who.role)
    right: Right | None = getattr(roles, action) if roles else None
    if right is None or not {ANYTHING, subject.what} & set(right.what):
        return False
    if right.sessions == "all":
        return True
    return subject.session is not None and edition.coordinator_of(edition.session(subject.session)).id == who.id


def protection_of(edition: Edition, kind: str, state: str | None = None, *, is_current: bool = True) -> Protection:
    """Who a document of a kind is for; public it is only in its final and current version, if the edition says so.

    `state` is that of the record with the document's kind and key, None where there is none.
    """
    is_final = is_current and (state is None or state in _FINAL)
    return edition.protection.get(kind, "fof") if is_final and kind in ISSUED else "fof"


def may_read(
    edition: Edition, who: str, what: Protection, session: str | None = None, partners: Collection[str] = ()
) -> bool:
    """Whether a party, by id, may see a document of class `what` about a session: a member of staff, a body, a person.

    Staff by the table of rights. A body, and a person who speaks for one, what is for the Friends of the Forum if the
    body is one of them by its kind, is in the session's team, or among `partners`, those that joined the team later.
    """
    if edition.has("staff", who):
        return not edition.rights or may(edition, edition.staff_member(who), "read", Subject(what, session))
    if what == "public":
        return True
    body = edition.person(who).body if edition.has("people", who) else who
    if body is None or not edition.has("bodies", body):
        return False
    team = edition.session(session).team if session else None
    return edition.body(body).kind in edition.friends or body in partners or (team is not None and body in team.bodies)


def choices(action: str) -> tuple[str, ...]:
    """What a right to do `action` may be about."""
    found = {"approve": (*(letter.kind for letter in LETTERS), AGENDA_INVITATION), "decide": DECISIONS, "read": CLASSES}
    return (ANYTHING, *found[action])


def id_called(edition: Edition, by: str) -> str:
    """The id of the member of the Taskforce called `by`.

    It is `by` as it stands where the edition has no rights, and where nobody or more than one is called so: what those
    may is for `allow` to say.
    """
    try:
        return person_called(edition, by).id if edition.rights else by
    except (NotYours, Invalid):
        return by


def person_called(edition: Edition, by: str) -> Staff:
    """The member of the Taskforce of this id, full name, or initial and surname such as "I. Omelaniuk".

    Raises:
        NotYours: nobody is called so.
        Invalid: more than one is; the message has their ids.
    """
    for member in edition.staff:
        if member.id == by:
            return member
    wanted = _plain(by)
    found = [m for m in edition.staff if wanted in (_plain(m.name), _plain(f"{m.name[:1]}. {m.surname}"))]
    if len(found) == 1:
        return found[0]
    if found:
        raise Invalid(f"{by}: may be {' or '.join(member.id for member in found)}; give the id")
    known = ", ".join(member.id for member in edition.staff)
    raise NotYours(f"{by}: is nobody of the Taskforce of {edition.id}; there are {known}")


def _plain(name: str) -> str:
    """A name whatever its spaces, capitals and form of Unicode."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().replace(".", ". ").split())
