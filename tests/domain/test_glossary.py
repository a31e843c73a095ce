"""What a file does to the glossary of an edition: terms added, terms changed, and what is left out."""

from __future__ import annotations

import pytest

from tasks.domain.glossary import Entry, all_terms, derived_terms, language_called, taken_in
from tests.domain.domain_help import edition

BRUSSELS = edition("brussels-2007")
ALL = {"en": ["ferry"], "fr": ["bac"], "nl": ["veer"], "es": ["transbordador"]}


def test_a_new_term_needs_a_name_in_every_language():
    terms, left_out = taken_in(BRUSSELS, [Entry("ferry", ALL), Entry("raft", {**ALL, "nl": []})])
    assert [(term.id, term.kind, term.names, term.note) for term in terms] == [("ferry", "term", ALL, None)]
    assert left_out == ["raft: has no name in nl"]


def test_a_term_is_known_by_its_id_or_its_name_and_keeps_what_the_file_does_not_say():
    [old] = [term for term in BRUSSELS.terms if term.id == "remittances"]
    for entry in (
        Entry("remittances", {"fr": ["transferts"]}),
        Entry("c7", {"en": ["Remittances"], "fr": ["transferts"]}),
    ):
        [term], left_out = taken_in(BRUSSELS, [entry])
        assert (term.id, term.kind, term.note, left_out) == ("remittances", old.kind, old.note, [])
        assert term.names == {**old.names, **entry.names}


def test_the_whole_glossary_changes_nothing_and_a_body_is_changed_where_it_stands():
    whole = [Entry(term.id, term.names, term.kind, term.note or "") for term in all_terms(BRUSSELS)]
    assert taken_in(BRUSSELS, whole) == ([], [])
    body = derived_terms(BRUSSELS)[0]
    changed = Entry(body.id, {**body.names, "en": ["Elsewhere"]}, body.kind)
    assert taken_in(BRUSSELS, [changed]) == (
        [],
        [f"{body.id}: another name; change it where the body stands, not in the glossary"],
    )


@pytest.mark.parametrize(
    ("tag", "language"), [("fr", "fr"), ("FR_be", "fr"), ("fr-CA", "fr"), ("de", None), ("", None), ("nl-BE", "nl")]
)
def test_the_language_a_file_means(tag: str, language: str | None):
    assert language_called(BRUSSELS.languages, tag) == language
