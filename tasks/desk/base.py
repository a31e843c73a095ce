"""The desk's core: edition, ledger and store at one moment, for one run; and words in each language."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from tasks.adapters import wording
from tasks.adapters.ledger import Change, Ledger, Record, Who
from tasks.adapters.local.store import Store
from tasks.adapters.word.contexts import Role
from tasks.desk.milestones import meet
from tasks.domain import calendar_records, machines
from tasks.domain.background_paper import paper_key
from tasks.domain.edition import Edition, Session
from tasks.domain.locale import format_date, format_dates, format_number, language_name
from tasks.domain.view import TeamView, milestone_key


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
        self._words: dict[str, wording.Wording] = {}

    def under(self, edition: Edition) -> Self:
        """The same desk, were `edition` in force."""
        return type(self)(
            edition=edition,
            ledger=self.ledger,
            store=self.store,
            folders=self.folders,
            now=self.now,
            by=self.by,
            run=self.run,
            rehearsal=self.rehearsal,
        )

    @cached_property
    def holders(self) -> dict[str, Session]:
        """The session of each session's and paper's key."""
        papers = {paper_key(session, paper): session for session in self.edition.sessions for paper in session.papers}
        return papers | {session.id: session for session in self.edition.sessions}

    @property
    def today(self) -> dt.date:
        """The day it is where the Forum is prepared."""
        return self.now.astimezone(ZoneInfo(self.edition.time_zone)).date()

    def due(self, milestone: str, item: str) -> dt.date:
        """The day that holds now for a milestone of a session, paper, translation or roundtable."""
        return dt.date.fromisoformat(
            self.record(calendar_records.MILESTONE, milestone_key(item, milestone)).facts["due"]
        )

    def answer_by(self, milestone: str, item: str) -> dt.date:
        """The day to ask an answer for: when it is due, or today where that is past."""
        return max(self.due(milestone, item), self.today)

    def view(self, session: Session) -> TeamView:
        """The team of `session` as the ledger has it now."""
        return self._view(session, self.ledger.records(self.edition.id, session=session.id))

    def records(self) -> list[Record]:
        """Every record of the edition as the ledger has it now."""
        return self.ledger.records(self.edition.id)

    def views(self, records: Iterable[Record] | None = None) -> list[TeamView]:
        """Every team in the order of the edition: as in `records`, or as the ledger has it now."""
        by_session: dict[str | None, list[Record]] = {}
        for record in self.records() if records is None else records:
            by_session.setdefault(record.session, []).append(record)
        return [self._view(session, by_session.get(session.id, [])) for session in self.edition.sessions]

    def _view(self, session: Session, found: Sequence[Record]) -> TeamView:
        records = {(r.kind, r.key): r for r in found if r.kind not in calendar_records.OF_THE_CALENDAR}
        due = {r.key: dt.date.fromisoformat(r.facts["due"]) for r in found if r.kind == calendar_records.MILESTONE}
        extended = {
            (r.facts["milestone"], r.facts["party"]): dt.date.fromisoformat(r.facts["until"])
            for r in found
            if r.kind == calendar_records.EXTENSION and r.state == "granted"
        }
        return TeamView(self.edition, session, records, due, extended)

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
        """Move a record along its table of transitions; the milestone it meets is met with it."""
        machines.check(record.kind, record.key, record.state, to)
        after = change.move(record, to, **facts)
        meet(change, self.edition, record, after, self.now, self.today)
        return after

    # Words

    def words(self, language: str) -> wording.Wording:
        """The wording in a language of the edition, the same as long as this desk lasts."""
        if language not in self._words:
            folders = [folder / "wording" for folder in self.folders]
            self._words[language] = wording.load(folders, self.edition.language(language).locale)
        return self._words[language]

    def notice(self, language: str) -> str:
        """That this is a rehearsal and all in it is made up; empty where it is none."""
        return self.words(language)("rehearsal_notice") if self.rehearsal else ""

    def marked(self, name: str, language: str) -> str:
        """The name of what stands alone, such as a picture, after the notice of a rehearsal."""
        notice = self.notice(language)
        return self.words(language)("label_value", label=notice, value=name) if notice else name

    def day(self, date: dt.date, language: str) -> str:
        """A date in words."""
        return format_date(date, self.edition.language(language).locale)

    def quoted(self, text: str, language: str) -> tuple[str, ...]:
        """ISO days of the calendar that a text in `language` names, in order."""
        pattern, known = self._days_in(language)
        return tuple(sorted({known[found].isoformat() for found in pattern.findall(text)})) if known else ()

    def _days_in(self, language: str) -> tuple[re.Pattern[str], dict[str, dt.date]]:
        if language not in self._spoken_days:
            known = {self.day(day, language): day for day in self._calendar_days}
            longest_first = sorted(known, key=len, reverse=True)
            pattern = re.compile(rf"(?<!\d)(?:{'|'.join(map(re.escape, longest_first))})(?!\d)")
            self._spoken_days[language] = pattern, known
        return self._spoken_days[language]

    @cached_property
    def _spoken_days(self) -> dict[str, tuple[re.Pattern[str], dict[str, dt.date]]]:
        return {}

    @cached_property
    def _calendar_days(self) -> set[dt.date]:
        """Every day of the calendar as it holds now: of events, milestones and extensions."""
        days = {day for event in self.edition.events for day in (event.date, event.until) if day}
        for kind, fact in ((calendar_records.MILESTONE, "due"), (calendar_records.EXTENSION, "until")):
            found = {record.facts[fact] for record in self.ledger.records(self.edition.id, kind)}
            days |= {dt.date.fromisoformat(day) for day in found}
        return days

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
