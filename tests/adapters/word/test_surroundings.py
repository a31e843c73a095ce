"""What stands around a paper's text, and the words it does not choose: translated, or put in by the edition."""

from __future__ import annotations

import io

import docx
import pytest

from tasks.adapters.word.identity import Identity, stamp
from tasks.adapters.word.ooxml import child, val, w
from tasks.adapters.word.opc import unpack
from tasks.adapters.word.segments import extract, rebuild
from tests.adapters.word.word_help import MARK, STYLES, add_xml, field, p, r, raw

LABELS = {"table": "Tableau", "figure": "Figure", "contents": "Table des matières"}
CAPTION = r("Table ") + field(" SEQ Table \\* ARABIC ", r("2")) + r(": Money sent home")


def foreign(*, is_marked: bool = False) -> bytes:
    """A paper from elsewhere: a cover, two sections with headers, a title."""
    document = docx.Document()
    document.add_paragraph("A cover")
    document.add_heading("Context", 1)
    add_xml(document, p(MARK + r("Text")) if is_marked else p("Text"))
    document.sections[0].header.paragraphs[0].text = "The forum"
    document.sections[0].footer.paragraphs[0].text = "Draft of a paper"
    document.add_section().header.is_linked_to_previous = False
    document.sections[1].header.paragraphs[0].text = "Annex"
    document.core_properties.title = "Work & money"
    document.core_properties.subject = "–"
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def texts_of(data: bytes) -> dict[str, str]:
    return {segment.id: segment.text for segment in extract(unpack(data))}


def shown(data: bytes) -> str:
    return "".join(node.text or "" for node in unpack(data).tree("word/document.xml").iter(w("t")))


def test_of_a_foreign_paper_everything_a_reader_sees_is_translated():
    assert [(segment.id, segment.place, segment.text) for segment in extract(unpack(foreign()))] == [
        ("c1", "front, paragraph 1", "A cover"),
        ("p1", "heading, paragraph 1", "Context"),
        ("p2", "paragraph 2", "Text"),
        ("h1.1", "header", "The forum"),
        ("h2.1", "footer", "Draft of a paper"),
        ("h3.1", "header", "Annex"),
        ("prop.title", "property, title", "Work & money"),
    ]


def test_each_comes_back_where_it_stood():
    data = foreign()
    targets = {id_: text.upper() for id_, text in texts_of(data).items()}
    back = rebuild(data, targets, "fr-FR", False)
    assert texts_of(back) == targets
    assert docx.Document(io.BytesIO(back)).core_properties.title == "WORK & MONEY"


def test_around_the_body_of_a_file_of_ours_nothing_is_translated():
    assert list(texts_of(foreign(is_marked=True))) == ["p1"]
    # Of a file that lost its mark the body begins with the first section.
    assert list(texts_of(stamp(foreign(), Identity("forum", "1.1", "background-paper", "1.1", 1, "en")))) == [
        "p1",
        "p2",
    ]


def test_headers_turn_with_the_language():
    data = foreign()
    back = unpack(rebuild(data, texts_of(data), "ar-EG", True))
    part = back.related(back.main, "header")
    assert part is not None
    (paragraph,) = back.tree(part).iter(w("p"))
    assert child(paragraph, "pPr", "bidi") is not None


@pytest.mark.parametrize(
    ("content", "target", "text"),
    [
        (CAPTION, "Tabelle ⟦1/⟧ : L’argent", "Tableau 2 : L’argent"),
        (r("Table ") + '<w:fldSimple w:instr="SEQ Table"><w:r><w:t>2</w:t></w:r></w:fldSimple>', "T ⟦1/⟧", "Tableau 2"),
        (r("Fig.\u00a0") + field("SEQ Figuur", r("1")) + r(" A"), "Fig.\u00a0⟦1/⟧ B", "Figure\u00a01 B"),
        # No label: the number comes first, or it counts something else.
        (field("SEQ Table", r("2")) + r(". table: A"), "⟦1/⟧. tableau : B", "2. tableau : B"),
        (r("Map ") + field("SEQ Map", r("2")), "Carte ⟦1/⟧", "Carte 2"),
    ],
)
def test_the_word_before_a_number_is_the_editions(content: str, target: str, text: str):
    assert shown(rebuild(raw(p(content, "Caption")), {"p1": target}, "fr", False, LABELS)) == text


def test_a_number_in_running_text_keeps_the_translators_word():
    assert shown(rebuild(raw(p(CAPTION)), {"p1": "Grille ⟦1/⟧: B"}, "fr", False, LABELS)) == "Grille 2: B"


def test_the_contents_have_the_editions_heading():
    styles = STYLES + '<w:style w:type="paragraph" w:styleId="Kop"><w:name w:val="TOC Heading"/></w:style>'
    data = raw(p(r("Conte") + r("nts"), "Kop"), styles=styles)
    assert shown(rebuild(data, {"p1": "Sommaire"}, "fr", False, LABELS)) == "Table des matières"
    assert shown(rebuild(data, {"p1": "Sommaire"}, "fr", False)) == "Sommaire"


@pytest.mark.parametrize(("code", "text"), [("REF _Ref7 \\h", "Tableau 2"), ("REF _Ref7 \\r \\h", "Table 2")])
def test_references_to_a_caption_show_its_new_word(code: str, text: str):
    start, end = '<w:bookmarkStart w:id="4" w:name="_Ref7"/>', '<w:bookmarkEnd w:id="4"/>'
    caption = start + r("Table ") + field("SEQ Table", r("2")) + end + r(". A")
    data = raw(p(caption, "Caption") + p(r("see ") + field(code, r("Table ") + r("2"))))
    back = rebuild(data, {"p1": "Table ⟦1/⟧. B", "p2": "voir ⟦1/⟧"}, "fr", False, LABELS)
    assert shown(back) == f"Tableau 2. Bvoir {text}"


def test_chinese_is_marked_where_word_looks_for_it():
    mark = next(unpack(rebuild(raw(p("a")), {"p1": "甲"}, "zh-CN", False)).tree("word/document.xml").iter(w("lang")))
    assert (val(mark), val(mark, "eastAsia"), val(mark, "bidi")) == ("zh-CN", "zh-CN", None)


def test_paragraphs_without_words_are_in_the_language_too():
    back = unpack(rebuild(raw(p("a") + p("– … –")), {"p1": "b"}, "fr-FR", False)).tree("word/document.xml")
    assert [val(mark) for mark in back.iter(w("lang"))] == ["fr-FR", "fr-FR"]
