"""Words of a machine in a translation: approved before they are paid for, marked to their end, read before issue."""

from __future__ import annotations

import pytest

from tasks.adapters.word.markup.comments import read_comments
from tasks.domain.checks import Check
from tasks.domain.errors import Invalid, NotNow, Unknown
from tasks.domain.rights import NotYours
from tasks.pretranslation import Pseudo, quote, units_of
from tasks.translation import checked_translation, confirm, prefill, waive
from tasks.translation.working import load, segments_of
from tests.tasks.conftest import Opening
from tests.tasks.office_help import Office
from tests.tasks.test_pretranslation import Machine

KEY = "1.3:fr"


def machine(office: Office) -> Pseudo:
    return Pseudo(office.edition, "en", "fr")


def texts(office: Office) -> list[str]:
    """The rows that are no heading of a form, which every language's wording knows."""
    return [each.id for each in office.segments(KEY) if "heading" not in each.place]


def filled(at: Opening) -> Office:
    """The French rows of a paper proposed by a machine."""
    office = at("issued")
    prefill(office.desk, KEY, machine(office))
    return office


def test_what_costs_is_filled_in_only_with_the_code_of_exactly_that(at: Opening):
    office = at("issued")
    units = units_of(segments_of(office.desk, office.record("translation", KEY).facts["final"]))
    targets = office.translated(KEY)
    paid = Machine(*(targets[id] for id in texts(office)))
    with pytest.raises(NotNow, match=r"google, \d+ characters.*nobody has approved it"):
        prefill(office.desk, KEY, paid)
    assert paid.asked == []
    asked = quote(office.desk, "en", "fr", units, paid)
    assert prefill(office.desk, KEY, paid, asked.code) == f"{KEY}: {asked.asked} rows proposed by google"


def test_the_translator_gets_new_files_with_the_proposals(at: Opening):
    office = filled(at)
    record = office.record("translation", KEY)
    targets = load(office.desk, record).targets
    assert {(targets[id].origin, targets[id].proposed) for id in texts(office)} == {("machine", True)}
    assert {held.origin for id, held in targets.items() if id not in texts(office)} == {"memory"}, "headings are known"
    assert record.facts["progress"]["done"] == 0, "a proposal is no translation"
    file = office.document("bilingual", KEY, "fr")
    assert file.number == 2
    assert office.letters()[f"translation-request/{KEY}/4/2"].attachments == (file.sha256,)
    assert all(held.text in office.text(file) for held in targets.values())
    remarks = read_comments(office.desk.open(file.sha256))
    assert len(remarks) == len(texts(office)), "each row in words of a machine says so"
    assert all(machine(office).name in remark.text for remark in remarks)
    with pytest.raises(NotNow, match="nothing is left for"):
        prefill(office.desk, KEY, machine(office))


def test_proposals_that_come_back_as_they_were_are_not_issued_unread(at: Opening):
    office = filled(at)
    first, *others = texts(office)
    # Its number stays: the checks want it.
    office.send_translation(KEY, {first: f"Une tout autre chose {office.translated(KEY)[first].split()[-1]}"})
    checked = checked_translation(office.desk, KEY)
    unread = [each.segment for each in checked.blocking if each.check == "unread"]
    assert unread == others
    assert office.state("translation", KEY) == "sent"
    with pytest.raises(Invalid, match="nobody has read these words of a machine"):
        waive(office.desk, KEY, [1 + [each.check for each in checked.findings].index(Check.UNREAD)], "it reads well")
    with pytest.raises(Unknown, match=f"{first} to confirm; rows in unread words"):
        confirm(office.desk, KEY, [first])
    some = unread[:2]
    assert confirm(office.desk, KEY, some) == (
        f"{KEY}: 2 rows read and confirmed by {office.by}, {len(unread) - 2} findings still to mend or waive"
    )
    assert confirm(office.desk, KEY, []).endswith("the translation goes on")
    held = load(office.desk, office.record("translation", KEY)).targets
    assert {(held[id].origin, held[id].reader) for id in others} == {("machine", office.by)}


def test_unread_words_of_a_machine_do_not_get_into_the_memory(at: Opening):
    office = filled(at)
    first, *others = texts(office)
    machines = {office.translated(KEY)[id] for id in others}
    office.send_translation(KEY, {first: "Une tout autre chose"})
    known = {row.target for row in office.ledger.memory("en", "fr")}
    assert "Une tout autre chose" in known and not known & machines
    confirm(office.desk, KEY, [])
    assert len(office.ledger.memory("en", "fr")) == len(office.translated(KEY))


def test_who_may_and_when(at: Opening):
    office = at("issued")
    with pytest.raises(NotNow, match="no machine translates into fr"):
        prefill(office.desk, KEY, None)
    office.send_translation(KEY)
    with pytest.raises(NotNow, match="the translation is received"):
        prefill(office.desk, KEY, machine(office))
    office.by = "nobody-we-know"
    with pytest.raises(NotYours):
        prefill(office.desk, KEY, machine(office))


def test_a_part_with_the_rest_still_proposed_is_welcome(at: Opening):
    office = filled(at)
    first, *others = texts(office)
    office.send_translation(
        KEY, {first: f"Autre chose {office.translated(KEY)[first].split()[-1]}"} | dict.fromkeys(others, "")
    )
    assert office.recipients("translation-returned") == []
    with pytest.raises(Unknown, match="nothing to confirm"):
        confirm(office.desk, KEY, [])
