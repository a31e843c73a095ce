"""Spreadsheets, read back by another library."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText

from tasks.adapters.workbook import Column, Sheet, workbook
from tasks.domain.text import Text

NOW = dt.datetime(2031, 4, 1, 9, tzinfo=dt.UTC)
COLUMNS = [Column("Key", 8), Column("Text", 40), Column("Decision", 14)]


def book(*rows, choices=(), rtl=False, columns=COLUMNS, name="Comments", notice=""):
    data = workbook([Sheet(name, columns, rows, choices)], title="A title", now=NOW, rtl=rtl, notice=notice)
    return openpyxl.load_workbook(io.BytesIO(data), rich_text=True)


def test_cells_come_back_as_they_were_given():
    page = book((3, (Text("a"), Text("b")), ()), (14, (Text("two\nlines"),), (Text("noted"),))).active
    values = [[cell.value or "" for cell in row] for row in page.iter_rows()]
    assert values == [["Key", "Text", "Decision"], [3, "ab", ""], [14, "two\nlines", "noted"]]


def test_proposed_text_is_struck_through_or_underlined():
    row = (1, (Text("the "), Text("old", change="deleted"), Text("new", change="inserted")), ())
    cell = book(row).active["B2"].value
    assert isinstance(cell, CellRichText)
    looks = [(str(part), getattr(part, "font", None)) for part in cell]
    assert [text for text, _ in looks] == ["the ", "old", "new"]
    old, new = looks[1][1], looks[2][1]
    assert old and (old.strike, old.u) == (True, None)
    assert new and (new.strike, new.u) == (None, "single")


def test_one_stretch_alone_keeps_its_look():
    cell = book((1, (Text("gone", change="deleted"),), ())).active["B2"].value
    assert cell[0].font.strike
    assert str(cell).strip("\u200b") == "gone"


@pytest.mark.parametrize("text", ["=1+1", "http://example.org", "+32", "@SUM(A1)", "{=A1}"])
def test_nothing_is_read_as_a_formula_or_an_address(text):
    cell = book((1, (Text(text),), ())).active["B2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_headings_stay_and_the_last_column_is_chosen_from_a_list():
    page = book((1, (), ()), (2, (), ()), choices=("accepted", "noted")).active
    assert (page.freeze_panes, page.auto_filter.ref, page.print_title_rows) == ("A2", "A1:C3", "$1:$1")
    (validation,) = page.data_validations.dataValidation
    assert (str(validation.sqref), validation.formula1) == ("C2:C3", '"accepted,noted"')


def test_a_notice_stands_above_the_headings_in_sight_and_on_every_page():
    page = book((1, (Text("a"),), ()), (2, (), ()), choices=("accepted", "noted"), notice="Made up").active
    values = [[cell.value or "" for cell in row] for row in page.iter_rows()]
    assert values == [["Made up", "", ""], ["Key", "Text", "Decision"], [1, "a", ""], [2, "", ""]]
    assert (page.freeze_panes, page.auto_filter.ref, page.print_title_rows) == ("A3", "A2:C4", "$1:$2")
    assert [str(each.sqref) for each in page.data_validations.dataValidation] == ["C3:C4"]


def test_a_cell_that_is_too_long_is_cut_and_says_so():
    value = book((1, (Text("x" * 40_000),), ())).active["B2"].value
    assert len(value) == 32_767
    assert value.endswith("x…")


def test_what_xml_or_a_sheet_name_cannot_hold_is_taken_out():
    made = book((1, (Text("a\x00b"),), ()), name="Draft 1/2: [comments] " * 3)
    assert made.active["B2"].value == "ab"
    assert made.sheetnames == ["Draft 1 2- (comments) Draft 1 2"]


def test_from_right_to_left():
    assert book((1, (), ()), rtl=True).active.sheet_view.rightToLeft


def test_same_arguments_same_bytes():
    sheet = Sheet("Comments", COLUMNS, [(1, (Text("a", bold=True), Text("b")), ())])
    assert len({workbook([sheet], title="T", now=NOW, rtl=False) for _ in range(2)}) == 1
