"""Whatever goes wrong on the way, nothing is done twice and nothing is taken for done that was not."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from google.auth.exceptions import RefreshError, TransportError
from google.oauth2.credentials import Credentials

from tasks.adapters.google.delivery import google_delivery
from tasks.adapters.google.fake.discovery import Refused
from tasks.adapters.google.fake.workspace import FakeGoogle, Fault, busy
from tasks.adapters.google.service import TRIES, Services
from tasks.adapters.google.transport import signed_transport
from tasks.adapters.ports import (
    Attachment,
    Conflict,
    Delivery,
    DeliveryError,
    Denied,
    Found,
    Gone,
    LostAnswer,
    NotSent,
    Quota,
    Sent,
    Transient,
    Unsure,
    agenda_id,
)
from tests.adapters.delivery_contract import entry, letter, raw_mail, sha
from tests.adapters.google.conftest import WORKSPACE

SECRET = "a-secret-nobody-may-see"
BIG = bytes(range(256)) * 40_000


def everything(delivery: Delivery) -> None:
    """One of each."""
    folder = delivery.files.folder("forum-1", "1.1")
    ref = delivery.files.put(folder, "note.docx", b"one", None, sha(b"one"))
    delivery.files.put(folder, "note.docx", b"two", ref.reference, sha(b"two"))
    delivery.files.read(ref.reference)
    delivery.files.read(ref.reference, ref.revision)
    delivery.files.share(folder, "kari@norway.example", "reader", notify=True)
    delivery.files.share(folder, "ole@norway.example", "reader", notify=False)
    delivery.files.share(folder, "ole@norway.example", "commenter", notify=False)
    delivery.files.unshare(folder, "ole@norway.example")
    delivery.files.changes(delivery.files.changes(None)[1])
    delivery.mail.send(delivery.mail.reserve(letter()), letter())
    other = delivery.mail.reserve(letter("other"))
    delivery.mail.find(other)
    delivery.mail.discard(other)
    delivery.mail.incoming(delivery.mail.incoming(None)[1])
    for title in ("Draft 1", "Draft 1, moved"):
        delivery.agenda.put(agenda_id("forum-1", "draft-1"), entry(title=title))
    delivery.agenda.get(agenda_id("forum-1", "draft-1"))
    delivery.agenda.cancel(agenda_id("forum-1", "draft-1"))


def state(google: FakeGoogle) -> tuple:
    """What there is at Google after `everything`, without the ids."""
    files = sorted((file.name, [one.data for one in file.revisions]) for file in google.drive.files.values())
    shares = sorted(
        (one["emailAddress"], one["role"]) for file in google.drive.files.values() for one in file.permissions.values()
    )
    events = [(event["summary"], event["status"]) for event in google.calendar.events.values()]
    return files, shares, google.drive.told, len(google.gmail.delivered), len(google.gmail.drafts), events


@pytest.fixture
def expected() -> tuple:
    files = [("forum-1 1.1", []), ("note.docx", [b"one", b"two"])]
    shares = [("kari@norway.example", "reader")]
    return files, shares, ["kari@norway.example"], 1, 0, [("Draft 1, moved", "cancelled")]


def test_every_call_is_made_again_after_a_refusal_for_the_rate(
    delivery: Delivery, google: FakeGoogle, waits: list[float], expected: tuple
):
    google.script = [busy("*", retry_after=7, skip=skip) for skip in range(40)]
    everything(delivery)
    assert state(google) == expected
    assert waits and set(waits) == {7.0}


@pytest.mark.parametrize("kind", ["before", "after", "503"])
def test_what_may_be_repeated_is_repeated_to_the_same_end(
    delivery: Delivery, google: FakeGoogle, waits: list[float], expected: tuple, kind: str
):
    once = {"gmail.users.drafts.create", "gmail.users.drafts.send", "drive.permissions.create"}
    methods = [method for method in sorted(google._methods) if method not in once]
    google.script = [busy(m, 503) if kind == "503" else Fault(m, kind) for m in methods]  # type: ignore[arg-type]
    everything(delivery)
    assert state(google) == expected
    # Those of which this scenario has no use.
    assert {fault.method for fault in google.script} <= {
        "calendar.events.list",
        "drive.drives.get",
        "drive.files.export",
        "drive.revisions.list",
        "gmail.users.messages.get",
        "gmail.users.threads.get",
        "language.translations.list",
    }


def test_a_busy_server_is_given_up_in_the_end(delivery: Delivery, google: FakeGoogle, waits: list[float]):
    google.script = [busy("drive.files.list", 503) for _ in range(TRIES)]
    with pytest.raises(Transient, match="503"):
        delivery.files.folder("forum-1", "1.1")
    assert google.calls == ["drive.files.list"] * TRIES
    assert [0.5 * 2**n <= wait <= 2**n for n, wait in enumerate(waits)] == [True] * (TRIES - 1)


def test_a_longer_wait_is_left_to_the_caller(delivery: Delivery, google: FakeGoogle):
    google.script = [busy("gmail.users.drafts.send", retry_after=120)]
    reserved = delivery.mail.reserve(letter())
    with pytest.raises(Transient) as caught:
        delivery.mail.send(reserved, letter())
    assert caught.value.after_seconds == 120
    assert delivery.mail.find(reserved) == NotSent()


@pytest.mark.parametrize("kind", ["before", "after", "503"])
def test_an_answer_lost_on_the_way_of_a_letter_is_found_out(delivery: Delivery, google: FakeGoogle, kind: str):
    reserved = delivery.mail.reserve(letter())
    google.script = [
        busy("gmail.users.drafts.send", 503) if kind == "503" else Fault("gmail.users.drafts.send", kind)  # type: ignore[arg-type]
    ]
    with pytest.raises(LostAnswer):
        delivery.mail.send(reserved, letter())
    # Not by the library either, nor by its transport.
    assert google.calls.count("gmail.users.drafts.send") == 1
    found = delivery.mail.find(reserved)
    assert isinstance(found, Sent if kind == "after" else NotSent)
    assert len(google.gmail.delivered) == (kind == "after")
    again = delivery.mail.send(reserved, letter())
    assert found in (NotSent(), again)
    assert delivery.mail.find(reserved) == again
    assert len(google.gmail.delivered) == 1


def test_a_large_letter_that_is_cut_off_is_drafted_again_and_goes_out_once(delivery: Delivery, google: FakeGoogle):
    message = letter(attachments=(Attachment.of("large.zip", BIG, "application/zip"),))
    for method, kind, drafts in (("#start", "after", 0), ("#part", "before", 0), ("", "after", 1)):
        google.script = [Fault(f"gmail.users.drafts.create{method}", kind)]  # type: ignore[arg-type]
        with pytest.raises(Transient):
            delivery.mail.reserve(message)
        assert len(google.gmail.drafts) == drafts
    delivery.mail.send(delivery.mail.reserve(message), message)
    assert len(google.gmail.delivered) == 1


def test_a_draft_whose_answer_is_lost_is_left_over_unsent(delivery: Delivery, google: FakeGoogle):
    google.script = [Fault("gmail.users.drafts.create", "after")]
    with pytest.raises(Transient):
        delivery.mail.reserve(letter())
    delivery.mail.send(delivery.mail.reserve(letter()), letter())
    assert (len(google.gmail.drafts), len(google.gmail.delivered)) == (1, 1)


@pytest.mark.soak
def test_letters_on_a_bad_line_go_out_once(delivery: Delivery, google: FakeGoogle, rounds: Callable[[int, int], int]):
    chance = random.Random(1)
    methods = ["create", "send", "get"]
    for number in range(rounds(60, 1_500)):
        message = letter(f"letter/{number}")
        for _ in range(chance.randint(0, 4)):
            method, skip = f"gmail.users.drafts.{chance.choice(methods)}", chance.randint(0, 1)
            kinds = [Fault(method, "before", None, skip), Fault(method, "after", None, skip), busy(method, 503)]
            google.script.append(chance.choice(kinds))
        done: Found | None = None
        reserved = None
        while not isinstance(done, Sent):
            try:
                reserved = reserved or delivery.mail.reserve(message)
                done = delivery.mail.send(reserved, message)
            except LostAnswer:
                # As the outbox does it: what is not certainly unsent is not sent again.
                assert reserved is not None
                while True:
                    try:
                        done = delivery.mail.find(reserved)
                        break
                    except Transient:
                        continue
                assert not isinstance(done, Unsure)
            except Transient:
                continue
        google.script.clear()
        assert len(google.gmail.delivered) == number + 1


@pytest.mark.parametrize("method", ["drive.files.create", "drive.files.update"])
@pytest.mark.parametrize("kind", ["before", "after"])
@pytest.mark.parametrize("data", [b"small", BIG])
def test_a_file_whose_answer_is_lost_is_there_once(
    delivery: Delivery, google: FakeGoogle, method: str, kind: str, data: bytes
):
    folder = delivery.files.folder("forum-1", "1.1")
    known = delivery.files.put(folder, "note.docx", b"first", None, sha(b"first")).reference
    google.script = [Fault(method, kind)]  # type: ignore[arg-type]
    if method == "drive.files.create":
        ref = delivery.files.put(folder, "other.docx", data, None, sha(data))
    else:
        ref = delivery.files.put(folder, "note.docx", data, known, sha(data))
    assert google.script == []
    assert delivery.files.read(ref.reference, ref.revision) == data
    counts = sorted(len(file.revisions) for file in google.drive.files.values())
    assert counts == ([0, 1, 1] if method == "drive.files.create" else [0, 2])


@pytest.mark.parametrize("kind", ["before", "after"])
def test_a_large_upload_goes_on_where_it_was_cut(delivery: Delivery, google: FakeGoogle, kind: str):
    folder = delivery.files.folder("forum-1", "1.1")
    google.script = [Fault("drive.files.create#part", kind, None, skip=1)]  # type: ignore[arg-type]
    ref = delivery.files.put(folder, "large.zip", BIG, None, sha(BIG))
    assert sha(delivery.files.read(ref.reference)) == sha(BIG)
    assert google.calls.count("drive.files.create#start") == 1


def test_a_person_is_told_of_a_share_once(delivery: Delivery, google: FakeGoogle):
    folder = delivery.files.folder("forum-1", "1.1")
    google.script = [Fault("drive.permissions.create", "after")]
    with pytest.raises(LostAnswer):
        delivery.files.share(folder, "kari@norway.example", "reader", notify=True)
    assert delivery.files.shares(folder) == {"kari@norway.example": "reader"}
    delivery.files.share(folder, "kari@norway.example", "reader", notify=True)
    assert google.drive.told == ["kari@norway.example"]


def test_of_a_batch_what_was_refused_is_asked_again_and_what_is_gone_left_out(delivery: Delivery, google: FakeGoogle):
    _, cursor = delivery.mail.incoming(None)
    for number in range(25):
        google.gmail.receive(raw_mail(f"mail {number}"))
    google.script = [
        busy("gmail.users.messages.get", skip=3),
        busy("gmail.users.messages.get", 503, skip=8),
        Fault("gmail.users.messages.get", "refuse", Refused(404, "notFound"), skip=11),
        Fault("gmail.batch", "after"),
    ]
    mails, _ = delivery.mail.incoming(cursor)
    assert len(mails) == 24
    assert [mail.date for mail in mails] == sorted(mail.date for mail in mails)


@pytest.mark.parametrize(
    ("status", "reason", "kind", "says"),
    [
        (401, "authError", Denied, "sign in again"),
        (403, "dailyLimitExceeded", Quota, "next day"),
        (429, "dailyLimitExceeded", Quota, "next day"),
        (403, "storageQuotaExceeded", Quota, "administrator"),
        (403, "sharingRateLimitExceeded", Quota, "next day"),
        (403, "insufficientPermissions", Denied, "scope"),
        (403, "accessNotConfigured", Denied, "switch"),
        (403, "insufficientFilePermissions", Denied, "share or a right"),
        (404, "notFound", Gone, "404"),
        (410, "deleted", Gone, "410"),
        (409, "duplicate", Conflict, "duplicate"),
        (412, "conditionNotMet", Conflict, "412"),
        (400, "badRequest", DeliveryError, "badRequest"),
    ],
)
def test_a_refusal_has_a_name_and_is_not_tried_again(
    delivery: Delivery, google: FakeGoogle, waits: list[float], status: int, reason: str, kind: type, says: str
):
    google.script = [Fault("drive.files.list", "refuse", Refused(status, reason, "because"))]
    with pytest.raises(kind, match=says) as caught:
        delivery.files.folder("forum-1", "1.1")
    assert type(caught.value) is kind or issubclass(type(caught.value), Denied)
    assert waits == []


def test_a_wait_of_hours_is_the_allowance_of_the_day(delivery: Delivery, google: FakeGoogle, waits: list[float]):
    reserved = delivery.mail.reserve(letter())
    google.script = [busy("gmail.users.drafts.send", retry_after=20_000)]
    with pytest.raises(Quota, match="6 hours"):
        delivery.mail.send(reserved, letter())
    assert (waits, delivery.mail.find(reserved)) == ([], NotSent())


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (RefreshError(SECRET, retryable=True), Transient),
        (RefreshError(SECRET), Denied),
        (TransportError(SECRET), Transient),
    ],
)
def test_a_sign_in_server_that_does_not_answer_is_tried_again(
    services: Services, waits: list[float], error: Exception, kind: type
):
    def execute() -> None:
        raise error

    with pytest.raises(kind, match="sign-in") as caught:
        services.attempt(execute, "drive.files.list", "listing", effect="once")
    assert len(waits) == (TRIES - 1 if kind is Transient else 0)
    assert SECRET not in str(caught.value)


def test_what_cannot_be_reached_was_not_asked(waits: list[float]):
    transport = signed_transport(Credentials("none"), 5)
    services = Services(transport, root_url="http://127.0.0.1:9/", sleep=waits.append)
    with pytest.raises(Transient, match="can't be reached"):
        google_delivery(services, WORKSPACE).mail.reserve(letter())
    services.close()
