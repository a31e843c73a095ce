"""Which mail a letter answers: what a decision about a file says goes into the thread of the mail that brought it."""

from __future__ import annotations

from typing import Final

from tasks.desk import Desk
from tasks.domain.outbox import Answered

#: The kind of record a mail that came in has.
MAIL: Final = "mail"


def mail_about(desk: Desk, kind: str, key: str) -> Answered | None:
    """The mail that brought the newest file taken for `kind` and `key` of an identity; None where it came otherwise."""
    files = [
        arrival.sha256
        for arrival in desk.ledger.arrivals(desk.edition.id)
        if arrival.outcome == "accepted"
        and arrival.identity
        and (arrival.identity["kind"], arrival.identity["key"]) == (kind, key)
    ]
    if not files:
        return None
    brought = [mail for mail in desk.ledger.records(desk.edition.id, MAIL) if files[-1] in mail.facts["files"]]
    if not brought:
        return None
    facts = max(brought, key=lambda mail: (mail.facts["date"], mail.key)).facts
    return Answered(facts["thread"], facts["subject"], facts["sender"])
