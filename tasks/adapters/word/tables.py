"""Tables with repeated heading rows and columns as wide as their words ask for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from tasks.adapters.word.ooxml import Element, child, ensure, val, w
from tasks.adapters.word.stylenames import StyleNames
from tasks.adapters.word.writing import el, paragraph

#: Width of a character of table text and of both cell margins, in twips.
_CHARACTER: Final = 105
_MARGINS: Final = 190
#: How much wider the bold words of a heading run.
_BOLD: Final = 1.2
#: A row of more lines may break across pages, or the page before it would stay half empty.
_TALL: Final = 5
#: A cell longer than this wraps anyway and asks for no more width.
_LONG: Final = 70
_WIDE: Final = re.compile("[\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]")
_JOINED: Final = re.compile("[\u0590-\u08ff]")
_NUMBER: Final = re.compile(r"[-−+]?\d[\d\s\u00a0\u202f.,]*[\s\u00a0\u202f]?%?")


def column_widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Column widths in twips that add up to `width`: room for each longest word, the rest by length of text."""
    columns = max((len(row) for row in rows), default=0)
    if not columns:
        return []
    least: list[float] = []
    wish: list[float] = []
    for column in range(columns):
        cells = [row[column] for row in rows if column < len(row)]
        words = [_longest_word(cell) * (_BOLD if number == 0 else 1) for number, cell in enumerate(cells)]
        least.append(_CHARACTER * min(max(words, default=1), 22) + _MARGINS)
        lengths = [min(_length(cell), _LONG) for cell in cells] or [1]
        wish.append(_CHARACTER * (max(lengths) + sum(lengths) / len(lengths)) / 2 + _MARGINS)
    if sum(least) >= width:
        return _rounded([part * width / sum(least) for part in least], width)
    extra = [max(wanted - needed, 0) + 1 for wanted, needed in zip(wish, least, strict=True)]
    spare = width - sum(least)
    return _rounded([needed + spare * more / sum(extra) for needed, more in zip(least, extra, strict=True)], width)


def _shared_out(shares: Sequence[int], heading: Sequence[str], width: int) -> list[int]:
    """Widths by shares; a column that is too narrow for a word of its heading is widened at the cost of the others."""
    needed = [_CHARACTER * _longest_word(name) * _BOLD + _MARGINS for name in heading]
    asked = [width * share / sum(shares) for share in shares]
    if sum(needed) >= width:
        return _rounded(asked, width)
    widths = [max(pair) for pair in zip(asked, needed, strict=True)]
    over, spare = sum(widths) - width, sum(widths) - sum(needed)
    kept = [part - over * (part - least) / spare for part, least in zip(widths, needed, strict=True)]
    return _rounded(kept, width)


def build_table(
    cells: Sequence[Sequence[list[Element]]],
    texts: Sequence[Sequence[str]],
    width: int,
    styles: StyleNames,
    shares: Sequence[int] = (),
) -> Element:
    """A table of runs: the first row is the heading and repeated on every page, and only tall rows break across pages.

    Columns are as wide as their `shares` of `width`, but no word of the heading is broken, or as their words ask for.
    """
    columns = max((len(row) for row in cells), default=1)
    widths = column_widths(texts, width) or [width]
    if shares:
        widths = _shared_out(shares, texts[0], width)
    numeric = [is_numeric([row[column] for row in texts[1:] if column < len(row)]) and column > 0
               for column in range(columns)]  # fmt: skip
    table = el("tbl", el("tblPr"), el("tblGrid", *(el("gridCol", w=str(part)) for part in widths)))
    properties = table[0]
    style = styles.find("Roundtable Table")
    if style:
        properties.append(el("tblStyle", val=style))
    properties.append(el("tblW", w=str(width), type="dxa"))
    properties.append(el("tblLayout", type="fixed"))
    properties.append(el("tblLook", val="0420", firstRow="1", lastRow="0", firstColumn="0", lastColumn="0",
                         noHBand="0", noVBand="1"))  # fmt: skip
    for number, row in enumerate(cells):
        heading = number == 0
        whole = [] if not heading and _is_tall(texts[number], widths) else [el("cantSplit")]
        made = el("tr", el("trPr", *whole, *([el("tblHeader")] if heading else [])))
        name = styles.find("Table Heading" if heading else "Table Text")
        for column in range(columns):
            content = row[column] if column < len(row) else []
            aligned = [el("jc", val="right")] if numeric[column] else []
            cell = el("tc", el("tcPr", el("tcW", w=str(widths[column]), type="dxa")))
            cell.append(paragraph(name, content, *aligned))
            made.append(cell)
        table.append(made)
    return table


def _is_tall(texts: Sequence[str], widths: Sequence[int]) -> bool:
    return any(
        sum(1 + _length(line) * _CHARACTER // max(width - _MARGINS, 1) for line in text.split("\n")) > _TALL
        for text, width in zip(texts, widths, strict=False)
    )


def mend_grids(root: Element) -> None:
    """Give tables that a loop over columns has made wider or narrower as many grid columns as they have cells."""
    for table in root.iter(w("tbl")):
        grid = child(table, "tblGrid")
        rows = [list(row.iterchildren(w("tc"))) for row in table.iterchildren(w("tr"))]
        cells = max((len(row) for row in rows), default=0)
        spans = any(child(cell, "tcPr", "gridSpan") is not None for row in rows for cell in row)
        if grid is None or spans or not cells or cells == len(grid):
            continue
        width = sum(int(val(column, "w") or 0) for column in grid) or 9000
        for column in list(grid):
            grid.remove(column)
        grid.extend(el("gridCol", w=str(part)) for part in _rounded([width / cells] * cells, width))
        for row in rows:
            for cell in row:
                _measure(cell, width // cells)


def fit_tables(root: Element, width: int, styles: StyleNames) -> None:
    """Give the tables that a template filled by a loop over columns their grid and widths.

    Tables with the same headings get the same widths, so that a list in several tables reads as one. Only tables of
    the house style that are not of fixed layout: those a coordinator fixed in Word keep their widths.
    """
    alike: dict[tuple[str, ...], list[tuple[Element, list[list[str]]]]] = {}
    for table in root.iter(w("tbl")):
        properties = child(table, "tblPr")
        if val(child(properties, "tblStyle")) != styles.find("Roundtable Table"):
            continue
        if val(child(properties, "tblLayout"), "type") == "fixed":
            continue
        rows = [[_cell_text(cell) for cell in row.iterchildren(w("tc"))] for row in table.iterchildren(w("tr"))]
        if rows:
            alike.setdefault(tuple(rows[0]), []).append((table, rows))
    for headings, tables in alike.items():
        widths = column_widths([list(headings), *(row for _, rows in tables for row in rows[1:])], width)
        for table, _ in tables:
            _set_widths(table, widths)


def _set_widths(table: Element, widths: Sequence[int]) -> None:
    grid, properties = ensure(table, "tblGrid"), child(table, "tblPr")
    for column in list(grid):
        grid.remove(column)
    grid.extend(el("gridCol", w=str(part)) for part in widths)
    for row in table.iterchildren(w("tr")):
        for cell, part in zip(row.iterchildren(w("tc")), widths, strict=False):
            _measure(cell, part)
    if properties is not None:
        whole = ensure(properties, "tblW")
        whole.set(w("w"), str(sum(widths)))
        whole.set(w("type"), "dxa")
        ensure(properties, "tblLayout").set(w("type"), "fixed")


def text_width(body: Element) -> int:
    """The width of the text in twips, from the last section of a document's body; A4 portrait where it says nothing."""
    size, margins = child(body, "sectPr", "pgSz"), child(body, "sectPr", "pgMar")
    page = int(val(size, "w") or 11906)
    return max(page - int(val(margins, "left") or 1418) - int(val(margins, "right") or 1418), 2000)


def is_landscape(body: Element) -> bool:
    """Whether the pages of a document's last section are wider than high."""
    size = child(body, "sectPr", "pgSz")
    return int(val(size, "w") or 11906) > int(val(size, "h") or 16838)


def is_numeric(cells: Iterable[str]) -> bool:
    """Whether all cells that say something are numbers, which then stand flush with their last digit."""
    said = [cell.strip() for cell in cells if cell.strip()]
    return bool(said) and all(_NUMBER.fullmatch(cell) for cell in said)


def _measure(cell: Element, width: int) -> None:
    measure = ensure(ensure(cell, "tcPr"), "tcW")
    measure.set(w("w"), str(width))
    measure.set(w("type"), "dxa")


def _cell_text(cell: Element) -> str:
    lines = ("".join(text.text or "" for text in part.iter(w("t"))) for part in cell.iter(w("p")))
    return "\n".join(lines)


def _longest_word(text: str) -> float:
    """In characters as wide as a Latin one; every East Asian sign is a word of two."""
    spaced = _WIDE.sub("  ", text)
    words = re.split(r"\s+|(?<=[-/–])", spaced)
    return max((len(word) + len(_JOINED.findall(word)) / 4 for word in words), default=1) or 1


def _length(text: str) -> int:
    line = max(text.split("\n"), key=len)
    return len(line) + len(_WIDE.findall(line))


def _rounded(parts: list[float], width: int) -> list[int]:
    whole = [int(part) for part in parts]
    whole[-1] += width - sum(whole)
    return whole
