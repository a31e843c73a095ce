"""What people do with letters: approve, edit, reject, send them, and settle what nobody could tell.

Each is a typed flow, a form in the Prefect UI and a command on the shell. Without `code` the flow that approves only
says how many letters it would approve, and the code to give. Letters are named by key: Prefect keeps no address.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from prefect.artifacts import acreate_markdown_artifact
from prefect.client.schemas.objects import State

from flows.board import artifact_key, place_documents, rehearsal_notice, table_row
from flows.office import ENGINE, answer, delivery, desk_for, flow, inbox, inbox_text
from tasks import outbox
from tasks.domain.errors import NotNow
from tasks.domain.outbox import parse_text
from tasks.outbox import Shown


@flow(name="approve-letters", flow_run_name="{edition} approve letters")
async def approve_letters(
    edition: str,
    by: str,
    keys: list[str] | None = None,
    session: str | None = None,
    kind: str | None = None,
    every: bool = False,
    code: str = "",
    send: bool = False,
    today: dt.date | None = None,
) -> State[Any]:
    """Approve letters exactly as they stand. Without the code it only shows them, counted, and says the code.

    Args:
        edition: The edition.
        by: Your name; the approval is yours.
        keys: The letters by key; or choose them by one of the next three.
        session: Every draft about a session.
        kind: Every draft of a kind, such as reminder.
        every: Every draft.
        code: The code that was said when these letters were shown. Should one have changed since, nothing is approved.
        send: Send them at once, and whatever else is approved.
        today: A simulated date, in a rehearsal only.
    """
    pages: list[str] = []

    def work() -> str:
        desk = desk_for(edition, by=by, today=today)
        found = outbox.shown(desk, keys or [], session or None, kind or None, every)
        if code:
            told = outbox.approve_as_shown(desk, found, code)
            place_documents(desk)  # what was printed
            return f"{told}\n{_sent_too(edition, today)}" if send else told
        pages.append(f"{rehearsal_notice(desk)}{page(found)}")
        return f"{found}\nNothing was approved yet. To approve these letters, give their code: {found.code}"

    state = answer(work)
    for markdown in pages:
        await acreate_markdown_artifact(
            key=artifact_key("letters", edition, session or kind or "chosen"),
            markdown=markdown,
            description="Letters to be approved",
        )
    return state


def _sent_too(edition: str, today: dt.date | None) -> str:
    """What was sent after an approval, which holds whatever becomes of that."""
    try:
        return str(outbox.send(desk_for(edition, today=today), delivery()))
    except NotNow as busy:
        return str(busy)


@flow(name="edit-letter", flow_run_name="{edition} edit {key}")
async def edit_letter(
    edition: str,
    key: str,
    by: str,
    file: str = "",
    to: list[str] | None = None,
    readdress: bool = False,
    today: dt.date | None = None,
) -> State[Any]:
    """Change a letter that is not on its way. It is a draft again: an approval of what it said is void.

    Args:
        edition: The edition.
        key: The letter's key.
        by: Your name.
        file: The name of a text file (UTF-8) in the inbox: "Subject: ..." in the first line for a new subject, then the
            new text from salutation to closing. Prefect keeps parameters, and a text may hold names.
        to: Bodies, people or staff it goes to instead, at the addresses the edition has.
        readdress: Take the address of whom it goes to from the edition as it is now.
        today: A simulated date, in a rehearsal only.
    """

    def work() -> str:
        desk = desk_for(edition, by=by, today=today)
        subject, body = parse_text(inbox_text(file)) if file else (None, None)
        told = outbox.edit(desk, key, subject=subject, body=body, to=to or [], readdress=readdress)
        if file:
            inbox().file(file, "filed")
        return told

    return answer(work)


@flow(name="reject-letter", flow_run_name="{edition} reject {key}")
async def reject_letter(edition: str, key: str, reason: str, by: str, today: dt.date | None = None) -> State[Any]:
    """Cancel a letter that is not on its way.

    Args:
        edition: The edition.
        key: The letter's key.
        reason: Why it is not to be sent; it is kept with it.
        by: Your name.
        today: A simulated date, in a rehearsal only.
    """
    return answer(lambda: outbox.reject(desk_for(edition, by=by, today=today), key, reason))


@flow(name="send-letters", flow_run_name="{edition} send letters")
async def send_letters(edition: str, by: str = ENGINE, today: dt.date | None = None) -> State[Any]:
    """Send every letter that is approved, each once; those that failed before are tried once more.

    Args:
        edition: The edition.
        by: Your name; the approvals are not yours by that.
        today: A simulated date, in a rehearsal only.
    """
    return answer(lambda: str(outbox.send(desk_for(edition, by=by, today=today), delivery())))


@flow(name="settle-letter", flow_run_name="{edition} settle {key}: {outcome}")
async def settle_letter(
    edition: str,
    key: str,
    outcome: Literal["sent", "not-sent", "cancelled"],
    reason: str,
    by: str,
    today: dt.date | None = None,
) -> State[Any]:
    """Say what became of a letter of which nobody could tell whether it was sent.

    Args:
        edition: The edition.
        key: The letter's key.
        outcome: sent; not-sent, and it goes out the next time; or cancelled.
        reason: How you know; it is kept with the letter.
        by: Your name.
        today: A simulated date, in a rehearsal only.
    """
    return answer(lambda: outbox.settle(desk_for(edition, by=by, today=today), key, outcome, reason))


@flow(name="letter-delivered", flow_run_name="{edition} {key} delivered")
async def letter_delivered(edition: str, key: str, how: str, by: str, today: dt.date | None = None) -> State[Any]:
    """Record that an approved letter was delivered by other means than mail.

    Args:
        edition: The edition.
        key: The letter's key.
        how: By which means, such as post.
        by: Your name.
        today: A simulated date, in a rehearsal only.
    """

    def work() -> str:
        desk = desk_for(edition, by=by, today=today)
        return outbox.deliver(desk, outbox.the_letter(desk, key), how)

    return answer(work)


def page(found: Shown) -> str:
    """Letters by key, in Markdown: `roundtable outbox show` has them in full, which Prefect is not to keep."""
    rows = [table_row(row.key, row.kind, row.session or "", row.language) for row in found.letters]
    table = [table_row("letter", "kind", "session", "language"), "|---|---|---|---|", *rows]
    others = [f"- not {line}" for line in found.others]
    return "\n".join([f"{len(rows)} letters, code {found.code}", "", *table, "", *others])
