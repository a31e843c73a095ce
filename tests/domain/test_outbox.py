"""An approval is of exactly what is sent: whatever changes, the digest does, and nothing else changes it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain.outbox import Addressee, Answered, Signatory, code_of, digest, parse_text, signed, why_not_approved

TEXTS = st.text(max_size=20)
HASHES = st.lists(st.sampled_from(["a" * 64, "b" * 64, "c" * 64]), max_size=3)
ADDRESSEES = st.builds(
    Addressee, party=TEXTS, body=st.none() | TEXTS, name=TEXTS, email=st.none() | st.just("a@b.example") | TEXTS
)
SIGNATORIES = st.none() | st.builds(Signatory, member=TEXTS, name=TEXTS, title=TEXTS, email=TEXTS)
LETTERS = st.tuples(
    st.lists(ADDRESSEES, max_size=3), TEXTS, TEXTS, HASHES, st.lists(ADDRESSEES, max_size=2), SIGNATORIES,
    st.none() | st.text(min_size=1, max_size=8),
)  # fmt: skip


@given(LETTERS, LETTERS)
def test_two_letters_have_one_digest_only_if_they_say_the_same_to_the_same(one, other):
    assert (digest(*one) == digest(*other)) == (one == other)
    assert len(digest(*one)) == 64


@given(LETTERS, st.data())
def test_any_change_of_any_part_is_another_digest(letter, data):
    recipients, subject, body, files, cc, signatory, thread = letter
    more = (cc, signatory, thread)
    changed = [
        (recipients, subject, body, files, [*cc, Addressee("x", None, "", "x@y.example")], signatory, thread),
        (recipients, subject, body, files, cc, signatory, (thread or "") + "x"),
        (recipients, subject, body, files, recipients, signatory, thread) if cc != recipients else None,
        (cc, subject, body, files, cc, signatory, thread) if cc != recipients else None,
        (recipients, subject + "x", body, files, *more),
        (recipients, subject, body + "\n", files, *more),
        (recipients, subject, body, [*files, "d" * 64], *more),
        (recipients, body, subject, files, *more) if subject != body else None,
        (recipients, subject, body, files[::-1], *more) if files != files[::-1] else None,
        ([*recipients, Addressee("x", None, "", None)], subject, body, files, *more),
        (recipients[::-1], subject, body, files, *more) if recipients != recipients[::-1] else None,
    ]
    if recipients:
        first, *rest = recipients
        part = data.draw(st.sampled_from(["party", "body", "name", "email"]))
        other = replace(first, **{part: (getattr(first, part) or "") + "x"})
        changed.append(([other, *rest], subject, body, files, *more))
    signer = data.draw(st.sampled_from(["member", "name", "title", "email"]))
    old = signatory or Signatory("", "", "", "")
    changed.append((recipients, subject, body, files, cc, replace(old, **{signer: getattr(old, signer) + "x"}), thread))
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


def test_a_letter_approved_before_letters_were_signed_keeps_its_digest():
    ada = Addressee("a", None, "Ada", "ada@body.example")
    assert digest([ada], "S", "B", ["c" * 64]) == "7314ad694b4c2f4dbc0db5e235d84ebaf8b4978b3f18244d714eb0d95e7727c9"


def test_the_signature_stands_under_the_closing():
    ada = Signatory("ada", "Ada Example", "Coordinator", "ada@taskforce.example")
    assert signed("Dear Sir,\n\nYours,", ada) == "Dear Sir,\n\nYours,\n\nAda Example\nCoordinator"
    assert signed("Yours,", replace(ada, title="")) == "Yours,\n\nAda Example"
    assert signed("Yours,", None) == "Yours,"


@pytest.mark.parametrize(
    ("subject", "reply"),
    [("Note", "Re: Note"), ("RE: Note", "RE: Note"), ("re:x", "re:x"), (" ", ""), ("AW: x", "Re: AW: x")],
)
def test_an_answer_has_the_subject_by_which_a_thread_is_kept_together(subject: str, reply: str):
    assert Answered("t", subject, "a@b.example").reply == reply


def test_only_who_wrote_a_mail_is_answered_in_its_thread():
    mail = Answered("t", "s", "A@b.example")
    assert mail.is_from([Addressee("x", None, "", None), Addressee("a", None, "", "a@B.example")])
    assert not mail.is_from([Addressee("a", None, "", "c@b.example")])
    assert not Answered("t", "s", "").is_from([Addressee("a", None, "", None)])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Subject: A day\n\nDear all,\n\ncome.\n", ("A day", "Dear all,\n\ncome.")),
        ("subject : A: b\n", ("A: b", None)),
        ("Dear all,\ncome.", (None, "Dear all,\ncome.")),
        ("Subject:\nDear", (None, "Dear")),
        ("  \n", (None, None)),
    ],
)
def test_a_text_file_has_a_subject_or_not(text: str, found: tuple[str | None, str | None]):
    assert parse_text(text) == found
