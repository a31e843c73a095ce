"""The rows of a translator's bilingual table: each side in its own language and direction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tasks.adapters.word.language import set_run_direction
from tasks.adapters.word.ooxml import Element, child, ensure, local, switch, val, w
from tasks.adapters.word.opc import Docx
from tasks.adapters.word.stylenames import StyleNames
from tasks.adapters.word.writing import el, text_run
from tasks.domain.errors import Invalid
from tasks.domain.locale import proofing_tag
from tasks.domain.wordwise import word_opcodes

#: The bookmark in the row of the template that the rows take the place of.
ROWS_MARK: Final = "roundtable_rows"
_CODE: Final = re.compile("(⟦[^⟧]*⟧)")


@dataclass(frozen=True)
class Row:
    """A segment's number, source text, target text ("" where there is none yet), and its source text `before` a change.

    What differs from `before` is shown as put in and taken out.
    """

    number: str
    source: str
    target: str
    before: str = ""


@dataclass(frozen=True)
class Rows:
    """The three-column table of a bilingual file: number, source text, target text."""

    rows: Sequence[Row]
    source_language: str
    source_rtl: bool
    target_language: str
    target_rtl: bool


def fill_rows(docx: Docx, rows: Rows) -> None:
    """Replace the marked row of the document's table by `rows`; Invalid where the mark is missing.

    Inline codes (⟦1⟧) get a style that is not proofread, so that a translator sees them at once and leaves them alone.
    """
    root = docx.tree(docx.main)
    mark = next((m for m in root.iter(w("bookmarkStart")) if val(m, "name") == ROWS_MARK), None)
    model = None if mark is None else next((p for p in mark.iterancestors(w("tr"))), None)
    table = None if model is None else model.getparent()
    cells = [] if model is None else list(model.iterchildren(w("tc")))
    if model is None or table is None or len(cells) != 3:
        raise Invalid(
            f"{docx.name}: a row of three cells with the bookmark {ROWS_MARK} is missing; "
            "put it back into the second row of the template's table"
        )
    styles = StyleNames(docx)
    names = [styles.find(f"Bilingual {part}") for part in ("Number", "Source", "Target")]
    directions = (False, rows.source_rtl, rows.target_rtl)
    widths = [val(child(cell, "tcPr", "tcW"), "w") or "3000" for cell in cells]
    code = styles.find("Inline Code")
    place = table.index(model)
    table.remove(model)
    for number, row in enumerate(rows.rows):
        made = el("tr", el("trPr", el("cantSplit")))
        shown = (_runs(row.number, code), _changed_runs(row.before, row.source, code), _runs(row.target, code))
        for runs, width, style, rtl in zip(shown, widths, names, directions, strict=True):
            made.append(el("tc", el("tcPr", el("tcW", w=width, type="dxa")), _paragraph(runs, style, rtl)))
        table.insert(place + number, made)
    docx.write(docx.main, root)
    _set_languages(docx, {names[1]: rows.source_language, names[2]: rows.target_language})


def _paragraph(runs: Iterable[Element], style: str | None, rtl: bool) -> Element:
    properties = el("pPr")
    if style:
        properties.append(el("pStyle", val=style))
    # Said either way: the document around the table may have the other direction.
    direction = el("bidi") if rtl else el("bidi", val="0")
    properties.append(direction)
    made = el("p", properties, *runs)
    for run in list(made.iterchildren(w("r"))) if rtl else ():
        # Turned round, the end of one pair would look like a code by itself: a code stays as it is read.
        if not _CODE.fullmatch("".join(map(str, run.itertext()))):
            set_run_direction(run, True)
    return made


def _runs(text: str, code: str | None) -> Iterator[Element]:
    for piece in _CODE.split(text):
        if piece:
            yield text_run(piece, char_style=code if _CODE.fullmatch(piece) else None)


def _changed_runs(before: str, now: str, code: str | None) -> Iterator[Element]:
    """The text as it is now; with what it was `before`, if that is given, shown as put in and taken out."""
    if not before:
        yield from _runs(now, code)
        return
    for op in word_opcodes(before, now):
        if op.tag == "equal":
            yield from _runs(now[op.dest_start : op.dest_end], code)
            continue
        if op.src_start < op.src_end:
            yield text_run(before[op.src_start : op.src_end], change="deleted")
        if op.dest_start < op.dest_end:
            yield text_run(now[op.dest_start : op.dest_end], change="inserted")


def _set_languages(docx: Docx, languages: dict[str | None, str]) -> None:
    part = docx.related(docx.main, "styles")
    if part is None:
        return
    root = docx.tree(part)
    for style in root.iterchildren(w("style")):
        language = languages.get(val(style, "styleId")) if val(style, "type") == "paragraph" else None
        if language is None:
            continue
        runs = child(style, "rPr")
        if runs is None:
            runs = el("rPr")
            before = [index for index, node in enumerate(style) if local(node) == "pPr"]
            style.insert(before[0] + 1 if before else len(style), runs)
        switch(runs, "lang", False)
        tag = ensure(runs, "lang")
        for name in ("val", "eastAsia", "bidi"):
            tag.set(w(name), proofing_tag(language))
    docx.write(part, root)
