"""The pieces of a Word template: paragraphs, tables and docxtpl tags, and the package around them."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from make_styles import HEAD, NAMESPACES, font_table, footnotes, numbering, settings, styles

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
PORTRAIT, LANDSCAPE = 9070, 14570  # width of the text in twips


def run(text: str, char_style: str = "") -> str:
    props = f'<w:rPr><w:rStyle w:val="{char_style}"/></w:rPr>' if char_style else ""
    return f'<w:r>{props}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


TAB = "<w:r><w:tab/></w:r>"


def para(style: str, *content: str, ppr: str = "") -> str:
    """A paragraph; plain strings become runs."""
    runs = "".join(part if part.startswith("<") else run(part) for part in content)
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{ppr}</w:pPr>{runs}</w:p>'


def tag(code: str, kind: str = "p") -> str:
    """A docxtpl tag that swallows its paragraph."""
    return para("TableEnd", f"{{%{kind} {code} %}}")


def each(loop: str, *content: str) -> str:
    return tag(f"for {loop}") + "".join(content) + tag("endfor")


def when(condition: str, *content: str) -> str:
    return tag(f"if {condition}") + "".join(content) + tag("endif")


def cell(width: int, *content: str, fill: str = "", props: str = "") -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{props}{shade}</w:tcPr>{"".join(content)}</w:tc>'


def row(*cells: str, heading: bool = False) -> str:
    head = "<w:tblHeader/>" if heading else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{''.join(cells)}</w:tr>"


def tag_row(code: str, columns: int) -> str:
    return row(cell(500, para("TableText", f"{{%tr {code} %}}")), *[cell(500, para("TableText"))] * (columns - 1))


def table(
    style: str,
    widths: list[int],
    *rows: str,
    first_row: bool = False,
    fixed: bool = True,
    props: str = "",
    share: bool = False,
) -> str:
    """A table of fixed widths, unless told otherwise; with `share` as wide as the cell it stands in."""
    fixed = fixed and not share
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    layout = '<w:tblLayout w:type="fixed"/>' if fixed else ""
    look = f'<w:tblLook w:val="{"0420" if first_row else "0400"}" w:firstRow="{int(first_row)}" w:lastRow="0" '
    look += 'w:firstColumn="0" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
    measure = '<w:tblW w:w="5000" w:type="pct"/>' if share else f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
    settings = f'<w:tblPr><w:tblStyle w:val="{style}"/>{measure}{props}{layout}{look}</w:tblPr>'
    return f"<w:tbl>{settings}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def section(landscape: bool) -> str:
    portrait, turned = 'w:w="11906" w:h="16838"', 'w:w="16838" w:h="11906" w:orient="landscape"'
    size = f"<w:pgSz {turned if landscape else portrait}/>"
    side = 1134 if landscape else 1418
    references = "".join(
        f'<w:{part}Reference w:type="{kind}" r:id="{part}{n}"/>'
        for part in ("header", "footer")
        for n, kind in ((1, "default"), (2, "first"))
    )
    return (
        f'<w:sectPr>{references}{size}<w:pgMar w:top="1304" w:right="{side}" w:bottom="1247" w:left="{side}" '
        'w:header="567" w:footer="567" w:gutter="0"/><w:cols w:space="720"/><w:titlePg/></w:sectPr>'
    )


def margins(width: int) -> dict[str, str]:
    """Headers and footers of the first and of the other pages."""
    tabs = f'<w:tabs><w:tab w:val="right" w:pos="{width}"/></w:tabs>'
    notice = when("rehearsal_notice", para("RehearsalNotice", "{{ rehearsal_notice }}"))
    symbol = para("Header", "{{ symbol }}", TAB, "{{ meeting }}", ppr=tabs)
    foot = para("Footer", "{{ edition_name }}", TAB, "{{ page_of }}", ppr=tabs)
    parts = {"header1": notice + symbol, "header2": notice + para("Header"), "footer1": foot, "footer2": foot}
    return {
        f"word/{name}.xml": f"{HEAD}<w:{kind} {NAMESPACES}>{body}</w:{kind}>"
        for name, body in parts.items()
        for kind in ("hdr" if name.startswith("header") else "ftr",)
    }


def package(body: str, landscape: bool) -> dict[str, str]:
    """Every part of one template, [Content_Types].xml first."""
    related = ["styles", "numbering", "settings", "footnotes", "fontTable"]
    marginal = ["header1", "header2", "footer1", "footer2"]
    types = "".join(f'<Override PartName="/word/{n}.xml" ContentType="{WORD}.{n}+xml"/>' for n in related)
    types += "".join(f'<Override PartName="/word/{n}.xml" ContentType="{WORD}.{n[:-1]}+xml"/>' for n in marginal)
    links = "".join(
        f'<Relationship Id="{n}" Type="{OFFICE}/{n.rstrip("12")}" Target="{n}.xml"/>' for n in [*related, *marginal]
    )
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{WORD}.document.main+xml"/>{types}'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        '<Override PartName="/docProps/app.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
        f'<Relationship Id="rId3" Type="{OFFICE}/extended-properties" Target="docProps/app.xml"/></Relationships>',
        "word/document.xml": f"{HEAD}<w:document {NAMESPACES}><w:body>{body}{section(landscape)}</w:body></w:document>",
        "word/_rels/document.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
        "word/styles.xml": styles(),
        "word/numbering.xml": numbering(),
        "word/settings.xml": settings(),
        "word/footnotes.xml": footnotes(),
        "word/fontTable.xml": font_table(),
        **margins(LANDSCAPE if landscape else PORTRAIT),
        "docProps/core.xml": f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/>',
        "docProps/app.xml": f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
        'extended-properties"><Application>Roundtable</Application></Properties>',
    }


def write(path: Path, parts: dict[str, str]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            archive.writestr(info, content.encode())
