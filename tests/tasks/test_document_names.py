"""Readable names of documents: short enough for every file system, and still one for each document."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tasks.desk.documents import fitting_name


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
def test_every_name_fits_and_short_ones_stay(name: str):
    fitting = fitting_name(name)
    assert len(fitting.encode()) <= 160
    assert (fitting == name) == (len(name.encode()) <= 160)


@given(st.text("ab-é日", min_size=200, max_size=300), st.text("ab-é日", min_size=1, max_size=3))
def test_long_names_that_differ_only_in_the_middle_stay_apart(name: str, more: str):
    middle = len(name) // 2
    other = name[:middle] + more + name[middle:]
    assert fitting_name(name) != fitting_name(other)


def test_a_long_name_keeps_what_it_begins_and_ends_with():
    name = "call-for-input-somewhere-" + "+".join(f"1.{number}" for number in range(99)) + "-v1"
    fitting = fitting_name(name)
    assert fitting.startswith("call-for-input-somewhere-1.0+1.1")
    assert fitting.endswith("1.98-v1")
