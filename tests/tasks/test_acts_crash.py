"""Killed at any step around a share or an invitation, or two at once: each once, none but as it was approved."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

import pytest

from tasks import outbox
from tasks.adapters.local.delivery import local_delivery
from tasks.adapters.ports import AgendaEntry, agenda_id
from tasks.domain.outbox import ACTS, Act, Addressee, Invite, Share
from tests.conftest import SOAK
from tests.tasks.conftest import Opening
from tests.tasks.office_help import Office
from tests.tasks.sending import ended, in_a_fork, send_and_die

ADA = Addressee("ghana", "ghana", "Ada", "ada@ghana.example")
BEN = Addressee("mali", "mali", "Ben", "ben@mali.example")
MEETING = "fof-2"
APPROVED = ("letter", "share", "invitation")


def drafted(office: Office) -> Office:
    """A letter, a share and an invitation that are approved, each with its like that is not."""
    day = office.edition.event(MEETING).date
    assert day is not None
    entry = AgendaEntry(office.name, "The meeting", day, "Europe/Brussels", office.now)
    for key in (MEETING, "other"):
        local_delivery(office.home).agenda.put(agenda_id(office.name, key), entry)
    acts: dict[str, tuple[str, Act | None, str]] = {
        "letter": ("reminder", None, "About"),
        "share": (ACTS[0], Share("1.1", "reader"), "Folder"),
        "invitation": (ACTS[1], Invite(MEETING, day.isoformat()), "The meeting"),
        "letter-not": ("reminder", None, "About"),
        "share-not": (ACTS[0], Share("1.1-not", "reader"), "Folder"),
        "invitation-not": (ACTS[1], Invite("other", day.isoformat()), "The meeting"),
    }
    with office.desk.change("letters") as change:
        for key, (kind, act, subject) in acts.items():
            change.draft_letter(
                key, kind=kind, language="en", subject=subject, body="Dear", recipients=[ADA, BEN], act=act
            )
    outbox.approve(office.desk, outbox.shown(office.desk, APPROVED))
    return office


def holds(office: Office) -> None:
    """What is there is what was approved, and the ledger says each once."""
    backend = local_delivery(office.home)
    emails = {"ada@ghana.example", "ben@mali.example"}
    assert backend.files.shares(f"{office.name}/1.1") == dict.fromkeys(emails, "reader")
    assert not (office.home / "files" / office.name / "1.1-not").exists()
    assert backend.agenda.guests(agenda_id(office.name, MEETING)).emails == emails
    assert backend.agenda.guests(agenda_id(office.name, "other")).emails == frozenset()
    assert len(list((office.home / "outbox" / "sent").glob("*.eml"))) == 1
    states = {row.key: row.status for row in office.ledger.letters(office.name)}
    assert states == dict.fromkeys(APPROVED, "sent") | {f"{key}-not": "draft" for key in APPROVED}
    lines = office.ledger.history(office.name, subject="letter")
    assert sorted(line.key for line in lines if line.change["event"] == "sent") == sorted(APPROVED)


def finish(office: Office) -> None:
    office._hour += 60
    outbox.send(office.desk, local_delivery(office.home))


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_every_single_step_before_which_it_is_killed(at: Opening, rounds: Callable[[int, int], int]):
    """Step by step; under make test every seventh of them."""
    start = drafted(at("started"))
    number = rounds(3, 1)
    while True:
        office = start.copy(start.home.with_name(f"step-{number}"), "agenda")
        code = ended(in_a_fork(partial(send_and_die, office, number)))
        finish(office)
        holds(office)
        office.forget_home()
        if code == 0:
            break
        number += rounds(7, 1)
    assert number > 50


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_two_senders_at_once_that_may_die(at: Opening, rounds: Callable[[int, int], int]):
    chance = random.Random(None if SOAK else 1951)
    start = drafted(at("started"))
    for number in range(rounds(8, 500)):
        office = start.copy(start.home.with_name(f"two-{number}"), "agenda")
        limits = [chance.choice([10**9, chance.randint(5, 90)]) for _ in range(2)]
        children = [in_a_fork(partial(send_and_die, office, limit)) for limit in limits]
        assert {ended(child) for child in children} <= {0, 3, 9}
        finish(office)
        holds(office)
        office.forget_home()
