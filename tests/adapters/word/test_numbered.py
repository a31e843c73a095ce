"""Paragraph numbers of a paper: which paragraphs get them, and that they stay through translation."""

from __future__ import annotations

import pytest

from tasks.adapters.word.build import fill_body
from tasks.adapters.word.ingest import open_safely
from tasks.adapters.word.numbered import number_paragraphs
from tasks.adapters.word.ooxml import child, val, w
from tasks.adapters.word.opc import unpack
from tasks.adapters.word.reader import read_blocks
from tasks.adapters.word.segments import extract, rebuild
from tasks.domain.text import Block, Figure, Footnote, Heading, Item, Paragraph, Table, Text
from tests.adapters.word.samples import TEMPLATES, cells, png, text
from tests.adapters.word.word_help import MARK, STYLES, field, p, r, raw, table

TEMPLATE = (TEMPLATES / "background-paper.docx").read_bytes()
BODY: list[Block] = [
    Heading(1, text("Section one")),
    Paragraph((*text("A first."), Footnote(text("A note.")))),
    Heading(2, text("Below it")),
    Paragraph(text("Namely:")),
    Item(text("bullet"), first=True),
    Item(text("one"), ordered=True, first=True),
    Item(text("two"), ordered=True),
    Table(cells(("A", "B"), ("x", "1")), "A table"),
    Heading(1, text("Section two")),
    Paragraph(text("A last.")),
    Figure("map.png", "A map"),
    Paragraph(()),
]
PAPER = fill_body(TEMPLATE, BODY, {"map.png": png()})
STYLED = [
    "Heading1", "NumberedParagraph", "Heading2", "NumberedParagraph", "ListBullet", "ListNumber", "ListNumber",
    "Caption", "TableHeading", "TableHeading", "TableText", "TableText", "Heading1", "NumberedParagraph", "Figure",
    "FigureCaption", "BodyText",
]  # fmt: skip


def styled(data: bytes) -> list[str | None]:
    """The style of every paragraph from the body mark on, those in tables too."""
    docx = unpack(data)
    paragraphs = list(docx.tree(docx.main).iter(w("p")))
    start = next(i for i, each in enumerate(paragraphs) if child(each, "bookmarkStart") is not None)
    return [val(child(each, "pPr", "pStyle")) for each in paragraphs[start:]]


def test_only_running_text_is_numbered():
    assert styled(number_paragraphs(PAPER)) == STYLED


def test_all_paragraphs_count_on_in_one_list():
    docx = unpack(number_paragraphs(PAPER))
    numbered = [each for each in docx.tree(docx.main).iter(w("p")) if child(each, "pPr", "pStyle") is not None]
    numbered = [each for each in numbered if val(child(each, "pPr", "pStyle")) == "NumberedParagraph"]
    assert len(numbered) == 3
    assert all(child(each, "pPr", "numPr") is None for each in numbered)


def test_it_reads_back_with_nothing_else_changed():
    before = read_blocks(open_safely(PAPER, "paper"))
    after = read_blocks(open_safely(number_paragraphs(PAPER), "paper"))
    assert [block for block in after if not isinstance(block, Paragraph)] == [
        block for block in before if not isinstance(block, Paragraph)
    ]
    assert [(block.content, block.numbered) for block in after if isinstance(block, Paragraph)] == [
        (block.content, True) for block in before if isinstance(block, Paragraph)
    ]


def test_numbering_again_changes_nothing():
    once = number_paragraphs(PAPER)
    assert number_paragraphs(once) == once


@pytest.mark.parametrize(("language", "rtl"), [("fr-FR", False), ("ar-EG", True)])
def test_a_translation_is_numbered_as_its_source_is(language: str, rtl: bool):
    master = number_paragraphs(PAPER)
    targets = {segment.id: segment.text.replace("A ", "Z ") for segment in extract(open_safely(master, "paper"))}
    built = rebuild(master, targets, language, rtl)
    assert styled(built) == STYLED
    assert number_paragraphs(built) == built


def test_what_was_typed_or_pasted_in_plain_style_is_numbered_too():
    body = (
        p(MARK + r("First"), "Kop1")
        + p("no style")
        + p("plain", "Normal", '<w:jc w:val="left"/>')
        + p("   ")
        + p("own list", "", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr>')
        + p(r("Table ") + field(" SEQ Table ", r("1")), "Caption")
        + table(["in a table"])
        + p("end", "Own")
    )
    made = styled(number_paragraphs(raw(body)))
    assert made == ["Kop1", "NumberedParagraph", "NumberedParagraph", None, None, "Caption", None, "Own"]


def test_the_front_is_never_numbered():
    data = number_paragraphs(raw(p("A title page", "Normal") + p(MARK + r("Body")) + p("more")))
    docx = unpack(data)
    front = next(iter(docx.tree(docx.main).iter(w("p"))))
    assert val(child(front, "pPr", "pStyle")) == "Normal"
    assert styled(data) == ["NumberedParagraph", "NumberedParagraph"]


def test_a_paper_without_the_style_stays_as_it_is():
    without = STYLES.replace("Numbered Paragraph", "Something Else")
    data = raw(p(MARK + r("Body")), styles=without)
    assert number_paragraphs(data) == data


def test_a_numbered_paragraph_reads_back_as_one():
    assert read_blocks(open_safely(number_paragraphs(raw(p(MARK + r("Body")))), "bare")) == [
        Paragraph((Text("Body"),), numbered=True)
    ]
