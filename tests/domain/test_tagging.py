"""Segments go through HTML and come back; what a machine does to tags is undone or seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain.codes import check_codes
from tasks.domain.tagging import tagged, untagged

TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00") | st.sampled_from("⟦⟧<>&;\"'#"), max_size=8
).map(lambda text: text.replace("⟦", "⟦⟦").replace("⟧", "⟧⟧"))
PARTS = TEXT | st.sampled_from(["a⟦1⟧b⟦/1⟧", "⟦2/⟧", "⟦3⟧⟦4⟧x⟦/4⟧⟦5/⟧⟦/3⟧", "&nbsp;", "<b>", "<!--", "</span>"])
SEGMENT = st.lists(PARTS, max_size=6, unique=True).map("".join)


@given(SEGMENT)
def test_a_segment_comes_back_as_it_was(segment: str) -> None:
    assert untagged(tagged(segment)) == segment


@given(st.text("<>/spand= \"12&;x⟦!-'", max_size=60))
def test_whatever_comes_back_is_a_segment_or_is_seen(answer: str) -> None:
    check_codes("⟦1⟧a⟦/1⟧⟦2/⟧", untagged(answer))


@pytest.mark.parametrize(
    ("answer", "segment"),
    [
        ('L&#39;<span id="1">a</span>&nbsp;&amp; <b>b</b>', "L'⟦1⟧a⟦/1⟧\u00a0& b"),
        ('<span id="2" translate="no"></span>a<SPAN ID=1>b</SPAN>', "⟦2/⟧a⟦1⟧b⟦/1⟧"),
        # One stretch in pieces, with a stretch inside, as machines that turn words round leave it.
        (
            '<span id="1">c</span> <span id="1"><span id="2">b</span></span> <span id="1">a</span>',
            "⟦1⟧c ⟦2⟧b⟦/2⟧ a⟦/1⟧",
        ),
        ('<span id="1">a</span> x <span id="1">b</span>', "⟦1⟧a⟦/1⟧ x ⟦1⟧b⟦/1⟧"),
        ('<span class="new">a</span></span><span id="-1">b</span>⟦', "ab⟦⟦"),
        ("", ""),
    ],
)
def test_what_machines_do(answer: str, segment: str) -> None:
    assert untagged(answer) == segment
