"""1,000 letters to 200 bodies drafted, approved and sent as files, against writing the same files bare.

    python -m benchmarks.outbox                     1,000 letters to 200 bodies
    python -m benchmarks.outbox --letters 200

Every letter carries one Word file. Bare means: the bytes that were sent, written to another folder, once as any program
writes files and once so that a power cut loses none, which is how the outbox writes them.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import rendering
from config import settings as configuration
from tasks import editions, outbox
from tasks.adapters.edition_files import Loaded, load
from tasks.adapters.ledger import Ledger, Who
from tasks.adapters.local.delivery import local_delivery
from tasks.adapters.local.store import Store, write_whole
from tasks.desk import Desk
from tasks.domain.edition import Body, Edition
from tasks.domain.letter import CallForInput

EDITION = "brussels-2007"
NOW = dt.datetime(2007, 1, 15, 9, tzinfo=dt.UTC)


@dataclasses.dataclass(frozen=True)
class Measured:
    """Seconds of each step, what the ledger grew by, and seconds for the same files bare."""

    letters: int
    bodies: int
    draft: float
    approve: float
    send: float
    ledger_bytes: int
    rows: dict[str, int]
    mail_bytes: int
    bare: float
    bare_synced: float

    @property
    def per_second(self) -> float:
        return self.letters / (self.draft + self.approve + self.send)


def measure(letters: int, bodies: int) -> Measured:
    """Draft, approve and send `letters` letters to `bodies` bodies in turn, in a home of their own."""
    source = configuration.load().editions
    loaded = with_bodies(load(source, EDITION, overlay=False), bodies)
    with tempfile.TemporaryDirectory(prefix="roundtable-bench-") as folder:
        home = Path(folder)
        ledger = Ledger.open(f"sqlite:///{home / 'ledger.sqlite'}")
        director = next(member.id for member in loaded.edition.staff if member.role == "director")
        editions.start(ledger, loaded, Who(by=director, why="start", run="bench", at=NOW), rehearsal=True)
        desk = Desk(
            edition=editions.in_force(ledger, EDITION), ledger=ledger, store=Store(home), now=NOW, by=director,
            folders=[configuration.ROOT / "templates", source / EDITION], run="bench", rehearsal=True,
        )  # fmt: skip
        before = _size(ledger, home)
        draft = _seconds(lambda: _draft(desk, letters))
        approve = _seconds(lambda: outbox.approve(desk, outbox.shown(desk, every=True)))
        send = _seconds(lambda: outbox.send(desk, local_delivery(home)))
        sent = ledger.letters(EDITION, status="sent")
        after = _size(ledger, home)
        ledger.dispose()
        mails = [path.read_bytes() for path in sorted((home / "outbox" / "sent").glob("*.eml"))]
        assert len(mails) == letters, f"{len(mails)} of {letters} letters were sent"
        (home / "bare").mkdir()
        return Measured(
            letters=letters, bodies=len({row.party for row in sent}), draft=draft, approve=approve, send=send,
            ledger_bytes=after[0] - before[0],
            rows={table: after[1][table] - number for table, number in before[1].items() if after[1][table] > number},
            mail_bytes=sum(map(len, mails)),
            bare=_seconds(lambda: _write(mails, home / "bare", lambda path, data: path.write_bytes(data))),
            bare_synced=_seconds(lambda: _write(mails, home / "synced", write_whole)),
        )  # fmt: skip


def with_bodies(loaded: Loaded, number: int) -> Loaded:
    """The edition with so many bodies, all reached by e-mail: its own several times over, under ids of their own."""
    reached = {body.id for body in _reached(loaded.edition)}
    own = [body for body in loaded.config["bodies"] if body["id"] in reached]
    more: list[dict[str, Any]] = []
    while len(own) + len(more) < number:
        copied, turn = own[len(more) % len(own)], 2 + len(more) // len(own)
        contact = {**copied["focal_point"], "email": f"{turn}.{copied['focal_point']['email']}"}
        more.append({**copied, "id": f"{copied['id']}-{turn}", "focal_point": contact})
    config = {**loaded.config, "bodies": [*loaded.config["bodies"], *more]}
    return dataclasses.replace(loaded, config=config, edition=Edition.model_validate(config))


def _reached(edition: Edition) -> list[Body]:
    return [body for body in edition.bodies if body.reached_by_email and body.focal_point.email]


def _draft(desk: Desk, letters: int) -> None:
    file = desk.store.put(rendering.ours(rendering.paper()))
    to = _reached(desk.edition)
    for number in range(letters):
        body = to[number % len(to)]
        call = CallForInput(
            edition=desk.edition.names[body.language], deadline=desk.day(NOW.date(), body.language), papers=["1 One"]
        )
        drafted = desk.draft(call, desk.recipient(body.id))
        with desk.change("measured") as change:
            desk.post(change, f"call-for-input/{body.id}/{number}", drafted, [file])


def _write(mails: list[bytes], folder: Path, write: Callable[[Path, bytes], Any]) -> None:
    for number, mail in enumerate(mails):
        write(folder / f"{number}.eml", mail)


def _size(ledger: Ledger, home: Path) -> tuple[int, dict[str, int]]:
    """Bytes of the ledger with its log written back, and the number of rows in each table."""
    ledger.dispose()
    connection = sqlite3.connect(home / "ledger.sqlite")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    rows = {name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in names}
    connection.close()
    return (home / "ledger.sqlite").stat().st_size, rows


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def report(letters: int = 1_000, bodies: int = 200) -> None:
    """Measure and print."""
    m = measure(letters, bodies)
    print(f"{m.letters:,} letters to {m.bodies} bodies as files, {m.mail_bytes / 1e6:.1f} MB of mails")
    for name, seconds in (("draft", m.draft), ("approve", m.approve), ("send", m.send)):
        print(f"  {name:8} {seconds:6.2f} s  {m.letters / seconds:8,.0f}/s")
    print(f"  {'all':8} {m.draft + m.approve + m.send:6.2f} s  {m.per_second:8,.0f}/s")
    print(f"  bare     {m.bare:6.2f} s  {m.letters / m.bare:8,.0f}/s, send takes {m.send / m.bare:.1f} times as long")
    print(
        f"  synced   {m.bare_synced:6.2f} s  {m.letters / m.bare_synced:8,.0f}/s, "
        f"send takes {m.send / m.bare_synced:.1f} times as long"
    )
    grown = ", ".join(f"{number:,} in {table}" for table, number in sorted(m.rows.items()))
    print(
        f"  the ledger grew by {m.ledger_bytes:,} bytes, {m.ledger_bytes / m.letters:,.0f} for each letter, "
        f"{m.ledger_bytes / m.mail_bytes:.0%} of the mails; rows: {grown}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--letters", type=int, default=1_000)
    parser.add_argument("--bodies", type=int, default=200)
    asked = parser.parse_args()
    report(asked.letters, asked.bodies)
