"""The local backend: the contract, and what only it promises."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest
from ical.calendar_stream import IcsCalendarStream

from tasks.adapters.feeds import feed
from tasks.adapters.local import arrivals
from tasks.adapters.local.agenda import LocalAgenda
from tasks.adapters.local.delivery import local_delivery
from tasks.adapters.local.mail import LocalMail
from tasks.adapters.ports import Conflict, Delivery, Gone, agenda_id
from tasks.domain.errors import Invalid

pytest.register_assert_rewrite("tests.adapters.delivery_contract")

from tests.adapters.delivery_contract import NOW, SCRIPTS, DeliveryContract, entry, letter, raw_mail, sha  # noqa: E402


class Folders:
    """The outside of the local backend: its folders, as a person sees them."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def sent(self) -> list[bytes]:
        return [path.read_bytes() for path in (self._home / "outbox" / "sent").glob("*.eml")]

    def mail_in(self, raw: bytes) -> None:
        folder = self._home / "inbox" / "mail"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{sha(raw)[:8]}.eml").write_bytes(raw)

    def file_in(self, folder: str, name: str, data: bytes) -> None:
        (self._home / "files" / folder / "inbox" / name).write_bytes(data)


@pytest.fixture
def delivery(tmp_path: Path) -> Delivery:
    return local_delivery(tmp_path)


@pytest.fixture
def outside(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


class TestLocalDelivery(DeliveryContract):
    """The contract."""


def test_the_id_says_which_letter_and_changes_with_it(delivery: Delivery):
    reserved = delivery.mail.reserve(letter())
    assert reserved.startswith("invitation-1-1-norway-")
    assert delivery.mail.reserve(letter()) == reserved
    others = [
        letter(subject="b"),
        letter(text="b"),
        letter(language="fr"),
        letter(to=letter().to * 2),
        letter(to=letter().to, cc=letter().to),
        letter(date=NOW + dt.timedelta(seconds=1)),
    ]
    assert len({reserved, *map(delivery.mail.reserve, others)}) == 7


def test_another_letter_does_not_go_out_under_the_id_of_one(delivery: Delivery, outside: Folders):
    reserved = delivery.mail.reserve(letter())
    with pytest.raises(Conflict, match="reserve again"):
        delivery.mail.send(reserved, letter(text="Dear Ms Nordmann,\n\nyou are not invited."))
    assert outside.sent() == []


def test_one_damaged_mail_does_not_hold_up_the_others(delivery: Delivery, tmp_path: Path):
    inbox = tmp_path / "inbox" / "mail"
    inbox.mkdir(parents=True)
    (inbox / "a good.eml").write_bytes(raw_mail("good"))
    (inbox / "b bad.EML").write_bytes(b"\xff\x00 no mail at all")
    (inbox / "c good.eml").write_bytes(raw_mail("also good"))
    (inbox / "notes.txt").write_bytes(b"no mail")
    (inbox / ".hidden.eml").write_bytes(raw_mail("hidden"))
    (inbox / "folder.eml").mkdir()
    (inbox / "elsewhere.eml").symlink_to("/etc/passwd")
    mails, cursor = delivery.mail.incoming(None)
    assert sorted(one.subject for one in mails if not one.defect) == ["also good", "good"]
    (bad,) = [one.defect for one in mails if one.defect]
    assert bad.startswith("b bad.EML: the mail does not say who sent it")
    assert delivery.mail.incoming(cursor)[0] == []


def test_what_is_too_large_is_named_and_not_read(delivery: Delivery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(arrivals, "MAX_BYTES", 100)
    inbox = tmp_path / "files" / delivery.files.folder("forum-1", "1.1") / "inbox"
    (inbox / "huge.zip").write_bytes(b"x" * 101)
    (inbox / "small.zip").write_bytes(b"x" * 100)
    arrived, _ = delivery.files.changes(None)
    assert {one.name: len(one.data) for one in arrived} == {"huge.zip": 0, "small.zip": 100}
    assert [one.defect != "" for one in arrived if one.name == "huge.zip"] == [True]


def test_what_people_take_away_again_was_seen(delivery: Delivery, tmp_path: Path):
    inbox = tmp_path / "files" / delivery.files.folder("forum-1", "1.1") / "inbox"
    (inbox / "note.docx").write_bytes(b"first")
    (inbox / "~$note.docx").write_bytes(b"Word's own")
    (inbox / "note.docx.part").write_bytes(b"half")
    before, cursor = delivery.files.changes(None)
    (inbox / "note.docx").unlink()
    assert delivery.files.changes(None) == (before, cursor)
    assert [(one.name, one.data) for one in before] == [("note.docx", b"first")]


def test_a_cursor_of_another_journal_begins_again(delivery: Delivery, tmp_path: Path):
    inbox = tmp_path / "files" / delivery.files.folder("forum-1", "1.1") / "inbox"
    (inbox / "note.docx").write_bytes(b"first")
    for foreign in ("7-0123456789ab", "1-0123456789ab", "nonsense", "-1-", "0-"):
        assert [one.data for one in delivery.files.changes(foreign)[0]] == [b"first"]


def test_the_current_file_is_where_people_look(delivery: Delivery, tmp_path: Path):
    folder = delivery.files.folder("forum-1", "1.1")
    path = tmp_path / "files" / "forum-1" / "1.1"
    ref = delivery.files.put(folder, "note.docx", b"one", None, sha(b"one"))
    delivery.files.put(folder, "note 2.docx", b"two", ref.reference, sha(b"two"))
    assert {file.name: file.read_bytes() for file in path.glob("*.docx")} == {"note 2.docx": b"two"}
    (path / "note 2.docx").unlink()
    delivery.files.put(folder, "note 2.docx", b"two", ref.reference, sha(b"two"))
    assert (path / "note 2.docx").read_bytes() == b"two"


def test_what_somebody_changed_in_place_comes_in_and_is_not_lost(delivery: Delivery, tmp_path: Path):
    folder = delivery.files.folder("forum-1", "1.1")
    ref = delivery.files.put(folder, "note.docx", b"one", None, sha(b"one"))
    (tmp_path / "files" / folder / "note.docx").write_bytes(b"theirs")
    delivery.files.put(folder, "note.docx", b"two", ref.reference, sha(b"two"))
    assert (tmp_path / "files" / folder / "note.docx").read_bytes() == b"two"
    assert [one.data for one in delivery.files.changes(None)[0]] == [b"theirs"]


def test_a_revision_changed_on_the_disk_is_not_handed_out(delivery: Delivery, tmp_path: Path):
    folder = delivery.files.folder("forum-1", "1.1")
    ref = delivery.files.put(folder, "note.docx", b"one", None, sha(b"one"))
    (kept,) = (tmp_path / "files" / folder / ".versions").rglob("0001-note.docx")
    kept.write_bytes(b"other")
    with pytest.raises(Gone, match="changed on the disk"):
        delivery.files.read(ref.reference)


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../x", "a/b", "/etc", ".register.json", "inbox", "a\nb", "a\0", "文" * 81]
)
def test_names_that_lead_elsewhere_are_refused(delivery: Delivery, name: str):
    folder = delivery.files.folder("forum-1", "1.1")
    with pytest.raises(Invalid, match="can't name"):
        delivery.files.put(folder, name, b"one", None, sha(b"one"))
    with pytest.raises(Invalid, match="can't name"):
        delivery.files.folder("forum-1", name)
    for elsewhere in (f"forum-1/{name}", f"{name}/1.1", f"forum-1/1.1/{name}"):
        with pytest.raises(Gone):
            delivery.files.shares(elsewhere)


def test_the_agenda_is_a_calendar_that_programs_read(delivery: Delivery, tmp_path: Path):
    made = {agenda_id("forum-1", line): entry(title=line, description=line) for line in SCRIPTS}
    for id, one in made.items():
        delivery.agenda.put(id, one)
    moved = agenda_id("forum-1", SCRIPTS[0])
    delivery.agenda.put(moved, entry(title="moved", due=dt.datetime(2008, 3, 3, 9, tzinfo=dt.UTC), zone="Asia/Tokyo"))
    delivery.agenda.cancel(agenda_id("forum-1", SCRIPTS[1]))
    events = IcsCalendarStream.calendar_from_ics((tmp_path / "agenda" / "forum-1.ics").read_text("utf-8")).events
    assert {event.summary for event in events} == {"moved", *SCRIPTS[1:]}
    assert {event.summary: (event.sequence, event.status) for event in events if event.sequence} == {
        "moved": (1, "CONFIRMED"),
        SCRIPTS[1]: (1, "CANCELLED"),
    }


def test_the_agenda_joined_is_the_feed_written_at_once(tmp_path: Path):
    agenda = LocalAgenda(tmp_path)
    zones = ("Europe/Brussels", "America/New_York", "Asia/Tokyo")
    for number in range(12):
        due = dt.datetime(2005 + number % 5, 3, 1 + number, 9, tzinfo=dt.UTC)
        changed_at = NOW + dt.timedelta(hours=number * 5 % 12)
        agenda.put(f"rt{number}", entry(title=f"{number}", due=due, zone=zones[number % 3], changed_at=changed_at))
    joined = (tmp_path / "agenda" / "forum-1.ics").read_bytes()
    assert feed("forum-1", agenda.entries("forum-1"), zone="America/New_York", language="und") == joined


def send_all(home: Path, keys: list[str], barrier: object) -> None:
    """Reserve, send, discard and share like another worker, all at the same moment."""
    delivery = local_delivery(home)
    barrier.wait()  # type: ignore[attr-defined]
    for key in keys:
        delivery.mail.send(delivery.mail.reserve(letter(key)), letter(key))
        folder = delivery.files.folder("forum-1", "1.1")
        delivery.files.put(folder, f"{key}.docx", key.encode(), None, sha(key.encode()))
        delivery.files.share(folder, f"{key}@a.example", "reader", notify=False)
        delivery.files.share(folder, f"{os.getpid()}-{key}@a.example", "reader", notify=False)
        delivery.agenda.put(agenda_id("forum-1", key), entry(title=key))
        delivery.files.changes(None)


def test_two_workers_do_everything_once(tmp_path: Path):
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(2)
    keys = [f"k{number}" for number in range(12)]
    workers = [context.Process(target=send_all, args=(tmp_path, keys, barrier)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0]
    delivery = local_delivery(tmp_path)
    assert len(Folders(tmp_path).sent()) == len(keys)
    assert len(list((tmp_path / "files" / "forum-1" / "1.1").rglob("0001-*.docx"))) == len(keys)
    assert not list((tmp_path / "files" / "forum-1" / "1.1").rglob("0002-*.docx"))
    assert len(delivery.files.shares("forum-1/1.1")) == 3 * len(keys)
    assert all(delivery.agenda.get(agenda_id("forum-1", key)) == entry(title=key) for key in keys)


@pytest.mark.soak
def test_killed_at_any_write_nothing_is_sent_twice_or_lost(rounds, tmp_path: Path):
    times = rounds(40, 1_000)
    run = f"from tests.adapters.delivery_crash import rounds; rounds({str(tmp_path)!r}, {times}, seed=7)"
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", run],
        cwd=root,
        env=os.environ | {"PYTHONPATH": root},
        capture_output=True,
        text=True,
        timeout=290,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    told = done.stdout.split()
    assert int(told[0]) == times
    assert int(told[5]) >= times, "every season died at least once"


def test_mails_that_nobody_took_in_are_taken_back_and_may_come_again(
    delivery: Delivery, outside: Folders, tmp_path: Path
):
    for subject in ("first", "second"):
        outside.mail_in(raw_mail(subject=subject))
    mails, _ = delivery.mail.incoming(None)
    LocalMail(tmp_path).take_back(lambda mail: mail.subject == "first")
    assert len(list((tmp_path / "inbox" / "mail").glob("*.eml"))) == 1
    assert [mail.subject for mail in delivery.mail.incoming(None)[0]] == ["first"]
    outside.mail_in(raw_mail(subject="second"))
    assert sorted(mail.subject for mail in delivery.mail.incoming(None)[0]) == ["first", "second"]
    assert len(mails) == 2
