"""The desk's core: edition, ledger and store at one moment, for one run; and words in each language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tasks.adapters import wording
from tasks.adapters.ledger import Change, Ledger, Record, Who
from tasks.adapters.local.store import Store
from tasks.adapters.word.contexts import Role
from tasks.domain import machines
from tasks.domain.deadline import deadlines
from tasks.domain.edition import Edition, Session
from tasks.domain.locale import format_date, format_dates, format_number, language_name
from tasks.domain.view import TeamView


class Base:
    """One edition at one moment, for one run."""

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
