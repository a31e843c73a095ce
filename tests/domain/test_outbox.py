"""An approval is of exactly what is sent: whatever changes, the digest does, and nothing else changes it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tasks.domain.outbox import Addressee, code_of, digest, why_not_approved

TEXTS = st.text(max_size=20)
HASHES = st.lists(st.sampled_from(["a" * 64, "b" * 64, "c" * 64]), max_size=3)
ADDRESSEES = st.builds(
    Addressee, party=TEXTS, body=st.none() | TEXTS, name=TEXTS, email=st.none() | st.just("a@b.example") | TEXTS
)
LETTERS = st.tuples(st.lists(ADDRESSEES, max_size=3), TEXTS, TEXTS, HASHES)


@given(LETTERS, LETTERS)
def test_two_letters_have_one_digest_only_if_they_say_the_same_to_the_same(one, other):
    assert (digest(*one) == digest(*other)) == (one == other)
    assert len(digest(*one)) == 64


@given(LETTERS, st.data())
def test_any_change_of_any_part_is_another_digest(letter, data):
    recipients, subject, body, files = letter
    changed = [
        (recipients, subject + "x", body, files),
        (recipients, subject, body + "\n", files),
        (recipients, subject, body, [*files, "d" * 64]),
        (recipients, body, subject, files) if subject != body else None,
        (recipients, subject, body, files[::-1]) if files != files[::-1] else None,
        ([*recipients, Addressee("x", None, "", None)], subject, body, files),
        (recipients[::-1], subject, body, files) if recipients != recipients[::-1] else None,
    ]
    if recipients:
        first, *rest = recipients
        part = data.draw(st.sampled_from(["party", "body", "name", "email"]))
        other = replace(first, **{part: (getattr(first, part) or "") + "x"})
        changed.append(([other, *rest], subject, body, files))
    seals = [digest(*each) for each in changed if each is not None]
    assert digest(*letter) not in seals


def test_a_recipient_without_an_address_is_named_and_nobody_else():
    known, unknown = Addressee("ghana", "ghana", "A", "a@ghana.example"), Addressee("valdoria", "valdoria", "B", None)
    assert why_not_approved("k", [known]) is None
    told = why_not_approved("k", [known, unknown])
    assert told is not None and "k: no e-mail address of valdoria is known; put it into the edition" in told
    assert "ghana" not in told
    assert why_not_approved("k", []) == "k: has no recipient; name one with `roundtable outbox edit`"


def test_the_code_of_what_was_shown_is_another_when_a_letter_is():
    shown = [("a", "1"), ("b", "2")]
    assert code_of(shown) == code_of(shown[::-1])
    assert len({code_of(shown), code_of(shown[:1]), code_of([("a", "1"), ("b", "3")]), code_of([])}) == 4
