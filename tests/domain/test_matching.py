"""Suggestions: evidence only ever helps, nothing depends on an order or a name, and certain is never guessed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.domain.matching import (
    CERTAIN_LEAD,
    CERTAIN_LIKENESS,
    Evidence,
    Given,
    Mark,
    Prose,
    certain,
    contradictions,
    likeness,
    name_likeness,
    suggest,
)

PARTIES = ("ghana", "iom", "norway")
WORDS = ("labour", "mobility", "remittances", "diaspora", "return", "rights", "skills", "border", "юг", "权", "هجرة")

paragraphs = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join), max_size=8).map(tuple)
prose = paragraphs.map(Prose)
given_file = st.builds(
    Given,
    kind=st.sampled_from(("comments", "background-paper", "concept-note-form")),
    key=st.sampled_from(("1.1", "1.2", "2.1")),
    session=st.just("1.1"),
    party=st.sampled_from(PARTIES),
    version=st.integers(0, 3),
    language=st.just("en"),
    name=st.sampled_from(("1.1-comments-v1.docx", "note 2.1.docx", "paper.docx")),
    prose=prose,
    round=st.none() | st.integers(1, 2),
    threads=st.frozensets(st.sampled_from(("t1", "t2", "t3")), max_size=2),
    is_awaited=st.booleans(),
)
distinct_files = st.lists(given_file, max_size=6, unique_by=lambda g: (g.kind, g.key, g.party, g.version))
evidence = st.builds(
    Evidence,
    file_name=st.sampled_from(("FINAL (2).docx", "paper 1.1.docx", ".docx", "")),
    prose=prose,
    mark=st.none() | st.builds(Mark, st.just("comments"), st.sampled_from(("1.1", "1.2")), st.integers(0, 3)),
    thread=st.sampled_from(("", "t1", "t2", "t9")),
    senders=st.frozensets(st.sampled_from(PARTIES), max_size=2),
    neighbours=st.frozensets(st.sampled_from(PARTIES), max_size=2),
)


def one(**other: object) -> Given:
    text = Prose(("Labour mobility within the region and between regions", "Remittances and their costs for families"))
    plain = Given("comments", "1.1|ghana", "1.1", "ghana", 1, "en", "1.1-circulation-ghana-v1-en.docx", text, 1)
    return replace(plain, threads=frozenset({"t1"}), **other)  # type: ignore[arg-type]


def came(**other: object) -> Evidence:
    return replace(Evidence("scan 7.docx", one().prose), **other)  # type: ignore[arg-type]


@given(evidence, distinct_files, st.randoms(use_true_random=False))
def test_scores_are_shares_ranked_and_the_order_of_what_went_out_does_not_matter(found, files, chance):
    ranked = suggest(found, files)
    assert all(0 <= suggestion.score <= 1 and suggestion.reasons for suggestion in ranked)
    assert [s.score for s in ranked] == sorted((s.score for s in ranked), reverse=True)
    shuffled = list(files)
    chance.shuffle(shuffled)
    assert suggest(found, shuffled) == ranked


@given(evidence, given_file, st.sampled_from(("thread", "sender", "mark", "text")))
def test_more_that_speaks_for_a_file_never_lowers_its_score(found, file, what):
    plain = replace(found, mark=None, thread="", senders=frozenset(), neighbours=frozenset())
    more = {
        "thread": replace(plain, thread=next(iter(file.threads), "")),
        "sender": replace(plain, senders=frozenset({file.party})),
        "mark": replace(plain, mark=file.mark),
        "text": replace(plain, prose=file.prose),
    }[what]
    before, after = suggest(plain, [file]), suggest(more, [file])
    assert (after[0].score if after else 0) >= (before[0].score if before else 0)


@given(evidence, distinct_files)
def test_certain_is_the_first_and_only_by_the_rules(found, files):
    ranked = suggest(found, files)
    sure = certain(found, ranked)
    if sure is None:
        return
    assert sure == ranked[0]
    if found.mark is not None:
        assert found.mark == sure.given.mark
        assert contradictions(found, sure.given.party, sure.given.threads) == []
    else:
        assert sure.given.party in found.senders and found.thread in sure.given.threads
        assert sure.likeness >= CERTAIN_LIKENESS
        assert all(sure.score - other.score >= CERTAIN_LEAD for other in ranked[1:])


@given(prose, prose)
def test_likeness_is_a_share_and_whole_for_the_same_text(first, second):
    assert 0 <= likeness(first, second) <= 1
    assert likeness(first, first) == pytest.approx(1.0 if first.words else 0.0)


@given(paragraphs.filter(lambda texts: len(texts) > 1), st.randoms(use_true_random=False))
def test_case_spaces_and_the_order_of_paragraphs_do_not_count(texts, chance):
    changed = [text.upper().replace(" ", "  \t") + "." for text in texts]
    chance.shuffle(changed)
    assert likeness(Prose(texts), Prose(tuple(changed))) == pytest.approx(1.0)


@settings(deadline=5_000)
@given(st.integers(1, 3))
def test_a_file_made_to_be_slow_is_read_in_time(times):
    many = Prose(tuple(f"labour mobility rights {number}" for number in range(4_000 * times)))
    other = Prose(tuple(f"labour mobility rights x{number}" for number in range(4_000 * times)))
    assert likeness(many, other) < 1


def test_each_sign_has_its_reason():
    full = came(
        file_name="1.1 circulation ghana v1 en.docx", mark=Mark("comments", "1.1|ghana", 1), thread="t1",
        senders=frozenset({"ghana"}),
    )  # fmt: skip
    (found,) = suggest(full, [one()])
    assert found.score == 1.0
    assert found.reasons == (
        "its properties say so",
        "it answers the letter that went with it",
        "it came from the address of ghana",
        "100% of the text that was sent stands in it",
        "its name is like 1.1-circulation-ghana-v1-en.docx",
        "it is awaited now",
    )
    assert suggest(came(prose=Prose(("Nothing of it.",))), [one()]) == []


def test_a_domain_that_several_share_says_less_than_ones_own():
    alone, shared = (frozenset({"ghana"}), frozenset({"ghana", "iom"}))
    scores = [suggest(came(neighbours=near), [one()])[0].score for near in (alone, shared, frozenset())]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 3


#: (what is known, whether it is certain): one sign missing each time.
RULES = [
    ({"mark": Mark("comments", "1.1|ghana", 1)}, True),
    ({"mark": Mark("comments", "1.1|ghana", 1), "senders": frozenset({"ghana", "a-person"})}, True),
    ({"mark": Mark("comments", "1.1|ghana", 1), "senders": frozenset({"iom"})}, False),
    ({"mark": Mark("comments", "1.1|ghana", 1), "thread": "t1"}, True),
    ({"mark": Mark("comments", "1.1|ghana", 1), "thread": "t2"}, False),
    ({"mark": Mark("comments", "1.1|ghana", 2)}, False),
    ({"thread": "t1", "senders": frozenset({"ghana"})}, True),
    ({"thread": "t1"}, False),
    ({"senders": frozenset({"ghana"})}, False),
    ({"thread": "t1", "neighbours": frozenset({"ghana"})}, False),
    ({"thread": "t1", "senders": frozenset({"ghana"}), "prose": Prose(("Another text altogether.",))}, False),
    ({}, False),
]


@pytest.mark.parametrize(("known", "is_certain"), RULES)
def test_certain_needs_properties_or_thread_sender_and_text_together(known, is_certain):
    other = replace(one(), key="1.1|iom", party="iom", threads=frozenset({"t2"}))
    found = came(**known)
    assert (certain(found, suggest(found, [one(), other])) is not None) is is_certain


def test_two_that_are_as_likely_are_for_a_person():
    twin = replace(one(), kind="background-paper", key="1.1")
    found = came(thread="t1", senders=frozenset({"ghana"}))
    assert certain(found, suggest(found, [one(), twin])) is None
    assert certain(found, []) is None


def test_an_unknown_address_or_letter_speaks_against_nobody():
    assert contradictions(came(), "ghana", frozenset({"t1"})) == []
    assert contradictions(came(senders=frozenset({"iom"})), "ghana") == [
        "it is ghana's by its properties and came from the address of iom"
    ]


@pytest.mark.parametrize(
    ("name", "sent", "least"),
    [
        ("ghana_v1 1.1-circulation (en).docx", "1.1-circulation-ghana-v1-en.docx", 0.9),
        ("1.1-circulation-ghana-v1-en.docx", "1.1-circulation-ghana-v1-en.docx", 1.0),
    ],
)
def test_names_are_alike_whatever_the_order_of_their_words(name, sent, least):
    assert name_likeness(name, sent) >= least
    assert name_likeness("holiday.docx", sent) < 0.6
    assert name_likeness("", sent) == 0.0
