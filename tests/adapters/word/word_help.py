"""Word files made for tests: from bare XML, where a test is about what the XML says, and with python-docx."""

from __future__ import annotations

import io
import os
import re
import shutil
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import docx
import pytest
from _pytest.mark.structures import ParameterSet
from docx.document import Document
from docx.oxml import parse_xml
from lxml import etree

from tasks.adapters.word.ooxml import XML_SPACE, Element, parse, remove, w
from tasks.adapters.word.opc import OFFICE_REL, Docx, unpack

CORPUS = Path(__file__).parents[4] / "shared" / "word-corpus"

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = (
    f'xmlns:w="{W}" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
MARK = '<w:bookmarkStart w:id="7" w:name="roundtable_body"/><w:bookmarkEnd w:id="7"/>'

STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Kop1"><w:name w:val="heading 1"/>
  <w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/></w:style>
<w:style w:type="paragraph" w:styleId="NumberedParagraph"><w:name w:val="Numbered Paragraph"/></w:style>
<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Own"/><w:basedOn w:val="NumberedParagraph"/></w:style>
<w:style w:type="paragraph" w:styleId="ListBullet"><w:name w:val="List Bullet"/>
  <w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="ListNumber"><w:name w:val="List Number"/>
  <w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Caption"><w:name w:val="caption"/></w:style>
<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>
"""
NUMBERING = """
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="2"/>
  <w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
"""
SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0">'
    "<w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>"
)


def p(content: str, style: str = "", properties: str = "") -> str:
    """A paragraph: `content` is runs, or plain text where it holds no tag."""
    inner = content if content.startswith("<") or not content else r(content)
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{styled}{properties}</w:pPr>{inner}</w:p>" if styled + properties else f"<w:p>{inner}</w:p>"


def r(text: str, properties: str = "") -> str:
    """A run."""
    formatted = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{formatted}<w:t xml:space="preserve">{text}</w:t></w:r>'


def note_mark(number: int) -> str:
    """The mark of a footnote."""
    return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="{number}"/></w:r>'


def note(number: int, content: str) -> str:
    """A footnote as Word writes it: its number, a space, the text."""
    inner = content if content.startswith("<") else r(content)
    return f'<w:footnote w:id="{number}"><w:p><w:r><w:footnoteRef/></w:r>{r(" ")}{inner}</w:p></w:footnote>'


def field(instruction: str, result: str) -> str:
    """A field of five runs, as Word writes it; `result` is runs."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{instruction}</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def drawing(picture: str = "rId9", name: str = "map.png", alt: str = "A map", content: str = "") -> str:
    """A run with a picture, or with other drawn content."""
    inner = content or f'<a:blip r:embed="{picture}"/>'
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="{name}" descr="{alt}"/>'
        f"<a:graphic><a:graphicData>{inner}</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def box(content: str, fallback: str | None = None) -> str:
    """A run with a text box, which stands twice in the file."""
    old = content if fallback is None else fallback
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx><w:txbxContent>{content}'
        "</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>"
        f"{old}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def table(*rows: list[str]) -> str:
    """A table of cells that are paragraphs, or plain text."""
    cells = ["".join(f"<w:tc>{c if c.startswith('<') else p(c)}</w:tc>" for c in row) for row in rows]
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def raw(
    body: str,
    *,
    footnotes: str = "",
    styles: str = STYLES,
    numbering: str = NUMBERING,
    parts: Mapping[str, bytes] | None = None,
    links: Mapping[str, str] | None = None,
    images: Mapping[str, str] | None = None,
    root: str = "",
) -> bytes:
    """A Word file with this body. `links`: addresses by relationship id; `images`: part names by relationship id."""
    made = Docx(
        {
            "[Content_Types].xml": (
                b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                b'<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" '
                b'ContentType="image/png"/></Types>'
            )
        }
    )
    made.add("word/document.xml", _part("document", f"<w:body>{body}</w:body>{root}"), f"{WORD}.document.main+xml")
    made.relate("", OFFICE_REL + "officeDocument", "word/document.xml")
    for name, content in (("styles", styles), ("numbering", numbering), ("footnotes", footnotes)):
        if content:
            inner = SEPARATORS + content if name == "footnotes" else content
            made.add(f"word/{name}.xml", _part(name, inner), f"{WORD}.{name}+xml")
            made.relate("word/document.xml", OFFICE_REL + name, f"word/{name}.xml")
    made.parts.update(parts or {})
    rels = made.tree("word/_rels/document.xml.rels") if "word/_rels/document.xml.rels" in made.parts else None
    if rels is not None:
        for id_, address in (links or {}).items():
            etree.SubElement(
                rels,
                rels[0].tag,
                {"Id": id_, "Type": OFFICE_REL + "hyperlink", "Target": address, "TargetMode": "External"},
            )
        for id_, part in (images or {}).items():
            target = part.removeprefix("word/")
            etree.SubElement(rels, rels[0].tag, {"Id": id_, "Type": OFFICE_REL + "image", "Target": target})
        made.write("word/_rels/document.xml.rels", rels)
    return made.to_bytes()


def opened(body: str, **parts: str) -> Docx:
    """A file with this body, as `unpack` gives it."""
    return unpack(raw(body, **parts))  # type: ignore[arg-type]


def made(build: Callable[[Document], object]) -> bytes:
    """A file made with python-docx."""
    document = docx.Document()
    build(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def add_xml(document: Document, xml: str) -> None:
    """Append bare XML to a python-docx body."""
    holder = parse_xml(f"<w:body {NAMESPACES}>{xml}</w:body>")
    for element in list(holder):
        document.element.body.insert(len(document.element.body) - 1, element)


def changed(data: bytes, **changes: Callable[[bytes], bytes]) -> bytes:
    """The file with parts changed; `word__document` stands for word/document.xml."""
    docx_ = unpack(data)
    for name, change in changes.items():
        part = name.replace("__", "/") + ".xml"
        docx_.parts[part] = change(docx_.parts[part])
    return docx_.to_bytes()


def as_strict(docx_: Docx) -> bytes:
    """The file saved as Strict Open XML; what stands under addresses of Word's own stays."""
    usual = re.compile(rb"http://schemas.openxmlformats.org/(wordprocessingml|officeDocument|drawingml)/2006/")
    parts = {name: usual.sub(rb"http://purl.oclc.org/ooxml/\1/", data) for name, data in docx_.parts.items()}
    return Docx(parts).to_bytes()


def zipped(entries: list[tuple[str, bytes]]) -> bytes:
    """A zip with these entries, whatever their names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            info = zipfile.ZipInfo("x")
            info.filename = info.orig_filename = name
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return buffer.getvalue()


def png(shade: int = 0) -> bytes:
    """A picture of one grey point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes([0, shade])))
        + chunk(b"IEND", b"")
    )


def canonical(data: bytes) -> bytes:
    """A part in canonical form, without marks of language, direction and space."""
    root = parse(data)
    _remove_all(root, "lang", "rtl", "rtlGutter", "bidi", "bidiVisual")
    for properties in [e for tag in ("rPr", "pPr", "tblPr") for e in root.iter(w(tag))]:
        if not len(properties) and not properties.attrib:
            remove(properties)
    for element in root.iter(w("t"), w("instrText"), w("delText")):
        element.attrib.pop(XML_SPACE, "")
    return etree.tostring(root, method="c14n")


needs_libreoffice = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice Writer is not installed (soffice)"
)


def through_libreoffice(data: bytes, folder: Path, name: str = "returned.docx") -> bytes:
    """The file as LibreOffice saves it, with a profile of its own."""
    sent = folder / name
    sent.write_bytes(data)
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
    subprocess.run(
        [*command, "--convert-to", "docx", "--outdir", str(folder / "out"), str(sent)],
        check=True,
        capture_output=True,
        timeout=240,
        env={**os.environ, "SAL_USE_VCLPLUGIN": "svp"},
    )
    return (folder / "out" / name).read_bytes()


def corpus() -> list[ParameterSet]:
    """The real files there are, each as a test's parameter; one that is skipped where the folder is absent."""
    return _parameters(sorted(CORPUS.glob("*.docx")))


def _parameters(files: Iterable[Path]) -> list[ParameterSet]:
    absent = pytest.mark.skip(reason="no folder of real Word files beside the project (../shared/word-corpus)")
    return [pytest.param(file, id=file.stem) for file in files] or [pytest.param(None, id="none", marks=absent)]


def _part(name: str, content: str) -> bytes:
    tag = {"document": "document", "styles": "styles", "numbering": "numbering", "footnotes": "footnotes"}[name]
    return f"<w:{tag} {NAMESPACES}>{content}</w:{tag}>".encode()


def _remove_all(root: Element, *tags: str) -> None:
    for element in [e for tag in tags for e in root.iter(w(tag))]:
        remove(element)
