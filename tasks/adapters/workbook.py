"""Tables as a spreadsheet (.xlsx): headings that stay in sight, filters, proposed text shown as in Word."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tasks.adapters.word.writing import legal
from tasks.domain.text import Text

#: What a cell of a spreadsheet holds, in characters.
_MOST: Final = 32_767
#: A sheet's name is at most this long and has none of these signs.
_NAME_LENGTH: Final = 31
_NOT_IN_NAMES: Final = str.maketrans("[]:*?/\\", "()-·  -")

Cell = int | tuple[Text, ...]


@dataclass(frozen=True)
class Column:
    """A column: its heading and width in characters."""

    heading: str
    width: int


@dataclass(frozen=True)
class Sheet:
    """A table of its own page; the cells of its last column are chosen from `choices`, where there are some."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    choices: tuple[str, ...] = ()


def workbook(sheets: Sequence[Sheet], *, title: str, now: dt.datetime, rtl: bool, notice: str = "") -> bytes:
    """The bytes of an .xlsx with these sheets, which run from right to left where `rtl`; same arguments, same bytes.

    A `notice` is the first row of every sheet, above the headings; like them it stays in sight and is on every page.
    Nothing is read as a formula or an address, whatever it begins with. What is longer than a cell holds is cut, and
    ends with an ellipsis.
    """
    written = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(written, options)
    book.set_properties({"title": legal(title), "created": now.astimezone(dt.UTC).replace(tzinfo=None)})
    looks = _Looks(book)
    for sheet in sheets:
        _write(book.add_worksheet(sheet.name.translate(_NOT_IN_NAMES)[:_NAME_LENGTH]), sheet, looks, rtl, notice)
    book.close()
    return written.getvalue()


class _Looks:
    """The formats of one book."""

    def __init__(self, book: Workbook) -> None:
        whole = {"text_wrap": True, "valign": "top"}
        self.heading = book.add_format({**whole, "bold": True, "bg_color": "#EEF2F8", "bottom": 1})
        self.cell = book.add_format(whole)
        self.notice = book.add_format({"italic": True})
        self._book = book
        self._made: dict[tuple[object, ...], Format] = {}

    def of(self, text: Text) -> Format:
        """The format of a stretch of text."""
        key = (text.bold, text.italic, text.change)
        if key not in self._made:
            look: dict[str, Any] = {"bold": text.bold, "italic": text.italic}
            if text.change == "inserted":
                look |= {"underline": 1, "font_color": "#1E6B45"}
            elif text.change == "deleted":
                look |= {"font_strikeout": True, "font_color": "#9C1C1C"}
            self._made[key] = self._book.add_format(look)
        return self._made[key]


def _write(page: Worksheet, sheet: Sheet, looks: _Looks, rtl: bool, notice: str) -> None:
    if rtl:
        page.right_to_left()
    head = 0
    if notice:
        page.write_string(0, 0, legal(notice), looks.notice)
        head = 1
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
        page.write_string(head, place, legal(column.heading), looks.heading)
    for number, row in enumerate(sheet.rows, start=head + 1):
        for place, cell in enumerate(row):
            if isinstance(cell, int):
                page.write_number(number, place, cell, looks.cell)
            else:
                _write_text(page, number, place, cell, looks)
    last_column, last_row = len(sheet.columns) - 1, head + len(sheet.rows)
    page.freeze_panes(head + 1, 0)
    page.autofilter(head, 0, max(last_row, head + 1), last_column)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, head)
    if sheet.choices and sheet.rows:
        choices = {"validate": "list", "source": list(sheet.choices)}
        page.data_validation(head + 1, last_column, last_row, last_column, choices)


def _write_text(page: Worksheet, row: int, place: int, cell: tuple[Text, ...], looks: _Looks) -> None:
    parts = [part for part in _cut(cell) if part.text]
    plain = not any(part.bold or part.italic or part.change for part in parts)
    if plain:
        page.write_string(row, place, "".join(part.text for part in parts), looks.cell)
    elif len(parts) == 1:
        # A single stretch can't be a rich text: an empty one beside it makes two.
        page.write_rich_string(row, place, looks.of(parts[0]), parts[0].text, "\u200b", looks.cell)
    else:
        page.write_rich_string(
            row, place, *(each for part in parts for each in (looks.of(part), part.text)), looks.cell
        )


def _cut(cell: tuple[Text, ...]) -> list[Text]:
    room, kept = _MOST - 1, []
    for part in cell:
        text = legal(part.text)
        if len(text) > room:
            kept.append(Text(f"{text[:room]}…", part.bold, part.italic, None, part.change))
            break
        kept.append(Text(text, part.bold, part.italic, None, part.change))
        room -= len(text)
    return kept
