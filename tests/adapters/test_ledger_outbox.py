"""The way of a letter in the ledger: conditional, bound to what was approved, told in the history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from alembic import command
from sqlalchemy import text

from tasks.adapters.ledger import Change, Ledger, LetterRow
from tasks.adapters.ledger.engine import make_engine
from tasks.adapters.ledger.upgrade import alembic_config
from tasks.domain.errors import Invalid, Mistakes, NotNow, Overtaken, Refusal, Unknown
from tasks.domain.machines import TRANSITIONS
from tasks.domain.outbox import Addressee, digest
from tests.adapters.ledger_help import EDITION, LATER, WHO, start
from tests.adapters.test_ledger_schema import run

ADA = Addressee("ghana", "ghana", "Ada", "ada@ghana.example")
BEN = Addressee("ben", "iom", "Ben", "ben@iom.example")


@pytest.fixture
def drafted(ledger: Ledger) -> Ledger:
    start(ledger)
    with ledger.change(EDITION, WHO) as change:
        for key in ("a", "b"):
            change.draft_letter(
                key, kind="call", language="en", subject="S", body="B", recipients=[ADA], attachments=["c" * 64]
            )
    return ledger


def letter(ledger: Ledger, key: str = "a") -> LetterRow:
    (found,) = ledger.letters(EDITION, key=key)
    return found


def do(ledger: Ledger, what: Callable[[Change], Any]) -> Any:
    with ledger.change(EDITION, LATER) as change:
        return what(change)


def approve(ledger: Ledger, *keys: str) -> list[LetterRow]:
    with ledger.change(EDITION, LATER) as change:
        return change.approve_letters({key: letter(ledger, key).digest for key in keys})


def bring(ledger: Ledger, state: str) -> LetterRow:
    """Letter a in a state, by the way a letter takes."""
    if state == "cancelled":
        do(ledger, lambda change: change.reject_letter("a", "no"))
    elif state != "draft":
        approve(ledger, "a")
        if state != "approved":
            do(ledger, lambda change: change.begin_sending(letter(ledger), "r-1", "local"))
            last = {
                "sent": lambda change: change.record_sent(letter(ledger), "m-1", "t-1"),
                "failed": lambda change: change.record_failed(letter(ledger), "no"),
                "unknown": lambda change: change.record_unknown(letter(ledger), "lost"),
            }
            if state in last:
                do(ledger, last[state])
    return letter(ledger)


def test_a_draft_has_recipients_a_digest_and_no_approval(drafted: Ledger) -> None:
    row = letter(drafted)
    assert (row.recipients, row.version, row.approved_by, row.sent_at) == ((ADA,), 1, None, None)
    assert row.digest == digest([ADA], "S", "B", ["c" * 64])


def test_what_of_letters_is_asked_without_reading_them(drafted: Ledger) -> None:
    do(
        drafted,
        lambda change: change.draft_letter(
            "c", kind="call", language="en", subject="S", body="B", party="ghana", recipients=[ADA], attachments=[]
        ),
    )
    assert drafted.threads(EDITION, "ghana") == frozenset(), "nothing went out yet"
    approve(drafted, "c")
    do(drafted, lambda change: change.begin_sending(letter(drafted, "c"), "r-1", "local"))
    do(drafted, lambda change: change.record_sent(letter(drafted, "c"), "m-1", "t-1"))
    bring(drafted, "sent")  # on the same thread, to nobody that is named
    assert drafted.threads(EDITION, "ghana") == {"t-1"} and drafted.threads(EDITION, "iom") == frozenset()
    assert [row.key for row in drafted.letters(EDITION, thread="t-1")] == ["a", "c"]
    assert drafted.letters(EDITION, thread="t-2") == [] and not drafted.has_thread(EDITION, "t-2")
    assert drafted.letter_attachments(EDITION, ["draft"]) == {"b": ("c" * 64,)}
    assert drafted.letter_attachments(EDITION, ["draft", "sent"]) == {"a": ("c" * 64,), "b": ("c" * 64,), "c": ()}
    assert drafted.letter_keys(EDITION, ["sent"]) == ["a", "c"]
    assert drafted.letter_states(EDITION) == {"a": "sent", "b": "draft", "c": "sent"}


def test_the_way_from_draft_to_sent(drafted: Ledger) -> None:
    assert [row.key for row in approve(drafted, "a", "b")] == ["a", "b"]
    assert approve(drafted, "a") == [], "approved once"
    row = letter(drafted)
    assert (row.approved_by, row.approved_at, row.approved_digest) == (LATER.by, LATER.at, row.digest)
    sending = do(drafted, lambda change: change.begin_sending(row, "r-1", "local"))
    assert (sending.status, sending.reserved, sending.backend, sending) == ("sending", "r-1", "local", letter(drafted))
    sent = do(drafted, lambda change: change.record_sent(sending, "m-1", "t-1"))
    assert (sent.status, sent.reference, sent.thread, sent.sent_at) == ("sent", "m-1", "t-1", LATER.at)
    told = [line.change for line in drafted.history(EDITION, kind="call", key="a")][1:]
    assert [line["event"] for line in told] == ["approved", "sending", "sent"]
    assert [line["status"] for line in told] == [["draft", "approved"], ["approved", "sending"], ["sending", "sent"]]
    assert "ada@" not in str(told)


@pytest.mark.parametrize(
    "changed", [{"subject": "T"}, {"body": "C"}, {"recipients": [BEN]}, {"recipients": [ADA, BEN]}]
)
@pytest.mark.parametrize("state", ["draft", "approved", "failed"])
def test_a_change_voids_the_approval(drafted: Ledger, changed: dict[str, Any], state: str) -> None:
    before = bring(drafted, state)
    after = do(drafted, lambda change: change.edit_letter("a", **changed))
    assert (after.status, after.approved_by, after.approved_digest, after.error) == ("draft", None, None, None)
    assert after.digest != before.digest and after.version == before.version + 1
    for read in (before, after):
        with pytest.raises(Overtaken), drafted.change(EDITION, LATER) as change:
            change.begin_sending(read, "r", "local")
    with pytest.raises(Mistakes, match="a: was changed since it was shown"):
        do(drafted, lambda change: change.approve_letters({"a": before.digest}))


def test_an_edit_that_changes_nothing_voids_nothing(drafted: Ledger) -> None:
    before = bring(drafted, "approved")
    assert do(drafted, lambda change: change.edit_letter("a", subject="S", recipients=[ADA])) == before


def test_what_was_changed_behind_the_ledgers_back_is_not_sent(drafted: Ledger, ledger_url: str) -> None:
    row = bring(drafted, "approved")
    run(ledger_url, "UPDATE letter SET body = 'other' WHERE key = 'a'")
    with pytest.raises(Overtaken, match="what was approved is not what it says"):
        do(drafted, lambda change: change.begin_sending(row, "r", "local"))


def test_all_or_none_are_approved_and_every_reason_is_told(drafted: Ledger) -> None:
    with drafted.change(EDITION, WHO) as change:
        nowhere = [ADA, Addressee("valdoria", "valdoria", "V", None)]
        change.draft_letter("c", kind="call", language="en", subject="S", body="B", recipients=nowhere)
    bring(drafted, "cancelled")
    with pytest.raises(Mistakes) as refused:
        approve(drafted, "a", "b", "c")
    assert len(refused.value.mistakes) == 2
    assert refused.value.mistakes[0].startswith("a letter: is cancelled, which can't become approved")
    assert "no e-mail address of valdoria" in refused.value.mistakes[1]
    assert letter(drafted, "b").status == "draft"


STEPS: dict[str, Callable[[Change, LetterRow], Any]] = {
    "edit": lambda change, row: change.edit_letter("a", subject="other"),
    "approve": lambda change, row: change.approve_letters({"a": row.digest}),
    "begin": lambda change, row: change.begin_sending(row, "r", "local"),
    "sent": lambda change, row: change.record_sent(row, "m", "t"),
    "failed": lambda change, row: change.record_failed(row, "no"),
    "unknown": lambda change, row: change.record_unknown(row, "lost"),
    "unsent": lambda change, row: change.record_unsent(row),
    "reject": lambda change, row: change.reject_letter("a", "no"),
    "settle sent": lambda change, row: change.settle_unknown("a", "sent", "seen"),
    "settle not": lambda change, row: change.settle_unknown("a", "approved", "not seen"),
}


@pytest.mark.parametrize("state", TRANSITIONS["letter"])
@pytest.mark.parametrize("step", STEPS)
def test_every_step_keeps_to_the_table(drafted: Ledger, state: str, step: str) -> None:
    before = bring(drafted, state)
    assert before.status == state
    try:
        do(drafted, lambda change: STEPS[step](change, before))
    except (Refusal, Overtaken):
        assert letter(drafted) == before
    after = letter(drafted)
    if after != before:
        assert after.status in TRANSITIONS["letter"][state] or (step, state) == ("edit", "draft")


@pytest.mark.parametrize("state", TRANSITIONS["letter"])
def test_what_became_pointless_is_cancelled_unless_it_is_on_its_way(drafted: Ledger, state: str) -> None:
    before = bring(drafted, state)
    cancelled = do(drafted, lambda change: change.cancel_letters(["a"], "the person declined"))
    after = letter(drafted)
    if state in ("draft", "approved", "failed"):
        assert (cancelled, after.status, after.reason) == (["a"], "cancelled", "the person declined")
        assert after.approved_digest is None and after.version == before.version + 1
    else:
        assert (cancelled, after) == ([], before)


@pytest.mark.parametrize("state", TRANSITIONS["letter"])
def test_only_an_approval_can_be_voided(drafted: Ledger, state: str) -> None:
    before = bring(drafted, state)
    void = do(drafted, lambda change: change.void_approvals(["a"], "the day moved"))
    assert (void, letter(drafted).status) == ((["a"], "draft") if state == "approved" else ([], state))
    assert state == "approved" or letter(drafted) == before


def test_a_sender_with_an_old_copy_is_overtaken(drafted: Ledger) -> None:
    row = bring(drafted, "approved")
    do(drafted, lambda change: change.begin_sending(row, "r-1", "local"))
    with pytest.raises(Overtaken, match=r"read as approved \(version 2\), but is now sending \(version 3"):
        do(drafted, lambda change: change.begin_sending(row, "r-2", "local"))
    assert letter(drafted).reserved == "r-1"


def test_a_person_settles_what_is_unknown_with_a_reason(drafted: Ledger) -> None:
    bring(drafted, "unknown")
    with pytest.raises(Invalid, match="say how you know"):
        do(drafted, lambda change: change.settle_unknown("a", "sent", " "))
    row = do(drafted, lambda change: change.settle_unknown("a", "approved", "not in the mailbox"))
    assert row.status == "approved" and row.approved_digest == row.digest
    with pytest.raises(NotNow, match="is approved, which is certain"):
        do(drafted, lambda change: change.settle_unknown("a", "sent", "x"))
    with pytest.raises(Unknown, match="z: no such letter"):
        do(drafted, lambda change: change.reject_letter("z", "x"))


def test_one_sender_at_a_time(drafted: Ledger, ledger_url: str) -> None:
    other = Ledger(ledger_url)
    with drafted.only_sender() as still:
        still()
        with pytest.raises(NotNow, match="another process is sending"), other.only_sender():
            pass
    with other.only_sender() as still:
        still()
    other.dispose()


def test_letters_of_an_older_ledger_come_along(empty_database: str) -> None:
    engine = make_engine(empty_database)
    config = alembic_config()
    with engine.connect().execution_options(ledger_lock="") as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.execute(text(
            "INSERT INTO edition (edition, config, config_sha, started_at, started_by, rehearsal, version) "
            "VALUES ('north-2031', '{}', 'x', '2031-03-03T12:00:00.000000+00:00', 'Ada', false, 1)"
        ))  # fmt: skip
        connection.execute(text(
            "INSERT INTO letter (edition, key, kind, language, subject, body, status, attachments, drafted_at, run) "
            "VALUES ('north-2031', 'a', 'call', 'en', 'É', 'B', 'draft', '[\"x\"]', "
            "'2031-03-03T12:00:00.000000+00:00', 'r')"
        ))  # fmt: skip
    engine.dispose()
    ledger = Ledger.open(empty_database)
    row = letter(ledger)
    assert (row.recipients, row.version, row.digest) == ((), 1, digest([], "É", "B", ["x"]))
    with pytest.raises(Mistakes, match="a: has no recipient"):
        approve(ledger, "a")
    do(ledger, lambda change: change.edit_letter("a", recipients=[ADA]))
    assert [replace(row, run="") for row in approve(ledger, "a")] == [replace(letter(ledger), run="")]
    ledger.dispose()


def test_a_letter_that_e_mail_reaches_nobody_of_is_approved_and_delivered_otherwise(ledger: Ledger) -> None:
    start(ledger, ("concept-note", "1.1"))
    nobody = [Addressee("valdoria", "valdoria", "V", None)]
    do(
        ledger,
        lambda change: change.draft_letter("p", kind="call", language="en", subject="S", body="B", recipients=nobody),
    )
    with pytest.raises(NotNow, match="p: is draft; only a letter that is approved"):
        do(ledger, lambda change: change.record_delivered("p", "post"))
    approve(ledger, "p")
    after = do(ledger, lambda change: change.record_delivered("p", "post"))
    assert (after.status, after.how, after.sent_at) == ("sent", "post", LATER.at)
    assert letter(ledger, "p") == after
