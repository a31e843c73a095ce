"""The milestones of an edition as `agenda/EDITION.ics`, which calendar programs open or subscribe to.

What the entries are is in `agenda/EDITION.json`, written first; the feed is made of it, and made again by the same put.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tasks.adapters.feeds import Entry, feed, feed_order
from tasks.adapters.local.locking import hold
from tasks.adapters.local.store import write_whole
from tasks.adapters.ports import AgendaEntry, Gone, Guests

#: What a row keeps of its guests when the entry changes.
_OF_GUESTS: Final = ("guests", "invitation")


class LocalAgenda:
    """The agendas of one home."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "agenda"

    def put(self, id: str, entry: AgendaEntry) -> None:
        """Make or change the entry; its sequence rises when something in it is another than before."""
        self.put_all({id: entry})

    def put_all(self, entries: Mapping[str, AgendaEntry]) -> None:
        """Make or change the entries, with one writing of the register and the feed."""
        for edition in sorted({entry.edition for entry in entries.values()}):
            with hold(self._folder):
                rows, has_changed = self._rows(edition), False
                for id, entry in entries.items():
                    if entry.edition == edition and (row := _changed(rows.get(id), entry)):
                        rows[id], has_changed = _with_event(id, row), True
                if has_changed:
                    self._write_rows(edition, rows)
                self._write_feed(edition, rows)

    def cancel(self, id: str) -> None:
        """Mark the entry as called off: programs that had it strike it out."""
        self.cancel_all([id])

    def cancel_all(self, ids: Collection[str]) -> None:
        """Mark the entries as called off, with one writing of the register and the feed."""
        with hold(self._folder):
            for edition in self._editions() if ids else []:
                rows = self._rows(edition)
                known = [id for id in ids if id in rows]
                shown = [id for id in known if not rows[id]["cancelled"]]
                for id in shown:
                    called_off = rows[id] | {"cancelled": True, "sequence": rows[id]["sequence"] + 1}
                    rows[id] = _with_event(id, called_off)
                if shown:
                    self._write_rows(edition, rows)
                if known:
                    self._write_feed(edition, rows)

    def get(self, id: str) -> AgendaEntry | None:
        """The entry, None if there is none or it was called off."""
        found = (rows[id] for rows in map(self._rows, self._editions()) if id in rows)
        row = next(found, None)
        return None if row is None or row["cancelled"] else _to_entry(row)

    def invite(self, id: str, emails: Sequence[str], invitation: str) -> None:
        """Note the guests in the register: nobody can be told from here, and the feed, which is published, has none."""
        with hold(self._folder):
            edition, rows = self._holding(id)
            if edition is None or rows[id]["cancelled"]:
                raise Gone(f"there is no entry {id} on the agenda")
            if rows[id].get("invitation") != invitation:
                guests = {*rows[id].get("guests", []), *(email.lower() for email in emails)}
                rows[id] |= {"guests": sorted(guests), "invitation": invitation}
                self._write_rows(edition, rows)

    def guests(self, id: str) -> Guests:
        """Who is in the register."""
        edition, rows = self._holding(id)
        row = rows[id] if edition and not rows[id]["cancelled"] else {}
        return Guests(frozenset(row.get("guests", [])), row.get("invitation"))

    def uninvite(self, id: str, email: str) -> None:
        """Take the guest off the register."""
        with hold(self._folder):
            edition, rows = self._holding(id)
            if edition is not None and email.lower() in rows[id].get("guests", []):
                rows[id]["guests"].remove(email.lower())
                self._write_rows(edition, rows)

    def entries(self, edition: str) -> list[Entry]:
        """All that is in the edition's feed, also what was called off."""
        return [_to_feed(id, row) for id, row in self._rows(edition).items()]

    def _editions(self) -> list[str]:
        return sorted(path.stem for path in self._folder.glob("*.json"))

    def _holding(self, id: str) -> tuple[str | None, dict[str, Any]]:
        """The edition that has the entry, and its rows; None where none has."""
        found = ((edition, rows) for edition in self._editions() if id in (rows := self._rows(edition)))
        return next(found, (None, {}))

    def _rows(self, edition: str) -> dict[str, Any]:
        path = self._folder / f"{edition}.json"
        rows: dict[str, Any] = json.loads(path.read_bytes()) if path.exists() else {}
        return rows

    def _write_rows(self, edition: str, rows: dict[str, Any]) -> None:
        write_whole(self._folder / f"{edition}.json", json.dumps(rows, indent=1, ensure_ascii=False).encode())

    def _write_feed(self, edition: str, rows: dict[str, Any]) -> None:
        data = _join_feed(edition, [(_to_feed(id, row), row["event"]) for id, row in rows.items()])
        path = self._folder / f"{edition}.ics"
        if not path.exists() or path.read_bytes() != data:
            write_whole(path, data)


def _join_feed(edition: str, entries: list[tuple[Entry, str]]) -> bytes:
    """The feed of all entries, each as it was written when it changed: to write them all anew takes too long.

    What stands before them, the zones among it, depends on few: the first, the last, the latest changed, and one of
    each zone.
    """
    ordered = sorted((entry for entry, _ in entries), key=feed_order)
    zones = {entry.zone: entry for entry in ordered}
    few = [ordered[0], ordered[-1], max(ordered, key=lambda entry: entry.changed_at), *zones.values()]
    frame, _, _ = _write(edition, {entry.uid: entry for entry in few}.values()).partition("BEGIN:VEVENT")
    events = {entry.uid: event for entry, event in entries}
    return "".join([frame, *(events[entry.uid] for entry in ordered), "END:VCALENDAR\r\n"]).encode()


def _write(edition: str, entries: Iterable[Entry]) -> str:
    entries = list(entries)
    # No language is said of an entry: "und" is the tag of a text whose language is not known (RFC 5646, 4.1).
    return feed(edition, entries, zone=min(entry.zone or "UTC" for entry in entries), language="und").decode()


def _changed(before: dict[str, Any] | None, entry: AgendaEntry) -> dict[str, Any] | None:
    """The row that `entry` makes of the one before; None where that says so already."""
    if before is None:
        return _to_row(entry) | {"sequence": 0}
    if not before["cancelled"] and _to_entry(before) == entry:
        return None
    kept = {name: before[name] for name in _OF_GUESTS if name in before}
    return _to_row(entry) | kept | {"sequence": before["sequence"] + 1}


def _with_event(id: str, row: dict[str, Any]) -> dict[str, Any]:
    """The row with its event as it stands in the feed."""
    written = _write(row["edition"], [_to_feed(id, row)])
    start, end = written.index("BEGIN:VEVENT"), written.rindex("END:VCALENDAR")
    return row | {"event": written[start:end]}


def _to_row(entry: AgendaEntry) -> dict[str, Any]:
    return {
        "edition": entry.edition,
        "title": entry.title,
        "due": entry.due.isoformat(),
        "timed": isinstance(entry.due, dt.datetime),
        "zone": entry.zone,
        "changed_at": entry.changed_at.isoformat(),
        "until_date": entry.until_date and entry.until_date.isoformat(),
        "description": entry.description,
        "cancelled": False,
    }


def _to_entry(row: dict[str, Any]) -> AgendaEntry:
    read = dt.datetime.fromisoformat if row["timed"] else dt.date.fromisoformat
    return AgendaEntry(
        row["edition"],
        row["title"],
        read(row["due"]),
        row["zone"],
        dt.datetime.fromisoformat(row["changed_at"]),
        row["until_date"] and dt.date.fromisoformat(row["until_date"]),
        row["description"],
    )


def _to_feed(id: str, row: dict[str, Any]) -> Entry:
    entry = _to_entry(row)
    return Entry(
        ("agenda", id),
        entry.title,
        entry.due,
        row["sequence"],
        entry.changed_at,
        until_date=entry.until_date,
        description=entry.description,
        cancelled=row["cancelled"],
        zone=entry.zone,
    )
