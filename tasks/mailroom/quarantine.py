"""Embedded objects that were cut out of a file: kept in a folder of their own, by hash, beside a note each.

Nothing opens them: their names end in `.object`. Safe to repeat.
"""

from __future__ import annotations

from collections.abc import Sequence

from tasks.adapters.local.store import write_whole
from tasks.adapters.word.opc import Embedded
from tasks.desk import Desk

FOLDER = "quarantine"


def quarantine(desk: Desk, name: str, sha256: str, objects: Sequence[Embedded]) -> str:
    """Keep the objects of the file `name`; what is said of it, empty where there are none."""
    folder = desk.store.home / FOLDER
    for each in objects:
        kept = folder / f"{each.sha256}.object"
        if not kept.exists():
            write_whole(kept, each.data)
        note = folder / f"{each.sha256}.{sha256[:12]}.txt"
        if not note.exists():
            lines = [
                f"File: {name} (SHA-256 {sha256})",
                f"Edition: {desk.edition.id}",
                f"Came in: {desk.today.isoformat()}",
                f"Part: {each.part}",
                f"Program: {each.program or 'not said'}",
                f"Size: {len(each.data):,} bytes",
            ]
            write_whole(note, ("\n".join(lines) + "\n").encode())
    if not objects:
        return ""
    count = "an embedded object was" if len(objects) == 1 else f"{len(objects)} embedded objects were"
    return f"{count} taken out of it, see {FOLDER}/"
