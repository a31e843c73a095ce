"""A season in small through the local backend, killed at any of its writes, and what must hold after every death.

Run in a process of its own: it forks, which a process with threads should not.
"""

from __future__ import annotations

import json
import os
import random
import tempfile
import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from tasks.adapters.local.delivery import local_delivery
from tasks.adapters.mail_out import write_mail
from tasks.adapters.ports import Attachment, Sent, agenda_id
from tests.adapters.delivery_contract import WORD, entry, letter, raw_mail, sha

LETTERS = [letter(f"call/{n}", attachments=(Attachment.of("n.docx", b"PK" * 40, WORD),) if n else ()) for n in range(3)]
UNWANTED = letter("reminder/1")
VERSIONS = [b"one", b"two" * 50, b"three"]
ENTRIES = [entry(), entry(title="Draft 1, moved")]
INBOX = {f"{n}.docx": b"%d" % n for n in range(3)}


class Ledger:
    """What the caller knows for certain: notes that outlive it, written before the next step begins."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, *what: Any) -> None:
        handle = OPEN(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, (json.dumps(what) + "\n").encode())
        os.close(handle)

    def notes(self, kind: str) -> list[list[Any]]:
        lines = self._path.read_text().splitlines() if self._path.exists() else []
        return [row[1:] for row in map(json.loads, lines) if row[0] == kind]


OPEN = os.open


def season(home: Path, ledger: Ledger) -> None:
    """Do whatever the ledger does not say was done, as the outbox and the mailroom do it."""
    delivery = local_delivery(home)
    sent = {key for key, _ in ledger.notes("sent")}
    sending = dict(ledger.notes("sending"))
    for one in LETTERS:
        if one.key in sent:
            continue
        # Whatever is found in sending is from a dead sender.
        if one.key in sending and isinstance(found := delivery.mail.find(sending[one.key]), Sent):
            ledger.note("sent", one.key, found.reference)
            continue
        reserved = delivery.mail.reserve(one)
        ledger.note("sending", one.key, reserved)
        ledger.note("sent", one.key, delivery.mail.send(reserved, one).reference)
    delivery.mail.discard(delivery.mail.reserve(UNWANTED))
    folder = delivery.files.folder("forum-1", "1.1")
    known = None
    for number, data in enumerate(VERSIONS):
        ref = delivery.files.put(folder, f"note {number // 2}.docx", data, known, sha(data))
        ledger.note("put", number, ref.reference, ref.revision)
        known = ref.reference
    for email in ("a@a.example", "b@a.example"):
        delivery.files.share(folder, email, "reader", notify=True)
    delivery.files.unshare(folder, "a@a.example")
    for kind, look in (("file", delivery.files.changes), ("mail", delivery.mail.incoming)):
        cursors = ledger.notes(f"{kind} cursor")
        arrived, cursor = look(cursors[-1][0] if cursors else None)
        for came in arrived:
            ledger.note(kind, came.reference)
        ledger.note(f"{kind} cursor", cursor)
    for milestone in ENTRIES:
        delivery.agenda.put(agenda_id("forum-1", "draft"), milestone)
    delivery.agenda.put(agenda_id("forum-1", "other"), entry())
    delivery.agenda.cancel(agenda_id("forum-1", "other"))


@cache
def wanted_mails() -> dict[str, bytes]:
    """The files of the letters that are to go out, found out in a home of their own."""
    with tempfile.TemporaryDirectory() as elsewhere:
        mail = local_delivery(Path(elsewhere)).mail
        return {f"{id}.eml": write_mail(one, id) for one in LETTERS for id in [mail.reserve(one)]}


def check_always(home: Path, ledger: Ledger) -> None:
    """What holds after any death: nothing half written, nothing noted that is not there."""
    delivery = local_delivery(home)
    outbox = {path.name: path.read_bytes() for path in (home / "outbox" / "sent").glob("*.eml")}
    assert outbox.items() <= wanted_mails().items()
    for key, _ in ledger.notes("sent"):
        assert any(name.startswith(key.replace("/", "-")) for name in outbox), key
    for number, reference, revision in ledger.notes("put"):
        assert delivery.files.read(reference, revision) == VERSIONS[number]
    for path in home.rglob("*.ics"):
        assert path.read_bytes().endswith(b"END:VCALENDAR\r\n")


def check_end(home: Path, ledger: Ledger) -> None:
    """What holds when all was done at last, however often it died before."""
    delivery = local_delivery(home)
    assert {path.name for path in (home / "outbox" / "sent").iterdir()} == set(wanted_mails())
    assert sorted(key for key, _ in ledger.notes("sent")) == sorted(one.key for one in LETTERS)
    folder = home / "files" / "forum-1" / "1.1"
    assert len({(reference, revision) for _, reference, revision in ledger.notes("put")}) == len(VERSIONS)
    assert len(list(folder.rglob("0*-note*.docx"))) == len(VERSIONS)
    assert {path.name: path.read_bytes() for path in folder.glob("*.docx")} == {"note 1.docx": VERSIONS[-1]}
    assert sorted(path.name for path in (folder / "inbox").iterdir()) == sorted(INBOX)
    assert delivery.files.shares("forum-1/1.1") == {"b@a.example": "reader"}
    assert {row[0].partition("@")[0][-6:] for row in ledger.notes("file")} == set(INBOX)
    assert len({row[0] for row in ledger.notes("mail")}) == 2
    assert delivery.agenda.get(agenda_id("forum-1", "draft")) == ENTRIES[-1]
    assert delivery.agenda.get(agenda_id("forum-1", "other")) is None
    (feed,) = home.rglob("*.ics")
    assert feed.read_bytes().count(b"STATUS:CANCELLED") == 1


def fork(home: Path, ledger: Ledger, die_at: int) -> int | None:
    """Run the season in a child that dies at its write number `die_at`; the number of its writes if it lived."""
    reader, writer = os.pipe()
    if (child := os.fork()) == 0:
        try:
            count = arm(die_at)
            season(home, ledger)
            os.write(writer, str(count()).encode())
            os._exit(0)
        except BaseException:  # noqa: BLE001 - the child must never return into the parent's code
            traceback.print_exc()
            os._exit(1)
    os.close(writer)
    said = os.read(reader, 20)
    os.close(reader)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 9), code
    return int(said) if code == 0 else None


def arm(die_at: int) -> Callable[[], int]:
    """Let this process die at its `die_at`-th step on the disk, before or after it, or in the midst of a write."""
    steps = 0

    def tick() -> None:
        nonlocal steps
        steps += 1
        if steps == die_at:
            os._exit(9)

    def around(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            tick()
            result = real(*args, **named)
            tick()
            return result

        return call

    class Halves:
        def __init__(self, file: Any) -> None:
            self._file = file

        def __enter__(self) -> Halves:
            return self

        def __exit__(self, *_: object) -> None:
            self._file.close()

        def write(self, data: bytes) -> None:
            self._file.write(data[: len(data) // 2])
            self._file.flush()
            tick()
            self._file.write(data[len(data) // 2 :])

        def __getattr__(self, name: str) -> Any:
            return getattr(self._file, name)

    real_fdopen = os.fdopen
    for name in ("replace", "unlink", "mkdir", "open"):
        setattr(os, name, around(getattr(os, name)))
    # What a killed process has written stays; the disk itself is not under test, and it is slow.
    os.fsync = lambda fd: tick()

    def fdopen(*args: Any, **named: Any) -> Any:
        return Halves(real_fdopen(*args, **named))

    def write_bytes(path: Path, data: Any) -> int:
        with path.open("wb") as file:
            Halves(file).write(data)
        return len(data)

    os.fdopen = fdopen
    Path.write_bytes = write_bytes  # type: ignore[method-assign,assignment]
    return lambda: steps


def begin(folder: Path) -> tuple[Path, Ledger]:
    """A new home, with the partners' files and mails in it."""
    home = Path(tempfile.mkdtemp(dir=folder))
    inbox = home / "files" / "forum-1" / "1.1" / "inbox"
    mails = home / "inbox" / "mail"
    inbox.mkdir(parents=True)
    mails.mkdir(parents=True)
    for name, data in INBOX.items():
        (inbox / name).write_bytes(data)
    for subject in ("a", "b"):
        (mails / f"{subject}.eml").write_bytes(raw_mail(subject))
    return home, Ledger(home / "notes")


def rounds(folder: str, times: int, seed: int) -> None:
    """Whole seasons, each dying at least once; prints how many seasons and deaths."""
    chance = random.Random(seed)
    home, ledger = begin(Path(folder))
    writes = fork(home, ledger, die_at=0)
    check_end(home, ledger)
    assert writes is not None
    deaths = 0
    for number in range(times):
        home, ledger = begin(Path(folder))
        # The first death goes through all the writes in turn when there are rounds enough.
        die_at = 1 + (number * max(1, writes // times) + chance.randrange(max(1, writes // times))) % writes
        while fork(home, ledger, die_at) is None:
            deaths += 1
            check_always(home, ledger)
            die_at = chance.randrange(1, writes + writes // 2)
        check_always(home, ledger)
        check_end(home, ledger)
    print(f"{times} seasons of {writes} writes, {deaths} deaths")
