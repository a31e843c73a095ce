"""What each Word template is given: one frozen dataclass per file in `templates/documents/`.

Every value is a plain string, list or dict that people may read; nothing here is markup. A template names exactly the
fields of its context: `tests/adapters/word/test_contexts.py` compares the two, so a coordinator who restyles a
template in Word and drops or misspells a field learns it from the tests and not from a blank in a letter.

All words come ready in the document's language; the templates themselves hold none. An empty string or list leaves
its part of the page out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, TypedDict


class Line(TypedDict):
    """One labelled fact, such as "Version", "3"; `label` may be empty where the value speaks for itself."""

    label: str
    value: str


class Role(TypedDict):
    """One row of a roster: a role in the team and those who hold it."""

    label: str
    names: list[str]


class Seat(TypedDict):
    """One row of a panel: the role, the person and the body or position."""

    role: str
    name: str
    body: str


class ListTable(TypedDict):
    """A table of a list: every row has as many cells as there are columns. `heading` may be empty."""

    heading: str
    columns: list[str]
    rows: list[list[str]]


class Balance(TypedDict):
    """Figures under one heading, such as panellists by region."""

    heading: str
    lines: list[Line]


@dataclass(frozen=True, kw_only=True)
class Page:
    """What every document has: the letterhead, the header with the rehearsal notice, the footer with the page number.

    `page_of` is the wording with the places of the two fields, such as "Page {page} of {pages}". `reference` stands
    top right, one line each: version, language, date. `rehearsal_notice` is empty outside a rehearsal.
    """

    template: ClassVar[str] = ""

    edition_name: str
    meeting: str
    symbol: str
    reference: list[Line]
    page_of: str
    rehearsal_notice: str = ""


@dataclass(frozen=True, kw_only=True)
class ConceptNote(Page):
    """The form for a concept note and the accepted note. `instructions` are for the form only. Has a body."""

    template: ClassVar[str] = "concept-note.docx"

    kind: str
    title: str
    session: str
    roster_heading: str = ""
    roster: list[Role] = field(default_factory=list)
    instructions_heading: str = ""
    instructions: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class BackgroundPaper(Page):
    """A background paper in any of its versions and languages. `status` is such as "Draft" or "Final". Has a body."""

    template: ClassVar[str] = "background-paper.docx"

    kind: str
    status: str
    title: str
    session: str
    roundtable: str
    roster_heading: str = ""
    roster: list[Role] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Report(Page):
    """Summaries, reports of every level, note-taker and rapporteur templates, compiled documents. Has a body.

    `panel_columns` are the headings of role, name and body; the panel is left out when `panel` is empty.
    """

    template: ClassVar[str] = "report.docx"

    kind: str
    title: str
    subtitle: str = ""
    facts: list[Line] = field(default_factory=list)
    panel_heading: str = ""
    panel_columns: list[str] = field(default_factory=list)
    panel: list[Seat] = field(default_factory=list)
    instructions_heading: str = ""
    instructions: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ListDocument(Page):
    """Landscape lists: panel list, panellists by region, action register. No body, but tables of any width."""

    template: ClassVar[str] = "list.docx"

    kind: str
    title: str
    subtitle: str = ""
    intro: list[str] = field(default_factory=list)
    tables: list[ListTable] = field(default_factory=list)
    balances_heading: str = ""
    balances: list[Balance] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Overview(Page):
    """Landscape documents of pictures and tables: schedule, compliance report. Has a body."""

    template: ClassVar[str] = "overview.docx"

    kind: str
    title: str
    subtitle: str = ""
    intro: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Letter(Page):
    """A formal letter. Reference number and date stand in `reference`; `recipient` is the address, line by line."""

    template: ClassVar[str] = "letter.docx"

    recipient: list[str]
    subject_label: str
    subject: str
    salutation: str
    paragraphs: list[str]
    closing: str
    signatory_name: str
    signatory_title: str
    enclosures_label: str = ""
    enclosures: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Bilingual(Page):
    """The translator's file: its table is filled with `render(rows=...)`, not from the context.

    `glossary` are the terms of the paper, each with what it is called in the translation.
    """

    template: ClassVar[str] = "bilingual.docx"

    kind: str
    title: str
    subtitle: str
    instructions_heading: str
    instructions: list[str]
    number_label: str
    source_label: str
    target_label: str
    glossary_heading: str = ""
    glossary: list[Line] = field(default_factory=list)


#: Every context; each one's `template` is its file in the folder of document templates.
CONTEXTS: tuple[type[Page], ...] = (ConceptNote, BackgroundPaper, Report, ListDocument, Overview, Letter, Bilingual)
