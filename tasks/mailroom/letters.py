"""What a sender is told: the receipt of a file that was taken, and what to do about one that can't be."""

from __future__ import annotations

from collections.abc import Iterable

from tasks.adapters.ledger import Record
from tasks.adapters.word.identity import Identity
from tasks.asks import name_of_milestone
from tasks.desk import Desk, Drafted
from tasks.domain import letter, process
from tasks.domain.errors import NotNow, Refusal, Unsafe
from tasks.mailroom.evidence import milestone_of


def receipt_for(
    desk: Desk, name: str, identity: Identity, record: Record, party: str | None, has_objects: bool = False
) -> Drafted | None:
    """The letter that acknowledges a file as what it was taken for; None where nobody outside sent it.

    It says so where embedded objects were taken out of it (`has_objects`).
    """
    if party is None:
        return None
    recipient, session = desk.recipient(party), desk.edition.session(identity.session)
    to, milestone = recipient.language.id, milestone_of(desk.edition, identity, record)
    due = desk.view(session).due_for(party, milestone.rpartition("/")[2], milestone.rpartition("/")[0])
    receipt = letter.Acknowledgement(
        edition=desk.edition.names[to],
        deadline=desk.day(due, to),
        session=session.id,
        session_title=session.title[to],
        file_name=name,
        received=desk.day(desk.today, to),
        what=name_of_milestone(desk, milestone, to),
        remarks=[desk.words(to)("mailroom.remarks.objects")] if has_objects else [],
    )
    return desk.draft(receipt, recipient, session)


def refusal_for(desk: Desk, name: str, parties: Iterable[str], advice: str) -> Drafted | None:
    """The letter that says what to do about a file that can't be taken; None where nobody knows who sent it.

    `advice` is a word of the wording's `mailroom.advice`. Of several `parties` a person is written to before a body.
    """
    known = sorted(parties, key=lambda party: (desk.edition.has("bodies", party), party))
    if not known:
        return None
    recipient = desk.recipient(known[0])
    to = recipient.language.id
    waits = [wait for view in desk.views() for wait in process.waits(view, desk.today)]
    owed = [max(wait.until, desk.today) for wait in waits if not set(known).isdisjoint(wait.parties)]
    refused = letter.FileRefused(
        edition=desk.edition.names[to],
        deadline=desk.day(min(owed), to) if owed else "",
        file_name=name,
        received=desk.day(desk.today, to),
        advice=desk.words(to)(f"mailroom.advice.{advice}"),
    )
    return desk.draft(refused, recipient)


def advice_on(refusal: Refusal) -> str:
    """The word of the wording's `mailroom.advice` that tells a sender what to do."""
    if isinstance(refusal, Unsafe):
        return refusal.advice
    return "not_now" if isinstance(refusal, NotNow) else "use_our_file"
