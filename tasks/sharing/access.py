"""Who sees a team's folder: asked for by a letter that is approved, given when that is carried out, taken away after.

A record of kind `share` for each team and body. Its facts: the address and role that are asked for, the letter that
asks, and what was given (`given`), which may still be another address or role.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from tasks.adapters.ledger import Change, Record
from tasks.adapters.ports import DeliveryError, Files, Gone
from tasks.desk import Desk
from tasks.domain import letter
from tasks.domain.edition import Session
from tasks.domain.outbox import FOLDER_SHARE, OPEN, Share
from tasks.domain.sharing import Grant, grants_of

SHARE: Final = "share"
#: Of a letter in one of these states nobody knows yet what becomes of it.
_ON_ITS_WAY: Final = ("sending", "unknown")


@dataclass(frozen=True)
class Seen:
    """One body and one team's folder: what is to be (`wanted`), what the ledger has, and how its letter stands."""

    session: Session
    body: str
    wanted: Grant | None
    record: Record | None
    status: str | None

    @property
    def is_asked(self) -> bool:
        """Whether what is wanted is what was asked for last; also where a person has said no to it."""
        facts = self.record.facts if self.record and self.record.state != "taken" else {}
        return self.wanted is not None and (facts.get("email"), facts.get("role")) == (
            self.wanted.email,
            self.wanted.role,
        )

    @property
    def is_settled(self) -> bool:
        """Whether the ledger says already what is to be said of it."""
        if self.status in _ON_ITS_WAY:
            return True
        if self.record is not None and self.record.state == "asked" and self.status == "sent":
            return False
        if self.wanted is None:
            # Of what was given, taking it away speaks.
            is_over = self.record is None or self.record.state == "taken" or bool(self.record.facts.get("given"))
            return is_over and self.status not in OPEN
        return self.is_asked


def seen(desk: Desk, records: Sequence[Record], sessions: set[str]) -> Iterator[Seen]:
    """Every body and folder there is something to say of; only the folders of `sessions` have anything in them."""
    shares = {record.key: record for record in records if record.kind == SHARE}
    status = desk.ledger.letter_states(desk.edition.id, FOLDER_SHARE) if shares else {}
    for view in desk.views(records):
        session = view.session
        grants = grants_of(view) if session.id in sessions else {}
        known = [record.facts["body"] for record in shares.values() if record.session == session.id]
        for body in dict.fromkeys([*grants, *sorted(known)]):
            record = shares.get(f"{session.id}|{body}")
            yield Seen(session, body, grants.get(body), record, status.get(record.facts["letter"]) if record else None)


def draft_shares(desk: Desk, found: Sequence[Seen]) -> int:
    """Draft a letter for each body that is to see a folder, cancel those that are pointless; how many were drafted."""
    drafted = 0
    for each in found:
        if each.is_settled:
            continue
        with desk.change("who sees the team's folder") as change:
            record = each.record
            if record is not None and record.state == "asked" and each.status == "sent":
                given = {"email": record.facts["email"], "role": record.facts["role"]}
                record = desk.move(change, record, "given", given=given)
                if each.is_asked:
                    continue
            if record is not None and each.status in OPEN:
                desk.void(change, record.facts["letter"].partition("~")[0], "the team or its focal point has changed")
            if each.wanted is not None:
                _ask(desk, change, each, each.wanted, record)
                drafted += 1
            elif record is not None and not record.facts.get("given"):
                desk.move(change, record, "taken")
    return drafted


def _ask(desk: Desk, change: Change, each: Seen, wanted: Grant, record: Record | None) -> None:
    recipient = desk.recipient(each.body)
    language = recipient.language.id
    words = desk.words(language)
    share = letter.FolderShare(
        edition=desk.edition.names[language],
        session=each.session.id,
        session_title=each.session.title[language],
        access=words(f"sharing.{wanted.role}"),
    )
    number = record.facts["number"] + 1 if record else 1
    key = f"{FOLDER_SHARE}/{each.session.id}/{each.body}" + (f"~{number}" if number > 1 else "")
    facts: dict[str, Any] = {"body": each.body, **asdict(wanted), "letter": key, "number": number}
    if record is None:
        change.add_record(SHARE, f"{each.session.id}|{each.body}", "asked", each.session.id, facts)
    else:
        desk.move(change, record, "asked", **facts)
    desk.post(change, key, desk.draft(share, recipient, each.session), act=Share(each.session.id, wanted.role))


def to_take_away(found: Sequence[Seen]) -> list[Seen]:
    """Those to whom was given what is not theirs any more: the body has left, or its focal point has changed."""
    return [
        each
        for each in found
        if each.record is not None
        and (given := each.record.facts.get("given"))
        and (each.wanted is None or each.wanted.email != given["email"])
    ]


def take_away(desk: Desk, files: Files, found: Sequence[Seen]) -> list[str]:
    """Take off the folders who is not to see them any more. What could not be done, one line each, is tried again."""
    problems = []
    theirs = {(each.session.id, each.wanted.email) for each in found if each.wanted}
    for each in to_take_away(found):
        assert each.record is not None
        email = each.record.facts["given"]["email"]
        try:
            # Two bodies may be reached by one address.
            if (each.session.id, email) not in theirs:
                files.unshare(files.folder(desk.edition.id, each.session.id), email)
        except Gone:
            pass  # the folder itself is away
        except DeliveryError as error:
            problems.append(f"{each.body} still sees the folder of {each.session.id}: {error}")
            continue
        with desk.change("not of the team any more, or reached elsewhere: taken off the folder") as change:
            to = "taken" if each.wanted is None else each.record.state
            if to == each.record.state:
                change.note(each.record, given=None)
            else:
                desk.move(change, each.record, to, given=None)
    return problems
