"""Makes the first Word templates of this folder: `python templates/documents/make_templates.py [FOLDER]`.

The .docx are the truth: coordinators restyle them in Word, and then this script is history; running it again would
throw their work away, so it refuses to overwrite unless told `--overwrite`. Same script, same bytes.

The templates hold no words of any language: every label comes from the context (tasks/adapters/word/contexts.py).
"""

from __future__ import annotations

import sys
from pathlib import Path

from make_parts import LANDSCAPE, PORTRAIT, TAB, cell, each, package, para, row, run, table, tag_row, when, write
from make_styles import RULE, TINT


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
# The paragraph that Word wants after a last table, too low to open a page of its own.
HAIR = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
# LibreOffice puts an empty line above a table that opens a document with footnotes: so none opens one.
TOP = para("TableEnd", ppr=HAIR)
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
    return when("roster", para("PartHeading", "{{ roster_heading }}"), table)


def instructions(width: int) -> str:
    text = para("InstructionHeading", "{{ instructions_heading }}")
    text += each("line in instructions", para("Instruction", "{{ line }}"))
    apart = para("TableEnd", ppr='<w:spacing w:before="120"/>')
    return when("instructions", apart, table("RoundtableBox", [width], row(cell(width, text, fill=TINT))), END)


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
    pairs = (tag_row("for line in balance.lines", 2), row(cell(3600, label), cell(900, value)), tag_row("endfor", 2))
    figures = (
        para("TableHeading", "{{ balance.heading }}") + table("RoundtableFacts", [3600, 900], *pairs, share=True) + END
    )
    loop = [cell(900, para("TableText", code)) for code in ("{%tc for balance in balances %}", "{%tc endfor %}")]
    # Wider than the text by the outer margins of its cells, so that what stands in them begins and ends with the text.
    third = (LANDSCAPE + 300) // 3
    outside = '<w:tblInd w:w="-150" w:type="dxa"/>'
    balances = table("RoundtableApart", [third] * 3, row(loop[0], cell(third, figures), loop[1]), props=outside)
    return (
        titles("subtitle")
        + each("line in intro", para("BodyText", "{{ line }}"))
        + each("table in tables", when("table.heading", para("PartHeading", "{{ table.heading }}")), rows, END)
        + when("balances", para("PartHeading", "{{ balances_heading }}"), balances)
        + para("TableEnd", ppr=HAIR)
    )


def overview() -> str:
    return titles("subtitle") + each("line in intro", para("BodyText", "{{ line }}")) + BODY


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
    return titles("subtitle") + instructions(LANDSCAPE) + END + lines + glossary() + para("TableEnd", ppr=HAIR)


def glossary() -> str:
    """The terms of the paper: two columns, so that nobody takes them for rows of the translation, which have three."""
    widths = [LANDSCAPE // 2, LANDSCAPE // 2]
    labels = [cell(w, para("TableHeading", f"{{{{ {n}_label }}}}")) for w, n in zip(widths, SIDES[1:], strict=True)]
    terms = [cell(w, para("TableText", f"{{{{ term.{n} }}}}")) for w, n in zip(widths, ("label", "value"), strict=True)]
    rows = (row(*labels, heading=True), tag_row("for term in glossary", 2), row(*terms), tag_row("endfor", 2))
    listed = table("RoundtableTable", widths, *rows, first_row=True)
    return when("glossary", para("PartHeading", "{{ glossary_heading }}"), listed)


SIDES = ("number", "source", "target")
TEMPLATES = {
    "concept-note.docx": (concept_note, False),
    "background-paper.docx": (background_paper, False),
    "report.docx": (report, False),
    "list.docx": (list_document, True),
    "overview.docx": (overview, True),
    "letter.docx": (letter, False),
    "bilingual.docx": (bilingual, True),
}


def main(arguments: list[str]) -> int:
    overwrite = "--overwrite" in arguments
    folders = [Path(argument) for argument in arguments if not argument.startswith("--")]
    folder = folders[0] if folders else Path(__file__).parent
    standing = [name for name in TEMPLATES if (folder / name).exists()]
    if standing and not overwrite:
        print(f"{', '.join(standing)} already there and perhaps restyled in Word; --overwrite makes them anew")
        return 1
    for name, (body, landscape) in TEMPLATES.items():
        write(folder / name, package(TOP + letterhead(LANDSCAPE if landscape else PORTRAIT) + body(), landscape))
        print(folder / name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
