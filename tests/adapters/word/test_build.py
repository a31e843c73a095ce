"""Blocks as the body of a Word document: styles, numbers, notes, tables, figures and the body mark."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Sequence
from pathlib import Path

import docx as python_docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.adapters.word.build import BODY_MARK, Guidance, fill_body
from tasks.adapters.word.ingest import open_safely
from tasks.adapters.word.ooxml import WP, A, Element, R, child, local, val, w
from tasks.adapters.word.opc import Docx, unpack
from tasks.adapters.word.reader import read_blocks
from tasks.adapters.word.segments import extract, rebuild
from tasks.adapters.word.stylenames import StyleNames
from tasks.adapters.word.tables import build_table, column_widths, is_numeric
from tasks.domain.errors import Invalid, Unknown
from tasks.domain.text import Block, Figure, Footnote, Heading, Item, Paragraph, Table, Text
from tests.adapters.word.samples import BODY, EXTRAS, IMAGES, TEMPLATES, cells, png, text
from tests.adapters.word.word_help import needs_libreoffice, through_libreoffice

TEMPLATE = (TEMPLATES / "report.docx").read_bytes()


def filled(blocks: Sequence[Block], images: dict[str, bytes] | None = None) -> Docx:
    return unpack(fill_body(TEMPLATE, blocks, images))


def body(docx: Docx) -> list[Element]:
    """The elements of the body from the mark on, without the section."""
    root = child(docx.tree(docx.main), "body")
    assert root is not None
    elements = [element for element in root if local(element) != "sectPr"]
    start = next(i for i, e in enumerate(elements) for m in e.iter(w("bookmarkStart")) if val(m, "name") == BODY_MARK)
    return elements[start:]


def style_of(paragraph: Element) -> str | None:
    return val(child(paragraph, "pPr", "pStyle"))


def test_a_body_reads_back_as_it_was_written():
    docx = open_safely(fill_body(TEMPLATE, BODY, IMAGES), "sample")
    expected = [dataclasses.replace(b, key=None) if isinstance(b, Heading) else b for b in BODY]
    assert read_blocks(docx) == expected


def test_each_kind_of_block_has_its_style():
    made = body(filled([*BODY, *EXTRAS], IMAGES))
    assert [style_of(e) if local(e) == "p" else local(e) for e in made] == [
        "Heading1", "NumberedParagraph", "NumberedParagraph", "Heading2", "ListBullet", "ListBullet", "ListNumber",
        "ListNumber", "BodyText", "ListNumber", "Caption", "tbl", "NumberedParagraph", "Heading3", "Figure",
        "FigureCaption", "Guidance", "Quote",
    ]  # fmt: skip


def test_styles_are_found_by_name_in_a_template_saved_by_a_french_word():
    docx = unpack(TEMPLATE)
    docx.parts["word/styles.xml"] = docx.parts["word/styles.xml"].replace(b'"Heading1"', b'"Titre1"')
    made = unpack(fill_body(docx.to_bytes(), [Heading(1, text("A"))]))
    assert style_of(body(made)[0]) == "Titre1"


def test_numbered_paragraphs_are_numbered_by_their_style_alone():
    docx = filled(BODY, IMAGES)
    numbered = [p for p in body(docx) if style_of(p) == "NumberedParagraph"]
    assert numbered and all(child(p, "pPr", "numPr") is None for p in numbered)
    styles = {val(s, "styleId"): s for s in docx.tree("word/styles.xml").iter(w("style"))}
    assert val(child(styles["NumberedParagraph"], "pPr", "numPr", "numId")) == "1"


def test_each_numbered_list_counts_anew():
    docx = filled(BODY, IMAGES)
    used = [val(child(p, "pPr", "numPr", "numId")) for p in body(docx) if style_of(p) == "ListNumber"]
    assert used[0] == used[1] != used[2]
    numbers = {val(n, "numId"): n for n in docx.tree("word/numbering.xml").iter(w("num"))}
    for ident in set(used):
        assert val(child(numbers[ident], "lvlOverride", "startOverride")) == "1"
        assert val(child(numbers[ident], "abstractNumId")) == "3"


def test_a_numbered_item_without_a_beginning_begins_a_list():
    docx = filled([Item(text("a"), ordered=True), Item(text("b"), ordered=True)])
    used = {val(child(p, "pPr", "numPr", "numId")) for p in body(docx)}
    assert len(used) == 1


def test_footnotes_are_real_and_every_reference_has_its_note():
    docx = filled(BODY, IMAGES)
    notes = docx.tree("word/footnotes.xml")
    kinds = {val(n, "id"): val(n, "type") for n in notes.iter(w("footnote"))}
    assert kinds == {"-1": "separator", "0": "continuationSeparator", "1": None, "2": None}
    references = [val(r, "id") for r in docx.tree(docx.main).iter(w("footnoteReference"))]
    assert references == ["1", "2"]
    links = {r.target for r in docx.relationships("word/footnotes.xml")}
    assert links == {"https://example.org/survey"}
    assert docx.content_type("word/footnotes.xml").endswith("footnotes+xml")


def test_a_template_without_footnotes_gets_the_part_and_its_settings():
    docx = unpack(TEMPLATE)
    docx.unrelate(docx.main, {r.id for r in docx.relationships(docx.main) if r.kind == "footnotes"})
    docx.sweep()
    settings_ = docx.tree("word/settings.xml")
    settings_.remove(settings_.find(w("footnotePr")))  # type: ignore[arg-type]
    docx.write("word/settings.xml", settings_)
    made = unpack(fill_body(docx.to_bytes(), [Paragraph((Footnote(text("Note.")),))]))
    part = made.related(made.main, "footnotes")
    assert part is not None and any(t.text == "Note." for t in made.tree(part).iter(w("t")))
    order = [local(e) for e in made.tree("word/settings.xml")]
    assert order.index("footnotePr") < order.index("compat")


def test_links_are_external_relationships():
    docx = filled(BODY, IMAGES)
    link = next(docx.tree(docx.main).iter(w("hyperlink")))
    target = {r.id: r for r in docx.relationships(docx.main)}[str(link.get(f"{{{R}}}id"))]
    assert (target.target, target.external) == ("https://example.org/platform", True)


def test_a_table_repeats_its_heading_and_breaks_no_row():
    table = next(e for e in body(filled(BODY, IMAGES)) if local(e) == "tbl")
    rows = list(table.iterchildren(w("tr")))
    assert [child(row, "trPr", "tblHeader") is not None for row in rows] == [True, False, False]
    assert all(child(row, "trPr", "cantSplit") is not None for row in rows)
    widths = [int(val(c, "w") or 0) for c in table.iter(w("gridCol"))]
    assert sum(widths) == 9070
    aligned = [val(child(p, "pPr", "jc")) for p in rows[1].iter(w("p"))]
    assert aligned == [None, "right"]


def test_tables_never_touch_and_text_keeps_its_distance():
    table = Table(cells(("a", "b"), ("c", "d")))
    made = body(filled([table, table, Paragraph(text("after"))]))
    assert [local(e) for e in made] == ["p", "tbl", "p", "tbl", "p"]
    assert val(child(made[-1], "pPr", "spacing"), "before") == "200"
    assert local(body(filled([table]))[-1]) == "p"


def test_rows_of_different_length_make_a_whole_table():
    made = body(filled([Table(cells(("a", "b", "c"), ("d",)))]))
    table = next(e for e in made if local(e) == "tbl")
    assert [len(list(row.iterchildren(w("tc")))) for row in table.iterchildren(w("tr"))] == [3, 3]


def test_a_figure_fits_the_page_and_says_what_it_shows():
    docx = filled([Figure("wide.png", "Wide & long"), Figure("wide.png", "")], {"wide.png": png(4000, 100)})
    extents = list(docx.tree(docx.main).iter(f"{{{WP}}}extent"))
    assert [e.get("cx") for e in extents] == [str(9070 * 635)] * 2
    about = list(docx.tree(docx.main).iter(f"{{{WP}}}docPr"))
    assert [a.get("descr") for a in about] == ["Wide & long", ""]
    assert len({a.get("id") for a in about}) == 2
    assert len({b.get(f"{{{R}}}embed") for b in docx.tree(docx.main).iter(f"{{{A}}}blip")}) == 1
    assert docx.content_type("word/media/wide.png") == "image/png"


def test_a_missing_picture_is_named_with_those_there_are():
    with pytest.raises(Unknown, match=r"'b\.png' is not there; there are: a\.png"):
        filled([Figure("b.png", "")], {"a.png": png()})


def test_what_is_no_picture_is_refused():
    with pytest.raises(Invalid, match="PNG or JPEG"):
        filled([Figure("a.png", "")], {"a.png": b"<svg/>"})


def test_the_body_mark_stays_on_the_first_paragraph():
    assert local(body(filled(BODY, IMAGES))[0]) == "p"
    assert [local(e) for e in body(filled([]))] == ["p"]


def test_filling_again_replaces_the_body_and_what_it_used():
    once = fill_body(TEMPLATE, BODY, IMAGES)
    docx = unpack(fill_body(once, [Paragraph((Text("New."), Footnote(text("Only note."))))]))
    assert "".join(t.text or "" for e in body(docx) for t in e.iter(w("t"))) == "New."
    assert not [part for part in docx.parts if "media" in part]
    assert len(list(docx.tree("word/footnotes.xml").iter(w("footnote")))) == 3
    assert not [r for r in docx.relationships(docx.main) if r.kind == "hyperlink"]
    python_docx.Document(io.BytesIO(docx.to_bytes()))


def test_without_a_mark_nothing_is_overwritten():
    docx = unpack(TEMPLATE)
    docx.parts[docx.main] = docx.parts[docx.main].replace(BODY_MARK.encode(), b"other")
    with pytest.raises(Invalid, match=BODY_MARK):
        fill_body(docx.to_bytes(), BODY)


def test_same_blocks_same_bytes():
    assert fill_body(TEMPLATE, BODY, IMAGES) == fill_body(TEMPLATE, BODY, IMAGES)


def test_guidance_is_a_paragraph_to_everyone_else():
    docx = open_safely(fill_body(TEMPLATE, [Guidance(text("Say why."))]), "sample")
    assert read_blocks(docx) == [Paragraph(text("Say why."))]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=30))
def test_any_text_makes_a_document_that_opens(words: str, note: str):
    data = fill_body(TEMPLATE, [Paragraph((Text(words), Footnote((Text(note),)))), Table((((Text(words),),),))])
    python_docx.Document(io.BytesIO(data))


@given(st.lists(st.lists(st.text(max_size=90), min_size=1, max_size=9), min_size=1, max_size=4))
def test_columns_always_add_up_to_the_width(rows: list[list[str]]):
    widths = column_widths(rows, 9070)
    assert sum(widths) == 9070 and all(width > 0 for width in widths)
    assert len(widths) == max(map(len, rows))


@given(st.lists(st.integers(1, 90), min_size=2, max_size=8), st.data())
def test_no_word_of_a_heading_is_broken_where_there_is_room(shares: list[int], data: st.DataObject):
    heading = data.draw(
        st.lists(st.sampled_from(["Nr", "الفقرة", "段落", "Paragraph"]), min_size=len(shares), max_size=8)
    )
    heading = heading[: len(shares)]
    empty: list[list[list[Element]]] = [[[] for _ in heading] for _ in range(2)]
    table = build_table(empty, [heading, [""] * len(heading)], 12000, StyleNames(unpack(TEMPLATE)), shares)
    widths = [int(val(column, "w") or 0) for column in table.iter(w("gridCol"))]
    assert sum(widths) == 12000
    for word, width in zip(heading, widths, strict=True):
        assert width > 105 * len(word)


def test_a_long_word_gets_its_room():
    widths = column_widths([["Nr", "Entwicklungszusammenarbeit"], ["1", "x"]], 4000)
    assert widths[1] > widths[0] * 2


@pytest.mark.parametrize(
    ("column", "numeric"),
    [(["1,250", "880", ""], True), (["12 %", "3 %"], True), (["1.1-2"], False), (["about 5"], False), ([], False)],
)
def test_a_column_of_numbers_is_known(column: list[str], numeric: bool):
    assert is_numeric(column) is numeric


LABELS = {"table": "Tableau", "figure": "Figure"}
CAPTIONED: list[Block] = [
    Table(cells(("A",), ("x",)), "Flows"),
    Table(cells(("B",), ("y",)), "Stocks"),
    Table(cells(("C",), ("z",))),
    Figure("map.png", "Routes"),
    Table(cells(("D",), ("w",)), "Tableau 9 : typed by hand"),
]


def captions(docx: Docx) -> list[str]:
    styled = [e for e in body(docx) if style_of(e) in ("Caption", "FigureCaption")]
    return ["".join(t.text or "" for t in e.iter(w("t"))) for e in styled]


def test_captions_are_numbered_in_the_words_of_the_language():
    docx = unpack(fill_body(TEMPLATE, CAPTIONED, {"map.png": png()}, LABELS))
    numbered = ["Tableau\u00a01. Flows", "Tableau\u00a02. Stocks", "Figure\u00a01. Routes", "Tableau 9 : typed by hand"]
    assert captions(docx) == numbered
    codes = [code.text or "" for code in docx.tree(docx.main).iter(w("instrText"))]
    assert [code.split()[:2] for code in codes] == [["SEQ", "Table"], ["SEQ", "Table"], ["SEQ", "Figure"]]


def test_captions_without_labels_are_not_numbered():
    assert captions(filled(CAPTIONED, {"map.png": png()}))[:2] == ["Flows", "Stocks"]


def test_numbered_captions_read_back_as_they_were_written():
    data = fill_body(TEMPLATE, CAPTIONED, {"map.png": png()}, LABELS)
    assert read_blocks(open_safely(data, "sample")) == CAPTIONED


def test_the_number_of_a_caption_is_a_code_to_a_translator_and_its_label_text():
    data = fill_body(TEMPLATE, CAPTIONED, {"map.png": png()}, LABELS)
    found = {s.id: s.text for s in extract(open_safely(data, "sample"))}
    assert "Tableau\u00a0⟦1/⟧. Flows" in found.values()
    targets = {id: text.replace("Tableau", "Cuadro").replace("Flows", "Flujos") for id, text in found.items()}
    built = rebuild(data, targets, "es-ES", False)
    assert captions(unpack(built))[:2] == ["Cuadro\u00a01. Flujos", "Cuadro\u00a02. Stocks"]
    first = next(block for block in read_blocks(open_safely(built, "sample")) if isinstance(block, Table))
    assert first.caption == "Flujos"


@needs_libreoffice
def test_numbered_captions_come_back_from_libreoffice(tmp_path: Path):
    data = fill_body(TEMPLATE, CAPTIONED, {"map.png": png()}, LABELS)
    back = read_blocks(open_safely(through_libreoffice(data, tmp_path), "returned"))
    named = [block.caption for block in back if isinstance(block, (Table, Figure))]
    assert named == ["Flows", "Stocks", "", "Routes", "Tableau 9 : typed by hand"]


def test_a_list_stands_apart_from_what_follows():
    made = body(filled([Item(text("a"), first=True), Item(text("b")), Paragraph(text("c")), Item(text("d"))]))
    assert [val(child(e, "pPr", "spacing"), "after") for e in made] == [None, "180", None, "180"]
