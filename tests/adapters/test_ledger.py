"""The ledger's editions and records, and what holds for every change, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Connection

from tasks.adapters.ledger import Ledger, LedgerUnavailable, Record, Who
from tasks.domain.errors import Conflict, Invalid, Overtaken, Unknown
from tests.adapters.ledger_help import EDITION, LATER, NOON, WHO, add_document, start, the


def test_an_edition_starts_once(ledger: Ledger) -> None:
    assert ledger.edition(EDITION) is None and ledger.in_force(EDITION) is None
    with ledger.change(EDITION, WHO) as change:
        assert change.start_edition({"b": (1, 2), "a": "é"}, "a" * 64, rehearsal=True)
    with ledger.change(EDITION, LATER) as change:
        assert not change.start_edition({"a": "é", "b": [1, 2]}, "a" * 64, rehearsal=True)
    edition = ledger.edition(EDITION)
    assert edition is not None
    assert (edition.config, edition.version, edition.rehearsal) == ({"a": "é", "b": [1, 2]}, 1, True)
    assert (edition.started_by, edition.started_at) == (WHO.by, NOON)
    assert ledger.in_force(EDITION) == ("a" * 64, True)
    with (
        pytest.raises(
            Conflict, match=r"started by Ada Example on 3 March 2031 .* \(aaaaaaaaaaaa, not bbbbbbbbbbbb\); see"
        ),
        ledger.change(EDITION, WHO) as change,
    ):
        change.start_edition({}, "b" * 64, rehearsal=True)
    with (
        pytest.raises(Conflict, match="as a rehearsal, not a real edition"),
        ledger.change(EDITION, WHO) as change,
    ):
        change.start_edition({}, "a" * 64, rehearsal=False)


def test_a_living_edition_takes_another_configuration(ledger: Ledger) -> None:
    start(ledger)
    with ledger.change(EDITION, LATER) as change:
        assert change.replace_config({"title": "South"}, "b" * 64)
        assert not change.replace_config({"title": "South"}, "b" * 64)
        assert not change.start_edition({"title": "South"}, "b" * 64, rehearsal=False)
    edition = ledger.edition(EDITION)
    assert edition is not None
    assert (edition.config, edition.config_sha, edition.version) == ({"title": "South"}, "b" * 64, 2)
    assert [line.change for line in ledger.history(EDITION)] == [
        {"config_sha": [None, "a" * 64], "version": [None, 1]},
        {"title": ["North", "South"], "config_sha": ["a" * 64, "b" * 64], "version": [1, 2]},
    ]


def test_nothing_is_written_to_an_edition_that_was_not_started(ledger: Ledger) -> None:
    with (
        pytest.raises(Unknown, match="north-2031 has not been started; start it with `roundtable start north-2031`"),
        ledger.change(EDITION, WHO) as change,
    ):
        change.add_record("seat", "1.1-chair-1", "open")


def test_a_record_begins_once_moves_and_takes_notes(ledger: Ledger) -> None:
    start(ledger)
    with ledger.change(EDITION, WHO) as change:
        assert change.add_record("concept-note", "1.1", "invited", "1.1", {"words": 3, "none": None})
        assert not change.add_record("concept-note", "1.1", "accepted", facts={"words": 4})
    first = the(ledger)
    assert first == Record(EDITION, "concept-note", "1.1", "1.1", "invited", 1, {"words": 3}, NOON)
    with ledger.change(EDITION, LATER) as change:
        moved = change.move(first, "received", words=None, by=["x"])
        assert change.record("concept-note", "1.1") == moved
        assert the(ledger) == first, "another transaction does not see it yet"
        noted = change.note(moved, pages=(1, 2))
        assert change.note(noted, pages=[1, 2], gone=None) == noted, "nothing new, nothing written"
    assert the(ledger) == noted
    assert noted == replace(
        first, state="received", version=3, facts={"by": ["x"], "pages": [1, 2]}, changed_at=LATER.at
    )
    assert [(line.change, line.by, line.at, line.run) for line in ledger.history(EDITION, kind="concept-note")][1:] == [
        (
            {
                "state": ["invited", "received"],
                "version": [1, 2],
                "facts.words": [3, None],
                "facts.by": [None, ["x"]],
            },
            LATER.by,
            LATER.at,
            "run-2",
        ),
        ({"version": [2, 3], "facts.pages": [None, [1, 2]]}, LATER.by, LATER.at, "run-2"),
    ]


def test_many_records_begin_as_each_would_by_itself(ledger: Ledger) -> None:
    facts = {"pages": (1, 2), "none": None}
    start(ledger, ("concept-note", "1.1"))
    with ledger.change(EDITION, LATER) as change:
        assert change.add_record("seat", "0", "open", None, facts)
        begun = [("concept-note", "1.1", "planned", "1.1", {}), ("seat", "1", "open", None, facts)]
        assert change.add_records([*begun, *begun, ("seat", "2", "open", "1.1", {})]) == 2
        assert change.add_records(begun) == change.add_records([]) == 0
    alone, first, second = ledger.records(EDITION, "seat")
    assert replace(first, key="0") == alone
    assert (second.session, second.facts, second.version) == ("1.1", {}, 1)
    lines = {line.key: line for line in ledger.history(EDITION, kind="seat")}
    assert len(lines) == len(ledger.history(EDITION, kind="seat")) == 3
    assert replace(lines["1"], key="0", seq=lines["0"].seq) == lines["0"]
    assert the(ledger).state == "invited"


def test_a_stale_record_is_overtaken_and_nothing_of_the_change_stays(ledger: Ledger) -> None:
    start(ledger, ("concept-note", "1.1"))
    stale = the(ledger)
    with ledger.change(EDITION, WHO) as change:
        change.note(stale, words=1)
    before = ledger.snapshot(EDITION)
    for step in ("move", "note", "decide"):
        with (
            pytest.raises(
                Overtaken, match=r"1.1 concept note: read as invited \(version 1\), .* now invited \(version 2\)"
            ),
            ledger.change(EDITION, LATER) as change,
        ):
            change.add_record("seat", "1.1-chair-1", "open")
            if step == "move":
                change.move(stale, "received")
            elif step == "note":
                change.note(stale, words=2)
            else:
                change.decide("key", stale, {"decision": "accept"})
    assert ledger.snapshot(EDITION) == before
    ghost = replace(stale, key="9.9")
    with pytest.raises(Overtaken, match="is now not in the ledger"), ledger.change(EDITION, WHO) as change:
        change.move(ghost, "received")


def test_facts_may_have_any_name(ledger: Ledger) -> None:
    start(ledger, ("concept-note", "1.1"))
    facts = {"record": 1, "to": 2, "self": 3, "a.b": "Ω", "": [None], "state": {"x": None}}
    with ledger.change(EDITION, WHO) as change:
        change.move(the(ledger), "received", **facts)
    assert the(ledger).facts == facts


def test_records_are_sorted_alike_on_every_database(ledger: Ledger) -> None:
    keys = ["a", "B", "1.10", "1.1", "1.1-b", "é", "_"]
    start(ledger, *(("seat", key) for key in keys), ("concept-note", "1.1"))
    assert [record.key for record in ledger.records(EDITION, "seat")] == sorted(keys)
    assert [record.kind for record in ledger.records(EDITION, session="1.1")] == ["concept-note", "seat"]
    assert ledger.records("south-2031") == []


@pytest.mark.parametrize("blank", ["by", "why", "run"])
def test_every_change_says_who_why_and_in_which_run(blank: str) -> None:
    with pytest.raises(Invalid, match="every change in the ledger does"):
        Who(**vars(WHO) | {blank: " "})


def test_a_time_without_a_zone_is_refused(ledger: Ledger) -> None:
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(Invalid, match="2031-03-03 12:00:00 has no time zone"):
        Who(by="Ada", why="a test", run="run-1", at=naive)
    start(ledger)
    with pytest.raises(Invalid, match="no time zone"), ledger.change(EDITION, WHO) as change:
        add_document(change, made_at=naive)
    assert ledger.documents(EDITION) == []


def test_times_come_back_in_utc(ledger: Ledger) -> None:
    start(ledger)
    odd = datetime(2031, 6, 1, 2, 30, 0, 1, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    with ledger.change(EDITION, replace(WHO, at=odd)) as change:
        made = add_document(change)
    (document,) = ledger.documents(EDITION)
    assert document == made
    assert document.made_at == odd
    assert document.made_at.isoformat() == "2031-05-31T20:45:00.000001+00:00"
    assert document.made_at.tzinfo == UTC


def test_a_change_that_writes_nothing_commits_nothing(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    start(ledger, ("concept-note", "1.1"))
    commits: list[int] = []
    monkeypatch.setattr(Connection, "commit", lambda self: commits.append(1))
    with ledger.change(EDITION, WHO) as change:
        change.add_record("concept-note", "1.1", "invited")
    with ledger.change(EDITION, WHO):
        pass
    assert commits == []


def test_a_change_inside_a_change_is_a_mistake_told_at_once(ledger: Ledger) -> None:
    start(ledger)
    with (
        pytest.raises(RuntimeError, match="end the first one"),
        ledger.change(EDITION, WHO),
        ledger.change(EDITION, WHO),
    ):
        pass
    with ledger.change(EDITION, WHO) as change:
        assert change.add_record("seat", "x", "open"), "and the ledger goes on"


def test_a_record_of_another_edition_is_not_moved(ledger: Ledger) -> None:
    start(ledger, ("concept-note", "1.1"))
    with (
        pytest.raises(ValueError, match="north-2031 in a change of south-2031"),
        ledger.change("south-2031", WHO) as change,
    ):
        change.move(the(ledger), "received")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("mysql://secret@host/db", "a ledger on mysql is not supported"),
        ("postgresql://secret@host/db", "is not supported"),
        ("nonsense", "can't be read"),
        ("nodb://x/y", "is not supported"),
    ],
)
def test_an_address_that_can_be_no_ledger_is_refused(url: str, message: str) -> None:
    with pytest.raises(Invalid, match=message) as refusal:
        Ledger(url)
    assert "secret" not in str(refusal.value)


def test_a_ledger_that_is_away_says_so_without_its_password() -> None:
    with pytest.raises(LedgerUnavailable, match=r"did not answer .* nothing was recorded") as told:
        Ledger.open("postgresql+psycopg://u:secret@127.0.0.1:1/db")
    assert "secret" not in str(told.value)
