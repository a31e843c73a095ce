"""What is opened and what is not, and the sentence that says so."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.adapters.word.front import replace_front
from tasks.adapters.word.ingest import Limits, open_safely
from tasks.adapters.word.ooxml import Element, parse
from tasks.adapters.word.opc import OFFICE_REL, Docx, unpack
from tasks.adapters.word.reader import read_body
from tasks.adapters.word.segments import extract, rebuild
from tasks.domain.errors import Refusal, Unsafe
from tests.adapters.word.word_help import WORD, as_strict, corpus, field, made, p, r, raw, zipped
from tests.tools import validator

CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def refusal(data: bytes, name: str = "report.docx", limits: Limits | None = None) -> str:
    with pytest.raises(Unsafe) as refused:
        open_safely(data, name, limits or Limits())
    return str(refused.value)


def test_an_ordinary_file_is_opened_whole() -> None:
    data = made(lambda d: d.add_paragraph("Migration and development"))
    opened = open_safely(data, "note.docx")
    assert opened.name == "note.docx"
    assert opened.parts == unpack(data).parts
    assert docx.Document(io.BytesIO(opened.to_bytes())).paragraphs[0].text == "Migration and development"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "an empty file; ask for it to be sent again"),
        (b"hello", "not a Word file; ask for the .docx"),
        (b"%PDF-1.7 ...", "a PDF, not a Word file; ask for the .docx it was made from"),
        (b"{\\rtf1 hello}", "an RTF file, not .docx; ask for it saved as .docx"),
        (
            CFB + "WordDocument".encode("utf-16-le"),
            "an old Word 97-2003 file, not .docx; ask for it saved as .docx",
        ),
        (
            CFB + "EncryptedPackage".encode("utf-16-le"),
            "encrypted or protected by a password; ask for it without password",
        ),
        (CFB + "Workbook".encode("utf-16-le"), "an old Excel file, not a Word file; ask for the .docx"),
        (CFB, "an old Office file, not .docx; ask for it saved as .docx"),
        (
            zipped([("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<x/>")]),
            "an OpenDocument file, not .docx; ask for it saved as .docx",
        ),
        (zipped([("readme.txt", b"hello")]), "not a Word file; ask for the .docx"),
        (raw(p("x"))[:-40], "a damaged or incomplete file; ask for it to be sent again"),
    ],
)
def test_what_is_no_word_file_is_told_apart(data: bytes, message: str) -> None:
    assert refusal(data, "report.doc") == f"report.doc: {message}"


def test_other_office_files_are_told_apart() -> None:
    types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    book = Docx({"[Content_Types].xml": types.encode()})
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    book.add("xl/workbook.xml", b"<workbook/>", sheet)
    book.relate("", OFFICE_REL + "officeDocument", "xl/workbook.xml")
    data = book.to_bytes()
    assert refusal(data, "seats.docx") == "seats.docx: an Excel file, not a Word file; ask for the .docx"


def broken_checksum() -> bytes:
    data = bytearray(zipped([(name, content) for name, content in unpack(raw(p("x"))).parts.items()]))
    place = data.index(b"word/document.xml") + len(b"word/document.xml") + 8
    data[place] ^= 0xFF
    return bytes(data)


def test_a_broken_checksum_is_a_damaged_file() -> None:
    assert refusal(broken_checksum()) == "report.docx: a damaged or incomplete file; ask for it to be sent again"


class TestLimits:
    def test_of_the_zip(self) -> None:
        data = raw(p("x"))
        limits = Limits(zip_bytes=len(data) - 1)
        assert "0.0 MB, the limit is 0.0 MB; ask for it with smaller pictures" in refusal(data, limits=limits)
        assert open_safely(data, "x.docx", Limits(zip_bytes=len(data))).parts

    def test_of_the_number_of_parts(self) -> None:
        data = zipped([(f"p{n}.xml", b"<x/>") for n in range(2_001)])
        assert (
            refusal(data) == "report.docx: 2,001 parts, the limit is 2,000; ask for it saved again as .docx from Word"
        )

    def test_of_one_part(self) -> None:
        data = zipped([("word/document.xml", bytes(65 * 1024 * 1024))])
        assert "word/document.xml unpacks to 65.0 MB, the limit is 64.0 MB" in refusal(data)

    def test_of_all_parts(self) -> None:
        data = zipped([(f"p{n}.bin", b"x" * 1000) for n in range(5)])
        assert "unpacks to 0.0 MB, the limit is 0.0 MB" in refusal(data, limits=Limits(total_bytes=4_999))

    def test_of_the_ratio(self) -> None:
        data = zipped([("word/document.xml", b"<w:p/>" * 1_000_000)])
        assert "times its size, the limit is 200" in refusal(data)

    def test_of_the_ratio_is_not_for_what_is_small(self) -> None:
        opened = open_safely(raw(p("x"), parts={"word/media/blank.png": bytes(200_000)}), "x.docx")
        assert "word/media/blank.png" in opened.parts

    def test_of_elements_counts_all_parts_together(self) -> None:
        data = raw("<w:p/>" * 900)
        assert "more than 900 elements; ask for a shorter document" in refusal(data, limits=Limits(elements=900))
        assert open_safely(data, "x.docx", Limits(elements=1_100)).parts

    def test_of_elements_is_counted_before_there_is_a_tree(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # Paragraphs that differ enough to pass the limit of the ratio: only the count of elements is left.
        data = raw("".join(f'<w:p w:rsidR="{n:04X}"/>' for n in range(11_000)) * 10)
        sizes: list[int] = []

        def watched(part: bytes) -> Element:
            sizes.append(len(part))
            return parse(part)

        monkeypatch.setattr("tasks.adapters.word.opc.parse", watched)
        assert "more than 100,000 elements" in refusal(data, limits=Limits(elements=100_000))
        assert max(sizes) < 2_000  # only the list of content types was parsed
        assert Limits().elements == 1_500_000

    def test_of_depth(self) -> None:
        data = raw("<w:sdt>" * 300 + "</w:sdt>" * 300)
        assert "word/document.xml is nested deeper than 250 levels" in refusal(data)


@pytest.mark.parametrize(
    "name",
    ["../evil.xml", "word/../../evil.xml", "/etc/passwd", "word\\document.xml", "C:evil.xml", "word/./x", "a\nb"],
)
def test_names_that_lead_outside_are_refused(name: str) -> None:
    assert "which may lead outside the file" in refusal(zipped([("[Content_Types].xml", b"<x/>"), (name, b"x")]))


@pytest.mark.parametrize("other", ["word/document.xml", "WORD/document.XML"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice_is_refused(other: str) -> None:
    assert "two parts are named" in refusal(zipped([("word/document.xml", b"<x/>"), (other, b"<y/>")]))


def test_an_encrypted_zip_is_refused() -> None:
    data = bytearray(raw(p("x")))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        start = archive.start_dir
    data[start + 8] |= 1
    assert refusal(bytes(data)) == "report.docx: encrypted; ask for it without password"


@pytest.mark.parametrize("part", ["word/document.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"])
def test_a_doctype_is_refused(part: str) -> None:
    docx_ = unpack(raw(p("x")))
    docx_.parts[part] = b'<!DOCTYPE x [<!ENTITY a "b">]>' + docx_.parts[part]
    assert f"{part} has a DOCTYPE, which no Word file has" in refusal(docx_.to_bytes())


def test_a_doctype_is_found_in_what_is_declared_a_picture() -> None:
    assert "has a DOCTYPE" in refusal(raw(p("x"), parts={"word/media/a.png": b"  <!DOCTYPE x><x/>"}))


@pytest.mark.parametrize(
    "xml",
    [b"<w:document", b"", b"<a><b></a>", b"<x:y/>", b"<a>&undefined;</a>", b'<?xml version="1.0" encoding="no"?><a/>'],
)
def test_xml_that_is_not_well_formed_is_refused(xml: bytes) -> None:
    docx_ = unpack(raw(p("x")))
    docx_.parts["word/styles.xml"] = xml
    assert "word/styles.xml is not well-formed XML (" in refusal(docx_.to_bytes())


def with_type(old: str, new: str) -> bytes:
    docx_ = unpack(raw(p("x")))
    docx_.parts["[Content_Types].xml"] = docx_.parts["[Content_Types].xml"].replace(old.encode(), new.encode())
    return docx_.to_bytes()


def with_part(name: str, kind: str, content_type: str, data: bytes = b"x", body: str = p("x")) -> bytes:
    docx_ = unpack(raw(body))
    docx_.add(name, data, content_type)
    docx_.relate("word/document.xml", OFFICE_REL + kind, name)
    return docx_.to_bytes()


#: What is cut out of real files.
EMBEDDED = {
    "oxsdk-Strict01": {"word/embeddings/Microsoft_Excel_Worksheet2.xlsx"},
    "oxsdk-comment": {"word/embeddings/oleObject1.bin"},
}
MACROS = "report.docx: holds macros; ask for it saved as “Word document (*.docx)”, without macros"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (with_type(f"{WORD}.document.main+xml", "application/vnd.ms-word.document.macroEnabled.main+xml"), MACROS),
        (with_part("word/vbaProject.bin", "vbaProject", "application/vnd.ms-office.vbaProject"), MACROS),
        (with_part("word/other.bin", "x", "application/vnd.ms-office.vbaProject"), MACROS),
        (
            with_type(f"{WORD}.document.main+xml", f"{WORD}.template.main+xml"),
            "report.docx: a Word template, not a document; ask for it saved as .docx",
        ),
        (
            with_part("word/activeX/activeX1.xml", "control", "application/vnd.ms-office.activeX+xml", b"<x/>"),
            "report.docx: holds an ActiveX control; ask for a copy without it",
        ),
        (
            with_part("word/embeddings/o.bin", "oleObject", "application/vnd.openxmlformats-officedocument.oleObject"),
            "report.docx: holds an embedded OLE object (word/embeddings/o.bin); "
            "ask for a copy with a picture or a table in its place",
        ),
        (
            with_part("word/embeddings/s.xlsx", "package", "application/octet-stream"),
            "report.docx: holds an embedded file (word/embeddings/s.xlsx); "
            "ask for a copy with a picture or a table in its place",
        ),
        (
            with_part("word/part.html", "aFChunk", "text/html"),
            "report.docx: holds an inserted file (word/part.html); "
            "ask for a copy with a picture or a table in its place",
        ),
    ],
)
def test_what_runs_or_opens_elsewhere_is_refused(data: bytes, message: str) -> None:
    assert refusal(data) == message


def test_the_sheet_behind_a_chart_is_no_danger() -> None:
    docx_ = unpack(raw(p("x")))
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    docx_.add("word/charts/chart1.xml", b"<c/>", "application/vnd.openxmlformats-officedocument.drawingml.chart+xml")
    docx_.relate("word/document.xml", OFFICE_REL + "chart", "word/charts/chart1.xml")
    docx_.add("word/embeddings/s.xlsx", zipped([("xl/workbook.xml", b"<x/>")]), sheet)
    docx_.relate("word/charts/chart1.xml", OFFICE_REL + "package", "word/embeddings/s.xlsx")
    assert open_safely(docx_.to_bytes(), "x.docx").parts
    docx_.parts["word/embeddings/s.xlsx"] = zipped([("xl/vbaProject.bin", b"x")])
    assert "holds an embedded file (word/embeddings/s.xlsx)" in refusal(docx_.to_bytes())


SPLIT_FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> DD</w:instrText></w:r>'
    "<w:r><w:instrText>EAU</w:instrText></w:r><w:r><w:instrText>TO c:\\\\cmd</w:instrText></w:r>"
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (field(" DDE excel sheet", r("x")), "the field DDE"),
        (field('INCLUDETEXT "http://example.org/x"', r("x")), "the field INCLUDETEXT"),
        (field("includepicture \\d x", r("x")), "the field INCLUDEPICTURE"),
        (field(" LINK Excel.Sheet.8 x", r("x")), "the field LINK"),
        (SPLIT_FIELD, "the field DDEAUTO"),
        ('<w:fldSimple w:instr=" DDEAUTO x "><w:r/></w:fldSimple>', "the field DDEAUTO"),
        (field("IF 1 = " + field("DDE x", r("y")), r("x")), "the field DDE"),
        (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + field("QUOTE 68 68 69", r("DDE")) + "<w:r><w:t/></w:r>",
            "a field whose name is computed by another field",
        ),
        ("<w:object><o:OLEObject/></w:object>", "an embedded OLE object"),
        ("<w:r><w:object><w:control/></w:object></w:r>", "an ActiveX control"),
        ('<w:altChunk r:id="x"/>', "an inserted file"),
        ('<w:subDoc r:id="x"/>', "a linked subdocument"),
    ],
)
def test_fields_and_elements_that_fetch_or_run_are_refused(content: str, what: str) -> None:
    assert refusal(raw(p(content))) == (
        f"report.docx: holds {what}, which would run or fetch something when opened; "
        "ask for a copy with plain text or a picture in its place"
    )


def test_several_dangers_are_told_at_once() -> None:
    assert "holds the field DDE and the field LINK," in refusal(raw(p(field("DDE x", "") + field("LINK y", ""))))


@pytest.mark.parametrize(
    "instruction", [' HYPERLINK "http://example.org" ', "PAGE", "TOC \\o", "REF _Ref1", "DATE", "SEQ Table"]
)
def test_ordinary_fields_are_no_danger(instruction: str) -> None:
    assert open_safely(raw(p(field(instruction, r("x")))), "x.docx").parts


def test_a_picture_from_elsewhere_is_refused() -> None:
    docx_ = unpack(raw(p("x")))
    docx_.relate("word/document.xml", OFFICE_REL + "image", "http://example.org/spy.png", external=True)
    assert refusal(docx_.to_bytes()) == (
        "report.docx: a picture is fetched from http://example.org/spy.png when opened; "
        "ask for a copy with it inserted in the file"
    )


def test_links_a_reader_clicks_are_no_danger() -> None:
    data = raw(p("x"), links={"rId7": "http://example.org"})
    assert open_safely(data, "x.docx").parts == unpack(data).parts


def test_a_remote_template_is_taken_out() -> None:
    docx_ = unpack(raw(p("x")))
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    settings = (
        f'<w:settings xmlns:w="{namespace}" xmlns:r="{OFFICE_REL[:-1]}"><w:zoom w:percent="90"/>'
        '<w:attachedTemplate r:id="rId1"/></w:settings>'
    )
    docx_.add("word/settings.xml", settings.encode(), f"{WORD}.settings+xml")
    docx_.relate("word/document.xml", OFFICE_REL + "settings", "word/settings.xml")
    docx_.relate("word/settings.xml", OFFICE_REL + "attachedTemplate", "http://example.org/t.dotm", external=True)
    opened = open_safely(docx_.to_bytes(), "x.docx")
    assert opened.relationships("word/settings.xml") == []
    assert b"attachedTemplate" not in opened.parts["word/settings.xml"]
    assert b"zoom" in opened.parts["word/settings.xml"]


def test_two_main_documents_are_refused() -> None:
    docx_ = unpack(raw(p("x")))
    docx_.relate("", OFFICE_REL + "officeDocument", "word/styles.xml")
    assert refusal(docx_.to_bytes()) == "report.docx: not a Word file; ask for the .docx"


def test_a_strict_file_is_opened_as_a_usual_one() -> None:
    docx_ = unpack(raw(p(r("x") + field("PAGE", r("1"))), links={"rId9": "http://example.org/2006/x"}))
    opened = open_safely(as_strict(docx_), "report.docx")
    assert opened.parts == docx_.parts
    assert unpack(as_strict(docx_)).parts == docx_.parts


def test_what_only_says_that_it_is_strict_in_part_is_refused_with_the_way_out() -> None:
    docx_ = unpack(raw(p("x")))
    docx_.parts["word/document.xml"] = docx_.parts["word/document.xml"].replace(
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert refusal(docx_.to_bytes()) == (
        "report.docx: saved as Strict Open XML; ask for it saved as the normal type “Word document (*.docx)”"
    )


def test_a_strict_file_is_refused_for_what_any_other_is() -> None:
    docx_ = unpack(raw(p(field("DDEAUTO c:\\\\x", r("1")))))
    assert "the field DDEAUTO" in refusal(as_strict(docx_))
    docx_ = unpack(raw(p("x")))
    docx_.add("word/embeddings/x.bin", b"x", "application/octet-stream")
    docx_.relate("word/document.xml", OFFICE_REL + "oleObject", "word/embeddings/x.bin")
    assert "an embedded OLE object" in refusal(as_strict(docx_))


WHOLE = raw(p(r("x") + field("PAGE", r("1"))) * 3, links={"rId9": "http://example.org"})


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=4), st.integers(0, len(WHOLE)))
def test_whatever_happened_on_the_way_it_is_opened_or_refused(flips: list[tuple[int, int]], end: int) -> None:
    data = bytearray(WHOLE if end % 3 else WHOLE[:end])
    for place, value in flips:
        if place < len(data):
            data[place] = value
    try:
        read_body(open_safely(bytes(data), "x.docx"))
    except Refusal as refused:
        assert str(refused).startswith("x.docx: ")


@given(
    st.sampled_from(sorted(unpack(WHOLE).parts)),
    st.sampled_from([b"", b"0", b"-", b"w:p", b"styles", b"/", b"..", b"<x/>", b"8" * 30]),
    st.integers(0, 10**6),
)
def test_whatever_is_written_in_a_part_it_is_opened_or_refused(part: str, written: bytes, place: int) -> None:
    docx_ = unpack(WHOLE)
    values = re.findall(rb'(?<==")[^"]*(?=")', docx_.parts[part])
    old = values[place % len(values)]
    docx_.parts[part] = docx_.parts[part].replace(b'"' + old + b'"', b'"' + written + b'"', 1)
    try:
        opened = open_safely(docx_.to_bytes(), "x.docx")
        read_body(opened)
        rebuild(opened.to_bytes(), {s.id: s.text for s in extract(opened)}, "fr", True)
        replace_front(opened.to_bytes(), WHOLE)
    except Refusal as refused:
        assert str(refused)


@pytest.mark.parametrize("file", corpus())
def test_real_files_hit_no_limit(file: Path) -> None:
    data = file.read_bytes()
    opened: Any = open_safely(data, file.name)
    cut = {each.part for each in opened.objects}
    assert set(opened.parts) == set(unpack(data).parts) - cut
    assert cut == EMBEDDED.get(file.stem, set())


@pytest.mark.skipif(validator.missing() is not None, reason=validator.missing() or "")
@pytest.mark.parametrize("file", [one for one in corpus() if one.id in (*EMBEDDED, "none")])
def test_a_real_file_is_no_worse_without_its_objects(file: Path, tmp_path: Path) -> None:
    before, after = tmp_path / "before.docx", tmp_path / "after.docx"
    # Both as the project writes a file: a strict one in the usual form.
    before.write_bytes(unpack(file.read_bytes()).to_bytes())
    after.write_bytes(open_safely(file.read_bytes(), file.name).to_bytes())
    found = validator.validate([before, after])
    assert {each.message for each in found[after]} <= {each.message for each in found[before]}


OBJECT = (
    '<w:r><w:object w:dxaOrig="100" w:dyaOrig="100"><v:shape xmlns:v="urn:schemas-microsoft-com:vml" id="s1" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" style="width:10pt;height:10pt" o:ole="">{}</v:shape>'
    '<o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" Type="Embed" ProgID="Excel.Sheet.12" ShapeID="s1" '
    'DrawAspect="Content" ObjectID="_1" r:id="{}"/></w:object></w:r>'
)
PICTURE = '<v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" r:id="rId99"/>'


def with_object(picture: str = PICTURE, kind: str = "package", id: str = "", external: bool = False) -> bytes:
    """A file with an embedded workbook between two words."""
    docx_ = unpack(raw(p(r("before") + "@" + r("after"))))
    docx_.add("word/embeddings/s.xlsx", b"PK a workbook", "application/octet-stream")
    found = docx_.relate("word/document.xml", OFFICE_REL + kind, "word/embeddings/s.xlsx", external=external)
    document = docx_.parts["word/document.xml"].decode()
    docx_.parts["word/document.xml"] = document.replace("@", OBJECT.format(picture, id or found)).encode()
    return docx_.to_bytes()


@pytest.mark.parametrize("kind", ["package", "oleObject"])
@pytest.mark.parametrize("picture", [PICTURE, ""])
def test_an_embedded_object_is_cut_out_and_its_picture_stays(kind: str, picture: str) -> None:
    opened = open_safely(with_object(picture, kind), "x.docx")
    (cut,) = opened.objects
    assert (cut.part, cut.data, cut.program) == ("word/embeddings/s.xlsx", b"PK a workbook", "Excel.Sheet.12")
    text = opened.parts["word/document.xml"].decode()
    assert "OLEObject" not in text and "w:object" not in text and "o:ole" not in text
    assert ("<w:pict>" in text and 'r:id="rId99"' in text) is bool(picture)
    assert not [name for name in opened.parts if "embeddings" in name]
    assert not [r for r in opened.relationships("word/document.xml") if r.kind == kind]
    assert open_safely(opened.to_bytes(), "x.docx").objects == [], "what came of it is an ordinary file"


def test_a_link_to_an_object_elsewhere_is_refused() -> None:
    assert "holds an embedded file" in refusal(with_object(id="rId404"))
    assert "holds an embedded file" in refusal(with_object(kind="oleObject", external=True))


def test_what_else_is_dangerous_beside_an_object_is_refused() -> None:
    docx_ = unpack(with_object())
    text = docx_.parts["word/document.xml"].decode().replace("</w:body>", p(field("DDE x", r("y"))) + "</w:body>")
    docx_.parts["word/document.xml"] = text.encode()
    assert "holds the field DDE, which" in refusal(docx_.to_bytes())
    docx_ = unpack(with_object())
    docx_.add("word/vbaProject.bin", b"x", "application/vnd.ms-office.vbaProject")
    docx_.relate("word/document.xml", OFFICE_REL + "vbaProject", "word/vbaProject.bin")
    assert "holds macros" in refusal(docx_.to_bytes())
