"""A stand-in for a translation: visibly not the source, right where a translation is checked."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tasks.domain.checks import Name
from tasks.domain.stand_in import StandIn

_CODES = re.compile(r"⟦/?\d{1,6}/?⟧|⟦⟦|⟧⟧")
_TEXTS = st.lists(
    st.one_of(st.text(), st.sampled_from(["⟦1⟧", "⟦/1⟧", "⟦2/⟧", "⟦12⟧", "3 %", "aceinosuy", "例", "مثال", "\n"]))
).map("".join)


@given(_TEXTS)
def test_it_keeps_length_codes_and_digits(text: str):
    found = StandIn([], [], "en", "en")(text)
    assert _CODES.findall(found) == _CODES.findall(text)
    assert [c for c in found if c.isdigit()] == [c for c in text if c.isdigit()]
    assert [c for c in found if c.isspace()] == [c for c in text if c.isspace()]


def test_it_is_seen_to_be_one():
    assert StandIn([], [], "en", "fr")("A sentence ⟦1⟧of ace⟦/1⟧ 12.") == "À šéñtéñçé ⟦1⟧ôf àçé⟦/1⟧ 12."


def test_names_months_and_numbers_are_those_of_the_language():
    translate = StandIn([Name("Lake Land", ("Pays du lac",)), Name("Lake", ("Lac",))], [], "en", "fr")
    assert translate("Lake Land, 9 July 2031: 1,592,195") == "Pays du lac, 9 juillet 2031: 1\u202f592\u202f195"
