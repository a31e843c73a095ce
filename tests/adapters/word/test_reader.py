"""What a document says, read as somebody who accepts all changes would read it."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import docx
import pytest

from tasks.adapters.word.contexts import BackgroundPaper
from tasks.adapters.word.ingest import open_safely
from tasks.adapters.word.opc import unpack
from tasks.adapters.word.package import normalise
from tasks.adapters.word.reader import count_words, read_blocks, read_body, sections, words
from tasks.domain.text import (
    Block,
    Figure,
    Footnote,
    Heading,
    Item,
    Paragraph,
    Table,
    Text,
    WordCount,
    inlines,
    plain,
    text_of,
)
from tests.adapters.word.samples import BODY, CONTEXTS, rendered
from tests.adapters.word.samples import IMAGES as GIVEN_IMAGES
from tests.adapters.word.test_package import NOW
from tests.adapters.word.word_help import (
    MARK,
    box,
    corpus,
    drawing,
    field,
    made,
    needs_libreoffice,
    note,
    note_mark,
    opened,
    p,
    png,
    r,
    raw,
    table,
    through_libreoffice,
)

BOLD, ITALIC = "<w:b/>", "<w:i/>"


def blocks(body: str, **parts: object) -> list[Block]:
    return read_blocks(unpack(raw(body, **parts)))  # type: ignore[arg-type]


def para(*content: Text | Footnote | str, numbered: bool = False) -> Paragraph:
    return Paragraph(tuple(Text(c) if isinstance(c, str) else c for c in content), numbered)


class TestStart:
    BODY = p("Cover") + p("Contents", "Kop1")

    def test_is_the_mark(self) -> None:
        assert blocks(p("Cover") + p("First", "Kop1") + p(MARK + r("Body"))) == [para("Body")]

    def test_is_the_mark_between_paragraphs(self) -> None:
        assert blocks(p("Cover") + MARK + p("Body")) == [para("Body")]

    def test_is_the_mark_inside_a_content_control(self) -> None:
        body = p("Cover") + f"<w:sdt><w:sdtContent>{p(MARK + r('Body'))}</w:sdtContent></w:sdt>" + p("More")
        assert blocks(body) == [para("Body"), para("More")]

    def test_is_else_the_first_section_heading(self) -> None:
        assert blocks(p("Cover") + p("Sub", "Heading2") + p("Context", "Kop1") + p("x"))[0] == Heading(
            1, (Text("Context"),)
        )

    def test_is_else_the_start(self) -> None:
        assert blocks(p("Cover") + p("Sub", "Heading2")) == [para("Cover"), Heading(2, (Text("Sub"),))]


class TestKinds:
    def test_headings_by_name_by_outline_and_by_undefined_style(self) -> None:
        body = p("a", "Kop1") + p("b", "Heading2") + p("c", "", '<w:outlineLvl w:val="2"/>') + p("d", "Heading4")
        assert [(b.level, text_of(b)) for b in blocks(body) if isinstance(b, Heading)] == [
            (1, "a"),
            (2, "b"),
            (3, "c"),
            (4, "d"),
        ]

    def test_a_heading_made_body_text_by_hand_is_none(self) -> None:
        assert blocks(p("a", "Kop1", '<w:outlineLvl w:val="9"/>')) == [para("a")]

    def test_numbered_paragraphs_also_by_a_style_based_on_theirs(self) -> None:
        body = p("a", "NumberedParagraph") + p("b", "Own") + p("c", "NumberedParagraph", NONE) + p("d")
        assert blocks(body) == [para("a", numbered=True), para("b", numbered=True), para("c"), para("d")]

    def test_lists_by_style_and_by_numbering(self) -> None:
        body = (
            p("a", "ListBullet")
            + p("b", "ListBullet")
            + p("c")
            + p("d", "ListBullet")
            + p("1", "ListNumber")
            + p("2", "ListNumber")
            + p("e", "", number(1))
            + p("3", "", number(3))  # another list, but with the counter of the one before
            + p("1", "ListNumber", number(4))
            + p("2", "ListNumber")
            + p("f", "ListBullet", NONE)
        )
        assert blocks(body) == [
            Item((Text("a"),), first=True),
            Item((Text("b"),)),
            para("c"),
            Item((Text("d"),), first=True),
            Item((Text("1"),), ordered=True, first=True),
            Item((Text("2"),), ordered=True),
            Item((Text("e"),), first=True),
            Item((Text("3"),), ordered=True),
            Item((Text("1"),), ordered=True, first=True),
            Item((Text("2"),), ordered=True),
            para("f"),
        ]

    def test_a_numbered_list_goes_on_after_a_paragraph(self) -> None:
        found = blocks(p("1", "ListNumber") + p("between") + p("2", "ListNumber"))
        assert [b.first for b in found if isinstance(b, Item)] == [True, False]

    def test_a_table_of_contents_and_empty_paragraphs_are_none(self) -> None:
        assert blocks(p("1 Context 3", "TOC1") + p("") + p(r("  ")) + p("x")) == [para("x")]

    def test_what_python_docx_makes(self) -> None:
        def build(document: docx.document.Document) -> None:
            document.add_heading("Context", 1)
            run = document.add_paragraph("Money ").add_run("sent home")
            run.bold = True
            document.add_paragraph("one", "List Bullet")
            document.add_paragraph("first", "List Number")
            document.add_table(1, 2).rows[0].cells[1].text = "x"

        assert read_blocks(unpack(made(build))) == [
            Heading(1, (Text("Context"),)),
            para("Money ", Text("sent home", bold=True)),
            Item((Text("one"),), first=True),
            Item((Text("first"),), ordered=True, first=True),
            Table((((), (Text("x"),)),)),
        ]


NONE = '<w:numPr><w:numId w:val="0"/></w:numPr>'


def number(list_id: int) -> str:
    return f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{list_id}"/></w:numPr>'


class TestWhatThisProjectWrites:
    """The body of a paper as `render` builds it is read as it was given, also after LibreOffice saved it."""

    given = tuple(replace(b, key=None) if isinstance(b, Heading) else b for b in BODY)

    def paper(self) -> bytes:
        (context,) = (context for context in CONTEXTS if isinstance(context, BackgroundPaper))
        return rendered(context, blocks=BODY, images=GIVEN_IMAGES)

    def test_is_read_as_given(self) -> None:
        body = read_body(open_safely(self.paper(), "paper.docx"))
        assert body.blocks == self.given
        assert body.images == GIVEN_IMAGES

    @needs_libreoffice
    def test_is_read_as_given_after_libreoffice(self, tmp_path: Path) -> None:
        body = read_body(open_safely(through_libreoffice(self.paper(), tmp_path), "paper.docx"))
        named = tuple(replace(b, image="growth.png") if isinstance(b, Figure) else b for b in body.blocks)
        assert named == self.given  # but for the picture's name, which LibreOffice does not keep
        assert list(body.images.values()) == list(GIVEN_IMAGES.values())


class TestText:
    def test_runs_of_one_formatting_are_one_text(self) -> None:
        content = r("Mon") + r("ey ", "<w:noProof/>") + r("sent ", BOLD) + r("home", '<w:rStyle w:val="Strong"/>')
        assert blocks(p(content + r("!", "<w:b w:val='0'/>" + ITALIC))) == [
            para("Money ", Text("sent home", bold=True), Text("!", italic=True))
        ]

    def test_bold_of_right_to_left_text_is_its_own_switch(self) -> None:
        assert blocks(p(r("مال", "<w:bCs/><w:rtl/>") + r(" x", "<w:bCs/>"))) == [para(Text("مال", bold=True), " x")]

    def test_tabs_breaks_and_hyphens(self) -> None:
        content = r("a") + "<w:r><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t></w:r>"
        assert blocks(p(content + '<w:r><w:br w:type="page"/><w:softHyphen/></w:r>')) == [para("a\tb\nc\u2011d")]

    def test_insertions_count_and_deletions_do_not(self) -> None:
        content = (
            r("It ")
            + f"<w:ins>{r('really ')}</w:ins>"
            + "<w:del><w:r><w:delText>never </w:delText></w:r></w:del>"
            + f"<w:moveFrom>{r('gone ')}</w:moveFrom><w:moveTo>{r('helps')}</w:moveTo>"
        )
        assert blocks(p(content)) == [para("It really helps")]

    def test_paragraphs_whose_mark_is_deleted_are_one(self) -> None:
        gone = "<w:rPr><w:del/></w:rPr>"
        body = p("one ", "", gone) + p("two ", "", gone) + p("three", "NumberedParagraph") + p("end", "", gone)
        assert blocks(body) == [para("one two three", numbered=True), para("end")]

    def test_deleted_rows_do_not_count(self) -> None:
        body = table(["a"], ["b"]).replace("<w:tr>", "<w:tr><w:trPr><w:del/></w:trPr>", 1)
        assert blocks(body) == [Table((((Text("b"),),),))]

    def test_links(self) -> None:
        content = (
            f'<w:hyperlink r:id="rId8">{r("site")}</w:hyperlink>'
            f'<w:hyperlink r:id="rId9">{r("file")}</w:hyperlink>'
            f'<w:hyperlink w:anchor="x">{r("see")}</w:hyperlink>'
            + field(' HYPERLINK "https://example.net/a" ', r("more"))
            + field(' HYPERLINK "javascript:x" ', r("bad"))
        )
        found = blocks(p(content), links={"rId8": "http://example.org", "rId9": "file:///c:/x"})
        assert found == [
            para(Text("site", link="http://example.org"), "filesee", Text("more", link="https://example.net/a"), "bad")
        ]

    def test_fields_show_their_result_only(self) -> None:
        nested = field("IF 1 = " + field("PAGE", r("1")), r("yes"))
        assert blocks(p(r("p. ") + field("PAGE", r("12")) + nested)) == [para("p. 12yes")]
        assert blocks(p('<w:fldSimple w:instr="PAGE"><w:r><w:t>3</w:t></w:r></w:fldSimple>')) == [para("3")]

    def test_a_field_left_open_swallows_no_other_paragraph(self) -> None:
        assert blocks(p(r("a") + '<w:r><w:fldChar w:fldCharType="begin"/></w:r>') + p("b")) == [para("a"), para("b")]

    def test_content_controls_without_their_prompts(self) -> None:
        prompt = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{r('Click here')}</w:sdtContent></w:sdt>"
        filled = f"<w:sdt><w:sdtPr/><w:sdtContent>{r('Filled')}</w:sdtContent></w:sdt>"
        assert blocks(
            p(prompt + filled) + prompt.replace(r("Click here"), p("Click")) + filled.replace(r("Filled"), p("Yes"))
        ) == [
            para("Filled"),
            para("Yes"),
        ]

    def test_text_boxes_once_after_their_paragraph(self) -> None:
        assert blocks(p(r("before") + box(p("in the box", "NumberedParagraph"))) + p("after")) == [
            para("before"),
            para("in the box", numbered=True),
            para("after"),
        ]

    def test_other_scripts_readings_and_formulas(self) -> None:
        ruby = f"<w:r><w:ruby><w:rt>{r('kan')}</w:rt><w:rubyBase>{r('漢')}</w:rubyBase></w:ruby></w:r>"
        math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
        formula = f'<m:oMath xmlns:m="{math}"><m:r><m:t>x=1</m:t></m:r></m:oMath>'
        assert blocks(p(ruby + formula)) == [para("漢x=1")]


class TestNotes:
    def test_stand_at_their_mark(self) -> None:
        content = r("Remittances") + note_mark(2) + r(" grow") + note_mark(9)
        notes = note(2, r("See ") + r("annex", ITALIC)) + note(3, "unused")
        assert blocks(p(content), footnotes=notes) == [
            para("Remittances", Footnote((Text("See "), Text("annex", italic=True))), " grow", Footnote(()))
        ]

    def test_a_deleted_mark_has_no_note(self) -> None:
        assert blocks(p(r("x") + f"<w:del>{note_mark(2)}</w:del>"), footnotes=note(2, "n")) == [para("x")]

    def test_a_note_that_refers_to_itself_ends(self) -> None:
        assert blocks(p(r("x") + note_mark(2)), footnotes=note(2, r("n") + note_mark(2))) == [
            para("x", Footnote((Text("n"),)))
        ]


class TestTables:
    def test_cells_with_spans_and_gaps_make_a_full_grid(self) -> None:
        wide = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>'
        start, on = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>', "<w:tcPr><w:vMerge/></w:tcPr>"
        body = table([wide + p("a"), start + p("b")], [p("c"), p("d"), on + p("")], [p("e")])
        body = body.replace("<w:tc>" + p("e"), '<w:trPr><w:gridBefore w:val="1"/></w:trPr><w:tc>' + p("e"))
        assert [[plain(cell) for cell in row] for row in only_table(blocks(body)).rows] == [
            ["a", "", "b"],
            ["c", "d", ""],
            ["", "e", ""],
        ]

    def test_lines_lists_and_tables_in_a_cell(self) -> None:
        cell = p("one") + p("two", "ListBullet") + table(["x", "y"], ["z", ""])
        assert text_of(only_table(blocks(table([cell, "end"])))) == "one\ntwo\nx\ty\nz\tend"

    def test_rows_and_cells_in_content_controls(self) -> None:
        row = f"<w:tr><w:sdt><w:sdtContent><w:tc>{p('b')}</w:tc></w:sdtContent></w:sdt></w:tr>"
        body = table(["a"]).replace("</w:tbl>", f"<w:sdt><w:sdtContent>{row}</w:sdtContent></w:sdt></w:tbl>")
        assert text_of(only_table(blocks(body))) == "a\nb"

    def test_a_span_that_would_fill_the_memory_is_cut(self) -> None:
        body = table(['<w:tcPr><w:gridSpan w:val="99999999"/></w:tcPr>' + p("a")])
        assert len(only_table(blocks(body)).rows[0]) == 63

    def test_without_words_is_none(self) -> None:
        assert blocks(table(["", p("")])) == []


def only_table(found: list[Block]) -> Table:
    (block,) = found
    assert isinstance(block, Table)
    return block


SEQUENCE = r("Table ") + field(" SEQ Table ", r("1")) + r(": ")


PARTS = {"word/media/image1.png": png(), "word/media/image2.png": png(9)}
IMAGES = {"rId9": "word/media/image1.png", "rId8": "word/media/image2.png"}


class TestFiguresAndCaptions:
    def body(self, body: str) -> list[Block]:
        return blocks(body, parts=PARTS, images=IMAGES)

    def test_pictures_come_with_their_name_and_bytes(self) -> None:
        data = raw(p(r("See:") + drawing() + drawing("rId8", "Picture 2", "")), parts=PARTS, images=IMAGES)
        body = read_body(unpack(data))
        assert body.blocks == (para("See:"), Figure("map.png", "A map"), Figure("image2.png", ""))
        assert body.images == {"map.png": png(), "image2.png": png(9)}

    def test_two_pictures_of_one_name_are_told_apart(self) -> None:
        data = raw(p(drawing()) + p(drawing("rId8")) + p(drawing()), parts=PARTS, images=IMAGES)
        body = read_body(unpack(data))
        assert [b.image for b in body.blocks if isinstance(b, Figure)] == ["map.png", "image2.png", "map.png"]
        assert body.images == {"map.png": png(), "image2.png": png(9)}

    def test_old_pictures_count_too(self) -> None:
        assert self.body(p('<w:r><w:pict><v:imagedata r:id="rId8"/></w:pict></w:r>')) == [Figure("image2.png", "")]

    def test_pictures_in_cells_follow_the_table(self) -> None:
        assert self.body(table([p(r("a") + drawing())])) == [Table((((Text("a"),),),)), Figure("map.png", "A map")]

    def test_a_drawing_without_picture_is_no_figure(self) -> None:
        assert self.body(p(drawing(content="<a:chart/>"))) == []

    def test_a_caption_before_a_table_is_its_own(self) -> None:
        assert self.body(p("Flows", "Caption") + table(["a"])) == [Table((((Text("a"),),),), "Flows")]

    @pytest.mark.parametrize("order", [0, 1])
    def test_a_caption_beside_a_figure_is_its_own(self, order: int) -> None:
        pieces = [p(drawing()), p("Routes", "Caption")]
        assert self.body("".join(pieces[order:] + pieces[:order])) == [Figure("map.png", "Routes")]

    def test_the_automatic_label_is_not_part_of_it(self) -> None:
        assert self.body(p(SEQUENCE + r("Flows"), "Caption") + table(["a"])) == [Table((((Text("a"),),),), "Flows")]
        simple = (
            r("Figure ") + '<w:fldSimple w:instr=" SEQ Figure "><w:r><w:t>2</w:t></w:r></w:fldSimple>' + r(" – Routes")
        )
        assert self.body(p(drawing()) + p(simple, "Caption")) == [Figure("map.png", "Routes")]

    def test_each_finds_its_own_between_figures_and_tables(self) -> None:
        body = p(drawing()) + p("Routes", "Caption") + p("Flows", "Caption") + table(["a"])
        assert self.body(body) == [Figure("map.png", "Routes"), Table((((Text("a"),),),), "Flows")]

    def test_the_counter_tells_whose_it_is(self) -> None:
        body = p(drawing()) + p(SEQUENCE + r("Flows"), "Caption") + table(["a"])
        assert self.body(body) == [Figure("map.png", "A map"), Table((((Text("a"),),),), "Flows")]

    def test_one_that_names_nothing_is_a_paragraph(self) -> None:
        assert self.body(p("Source: ILO", "Caption") + p("x")) == [para("Source: ILO"), para("x")]


def test_the_title_is_the_title_paragraph_else_the_property() -> None:
    assert read_body(opened(p("Money sent home", "Titel") + p(MARK + r("x")))).title == "Money sent home"
    assert read_body(unpack(normalise(raw(p("x")), NOW, title="Remittances"))).title == "Remittances"


def test_sections_are_found_whatever_letters_and_spaces() -> None:
    body = p("CONTEXT ", "Kop1") + p("a") + p("Sub", "Heading2") + p("b") + p("Expected  outcome:", "Kop1") + p("c")
    found = sections(opened(body), {"context": {"Context", "Contexte"}, "outcome": {"Expected outcome"}})
    assert {key: [text_of(block) for block in found[key]] for key in found} == {
        "context": ["a", "Sub", "b"],
        "outcome": ["c"],
    }


class TestWords:
    @pytest.mark.parametrize(
        ("text", "count"),
        [
            ("", 0),
            ("Money sent home", 3),
            ("Les transferts : l’essentiel – 1 500 €", 5),
            ("well-known  facts\tand\nfigures", 4),
            ("移民与发展", 5),
            ("移民 and 发展", 5),
            ("التحويلات المالية", 2),
            ("…", 0),
        ],
    )
    def test_are_what_spaces_part(self, text: str, count: int) -> None:
        assert words(text) == count

    def test_are_counted_by_where_they_stand(self) -> None:
        body = (
            p("Not counted at all")
            + p(MARK + r("One two") + note_mark(2), "Kop1")
            + p("Caption words", "Caption")
            + table([p(r("a b") + note_mark(3)), "c"])
            + p(r("three") + box(p("in the box")) + drawing(alt="never counted"))
        )
        data = raw(body, footnotes=note(2, "four words in note") + note(3, "five"), parts=PARTS)
        assert count_words(unpack(data)) == WordCount(body=8, tables=3, footnotes=5)

    def test_split_by_formatting_are_one(self) -> None:
        assert count_words(opened(p(r("mi") + r("gra", BOLD) + r("tion")))).body == 1


@pytest.mark.parametrize("file", corpus())
def test_real_files_are_read_whole(file: Path) -> None:
    docx_ = open_safely(file.read_bytes(), file.name)
    body = read_body(docx_)
    assert body.blocks
    assert {b.image for b in body.blocks if isinstance(b, Figure)} == set(body.images)
    for block in body.blocks:
        assert text_of(block).strip() or isinstance(block, Figure | Table) or any(inlines(block))
    # python-docx leaves out insertions and text boxes; what it finds that starts no table of contents is here as well.
    read = " ".join(" ".join(text_of(block) for block in body.blocks).split())
    found = [" ".join(q.text.split()) for q in docx.Document(io.BytesIO(docx_.to_bytes())).paragraphs]
    missing = [text for text in found[-40:] if text and text not in read]
    assert len(missing) <= len(found[-40:]) // 4, missing


#: Words of the body as Word itself wrote them into the file, less what this count leaves out.
COUNTS = {"mammoth-footnotes": (1, 0, 7), "pandoc-notes": (6, 0, 12), "pandoc-track_changes_move": (16, 0, 0)}


@pytest.mark.parametrize("file", corpus())
def test_words_of_real_files(file: Path) -> None:
    docx_ = open_safely(file.read_bytes(), file.name)
    count = count_words(docx_)
    assert count.total == count.body + count.tables + count.footnotes > 0
    if file.stem in COUNTS:
        assert (count.body, count.tables, count.footnotes) == COUNTS[file.stem]
