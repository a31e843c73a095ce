"""A whole season of the other edition, complete, in all its languages, and the same again."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections import Counter
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest

from config import settings as configuration
from tasks.adapters.edition_files import load
from tasks.adapters.ledger import Ledger
from tasks.domain import machines, process, thanks
from tests.conftest import SOAK
from tests.flows.conftest import EDITIONS, SIX, Season, Server
from tests.flows.test_board import NOTICE, artifact
from tests.tasks.office_help import lost_to_a_sweep

#: States a record may end in; all others are on the way somewhere.
FINAL = {
    "translation-review": {"answered", "nil", "closed"},
    "concept-note": {"adopted", "withdrawn"},
    "background-paper": {"issued"},
    "comments": {"answered", "nil", "silent"},
    "comment-matrix": {"settled"},
    "panel": {"complete"},
    "seat": {"confirmed", "open"},
    "milestone": {"met", "void"},
    "event": {"scheduled"},
    "extension": {"granted"},
    "call": {"cancelled", "done"},
    "reminder": {"counting"},
    "cursor": {"reading"},
    "mail": {"taken"},
    "tray": {"assigned"},
    "thanks": {"drafted"},
    "shared-file": {"put"},
    "share": {"asked"},  # nobody approves letters in this season
    "agenda-entry": {"shown", "off"},
    "invitation": {"asked"},
}


@pytest.fixture(scope="module")
def ledger(season: Season) -> Ledger:
    return Ledger.open(f"sqlite:///{season.whole / 'ledger.sqlite'}")


def texts(data: bytes) -> str:
    """All text of a Word file: body, notes, headers, footers, properties."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        parts = [package.read(name).decode("utf-8") for name in package.namelist() if name.endswith(".xml")]
    return "\n".join(" ".join(re.findall(r">([^<]+)<", re.sub(r"</w:p>", "> <", part))) for part in parts)


def test_every_record_is_at_its_end(ledger: Ledger) -> None:
    edition = load(EDITIONS, SIX, overlay=True).edition
    for record in ledger.records(SIX):
        assert record.state in FINAL.get(record.kind, {"issued"}), f"{record.kind} {record.key} is {record.state}"
    # The edition has no silence procedure.
    kept_otherwise = {"compilation", "annex", "letter", "silence"}
    assert {r.kind for r in ledger.records(SIX)} >= set(machines.TRANSITIONS) - kept_otherwise
    for record in (r for r in ledger.records(SIX, kind="seat") if r.state == "open"):
        seats = {seat.id: seat for session in edition.sessions for seat in session.seats}
        assert not seats[record.key].required
    expected = {(record.kind, record.key) for record in process.initial(edition)}
    assert expected <= {(record.kind, record.key) for record in ledger.records(SIX)}


def test_files_come_by_mail_and_through_the_mailroom(season: Season, ledger: Ledger) -> None:
    mails = ledger.records(SIX, kind="mail")
    assert len(mails) == len(list((season.whole / "inbox" / "mail").glob("*.eml"))) > 80
    runs = {ledger.history(SIX, kind="mail", key=mail.key)[0].run for mail in mails}
    assert len(runs) == len({mail.changed_at for mail in mails}), "one run a day, however many mails came"
    # Handed over is what a scene says, and what comes from whom e-mail does not reach.
    unreached = [("A1", "gornie"), ("A3", "ligue-des-bergers"), ("B1", "bassemer")]
    assert {path.name for path in (season.whole / "inbox" / "filed").iterdir()} == {
        "A3 draft 1.docx", "A1 summary 1.docx", "A1 report 1.docx", "A1 late-change.docx",
        *(f"{paper} {round} {body} comments 1.docx" for paper, body in unreached for round in (1, 2, 3)),
    }  # fmt: skip
    # One lost its properties and came from another address: it lay in the tray until the coordinator said what it is.
    (doubtful,) = ledger.records(SIX, kind="tray")
    assert doubtful.facts["sender"] == "registre@deltarie.example"
    assert doubtful.facts["suggestions"][0]["party"] == "deltarie"
    answered = ledger.record(SIX, "comments", "B1|1|deltarie")
    assert answered is not None and answered.facts["file"] == doubtful.facts["sha256"]


def test_no_file_of_the_season_is_swept(season: Season) -> None:
    assert lost_to_a_sweep(season.whole / "ledger.sqlite", season.whole / "store") == set()


def test_everybody_who_helped_is_thanked_once(ledger: Ledger) -> None:
    edition = load(EDITIONS, SIX, overlay=True).edition
    letters = ledger.letters(SIX, kind="thanks")
    helped = thanks.parts(edition, ledger.records(SIX))
    assert {row.key: row.party for row in letters} == {f"thanks/{party}": party for party in helped}
    assert len(helped) > 10


def test_the_documents_speak_all_six_languages_and_nothing_of_another_edition(season: Season, ledger: Ledger) -> None:
    edition = load(EDITIONS, SIX, overlay=True).edition
    languages = {language.id for language in edition.languages}
    rows = ledger.documents(SIX)
    for kind in ("background-paper", "panel-list"):
        for session in (s for s in edition.sessions if s.papers and len(s.seats) > 1):
            found = {
                row.language
                for row in rows
                if row.kind == kind and row.session == session.id and row.status == "current"
            }
            assert found == languages, (kind, session.id)
    assert {row.language for row in ledger.letters(SIX)} == languages
    left = re.compile(
        r"\{\{|\{%|⟦|\b(labels|sections|documents|columns|instructions|balance)\.[a-z]|\bNone\b|\bUndefined\b"
    )
    for row in (row for row in rows if row.name.endswith(".docx")):
        path = season.whole / "documents" / SIX / (row.session or "forum") / row.stage / row.name
        text = texts(path.read_bytes())
        assert not re.search(r"brussels|bruxelles|brussel|gfmd", text, re.IGNORECASE), row.name
        # A bilingual file and what was found in it show codes, which translators keep.
        if row.kind not in {"bilingual", "bilingual-received", "bilingual-remarks", "translation-report"}:
            assert not (found_label := left.search(text)), f"{row.name}: {found_label}"
    for letter in ledger.letters(SIX):
        # A translator is told about the codes.
        text = letter.subject + letter.body.replace("⟦", "")
        assert not left.search(text), letter.key


def test_what_the_checks_found_in_each_translation_is_a_table(server: Server, ledger: Ledger) -> None:
    records = ledger.records(SIX, kind="translation")
    assert records
    for record in records:
        key = f"findings-{SIX}-{record.key.lower().replace(':', '-')}"
        told = artifact(server, key).description or ""
        assert told.startswith(NOTICE)
        said = rf"{record.key}: (\d+) of \1 rows translated, \d+ findings, 0 to mend or waive"
        assert re.fullmatch(said, told.removeprefix(NOTICE))


def test_the_comments_of_each_round_are_a_table_that_says_it_is_a_rehearsal(server: Server, ledger: Ledger) -> None:
    matrices = ledger.records(SIX, kind="comment-matrix")
    assert matrices
    for record in matrices:
        told = artifact(server, f"comments-{SIX}-{record.key.lower().replace('|', '-')}").description or ""
        assert told.startswith(f"{NOTICE}{record.key.partition('|')[0]}: draft "), told


def test_every_change_names_a_flow_run_that_the_server_knows(server: Server, ledger: Ledger) -> None:
    known = {run.id for run in server.runs()}
    changed_by = Counter(row.run for row in ledger.history(SIX))
    for run, changes in changed_by.items():
        assert UUID(run) in known, f"{changes} changes name {run!r}, which is no run"
    assert all(row.by.strip() and row.why.strip() for row in ledger.history(SIX))


def test_a_paper_that_is_revised_is_issued_anew_in_every_language(season: Season, ledger: Ledger) -> None:
    edition = load(EDITIONS, SIX, overlay=True).edition
    [amended] = [
        row for row in ledger.history(SIX, kind="background-paper", key="A1") if "revision" in str(row.change)
    ][:1]
    assert amended.by == edition.coordinator_of(edition.session("A1")).id
    current = ledger.documents(SIX, kind="background-paper", key="A1", status="current")
    assert {row.language for row in current} == {language.id for language in edition.languages}
    translations = [r for r in ledger.records(SIX, kind="translation") if r.facts["paper"] == "A1"]
    final = ledger.record(SIX, "background-paper", "A1")
    assert final is not None and final.facts["revision"] == 1
    assert {record.facts["version"] for record in translations} == {final.facts["version"]}
    # Only the changed paragraph was asked for anew.
    for record in translations:
        *_, last = ledger.documents(SIX, kind="bilingual", key=record.key)
        assert last.number == 2


def test_no_flow_starts_for_nothing(season: Season, ledger: Ledger) -> None:
    changed_in = {row.run for row in ledger.history(SIX)}
    # Every run but those of the edition itself, which only call the teams' on most days, changed something.
    busy = sum(count for name, count in season.runs.items() if name != "prepare-edition")
    assert len(changed_in) >= busy - season.runs["seat-answer"] // 10
    # Five papers, two rounds each: a decision on the comments of a round is a run like any other, and so is
    # the answer of each of twenty reviewers; one paper is revised and read again. Mails have no runs.
    assert busy <= 212


def rehearsed(server: Server, home: Path, edition: str = SIX, editions: Path = EDITIONS, until: str = "") -> str:
    """What `python -m flows.rehearsal` says."""
    environment = server.environment(home, editions=editions, edition=edition)
    command = [sys.executable, "-m", "flows.rehearsal", edition, *([until] if until else [])]
    done = subprocess.run(command, env=environment, cwd=configuration.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.skipif(not SOAK, reason="a second whole season; test_crash.py compares a part of one")
def test_a_second_season_in_another_home_is_the_same(
    server: Server, season: Season, ledger: Ledger, tmp_path: Path
) -> None:
    rehearsed(server, tmp_path)
    again = Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    assert again.snapshot(SIX) == ledger.snapshot(SIX)
    assert {row.sha256 for row in again.documents(SIX)} == {row.sha256 for row in ledger.documents(SIX)}
