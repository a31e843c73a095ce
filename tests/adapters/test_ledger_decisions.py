"""Decisions: repeated, contradicted, corrected."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tasks.adapters.ledger import Ledger
from tasks.domain.errors import Conflict, Invalid, Unknown
from tests.adapters.ledger_help import EDITION, LATER, WHO, start, the

ACCEPT = {"decision": "accept"}


def test_a_decision_keeps_what_it_was_decided_on(ledger: Ledger) -> None:
    start(ledger, ("concept-note", "1.1"))
    with ledger.change(EDITION, WHO) as change:
        noted = change.note(the(ledger), words=7)
        decision, is_new = change.decide("note/1.1", noted, ACCEPT, "fine")
        change.move(noted, "accepted")
    assert is_new
    assert ledger.decision(EDITION, "note/1.1") == decision
    assert (decision.number, decision.current, decision.reason) == (1, True, "fine")
    assert (decision.decided_by, decision.decided_at, decision.run) == (WHO.by, WHO.at, WHO.run)
    assert decision.before == {"state": "invited", "facts": {"words": 7}}
    (line,) = [line for line in ledger.history(EDITION) if line.seq == decision.history_seq]
    assert (line.subject, line.kind, line.key, line.change["event"]) == ("decision", "concept-note", "1.1", "decided")


def test_a_decision_repeated_gives_its_first_answer(ledger: Ledger) -> None:
    start(ledger, ("concept-note", "1.1"))
    note = the(ledger)
    with ledger.change(EDITION, WHO) as change:
        first, _ = change.decide("note/1.1", note, {"decision": "accept", "partners": ("iom",)})
        change.move(note, "accepted")
    before = ledger.snapshot(EDITION)
    with ledger.change(EDITION, LATER) as change:
        again = change.decide("note/1.1", note, {"partners": ["iom"], "decision": "accept"}, "for another reason")
    assert again == (first, False), "although the record has moved on"
    assert ledger.snapshot(EDITION) == before


def test_a_contradicting_decision_names_who_decided_what_and_when(ledger: Ledger) -> None:
    start(ledger, ("concept-note", "1.1"), ("concept-note", "1.2"))
    with ledger.change(EDITION, WHO) as change:
        change.decide("note/1.1", the(ledger), ACCEPT)
    with pytest.raises(Conflict) as refusal, ledger.change(EDITION, LATER) as change:
        change.decide("note/1.1", the(ledger), {"decision": "return"})
    assert str(refusal.value) == (
        "1.1 concept note was decided otherwise: 'accept' by Ada Example on 3 March 2031; "
        "correct it with `roundtable decide correct`"
    )
    with pytest.raises(Conflict, match=r"1\.1 concept note"), ledger.change(EDITION, LATER) as change:
        change.decide("note/1.1", the(ledger, key="1.2"), ACCEPT)
    with ledger.change(EDITION, WHO) as change:
        change.decide("more", the(ledger), {"decision": "accept", "partners": ["iom", "who"], "late": False, "x": None})
    with (
        pytest.raises(Conflict, match="otherwise: decision: accept, late: no, partners: iom, who, x: none by Ada"),
        ledger.change(EDITION, LATER) as change,
    ):
        change.decide("more", the(ledger), {})


def test_a_correction_is_the_next_number_and_what_followed_can_be_listed(ledger: Ledger) -> None:
    start(ledger, ("concept-note", "1.1"))
    note = the(ledger)
    with ledger.change(EDITION, WHO) as change:
        first, _ = change.decide("note/1.1", note, ACCEPT)
        note = change.move(note, "accepted")
        change.draft_letter("l", kind="accepted", language="en", subject="", body="")
    followed = ledger.history(EDITION, since_seq=first.history_seq)
    assert [(line.subject, line.key) for line in followed] == [("record", "1.1"), ("letter", "l")]
    with ledger.change(EDITION, LATER) as change:
        second = change.correct("note/1.1", {"decision": "return"}, "read the wrong file")
        assert change.correct("note/1.1", {"decision": "return"}, "again") == second
    assert ledger.decisions(EDITION, "concept-note", "1.1") == [replace(first, current=False), second]
    assert ledger.decisions(EDITION, current=True) == [second]
    assert (second.number, second.before["state"], second.decided_by) == (2, "accepted", "Ben Example")
    line = ledger.history(EDITION)[-1]
    assert (line.why, line.change["event"], line.change["instead_of"]) == ("read the wrong file", "corrected", ACCEPT)
    with pytest.raises(Conflict, match="'return' by Ben Example on 4 March"), ledger.change(EDITION, WHO) as change:
        change.decide("note/1.1", note, ACCEPT)
    with ledger.change(EDITION, WHO) as change:
        assert change.decide("note/1.1", note, {"decision": "return"}) == (second, False)
        assert change.correct("note/1.1", ACCEPT, "it was right after all").number == 3


def test_a_correction_needs_a_decision_and_a_reason(ledger: Ledger) -> None:
    start(ledger, ("concept-note", "1.1"))
    with pytest.raises(Unknown, match=r"no decision 'note/1\.1' to correct"), ledger.change(EDITION, WHO) as change:
        change.correct("note/1.1", ACCEPT, "why not")
    with ledger.change(EDITION, WHO) as change:
        change.decide("note/1.1", the(ledger), ACCEPT)
    with pytest.raises(Invalid, match="a correction of 'accept' needs a reason"), ledger.change(EDITION, WHO) as change:
        change.correct("note/1.1", {"decision": "return"}, " ")
