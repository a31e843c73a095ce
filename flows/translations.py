"""What people decide about translations and the papers they are of: findings, reviews, shares, amendments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Literal

from prefect.client.schemas.objects import State

from flows.edition import follow_up
from flows.office import answer, desk_for, flow, inbox
from flows.pretranslators import pretranslator
from flows.translation_table import show_findings
from tasks import background_paper
from tasks import translation as stage
from tasks.adapters.word.ingest import open_safely
from tasks.desk import Desk
from tasks.domain.errors import Refusal


@flow(name="waive-findings", flow_run_name="{edition} {translation}: findings waived")
async def waive_findings(
    edition: str, translation: str, findings: list[int], reason: str, by: str, today: dt.date | None = None
) -> State[Any]:
    """Let findings of a translation's checks stand; with the last one the translation goes on.

    Args:
        edition: The edition.
        translation: The paper and the language, such as 1.1:fr.
        findings: Their numbers in the report.
        reason: Why they may stand.
        by: Your name; it is kept with the waiver.
        today: A simulated date, in a rehearsal only.
    """

    return await _decided(edition, by, today, lambda desk: stage.waive(desk, translation, findings, reason))


@flow(name="confirm-translation", flow_run_name="{edition} {translation}: words of a machine read")
async def confirm_translation(
    edition: str, translation: str, by: str, rows: list[str] | None = None, today: dt.date | None = None
) -> State[Any]:
    """Vouch for rows in the words of a machine, which are not issued before somebody has read them.

    Args:
        edition: The edition.
        translation: The paper and the language, such as 1.1:fr.
        by: Your name; it is kept with the rows.
        rows: The rows you have read, as the bilingual file numbers them; all of them without.
        today: A simulated date, in a rehearsal only.
    """

    return await _decided(edition, by, today, lambda desk: stage.confirm(desk, translation, rows or []))


@flow(name="prefill-translation", flow_run_name="{edition} {translation}: filled in by a machine")
async def prefill_translation(
    edition: str, translation: str, by: str, approved: str = "", today: dt.date | None = None
) -> State[Any]:
    """Let the machine that the edition names for the language fill in what nobody knows of a paper.

    Args:
        edition: The edition.
        translation: The paper and the language, such as 1.1:es.
        by: Your name; it is kept with what is filled in.
        approved: The code of what it costs, as `roundtable memory cost` shows it; empty where it costs nothing.
        today: A simulated date, in a rehearsal only.
    """

    def work() -> str:
        desk = desk_for(edition, by=by, today=today)
        language = stage.language_of_key(desk, translation)
        return stage.prefill(desk, translation, pretranslator(desk.edition, language), approved)

    return answer(work)


@flow(name="assign-translation", flow_run_name="{edition} {translation}: rows for {translator}")
async def assign_translation(
    edition: str, translation: str, translator: str, first: str, last: str, by: str, today: dt.date | None = None
) -> State[Any]:
    """Give a range of a paper's rows to a translator of their own.

    Args:
        edition: The edition.
        translation: The paper and the language, such as 1.1:fr.
        translator: The person's id among the edition's people.
        first: The first row, as the bilingual file numbers it, such as p41.
        last: The last row.
        by: Your name; it is kept with what you do.
        today: A simulated date, in a rehearsal only.
    """

    def work() -> str:
        return stage.assign(desk_for(edition, by=by, today=today), translation, translator, first, last)

    return await follow_up(edition, answer(work), today)


@flow(name="answer-review", flow_run_name="{edition} {translation}: review of {body} {reply}")
async def answer_review(
    edition: str,
    translation: str,
    body: str,
    reply: Literal["nil", "unanswered"],
    by: str,
    reason: str = "",
    today: dt.date | None = None,
) -> State[Any]:
    """Record that a reviewer has nothing to correct, or go on without one who does not answer.

    Args:
        edition: The edition.
        translation: The paper and the language, such as 1.1:es.
        body: The reviewer.
        reply: nil where there is nothing to correct, unanswered to go on without.
        by: Your name; it is kept with the answer.
        reason: Why the paper is not to wait; needed to go on without an answer.
        today: A simulated date, in a rehearsal only.
    """

    return await _decided(edition, by, today, lambda desk: stage.answer_review(desk, translation, body, reply, reason))


@flow(name="amend-paper", flow_run_name="{edition} {paper}: {how}")
async def amend_paper(
    edition: str,
    paper: str,
    file: str,
    how: Literal["correction", "revision"],
    reason: str,
    by: str,
    today: dt.date | None = None,
) -> State[Any]:
    """Put a changed text in the place of an issued paper: as a correction (Corr.) or a revision (Rev.).

    Args:
        edition: The edition.
        paper: The paper, such as its session's number with the suffix.
        file: The name of the Word file in the inbox: the final text with what is to change in it.
        how: correction for single places, revision to issue the whole paper anew.
        reason: Why it is changed.
        by: Your name; it is kept with the amendment.
        today: A simulated date, in a rehearsal only.
    """

    def work() -> str:
        desk = desk_for(edition, by=by, today=today)
        data = open_safely(inbox().read(file), file).to_bytes()
        try:
            told = background_paper.amend(desk, paper, file, data, how, reason)
        except Refusal:
            inbox().file(file, "refused")  # the sweep would ask the paper's writer about it
            raise
        inbox().file(file, "filed")
        return told

    return await follow_up(edition, answer(work), today)


async def _decided(edition: str, by: str, today: dt.date | None, decide: Callable[[Desk], str]) -> State[Any]:
    """Let a person decide about what was found in a translation, and show what is left of it."""
    desks: list[Desk] = []

    def work() -> str:
        desks.append(desk_for(edition, by=by, today=today))
        return decide(desks[-1])

    state = answer(work)
    for desk in desks[-1:]:
        await show_findings(desk)
    return await follow_up(edition, state, today)
