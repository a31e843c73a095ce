"""A document cut into segments and built again: nothing lost, and nothing else changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from docx.document import Document
from hypothesis import given
from hypothesis import strategies as st

from tasks.adapters.word.ingest import open_safely
from tasks.adapters.word.ooxml import Element, child, is_on, val, w
from tasks.adapters.word.opc import unpack
from tasks.adapters.word.reader import read_blocks
from tasks.adapters.word.segments import extract, rebuild
from tasks.domain.codes import check_codes, escape, tokens
from tasks.domain.errors import Invalid
from tasks.domain.text import Block, Footnote, Paragraph, Text, inlines, text_of
from tests.adapters.word.word_help import (
    MARK,
    box,
    canonical,
    corpus,
    drawing,
    field,
    made,
    note,
    note_mark,
    p,
    r,
    raw,
    table,
)

BOLD, ITALIC = "<w:b/>", "<w:i/>"


def texts(data: bytes) -> dict[str, str]:
    return {segment.id: segment.text for segment in extract(unpack(data))}


def only(body: str, **parts: object) -> str:
    (text,) = texts(raw(body, **parts)).values()  # type: ignore[arg-type]
    return text


def translated(body: str, target: str, language: str = "fr", *, rtl: bool = False, **parts: object) -> bytes:
    data = raw(body, **parts)  # type: ignore[arg-type]
    (id_,) = texts(data)
    return rebuild(data, {id_: target}, language, rtl)


def document(data: bytes) -> Element:
    return unpack(data).tree("word/document.xml")


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Invalid) as refused:
        act()
    return str(refused.value)


class TestWhatIsASegment:
    def test_paragraphs_after_the_mark_with_words(self) -> None:
        body = p("Cover") + p(MARK + r("Context"), "Kop1") + p("") + p("– … –") + p("1 500")
        assert [(s.id, s.place, s.text) for s in extract(unpack(raw(body)))] == [
            ("p1", "heading, paragraph 1", "Context"),
            ("p4", "paragraph 4", "1 500"),
        ]

    def test_cells_say_where_they_stand(self) -> None:
        nested = table(["deep"])
        body = p("a") + table(["b", "c"], ["d", p("e") + nested])
        assert [s.place for s in extract(unpack(raw(body)))] == [
            "paragraph 1",
            "paragraph 2, table 1, row 1, cell 1",
            "paragraph 3, table 1, row 1, cell 2",
            "paragraph 4, table 1, row 2, cell 1",
            "paragraph 5, table 1, row 2, cell 2",
            "paragraph 6, table 2, row 1, cell 1",
        ]

    def test_notes_in_the_order_of_their_marks_without_those_of_the_front(self) -> None:
        body = p(r("Cover") + note_mark(1)) + p(MARK + r("a") + note_mark(5) + r("b") + note_mark(3) + note_mark(5))
        notes = note(1, "front") + note(3, "second") + note(5, "first") + note(8, "unused")
        assert [(s.id, s.place, s.text) for s in extract(unpack(raw(body, footnotes=notes)))] == [
            ("p1", "paragraph 1", "a⟦1/⟧b⟦2/⟧⟦3/⟧"),
            ("fn5.1", "footnote 5", "first"),
            ("fn3.1", "footnote 3", "second"),
        ]

    def test_text_boxes_once(self) -> None:
        data = raw(p(r("outside") + box(p("inside"))))
        assert [(s.id, s.place, s.text) for s in extract(unpack(data))] == [
            ("p1", "paragraph 1", "outside⟦1/⟧"),
            ("p2", "text box, paragraph 2", "inside"),
        ]

    def test_deleted_text_is_none(self) -> None:
        assert only(
            p(r("It ") + "<w:del><w:r><w:delText>never </w:delText></w:r></w:del>" + f"<w:ins>{r('helps')}</w:ins>")
        ) == ("It helps")


class TestCodes:
    @pytest.mark.parametrize(
        ("content", "text"),
        [
            (r("Money ") + r("sent home", BOLD) + r("."), "Money ⟦1⟧sent home⟦/1⟧."),
            (r("All of it", BOLD), "All of it"),
            (r("a", BOLD) + note_mark(2) + r("b", BOLD), "a⟦1/⟧b"),
            (
                r("split ") + r("in ", "<w:noProof/><w:lang w:val='x'/>") + r("runs", "<w:spacing w:val='2'/>"),
                "split in runs",
            ),
            (r("a bold space") + r(" ", BOLD) + r("is none"), "a bold space is none"),
            (r("long plain text ") + r("bo", BOLD) + r(" ") + r("ld", BOLD), "long plain text ⟦1⟧bo ld⟦/1⟧"),
            (r("plain text ") + r("x", ITALIC) + r("y", BOLD), "plain text ⟦1⟧x⟦/1⟧⟦2⟧y⟦/2⟧"),
            (r("a") + "<w:r><w:tab/><w:t>b</w:t><w:br/></w:r>", "a⟦1/⟧b⟦2/⟧"),
            (r("see ") + drawing(), "see ⟦1/⟧"),
            (r("page ") + field("PAGE", r("3")) + r(" of"), "page ⟦1/⟧ of"),
            (r("x") + '<w:fldSimple w:instr="PAGE"><w:r><w:t>3</w:t></w:r></w:fldSimple>', "x⟦1/⟧"),
            (r("see ") + field(' HYPERLINK "http://x.org" ', r("the site", BOLD)), "see ⟦1⟧the site⟦/1⟧"),
            (
                r("see ") + f'<w:hyperlink r:id="rId7">{r("the ")}{r("big", BOLD)}{r(" site")}</w:hyperlink>',
                "see ⟦1⟧the ⟦2⟧big⟦/2⟧ site⟦/1⟧",
            ),
            (f"<w:sdt><w:sdtPr/><w:sdtContent>{r('control')}</w:sdtContent></w:sdt>", "⟦1⟧control⟦/1⟧"),
            (r("no") + "<w:r><w:noBreakHyphen/></w:r>" + r("break"), "no\u2011break"),
            (r("[ ⟦1⟧ ]"), "[ ⟦⟦1⟧⟧ ]"),
            (
                '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>' + r("a"),
                "⟦1/⟧a",
            ),
            ("<w:proofErr w:type='spellStart'/><w:bookmarkStart w:id='1' w:name='x'/>" + r("a"), "a"),
        ],
    )
    def test_stand_for_what_is_not_text(self, content: str, text: str) -> None:
        assert only(p(content)) == text

    def test_space_at_the_ends_is_the_paragraphs(self) -> None:
        body = p(MARK + r("a") + note_mark(2))
        data = raw(body, footnotes=note(2, " See annex. "))
        assert texts(data)["fn2.1"] == "See annex."
        back = unpack(rebuild(data, {"fn2.1": "Voir annexe."}, "fr", False))
        assert "".join(t.text or "" for t in back.tree("word/footnotes.xml").iter(w("t"))) == "  Voir annexe. "

    @pytest.mark.parametrize(
        ("target", "problems"),
        [
            ("un ⟦1⟧deux⟦/1⟧ trois⟦2/⟧", []),
            ("⟦2/⟧⟦1⟧deux⟦/1⟧", []),
            ("⟦1⟧deux⟦2/⟧⟦/1⟧", []),
            ("un deux trois", ["⟦1⟧ is missing", "⟦/1⟧ is missing", "⟦2/⟧ is missing"]),
            ("⟦1⟧deux⟦/1⟧⟦2/⟧⟦2/⟧", ["⟦2/⟧ stands 2 times"]),
            ("⟦1⟧deux⟦/1⟧⟦2/⟧⟦3/⟧", ["⟦3/⟧ is not in the source"]),
            ("⟦/1⟧deux⟦1⟧⟦2/⟧", ["⟦/1⟧ does not close"]),
            ("⟦1⟧⟦/1⟧ deux⟦2/⟧", ["nothing stands in ⟦1⟧"]),
            ("⟦1⟧deux⟦/1⟧⟦2/⟧ ⟦x⟧", ["a bracket ⟦ that", "a bracket ⟧ that"]),
            ("⟦1⟧deux⟦/1⟧⟦2/⟧ \x07", ["a control character (U+0007)"]),
        ],
    )
    def test_of_a_target_are_those_of_its_source(self, target: str, problems: list[str]) -> None:
        found = check_codes("one ⟦1⟧two⟦/1⟧ three⟦2/⟧", target)
        assert len(found) == len(problems)
        assert all(expected in problem for expected, problem in zip(problems, found, strict=True))

    def test_pairs_stay_in_their_pair(self) -> None:
        source = "⟦1⟧a ⟦2⟧b⟦/2⟧⟦/1⟧ ⟦3⟧c⟦/3⟧"
        assert check_codes(source, "⟦3⟧c⟦/3⟧ ⟦1⟧⟦2⟧b⟦/2⟧ a⟦/1⟧") == []
        assert check_codes(source, "⟦2⟧b⟦/2⟧ ⟦1⟧a⟦/1⟧ ⟦3⟧c⟦/3⟧") == [
            "code ⟦2⟧ stands inside another pair than in the source"
        ]
        assert check_codes(source, "⟦1⟧a ⟦2⟧b⟦/1⟧⟦/2⟧ ⟦3⟧c⟦/3⟧") == ["code ⟦/1⟧ does not close what was opened last"]

    @given(st.text())
    def test_text_without_codes_comes_back_whatever_it_is(self, text: str) -> None:
        assert "".join(t.text for t in tokens(escape(text))) == text
        assert {t.kind for t in tokens(escape(text))} <= {"text"}

    @given(st.text(alphabet="⟦⟧/12ab ", max_size=40), st.text(alphabet="⟦⟧/12ab ", max_size=40))
    def test_any_target_is_checked_without_a_fault(self, source: str, target: str) -> None:
        whole = check_codes(escape(source), target) == []
        assert not whole or all(t.kind == "text" for t in tokens(target))


class TestRebuild:
    def test_text_in_its_formatting(self) -> None:
        content = r("Money ") + r("sent home", BOLD) + r(" grows.")
        data = translated(p(content), "L’argent ⟦1⟧envoyé⟦/1⟧ augmente.")
        assert read_blocks(unpack(data)) == [
            Paragraph((Text("L’argent "), Text("envoyé", bold=True), Text(" augmente.")))
        ]

    def test_codes_in_another_order(self) -> None:
        content = (
            r("Growth") + note_mark(2) + r(" of ") + f'<w:hyperlink r:id="rId7">{r("money")}</w:hyperlink>' + r(".")
        )
        data = translated(
            p(content), "⟦2⟧Argent⟦/2⟧ : croissance⟦1/⟧.", footnotes=note(2, "–"), links={"rId7": "http://example.org"}
        )
        assert read_blocks(unpack(data)) == [
            Paragraph(
                (
                    Text("Argent", link="http://example.org"),
                    Text(" : croissance"),
                    Footnote((Text("–"),)),
                    Text("."),
                )
            )
        ]

    def test_a_code_moved_into_a_pair_keeps_its_own_run(self) -> None:
        data = translated(
            p(r("plain and ") + r("bold", BOLD) + note_mark(2)), "⟦1⟧gras⟦2/⟧⟦/1⟧ et plat", footnotes=note(2, "–")
        )
        reference = next(document(data).iter(w("footnoteReference")))
        assert child(reference.getparent(), "rPr", "b") is None
        assert [text_of(b) for b in read_blocks(unpack(data))] == ["gras et plat"]

    def test_places_stay_around_changed_text(self) -> None:
        start, end = '<w:bookmarkStart w:id="3" w:name="x"/>', '<w:bookmarkEnd w:id="3"/>'
        data = translated(p(r("The ") + start + r("term") + end + "<w:proofErr w:type='spellEnd'/>"), "Le terme")
        paragraph = next(document(data).iter(w("p")))
        assert [e.tag for e in paragraph] == [w("bookmarkStart"), w("r"), w("bookmarkEnd")]

    def test_comments_keep_their_place_and_deletions_go(self) -> None:
        content = (
            '<w:commentRangeStart w:id="0"/>'
            + r("Text")
            + "<w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
            + '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
        )
        data = translated(p(content), "Texte")
        assert [e.tag for e in document(data).iter() if "omment" in str(e.tag) or e.tag == w("del")] == [
            w("commentRangeStart"),
            w("commentRangeEnd"),
            w("commentReference"),
        ]

    def test_an_unchanged_stretch_keeps_its_runs(self) -> None:
        content = r("one ") + r("two", "<w:noProof/>") + r(" bold", BOLD) + r(" three")
        data = translated(p(content), "one two⟦1⟧ gras⟦/1⟧ three")
        assert [t.text for t in document(data).iter(w("t"))] == ["one ", "two", " gras", " three"]

    def test_segments_without_target_stay_untouched(self) -> None:
        data = raw(p("one") + p("two"))
        back = document(rebuild(data, {"p2": "deux"}, "fr", False))
        assert [t.text for t in back.iter(w("t"))] == ["one", "deux"]
        assert [val(child(run, "rPr", "lang")) for run in back.iter(w("r"))] == [None, "fr"]

    def test_line_ends_typed_by_a_translator_are_spaces(self) -> None:
        assert [text_of(b) for b in read_blocks(unpack(translated(p("one two"), "un\ndeux")))] == ["un deux"]

    def test_the_same_input_gives_the_same_bytes(self) -> None:
        assert translated(p("one"), "un") == translated(p("one"), "un")

    def test_both_copies_of_a_text_box_are_translated(self) -> None:
        back = document(rebuild(raw(p(box(p("inside")))), {"p2": "dedans"}, "fr", False))
        assert [t.text for t in back.iter(w("t"))] == ["dedans", "dedans"]

    def test_an_old_copy_that_differs_goes(self) -> None:
        data = raw(p(box(p("inside"), fallback=p(r("other") + drawing()))))
        assert "Fallback" in str(unpack(data).parts)
        back = document(rebuild(data, {"p2": "dedans"}, "fr", False))
        assert [t.text for t in back.iter(w("t"))] == ["dedans"]

    def test_prefixes_named_in_values_stay_declared(self) -> None:
        # Declared on the run itself, as some programs do, and named only in the value of `Requires`.
        content = (
            '<w:r xmlns:zz="http://example.org/zz"><mc:AlternateContent><mc:Choice Requires="zz"><w:t>x</w:t>'
            "</mc:Choice></mc:AlternateContent></w:r>"
        )
        data = translated(p(r("a") + content), "b⟦1/⟧")
        assert next(document(data).iter("{*}Choice")).nsmap["zz"] == "http://example.org/zz"


class TestRefusals:
    def test_a_target_with_other_codes_is_refused_by_name(self) -> None:
        data = raw(p("cover") + p(MARK + r("a") + r("b", BOLD)) + table([p("c"), p(r("long") + r("d", BOLD))]))
        targets = {"p1": "x", "p3": "⟦1⟧", "p9": "y"}
        assert refusal(lambda: rebuild(data, targets, "fr", False)) == (
            "segment p9: not in this document; take the file it came from\n"
            "segment p1 (paragraph 1): code ⟦1⟧ is missing\n"
            "segment p1 (paragraph 1): code ⟦/1⟧ is missing\n"
            "segment p3 (paragraph 3, table 1, row 1, cell 2): code ⟦/1⟧ is missing\n"
            "mend the targets named and build again"
        )


class TestLanguage:
    def runs(self, data: bytes, part: str = "word/document.xml") -> list[tuple[str | None, str | None, bool]]:
        found = []
        for run in unpack(data).tree(part).iter(w("r")):
            mark = child(run, "rPr", "lang")
            found.append((val(mark), val(mark, "bidi"), is_on(child(run, "rPr", "rtl")) is True))
        return found

    def test_left_to_right(self) -> None:
        data = translated(p(r("a") + note_mark(2)), "b⟦1/⟧", "nl-BE", footnotes=note(2, "–"))
        assert self.runs(data) == [("nl-BE", None, False)] * 2
        assert not list(document(data).iter(w("bidi")))

    def test_right_to_left(self) -> None:
        body = p(MARK + r("a") + note_mark(2)) + table(["b"]) + "<w:sectPr/>"
        data = raw(body, footnotes=note(2, "c"))
        back = rebuild(data, {"p1": "ا⟦1/⟧", "p2": "ب", "fn2.1": "ت"}, "ar-SA", True)
        assert self.runs(back) == [("ar-SA", "ar-SA", True)] * 3
        assert set(self.runs(back, "word/footnotes.xml")[2:]) == {("ar-SA", "ar-SA", True)}
        root = document(back)
        assert all(is_on(child(q, "pPr", "bidi")) for q in root.iter(w("p")))
        assert all(is_on(child(q, "tblPr", "bidiVisual")) for q in root.iter(w("tbl")))
        assert all(is_on(child(q, "bidi")) for q in root.iter(w("sectPr")))

    def test_symbols_in_right_to_left_text_keep_their_order(self) -> None:
        data = translated(p(r("See ") + r("AB/2007/1", BOLD)), "انظر ⟦1⟧AB/2007/1⟦/1⟧ (WHO 12)", "ar-EG", rtl=True)
        runs = [(child(run, "t"), child(run, "rPr", "rtl")) for run in document(data).iter(w("r"))]
        assert [(text.text, mark is not None) for text, mark in runs if text is not None] == [
            ("انظر ", True),
            ("AB/2007/1", False),
            (" (", True),
            ("WHO 12", False),
            (")", True),
        ]

    def test_back_from_right_to_left(self) -> None:
        body = p(r("ا", "<w:rtl/><w:lang w:bidi='ar'/>"), "", "<w:bidi/>") + "<w:sectPr><w:bidi/></w:sectPr>"
        styles = '<w:style w:type="paragraph" w:styleId="X"><w:pPr><w:bidi/></w:pPr><w:rPr><w:rtl/></w:rPr></w:style>'
        back = unpack(rebuild(raw(body, styles=styles), {"p1": "a"}, "en", False))
        assert not [
            e for part in ("document", "styles") for e in back.tree(f"word/{part}.xml").iter(w("bidi"), w("rtl"))
        ]

    def test_a_quotation_in_another_direction_stays(self) -> None:
        body = p("one") + p("two") + p(r("اقتباس", "<w:rtl/>"), "", "<w:bidi/>")
        back = document(rebuild(raw(body), {"p1": "un"}, "fr", False))
        assert len(list(back.iter(w("bidi")))) == len(list(back.iter(w("rtl")))) == 1

    def test_properties_come_in_the_order_of_the_schema(self) -> None:
        properties = "<w:rStyle w:val='Strong'/><w:b/><w:color w:val='000000'/><w:oMath/>"
        data = translated(p(r("a", properties), "Kop1", "<w:jc w:val='left'/><w:rPr/>"), "ا", "ar", rtl=True)
        paragraph = next(document(data).iter(w("p")))
        assert [e.tag for e in next(paragraph.iter(w("r")))[0]] == [
            w(tag) for tag in ("rStyle", "b", "color", "rtl", "lang", "oMath")
        ]
        assert [e.tag for e in paragraph[0]] == [w(tag) for tag in ("pStyle", "bidi", "jc", "rPr")]

    def test_it_becomes_the_default(self) -> None:
        styles = '<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="en"/></w:rPr></w:rPrDefault></w:docDefaults>'
        back = unpack(translated(p("a"), "b", "fr", styles=styles))
        assert val(next(back.tree("word/styles.xml").iter(w("lang")))) == "fr"


def is_text(part: str) -> bool:
    """Whether a part is rebuilt: its marks of language and direction are set anew."""
    return re.fullmatch(r"word/(document|footnotes|endnotes|header\d*|footer\d*)\.xml", part) is not None


def assert_unchanged(data: bytes, rtl: bool) -> None:
    sources = texts(data)
    before, after = unpack(data), unpack(rebuild(data, sources, "fr-BE", rtl))
    assert set(before.parts) == set(after.parts)
    for part in before.parts:
        if is_text(part):
            assert canonical(after.parts[part]) == canonical(before.parts[part]), part
        elif part != "word/styles.xml":
            assert after.parts[part] == before.parts[part], part


#: Each kind of thing a paragraph holds; any of them in any order must come through.
PIECES = [
    r("plain "),
    r("bold", BOLD),
    r("both", BOLD + ITALIC),
    r(" "),
    r("x ⟦1⟧ "),
    note_mark(2),
    "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:lastRenderedPageBreak/></w:r>",
    "<w:r/>",
    "<w:r><w:rPr><w:b/></w:rPr></w:r>",
    f'<w:hyperlink r:id="rId7" w:history="1">{r("link")}{r("big", BOLD)}</w:hyperlink>',
    f"<w:ins w:id='1' w:author='a'>{r('new')}<w:hyperlink w:anchor='x'>{r('er')}</w:hyperlink></w:ins>",
    "<w:ins w:id='2' w:author='a'/>",
    "<w:del w:id='3'><w:r><w:delText>old</w:delText></w:r></w:del>",
    "<w:bookmarkStart w:id='4' w:name='b'/>",
    "<w:bookmarkEnd w:id='4'/>",
    field("PAGE", r("3")),
    field(' HYPERLINK "http://x.org" ', r("site") + r("!", BOLD)),
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    f"<w:sdt><w:sdtPr><w:tag w:val='t'/></w:sdtPr><w:sdtContent>{r('held')}</w:sdtContent></w:sdt>",
    f"<w:smartTag w:element='e'><w:smartTagPr/>{r('tagged')}</w:smartTag>",
    drawing(),
    box(p("in a box")),
    "<!-- a remark -->",
    "\n  ",
]
pieces = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)


@given(st.lists(pieces, min_size=1, max_size=3), pieces, st.booleans())
def test_the_source_as_its_own_target_changes_nothing(paragraphs: list[str], noted: str, rtl: bool) -> None:
    body = "".join(f"<w:p><w:pPr><w:jc w:val='left'/></w:pPr>{content}</w:p>" for content in paragraphs)
    assert_unchanged(raw(body + table([f"<w:p>{noted}</w:p>"]), footnotes=note(2, f"{r('x')}{noted}")), rtl)


@given(pieces)
def test_any_text_is_put_in_its_place(content: str) -> None:
    """Every letter turned: the codes of what is built are read in the same order, around the turned text."""
    data = raw(f"<w:p>{content}</w:p>")
    targets = {id_: turned(text) for id_, text in texts(data).items()}
    built = texts(rebuild(data, targets, "fr", False))
    assert {id_: letters(text) for id_, text in built.items()} == {id_: letters(text) for id_, text in targets.items()}


def turned(text: str) -> str:
    return "".join(escape(token.text.swapcase()) if token.kind == "text" else str(token) for token in tokens(text))


def letters(text: str) -> str:
    """The text without codes."""
    return "".join(token.text for token in tokens(text))


def test_what_python_docx_makes_comes_through() -> None:
    def build(document: Document) -> None:
        document.add_heading("Context", 1)
        document.add_paragraph("Money ").add_run("sent").bold = True
        document.add_paragraph("one", "List Bullet")
        document.add_table(2, 2).rows[0].cells[1].text = "x"
        document.add_page_break()

    assert_unchanged(made(build), False)
    assert_unchanged(made(build), True)


@pytest.mark.parametrize("rtl", [False, True])
@pytest.mark.parametrize("file", corpus())
def test_real_files_come_through(file: Path, rtl: bool) -> None:
    assert_unchanged(open_safely(file.read_bytes(), file.name).to_bytes(), rtl)


@pytest.mark.parametrize("file", corpus())
def test_real_files_are_translated(file: Path) -> None:
    data = file.read_bytes()
    sources = texts(data)
    targets = {id_: turned(text) for id_, text in sources.items()}
    built = rebuild(data, targets, "fr", False)
    assert {id_: letters(text) for id_, text in texts(built).items()} == {
        id_: letters(text) for id_, text in targets.items()
    }
    before, after = read_blocks(unpack(data)), read_blocks(unpack(built))
    assert [type(block) for block in before] == [type(block) for block in after]
    assert count_notes(after) == count_notes(before)


def count_notes(blocks: list[Block]) -> int:
    return sum(isinstance(part, Footnote) for block in blocks for part in inlines(block))
