"""Bodies of documents as values: their plain text, their counts, their sections."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.domain.text import (
    Block,
    Body,
    Figure,
    Footnote,
    Heading,
    Inline,
    Item,
    Paragraph,
    Table,
    Text,
    WordCount,
    inlines,
    plain,
    split_sections,
    text_of,
)


def heading(text: str, level: int = 1) -> Heading:
    return Heading(level, (Text(text),))


def para(text: str) -> Paragraph:
    return Paragraph((Text(text),))


NOTE = Footnote((Text("below"),))
MIXED: tuple[Inline, ...] = (Text("one "), Text("two", bold=True), NOTE, Text(" three", link="https://example.org"))
HEADINGS = {"aim": {"Aim", "But", "هدف"}, "points": {"Main points", "Points principaux"}}


def test_plain_text_leaves_out_footnotes():
    assert plain(MIXED) == "one two three"


@pytest.mark.parametrize("make", [Paragraph, Item, lambda content: Heading(2, content)])
def test_text_of_a_block_is_that_of_its_inlines(make):
    assert text_of(make(MIXED)) == "one two three"


def test_text_of_a_table_is_cells_by_tabs_and_rows_by_lines():
    table = Table((((Text("a"),), (Text("b"), NOTE)), ((), MIXED)), caption="left out")
    assert text_of(table) == "a\tb\n\tone two three"


def test_text_of_a_figure_is_its_caption():
    assert text_of(Figure("map.png", "Map of flows")) == "Map of flows"


def test_inlines_of_a_table_come_row_by_row_with_footnotes():
    table = Table((((Text("a"),), (NOTE,)), ((Text("c"),), ())))
    assert list(inlines(table)) == [Text("a"), NOTE, Text("c")]


def test_inlines_of_a_paragraph_are_its_content_and_a_figure_has_none():
    assert list(inlines(Paragraph(MIXED))) == list(MIXED)
    assert list(inlines(Figure("map.png", "Map"))) == []


@given(st.integers(0), st.integers(0), st.integers(0))
def test_a_limit_counts_body_tables_and_footnotes(body: int, tables: int, footnotes: int):
    assert WordCount(body, tables, footnotes).total == body + tables + footnotes


def test_two_bodies_do_not_share_their_images():
    Body("a", ()).images["x"] = b""
    assert Body("b", ()).images == {}


def test_sections_hold_what_follows_their_heading():
    blocks: list[Block] = [para("lost"), heading("Aim"), para("1"), para("2"), heading("Main points"), para("3")]
    assert split_sections(blocks, HEADINGS) == {"aim": [para("1"), para("2")], "points": [para("3")]}


@pytest.mark.parametrize(
    "wording", ["Aim", "AIM", "  aim ", "aim:", "Aim.", "But", "هدف", "A\u0131m".replace("\u0131", "i"), "aim \u00a0"]
)
def test_a_heading_is_known_in_any_language_whatever_its_case_and_spaces(wording: str):
    assert split_sections([heading(wording), para("x")], HEADINGS) == {"aim": [para("x")]}


def test_an_unknown_heading_belongs_to_the_section_it_stands_in():
    blocks: list[Block] = [heading("Aim"), heading("Subsection", 2), para("x")]
    assert split_sections(blocks, HEADINGS) == {"aim": [heading("Subsection", 2), para("x")]}


def test_a_paragraph_that_reads_like_a_heading_is_none():
    assert split_sections([para("Aim"), para("x")], HEADINGS) == {}


def test_a_section_begun_twice_is_one():
    blocks: list[Block] = [heading("Aim"), para("1"), heading("Main points"), heading("But"), para("2")]
    assert split_sections(blocks, HEADINGS) == {"aim": [para("1"), para("2")], "points": []}


def test_an_empty_heading_is_no_section():
    assert split_sections([heading(""), para("x")], HEADINGS) == {}


_BLOCKS = st.lists(
    st.one_of(
        st.sampled_from([heading("Aim"), heading("points PRINCIPAUX"), heading("Else", 2)]),
        st.text(max_size=8).map(para),
        st.builds(Figure, st.just("f.png"), st.text(max_size=4)),
    ),
    max_size=12,
)


@given(_BLOCKS)
def test_nothing_after_the_first_known_heading_is_lost_or_doubled(blocks: list[Block]):
    found = split_sections(blocks, HEADINGS)
    known = [i for i, block in enumerate(blocks) if isinstance(block, Heading) and text_of(block) != "Else"]
    kept = [block for content in found.values() for block in content]
    after = [b for i, b in enumerate(blocks) if known and i > known[0] and i not in known]
    assert sorted(map(repr, kept)) == sorted(map(repr, after))
    assert set(found) <= {"aim", "points"}
