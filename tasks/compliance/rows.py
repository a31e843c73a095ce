"""The rows of the compliance report: every deadline, of whom it asks what since when, and when that came.

They are made of the calendar's records, the extensions and the history, which tells since when a move was whose. A
milestone that asks several is a row for each of them: every partner for its comments, every seat for its answer. The
office closes a round of comments the morning after its last day; that morning is nobody's delay.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from tasks.adapters.ledger import Record
from tasks.desk import Desk
from tasks.domain import calendar_records, translation
from tasks.domain.background_paper import comments_of, paper_key
from tasks.domain.compliance import Row
from tasks.domain.movers import mover_of_roundtable, movers_of
from tasks.domain.session_network import network_of
from tasks.domain.view import TeamView, milestone_key

#: Input of focal points comes by mail or not at all: no record tells when.
_NOT_RECORDED = "input-due"
_STAGES = {"summary": "rapporteur-report", "report": "rapporteur-report", "roundtable-report": "forum"}
#: The state of a record with which a milestone becomes its mover's move. Others are it as soon as what they rest on is.
_BEGINS = {
    "note-due": ("concept-note", "invited"),
    "note-decision": ("concept-note", "received"),
    "translation-due": ("translation", "sent"),
    "translation-review-due": ("translation", "reviewing"),
    "summary-due": ("summary", "prepared"),
    "report-due": ("report", "prepared"),
}


def rows_of(desk: Desk) -> list[Row]:
    """Every deadline of the edition as the ledger has it now, one row for each party it asks."""
    return list(_Rows(desk).all())


class _Rows:
    """Makes the rows of one reading of the ledger."""

    def __init__(self, desk: Desk) -> None:
        self._edition = desk.edition
        self._zone = ZoneInfo(desk.edition.time_zone)
        everything = desk.records()
        self._views = desk.views(everything)
        self._milestones = {r.key: r for r in everything if r.kind == calendar_records.MILESTONE}
        self._granted: dict[str, int] = defaultdict(int)
        for decision in desk.ledger.decisions(self._edition.id, calendar_records.EXTENSION, current=True):
            self._granted[decision.subject_key] += 1
        self._entered: dict[tuple[str, str, str], list[dt.date]] = defaultdict(list)
        for line in desk.ledger.history(self._edition.id, subject="record"):
            if state := line.change.get("state"):
                self._entered[line.kind, line.key, state[1]].append(line.at.astimezone(self._zone).date())

    def all(self) -> Iterator[Row]:
        """Every row of every session, and of the roundtables."""
        of_reports: dict[str, list[str]] = defaultdict(list)
        for view in self._views:
            for row in self._of_session(view):
                yield row
                if row.key.endswith("/report-due"):
                    of_reports[view.session.roundtable].append(row.key)
        for key, record in self._milestones.items():
            if record.session is None and record.state != "void":
                party = mover_of_roundtable(self._edition, key)[0]
                yield replace(self._row(record, "", party), after=tuple(of_reports[record.facts["item"]]))

    def _of_session(self, view: TeamView) -> list[Row]:
        due = {
            key: dt.date.fromisoformat(record.facts["due"])
            for key, record in self._milestones.items()
            if record.state != "void" and record.facts["milestone"] != _NOT_RECORDED
        }
        network = network_of(self._edition, view.session, due, {})
        rows: dict[str, list[Row]] = {}
        for key in network:
            if key in due and self._milestones[key].session is not None:
                rows[key] = list(self._of_milestone(view, self._milestones[key]))
        linked = [
            replace(row, after=tuple(other.key for before in network[key].after for other in rows.get(before, ())))
            for key, found in rows.items()
            for row in found
        ]
        return [self._after_issue(row) for row in linked] + list(self._issues(view, due))

    def _of_milestone(self, view: TeamView, record: Record) -> Iterator[Row]:
        item, _, milestone = record.key.rpartition("/")
        session = view.session.id
        if milestone.startswith("comments-"):
            asked = {str(r.facts["body"]): r for r in comments_of(view, item, int(milestone.removeprefix("comments-")))}
            for body in asked or movers_of(view, record.key):
                yield self._comments(view, record, body, asked.get(body))  # type: ignore[arg-type]
        elif milestone == "panel-complete":
            for seat in view.session.seats:
                yield self._answer(view, record, seat.id)
        else:
            row = self._row(record, session, movers_of(view, record.key)[0], view)
            yield replace(row, since=self._since(view, record.key))

    def _row(self, record: Record, session: str, party: str, view: TeamView | None = None, part: str = "") -> Row:
        facts, key = record.facts, record.key
        kind, _ = calendar_records.owner_of(key)
        return Row(
            key=f"{key}|{part}" if part else key,
            item=facts["item"],
            session=session,
            stage=_STAGES.get(kind, kind),
            party=party,
            kind="submission",
            baseline=dt.date.fromisoformat(facts["baseline"]),
            due=dt.date.fromisoformat(facts["due"]),
            extended=view.extensions.get((key, party)) if view else None,
            extensions=self._granted[f"{key}|{party}"],
            actual=dt.date.fromisoformat(facts["actual"]) if record.state == "met" and not part else None,
        )

    def _comments(self, view: TeamView, record: Record, body: str, comments: Record | None) -> Row:
        row = self._row(record, view.session.id, body, view, body)
        if comments is None:
            return row
        answers = [*self._days("comments", comments.key, "answered"), *self._days("comments", comments.key, "nil")]
        actual = min(answers) if comments.state in ("answered", "nil") else None
        silent = self._days("comments", comments.key, "silent")
        closed = silent[-1] - dt.timedelta(days=1) if silent and actual is None else None
        return replace(row, since=self._days("comments", comments.key, "asked")[0], actual=actual, closed=closed)

    def _answer(self, view: TeamView, record: Record, seat: str) -> Row:
        standing = view.find("seat", seat)
        assert standing is not None  # every seat has a record from the start
        party = str(standing.facts.get("person") or self._edition.coordinator_of(view.session).id)
        invited, confirmed = self._days("seat", seat, "invited"), self._days("seat", seat, "confirmed")
        return replace(
            self._row(record, view.session.id, party, view, seat),
            since=invited[-1] if invited else None,
            actual=confirmed[-1] if standing.state == "confirmed" else None,
        )

    def _issues(self, view: TeamView, due: Mapping[str, dt.date]) -> Iterator[Row]:
        """When each paper was issued in each language; due with the text it is issued from.

        Translations that are issued together are due with the last of their texts. One that is published stays issued:
        what is corrected later makes it no later.
        """
        drafting = self._edition.drafting_language.id
        for each in view.session.papers:
            key = paper_key(view.session, each)
            days = self._days("background-paper", key, "issued")
            issued = days[-1] if view.state("background-paper", key) == "issued" else None
            yield from self._issued(view, key, drafting, [milestone_key(key, "final-due")], due, issued)
        owed = translation.keys(self._edition, view.session)
        texts: dict[str, list[str]] = defaultdict(list)
        for key, paper, language in owed:
            last = "translation-review-due" if self._edition.language(language).reviewers else "translation-due"
            texts[self._issued_with(key, paper)].append(milestone_key(key, last))
        for key, paper, language in owed:
            issued = next(iter(self._days("translation", key, "issued")), None)
            yield from self._issued(view, key, language, texts[self._issued_with(key, paper)], due, issued)

    def _issued_with(self, key: str, paper: str) -> str:
        return paper if self._edition.rules.languages_together else key

    def _issued(
        self,
        view: TeamView,
        item: str,
        language: str,
        texts: Iterable[str],
        due: Mapping[str, dt.date],
        issued: dt.date | None,
    ) -> Iterator[Row]:
        """The row of one issue, due with the last of the milestones `texts`; none where none of them is planned."""
        planned = sorted((due[text], text) for text in texts if text in due)
        if planned:
            milestone, coordinator = self._milestones[planned[-1][1]], self._edition.coordinator_of(view.session).id
            yield replace(
                self._row(milestone, view.session.id, coordinator), key=_issue(item), item=item, kind="issue",
                language=language, actual=issued, extended=None, extensions=0, after=tuple(text for _, text in planned),
            )  # fmt: skip

    @staticmethod
    def _after_issue(row: Row) -> Row:
        """A translator waits for the paper to be issued, not only for its final text."""
        if not row.key.endswith("/translation-due"):
            return row
        return replace(row, after=(_issue(row.item.partition(":")[0]),))

    def _since(self, view: TeamView, key: str) -> dt.date | None:
        """The day the history says that it became its mover's move, where it does."""
        item, _, milestone = key.rpartition("/")
        if milestone in _BEGINS:
            kind, state = _BEGINS[milestone]
            return next(iter(self._days(kind, item, state)), None)
        rounds = self._edition.rules.comment_rounds
        texts = [*(f"draft-{number}" for number in range(1, rounds + 1)), "final-due"]
        writing = self._days("background-paper", item, "writing")
        if milestone not in texts or texts.index(milestone) >= len(writing):
            return None
        number = texts.index(milestone)
        silent = any(record.state == "silent" for record in comments_of(view, item, number))
        return writing[number] - dt.timedelta(days=1) if silent else writing[number]

    def _days(self, kind: str, key: str, state: str) -> list[dt.date]:
        """The days on which a record came into a state."""
        return self._entered.get((kind, key, state), [])


def _issue(item: str) -> str:
    return milestone_key(item, "issued")
