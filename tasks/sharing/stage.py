"""What is due for the folders of the teams, and the step that drafts what people are to be told of."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.adapters.ledger import Record
from tasks.adapters.ports import Files
from tasks.desk import Desk
from tasks.sharing import access
from tasks.sharing.access import Seen, draft_shares, seen, to_take_away
from tasks.sharing.files import circulated, waiting
from tasks.steps import step


def found(desk: Desk, records: Sequence[Record] | None = None) -> list[Seen]:
    """Every body and folder there is something to say of."""
    records = desk.records() if records is None else records
    return list(seen(desk, records, set(circulated(desk, records))))


def due(desk: Desk, records: Sequence[Record] | None = None, backend: str | None = None) -> bool:
    """Whether a file is to be put, a share to be drafted, given up or taken away: as in `records`, or as it is now.

    With a `backend` also whether its folders lack what another's have.
    """
    records = desk.records() if records is None else records
    documents = circulated(desk, records)
    everybody = list(seen(desk, records, set(documents)))
    return (
        any(True for _ in waiting(desk, records, documents, backend))
        or any(not each.is_settled for each in everybody)
        or bool(to_take_away(everybody))
    )


def advance(desk: Desk) -> list[str]:
    """Draft the shares that the teams as they are ask for; what was done."""
    if all(each.is_settled for each in found(desk)):
        return []
    return [share_folders(desk, key="shares")]


@step("Draft the shares of the teams' folders")
def share_folders(desk: Desk, key: str) -> str:
    """Draft what each team's bodies are to be told of their folder; cancel what has become pointless."""
    return f"{key}: {draft_shares(desk, found(desk))} drafted"


def take_away(desk: Desk, files: Files) -> list[str]:
    """Take off the folders who is not to see them any more; what could not be done, one line each."""
    return access.take_away(desk, files, found(desk))
