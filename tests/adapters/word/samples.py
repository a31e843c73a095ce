"""One filled context for every Word template, and a body with every kind of block."""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tasks.adapters.word.build import Guidance, Quote
from tasks.adapters.word.contexts import (
    BackgroundPaper,
    Balance,
    Bilingual,
    ConceptNote,
    Letter,
    Line,
    ListDocument,
    ListTable,
    Overview,
    Page,
    Report,
    Role,
    Seat,
)
from tasks.adapters.word.identity import Identity
from tasks.adapters.word.opc import Docx, unpack
from tasks.adapters.word.render import render
from tasks.adapters.word.rows import Row, Rows
from tasks.domain.text import Block, Figure, Footnote, Heading, Item, Paragraph, Table, Text

TEMPLATES = Path(__file__).parents[3] / "templates" / "documents"
NOW = datetime(2031, 3, 1, 9, 30, tzinfo=UTC)
IDENTITY = Identity(edition="e-1", session="1.1", kind="sample", key="1.1", version=3, language="en")
ROWS = Rows([Row("1", "A ⟦1⟧bold⟦/1⟧ word", "Un mot"), Row("2", "Second", "")], "en", False, "fr", False)


def png(width: int = 4, height: int = 2) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    lines = zlib.compress((b"\0" + b"\x80" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


def text(words: str, **look: Any) -> tuple[Text, ...]:
    return (Text(words, **look),)


def cells(*rows: tuple[str, ...]) -> tuple[tuple[tuple[Text, ...], ...], ...]:
    return tuple(tuple(text(cell) for cell in row) for row in rows)


BODY: list[Block] = [
    Heading(1, text("Context"), "context"),
    Paragraph(
        (
            Text("Nurses & doctors "),
            Text("leave", bold=True),
            Text(" and "),
            Text("return", italic=True),
            Footnote((Text("See the "), Text("survey", link="https://example.org/survey"), Text("."))),
            Text(", see "),
            Text("the platform", link="https://example.org/platform"),
            Text("."),
        ),
        numbered=True,
    ),
    Paragraph(text("A second one."), numbered=True),
    Heading(2, text("Lists")),
    Item(text("A code of conduct;"), first=True),
    Item(text("a pilot project.")),
    Item(text("First"), ordered=True, first=True),
    Item(text("Second"), ordered=True),
    Paragraph(text("Between the lists.")),
    Item(text("First again"), ordered=True, first=True),
    Table(cells(("Scheme", "Persons"), ("Pilot", "1,250"), ("Agreement", "880")), "Schemes"),
    Paragraph((Text("After the table."), Footnote(text("A second note."))), numbered=True),
    Heading(3, text("Deep")),
    Figure("growth.png", "Growth"),
]
IMAGES = {"growth.png": png()}
EXTRAS: list[Block] = [Guidance(text("Say what should change.")), Quote(text("Set off."))]


def page(**other: Any) -> dict[str, Any]:
    """The fields every context has."""
    return {
        "edition_name": "Forum on Rivers & Valleys",
        "meeting": "Anyplace, 1–2 May 2031",
        "symbol": "FRV/2031/1.1",
        "reference": [Line(label="Version", value="3"), Line(label="Date", value="1 March 2031")],
        "page_of": "Page {page} of {pages}",
        "rehearsal_notice": "Rehearsal, fictitious content",
    } | other


ROSTER = [Role(label="Lead", names=["Upland"]), Role(label="Members", names=["Lowland", "River Commission"])]
CONTEXTS: list[Page] = [
    ConceptNote(**page(), kind="Concept note", title="Water", session="Session 1.1", roster_heading="Team",
                roster=ROSTER, instructions_heading="How to", instructions=["Write.", "Send."]),
    BackgroundPaper(**page(), kind="Background paper", status="Draft", title="Water", session="Session 1.1",
                    roundtable="Roundtable 1", roster_heading="Team", roster=ROSTER),
    Report(**page(), kind="Report", title="Water", subtitle="Session 1.1", facts=[Line(label="Date", value="1 May")],
           panel_heading="Panel", panel_columns=["Role", "Name", "Body"],
           panel=[Seat(role="Chair", name="A. Person", body="Upland")], instructions_heading="How to",
           instructions=["Write."]),
    ListDocument(**page(), kind="List", title="Panels", subtitle="All", intro=["As of today."],
                 tables=[ListTable(heading="One", columns=["Session", "Name"], rows=[["1.1", "A. Person"]]),
                         ListTable(heading="", columns=list("ABCDEFG"), rows=[list("1234567")] * 3)],
                 balances_heading="Balance",
                 balances=[Balance(heading=h, lines=[Line(label="x", value="2"), Line(label="y", value="3")])
                           for h in ("Region", "Gender", "Kind", "Group")]),
    Overview(**page(), kind="Schedule", title="Rivers", subtitle="All", intro=["As of today."]),
    Letter(**page(), recipient=["A. Person", "Upland"], subject_label="Subject", subject="Invitation",
           salutation="Excellency,", paragraphs=["One.", "Two."], closing="Yours,", signatory_name="B. Person",
           signatory_title="Director", enclosures_label="Enclosures", enclosures=["Note"]),
    Bilingual(**page(), kind="Bilingual file", title="Water", subtitle="en–fr", instructions_heading="How to",
              instructions=["Write."], number_label="No.", source_label="English", target_label="French"),
]  # fmt: skip


def rendered(context: Page, *, language: str = "en", rtl: bool = False, **other: Any) -> bytes:
    """A document from a context; the bilingual file gets its rows."""
    if isinstance(context, Bilingual):
        other.setdefault("rows", ROWS)
    template = TEMPLATES / context.template
    return render(template, context, language=language, rtl=rtl, identity=IDENTITY, title="T", now=NOW, **other)


def opened(context: Page, **other: Any) -> Docx:
    return unpack(rendered(context, **other))
