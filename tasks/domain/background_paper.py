"""Background papers: drafts in versions, comment rounds, a frozen final text (docs/process.md, 2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal

from tasks.domain.edition import Edition, Paper, Session
from tasks.domain.view import Standing, Step, TeamView, Wait, date_of, milestone_key
from tasks.domain.workdays import workdays_of

STAGE = "background-paper"
MATRIX = "comment-matrix"
#: Working days the coordinator is given to decide on the comments of a round.
DECISION_DAYS = 5
#: A late draft still leaves the partners this many working days, whatever the plan said.
LEAST_COMMENT_DAYS = 5


def paper_key(session: Session, paper: Paper) -> str:
    """The key of a paper: its session and suffix."""
    return f"{session.id}{paper.suffix}"


def paper_of(session: Session, key: str) -> Paper:
    return next(paper for paper in session.papers if paper_key(session, paper) == key)


def writer(session: Session, paper: Paper) -> str:
    """Id of the body that holds the pen."""
    assert session.team is not None  # checked with the edition
    return paper.authors[0] if paper.authors else session.team.lead


def commenters(view: TeamView, paper: Paper) -> list[str]:
    """The bodies a draft is circulated to: the team and those who joined, less the writer."""
    assert view.session.team is not None
    note = view.find("concept-note", view.session.id)
    joined = note.facts.get("joined", []) if note else []
    bodies = dict.fromkeys([*view.session.team.bodies, *joined])
    return [body for body in bodies if body != writer(view.session, paper)]


def comments_of(view: TeamView, key: str, round: int) -> list[Standing]:
    """The comment records of one round of one paper."""
    return [r for r in view.of_kind("comments") if r.facts["paper"] == key and r.facts["round"] == round]


def round_key(key: str, round: int) -> str:
    """The key of one comment round of a paper, and of its matrix."""
    return f"{key}|{round}"


def sources_of(view: TeamView, key: str, round: int) -> list[list[str]]:
    """Every file and text of comments in a round, newest of each body: [body, "file" or "text", sha256], sorted."""
    found = []
    for comments in comments_of(view, key, round):
        if comments.state == "answered":
            body = str(comments.facts["body"])
            found += [[body, "file", comments.facts["file"]]] if comments.facts.get("file") else []
            found += [[body, "text", sha] for sha in comments.facts.get("texts", {})]
    return sorted(found)


def comment_deadline(edition: Edition, planned: dt.date, today: dt.date) -> dt.date:
    """The day comments are due: as planned, or the least number of working days from today if that is later."""
    return max(planned, workdays_of(edition).move(today, LEAST_COMMENT_DAYS))


def is_final_round(edition: Edition, round: int) -> bool:
    """Whether the text awaited in `round` is the final one: all comment rounds are over."""
    return round > edition.rules.comment_rounds


def text_milestone(edition: Edition, round: int) -> str:
    """The milestone by which the text awaited in `round` is due: that of a draft, or of the final text."""
    return "final-due" if is_final_round(edition, round) else f"draft-{round}"


def amended(
    facts: Mapping[str, Any], how: Literal["correction", "revision"], documents: Mapping[str, str]
) -> dict[str, Any]:
    """The facts of a paper that is amended: the next number of its kind, and what is amended until that is issued.

    `documents` are the hashes of those in force, by language. As long as the paper was not published there is nothing
    to amend: it is simply the next version. A revision begins the count of corrections anew.
    """
    if not facts.get("published"):
        return {}
    number = facts.get(how, 0) + 1
    again = {"correction": 0} if how == "revision" else {}
    return {**again, how: number, "amendment": {"how": how, "number": number, "documents": dict(documents)}}


def due(view: TeamView, today: dt.date) -> list[Step]:
    """The steps of every paper of the session that can be taken today."""
    steps = []
    for paper in view.session.papers:
        key = paper_key(view.session, paper)
        record = view.find(STAGE, key)
        if record is None:
            continue
        match record.state:
            case "planned" if view.state("concept-note", view.session.id) == "adopted" and today >= view.due(
                "call-for-input", key
            ):
                steps.append(Step(STAGE, "open", key))
            case "drafted":
                steps.append(Step(STAGE, "circulate", key))
            case "circulated":
                if today > max(_asked(view, record, today).values(), default=dt.date.min):
                    steps.append(Step(STAGE, "close_round", key))
            case "deciding" if _is_settled(view, key, record.facts["round"]):
                steps.append(Step(STAGE, "ask_next", key))
            case "frozen":
                steps.append(Step(STAGE, "issue", key))
        steps += _on_comments(view, record)
    return steps


def _on_comments(view: TeamView, paper: Standing) -> list[Step]:
    """What is due on the comments of rounds that are over, late ones included, until the text is frozen."""
    steps: list[Step] = []
    if paper.state in ("planned", "frozen", "issued"):
        return steps
    for round in range(1, paper.facts["round"] + (paper.state == "deciding")):
        key = round_key(paper.key, round)
        matrix, sources = view.find(MATRIX, key), sources_of(view, paper.key, round)
        if sources != (matrix.facts["sources"] if matrix else []):
            steps.append(Step(STAGE, "compile", key))
        elif matrix and matrix.state == "decided":
            steps.append(Step(STAGE, "settle", key))
    return steps


def _is_settled(view: TeamView, key: str, round: int) -> bool:
    """Whether every comment of a round is decided and answered; a round without comments is."""
    matrix, sources = view.find(MATRIX, round_key(key, round)), sources_of(view, key, round)
    if matrix is None:
        return not sources
    return matrix.state == "settled" and sources == matrix.facts["sources"]


def _asked(view: TeamView, paper: Standing, today: dt.date) -> dict[str, dt.date]:
    """Who has not answered in the round that is open, and until when each may."""
    round = paper.facts["round"]
    until, key = date_of(paper.facts, "until", today), milestone_key(paper.key, f"comments-{round}")
    asked = [c.facts["body"] for c in comments_of(view, paper.key, round) if c.state == "asked"]
    return {body: max(until, view.extensions.get((key, body), until)) for body in asked}


def waits(view: TeamView, today: dt.date) -> list[Wait]:
    """Who must act on the papers."""
    found = []
    coordinator = view.edition.coordinator_of(view.session).id
    for paper in view.session.papers:
        key = paper_key(view.session, paper)
        record = view.find(STAGE, key)
        if record is None:
            continue
        since = record.changed_at.date()
        round = record.facts.get("round", 1)
        match record.state:
            # Nobody waits for the paper of a note that was withdrawn.
            case "planned" if view.state("concept-note", view.session.id) != "withdrawn":
                until = view.due("call-for-input", key)
                found.append(Wait(STAGE, STAGE, key, "an adopted concept note", (), until, since))
            case "writing":
                final = is_final_round(view.edition, round)
                what = "final text" if final else f"draft {round}"
                milestone = text_milestone(view.edition, round)
                pen = writer(view.session, paper)
                until = view.due_for(pen, milestone, key)
                ask = milestone if final else "draft"
                found.append(Wait(STAGE, STAGE, key, what, (pen,), until, since, milestone_key(key, milestone), ask))
            case "circulated":
                asked, milestone = _asked(view, record, today), milestone_key(key, f"comments-{round}")
                # The paper itself changes once more where the round's end moves.
                since = min(
                    (c.changed_at.date() for c in comments_of(view, key, round) if c.state == "asked"), default=since
                )
                for until in sorted(set(asked.values())) or [date_of(record.facts, "until", today)]:
                    bodies = tuple(body for body in asked if asked[body] == until)
                    what = f"comments on draft {round}"
                    found.append(Wait(STAGE, "comments", key, what, bodies, until, since, milestone, "comments"))
            case "deciding":
                # Until a matrix is made, and once all of it is decided, the next step is the office's own.
                matrix = view.find(MATRIX, round_key(key, round))
                if matrix and matrix.state == "open":
                    until = workdays_of(view.edition).move(since, DECISION_DAYS)
                    what = f"decisions on {matrix.facts['undecided']} comments on draft {round}"
                    milestone, ask = milestone_key(key, f"comments-{round}"), "comment-decisions"
                    found.append(Wait(STAGE, MATRIX, matrix.key, what, (coordinator,), until, since, milestone, ask))
            case "submitted":
                until, what = max(view.due("final-due", key), since), "decision on the final text"
                milestone = milestone_key(key, "final-due")
                found.append(Wait(STAGE, STAGE, key, what, (coordinator,), until, since, milestone, "final-decision"))
    return found
