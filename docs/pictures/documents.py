"""One page of every kind of document on a sheet, in as many languages as there are, and some from right to left."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib
from PIL import Image, ImageDraw, ImageFont

from tasks import concept_note, editions, forms, panel, silence
from tasks.adapters.edition_files import load
from tasks.adapters.ledger import DocumentRow, Ledger, Who
from tasks.adapters.local.store import Store
from tasks.desk import Desk
from tasks.domain.background_paper import paper_key
from tasks.domain.edition import Edition, Session
from tasks.domain.locale import is_rtl
from tasks.pages import paper_front
from tests.tools import libreoffice

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
#: A kind that only a command writes: the ledger keeps none.
STATUS = "silence-status"
#: Kinds of Word files in the order of the process. What comes back looks like what went out and is left out.
KINDS = (
    "concept-note-form", "concept-note", "compilation", "paper-skeleton", "background-paper", "circulation",
    "comment-matrix", "comment-replies", "redraft-tracked", "redraft-clean", STATUS, "letter", "invitation",
    "panel-list", "panellists-by-region", "bilingual", "bilingual-remarks", "translation-report", "translation-review",
    "corrigendum", "note-taker-template", "summary-template", "report-template", "summary", "report",
    "roundtable-report", "horizontal-report", "action-register",
)  # fmt: skip
#: What is made of the calendar, and the page that shows it best.
OF_THE_CALENDAR = {"schedule": 3, "compliance": 2, "forecast": 2}
#: Further pages of the longest paper, each in another language.
FURTHER_PAGES = (2, 3, 5)
COLUMNS = 6
DOTS_PER_INCH = 60
PAGE = (496, 702)  # A4 at 60 dots per inch
GAP, LABEL = 22, 30


@dataclass(frozen=True)
class Tile:
    """A page of a file, and what stands under it."""

    caption: str
    file: Path
    page: int = 1


def tiles(home: Path, root: Path, edition: str, folder: Path) -> list[Tile]:
    """One page of every kind of document of a rehearsal of an edition in `root`; its files are written to `folder`."""
    ledger, store = Ledger.open(f"sqlite:///{home / 'ledger.sqlite'}"), Store(home)
    used: Counter[str] = Counter()
    found = []
    for kind in KINDS:
        rows = [row for row in ledger.documents(edition, kind=kind, status="current") if row.name.endswith(".docx")]
        if rows:
            row = _least_seen(rows, used)
            found.append(Tile(f"{kind}, {row.language}", _write(store, row, folder)))
        elif kind == STATUS:
            last = max(row.made_at for row in ledger.documents(edition))
            found.append(_status(_desk(ledger, store, root, editions.in_force(ledger, edition), last), folder))
    for kind, page in OF_THE_CALENDAR.items():
        rows = ledger.documents(edition, kind=kind)
        if rows:  # the first is of a day in the middle, when most is still open
            found.append(Tile(f"{kind}, {rows[0].language}, page {page}", _write(store, rows[0], folder), page))
    papers = ledger.documents(edition, kind="background-paper", status="current")
    longest = max(papers, key=lambda row: row.size)
    others = [row for row in papers if row.key == longest.key]
    for number, page in enumerate(FURTHER_PAGES):
        row = others[number % len(others)]
        found.append(Tile(f"{row.kind}, {row.language}, page {page}", _write(store, row, folder), page))
    ledger.dispose()
    return found


def _least_seen(rows: Sequence[DocumentRow], used: Counter[str]) -> DocumentRow:
    """The first document in the language of which the sheet has least so far."""
    row = min(rows, key=lambda row: used[row.language])
    used[row.language] += 1
    return row


def _status(desk: Desk, folder: Path) -> Tile:
    """Who answered in every comment round, as `roundtable mailroom silence` writes it."""
    language, path = desk.edition.drafting_language.id, folder / f"{STATUS}.docx"
    path.write_bytes(silence.status_document(desk, language))
    return Tile(f"{STATUS}, {language}", path)


def _write(store: Store, row: DocumentRow, folder: Path) -> Path:
    path = folder / f"{row.sha256[:12]}.docx"
    path.write_bytes(store.get(row.sha256))
    return path


def right_to_left(root: Path, edition: str, folder: Path) -> list[Tile]:
    """Pages in a language written from right to left, made by the steps themselves without a rehearsal."""
    loaded = load(root, edition, overlay=True)
    home = folder / "right-to-left"
    ledger, store = Ledger.open(f"sqlite:///{home / 'ledger.sqlite'}"), Store(home)
    start = next(event.date for event in loaded.edition.events if event.kind == "fof" and event.date)
    desk = _desk(ledger, store, root, loaded.edition, dt.datetime.combine(start, dt.time(9), dt.UTC))
    editions.start(ledger, loaded, Who(by="pictures", why="a picture", run="pictures", at=desk.now), rehearsal=True)
    language = next(entry.id for entry in loaded.edition.languages if is_rtl(entry.locale))
    for session in loaded.edition.sessions:
        if session.team and loaded.edition.body(session.team.lead).language == language:
            concept_note.invite.fn(desk, session, session.id)  # type: ignore[attr-defined]
        for seat in session.seats:
            if seat.person and loaded.edition.person(seat.person).language == language:
                panel.invite.fn(desk, session, seat.id)  # type: ignore[attr-defined]
    _paper(desk, loaded.edition, language)
    _panel(desk, loaded.edition, language)
    locale = loaded.edition.language(language).locale
    found: dict[str, Tile] = {}
    for row in ledger.documents(edition, language=language):
        found.setdefault(row.kind, Tile(f"{row.kind}, {locale}", _write(store, row, folder)))
    ledger.dispose()
    return list(found.values())


def _desk(ledger: Ledger, store: Store, root: Path, edition: Edition, now: dt.datetime) -> Desk:
    """A desk in a rehearsal."""
    return Desk(
        edition=edition, ledger=ledger, store=store, folders=[TEMPLATES, root / edition.id], now=now,
        by=edition.staff[0].id, run="pictures", rehearsal=True,
    )  # fmt: skip


def _paper(desk: Desk, edition: Edition, language: str) -> None:
    """The first page of a paper, with its parts and hints."""
    session = next(session for session in edition.sessions if session.papers)
    key = paper_key(session, session.papers[0])
    made = desk.write(
        paper_front(desk, session, key, language, status="final", version=3),
        stage="translation", kind="background-paper", key=key, session=session.id, language=language, number=3,
        title=session.papers[0].title[language], blocks=forms.form_blocks(desk, language, edition.rules.paper_sections),
    )  # fmt: skip
    with desk.change("a picture") as change:
        desk.add(change, made)


def _panel(desk: Desk, edition: Edition, language: str) -> None:
    """A panel list, everybody confirmed."""
    session: Session = max(edition.sessions, key=lambda session: sum(seat.person is not None for seat in session.seats))
    for seat in session.seats:
        record = desk.record("seat", seat.id)
        if record.state == "nominated":
            panel.invite.fn(desk, session, seat.id)  # type: ignore[attr-defined]
        if seat.person:
            panel.answer(desk, session, seat.id, "confirmed")
    made = desk.write(
        panel.panel_list(desk, session, language, 1),
        stage="panel", kind="panel-list", key=session.id, session=session.id, language=language, number=1,
        title=session.title[language],
    )  # fmt: skip
    with desk.change("a picture") as change:
        desk.add(change, made)


def sheet(tiles: Sequence[Tile], folder: Path, target: Path) -> None:
    """Put the pages side by side into one picture."""
    pdfs = libreoffice.to_pdf([tile.file for tile in tiles], folder / "pdf")
    pictures = {
        pdf: libreoffice.pictures(pdf, folder / "png", dots_per_inch=DOTS_PER_INCH, last=max(FURTHER_PAGES))
        for pdf in set(pdfs.values())
    }
    rows = -(-len(tiles) // COLUMNS)
    width, height = PAGE[0] + GAP, PAGE[1] + GAP + LABEL
    whole = Image.new("RGB", (COLUMNS * width + GAP, rows * height + GAP), "#d9dde3")
    # matplotlib brings a font of its own, so the sheet looks the same everywhere.
    font = ImageFont.truetype(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"), 18)
    draw = ImageDraw.Draw(whole)
    for number, tile in enumerate(tiles):
        left, top = GAP + number % COLUMNS * width, GAP + number // COLUMNS * height
        pages = pictures[pdfs[tile.file]]
        page = Image.open(pages[min(tile.page, len(pages)) - 1]).convert("RGB")
        page.thumbnail(PAGE)
        whole.paste(page, (left + (PAGE[0] - page.width) // 2, top + (PAGE[1] - page.height) // 2))
        middle = (left + PAGE[0] // 2, top + PAGE[1] + LABEL // 2 + 2)
        draw.text(middle, tile.caption, fill="#333333", font=font, anchor="mm")
    whole.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(target, optimize=True)
