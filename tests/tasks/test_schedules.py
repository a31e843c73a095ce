"""Schedule and compliance report: real Word documents in every language, with their pictures and tables."""

from __future__ import annotations

import dataclasses
import datetime as dt
from functools import lru_cache
from pathlib import Path

import pytest

from tasks.adapters.plots.compliance import Lateness
from tasks.adapters.plots.gantt import Mark, State
from tasks.adapters.word.contexts import Line
from tasks.adapters.word.identity import Identity
from tasks.adapters.word.ooxml import WP, Element, child, val, w
from tasks.adapters.word.opc import Docx, unpack
from tasks.adapters.word.render import render
from tasks.adapters.wording import Wording, load
from tasks.domain.locale import format_weekday, is_rtl, proofing_tag
from tasks.schedules import (
    ComplianceRow,
    Count,
    Grouping,
    Laid,
    ScheduleRow,
    SessionSchedule,
    compliance_document,
    schedule_document,
)
from tests.tools import libreoffice, validator

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / "templates" / "wording", ROOT / "tests" / "editions" / "six-languages" / "wording"]
LANGUAGES = ["en", "fr", "nl", "es", "ar", "zh", "ru"]
TODAY = dt.date(2031, 3, 12)
MARKS = [Mark(dt.date(2031, 3, 7), "First meeting"), Mark(dt.date(2031, 6, 5), "Forum")]
every_language = pytest.mark.parametrize("language", LANGUAGES)


def words(language: str) -> Wording:
    return load(FOLDERS, language)


def row(name: str, state: State, start: int, days: int, **other: object) -> ScheduleRow:
    since = dt.date(2031, 1, 6) + dt.timedelta(days=start)
    due = since + dt.timedelta(days=days)
    given = {"kind": "concept-note", "mover": "Upland & Lowland", "baseline": due, **other}
    return ScheduleRow(name=name, since=since, due=due, state=state, **given)  # type: ignore[arg-type]


ROWS = (
    row("Note due", "met", 0, 14, actual=dt.date(2031, 1, 17)),
    row("Draft 1", "late", 14, 30, kind="background-paper", actual=dt.date(2031, 2, 24), critical=True),
    row("Draft 2", "open", 44, 30, baseline=dt.date(2031, 3, 14), reason="Whit Monday (BE)", critical=True),
    row("Report due", "planned", 90, 40, kind="rapporteur-report"),
)
SESSIONS = (
    SessionSchedule("1.1", "Water & <soil>", ROWS, 4),
    SessionSchedule("1.2", "Bridges", ROWS * 10, 0),
    SessionSchedule("1.3", "Nothing planned", ()),
)
COUNTED: dict[Grouping, list[ComplianceRow]] = {
    "session": [ComplianceRow("1.1", Count(9, 2, 1), Count(6, 5, 1), 3)],
    "stage": [ComplianceRow("Note", Count(3, 1, 0), Count(2, 2, 0)), ComplianceRow("Panel", Count(), Count())],
    "body": [ComplianceRow(f"Body {n}", Count(n, 1, 0), Count(n, 0, 1)) for n in range(40)],
    "language": [],
}
LATE = [Lateness("Upland", (12, 3)), Lateness("Lowland", ())]


@lru_cache
def schedule(language: str = "en") -> Laid:
    return schedule_document(
        words(language), page(language), title="Forum", sessions=SESSIONS, marks=MARKS, today=TODAY
    )


@lru_cache
def compliance(language: str = "en") -> Laid:
    return compliance_document(
        words(language), page(language), title="Forum", sections=COUNTED, lateness=LATE, today=TODAY
    )


def page(language: str) -> dict[str, object]:
    return {
        "edition_name": "Forum on Rivers", "meeting": "Anyplace", "symbol": "FRV/2031",
        "reference": [Line(label="", value="1")], "rehearsal_notice": "",
        "page_of": words(language)("labels.page_of", page="{page}", pages="{pages}"),
    }  # fmt: skip


@lru_cache
def schedule_file(language: str = "en") -> bytes:
    return rendered(schedule(language), language)


@lru_cache
def compliance_file(language: str = "en") -> bytes:
    return rendered(compliance(language), language)


def rendered(laid: Laid, language: str = "en") -> bytes:
    said = words(language)
    return render(
        ROOT / "templates" / "documents" / laid.context.template, laid.context, language=proofing_tag(language),
        rtl=is_rtl(language), identity=Identity("e", "", "schedule", "schedule", 1, language), title="T",
        now=dt.datetime(2031, 3, 12, tzinfo=dt.UTC), blocks=laid.blocks, images=laid.images,
        labels={kind: said(f"labels.{kind}") for kind in ("table", "figure")},
    )  # fmt: skip


def text(element: Element) -> str:
    return "".join(part.text or "" for part in element.iter(w("t")))


def tables(docx: Docx) -> list[list[list[str]]]:
    """The cells of every table of the body, without the letterhead's."""
    found = list(docx.tree(docx.main).iter(w("tbl")))[1:]
    return [[[text(c) for c in line.iterchildren(w("tc"))] for line in table.iterchildren(w("tr"))] for table in found]


@every_language
def test_every_table_has_its_heading_row_on_each_page(language: str):
    for file, count in ((schedule_file(language), 3), (compliance_file(language), 4)):
        docx = unpack(file)
        body = list(docx.tree(docx.main).iter(w("tbl")))[1:]
        assert len(body) == count
        assert all(child(table, "tr", "trPr", "tblHeader") is not None for table in body)


@every_language
def test_every_picture_has_a_numbered_caption_that_says_the_same_to_who_cannot_see_it(language: str):
    for file, count in ((schedule_file(language), 3), (compliance_file(language), 5)):
        docx = unpack(file)
        root = docx.tree(docx.main)
        told = [about.get("descr") or "" for about in root.iter(f"{{{WP}}}docPr")]
        captions = [text(p) for p in root.iter(w("p")) if val(child(p, "pPr", "pStyle")) == "FigureCaption"]
        figure = words(language)("labels.figure")
        assert captions == [f"{figure}\u00a0{n}. {said}" for n, said in enumerate(told, start=1)]
        assert len(told) == count and all(told)
        assert len([part for part in docx.parts if part.startswith("word/media/")]) == count


@every_language
def test_the_language_and_direction_are_the_documents(language: str):
    docx = unpack(schedule_file(language))
    styles = docx.tree("word/styles.xml")
    assert val(child(styles, "docDefaults", "rPrDefault", "rPr", "lang")) == proofing_tag(language)
    turned = [table for table in docx.tree(docx.main).iter(w("tbl")) if child(table, "tblPr", "bidiVisual") is not None]
    assert bool(turned) is (language == "ar")
    size = child(docx.tree(docx.main), "body", "sectPr", "pgSz")
    assert val(size, "orient") == "landscape"


def test_a_deadline_says_when_who_why_and_how_it_stands():
    meetings, first, second = tables(unpack(schedule_file()))
    assert meetings[1:] == [["First meeting", "Fri, 7 Mar 2031"], ["Forum", "Thu, 5 Jun 2031"]]
    assert first[0] == ["Deadline", "Due", "Whose move", "Reason for the shift", "First planned", "Status"]
    assert first[1] == [
        "Note due",
        "Mon, 20 Jan 2031",
        "Upland & Lowland",
        "",
        "Mon, 20 Jan 2031",
        "On time: Fri 17 Jan",
    ]
    assert first[3][3:] == ["Whit Monday (BE)", "Fri, 14 Mar 2031", "Open"]
    assert len(second) == 41


def test_what_is_on_the_critical_path_is_bold():
    docx = unpack(schedule_file())
    table = list(docx.tree(docx.main).iter(w("tbl")))[2]
    bold = [text(r) for r in table.iter(w("r")) if child(r, "rPr", "b") is not None]
    assert bold == ["Draft 1", "Draft 2"]


def test_one_session_needs_no_picture_of_all():
    laid = schedule_document(words("en"), page("en"), title="1.1", sessions=SESSIONS[:1], marks=[], today=TODAY)
    assert list(laid.images) == ["session-1.png"]


def test_many_sessions_share_pictures_evenly():
    many = [dataclasses.replace(SESSIONS[0], number=str(n), rows=ROWS[:1]) for n in range(17)]
    laid = schedule_document(words("en"), page("en"), title="All", sessions=many, marks=[], today=TODAY)
    assert [name for name in laid.images if name.startswith("schedule")] == [f"schedule-{n}.png" for n in (1, 2)]


def test_the_compliance_report_counts_and_shares():
    session, stage, body, party = tables(unpack(compliance_file()))
    assert session[0][1:] == ["On time", "Late", "Missing", "% on time", "% first plan", "Extensions"]
    assert session[1] == ["1.1", "9", "2", "1", "75%", "50%", "3"]
    assert stage[2] == ["Panel", "0", "0", "0", "", "", "0"], "of nothing there is no share"
    assert len(body) == 41
    assert party[1:] == [["Upland", "2", "15", "12"]]


def test_a_season_without_delays_says_so():
    laid = compliance_document(words("en"), page("en"), title="F", sections={}, lateness=[], today=TODAY)
    assert "Nothing has come late." in text(unpack(rendered(laid)).tree("word/document.xml"))
    assert not laid.images


def test_the_same_values_give_the_same_bytes():
    assert rendered(compliance.__wrapped__()) == compliance_file()


@every_language
def test_a_day_is_said_with_its_day_of_the_week(language: str):
    said = format_weekday(TODAY, language)
    assert "2031" in said and "12" in said and "2031" not in format_weekday(TODAY, language, year=False)


@pytest.mark.skipif(validator.missing() is not None, reason=str(validator.missing()))
def test_word_finds_nothing_wrong(tmp_path: Path):
    paths = []
    for language in ("en", "ar", "zh"):
        for name, file in (("schedule", schedule_file(language)), ("compliance", compliance_file(language))):
            paths.append(tmp_path / f"{name}-{language}.docx")
            paths[-1].write_bytes(file)
    assert {path.name: [str(f) for f in found] for path, found in validator.validate(paths).items() if found} == {}


@pytest.mark.skipif(libreoffice.missing() is not None, reason=str(libreoffice.missing()))
def test_a_heading_stands_on_the_page_of_its_picture(tmp_path: Path):
    path = tmp_path / "schedule.docx"
    path.write_bytes(schedule_file())
    pdf = libreoffice.to_pdf([path], tmp_path / "pdf")[path]
    said = [libreoffice.text(pdf, page=n) for n in range(1, libreoffice.pages(pdf) + 1)]
    for number in ("1.1", "1.2"):
        (only,) = [n for n, on_page in enumerate(said) if f"Session {number}: " in on_page]
        assert f"Timetable of session {number}" in said[only]
    assert "Meetings" in said[0], "the first page is not left empty"
    # The table of the longest session takes more than a page and names its columns on each.
    assert sum("Whose move" in on_page for on_page in said) > len(SESSIONS) - 1
