"""The documents of a whole season as their readers see them: through Microsoft's validator, and as pages.

Of those the office made, one of each kind and language, and every summary; under `make soak` all of them and what
came back, too.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from docs.pictures import documents as contact_sheet
from tasks.adapters import wording
from tasks.adapters.edition_files import load
from tasks.adapters.ledger import DocumentRow, Ledger
from tasks.adapters.local.store import Store
from tasks.domain.edition import Edition
from tests.conftest import SOAK
from tests.docs.reading import ROOT
from tests.flows.conftest import EDITIONS, SIX, Season
from tests.tools import libreoffice, validator

needs_libreoffice = pytest.mark.skipif(libreoffice.missing() is not None, reason=str(libreoffice.missing()))

Documents = dict[Path, DocumentRow]


def letters(text: str) -> str:
    """What is left of a text whatever became of its lines on a page: its letters and digits.

    Of Arabic neither lam nor alef: where they are one sign, poppler hands them back in either order.
    """
    return re.sub(r"[\W_\u0644\u0627\u0622\u0623\u0625]+", "", unicodedata.normalize("NFKC", text))


def lacking(page: str, *names: str) -> list[str]:
    """Which of the names are not on a page; the words of one may stand in any order there, as Arabic does in a PDF."""
    whole = letters(page)
    return [name for name in names if any(letters(word) not in whole for word in name.split())]


@pytest.fixture(scope="module")
def edition() -> Edition:
    return load(EDITIONS, SIX, overlay=True).edition


@pytest.fixture(scope="module")
def documents(season: Season, tmp_path_factory: pytest.TempPathFactory) -> Documents:
    """Each document of the season in a file of its own name."""
    ledger, store = Ledger.open(f"sqlite:///{season.whole / 'ledger.sqlite'}"), Store(season.whole)
    rows = [row for row in ledger.documents(SIX) if not row.name.endswith(".json")]
    made = [row for row in rows if row.status == "current"]
    first = {(row.kind, row.language): row for row in reversed(made)}
    first |= {(row.kind, row.key): row for row in made if row.kind == "summary"}
    folder, found = tmp_path_factory.mktemp("documents"), Documents()
    for row in rows if SOAK else dict.fromkeys(first.values()):
        path = folder / f"{row.id} {row.name}"
        path.write_bytes(store.get(row.sha256))
        found[path] = row
    ledger.dispose()
    return found


@pytest.fixture(scope="module")
def pages(documents: Documents, tmp_path_factory: pytest.TempPathFactory) -> dict[Path, list[str]]:
    """The words of each page of each Word file; LibreOffice opens all of them, else this raises."""
    word = [path for path in documents if path.suffix == ".docx"]
    made = libreoffice.to_pdf(word, tmp_path_factory.mktemp("pages"))
    return {path: libreoffice.text(pdf).split("\f")[:-1] for path, pdf in made.items()}


#: Word files that no rehearsal of this edition makes: some come of what goes wrong, others when a person asks.
SELDOM = {"bilingual-remarks", "corrigendum", "forecast", "letter", "silence-status"}


def test_the_contact_sheet_of_the_documentation_has_every_kind_of_word_file(documents: Documents) -> None:
    shown = {*contact_sheet.KINDS, *contact_sheet.OF_THE_CALENDAR}
    made = {row.kind for path, row in documents.items() if path.suffix == ".docx" and row.status != "received"}
    assert shown == made | SELDOM
    assert not made & SELDOM


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.skipif(validator.missing() is not None, reason=str(validator.missing()))
def test_word_and_excel_find_nothing_wrong(documents: Documents) -> None:
    assert {path.suffix for path in documents} == {".docx", ".xlsx"}
    # Each costs more than its pages do, and one language of a kind has the same parts as another.
    asked = documents if SOAK else {row.kind: path for path, row in documents.items()}.values()
    assert len(asked) > 25
    found = validator.validate(asked)
    assert {path.name: [str(finding) for finding in findings] for path, findings in found.items() if findings} == {}


@pytest.mark.soak
@pytest.mark.timeout(900)
@needs_libreoffice
def test_every_page_says_that_this_is_a_rehearsal(
    documents: Documents, pages: dict[Path, list[str]], edition: Edition
) -> None:
    folders = [ROOT / "templates" / "wording", EDITIONS / SIX / "wording"]
    notices = {each.id: wording.load(folders, each.locale)("rehearsal_notice") for each in edition.languages}
    silent = {
        path.name: number
        for path, words in pages.items()
        for number, page in enumerate(words, start=1)
        if lacking(page, notices[documents[path].language])
    }
    assert silent == {}
    assert {documents[path].language for path in pages} == set(notices)


@needs_libreoffice
def test_a_summary_is_one_page(documents: Documents, pages: dict[Path, list[str]]) -> None:
    summaries = {path.name: len(words) for path, words in pages.items() if documents[path].kind == "summary"}
    assert set(summaries.values()) == {1}, summaries
    assert len(summaries) > 2


@needs_libreoffice
def test_the_whole_team_is_on_the_first_page_of_a_paper(
    documents: Documents, pages: dict[Path, list[str]], edition: Edition
) -> None:
    papers = [path for path in pages if documents[path].kind in ("background-paper", "paper-skeleton")]
    absent = {}
    for path in papers:
        row = documents[path]
        team = edition.session(row.session or "").team
        assert team is not None
        names = [edition.body(body).names[row.language] for body in team.bodies]
        if missed := lacking(pages[path][0], *names):
            absent[path.name] = missed
    assert absent == {}
    assert {documents[path].language for path in papers} == {each.id for each in edition.languages}
