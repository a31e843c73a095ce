"""Documents as people see them: who each is for, which of them a person may see, and copies of those to hand out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tasks.adapters.ledger import DocumentRow
from tasks.adapters.local.store import write_whole
from tasks.desk import Desk
from tasks.domain.edition import Protection
from tasks.domain.errors import Unknown
from tasks.domain.rights import may_read, person_called, protection_of


@dataclass(frozen=True)
class Listed:
    """A document, and who it is for."""

    row: DocumentRow
    protection: Protection


def listed(desk: Desk, session: str | None = None) -> list[Listed]:
    """Every document of the edition or of one session, each with its protection, by kind, key, language and version."""
    states = {
        (record.kind, record.key): record.state for record in desk.ledger.records(desk.edition.id, session=session)
    }
    return [
        Listed(
            row,
            protection_of(
                desk.edition, row.kind, states.get((row.kind, row.key)), is_current=row.status == "current"
            ),
        )
        for row in desk.ledger.documents(desk.edition.id, session=session)
    ]  # fmt: skip


def seen_by(desk: Desk, by: str, session: str | None = None) -> tuple[list[Listed], int]:
    """The documents that the person called `by` may see, and how many more there are; all where nobody is named.

    Raises:
        NotYours: nobody of the Taskforce is called so.
        Invalid: more than one is.
    """
    found = listed(desk, session)
    if not by or not desk.edition.rights:
        return found, 0
    who = person_called(desk.edition, by).id
    seen = [each for each in found if may_read(desk.edition, who, each.protection, each.row.session)]
    return seen, len(found) - len(seen)


def hand_out(desk: Desk, documents: Iterable[Listed], folder: Path) -> int:
    """Copy documents to `folder`, in a folder for each session, under their readable names; how many.

    Raises:
        Unknown: some are gone from the store, or damaged; all the others are copied.
    """
    copied, lost = 0, []
    for each in documents:
        try:
            data = desk.store.get(each.row.sha256)
        except Unknown as gone:
            lost.append(f"{each.row.name}: {gone}")
            continue
        write_whole(folder / (each.row.session or "forum") / each.row.name, data)
        copied += 1
    if lost:
        raise Unknown("\n".join(lost))
    return copied
