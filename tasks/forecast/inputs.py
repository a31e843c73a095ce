"""What a forecast starts from, read from the ledger: every move on the way of every paper, done or still ahead.

The key of a move is that of its milestone, such as `1.1/draft-2` or `1.1:fr/translation-due`; one partner's comments
are `1.1/comments-1|BODY`. What has no milestone is named likewise: `note-tabled`, `note-outcome`, `final-decision`.
As in the calendar, a paper is issued in the language it is written in when its final text is in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from tasks.adapters.ledger import Record
from tasks.desk import Desk
from tasks.desk.milestones import received_of
from tasks.domain import background_paper, calendar_records, concept_note, translation
from tasks.domain.calendar import plan
from tasks.domain.edition import Edition, Paper
from tasks.domain.forecast import Activity, AnswerTime, Capacity, Inputs
from tasks.domain.view import Standing, TeamView, date_of, milestone_key
from tasks.domain.workdays import ONE_DAY, workdays_of

#: The movers of the activities; the others of an edition have no part in a paper.
_KINDS = ("lead", "partners", "coordinator", "translator")
#: The states of a paper, and of a note, from the first to the last.
_OF_A_PAPER = ("planned", "writing", "drafted", "circulated", "deciding", "submitted", "frozen", "issued")
_OF_A_NOTE = ("planned", "invited", "returned", "received", "accepted", "numbered", "tabled", "adopted")
#: By (kind, key, state): the day a record last came into a state.
Entered = Mapping[tuple[str, str, str], dt.date]


def inputs_of(desk: Desk, records: Sequence[Record] | None = None, edition: Edition | None = None) -> Inputs:
    """The season as `records` (else the ledger) know it at the end of the desk's day.

    With `edition`, as if that were in force: its events on other days, and all that follows for the deadlines.
    """
    records = desk.records() if records is None else records
    milestones = {record.key: record for record in records if record.kind == calendar_records.MILESTONE}
    met, entered = received_of(milestones), _entered(desk)
    views = desk.views(records)
    if edition is not None and edition is not desk.edition:
        due = {key: each.due for key, each in plan(edition, received=met).items() if milestones[key].state == "planned"}
        views = [_as_planned(view, edition, due, desk.today) for view in views]
    edition = edition or desk.edition
    assumed = edition.assumptions
    own = assumed.answers.keys() & {milestone.id for milestone in edition.milestones}
    activities = [
        _of_its_own(activity, own)
        for view in views
        if view.session.team and view.state(concept_note.STAGE, view.session.id) not in (None, "withdrawn")
        for activity in _Team(view, met, entered, desk.today).activities()
    ]
    answers = {kind: assumed.answer_time(kind) for kind in (*_KINDS, *sorted(own))}
    capacities = {
        language.id: assumed.capacity_of(language.id) for language in edition.languages if not language.drafting
    }
    return Inputs(
        desk.today,
        tuple(activities),
        {kind: AnswerTime(answer.half, answer.nine_in_ten) for kind, answer in answers.items()},
        workdays_of(edition).is_free,
        {id: Capacity(c.translators, c.words_per_day, c.revised_per_day) for id, c in capacities.items()},
    )


def _of_its_own(activity: Activity, own: Set[str]) -> Activity:
    """An activity whose milestone has an answer time of its own: how soon it comes is learnt apart from the mover's."""
    milestone = activity.key.partition("|")[0].rpartition("/")[2]
    return replace(activity, kind=milestone) if activity.kind and milestone in own else activity


def _entered(desk: Desk) -> Entered:
    zone = ZoneInfo(desk.edition.time_zone)
    return {
        (row.kind, row.key, row.change["state"][1]): row.at.astimezone(zone).date()
        for row in desk.ledger.history(desk.edition.id, subject="record")
        if row.kind not in calendar_records.OF_THE_CALENDAR and row.change.get("state")
    }


def _as_planned(view: TeamView, edition: Edition, due: Mapping[str, dt.date], today: dt.date) -> TeamView:
    """`view` with the deadlines of `edition`; an open round ends on its new day, as when a meeting is really moved."""
    deadlines = {key: due.get(key, day) for key, day in view.deadlines.items()}
    records = dict(view.records)
    for paper in view.of_kind(background_paper.STAGE):
        key = milestone_key(paper.key, f"comments-{paper.facts.get('round')}")
        if paper.state == "circulated" and deadlines[key] != view.deadlines[key]:
            assert isinstance(paper, Record)
            sent = max(paper.changed_at.date(), today)
            until = background_paper.comment_deadline(edition, deadlines[key], sent)
            records[paper.kind, paper.key] = replace(paper, facts={**paper.facts, "until": until.isoformat()})
    return replace(view, edition=edition, deadlines=deadlines, records=records)


@dataclass(frozen=True)
class _Team:
    """The moves of one team: its note, then each of its papers."""

    view: TeamView
    met: Mapping[str, dt.date]
    entered: Entered
    today: dt.date

    def activities(self) -> Iterator[Activity]:
        for activity in (*self._note(), *(each for paper in self.view.session.papers for each in self._paper(paper))):
            yield replace(activity, session=self.view.session.id)

    def _day(self, record: Standing, *states: str) -> dt.date:
        """The day `record` came into the first of `states` that it was ever in."""
        found = (self.entered.get((record.kind, record.key, state)) for state in states)
        return next((day for day in found if day), record.changed_at.date())

    def _note(self) -> Iterator[Activity]:
        view, session = self.view, self.view.session
        note = view.find(concept_note.STAGE, session.id)
        assert note is not None and session.team is not None  # teams without are left out
        at, lead = _OF_A_NOTE.index(note.state), session.team.lead
        coordinator = view.edition.coordinator_of(session).id
        due, decision, tabled, outcome = (
            milestone_key(session.id, name) for name in ("note-due", "note-decision", "note-tabled", "note-outcome")
        )
        invited = view.due("note-invitation")  # an invitation that is not out yet is nobody's wait
        received = self._day(note, *_OF_A_NOTE[3:]) if at >= _OF_A_NOTE.index("received") else None
        asked = [self.entered.get((note.kind, note.key, state)) for state in ("invited", "returned")]
        since = [day for day in asked if day and (received is None or day <= received)]
        yield Activity(
            due, lead, "lead", view.due_for(lead, "note-due"),
            opens=max(invited, self.today) if note.state == "planned" else invited,
            started=max(since, default=None), done=received,
        )  # fmt: skip
        accepted = self._day(note, *_OF_A_NOTE[4:]) if at >= _OF_A_NOTE.index("accepted") else None
        planned = view.due_for(coordinator, "note-decision")
        yield Activity(decision, coordinator, "coordinator", planned, (due,), done=accepted)
        numbered = at >= _OF_A_NOTE.index("numbered")
        id = note.facts.get("meeting") if numbered else None
        meeting = view.edition.event(id or concept_note.meeting_for(view.edition, self.today)).date
        assert meeting is not None  # meetings that table notes have a day
        adopted = self._day(note, "adopted") if note.state == "adopted" else None
        held = meeting if note.state == "tabled" and meeting <= self.today else None
        taken = min(meeting, adopted) if adopted else held
        yield Activity(tabled, "", "", meeting, (decision,), opens=meeting, done=taken)
        papers = [background_paper.paper_key(session, paper) for paper in session.papers]
        calls = [view.due("call-for-input", paper) for paper in papers]
        told = min(calls, default=meeting)
        yield Activity(outcome, coordinator, "coordinator", told, (tabled,), done=adopted)

    def _paper(self, paper: Paper) -> Iterator[Activity]:
        view, session, edition = self.view, self.view.session, self.view.edition
        key = background_paper.paper_key(session, paper)
        record = view.find(background_paper.STAGE, key)
        assert record is not None  # every paper is a record from the start
        for activity in self._text(paper, key, record):
            yield replace(activity, paper=key)
        decision = milestone_key(key, "final-decision")
        words = record.facts.get("words") or edition.rules.word_limits.background_paper
        for name, of, language in translation.keys(edition, session):
            if of == key:
                yield replace(self._translation(name, language, decision), paper=key, words=words)

    def _text(self, paper: Paper, key: str, record: Standing) -> Iterator[Activity]:
        view, edition = self.view, self.view.edition
        pen, at = background_paper.writer(view.session, paper), _OF_A_PAPER.index(record.state)
        call, due = milestone_key(key, "call-for-input"), view.due("call-for-input", key)
        opened = self.met.get(call, self._day(record, "writing")) if at else None
        before = milestone_key(view.session.id, "note-outcome")
        yield Activity(call, "", "", due, (before,), opens=due, done=opened)
        last = call
        awaited = record.facts.get("round", 1) if at else 0
        for round in range(1, edition.rules.comment_rounds + 1):
            draft = milestone_key(key, f"draft-{round}")
            came = round < awaited or (round == awaited and record.state != "writing")
            yield Activity(
                draft, pen, "lead", view.due_for(pen, f"draft-{round}", key), (last,),
                started=self._day(record, "writing") if round == awaited and not came else None,
                done=self.met.get(draft, self._day(record, "drafted")) if came else None,
            )  # fmt: skip
            yield from self._round(paper, record, round, draft, round < awaited)
            last = milestone_key(key, f"comments-{round}")
        final, decision = milestone_key(key, "final-due"), milestone_key(key, "final-decision")
        planned, handed_in = view.due_for(pen, "final-due", key), at >= _OF_A_PAPER.index("submitted")
        writing = record.state == "writing" and background_paper.is_final_round(edition, awaited)
        yield Activity(
            final, pen, "lead", planned, (last,), language=edition.drafting_language.id,
            started=self._day(record, "writing") if writing else None,
            done=self._day(record, "submitted") if handed_in else None,
        )  # fmt: skip
        coordinator = edition.coordinator_of(view.session).id
        frozen = self._day(record, "frozen", "issued") if at >= _OF_A_PAPER.index("frozen") else None
        yield Activity(decision, coordinator, "coordinator", planned, (final,), done=frozen)

    def _round(self, paper: Paper, record: Standing, round: int, draft: str, closed: bool) -> Iterator[Activity]:
        """Every partner's comments, and the end of the round: the text goes back on the morning after its last day."""
        view, key = self.view, record.key
        name = f"comments-{round}"
        milestone, due = milestone_key(key, name), view.due(name, key)
        is_open = record.state == "circulated" and record.facts["round"] == round
        asked = background_paper.comments_of(view, key, round) if closed or is_open else []
        comments = [self._comments(each, view.due_for(each.facts["body"], name, key), draft) for each in asked]
        if not closed and not is_open:
            bodies = background_paper.commenters(view, paper)
            comments = [
                Activity(f"{milestone}|{body}", body, "partners", view.due_for(body, name, key), (draft,))
                for body in bodies
            ]
        yield from comments
        after = tuple(each.key for each in comments) or (draft,)
        until = date_of(record.facts, "until", due) if is_open else due
        silent = [each.facts["body"] for each in asked if each.state == "asked"]
        until = max([until, *(view.extensions.get((milestone, body), until) for body in silent)])
        yield Activity(
            milestone, "", "", until + ONE_DAY, after,
            closes=until + ONE_DAY if comments else None,
            open_at_least=0 if is_open else background_paper.LEAST_COMMENT_DAYS + 1,
            done=self.met.get(milestone, self._day(record, "writing")) if closed else None,
        )  # fmt: skip

    def _comments(self, record: Standing, planned: dt.date, draft: str) -> Activity:
        body, milestone = record.facts["body"], f"comments-{record.facts['round']}"
        return Activity(
            f"{milestone_key(record.facts['paper'], milestone)}|{body}", body, "partners", planned, (draft,),
            started=self._day(record, "asked"),
            done=self._day(record, record.state) if record.state in ("answered", "nil") else None,
            lapsed=self._day(record, "silent") if record.state == "silent" else None,
        )  # fmt: skip

    def _translation(self, key: str, language: str, decision: str) -> Activity:
        view = self.view
        record = view.find(translation.STAGE, key)
        assert record is not None  # every translation is a record from the start
        party = view.edition.language(language).translator or view.edition.coordinator_of(view.session).id
        planned = view.due_for(party, "translation-due", key)
        came = record.state not in ("planned", "sent")
        return Activity(
            milestone_key(key, "translation-due"), party, "translator", planned, (decision,), language=language,
            started=self._day(record, "sent") if record.state == "sent" else None,
            done=self._day(record, "received", "issued") if came else None,
        )  # fmt: skip
