"""Killed at any step around a send, or two at once: no letter twice, none lost, none but as it was approved."""

from __future__ import annotations

import email
import email.policy
import random
from collections import Counter
from collections.abc import Callable
from email.message import EmailMessage
from functools import partial

import pytest

from tasks import outbox
from tasks.adapters.local.delivery import local_delivery
from tasks.domain.outbox import Addressee
from tests.conftest import SOAK
from tests.tasks.conftest import Opening
from tests.tasks.office_help import Office
from tests.tasks.sending import Losing, ended, in_a_fork, send_and_die

ADA = Addressee("ghana", "ghana", "Ada", "ada@ghana.example")
APPROVED = ("one", "two", "three", "four")


def written(office: Office, *also: str) -> Office:
    """Four letters that are approved, one of them a reminder with a file; one draft, one rejected."""
    data = office.store.put(b"a file")
    with office.desk.change("letters") as change:
        for key in (*APPROVED, *also, "draft", "rejected"):
            change.draft_letter(
                key, kind="reminder", language="en", subject=f"About {key}", body=f"This is {key}.", party="ghana",
                recipients=[ADA], attachments=[data] if key == "two" else [],
            )  # fmt: skip
    outbox.approve(office.desk, outbox.shown(office.desk, [*APPROVED, *also]))
    outbox.reject(office.desk, "rejected", "not needed")
    return office


def mails(office: Office) -> list[str]:
    """The subjects of all that went out."""
    found = []
    for path in (office.home / "outbox" / "sent").glob("*.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        found.append(str(message["Subject"]))
    return found


def states(office: Office) -> dict[str, str]:
    return {row.key: row.status for row in office.ledger.letters(office.name)}


def finish(office: Office) -> None:
    outbox.send(office.desk, local_delivery(office.home))


def holds(office: Office, approved: Counter[str]) -> None:
    """What went out is what was approved, each once, and the ledger says so; an unsent draft may be left over."""
    assert Counter(mails(office)) == approved
    rows = office.ledger.letters(office.name)
    assert {row.subject for row in rows if row.status == "sent"} == set(approved)
    assert all(row.approved_digest == row.digest for row in rows if row.status == "sent")
    sending = [line for line in office.ledger.history(office.name, subject="letter") if line.change["event"] == "sent"]
    assert len(sending) == len(approved)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_killed_at_any_step_each_letter_goes_out_once(at: Opening, rounds: Callable[[int, int], int]):
    chance = random.Random(None if SOAK else 2007)
    start = written(at("started"))
    kills = 0
    for number in range(rounds(12, 1_000)):
        office = start.copy(start.home.with_name(f"killed-{number}"))
        expected = Counter(f"About {key}" for key in APPROVED)
        void = False
        while (code := ended(in_a_fork(partial(send_and_die, office, chance.randint(1, 60))))) == 9:
            kills += 1
            office._hour += 60  # the next sender comes later, so its mails are other files
            # Meanwhile a person changes one that is not on its way: unless it is approved again, it must not go out.
            if not void and states(office)["three"] == "approved" and chance.random() < 0.3:
                outbox.edit(office.desk, "three", subject="Other words")
                expected["About three"], void = 0, True
        assert code == 0
        holds(office, +expected)
        assert states(office)["draft"] == "draft" and states(office)["rejected"] == "cancelled"
        assert states(office)["three"] == ("draft" if void else "sent")
        office.forget_home()
    assert kills > 12


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_every_single_step_before_which_it_is_killed(at: Opening, rounds: Callable[[int, int], int]):
    """The whole way of two letters, step by step; under make test every fifth of them."""
    start = written(at("started"))
    for key in ("two", "three"):
        outbox.reject(start.desk, key, "two are enough")
    number = rounds(3, 1)
    while True:
        office = start.copy(start.home.with_name(f"step-{number}"))
        code = ended(in_a_fork(partial(send_and_die, office, number)))
        office._hour += 60
        finish(office)
        holds(office, Counter(["About one", "About four"]))
        office.forget_home()
        if code == 0:
            break
        number += rounds(5, 1)
    assert number > 40


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_two_senders_at_once_that_may_die(at: Opening, rounds: Callable[[int, int], int]):
    chance = random.Random(None if SOAK else 1951)
    start = written(at("started"))
    seen = Counter[int]()
    for number in range(rounds(10, 300)):
        office = start.copy(start.home.with_name(f"two-{number}"))
        limits = [chance.choice([10**9, chance.randint(5, 90)]) for _ in range(2)]
        children = [in_a_fork(partial(send_and_die, office, limit)) for limit in limits]
        seen.update(ended(child) for child in children)
        office._hour += 60
        finish(office)
        holds(office, Counter(f"About {key}" for key in APPROVED))
        office.forget_home()
    assert set(seen) <= {0, 3, 9} and seen[3] and seen[9]


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_lost_answers_and_kills_together(at: Opening, rounds: Callable[[int, int], int]):
    chance = random.Random(None if SOAK else 2030)
    start = written(at("started"))
    fates = ["kept", "lost before", "lost after"]
    for number in range(rounds(10, 500)):
        office = start.copy(start.home.with_name(f"lost-{number}"))
        drawn = chance.choices(fates, k=8)
        limit = chance.choice([10**9, chance.randint(5, 90)])
        ended(in_a_fork(partial(send_and_die, office, limit, partial(Losing, fates=drawn))))
        office._hour += 60
        finish(office)
        holds(office, Counter(f"About {key}" for key in APPROVED))
        office.forget_home()
