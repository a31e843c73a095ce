"""The look the first document templates share: styles, numbering, settings. See make_templates.py."""

from __future__ import annotations

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

NAVY, GREY, RULE, TINT, ALARM = "1F3864", "595959", "B4BFD1", "EEF2F8", "9C1C1C"
# Cambria and Calibri come with Word and cover Latin, Greek and Cyrillic; the complex-script fonts cover Arabic and
# Hebrew, the East Asian ones Chinese. Where a font is missing Word and LibreOffice take the alternative of fontTable.
SERIF = '<w:rFonts w:ascii="Cambria" w:hAnsi="Cambria" w:eastAsia="SimSun" w:cs="Times New Roman"/>'
SANS = '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Microsoft YaHei" w:cs="Arial"/>'
BOLD = "<w:b/><w:bCs/>"
ITALIC = "<w:i/>"  # no iCs: Arabic and Hebrew have no italics to speak of


def size(points: float) -> str:
    """Font size; Arabic and Hebrew letters are smaller than Latin ones of the same size."""
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2.2)}"/>'


def colour(value: str) -> str:
    return f'<w:color w:val="{value}"/>'


def spacing(before: int, after: int, line: int = 0) -> str:
    """Space before and after in twips; line in 240ths."""
    lines = f' w:line="{line}" w:lineRule="auto"' if line else ""
    return f'<w:spacing w:before="{before}" w:after="{after}"{lines}/>'


def style(
    name: str, ppr: str = "", rpr: str = "", *, based: str = "Normal", following: str = "", ident: str = ""
) -> str:
    """A paragraph style; its id is its name without spaces unless given."""
    ident = ident or name.replace(" ", "")
    return (
        f'<w:style w:type="paragraph" w:styleId="{ident}"{"" if ident in BUILT_IN else chr(32) + CUSTOM}>'
        f'<w:name w:val="{name}"/>'
        + (f'<w:basedOn w:val="{based}"/>' if based else "")
        + (f'<w:next w:val="{following}"/>' if following else "")
        + f"<w:qFormat/><w:pPr>{ppr}</w:pPr><w:rPr>{rpr}</w:rPr></w:style>"
    )


CUSTOM = 'w:customStyle="1"'
BUILT_IN = {
    "BodyText", "Title", "Subtitle", "Heading1", "Heading2", "Heading3", "ListBullet", "ListNumber", "Caption", "Quote",
    "FootnoteText", "Header", "Footer",
}  # fmt: skip


def heading(level: int, before: int, rpr: str) -> str:
    keep = f'<w:keepNext/><w:keepLines/>{spacing(before, 100)}<w:outlineLvl w:val="{level - 1}"/>'
    return style(f"heading {level}", keep, SANS + rpr, following="BodyText", ident=f"Heading{level}")


def paragraph_styles() -> str:
    """Every paragraph style of the house."""
    small = spacing(40, 40)
    gap = '<w:ind w:right="200"/>'
    bar = f'<w:pBdr><w:left w:val="single" w:sz="18" w:space="8" w:color="{RULE}"/></w:pBdr>'
    top = f'<w:pBdr><w:top w:val="single" w:sz="4" w:space="4" w:color="{RULE}"/></w:pBdr>'
    caps = "<w:caps/>"
    track = '<w:spacing w:val="20"/>'
    number = '<w:keepNext w:val="0"/><w:numPr><w:numId w:val="{}"/></w:numPr>'
    return "".join([
        style("Body Text", spacing(0, 140, 269)),
        style("Title", "<w:keepNext/><w:keepLines/>" + spacing(60, 80, 252), SANS + BOLD + colour(NAVY) + size(21),
              following="Subtitle"),
        style("Subtitle", "<w:keepNext/>" + spacing(0, 80), SANS + colour(GREY) + size(12.5), following="BodyText"),
        style("Document Kind", "<w:keepNext/>" + spacing(360, 40), SANS + BOLD + caps + colour(GREY) + track + size(11),
              following="Title"),
        heading(1, 340, BOLD + colour(NAVY) + size(14.5)),
        heading(2, 260, BOLD + colour(NAVY) + size(12)),
        heading(3, 200, BOLD + ITALIC + colour(GREY) + size(11)),
        style("Numbered Paragraph", number.format(1) + spacing(0, 140, 269), based="BodyText"),
        style("List Bullet", number.format(2) + spacing(0, 80, 264) + "<w:contextualSpacing w:val=\"0\"/>",
              based="BodyText"),
        style("List Number", number.format(3) + spacing(0, 80, 264) + "<w:contextualSpacing w:val=\"0\"/>",
              based="BodyText"),
        style("caption", "<w:keepNext/><w:keepLines/>" + spacing(200, 80), SANS + BOLD + colour(NAVY) + size(10),
              following="BodyText", ident="Caption"),
        style("Figure", "<w:keepNext/>" + spacing(200, 0) + '<w:jc w:val="center"/>', following="FigureCaption"),
        style("Figure Caption", '<w:keepNext w:val="0"/>' + spacing(80, 240) + '<w:jc w:val="center"/>',
              '<w:b w:val="0"/><w:bCs w:val="0"/>', based="Caption", following="BodyText"),
        style("Quote", bar + spacing(80, 160, 264) + '<w:ind w:left="567" w:right="567"/>', ITALIC + colour(GREY),
              based="BodyText"),
        style("Guidance", "<w:keepNext/><w:keepLines/>" + bar + spacing(0, 120) + '<w:ind w:left="227"/>',
              SANS + ITALIC + colour(GREY) + size(10), following="BodyText"),
        style("footnote text", spacing(0, 40), size(9), ident="FootnoteText"),
        style("header", spacing(0, 0), SANS + colour(GREY) + size(8.5), ident="Header"),
        style("footer", top + spacing(0, 0), SANS + colour(GREY) + size(8.5), ident="Footer"),
        style("Rehearsal Notice", spacing(0, 60) + '<w:jc w:val="center"/>', BOLD + colour(ALARM) + size(9.5),
              based="Header"),
        style("Letterhead Name", spacing(0, 30) + gap, SANS + BOLD + colour(NAVY) + size(14)),
        style("Letterhead Meeting", spacing(0, 80) + gap, SANS + colour(GREY) + size(10.5)),
        style("Letterhead Symbol", spacing(0, 50), SANS + BOLD + colour(NAVY) + size(11)),
        style("Letterhead Line", '<w:tabs><w:tab w:val="left" w:pos="1134"/></w:tabs>' + spacing(0, 10)
              + '<w:ind w:left="1134" w:hanging="1134"/>', SANS + size(9.5)),
        style("Table Text", small, SANS + size(9.5)),
        style("Table Heading", "<w:keepNext/>" + small, BOLD + colour(NAVY), based="TableText"),
        style("Table Label", small, colour(GREY), based="TableText"),
        style("Table End", spacing(0, 0, 240), size(5)),
        style("Part Heading", "<w:keepNext/>" + spacing(240, 80), SANS + BOLD + colour(NAVY) + size(11),
              following="TableText"),
        style("Instruction Heading", "<w:keepNext/>" + spacing(80, 40), BOLD + colour(NAVY) + size(10.5),
              based="TableText"),
        style("Instruction", spacing(20, 100), size(10), based="TableText"),
        style("Bilingual Number", small + '<w:jc w:val="center"/>', colour(GREY) + size(8.5), based="TableText"),
        style("Bilingual Source", small, SERIF + size(10), based="TableText"),
        style("Bilingual Target", small, SERIF + size(10), based="TableText"),
        style("Recipient", spacing(0, 0)),
        style("Subject", "<w:keepNext/>" + spacing(280, 240), BOLD),
        style("Letter Text", spacing(0, 180, 276)),
        style("Signature Block", "<w:keepNext/><w:keepLines/>" + spacing(0, 0)),
        style("Enclosure", spacing(0, 20), colour(GREY) + size(10)),
    ])  # fmt: skip


def table_style(name: str, borders: str, first_row: str = "", side: int = 85) -> str:
    """A table style; `side` is the room beside what stands in a cell, the same on both for either direction."""
    return (
        f'<w:style w:type="table" {CUSTOM} w:styleId="{name.replace(" ", "")}"><w:name w:val="{name}"/>'
        '<w:basedOn w:val="TableNormal"/><w:qFormat/>'
        f'<w:tblPr><w:tblBorders>{borders}</w:tblBorders><w:tblCellMar><w:top w:w="20" w:type="dxa"/>'
        f'<w:left w:w="{side}" w:type="dxa"/><w:bottom w:w="20" w:type="dxa"/><w:right w:w="{side}" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr>{first_row}</w:style>"
    )


def border(side: str, points: float, value: str = RULE) -> str:
    return f'<w:{side} w:val="single" w:sz="{round(points * 8)}" w:space="0" w:color="{value}"/>'


def styles() -> str:
    """word/styles.xml"""
    edge = (
        f'<w:tcBorders>{border("bottom", 1, NAVY)}</w:tcBorders><w:shd w:val="clear" w:color="auto" w:fill="{TINT}"/>'
    )
    first = f'<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:bCs/></w:rPr><w:tcPr>{edge}</w:tcPr></w:tblStylePr>'
    hairlines = "".join(border(side, 0.5) for side in ("top", "bottom", "insideH"))
    rules = border("top", 1, NAVY) + border("bottom", 1, NAVY) + border("insideH", 0.5)
    return (
        f"{HEAD}<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>{SERIF}{size(11)}"
        '<w:lang w:val="en-GB" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        f"<w:pPrDefault><w:pPr>{spacing(0, 120, 259)}</w:pPr></w:pPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        "<w:pPr><w:widowControl/></w:pPr></w:style>"
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/><w:semiHidden/>'
        "</w:style>"
        f"{paragraph_styles()}"
        '<w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/>'
        '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
        '<w:rPr><w:color w:val="1F4E99"/><w:u w:val="single"/></w:rPr></w:style>'
        f'<w:style w:type="character" {CUSTOM} w:styleId="LineLabel"><w:name w:val="Line Label"/>'
        f"<w:rPr>{colour(GREY)}</w:rPr></w:style>"
        f'<w:style w:type="character" {CUSTOM} w:styleId="InlineCode"><w:name w:val="Inline Code"/>'
        f"<w:rPr>{SANS}<w:noProof/>{colour('2E74B5')}{size(8)}</w:rPr></w:style>"
        f"{table_style('Roundtable Table', rules, first)}"
        f"{table_style('Roundtable Facts', hairlines, side=0)}"
        f"{table_style('Roundtable Letterhead', border('bottom', 2.25, NAVY), side=0)}"
        f"{table_style('Roundtable Box', ''.join(border(s, 0.5) for s in ('top', 'left', 'bottom', 'right')))}"
        f"{table_style('Roundtable Apart', '', side=150)}"
        "</w:styles>"
    )


def numbering() -> str:
    """word/numbering.xml: numbered paragraphs, bullets and numbered lists, each linked to its style."""

    def abstract(ident: int, linked: str, levels: list[tuple[str, str, int, int]], symbol: bool = False) -> str:
        body = ""
        for level, (form, text, left, hanging) in enumerate(levels):
            linked_style = f'<w:pStyle w:val="{linked}"/>' if level == 0 else ""
            font = f"<w:rPr>{SANS}{colour(NAVY)}</w:rPr>" if symbol else ""
            indent = f'w:left="{left}" w:hanging="{hanging}"' if hanging else f'w:left="{left}" w:firstLine="0"'
            tab = "" if hanging else '<w:tabs><w:tab w:val="num" w:pos="567"/></w:tabs>'
            body += (
                f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{linked_style}'
                f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/><w:pPr>{tab}<w:ind {indent}/></w:pPr>{font}</w:lvl>'
            )
        kind = '<w:multiLevelType w:val="hybridMultilevel"/>'
        return f'<w:abstractNum w:abstractNumId="{ident}">{kind}{body}</w:abstractNum>'

    return (
        f"{HEAD}<w:numbering {NAMESPACES}>"
        + abstract(1, "NumberedParagraph", [("decimal", "%1.", 0, 0), ("lowerLetter", "(%2)", 1134, 567)])
        + abstract(2, "ListBullet", [("bullet", "•", 567, 283), ("bullet", "–", 850, 283)], symbol=True)
        + abstract(3, "ListNumber", [("decimal", "%1.", 624, 340), ("lowerLetter", "%2)", 964, 340)])
        + "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in (1, 2, 3))
        + "</w:numbering>"
    )


def settings() -> str:
    """word/settings.xml"""
    return (
        f'{HEAD}<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="567"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/>'
        '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-GB" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    )


def footnotes() -> str:
    """word/footnotes.xml with the two separators only."""
    mark = '<w:footnote w:type="{0}" w:id="{1}"><w:p><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/>'
    mark += "</w:pPr><w:r><w:{0}/></w:r></w:p></w:footnote>"
    body = mark.format("separator", -1) + mark.format("continuationSeparator", 0)
    return f"{HEAD}<w:footnotes {NAMESPACES}>{body}</w:footnotes>"


def font_table() -> str:
    """word/fontTable.xml with what to take where a font is missing."""
    fonts = [("Cambria", "Caladea", "roman"), ("Calibri", "Carlito", "swiss"), ("Times New Roman", "", "roman"),
             ("Arial", "", "swiss"), ("SimSun", "Noto Serif CJK SC", "auto"),
             ("Microsoft YaHei", "Noto Sans CJK SC", "swiss")]  # fmt: skip
    body = "".join(
        f'<w:font w:name="{name}">' + (f'<w:altName w:val="{other}"/>' if other else "")
        + f'<w:charset w:val="00"/><w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
        for name, other, family in fonts
    )  # fmt: skip
    return f"{HEAD}<w:fonts {NAMESPACES}>{body}</w:fonts>"
