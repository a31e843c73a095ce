"""The memory in the ledger: each passage once for its place, for all editions, however often it is remembered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tasks.adapters.ledger import Change, Ledger
from tasks.adapters.ledger.memory import Remembered, Translated
from tests.adapters.ledger_help import EDITION, LATER, WHO, start

BESIDE = "south-2032"
ONE = Translated("p1", "k1", "One ⟦1⟧é⟦/1⟧", "Un\0", "", "k2")
TWO = Translated("p2", "k2", "Two", "Deux", "k1", "")


def remember(change: Change, *passages: Translated, **other: Any) -> Remembered:
    usual: dict[str, Any] = {"paper": "1.1", "session": "1.1", "origin": "translated"}
    return change.remember("en", "fr", passages, **usual | other)


def kept(ledger: Ledger) -> list[tuple[str, str, str, str, bool]]:
    return [(row.edition, row.segment, row.target, row.origin, row.superseded) for row in ledger.memory("en", "fr")]


def test_it_is_read_over_all_editions_and_for_one_pair(ledger: Ledger) -> None:
    start(ledger)
    start(ledger, edition=BESIDE)
    with ledger.change(EDITION, WHO) as change:
        assert remember(change, TWO, ONE) == Remembered(new=2)
        assert change.remember("en", "nl", [ONE], paper="1.1", session=None, origin="imported") == Remembered(new=1)
    with ledger.change(BESIDE, LATER) as change:
        assert remember(change, replace(ONE, target="Une"), paper="9") == Remembered(new=1)
    assert kept(ledger) == [
        (EDITION, "p1", "Un", "translated", False),
        (EDITION, "p2", "Deux", "translated", False),
        (BESIDE, "p1", "Une", "translated", False),
    ]
    first = ledger.memory("en", "fr")[0]
    assert (first.source, first.before, first.after, first.session) == ("One ⟦1⟧é⟦/1⟧", "", "k2", "1.1")
    assert (first.by, first.at, first.run) == (WHO.by, WHO.at, WHO.run)
    assert ledger.memory_counts() == [
        ("en", "fr", EDITION, "1.1", "translated", 2),
        ("en", "fr", BESIDE, "9", "translated", 1),
        ("en", "nl", EDITION, "1.1", "imported", 1),
    ]
    assert ledger.memory("fr", "en") == []


def test_a_batch_leaves_one_line_and_again_none(ledger: Ledger) -> None:
    start(ledger)
    with ledger.change(EDITION, WHO) as change:
        remember(change, ONE, TWO)
    before = ledger.snapshot(EDITION)
    line = ledger.history(EDITION)[-1]
    assert (line.subject, line.key, line.change["new"]) == ("memory", "1.1:en:fr", 2)
    with ledger.change(EDITION, LATER) as change:
        assert remember(change, ONE, TWO, TWO) == remember(change) == Remembered()
    assert ledger.snapshot(EDITION) == before


def test_the_same_place_is_replaced_and_another_source_supersedes(ledger: Ledger) -> None:
    start(ledger)
    with ledger.change(EDITION, WHO) as change:
        remember(change, ONE, TWO)
    with ledger.change(EDITION, LATER) as change:
        assert remember(change, replace(ONE, target="Une"), origin="reviewed") == Remembered(replaced=1)
        assert remember(change, replace(TWO, source_key="k3", target="Trois")) == Remembered(new=1, superseded=1)
        assert remember(change, replace(TWO, source_key="k3", target="Trois")) == Remembered()
    assert kept(ledger) == [
        (EDITION, "p1", "Une", "reviewed", False),
        (EDITION, "p2", "Deux", "translated", True),
        (EDITION, "p2", "Trois", "translated", False),
    ]
    with ledger.change(EDITION, LATER) as change:
        assert remember(change, TWO) == Remembered(replaced=1, superseded=1), "the first source is back"
    assert kept(ledger)[1:] == [
        (EDITION, "p2", "Deux", "translated", False),
        (EDITION, "p2", "Trois", "translated", True),
    ]


def test_what_was_reviewed_stays_so_while_it_says_the_same(ledger: Ledger) -> None:
    start(ledger)
    with ledger.change(EDITION, WHO) as change:
        remember(change, ONE, origin="reviewed")
    with ledger.change(EDITION, LATER) as change:
        assert remember(change, replace(ONE, target="Un")) == Remembered()
        assert remember(change, replace(ONE, target="Un", before="k9")) == Remembered(replaced=1)
    assert kept(ledger) == [(EDITION, "p1", "Un", "reviewed", False)]
    with ledger.change(EDITION, LATER) as change:
        remember(change, replace(ONE, target="L'un"))
    assert kept(ledger) == [(EDITION, "p1", "L'un", "translated", False)]


def test_what_was_undone_is_not_remembered(ledger: Ledger) -> None:
    start(ledger)
    with pytest.raises(ZeroDivisionError), ledger.change(EDITION, WHO) as change:
        remember(change, ONE)
        raise ZeroDivisionError
    assert ledger.memory("en", "fr") == []
    assert ledger.memory_counts() == []


def test_passages_of_a_file_have_no_session(ledger: Ledger) -> None:
    start(ledger)
    with ledger.change(EDITION, WHO) as change:
        remember(change, ONE, paper="old.tmx", session=None, origin="imported")
    [row] = ledger.memory("en", "fr")
    assert (row.paper, row.session, row.origin) == ("old.tmx", None, "imported")
