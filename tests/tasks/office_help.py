"""An office without Prefect: a real ledger, real Word files, a calendar to turn, and people who send files in."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from prefect import Task

from tasks import background_paper, comment_matrix, concept_note, editions, forum, panel, rapporteur_report, translation
from tasks.adapters.contents import XliffFile, identity_of, open_content
from tasks.adapters.ledger import DocumentRow, Ledger, LetterRow, Record, Who
from tasks.adapters.local.store import Store
from tasks.adapters.word import reader
from tasks.adapters.word.annotate import annotate
from tasks.adapters.word.bilingual import fill_targets
from tasks.adapters.word.build import fill_body
from tasks.adapters.word.identity import Identity
from tasks.adapters.word.ingest import open_safely
from tasks.adapters.word.segments import Segment, extract
from tasks.adapters.xliff import write_1_2
from tasks.calendar_view import invitations
from tasks.deadlines import daily
from tasks.decisions import Correction
from tasks.desk import Desk
from tasks.domain.calendar_records import MILESTONE
from tasks.domain.edition import Edition, Session
from tasks.domain.readers import Reading
from tasks.domain.stand_in import stand_in
from tasks.domain.text import Block, Heading, Paragraph, Table, Text
from tasks.domain.translation import KINDS
from tasks.pages import action_columns
from tasks.sharing import stage
from tasks.steps import Received
from tests.domain.domain_help import EDITIONS, ROOT, loaded

STAGES = (concept_note, background_paper, panel, translation, rapporteur_report)
RECEIVERS: dict[str, Callable[[Desk, Received], str]] = {
    "concept-note-form": concept_note.receive,
    "background-paper": background_paper.receive,
    "comments": background_paper.receive_comments,
    "comment-matrix": comment_matrix.receive,
    "bilingual": translation.receive,
    "translation-review": translation.receive_review,
    "summary": rapporteur_report.receive_summary,
    "report": rapporteur_report.receive_report,
}


@contextmanager
def plain_steps() -> Iterator[None]:
    """Every step as the function it is, not as a task of Prefect's."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (*STAGES, forum, daily, comment_matrix, stage, invitations):
            for name, value in list(vars(module).items()):
                if isinstance(value, Task):
                    patch.setattr(module, name, value.fn)
        yield


class Office:
    """One edition in a home of its own, on the day `today`."""

    def __init__(self, home: Path, name: str, today: dt.date, store: Path | None = None) -> None:
        self.home = home
        self.name = name
        self.today = today
        #: Somebody who may do anything, by the table of rights of either edition.
        self.by = "R. De Clercq" if name == "brussels-2007" else "B. Lacombe-Haute"
        self.ledger = Ledger(f"sqlite:///{home / 'ledger.sqlite'}")
        # Files are named by their content, so all offices of a run can keep them in one place.
        self.store = Store(store or home)
        self._hour = 8
        #: The stages that `advance` carries on with; some offices leave one out that does not matter to their tests.
        self.stages: tuple[Any, ...] = STAGES
        self._edition: Edition | None = None

    def copy(self, home: Path, *folders: str) -> Office:
        """The same office in another home, with these folders of it."""
        self.ledger.dispose()
        home.mkdir()
        for name in folders:
            shutil.copytree(self.home / name, home / name)
        shutil.copyfile(self.home / "ledger.sqlite", home / "ledger.sqlite")
        made = Office(home, self.name, self.today, self.store.home)
        made._hour, made.stages = self._hour, self.stages
        # An edition of its own: a test may change it, and not that of the others.
        made._edition = self._edition and self._edition.model_copy(deep=True)
        return made

    def again(self) -> Office:
        """This office with connections of its own, for a process of its own."""
        made = Office(self.home, self.name, self.today, self.store.home)
        made._hour, made.stages, made._edition = self._hour, self.stages, self._edition
        return made

    def forget_home(self) -> None:
        """Remove the office, whose like is made a thousand times in a soak; the store may be another's and stays."""
        self.ledger.dispose()
        shutil.rmtree(self.home)

    def start(self) -> None:
        who = Who(by=self.by, why="start", run="run-start", at=self.now)
        editions.start(self.ledger, loaded(self.name), who, rehearsal=True)

    @property
    def now(self) -> dt.datetime:
        """A later moment each time, so that what followed from a decision comes after it."""
        self._hour += 1
        return dt.datetime.combine(self.today, dt.time(8), dt.UTC) + dt.timedelta(seconds=self._hour)

    @property
    def edition(self) -> Edition:
        """The edition in force, read once: `forget` it when another is applied."""
        if self._edition is None:
            self._edition = editions.in_force(self.ledger, self.name)
        return self._edition

    def forget(self) -> None:
        """Read the edition again the next time."""
        self._edition = None

    @property
    def desk(self) -> Desk:
        """A desk at the next moment of today."""
        return Desk(
            edition=self.edition,
            ledger=self.ledger,
            store=self.store,
            folders=[ROOT / "templates", EDITIONS[self.name] / self.name],
            now=self.now,
            by=self.by,
            run=f"run-{self._hour}",
            rehearsal=True,
        )

    def session(self, id: str) -> Session:
        return self.edition.session(id)

    def record(self, kind: str, key: str) -> Record:
        return self.desk.record(kind, key)

    def state(self, kind: str, key: str) -> str:
        return self.record(kind, key).state

    def on(self, milestone: str, days: int = 0) -> dt.date:
        """Turn the calendar to a milestone, or some days after it."""
        self.today = self.day_of(milestone) + dt.timedelta(days=days)
        return self.today

    def day_of(self, milestone: str) -> dt.date:
        """The earliest day a milestone is due for any item, as the ledger has it."""
        rows = self.ledger.records(self.name, kind=MILESTONE)
        return min(dt.date.fromisoformat(r.facts["due"]) for r in rows if r.facts["milestone"] == milestone)

    def advance(self, session: str) -> list[str]:
        """What the engine does for a team today."""
        return [line for stage in self.stages for line in stage.advance(self.desk, self.session(session))]

    # What is in the ledger

    def letters(self, status: str | None = "draft") -> dict[str, LetterRow]:
        return {row.key: row for row in self.ledger.letters(self.name, status=status)}

    def recipients(self, kind: str, status: str | None = "draft") -> list[tuple[str, str]]:
        """(party, language) of every letter of a kind, also of those nobody thought of."""
        rows = self.ledger.letters(self.name, kind=kind, status=status)
        return sorted((row.party or "", row.language) for row in rows)

    def document(self, kind: str, key: str, language: str, party: str | None = None) -> DocumentRow:
        rows = self.ledger.documents(self.name, kind=kind, key=key, language=language, status="current", party=party)
        (row,) = rows if party is None else rows[-1:]
        return row

    def statuses(self, kind: str, key: str) -> list[tuple[str, int, str]]:
        """(language, number, status) of every document of a kind."""
        return [(row.language, row.number, row.status) for row in self.ledger.documents(self.name, kind=kind, key=key)]

    def text(self, row: DocumentRow) -> str:
        """All words of a document, front page and body."""
        docx = open_safely(self.store.get(row.sha256), row.name)
        return "\n".join(
            "".join(map(str, node.itertext())) for node in docx.tree(docx.main).iter() if node.tag.endswith("}p")
        )

    def identity(self, row: DocumentRow) -> Identity:
        found = identity_of(open_content(self.store.get(row.sha256), row.name))
        assert found is not None
        return found

    # What people send

    def send(self, data: bytes, name: str = "came back.docx") -> str:
        """Hand a file to whoever receives files of its kind."""
        content = open_content(data, name)
        who = identity_of(content)
        assert who is not None
        sha = hashlib.sha256(data).hexdigest()
        return RECEIVERS[who.kind](self.desk, Received(name, data, sha, content, who))

    def filled(self, row: DocumentRow, blocks: Sequence[Block]) -> bytes:
        return fill_body(self.store.get(row.sha256), blocks)

    def written(
        self, language: str, sections: Sequence[str], words: int = 12, leave_out: Sequence[str] = (), first: str = ""
    ) -> list[Block]:
        """A body with the headings of a form and `words` words under each."""
        wording, blocks = self.desk.words(language), list[Block]()
        for index, key in enumerate(key for key in sections if key not in leave_out):
            blocks.append(Heading(1, (Text(wording(f"sections.{key}")),), key))
            if first and index == 0:
                blocks.append(Paragraph((Text(first),)))
            # No two alike: a paragraph that repeats another is translated once.
            blocks.append(Paragraph((Text(" ".join([*["word"] * (words - 1), f"word{index + 1}"])),)))
        return blocks

    def send_note(self, session: str, words: int = 12, leave_out: Sequence[str] = (), name: str = "note.docx") -> str:
        team = self.session(session).team
        assert team is not None
        language = self.edition.body(team.lead).language
        form = self.document("concept-note-form", session, language)
        sections = self.edition.rules.note_sections
        return self.send(self.filled(form, self.written(language, sections, words, leave_out)), name)

    def send_paper(
        self, key: str, words: int = 12, leave_out: Sequence[str] = (), based_on: DocumentRow | None = None
    ) -> str:
        language = self.edition.drafting_language.id
        version = self.record("background-paper", key).facts["version"]
        row = based_on or self.document("background-paper" if version else "paper-skeleton", key, language)
        blocks = self.written(language, self.edition.rules.paper_sections, words, leave_out)
        return self.send(self.filled(row, blocks), f"{key} text.docx")

    def send_comments(self, key: str, body: str, version: int | None = None, mark: str = "comment") -> str:
        rows = self.ledger.documents(self.name, kind="circulation", key=key, party=body)
        row = rows[-1] if version is None else next(row for row in rows if row.number == version)
        language = self.edition.drafting_language.id
        blocks = self.written(language, self.edition.rules.paper_sections, first=f"{mark} of {body}")
        return self.send(self.filled(row, blocks), f"{body}.docx")

    def decide_comments(self, key: str, answer: str = "accepted", reason: str = "") -> str:
        """One answer on every comment of the newest round that is not decided yet."""
        matrix = comment_matrix.matrix_of(self.desk, key)
        return comment_matrix.decide(self.desk, matrix.key, [row.id for row in matrix.undecided], answer, reason)

    def send_translation(self, key: str, changes: Mapping[str, str] | None = None) -> str:
        """The bilingual file with a stand-in for every segment, but for `changes`."""
        targets = self.translated(key) | dict(changes or {})
        row = self.bilingual(key)
        content, name = self.desk.content(row.sha256), key.replace(":", " ")
        if isinstance(content, XliffFile):
            return self.send(write_1_2(content.filled(targets)), f"{name}.xlf")
        return self.send(fill_targets(self.store.get(row.sha256), targets), f"{name}.docx")

    def bilingual(self, key: str) -> DocumentRow:
        """The file that went to the translator, in the first form there is."""
        language = self.record("translation", key).facts["language"]
        rows = [
            row
            for kind in KINDS.values()
            for row in self.ledger.documents(self.name, kind=kind, key=key, language=language, status="current")
        ]
        return rows[0]

    def segment(self, key: str, id: str) -> str:
        """The text of one segment of the paper that a translation is of."""
        return next(each.text for each in self.segments(key) if each.id == id)

    def send_share(self, row: DocumentRow, changes: Mapping[str, str] | None = None) -> str:
        """One translator's share of a paper with a stand-in for every row of it, but for `changes`."""
        targets = self.translated(row.key.partition("|")[0]) | dict(changes or {})
        return self.send(fill_targets(self.store.get(row.sha256), targets), "share.docx")

    def review(self, key: str, readings: Mapping[str, Reading] | None = None) -> list[str]:
        """The reviewers of a translation answer: with a reading each, or with nothing to correct; what was said."""
        said = self.advance(self.record("translation", key).session or "")
        assert any("for review to" in line for line in said), said
        for each in self.ledger.records(self.name, kind="translation-review"):
            if each.facts["translation"] == key and each.state == "asked":
                body = each.facts["body"]
                reading = (readings or {}).get(body)
                if reading is None:
                    said.append(translation.answer_review(self.desk, key, body, "nil"))
                else:
                    data = annotate(self.store.get(each.facts["document"]), reading, body, self.now, body)
                    said.append(self.send(data, f"{body}.docx"))
        return said

    def translated(self, key: str) -> dict[str, str]:
        """A stand-in for every segment of a paper."""
        language = self.record("translation", key).facts["language"]
        translate = stand_in(self.edition, self.edition.drafting_language.id, language)
        return {each.id: translate(each.text) for each in self.segments(key)}

    def segments(self, key: str) -> list[Segment]:
        """The segments of the paper that a translation is of."""
        return extract(self.desk.open(self.record("translation", key).facts["final"]))

    def send_report(
        self,
        session: str,
        kind: str = "report",
        *,
        words: int = 8,
        leave_out: Sequence[str] = (),
        first: str = "",
        actions: Sequence[Sequence[str]] = (("", "none", "", "", "", ""),),
    ) -> str:
        """A summary or report comes in; the report has a table of `actions`, or none where there are none."""
        language, rules = self.edition.drafting_language.id, self.edition.rules
        sections = rules.summary_sections if kind == "summary" else self.session(session).report_parts
        blocks = self.written(language, sections, words, leave_out, first)
        if kind == "report" and actions:
            head = action_columns(self.desk, language)
            blocks.append(Table(tuple(tuple((Text(cell),) for cell in row) for row in [head, *actions])))
        return self.send(self.filled(self.document(f"{kind}-template", session, language), blocks), f"{kind}.docx")

    # What coordinators decide

    def decide_note(self, session: str, answer: str = "accept", reason: str = "", correct: str = "") -> str:
        correction = Correction(correct, reason) if correct else None
        return concept_note.decide(self.desk, self.session(session), answer, reason, correction)

    def outcome(
        self, session: str, outcome: str, joined: Sequence[str] = (), reason: str = "", correct: str = ""
    ) -> str:
        correction = Correction(correct, reason) if correct else None
        return concept_note.record_outcome(self.desk, self.session(session), outcome, list(joined), reason, correction)

    def decide_paper(self, session: str, key: str, answer: str = "freeze", reason: str = "", correct: str = "") -> str:
        correction = Correction(correct, reason) if correct else None
        return background_paper.decide(self.desk, self.session(session), key, answer, reason, correction)

    def answer(
        self, session: str, seat: str, reply: str = "confirmed", replacement: str | None = None, reason: str = "",
        correct: str = "",
    ) -> str:  # fmt: skip
        correction = Correction(correct, reason) if correct else None
        return panel.answer(self.desk, self.session(session), seat, reply, replacement, reason, correction)

    def decide_report(
        self, session: str, answer: str = "accept", cleared: bool = False, reason: str = "", correct: str = "",
        kind: str = "report",
    ) -> str:  # fmt: skip
        correction = Correction(correct, reason) if correct else None
        return rapporteur_report.decide(self.desk, self.session(session), answer, cleared, reason, correction, kind)


def blocks_of(office: Office, row: DocumentRow) -> list[Block]:
    return list(reader.read_body(open_safely(office.store.get(row.sha256), row.name)).blocks)


def rows_without_a_run(office: Office) -> dict[str, int]:
    """How many rows of each table name no run; asked past the ledger's own reading, to be quick."""
    tables = ("history", "document", "letter", "decision", "arrival", "memory")
    with closing(sqlite3.connect(office.home / "ledger.sqlite")) as connection:
        found = {
            table: connection.execute(f"SELECT count(*) FROM {table} WHERE run NOT LIKE 'run-%'").fetchone()[0]
            for table in tables
        }
        (found["history"],) = connection.execute(
            "SELECT count(*) FROM history WHERE run NOT LIKE 'run-%' OR trim(by) = '' OR trim(why) = ''"
        ).fetchone()
    return {table: count for table, count in found.items() if count}


def lost_to_a_sweep(ledger: Path, store: Path) -> set[str]:
    """Hashes of files in the store that stand anywhere in the ledger and that it does not report as named."""
    named: set[str] = set()
    with closing(sqlite3.connect(ledger)) as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in connection.execute(f"SELECT * FROM {table}"):
                named.update(*(re.findall(r"\b[0-9a-f]{64}\b", value) for value in row if isinstance(value, str)))
    opened = Ledger(f"sqlite:///{ledger}")
    reported = opened.referenced_hashes()
    opened.dispose()
    return {path.name for path in store.glob("*/*")} & named - reported
