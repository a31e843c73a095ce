"""The files people send in a rehearsal: the office's own documents, filled in as a partner would."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import docx

from tasks.adapters import materials
from tasks.adapters.contents import XliffFile, extension_of, stored
from tasks.adapters.edition_files import read_as
from tasks.adapters.ledger import DocumentRow
from tasks.adapters.word.annotate import annotate
from tasks.adapters.word.bilingual import fill_targets
from tasks.adapters.word.build import fill_body
from tasks.adapters.word.identity import without_identity
from tasks.adapters.word.opc import unpack
from tasks.adapters.word.package import normalise
from tasks.adapters.word.segments import Segment, extract
from tasks.adapters.xliff import write_1_2
from tasks.asks import session_of
from tasks.desk import Desk
from tasks.domain.background_paper import is_final_round, paper_of
from tasks.domain.errors import Unknown
from tasks.domain.locale import find_locale
from tasks.domain.players import Amendment, Move, Script
from tasks.domain.readers import Reading
from tasks.domain.stand_in import stand_in
from tasks.domain.text import Block, Body, Heading, Paragraph, Text
from tasks.domain.translation import KINDS


@dataclass(frozen=True)
class Sent:
    """A file that somebody sends; `filled` is the hash of the office's document that was filled in."""

    name: str
    data: bytes
    filled: str


def load_script(folder: Path) -> Script:
    """The script in an edition's `rehearsal/` folder.

    Raises:
        Unknown: the edition has no rehearsal.
        Mistakes: the script does not read.
    """
    path = folder / "rehearsal" / "script.yaml"
    if not path.is_file():
        raise Unknown(f"{folder.name}: no rehearsal; write {path}")
    return read_as(Script, path.name, path.read_bytes())


class Players:
    """Writes the files of an edition's people from the materials in its folder."""

    def __init__(self, desk: Desk, folder: Path, script: Script) -> None:
        self.desk = desk
        self.folder = folder / "rehearsal" / "materials"
        self.script = script

    def write(self, move: Move) -> Sent:
        """The file that `move` sends."""
        writers = {
            "concept-note": self._concept_note,
            "draft": self._draft,
            "comments": self._comments,
            "translation": self._translation,
            "translation-review": self._review,
            "summary": self._report,
            "report": self._report,
        }
        filled, data = writers[move.kind](move)
        if move.scene.bare:
            data = without_identity(data)
        extension = extension_of(stored(data, move.key))
        about = f"{move.key.replace(':', ' ').replace('|', ' ')} {move.kind} {move.attempt}"
        name = move.scene.file_name or f"{about}.{extension}"
        if extension == "docx":
            data = normalise(data, self.desk.now)
        if move.scene.damaged:
            data = data[: len(data) // 2]
        return Sent(name, data, filled)

    def _concept_note(self, move: Move) -> tuple[str, bytes]:
        edition = self.desk.edition
        team = edition.session(move.session).team
        assert team is not None
        language = edition.body(team.lead).language
        body = self._body(move, move.scene.material or "concept-note", language)
        return self._filled(self.desk.current("concept-note-form", move.key, language), body, language)

    def _draft(self, move: Move) -> tuple[str, bytes]:
        language = self.desk.edition.drafting_language.id
        body = self._body(move, move.scene.material or self._paper_stem(move.session, move.key), language)
        if not is_final_round(self.desk.edition, move.round):
            missing = self.desk.edition.rules.comment_rounds + 1 - move.round
            body = Body(body.title, tuple(_shortened(body.blocks, missing)), body.images)
        kind = "paper-skeleton" if move.round == 1 else "background-paper"
        return self._filled(self.desk.current(kind, move.key, language), body, language)

    def _paper_stem(self, session: str, key: str) -> str:
        return f"background-paper{paper_of(self.desk.edition.session(session), key).suffix}"

    def _comments(self, move: Move) -> tuple[str, bytes]:
        paper, _, body = move.key.split("|")
        record = self.desk.record("comments", move.key)
        rows = self.desk.ledger.documents(self.desk.edition.id, kind="circulation", key=paper, party=body)
        row = next(row for row in rows if row.number == record.facts["version"])
        data = self.desk.store.get(row.sha256)
        if move.scene.material:
            reading = materials.reading(self.folder / move.session, move.scene.material)
            return row.sha256, annotate(data, reading, body, self.desk.now, move.scene.material)
        document = docx.Document(io.BytesIO(data))
        target = next(p for p in reversed(document.paragraphs) if p.runs and len(p.text) > 60)
        words = self.desk.words(self.desk.edition.drafting_language.id)
        comment = document.add_comment(
            target.runs, text=f"{words('rehearsal_notice')}.", author=body, initials=body[:2]
        )
        # python-docx takes the time from the clock; a rehearsal has its own.
        comment._comment_elm.date = self.desk.now
        out = io.BytesIO()
        document.save(out)
        return row.sha256, out.getvalue()

    def _translation(self, move: Move) -> tuple[str, bytes]:
        desk = self.desk
        record = desk.record("translation", move.key)
        paper, language = record.facts["paper"], record.facts["language"]
        files = [row for kind in KINDS.values() for row in desk.ledger.documents(
            desk.edition.id, kind=kind, key=move.key, language=language, status="current"
        )]  # fmt: skip
        sent = files[0]
        final = desk.store.get(record.facts["final"])
        source = extract(desk.open(record.facts["final"]))
        if self.script.materials == "pseudo":
            translate = stand_in(desk.edition, desk.edition.drafting_language.id, language)
            targets = {segment.id: translate(segment.text) for segment in source}
        else:
            body = self._body(move, self._paper_stem(move.session, paper), language)
            labels = desk.caption_labels(language)
            translated = fill_body(final, self._headed(body, language), body.images, labels)
            targets = {s.id: t.text for s, t in zip(source, _segments(translated), strict=True)}
            targets |= self._amended(paper, language, targets)
        for segment in source[-move.scene.incomplete :] if move.scene.incomplete else []:
            targets[segment.id] = ""
        # The longest rows: a short one may well be the same in both languages.
        for segment in sorted(source, key=lambda each: -len(each.text))[: move.scene.untranslated]:
            targets[segment.id] = segment.text
        data = desk.store.get(sent.sha256)
        content = stored(data, sent.name)
        if isinstance(content, XliffFile):
            return sent.sha256, write_1_2(content.filled(targets))
        return sent.sha256, fill_targets(data, targets)

    def amended(self, amendment: Amendment) -> bytes | None:
        """The final text with an amendment in it, tracked; None before it is published, and where it was made."""
        desk = self.desk
        facts = desk.record("background-paper", amendment.paper).facts
        if not facts.get("published") or facts.get("amendment"):
            return None
        text = "\n".join(segment.text for segment in extract(desk.open(facts["final"])))
        reading = self._change(amendment, desk.edition.drafting_language.id)
        if not any(mark.words in text for mark in reading.marks):
            return None
        return annotate(desk.store.get(facts["final"]), reading, amendment.paper, desk.now, amendment.material)

    def _amended(self, paper: str, language: str, targets: Mapping[str, str]) -> dict[str, str]:
        """The targets that the amendments made so far change."""
        changed: dict[str, str] = {}
        for amendment in self.script.amendments:
            if (
                amendment.paper == paper
                and self.desk.today >= amendment.day
                and self.desk.record("background-paper", paper).facts.get(amendment.how)
            ):
                for mark in self._change(amendment, language).marks:
                    changed |= {
                        id: text.replace(mark.words, mark.instead or "")
                        for id, text in {**targets, **changed}.items()
                        if mark.words in text
                    }
        return changed

    def _change(self, amendment: Amendment, language: str) -> Reading:
        code = find_locale(self.desk.edition.language(language).locale).language
        session = session_of(self.desk, amendment.paper)
        return materials.reading(self.folder / session.id, f"{amendment.material}.{code}")

    def _review(self, move: Move) -> tuple[str, bytes]:
        record, material = self.desk.record("translation-review", move.key), move.scene.material or ""
        document, body = record.facts["document"], record.facts["body"]
        reading = materials.reading(self.folder / move.session, material)
        return document, annotate(self.desk.store.get(document), reading, body, self.desk.now, material)

    def _report(self, move: Move) -> tuple[str, bytes]:
        language = self.desk.edition.drafting_language.id
        body = self._body(move, move.scene.material or move.kind, language)
        return self._filled(self.desk.current(f"{move.kind}-template", move.key, language), body, language)

    def _body(self, move: Move, stem: str, language: str) -> Body:
        code = find_locale(self.desk.edition.language(language).locale).language
        return materials.load(self.folder / move.session, stem, code)

    def _filled(self, row: DocumentRow, body: Body, language: str) -> tuple[str, bytes]:
        labels = self.desk.caption_labels(language)
        data = fill_body(self.desk.store.get(row.sha256), self._headed(body, language), body.images, labels)
        return row.sha256, data

    def _headed(self, body: Body, language: str) -> list[Block]:
        """The blocks with the forms' own headings in place of the section keys."""
        words = self.desk.words(language)
        return [
            Heading(1, (Text(words(f"sections.{block.key}")),), block.key)
            if isinstance(block, Heading) and block.key
            else block
            for block in body.blocks
        ]


def _segments(data: bytes) -> list[Segment]:
    return extract(unpack(data))


def _shortened(blocks: Sequence[Block], missing: int) -> list[Block]:
    """The text without its last `missing` plain paragraphs: an earlier draft. A section never becomes empty."""
    kept = list(blocks)
    for _ in range(missing):
        for index in range(len(kept) - 1, 0, -1):
            alone = isinstance(kept[index - 1], Heading) and (
                index + 1 == len(kept) or isinstance(kept[index + 1], Heading)
            )
            if isinstance(kept[index], Paragraph) and not alone:
                del kept[index]
                break
    return kept


def last_day(rows: Sequence[dt.datetime], script: Script) -> dt.date:
    """The day an interrupted rehearsal goes on with: the last one that left a trace, which is done once more."""
    return max((row.date() for row in rows), default=script.begins)
