"""The desk a step works at: edition, ledger, store, templates and words, and who acts when in which run.

Every stage gets one. It is made by a flow, which alone reads the clock, and is no value of Prefect's: nothing of it is
stored with a run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tasks.adapters import wording
from tasks.adapters.ledger import Change, DocumentRow, Ledger, Record, Who
from tasks.adapters.letters import templates_in
from tasks.adapters.local.store import Store
from tasks.adapters.word.contexts import Line, Page, Role
from tasks.adapters.word.identity import Identity, stamp
from tasks.adapters.word.ingest import Docx, open_safely
from tasks.adapters.word.package import normalise
from tasks.adapters.word.render import render
from tasks.adapters.word.rows import Rows
from tasks.domain import machines
from tasks.domain.deadline import deadlines
from tasks.domain.edition import Edition, Language, Session
from tasks.domain.letter import Letter
from tasks.domain.locale import format_date, format_dates, format_number, is_rtl, language_name, proofing_tag
from tasks.domain.text import Block
from tasks.domain.view import TeamView


@dataclass(frozen=True)
class Made:
    """A document in the store that the ledger does not name yet."""

    stage: str
    kind: str
    key: str
    session: str | None
    language: str
    number: int
    name: str
    sha256: str
    size: int
    party: str | None = None


@dataclass(frozen=True)
class Recipient:
    """Whom a letter is for. `party` is a body or a person, `name` how the address begins."""

    party: str
    person: str | None
    language: Language
    address: list[str]
    salutation: str
    closing: str


@dataclass(frozen=True)
class Drafted:
    """A letter in all its words, before it is a row."""

    letter: Letter
    recipient: Recipient
    subject: str
    paragraphs: list[str]
    session: str | None

    @property
    def text(self) -> str:
        """The letter from salutation to closing."""
        return "\n\n".join([self.recipient.salutation, *self.paragraphs, self.recipient.closing])


class Desk:
    """One edition at one moment, for one run. Not a dataclass, so that Prefect does not walk through it."""

    def __init__(
        self,
        *,
        edition: Edition,
        ledger: Ledger,
        store: Store,
        folders: Sequence[Path],
        now: dt.datetime,
        by: str,
        run: str,
        rehearsal: bool,
    ) -> None:
        """`folders` hold `documents/`, `letters/` and `wording/`; the first is the project's, later ones win."""
        self.edition = edition
        self.ledger = ledger
        self.store = store
        self.folders = tuple(folders)
        self.now = now
        self.by = by
        self.run = run
        self.rehearsal = rehearsal

    @property
    def today(self) -> dt.date:
        """The day it is where the Forum is prepared."""
        return self.now.astimezone(ZoneInfo(self.edition.time_zone)).date()

    @cached_property
    def deadlines(self) -> dict[str, dt.date]:
        return deadlines(self.edition)

    def view(self, session: Session) -> TeamView:
        """The team of `session` as the ledger has it now."""
        records = self.ledger.records(self.edition.id, session=session.id)
        return TeamView(self.edition, session, {(r.kind, r.key): r for r in records}, self.deadlines)

    def views(self) -> list[TeamView]:
        """Every team as the ledger has it now, in the order of the edition; one reading for all."""
        by_session: dict[str | None, dict[tuple[str, str], Record]] = {}
        for record in self.ledger.records(self.edition.id):
            by_session.setdefault(record.session, {})[record.kind, record.key] = record
        return [TeamView(self.edition, s, by_session.get(s.id, {}), self.deadlines) for s in self.edition.sessions]

    def record(self, kind: str, key: str) -> Record:
        """A record that the process says is there."""
        record = self.ledger.record(self.edition.id, kind, key)
        if record is None:
            raise LookupError(f"{self.edition.id} has no {kind} {key}")
        return record

    @contextmanager
    def change(self, why: str) -> Iterator[Change]:
        """One transaction, in the name of this desk."""
        with self.ledger.change(self.edition.id, Who(by=self.by, why=why, run=self.run, at=self.now)) as change:
            yield change

    def move(self, change: Change, record: Record, to: str, /, **facts: Any) -> Record:
        """Move a record along its table of transitions."""
        machines.check(record.kind, record.key, record.state, to)
        return change.move(record, to, **facts)

    # Words

    def words(self, language: str) -> wording.Wording:
        """The wording in a language of the edition."""
        return wording.load([folder / "wording" for folder in self.folders], self.edition.language(language).locale)

    def day(self, date: dt.date, language: str) -> str:
        """A date in words."""
        return format_date(date, self.edition.language(language).locale)

    def number(self, value: int, language: str) -> str:
        """A figure as the language writes it."""
        return format_number(value, self.edition.language(language).locale)

    def language_name(self, of: str, language: str) -> str:
        """The name of language `of`, in `language`."""
        tag = self.edition.language(of).locale.split("-")[0]
        return language_name(tag, self.edition.language(language).locale)

    def forum_dates(self, language: str) -> str:
        first, last = self.edition.event(self.edition.forum_start), self.edition.event(self.edition.forum_end)
        assert first.date and last.date  # checked with the edition
        return format_dates(first.date, last.until or last.date, self.edition.language(language).locale)

    def roster(self, view: TeamView, language: str) -> list[Role]:
        """Who prepares a session, those who joined later among the members."""
        team, words = view.session.team, self.words(language)
        if team is None:
            return []
        note = view.find("concept-note", view.session.id)
        joined = [body for body in (note.facts.get("joined", []) if note else []) if body not in team.bodies]
        rows = [
            ("lead", [team.lead]),
            ("co_lead", [team.co_lead] if team.co_lead else []),
            ("members", [*team.members, *joined]),
            ("observers", team.observers),
        ]
        return [
            Role(label=words(f"labels.{label}"), names=[self.edition.body(body).names[language] for body in bodies])
            for label, bodies in rows
            if bodies
        ]

    # Documents

    def page(self, language: str, *, symbol: str = "", version: str = "") -> dict[str, Any]:
        """What every document's context begins with."""
        words = self.words(language)
        reference = [Line(label=words("labels.version"), value=version)] if version else []
        reference.append(Line(label=words("labels.language"), value=self.language_name(language, language)))
        reference.append(Line(label=words("labels.date"), value=self.day(self.today, language)))
        return {
            "edition_name": self.edition.names[language],
            "meeting": words("place_and_dates", place=self.edition.place[language], dates=self.forum_dates(language)),
            "symbol": symbol,
            "reference": reference,
            "page_of": words("labels.page_of", page="{page}", pages="{pages}"),
            "rehearsal_notice": words("rehearsal_notice") if self.rehearsal else "",
        }

    def next_number(self, kind: str, key: str, language: str) -> int:
        """The version number of the next document of this kind, key and language."""
        rows = self.ledger.documents(self.edition.id, kind=kind, key=key, language=language)
        return max((row.number for row in rows), default=0) + 1

    def write(
        self,
        context: Page,
        *,
        stage: str,
        kind: str,
        key: str,
        session: str | None,
        language: str,
        number: int,
        title: str,
        blocks: Sequence[Block] | None = None,
        images: Mapping[str, bytes] | None = None,
        rows: Rows | None = None,
        version: int | None = None,
        known_as: str | None = None,
        party: str | None = None,
        name: str | None = None,
    ) -> Made:
        """Render a document and keep it; a returned copy is known by `known_as` (or `kind`) and `version` (or `number`)."""
        data = self.render(
            context,
            kind=known_as or kind,
            key=key,
            session=session,
            language=language,
            title=title,
            blocks=blocks,
            images=images,
            rows=rows,
            version=number if version is None else version,
        )
        return self.keep(
            data,
            stage=stage,
            kind=kind,
            key=key,
            session=session,
            language=language,
            number=number,
            party=party,
            name=name,
        )

    def render(
        self,
        context: Page,
        *,
        kind: str,
        key: str,
        session: str | None,
        language: str,
        title: str,
        version: int,
        blocks: Sequence[Block] | None = None,
        images: Mapping[str, bytes] | None = None,
        rows: Rows | None = None,
    ) -> bytes:
        """The bytes of a document in a language of the edition."""
        locale = self.edition.language(language).locale
        return render(
            self._template(context.template),
            context,
            language=proofing_tag(locale),
            rtl=is_rtl(locale),
            identity=self.identity(kind, key, session, language, version),
            title=title,
            now=self.now,
            blocks=blocks,
            images=images,
            rows=rows,
        )

    def identity(self, kind: str, key: str, session: str | None, language: str, version: int) -> Identity:
        return Identity(self.edition.id, session or "", kind, key, version, language)

    def stamp(self, data: bytes, kind: str, key: str, session: str | None, language: str, version: int) -> bytes:
        """`data` under another identity."""
        return stamp(data, self.identity(kind, key, session, language, version))

    def finish(
        self, data: bytes, kind: str, key: str, session: str | None, language: str, version: int, title: str
    ) -> bytes:
        """`data` under a new identity and title, its language set, its package deterministic."""
        tag = proofing_tag(self.edition.language(language).locale)
        return normalise(self.stamp(data, kind, key, session, language, version), self.now, title=title, language=tag)

    def keep(
        self,
        data: bytes,
        *,
        stage: str,
        kind: str,
        key: str,
        session: str | None,
        language: str,
        number: int,
        party: str | None = None,
        name: str | None = None,
    ) -> Made:
        """Put a document into the store, under a readable name made of what it is."""
        # A translation's key names its language, which ends the name anyway.
        about = key.partition(":")[0].partition("|")[0]
        parts = [
            session if session and not about.startswith(session) else None,
            None if kind.startswith(about) else about,
            kind,
            party,
            f"v{number}",
            language,
        ]
        readable = name or "-".join(part for part in parts if part)
        return Made(
            stage, kind, key, session, language, number, f"{readable}.docx", self.store.put(data), len(data), party
        )

    def add(self, change: Change, made: Made, status: str = "current") -> DocumentRow:
        """Name a document in the ledger; an earlier current one of the same kind, key and language is superseded."""
        if status == "current":
            earlier = self.ledger.documents(
                self.edition.id, kind=made.kind, key=made.key, language=made.language, status="current"
            )
            change.supersede_documents(
                [row.id for row in earlier if row.number < made.number and row.party == made.party],
                f"version {made.number} takes its place",
            )
        return change.add_document(
            stage=made.stage, kind=made.kind, key=made.key, language=made.language, number=made.number, name=made.name,
            sha256=made.sha256, size=made.size, session=made.session, party=made.party, status=status,
        )  # fmt: skip

    def current(self, kind: str, key: str, language: str) -> DocumentRow:
        """The current document of a kind, key and language."""
        rows = self.ledger.documents(self.edition.id, kind=kind, key=key, language=language, status="current")
        if not rows:
            raise LookupError(f"{self.edition.id} has no current {kind} {key} in {language}")
        return rows[-1]

    def open(self, sha256: str) -> Docx:
        """A document of the store, opened as safely as when it came in."""
        return open_safely(self.store.get(sha256), sha256[:12])

    def _template(self, name: str) -> Path:
        """A document template; an edition's own wins."""
        found = [folder / "documents" / name for folder in self.folders if (folder / "documents" / name).is_file()]
        return found[-1]

    # Letters

    def recipient(self, party: str, person: str | None = None) -> Recipient:
        """The address, salutation and language for a person or for a body's focal point."""
        edition = self.edition
        if edition.has("people", person or party):
            someone = edition.person(person or party)
            form = edition.courtesy(someone.courtesy).forms[someone.language]
            body = edition.body(someone.body).names[someone.language] if someone.body else None
            lines = [someone.position, someone.organisation, body]
            name, surname, language = someone.name, someone.surname, someone.language
        else:
            institution = edition.body(party)
            contact, language = institution.focal_point, institution.language
            form = edition.courtesy(contact.courtesy).forms[language]
            lines = [self.words(language)("labels.focal_point"), institution.names[language]]
            name, surname = contact.name or "", contact.surname or contact.name or ""
        address = [form.address.format(name=name, surname=surname).strip() if name else "", *lines]
        salutation = " ".join(form.salutation.format(name=name, surname=surname).split())
        return Recipient(
            party=party,
            person=person,
            language=edition.language(language),
            address=[line for line in dict.fromkeys(address) if line],
            salutation=salutation,
            closing=form.closing,
        )

    def draft(self, letter: Letter, recipient: Recipient, session: Session | None = None) -> Drafted:
        """The letter in its recipient's language."""
        folders = tuple(folder / "letters" for folder in reversed(self.folders))
        written = templates_in(folders).write(letter, recipient.language.locale)
        return Drafted(letter, recipient, written.subject, written.paragraphs, session.id if session else None)

    def post(self, change: Change, key: str, drafted: Drafted, attachments: Sequence[str] = ()) -> bool:
        """Put a letter into the ledger as a draft; False when this letter (by key) is there already.

        A letter cancelled by a correction may be drafted anew: it gets the key with a number.
        """
        taken = {row.key: row.status for row in self.ledger.letters(self.edition.id)} if self._repeats(key) else {}
        name, number = key, 1
        while taken.get(name) == "cancelled":
            number += 1
            name = f"{key}~{number}"
        return change.draft_letter(
            name,
            kind=drafted.letter.kind,
            language=drafted.recipient.language.id,
            subject=drafted.subject,
            body=drafted.text,
            session=drafted.session,
            party=drafted.recipient.party,
            person=drafted.recipient.person,
            attachments=list(attachments),
        )

    def _repeats(self, key: str) -> bool:
        return bool(self.ledger.letters(self.edition.id, key=key))
