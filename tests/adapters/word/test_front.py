"""A new cover on an old body."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_SECTION

from tasks.adapters.word.contexts import BackgroundPaper
from tasks.adapters.word.front import replace_front
from tasks.adapters.word.ingest import open_safely
from tasks.adapters.word.ooxml import WP, R, child, is_on, val, w
from tasks.adapters.word.opc import Docx, unpack
from tasks.adapters.word.reader import count_words, read_blocks, read_body
from tasks.adapters.word.segments import extract, rebuild
from tests.adapters.word.samples import BODY, CONTEXTS, IMAGES, rendered
from tests.adapters.word.word_help import (
    MARK,
    SEPARATORS,
    WORD,
    add_xml,
    changed,
    made,
    needs_libreoffice,
    note,
    note_mark,
    p,
    png,
    r,
    raw,
    table,
    through_libreoffice,
)
from tests.tools import validator


def paper(version: int, *, body: str = "", shade: int = 0, first_page: bool = False, footnotes: str = "") -> bytes:
    """A paper made with python-docx: a cover with logo, headers and footers, and a body behind the mark."""

    def build(document: Document) -> None:
        document.add_paragraph(f"Version {version}", "Title")
        document.add_paragraph("Logo ").add_run().add_picture(io.BytesIO(png(shade)))
        section = document.sections[0]
        section.header.paragraphs[0].text = f"Header {version}"
        section.header.paragraphs[0].add_run().add_picture(io.BytesIO(png(shade + 1)))
        section.footer.paragraphs[0].text = f"Footer {version}"
        if first_page:
            section.different_first_page_header_footer = True
            section.first_page_header.paragraphs[0].text = f"First {version}"
        add_xml(document, p(MARK + r(f"Body {version}"), "Heading1") + body)
        document.add_paragraph("with a picture ").add_run().add_picture(io.BytesIO(png(99)))

    data = made(build)
    if footnotes:
        docx_ = unpack(data)
        namespaces = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        notes = f"<w:footnotes {namespaces}>{SEPARATORS}{footnotes}</w:footnotes>"
        docx_.add("word/footnotes.xml", notes.encode(), f"{WORD}.footnotes+xml")
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
        docx_.relate(docx_.main, kind, "word/footnotes.xml")
        data = docx_.to_bytes()
    return data


def front_texts(data: bytes) -> list[str]:
    texts = [q.text for q in docx.Document(io.BytesIO(data)).paragraphs]
    return texts[: next(i for i, text in enumerate(texts) if text.startswith("Body"))]


def header_texts(data: bytes) -> list[str]:
    sections = docx.Document(io.BytesIO(data)).sections
    return [s.header.paragraphs[0].text + "/" + s.footer.paragraphs[0].text for s in sections]


def pictures(docx_: Docx) -> set[bytes]:
    return {data for name, data in docx_.parts.items() if "/media/" in name}


def named(docx_: Docx, part: str) -> set[str]:
    """The ids of relationships that a part names."""
    attributes = (pair for element in docx_.tree(part).iter() for pair in element.attrib.items())
    return {str(value) for name, value in attributes if str(name).startswith(f"{{{R}}}")}


def assert_sound(data: bytes) -> Docx:
    """Opened at the door and by python-docx; what is named is there, what must be unique is."""
    docx_ = open_safely(data, "paper.docx")
    docx.Document(io.BytesIO(data))
    for part in ["", *docx_.parts]:
        relationships = docx_.relationships(part)
        assert len({found.id for found in relationships}) == len(relationships)
        assert {found.target for found in relationships if not found.external} <= set(docx_.parts)
        if docx_.content_type(part).endswith(("main+xml", "header+xml", "footer+xml")):
            assert named(docx_, part) <= {found.id for found in relationships}
    root = docx_.tree(docx_.main)
    for tag, name in ((w("bookmarkStart"), w("id")), (w("bookmarkStart"), w("name")), (f"{{{WP}}}docPr", "id")):
        values = [str(element.get(name)) for element in root.iter(tag)]
        assert len(values) == len(set(values)), tag
    assert [part for part in docx_.parts if part != "[Content_Types].xml" and not docx_.content_type(part)] == []
    return docx_


def test_front_and_headers_are_the_new_ones_and_the_body_the_old_one() -> None:
    body = p(r("With a note") + note_mark(2)) + p("one", "ListBullet") + table(["a", "b"])
    master = paper(1, body=body, footnotes=note(2, "The note"))
    data = replace_front(master, paper(2, shade=40))
    docx_ = assert_sound(data)
    assert front_texts(data) == ["Version 2", "Logo "]
    assert header_texts(data) == ["Header 2/Footer 2"]
    assert read_body(docx_).blocks == read_body(unpack(master)).blocks
    assert read_body(docx_).images == read_body(unpack(master)).images
    assert count_words(docx_) == count_words(unpack(master))
    for part in ("word/footnotes.xml", "word/numbering.xml"):
        assert docx_.parts[part] == unpack(master).parts[part]
    # The old logo and the old header's picture are gone, the body's picture is kept.
    assert pictures(docx_) == {png(40), png(41), png(99)}


def test_repeating_it_changes_nothing() -> None:
    front = paper(2, first_page=True, body=p("other body"))
    once = replace_front(paper(1, body=p("x")), front)
    assert replace_front(once, front) == once
    assert replace_front(paper(1, body=p("x")), front) == once
    assert replace_front(replace_front(once, paper(3)), front) == once


def test_a_first_page_of_its_own_comes_and_goes() -> None:
    with_first = replace_front(paper(1), paper(2, first_page=True))
    section = docx.Document(io.BytesIO(with_first)).sections[0]
    assert section.different_first_page_header_footer
    assert section.first_page_header.paragraphs[0].text == "First 2"
    without = replace_front(with_first, paper(3))
    assert not docx.Document(io.BytesIO(without)).sections[0].different_first_page_header_footer
    assert b"First 2" not in b"".join(assert_sound(without).parts.values())


def test_sections_of_the_body_stay_and_follow_the_new_header() -> None:
    def build(document: Document) -> None:
        document.add_paragraph("Version 1")
        add_xml(document, p(MARK + r("Body 1"), "Heading1"))
        document.sections[0].header.paragraphs[0].text = "Header 1"
        wide = document.add_section(WD_SECTION.NEW_PAGE)
        wide.page_width, wide.page_height = wide.page_height, wide.page_width
        wide.header.is_linked_to_previous = False
        wide.header.paragraphs[0].text = "Own header"
        document.add_paragraph("wide")

    master = made(build)
    data = replace_front(master, paper(2))
    assert_sound(data)
    sections = docx.Document(io.BytesIO(data)).sections
    before = docx.Document(io.BytesIO(master)).sections
    assert [s.page_width for s in sections] == [s.page_width for s in before]
    assert [s.header.paragraphs[0].text for s in sections] == ["Header 2", "Header 2"]


def test_a_cover_in_a_section_of_its_own_brings_its_headers() -> None:
    def build(document: Document) -> None:
        document.add_paragraph("Version 2")
        document.sections[0].header.paragraphs[0].text = "Cover header"
        later = document.add_section(WD_SECTION.NEW_PAGE)
        later.header.is_linked_to_previous = False
        later.header.paragraphs[0].text = "Body header"
        add_xml(document, p(MARK + r("Body 2"), "Heading1"))

    data = replace_front(paper(1), made(build))
    assert_sound(data)
    sections = docx.Document(io.BytesIO(data)).sections
    assert [s.header.paragraphs[0].text for s in sections] == ["Cover header", "Body header"]
    assert replace_front(data, made(build)) == data


def test_different_headers_on_even_pages_come_and_go() -> None:
    def build(document: Document) -> None:
        document.settings.odd_and_even_pages_header_footer = True
        document.sections[0].even_page_header.paragraphs[0].text = "Even"
        add_xml(document, p(MARK + r("Body 2"), "Heading1"))

    data = replace_front(paper(1), made(build))
    assert docx.Document(io.BytesIO(data)).settings.odd_and_even_pages_header_footer
    assert not docx.Document(io.BytesIO(replace_front(data, paper(3)))).settings.odd_and_even_pages_header_footer


def test_a_lost_mark_is_found_by_the_first_section_and_put_back() -> None:
    master = changed(paper(1), word__document=lambda part: part.replace(b"roundtable_body", b"other"))
    data = replace_front(master, paper(2))
    docx_ = assert_sound(data)
    assert front_texts(data) == ["Version 2", "Logo "]
    names = [val(mark, "name") for mark in docx_.tree(docx_.main).iter(w("bookmarkStart"))]
    assert sorted(map(str, names)) == ["other", "roundtable_body"]
    assert read_blocks(docx_) == read_blocks(unpack(master))


def test_notes_of_the_old_front_go_and_those_of_the_new_one_come() -> None:
    master = raw(
        p(r("Old") + note_mark(2)) + p(MARK + r("Body") + note_mark(3)), footnotes=note(2, "old") + note(3, "kept")
    )
    front = raw(
        p(r("New") + note_mark(2)) + p(MARK + r("Other") + note_mark(5)), footnotes=note(2, "new") + note(5, "no")
    )
    docx_ = assert_sound(replace_front(master, front))
    root = docx_.tree(docx_.main)
    assert [val(mark, "id") for mark in root.iter(w("footnoteReference"))] == ["4", "3"]
    notes = {
        val(n, "id"): "".join(map(str, n.itertext())).strip()
        for n in docx_.tree("word/footnotes.xml")
        if val(n, "id") not in ("-1", "0")
    }
    assert notes == {"3": "kept", "4": "new"}
    plain = replace_front(raw(p("Old") + p(MARK + r("Body"))), front)
    assert [val(mark, "id") for mark in assert_sound(plain).tree("word/document.xml").iter(w("footnoteReference"))] == [
        "2"
    ]


def test_lists_of_the_front_do_not_continue_those_of_the_body() -> None:
    def numbered(list_id: int) -> str:
        return p("item", "", f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{list_id}"/></w:numPr>')

    master, front = raw(p("Old") + p(MARK + r("Body")) + numbered(2)), raw(numbered(2) + p(MARK + r("Other")))
    data = replace_front(master, front)
    docx_ = assert_sound(data)
    # A list of the same definition would count on with the body's: it gets one of its own, and keeps it.
    assert [val(use) for use in docx_.tree(docx_.main).iter(w("numId"))] == ["5", "2"]
    assert [element.tag for element in docx_.tree("word/numbering.xml")] == [w("abstractNum")] * 3 + [w("num")] * 5
    assert replace_front(data, front) == data


def test_styles_that_are_missing_come_with_those_they_build_on() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Symbol"><w:name w:val="Symbol"/><w:basedOn w:val="Base"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Base"><w:name w:val="Base"/><w:rPr><w:b/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Kop1"><w:name w:val="heading 1"/><w:rPr><w:i/></w:rPr></w:style>'
    )
    master = raw(p("Old") + p(MARK + r("Body"), "Kop1"))
    docx_ = assert_sound(replace_front(master, raw(p("GC/1", "Symbol") + p(MARK + r("x"), "Kop1"), styles=styles)))
    found = {val(style, "styleId"): style for style in docx_.tree("word/styles.xml").iter(w("style"))}
    assert {"Symbol", "Base"} <= set(found)
    assert child(found["Kop1"], "rPr", "i") is None  # the master's own stays


def test_places_that_cross_the_mark_leave_no_half() -> None:
    old = '<w:bookmarkStart w:id="1" w:name="across"/><w:commentRangeStart w:id="0"/>'
    master = raw(p(old + r("Old")) + p(MARK + r("Body") + '<w:bookmarkEnd w:id="1"/><w:commentRangeEnd w:id="0"/>'))
    new = '<w:bookmarkStart w:id="7" w:name="here"/>' + r("New") + '<w:bookmarkEnd w:id="7"/>'
    half = '<w:bookmarkStart w:id="8" w:name="half"/><w:commentRangeStart w:id="0"/>'
    front = raw(p(new + half).replace('w:id="7"', 'w:id="3"') + p(MARK + r("x") + '<w:bookmarkEnd w:id="8"/>'))
    root = assert_sound(replace_front(master, front)).tree("word/document.xml")
    starts = {val(e, "id"): val(e, "name") for e in root.iter(w("bookmarkStart"))}
    assert sorted(map(str, starts.values())) == ["here", "roundtable_body"]
    assert {val(e, "id") for e in root.iter(w("bookmarkEnd"))} == set(starts)
    assert not list(root.iter(w("commentRangeStart"), w("commentRangeEnd")))


def test_links_of_the_front_lead_where_they_led() -> None:
    link = f'<w:hyperlink r:id="rId7">{r("New")}</w:hyperlink>'
    master = raw(
        p(link.replace("New", "Old")) + p(MARK + r("Body ") + link.replace("rId7", "rId8")),
        links={"rId7": "http://old.example", "rId8": "http://body.example"},
    )
    docx_ = assert_sound(replace_front(master, raw(p(link) + p(MARK + r("x")), links={"rId7": "http://new.example"})))
    targets = {found.id: found.target for found in docx_.relationships(docx_.main)}
    links = [targets[str(e.get(e.keys()[0]))] for e in docx_.tree(docx_.main).iter(w("hyperlink"))]
    assert links == ["http://new.example", "http://body.example"]
    assert "http://old.example" not in targets.values()


def test_a_translated_body_gets_the_letterhead_of_its_language() -> None:
    master = paper(1, body=p("Context") + table(["a", "b"]))
    targets = {segment.id: segment.text.swapcase() for segment in extract(unpack(master))}
    data = replace_front(rebuild(master, targets, "ar", True), paper(2))
    docx_ = assert_sound(data)
    assert is_on(child(next(docx_.tree(docx_.main).iter(w("sectPr"))), "bidi"))
    assert [e.text for e in docx_.tree(docx_.main).iter(w("t"))][:2] == ["Version 2", "Logo "]


@needs_libreoffice
def test_a_paper_that_came_back_from_libreoffice(tmp_path: Path) -> None:
    body = p(r("With a note") + note_mark(2)) + p("one", "ListBullet") + p("two", "ListNumber") + table(["a", "b"])
    master = paper(1, body=body, footnotes=note(2, "The note"))
    returned = through_libreoffice(master, tmp_path)
    data = replace_front(returned, paper(2))
    docx_ = assert_sound(data)
    assert front_texts(data) == ["Version 2", "Logo "]
    assert header_texts(data) == ["Header 2/Footer 2"]
    assert read_body(docx_).blocks == read_body(unpack(returned)).blocks
    assert replace_front(data, paper(2)) == data


@pytest.mark.skipif(validator.missing() is not None, reason=validator.missing() or "")
def test_what_is_built_is_valid_for_word(tmp_path: Path) -> None:
    (context,) = (context for context in CONTEXTS if isinstance(context, BackgroundPaper))
    master = rendered(context, blocks=BODY, images=IMAGES)
    targets = {segment.id: segment.text.swapcase() for segment in extract(unpack(master))}
    files = {
        "drafted": replace_front(master, rendered(context, blocks=[])),
        "translated": replace_front(rebuild(master, targets, "fr", False), rendered(context, language="fr", blocks=[])),
        "turned": replace_front(
            rebuild(master, targets, "ar", True), rendered(context, language="ar", rtl=True, blocks=[])
        ),
    }
    paths = [tmp_path / f"{name}.docx" for name in files]
    for path, data in zip(paths, files.values(), strict=True):
        assert_sound(data)
        path.write_bytes(data)
    assert {path.stem: found for path, found in validator.validate(paths).items() if found} == {}
