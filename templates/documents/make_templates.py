"""Makes the first Word templates of this folder: `python templates/documents/make_templates.py [FOLDER]`.

The .docx are the truth: coordinators restyle them in Word, and then this script is history; running it again would
throw their work away, so it refuses to overwrite unless told `--overwrite`. Same script, same bytes.

The templates hold no words of any language: every label comes from the context (tasks/adapters/word/contexts.py).
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from make_styles import HEAD, NAMESPACES, RULE, TINT, font_table, footnotes, numbering, settings, styles

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
    style: str, widths: list[int], *rows: str, first_row: bool = False, fixed: bool = True, props: str = ""
) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    layout = '<w:tblLayout w:type="fixed"/>' if fixed else ""
    look = f'<w:tblLook w:val="{"0420" if first_row else "0400"}" w:firstRow="{int(first_row)}" w:lastRow="0" '
    look += 'w:firstColumn="0" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
    measure = f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
    settings = f'<w:tblPr><w:tblStyle w:val="{style}"/>{measure}{props}{layout}{look}</w:tblPr>'
    return f"<w:tbl>{settings}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def letterhead(width: int) -> str:
    """Edition and meeting on one side; symbol, version, language and date on the other; a rule below."""
    right = 3300
    lines = each(
        "line in reference", para("LetterheadLine", run("{{ line.label }}", "LineLabel"), TAB, "{{ line.value }}")
    )
    left = para("LetterheadName", "{{ edition_name }}") + para("LetterheadMeeting", "{{ meeting }}")
    return table(
        "RoundtableLetterhead",
        [width - right, right],
        row(
            cell(width - right, left), cell(right, when("symbol", para("LetterheadSymbol", "{{ symbol }}")), lines, END)
        ),
    )


END = para("TableEnd")
TO_THE_END = '<w:jc w:val="right"/>'
BODY = (
    '<w:p><w:pPr><w:pStyle w:val="BodyText"/></w:pPr><w:bookmarkStart w:id="0" w:name="roundtable_body"/>'
    '<w:bookmarkEnd w:id="0"/></w:p>'
)


def facts(loop: str, width: int, label: str, *value: str) -> str:
    """A table of labelled facts, one row each."""
    left = 2300
    cells = row(cell(left, para("TableLabel", label)), cell(width - left, *value))
    return table("RoundtableFacts", [left, width - left], tag_row(f"for {loop}", 2), cells, tag_row("endfor", 2))


def roster(width: int) -> str:
    names = para("TableText", "{{ role.names|join('\\n') }}")
    table = facts("role in roster", width, "{{ role.label }}", names)
    return when("roster", para("PartHeading", "{{ roster_heading }}"), table, END)


def instructions(width: int) -> str:
    text = para("InstructionHeading", "{{ instructions_heading }}")
    text += each("line in instructions", para("Instruction", "{{ line }}"))
    return when("instructions", END, table("RoundtableBox", [width], row(cell(width, text, fill=TINT))), END)


def titles(*after: str) -> str:
    lines = "".join(when(name, para("Subtitle", f"{{{{ {name} }}}}")) for name in after)
    return para("DocumentKind", "{{ kind }}") + para("Title", "{{ title }}") + lines


def concept_note() -> str:
    return titles("session") + roster(PORTRAIT) + instructions(PORTRAIT) + BODY


def background_paper() -> str:
    kind = para("DocumentKind", "{{ kind }}", "{% if status %} · {{ status }}{% endif %}")
    cover = kind + para("Title", "{{ title }}") + when("session", para("Subtitle", "{{ session }}"))
    return cover + when("roundtable", para("Subtitle", "{{ roundtable }}")) + roster(PORTRAIT) + BODY


def report() -> str:
    widths = [2300, 2900, PORTRAIT - 5200]
    labels = [cell(w, para("TableHeading", f"{{{{ panel_columns[{n}] }}}}")) for n, w in enumerate(widths)]
    keys = zip(widths, ("role", "name", "body"), strict=True)
    head, seat = row(*labels, heading=True), row(*[cell(w, para("TableText", f"{{{{ seat.{k} }}}}")) for w, k in keys])
    rows = (head, tag_row("for seat in panel", 3), seat, tag_row("endfor", 3))
    panel = table("RoundtableTable", widths, *rows, first_row=True)
    lines = facts("fact in facts", PORTRAIT, "{{ fact.label }}", para("TableText", "{{ fact.value }}"))
    return (
        titles("subtitle")
        + when("facts", END, lines, END)
        + when("panel", para("PartHeading", "{{ panel_heading }}"), panel, END)
        + instructions(PORTRAIT)
        + BODY
    )


def list_document() -> str:
    def cells(loop: str, style: str, text: str) -> str:
        parts = (f"{{%tc for {loop} %}}", text, "{%tc endfor %}")
        return "".join(cell(900, para(style, part)) for part in parts)

    head = row(cells("column in table.columns", "TableHeading", "{{ column }}"), heading=True)
    body = row(cells("value in row", "TableText", "{{ value }}"))
    lines = (head, tag_row("for row in table.rows", 3), body, tag_row("endfor", 3))
    rows = table("RoundtableTable", [4800, 4800, 4970], *lines, first_row=True, fixed=False)
    label, value = para("TableText", "{{ line.label }}"), para("TableText", "{{ line.value }}", ppr=TO_THE_END)
    lines = (tag_row("for line in balance.lines", 2), row(cell(2900, label), cell(900, value)), tag_row("endfor", 2))
    figures = para("TableHeading", "{{ balance.heading }}") + table("RoundtableFacts", [2900, 900], *lines) + END
    loop = [cell(900, para("TableText", code)) for code in ("{%tc for balance in balances %}", "{%tc endfor %}")]
    third = LANDSCAPE // 3
    balances = table(
        "RoundtablePlain", [third, third, LANDSCAPE - 2 * third], row(loop[0], cell(third, figures), loop[1])
    )
    return (
        titles("subtitle")
        + each("line in intro", para("BodyText", "{{ line }}"))
        + each("table in tables", when("table.heading", para("PartHeading", "{{ table.heading }}")), rows, END)
        + when("balances", para("PartHeading", "{{ balances_heading }}"), balances, END)
        + para("TableEnd")
    )


def letter() -> str:
    beside = '<w:tabs><w:tab w:val="left" w:pos="1134"/></w:tabs><w:ind w:left="1134" w:hanging="1134"/>'
    subject = para("Subject", run("{{ subject_label }}", "LineLabel"), TAB, "{{ subject }}", ppr=beside)
    closing = '<w:keepNext/><w:spacing w:before="240" w:after="900"/>'
    label = para("Enclosure", "{{ enclosures_label }}", ppr='<w:keepNext/><w:spacing w:before="480"/>')
    return (
        para("TableEnd", ppr='<w:spacing w:before="240"/>')
        + each("line in recipient", para("Recipient", "{{ line }}"))
        + subject
        + para("LetterText", "{{ salutation }}")
        + each("paragraph in paragraphs", para("LetterText", "{{ paragraph }}"))
        + para("LetterText", "{{ closing }}", ppr=closing)
        + para("SignatureBlock", "{{ signatory_name }}")
        + para("SignatureBlock", "{{ signatory_title }}", ppr='<w:keepNext w:val="0"/>')
        + when("enclosures", label, each("line in enclosures", para("Enclosure", "{{ line }}")))
    )


def bilingual() -> str:
    widths = [900, (LANDSCAPE - 900) // 2, (LANDSCAPE - 900) // 2]
    labels = [cell(w, para("TableHeading", f"{{{{ {n}_label }}}}")) for w, n in zip(widths, SIDES, strict=True)]
    mark = '<w:bookmarkStart w:id="0" w:name="roundtable_rows"/><w:bookmarkEnd w:id="0"/>'
    cells = [
        cell(w, para(f"Bilingual{n.title()}", *([mark] if n == "number" else [])))
        for w, n in zip(widths, SIDES, strict=True)
    ]
    between = f'<w:tblBorders><w:insideV w:val="single" w:sz="4" w:space="0" w:color="{RULE}"/></w:tblBorders>'
    rows = (row(*labels, heading=True), row(*cells))
    lines = table("RoundtableTable", widths, *rows, first_row=True, props=between)
    return titles("subtitle") + instructions(LANDSCAPE) + END + lines + END


SIDES = ("number", "source", "target")
TEMPLATES = {
    "concept-note.docx": (concept_note, False),
    "background-paper.docx": (background_paper, False),
    "report.docx": (report, False),
    "list.docx": (list_document, True),
    "letter.docx": (letter, False),
    "bilingual.docx": (bilingual, True),
}


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


def main(arguments: list[str]) -> int:
    overwrite = "--overwrite" in arguments
    folders = [Path(argument) for argument in arguments if not argument.startswith("--")]
    folder = folders[0] if folders else Path(__file__).parent
    standing = [name for name in TEMPLATES if (folder / name).exists()]
    if standing and not overwrite:
        print(f"{', '.join(standing)} already there and perhaps restyled in Word; --overwrite makes them anew")
        return 1
    for name, (body, landscape) in TEMPLATES.items():
        write(folder / name, package(letterhead(LANDSCAPE if landscape else PORTRAIT) + body(), landscape))
        print(folder / name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
