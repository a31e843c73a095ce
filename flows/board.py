"""What operators see: the board of the edition, a page per session, readable documents, whose move it is."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterable
from pathlib import Path

from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact

from tasks import comment_matrix, documents, silence
from tasks.desk import Desk
from tasks.domain import process
from tasks.domain.edition import Edition, Session
from tasks.domain.errors import Unknown
from tasks.domain.locale import some_of
from tasks.domain.view import TeamView, Wait, days_off


def spoken_party(edition: Edition, party: str) -> str:
    """A body by its name, a person or staff member by id."""
    if edition.has("bodies", party):
        return edition.body(party).names[edition.drafting_language.id]
    return party


def spoken(edition: Edition, wait: Wait) -> str:
    """A wait in words: what, from whom, until when."""
    parties = [spoken_party(edition, party) for party in wait.parties]
    shown = some_of(parties, 4)
    return f"{wait.what}{f' from {shown}' if shown else ''} until {wait.until:%-d %B %Y}"


def waiting_for(view: TeamView, today: dt.date) -> str:
    """What a team waits for, the nearest first; empty when nothing is awaited."""
    waits = process.waits(view, today)
    return f"{view.session.id}: {'; '.join(spoken(view.edition, wait) for wait in waits[:4])}" if waits else ""


def waiting_for_all(desk: Desk) -> str:
    """The next move of every team, one line each."""
    return "\n".join(line for view in desk.views() if (line := waiting_for(view, desk.today)))


def cell(view: TeamView, stage: str) -> str:
    """The state of one stage of one team, in a word or two."""
    kinds = {
        "concept-note": ("concept-note",),
        "background-paper": ("background-paper",),
        "panel": ("seat",),
        "translation": ("translation",),
        "rapporteur-report": ("summary", "report"),
    }[stage]
    records = [record for kind in kinds for record in view.of_kind(kind)]
    if not records:
        return "–"
    if stage == "panel":
        confirmed = sum(record.state == "confirmed" for record in records)
        return f"{confirmed}/{len(records)} confirmed"
    if stage == "translation":
        return f"{sum(record.state == 'issued' for record in records)}/{len(records)} issued"
    if stage == "background-paper":
        return ", ".join(
            f"{r.state} {r.facts['round']}" if r.state in ("writing", "drafted", "circulated", "deciding") else r.state
            for r in records
        )
    if stage == "rapporteur-report":
        states = {record.state for record in records}
        return states.pop() if len(states) == 1 else ", ".join(f"{record.kind} {record.state}" for record in records)
    return records[0].state


def board_rows(desk: Desk) -> list[dict[str, str]]:
    """The board: session x stage, next deadline, days left, who moves."""
    rows = []
    for view in desk.views():
        session = view.session
        row = {"session": session.id}
        waits = process.waits(view, desk.today)
        nearest = next((wait for wait in waits if wait.parties), waits[0] if waits else None)
        if nearest:
            left = days_off(nearest.until, desk.today)
            row["who moves"] = ", ".join(spoken_party(desk.edition, p) for p in nearest.parties[:3]) or "the calendar"
            row["next"] = nearest.what
            row["until"] = nearest.until.isoformat()
            row["days left"] = f"{left}" if left >= 0 else f"{-left} late"
        else:
            row |= {"who moves": "", "next": "all is done", "until": "", "days left": ""}
        row |= {stage.replace("-", " "): cell(view, stage) for stage in process.STAGE_NAMES}
        rows.append(row)
    return rows


async def edition_board(desk: Desk) -> None:
    """Keep the board of the edition as an artifact."""
    await acreate_table_artifact(
        key=artifact_key("board", desk.edition.id),
        table=board_rows(desk),
        description=(
            f"{rehearsal_notice(desk)}**{desk.edition.id}** on {desk.today:%-d %B %Y}: who waits for whom, until when."
        ),
    )


async def show(sessions: Iterable[Session], desk: Desk) -> None:
    """Bring the pages of these sessions and the board up to date."""
    for session in sessions:
        await session_page(desk, session)
    await edition_board(desk)


async def session_page(desk: Desk, session: Session) -> None:
    """Keep the page of a session, its timeline and documents, as an artifact."""
    await acreate_markdown_artifact(
        key=artifact_key("session", desk.edition.id, session.id),
        markdown=session_markdown(desk, session),
        description=f"{session.id} {session.title[desk.edition.drafting_language.id]}",
    )


def session_markdown(desk: Desk, session: Session, by: str = "") -> str:
    """Title, whose move it is, timeline and documents of a session, in Markdown; of documents what `by` may see."""
    language = desk.edition.drafting_language.id
    lines = [f"{rehearsal_notice(desk)}# {session.id} {session.title[language]}", ""]
    if session.closed:
        lines += ["A closed session: not everybody may attend.", ""]
    lines += ["## Whose move it is", ""]
    view = desk.view(session)
    waits = process.waits(view, desk.today)
    lines += [f"- {spoken(desk.edition, wait)} ({_left(wait.until, desk.today)})" for wait in waits] or [
        "- all is done"
    ]
    lines += _comment_rounds(desk, session) + _differences(desk, session)
    lines += ["", "## Timeline", "", "| when | what | state | by |", "|---|---|---|---|"]
    for row in desk.ledger.history(desk.edition.id, subject="record", records=view.records.keys()):
        state = row.change.get("state")
        if state and state[0]:
            what = f"{row.kind.replace('-', ' ')} {row.key}"
            lines.append(table_row(f"{row.at:%Y-%m-%d}", what, f"{state[0]} → {state[1]}", row.by))
    return "\n".join([*lines, *_documents(desk, session, by)])


def _documents(desk: Desk, session: Session, by: str) -> list[str]:
    seen, others = documents.seen_by(desk, by, session.id)
    lines = [
        "",
        "## Documents",
        "",
        "| document | version | language | made | status | for |",
        "|---|---|---|---|---|---|",
    ]
    for each in seen:
        row = each.row
        made = f"{row.made_at:%Y-%m-%d}"
        lines.append(table_row(row.name, f"{row.number}", row.language, made, row.status, each.protection))
    return [*lines, *(["", f"{others} more are not {by}'s to see"] if others else [])]


def _comment_rounds(desk: Desk, session: Session) -> list[str]:
    """Who was asked for comments and how each stands; nothing before the first draft goes round."""
    found = silence.lines_of(desk, session)
    if not found:
        return []
    rows = ["", "## Comment rounds", "", "| draft | body | asked | until | answer | on |", "|---|---|---|---|---|---|"]
    for line in found:
        days = [f"{day:%Y-%m-%d}" if day else "" for day in (line.sent, line.until, line.answered)]
        body = spoken_party(desk.edition, line.body)
        how = line.how.replace("_", " ")
        rows.append(table_row(f"{line.paper}, {line.round}", body, days[0], days[1], how, days[2]))
    return rows


def _differences(desk: Desk, session: Session) -> list[str]:
    """Where the texts in force differ from what was decided on comments; nothing where they do not."""
    found = comment_matrix.shown_differences(desk, session)
    if not found:
        return []
    head = [
        "",
        "## Differences from the decisions",
        "",
        "| paper | comment | body | proposed | it |",
        "|---|---|---|---|---|",
    ]
    return head + [table_row(*line) for line in found]


def table_row(*cells: str) -> str:
    """A row of a table in Markdown: no bar or line end in a cell ends it."""
    return "| " + " | ".join(re.sub(r"[\\|]", r"\\\g<0>", " ".join(cell.splitlines())) for cell in cells) + " |"


def _left(until: dt.date, today: dt.date) -> str:
    left = days_off(until, today)
    return f"{left} days left" if left >= 0 else f"{-left} days late"


def rehearsal_notice(desk: Desk) -> str:
    """The notice of a rehearsal as the first paragraph of a page in Markdown; empty where it is none."""
    notice = desk.notice(desk.edition.drafting_language.id)
    return f"*{notice}*\n\n" if notice else ""


def artifact_key(*parts: str) -> str:
    """An artifact key of its parts: lower-case letters, digits and dashes."""
    return re.sub(r"[^a-z0-9]+", "-", "-".join(parts).lower()).strip("-")


def place_documents(desk: Desk) -> int:
    """Give every document its readable name below `documents/`; how many were new.

    Raises:
        Unknown: some are gone from the store, or damaged; all the others are placed.
    """
    placed, lost = 0, []
    for session, stage, name, sha256, size in desk.ledger.files(desk.edition.id):
        path = f"{desk.edition.id}/{session or 'forum'}/{stage}/{name}"
        if _size(f"{desk.store.home}/documents/{path}") != size:
            try:
                desk.store.place(sha256, Path(path))
                placed += 1
            except Unknown as gone:
                lost.append(f"{name}: {gone}")
    if lost:
        raise Unknown("\n".join(lost))
    return placed


def _size(path: str) -> int | None:
    """The size of a file in bytes, None where there is none."""
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        return None
