"""The ledger's documents, arrivals, letters and actions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tasks.adapters.ledger import Ledger, LetterFilter
from tasks.domain.errors import Conflict, Invalid, Unknown
from tests.adapters.ledger_help import EDITION, LATER, WHO, add_document, start


def test_a_document_version_is_one_file(ledger: Ledger) -> None:
    start(ledger)
    with ledger.change(EDITION, WHO) as change:
        first = add_document(change)
        add_document(change, party="ghana", status="received", sha256="e" * 64)
        add_document(change, number=2, sha256="f" * 64, session=None)
    with ledger.change(EDITION, LATER) as change:
        assert add_document(change, name="other name") == first
    with (
        pytest.raises(
            Conflict, match=r"1.1 concept note, version 1 \(en\) is another file already: 1.1-concept-note-v1"
        ),
        ledger.change(EDITION, LATER) as change,
    ):
        add_document(change, sha256="0" * 64)
    with (
        pytest.raises(Invalid, match="'lost' is no status of a document; allowed: current, superseded, received"),
        ledger.change(EDITION, LATER) as change,
    ):
        add_document(change, number=3, status="lost")
    assert [(d.number, d.party, d.session) for d in ledger.documents(EDITION)] == [
        (1, None, "1.1"),
        (1, "ghana", "1.1"),
        (2, None, None),
    ]
    assert [d.sha256[0] for d in ledger.documents(EDITION, session="1.1", status="current", language="en")] == ["d"]
    assert len(ledger.history(EDITION, key="1.1")) == 3


def test_documents_are_superseded_once(ledger: Ledger) -> None:
    start(ledger)
    with ledger.change(EDITION, WHO) as change:
        first = add_document(change)
    for expected in ([replace(first, status="superseded")], []):
        with ledger.change(EDITION, LATER) as change:
            assert change.supersede_documents([first.id], "a new version came") == expected
    assert ledger.history(EDITION)[-1].why == "a new version came"
    with pytest.raises(Unknown, match="no document 999"), ledger.change(EDITION, LATER) as change:
        change.supersede_documents([first.id, 999], "x")


def test_a_file_arrives_once_whatever_its_name(ledger: Ledger) -> None:
    start(ledger)
    with ledger.change(EDITION, WHO) as change:
        assert change.register_arrival("a" * 64, "bad \udcff\0.docx", "accepted", "1.1 concept note", {"version": 1})
        assert not change.register_arrival("a" * 64, "again.docx", "refused", "no")
        assert change.register_arrival("b" * 64, "x.docx", "unplaced", "whose?", received_by="sweep")
    first, second = ledger.arrivals(EDITION)
    assert (first.file_name, first.identity, first.outcome) == ("bad ?.docx", {"version": 1}, "accepted")
    assert (second.identity, second.received_by) == (None, "sweep")
    assert ledger.arrival(EDITION, "b" * 64) == second
    assert ledger.arrival(EDITION, "c" * 64) is None


def test_letters_are_drafted_once_and_cancelled_with_a_reason(ledger: Ledger) -> None:
    start(ledger)
    with ledger.change(EDITION, WHO) as change:
        for key, party in (("a", "who"), ("b", "who"), ("c", "iom"), ("d", None)):
            assert change.draft_letter(
                key, kind="call", language="fr", subject="S", body="B", party=party, attachments=[key * 64]
            )
        assert not change.draft_letter("a", kind="call", language="en", subject="other", body="")
        assert change.cancel_letters(["a"], "wrong date") == ["a"]
        assert change.cancel_letters(LetterFilter(kind="call", party="who"), "withdrawn") == ["b"]
        assert change.cancel_letters("d", "one key is a key") == ["d"]
    assert [(le.key, le.status, le.reason) for le in ledger.letters(EDITION)] == [
        ("a", "cancelled", "wrong date"),
        ("b", "cancelled", "withdrawn"),
        ("c", "draft", None),
        ("d", "cancelled", "one key is a key"),
    ]
    assert [le.attachments for le in ledger.letters(EDITION, status="draft")] == [("c" * 64,)]
    with pytest.raises(Unknown, match="no letter y, z; nothing"), ledger.change(EDITION, WHO) as change:
        change.cancel_letters(["c", "z", "y"], "x")
    with pytest.raises(ValueError, match="every letter"), ledger.change(EDITION, WHO) as change:
        change.cancel_letters(LetterFilter(), "x")
    assert len(ledger.letters(EDITION, status="draft")) == 1


def test_the_register_of_actions(ledger: Ledger) -> None:
    start(ledger)
    with ledger.change(EDITION, WHO) as change:
        source = add_document(change).id
        for number in ("1.1-2", "1.1-1"):
            assert change.add_action(
                number, session="1.1", title="Do", leads=["ghana"], horizontal=("gender",), source_document=source
            )
        assert not change.add_action(
            "1.1-1", session="1.1", title="Do", leads=["ghana"], horizontal=["gender"], source_document=source
        )
        assert change.add_action("h-1", title="Meet")
    assert [action.id for action in ledger.actions(EDITION)] == ["h-1", "1.1-1", "1.1-2"]
    assert ledger.actions(EDITION, "1.1")[0].leads == ("ghana",)
    with pytest.raises(Conflict, match="is in the register otherwise: 'Do'"), ledger.change(EDITION, WHO) as change:
        change.add_action("1.1-1", session="1.1", title="Do more")
    with pytest.raises(Unknown, match="no document 999"), ledger.change(EDITION, WHO) as change:
        change.add_action("1.1-3", title="x", source_document=999)
    with ledger.change(EDITION, LATER) as change:
        assert change.remove_actions("1.1") == ["1.1-1", "1.1-2"]
        assert change.remove_actions("1.1") == []
    assert [action.id for action in ledger.actions(EDITION)] == ["h-1"]


def test_every_file_the_ledger_names_is_referenced(ledger: Ledger) -> None:
    start(ledger)
    start(ledger, edition="south-2031")
    with ledger.change(EDITION, WHO) as change:
        change.register_arrival("a" * 64, "x", "refused", "")
        change.draft_letter("l", kind="k", language="en", subject="", body="", attachments=["b" * 64, "c" * 64])
        change.add_record("mail", "m", "taken", facts={"files": {"e" * 64: "é.png"}, "text": "f" * 65})
    with ledger.change("south-2031", WHO) as change:
        add_document(change)
    assert ledger.referenced_hashes() == {letter * 64 for letter in "abcde"}
