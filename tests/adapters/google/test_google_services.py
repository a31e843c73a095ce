"""A service for each thread, and how many calls a team costs."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from tasks.adapters.google.delivery import google_delivery
from tasks.adapters.google.fake.loopback import connected
from tasks.adapters.google.fake.workspace import FakeGoogle
from tasks.adapters.google.service import Services
from tasks.adapters.ports import Delivery, Message, Sent, agenda_id
from tests.adapters.delivery_contract import entry, letter, raw_mail, sha
from tests.adapters.google.conftest import WORKSPACE

THREADS = 8


def test_eight_threads_get_their_own_answers(google: FakeGoogle):
    with connected(google) as services, ThreadPoolExecutor(THREADS) as pool:
        delivery = google_delivery(services, WORKSPACE)
        folder = delivery.files.folder("forum-1", "1.1")
        services.close()
        together = threading.Barrier(THREADS)

        def work(number: int) -> list[bool]:
            together.wait()
            right = []
            for step in range(12):
                data = f"{number} {step}".encode()
                ref = delivery.files.put(folder, f"{number}-{step}.docx", data, None, sha(data))
                message = letter(f"letter/{number}/{step}", subject=f"Letter {number} {step}")
                sent = delivery.mail.send(delivery.mail.reserve(message), message)
                id = agenda_id("forum-1", f"{number} {step}")
                delivery.agenda.put(id, entry(title=message.subject))
                kept = delivery.agenda.get(id)
                right.append(
                    delivery.files.read(ref.reference) == data
                    and google.gmail.mails[sent.reference].heads["Subject"] == message.subject
                    and kept is not None
                    and kept.title == message.subject
                )
            services.close()
            return right

        answers = [right for one in pool.map(work, range(THREADS)) for right in one]
    assert answers == [True] * (THREADS * 12)
    assert len(google.gmail.delivered) == THREADS * 12
    # Ids are asked for by the hundred, whichever thread needs one.
    assert services.calls.counts()["drive.files.generateIds"] == 1


def test_eight_senders_of_one_letter_send_it_once(google: FakeGoogle):
    with connected(google) as services, ThreadPoolExecutor(THREADS) as pool:
        mail = google_delivery(services, WORKSPACE).mail
        for number in range(10):
            message = letter(f"letter/{number}")
            reserved = mail.reserve(message)
            together = threading.Barrier(THREADS)

            def send(_: int, reserved: str = reserved, message: Message = message) -> Sent:
                together.wait()  # noqa: B023
                return mail.send(reserved, message)

            assert len(set(pool.map(send, range(THREADS)))) == 1
            assert len(google.gmail.delivered) == number + 1
        apart = threading.Barrier(THREADS)

        def close(_: int) -> None:
            apart.wait()  # each thread takes one, and closes its own
            services.close()

        list(pool.map(close, range(THREADS)))


def test_a_thread_has_its_services_to_itself(services: Services):
    with ThreadPoolExecutor(1) as pool:
        elsewhere = pool.submit(lambda: (services.drive, services.gmail)).result()
        pool.submit(services.close).result()
    assert services.drive is services.drive
    assert services.drive is not elsewhere[0]
    assert services.gmail is not elsewhere[1]


def test_what_a_team_costs_in_calls(delivery: Delivery, services: Services, google: FakeGoogle):
    """A team's whole work: two partners, three papers, one of them in three drafts, six letters, eight milestones."""
    folder = delivery.files.folder("forum-1", "1.1")
    for email in ("kari@norway.example", "ole@norway.example"):
        delivery.files.share(folder, email, "commenter", notify=False)
    refs = [
        delivery.files.put(folder, f"{name}.docx", name.encode(), None, sha(name.encode()))
        for name in ("concept note", "background paper", "report")
    ]
    for draft in (b"second", b"third"):
        delivery.files.put(folder, "background paper.docx", draft, refs[1].reference, sha(draft))
    for number in range(6):
        message = letter(f"letter/{number}")
        delivery.mail.send(delivery.mail.reserve(message), message)
    for number in range(8):
        delivery.agenda.put(agenda_id("forum-1", str(number)), entry(title=f"Milestone {number}"))
    delivery.agenda.put(agenda_id("forum-1", "3"), entry(title="Milestone 3, moved"))
    _, mails = delivery.mail.incoming(None)
    _, files = delivery.files.changes(None)
    made = services.calls.counts()
    assert made == {
        "calendar.events.insert": 9,
        "calendar.events.patch": 1,
        "drive.changes.getStartPageToken": 1,
        "drive.files.create": 4,
        "drive.files.generateIds": 1,
        "drive.files.list": 7,
        "drive.files.update": 2,
        "drive.permissions.create": 2,
        "drive.permissions.list": 2,
        "gmail.users.drafts.create": 6,
        "gmail.users.drafts.get": 6,
        "gmail.users.drafts.send": 6,
        "gmail.users.getProfile": 1,
        "gmail.users.messages.list": 1,
    }
    assert services.calls.total == 49
    # What comes in: eleven replies and two files cost two batches and two downloads, with the lists and one folder.
    for number in range(11):
        google.gmail.receive(raw_mail(f"Re: {number}"))
    for name in ("comments.docx", "more comments.docx"):
        google.drive.drop(folder, name, name.encode())
    assert len(delivery.mail.incoming(mails)[0]) == 11
    assert len(delivery.files.changes(files)[0]) == 2
    after = services.calls.counts()
    assert {name: after[name] - made.get(name, 0) for name in after if after[name] != made.get(name)} == {
        "drive.changes.list": 1,
        "drive.files.get": 3,
        "gmail.batch": 2,
        "gmail.users.history.list": 1,
    }
    assert services.calls.total == 56
