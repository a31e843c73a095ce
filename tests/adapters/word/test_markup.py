"""What is read of each thing that Word, LibreOffice and Google Docs write for a mark."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from tasks.adapters.word.opc import OFFICE_REL, unpack
from tasks.domain.markup import OBJECT, Mark, MarkKind, Story
from tests.adapters.word.markup_help import (
    ANNA,
    BEN,
    comment,
    dele,
    end,
    ins,
    lines,
    marked,
    read,
    refer,
    said,
    start,
    stop,
)
from tests.adapters.word.word_help import (
    CORPUS,
    as_strict,
    box,
    corpus,
    drawing,
    field,
    note,
    note_mark,
    p,
    r,
    table,
)

CELL = "<w:tc><w:tcPr>{}</w:tcPr>{}</w:tc>"


def row(cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def test_text_put_in_and_taken_out() -> None:
    markup = read(marked(p(r("The ") + dele("old") + ins(r("new")) + r(" text"))))
    assert lines(markup) == ["The [-old-][+new+] text"]
    paragraph = markup.paragraphs[0]
    assert (paragraph.original, paragraph.final) == ("The old text", "The new text")
    assert markup.marks == (
        Mark(
            "document/del/2",
            MarkKind.DELETION,
            (0,),
            "old",
            author="Ben",
            at=dt.datetime(2007, 5, 2, 11, 30, tzinfo=dt.UTC),
        ),
        Mark(
            "document/ins/1",
            MarkKind.INSERTION,
            (0,),
            "new",
            author="Anna",
            at=dt.datetime(2007, 5, 1, 10, 0, tzinfo=dt.UTC),
        ),
    )
    assert [piece.marks for piece in paragraph.pieces] == [(), ("document/del/2",), ("document/ins/1",), ()]


def test_what_one_put_in_and_another_took_out_is_both_and_in_neither_text() -> None:
    markup = read(marked(p(r("a") + ins(r("b") + dele("c") + r("d")) + r("e"))))
    assert lines(markup) == ["a[+b+][~c~][+d+]e"]
    assert (markup.paragraphs[0].original, markup.paragraphs[0].final) == ("ae", "abde")
    assert [mark.text for mark in markup.marks] == ["bcd", "c"]


def test_a_move_is_two_marks_and_its_ranges_are_none() -> None:
    def side(kind: str, id: int) -> str:
        return (
            f'<w:{kind}RangeStart w:id="{id}" {ANNA} w:name="move1"/><w:{kind} w:id="{id + 1}" {ANNA}>{r("moved")}'
            f'</w:{kind}><w:{kind}RangeEnd w:id="{id}"/>'
        )

    markup = read(marked(p(side("moveFrom", 1) + r("a")) + p(r("b") + side("moveTo", 5))))
    assert lines(markup) == ["[-moved-]a", "b[+moved+]"]
    assert [said(mark) for mark in markup.marks] == [
        ("moved from", "Anna", (0,), "moved", ""),
        ("moved to", "Anna", (1,), "moved", ""),
    ]


def test_paragraph_marks() -> None:
    body = p("one", properties=end("ins")) + p("two", properties=end("del", id=4, who=BEN)) + p("three")
    body += p("four", properties=end("ins", "del", id=5)) + p("five", properties=end("moveFrom", id=8)) + p("six")
    markup = read(marked(body))
    assert lines(markup) == ["one¶+", "two¶-", "three", "four¶+¶-", "five¶-", "six"]
    kinds = [(mark.kind, mark.author, mark.paragraphs, mark.text) for mark in markup.marks]
    assert kinds == [
        (MarkKind.PARAGRAPH_INSERTED, "Anna", (0,), ""),
        (MarkKind.PARAGRAPH_DELETED, "Ben", (1,), ""),
        (MarkKind.PARAGRAPH_INSERTED, "Anna", (3,), ""),
        (MarkKind.PARAGRAPH_DELETED, "Anna", (3,), ""),
        (MarkKind.PARAGRAPH_DELETED, "Anna", (4,), ""),
    ]


N = "NumberedParagraph"


@pytest.mark.parametrize(
    ("body", "numbers"),
    [
        (p("a", N) + p("b") + p("c", "Own") + p("", N) + p("e", N), [1, None, 2, 3, 4]),
        # A new paragraph after the first: its end is the old one's, and the old one has the new end.
        (p("a", N, end("ins")) + p(ins(r("new")), N) + p("b", N), [1, None, 2]),
        # A new paragraph before the second.
        (p("a", N) + p(ins(r("new")), N, end("ins")) + p("b", N), [1, None, 2]),
        # One cut in two: both have what was in it.
        (p("a", N, end("ins")) + p("b", N) + p("c", N), [1, 1, 2]),
        # Two joined, and one taken out: they were there.
        (p("a", N, end("del")) + p("b", N) + p(dele("c"), N, end("del")) + p("d", N), [1, 2, 3, 4]),
        # A heading cut off the front of a numbered one; the last says what they were.
        (p(ins(r("head")), "Kop1", end("ins")) + p("a", N) + p("b", N), [None, 1, 2]),
        # Made a numbered one, and freed of its number, with tracking on.
        (p("a", N, f'<w:pPrChange w:id="1" {ANNA}><w:pPr/></w:pPrChange>') + p("b", N), [None, 1]),
        (p("a", "", f'<w:pPrChange w:id="1" {ANNA}><w:pPr><w:pStyle w:val="{N}"/></w:pPr></w:pPrChange>'), [1]),
        # A new row brings no number; text typed where there was none finds one.
        (tbl(row(CELL.format("", p(ins(r("x")), N)), f'<w:ins w:id="5" {ANNA}/>')) + p("a", N), [None, 1]),
        (p(ins(r("x")), N) + p("a", N), [1, 2]),
        # A new table between an end that was put in and the one that was there; one that was there parts them.
        (
            p("a", N, end("ins"))
            + tbl(row(CELL.format("", p("x", N)), f'<w:ins w:id="5" {ANNA}/>'))
            + p("", N)
            + p("b", N),
            [1, None, None, 2],
        ),
        (p("a", N, end("ins")) + tbl(row(CELL.format("", p("x", N)))) + p("", N), [1, 2, 3]),
        # The box of a paragraph stands between it and the next.
        (p(r("a") + box(p("x", N)), N, end("ins")) + p("b", N) + p("c", N), [1, None, 1, 2]),
        # Ends that have nothing to be one with.
        (p("a", N, end("ins")), [1]),
        (p("a", N) + p(ins(r("x")), N, end("ins", id=5)), [1, None]),
    ],
)  # fmt: skip
def test_numbers_are_those_of_the_text_before_it_was_changed(body: str, numbers: list[int | None]) -> None:
    markup = read(marked(body))
    assert [paragraph.number for paragraph in markup.paragraphs] == numbers


def test_rows_put_in_and_taken_out() -> None:
    cells = CELL.format("", p("x", properties=end("ins", id=20))) + CELL.format("", p("y"))
    table_ = tbl(
        row(CELL.format("", p("a")) + CELL.format("", p("b"))),
        row(cells, f'<w:ins w:id="5" {ANNA}/>'),
        row(CELL.format("", p(dele("c", id=7))) + CELL.format("", p("d")), f'<w:del w:id="6" {BEN}/>'),
        row(CELL.format("", p("e")), f'<w:ins w:id="8" {ANNA}/><w:del w:id="9" {BEN}/>'),
    )
    markup = read(marked(p("before") + table_))
    assert lines(markup) == ["before", "a", "b", "[+x+]¶+", "[+y+]", "[-c-]", "[-d-]", "[~e~]"]
    assert [paragraph.place for paragraph in markup.paragraphs][1:4] == [
        "table 1, row 1, cell 1", "table 1, row 1, cell 2", "table 1, row 2, cell 1",
    ]  # fmt: skip
    assert [said(mark) for mark in markup.marks if "row" in mark.kind] == [
        ("row inserted", "Anna", (3, 4), "x\ty", ""),
        ("row deleted", "Ben", (5, 6), "c\td", ""),
        ("row inserted", "Anna", (7,), "e", ""),
        ("row deleted", "Ben", (7,), "e", ""),
    ]


def test_cells_put_in_taken_out_and_merged() -> None:
    table_ = tbl(
        row(
            CELL.format(f'<w:cellIns w:id="1" {ANNA}/>', p("a"))
            + CELL.format(f'<w:cellDel w:id="2" {BEN}/>', p("b"))
            + CELL.format(f'<w:cellMerge w:id="3" {BEN} w:vMerge="rest"/>', p("c"))
        )
    )
    markup = read(marked(table_))
    assert lines(markup) == ["[+a+]", "[-b-]", "c"]
    assert [said(mark) for mark in markup.marks] == [
        ("formatting", "Anna", (0,), "cell put in", "a"),
        ("formatting", "Ben", (1,), "cell taken out", "b"),
        ("formatting", "Ben", (2,), "cells merged", ""),
    ]


def test_formatting_is_told_in_plain_words() -> None:
    former = '<w:rPr><w:i/><w:u w:val="single"/></w:rPr>'
    bold = f'<w:b/><w:i w:val="0"/><w:sz w:val="28"/><w:rPrChange w:id="1" {ANNA}>{former}</w:rPrChange>'
    former = '<w:pPr><w:jc w:val="left"/><w:keepNext/></w:pPr>'
    style = f'<w:jc w:val="center"/><w:pPrChange w:id="2" {BEN}>{former}</w:pPrChange>'
    page = (
        f'<w:sectPr><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/><w:sectPrChange w:id="3" {ANNA}><w:sectPr>'
        '<w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:sectPrChange></w:sectPr>'
    )
    markup = read(marked(p(r("a ") + r("word", bold)) + p("b", properties=style) + p("last") + page))
    assert [said(mark) for mark in markup.marks] == [
        ("formatting", "Anna", (0,), "bold: on; italic: on → off; font size: 28; underline: off", "word"),
        ("formatting", "Ben", (1,), "paragraph: alignment: left → center; keep with next: off", ""),
        (
            "formatting", "Anna", (2,),
            "page set-up: page size: w=11906 h=16838 → w=16838 h=11906 orient=landscape", "",
        ),
    ]  # fmt: skip
    assert lines(markup) == ["a word", "b", "last"]


def test_marks_where_there_is_no_text_are_marks_all_the_same() -> None:
    numbering = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/><w:ins w:id="1" {ANNA}/></w:numPr>'
    control = (
        f'<w:customXmlInsRangeStart w:id="2" {ANNA}/><w:sdt><w:sdtPr/><w:sdtContent><w:customXmlInsRangeEnd w:id="2"/>'
        f'{p("in a control")}<w:customXmlInsRangeStart w:id="3" {ANNA}/></w:sdtContent></w:sdt>'
        '<w:customXmlInsRangeEnd w:id="3"/>'
    )
    widths = f'<w:tblGridChange w:id="4" {BEN}><w:tblGrid/></w:tblGridChange>'
    table_ = f"<w:tbl><w:tblPr/><w:tblGrid>{widths}</w:tblGrid>{row(CELL.format('', p('cell')))}</w:tbl>"
    end_ = f'<w:rPr><w:b/><w:rPrChange w:id="5" {BEN}><w:rPr/></w:rPrChange></w:rPr>'
    styles = f'<w:style w:type="paragraph" w:styleId="X"><w:name w:val="X"/>{end_}</w:style>'
    markup = read(marked(p("a", properties=numbering + end_) + control + table_, styles=styles))
    assert [said(mark) for mark in markup.marks] == [
        ("formatting", "Anna", (0,), "numbering put in", ""),
        ("formatting", "Ben", (0,), "bold: on", ""),
        ("formatting", "Anna", (0,), "content control put in", ""),
        ("formatting", "Anna", (1,), "content control put in", ""),
        ("formatting", "Ben", (2,), "widths of columns", ""),
        ("formatting", "Ben", (), "bold: on", ""),
    ]
    assert [mark.id for mark in markup.marks][-1] == "styles/rPrChange/5"


def test_a_deleted_picture_and_a_deleted_note_are_objects() -> None:
    body = p(dele(drawing()) + r("a") + ins(note_mark(1)) + dele(note_mark(2), id=5) + note_mark(3))
    markup = read(marked(body, footnotes=note(1, "new") + note(2, "old") + note(3, "kept")))
    assert lines(markup) == [
        f"[-{OBJECT}-]a[+{OBJECT}+][-{OBJECT}-]{OBJECT}", "[+ new+]", "[- old-]", " kept",
    ]  # fmt: skip
    notes = [(each.story, each.place, each.anchor) for each in markup.paragraphs[1:]]
    assert notes == [(Story.FOOTNOTE, f"footnote {n}", 0) for n in (1, 2, 3)]
    assert [mark.text for mark in markup.marks] == [OBJECT, OBJECT + " new", OBJECT + " old"]
    assert [mark.paragraphs for mark in markup.marks] == [(0,), (0, 1), (0, 2)]


def test_a_note_whose_mark_was_moved_is_in_both_texts() -> None:
    body = p(f'<w:moveFrom w:id="1" {ANNA}>{note_mark(1)}</w:moveFrom>') + p(
        f'<w:moveTo w:id="2" {ANNA}>{note_mark(1)}</w:moveTo>'
    )
    assert lines(read(marked(body, footnotes=note(1, "kept"))))[-1] == " kept"


def test_all_parts_are_read_in_their_order() -> None:
    body = p(r("body") + box(p("box one") + p("box two")) + note_mark(1)) + table(["cell"])
    body = body.replace("</w:tc>", table(["inner"]) + p("") + "</w:tc>", 1)
    ends = '<w:endnote w:id="4"><w:p><w:r><w:t>endnote</w:t></w:r></w:p></w:endnote>'
    markup = read(
        marked(
            p('<w:r><w:endnoteReference w:id="4"/></w:r>') + body,
            footnotes=note(1, "note"), endnotes=ends, headers=(p("first"), p(ins(r("second")))), footers=(p("foot"),),
        )
    )  # fmt: skip
    assert [(each.story.value, each.place, each.anchor, each.final) for each in markup.paragraphs] == [
        ("body", "", None, OBJECT),
        ("body", "", None, f"body{OBJECT}{OBJECT}"),
        ("text box", "text box 1", 1, "box one"),
        ("text box", "text box 1", 1, "box two"),
        ("body", "table 1, row 1, cell 1", None, "cell"),
        ("body", "table 1, row 1, cell 1, table 2, row 1, cell 1", None, "inner"),
        ("body", "table 1, row 1, cell 1", None, ""),
        ("footnote", "footnote 1", 1, " note"),
        ("endnote", "endnote 1", 0, "endnote"),
        ("header", "header 1", None, "first"),
        ("header", "header 2", None, "second"),
        ("footer", "footer 1", None, "foot"),
    ]
    assert [mark.id for mark in markup.marks] == ["header2/ins/1"]


def test_a_text_box_stands_once_and_goes_with_its_anchor() -> None:
    inner = p(r("kept ") + ins(r("new"), id=4))
    markup = read(marked(p(r("a") + dele(box(inner)))))
    assert lines(markup) == [f"a[-{OBJECT}-]", "[-kept -][~new~]"]
    assert [(mark.kind.value, mark.paragraphs, mark.text) for mark in markup.marks] == [
        ("deletion", (0, 1), f"{OBJECT}kept new"),
        ("insertion", (1,), "new"),
    ]


@pytest.mark.parametrize(
    "wrapper",
    [
        "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>",
        '<w:smartTag w:uri="x" w:element="y">{}</w:smartTag>',
        '<w:customXml w:uri="x" w:element="y">{}</w:customXml>',
        '<w:hyperlink w:anchor="x">{}</w:hyperlink>',
        '<w:dir w:val="rtl">{}</w:dir>',
        '<w:fldSimple w:instr=" REF x ">{}</w:fldSimple>',
        "<mc:AlternateContent><mc:Choice Requires='wps'>{}</mc:Choice><mc:Fallback>{}</mc:Fallback>"
        "</mc:AlternateContent>",
    ],
)
def test_what_only_wraps_text_is_looked_through(wrapper: str) -> None:
    inner = r("a") + ins(r("b")) + dele("c")
    assert lines(read(marked(p(wrapper.replace("{}", inner))))) == ["a[+b+][-c-]"]


def test_controls_and_custom_xml_around_paragraphs_rows_and_cells_are_looked_through() -> None:
    def held(content: str) -> str:
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{content}</w:sdtContent></w:sdt>"

    table_ = tbl(held(row(held(CELL.format("", held(p("a")))))))
    body = held(p("b")) + f'<w:customXml w:uri="x" w:element="y">{p("c")}</w:customXml>' + table_
    assert lines(read(marked(body))) == ["b", "c", "a"]


def test_a_field_shows_its_result_and_one_that_changes_by_itself_is_an_object() -> None:
    body = p(r("see ") + field(" REF x \\h ", r("section 4")) + r(" on page ") + field(" PAGEREF x ", r("17")))
    body += p('<w:fldSimple w:instr=" PAGE ">' + r("3") + "</w:fldSimple>" + r(" of ") + field("NUMPAGES", r("9")))
    assert lines(read(marked(body))) == [f"see section 4 on page {OBJECT}", f"{OBJECT} of {OBJECT}"]


def test_a_field_without_an_end_hides_nothing_that_follows() -> None:
    begun = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
    separate = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    assert lines(read(marked(p(r("a") + begun) + p("b") + p(begun + separate + r("1")) + p("c")))) == [
        "a", "b", OBJECT, "c",
    ]  # fmt: skip


def test_a_table_of_contents_runs_over_paragraphs() -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC \\o</w:instrText></w:r>'
    first = begin + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + r("One")
    assert lines(read(marked(p(first) + p("Two") + p('<w:r><w:fldChar w:fldCharType="end"/></w:r>')))) == [
        "One", "Two", "",
    ]  # fmt: skip


def test_signs_that_are_no_letters() -> None:
    smile = (
        '<mc:AlternateContent><mc:Choice Requires="w16se"><w16se:symEx xmlns:w16se="urn:x" w16se:font="Segoe UI Emoji" '
        'w16se:char="1F642"/></mc:Choice><mc:Fallback><w:t>?</w:t></mc:Fallback></mc:AlternateContent>'
    )
    run = (
        '<w:r><w:t>a</w:t><w:tab/><w:br/><w:br w:type="page"/><w:noBreakHyphen/><w:softHyphen/><w:cr/>'
        f'<w:sym w:font="Symbol" w:char="00D7"/><w:sym w:char="D800"/><w:sym/>{smile}'
        '<w:sym w:font="Wingdings" w:char="F0E0"/><w:sym w:font="Wingdings" w:char="F021"/></w:r>'
    )
    assert lines(read(marked(p(run)))) == [f"a\t\n\u2011\n×{OBJECT}{OBJECT}\U0001f642→\uf021"]


def test_changes_in_a_formula() -> None:
    m = "http://schemas.openxmlformats.org/officeDocument/2006/math"

    def letter(text: str) -> str:
        return f"<m:r><m:rPr/><m:t>{text}</m:t></m:r>"

    formula = f'<m:oMath xmlns:m="{m}"><m:f><m:fPr><m:ctrlPr><w:rPr><w:ins w:id="9" {ANNA}/></w:rPr></m:ctrlPr></m:fPr>'
    formula += f"<m:num>{letter('a')}{ins(letter('b'))}</m:num><m:den>{dele(letter('c'))}</m:den></m:f></m:oMath>"
    markup = read(marked(p(r("x=") + formula)))
    assert lines(markup) == ["x=a[+b+][-c-]"]
    assert Counter(mark.kind.value for mark in markup.marks) == {"insertion": 1, "deletion": 1, "formatting": 1}


def test_ids_that_the_file_uses_twice_are_told_apart() -> None:
    markup = read(marked(p(ins(r("a"), id=0) + ins(r("b"), BEN, id=0)), comments=comment(1, "x") + comment(1, "y")))
    assert [(mark.id, mark.text) for mark in markup.marks] == [
        ("document/ins/0", "a"),
        ("document/ins/0~2", "b"),
        ("comments/comment/1", "x"),
        ("comments/comment/1~2", "y"),
    ]


# Comments


def test_a_comment_is_tied_to_its_range_over_paragraphs_and_table() -> None:
    body = p(r("Be") + start(1) + r("gin")) + table(["cell"]) + p("") + p(r("en") + stop(1) + r("d"))
    markup = read(marked(body, comments=comment(1, "Why?\nBecause.")))
    assert [said(mark) for mark in markup.marks] == [
        ("comment", "Anna", (0, 1, 2, 3), "Why?\nBecause.", "gin\ncell\n\nen")
    ]
    assert markup.marks[0].initials == "A"
    assert [[piece.marks for piece in each.pieces] for each in markup.paragraphs] == [
        [(), ("comments/comment/1",)], [("comments/comment/1",)], [], [("comments/comment/1",), ()],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "paragraphs", "quote"),
    [
        (p("a") + p(r("b") + refer(1)), (1,), ""),  # no range
        (p("a") + p(start(1) + r("b") + refer(1)) + p("c"), (1,), ""),  # a range without an end
        (p("a") + p(r("b") + stop(1)), (1,), ""),  # an end without a start
        (p("a") + p(r("b") + start(1) + stop(1)), (1,), ""),  # nothing in the range
        (p(start(1) + r("a")) + p(stop(1) + r("b")), (0,), "a"),  # up to the paragraph's end
        (p("a") + start(1) + p("b") + stop(1, reference=False) + p(refer(1)), (1,), "b"),  # between paragraphs
        (p("a") + start(1) + tbl(row(CELL.format("", p("b")) + stop(1)[: stop(1).index("<w:r>")])) + p("c"), (1,), "b"),
        (p(start(1) + r("a ") + dele("b") + ins(r("c")) + stop(1)), (0,), "a c"),  # as it reads now
        (p(start(1) + dele("gone") + stop(1)), (0,), "gone"),  # about what was taken out
        (p(ins(start(1) + r("new") + stop(1))), (0,), "new"),
        (p("a"), (), ""),  # its place was lost
    ],
)  # fmt: skip
def test_where_a_comment_hangs(body: str, paragraphs: tuple[int, ...], quote: str) -> None:
    mark = next(m for m in read(marked(body, comments=comment(1, "x"))).marks if m.kind is MarkKind.COMMENT)
    assert (mark.paragraphs, mark.quote) == (paragraphs, quote)


def test_comments_in_notes_and_text_boxes() -> None:
    body = p(r("a") + note_mark(1) + box(p(start(2) + r("in a box") + stop(2))))
    notes = note(1, start(1) + r("in a note") + stop(1))
    markup = read(marked(body, footnotes=notes, comments=comment(1, "x") + comment(2, "y")))
    assert [(mark.paragraphs, mark.quote) for mark in markup.marks] == [((2,), "in a note"), ((1,), "in a box")]


@pytest.mark.parametrize("namespace", ["word/2012/wordml", "word/2010/11/wordml"])
def test_threads_and_what_is_resolved(namespace: str) -> None:
    comments = comment(1, "one\ntwo", paragraph="0000000A") + comment(2, "answer", BEN, paragraph="0000000b")
    comments += comment(3, "alone", paragraph="0000000C") + comment(4, "old", "w:author='C'")
    threads = (
        '<w15:commentEx w15:paraId="0000000A" w15:done="1"/>'
        '<w15:commentEx w15:paraId="0000000B" w15:paraIdParent="0000000a" w15:done="0"/>'
        '<w15:commentEx w15:paraId="0000000C" w15:paraIdParent="0000000C"/>'
    )
    data = unpack(marked(p(start(1) + r("text") + stop(1)), comments=comments, beside={"commentsExtended": threads}))
    part = data.parts["word/commentsExtended.xml"].replace(b"word/2012/wordml", namespace.encode())
    data.parts["word/commentsExtended.xml"] = part
    first, answer, alone, old = read(data.to_bytes()).marks
    assert (first.text, first.is_resolved, first.reply_to) == ("one\ntwo", True, None)
    assert (answer.reply_to, answer.is_resolved) == (first.id, False)
    assert (answer.paragraphs, answer.quote) == ((0,), "text")  # it says nothing of its own: that of its comment
    assert (alone.reply_to, alone.paragraphs) == (None, ())
    assert (old.author, old.at, old.reply_to) == ("C", None, None)


@pytest.mark.parametrize(
    ("program", "replies"),
    [
        (None, [None, "1", None, "1", None]),
        ("LibreOffice/7", [None, "1", None, "1", None]),
        ("Microsoft Office Word", [None] * 5),
    ],
)
def test_threads_of_other_programs_are_told_by_their_text(program: str | None, replies: list[str | None]) -> None:
    """Google Docs repeats the range of a comment for each reply; closing a thread is a reply, too."""
    body = p(start(1) + start(2) + start(4) + r("text") + stop(1) + stop(2) + stop(4) + start(3) + r(" more") + stop(3))
    comments = comment(1, "one") + comment(2, "answer", BEN) + comment(3, "other") + comment(4, "_Marked as resolved_")
    docx = unpack(marked(body + p(start(5) + stop(5)), comments=comments + comment(5, "nothing")))
    if program is not None:
        docx.add(
            "docProps/app.xml", f"<Properties><Application>{program}</Application></Properties>".encode(), "a/b+xml"
        )
        docx.relate("", OFFICE_REL + "extended-properties", "docProps/app.xml")
    marks = read(docx.to_bytes()).marks
    assert [mark.reply_to and mark.reply_to.rpartition("/")[2] for mark in marks] == replies
    assert [mark.is_resolved for mark in marks] == [replies[1] is not None, False, False, False, False]


def test_the_true_time_comes_before_the_writers_clock() -> None:
    entry = '<w16cex:commentExtensible w16cex:durableId="11223344" w16cex:dateUtc="2007-05-01T08:00:00Z"/>'
    beside = {
        "commentsIds": '<w16cid:commentId w16cid:paraId="0000000A" w16cid:durableId="11223344"/>',
        "commentsExtensible": entry,
    }
    when = 'w:author="D" w:date="2007-05-01T12:00:00Z" xmlns:w16du="urn:du" w16du:dateUtc="2007-05-01T10:00:00Z"'
    data = marked(
        p(ins(r("a"), when) + start(1) + r("b") + stop(1)),
        comments=comment(1, "x", paragraph="0000000A"),
        beside=beside,
    )
    assert [mark.at for mark in read(data).marks] == [
        dt.datetime(2007, 5, 1, 10, 0, tzinfo=dt.UTC), dt.datetime(2007, 5, 1, 8, 0, tzinfo=dt.UTC),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("2007-05-01T10:00:00", dt.datetime(2007, 5, 1, 10, 0, tzinfo=dt.UTC)),
        ("2007-05-01T10:00:00+02:00", dt.datetime(2007, 5, 1, 8, 0, tzinfo=dt.UTC)),
        ("2007-05-01T10:00:00.1234567Z", dt.datetime(2007, 5, 1, 10, 0, 0, 123456, tzinfo=dt.UTC)),
        ("0001-01-01T00:00:00+05:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_times(date: str, at: dt.datetime | None) -> None:
    assert read(marked(p(ins(r("a"), f'w:author="X" w:date="{date}"')))).marks[0].at == at


def test_the_text_of_a_comment_is_what_is_left_of_it() -> None:
    tabs = '<w:pPr><w:tabs><w:tab w:val="left" w:pos="720"/></w:tabs></w:pPr>'
    said_ = r("Say ") + dele("this", id=8) + ins(r("that"), id=9) + "<w:r><w:tab/></w:r>" + r(".")
    text = f"<w:p>{tabs}<w:r><w:annotationRef/></w:r>{said_}</w:p>"
    markup = read(marked(p("a"), comments=f'<w:comment w:id="1" {ANNA}>{text}</w:comment>'))
    assert sorted((mark.kind.value, mark.text) for mark in markup.marks) == [
        ("comment", "Say that\t."), ("deletion", "this"), ("insertion", "that"),
    ]  # fmt: skip


# Real files


@pytest.mark.parametrize("file", corpus())
def test_every_change_of_a_real_file_is_a_mark(file: str) -> None:
    """Counted apart from the reader: all that has an author, but the ranges of moves and what stands twice."""
    docx = unpack(CORPUS.joinpath(f"{file}").read_bytes())
    expected: Counter[str] = Counter()
    for part in [name for name in docx.parts if name.startswith("word/") and name.endswith(".xml")]:
        for node in docx.tree(part).iter():
            if any(str(key).endswith("}author") for key in node.attrib):
                is_copy = any("Fallback" in str(above.tag) for above in node.iterancestors())
                name = str(node.tag).rpartition("}")[2]
                is_range = name.startswith("move") and "Range" in name
                expected[name] += not is_copy and not is_range and name != "person"
    found = Counter(mark.id.split("/")[1] for mark in read(docx.to_bytes()).marks)
    assert found == +expected


def test_a_strict_file_says_the_same() -> None:
    data = marked(p(start(1) + r("a") + ins(r("b")) + stop(1)), comments=comment(1, "x"))
    assert read(as_strict(unpack(data))) == read(data)
