"""Every current document that was circulated or issued, in its team's folder as a new revision of the same file.

A revision is put first and recorded after it. Killed in between, the next run puts the same version again, which the
backend knows by its id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tasks.adapters.ledger import DocumentRow, Record
from tasks.adapters.ports import DeliveryError, FileRef, Files, Gone
from tasks.desk import Desk
from tasks.domain.sharing import KINDS, is_for_the_folder, version_id

SHARED_FILE: Final = "shared-file"


@dataclass(frozen=True)
class Waiting:
    """A document whose current version is not in its folder yet; `record` is that of its file, if there is one."""

    document: DocumentRow
    version: str
    record: Record | None

    @property
    def key(self) -> str:
        return f"{self.document.kind}/{self.document.key}/{self.document.language}"


def circulated(desk: Desk, records: Sequence[Record]) -> dict[str, list[DocumentRow]]:
    """What the folder of each team is to hold, by session; a session without a team has no folder."""
    views = {view.session.id: view for view in desk.views(records) if view.session.team}
    found: dict[str, list[DocumentRow]] = {}
    for kind in KINDS:
        for row in desk.ledger.documents(desk.edition.id, kind=kind, status="current"):
            if row.session in views and is_for_the_folder(views[row.session], kind, row.key):
                found.setdefault(row.session, []).append(row)
    return found


def waiting(
    desk: Desk, records: Sequence[Record], documents: Mapping[str, Sequence[DocumentRow]], backend: str | None = None
) -> Iterator[Waiting]:
    """The versions that are not in their folders, or not in those of `backend`."""
    files = {record.key: record for record in records if record.kind == SHARED_FILE}
    for row in (row for rows in documents.values() for row in rows):
        version = version_id(row.kind, row.key, row.language, row.number, row.sha256)
        record = files.get(f"{row.kind}/{row.key}/{row.language}")
        is_there = record is not None and record.facts["version"] == version
        if not is_there or (backend and record and record.facts["backend"] != backend):
            yield Waiting(row, version, record)


def keep_files(desk: Desk, files: Files, backend: str) -> list[str]:
    """Put what is missing into the folders; what could not be put, one line each, is tried again with the next run."""
    records = desk.records()
    problems = []
    for each in waiting(desk, records, circulated(desk, records), backend):
        try:
            ref = _put(desk, files, backend, each)
        except DeliveryError as error:
            problems.append(f"{each.document.name} is not in its folder yet: {error}")
            continue
        facts = {
            "backend": backend, "reference": ref.reference, "revision": ref.revision, "version": each.version,
            "number": each.document.number,
        }  # fmt: skip
        with desk.change("put into the team's folder") as change:
            if each.record is None:
                change.add_record(SHARED_FILE, each.key, "put", each.document.session, facts)
            else:
                desk.move(change, each.record, "put", **facts)
    return problems


def _put(desk: Desk, files: Files, backend: str, each: Waiting) -> FileRef:
    row, record = each.document, each.record
    folder = files.folder(desk.edition.id, row.session or "")
    data = desk.store.get(row.sha256)
    known = record.facts["reference"] if record and record.facts["backend"] == backend else None
    try:
        return files.put(folder, row.name, data, known, each.version)
    except Gone:
        if known is None:
            raise
        return files.put(folder, row.name, data, None, each.version)  # somebody took the file away
