"""The mailroom: what came in is taken in file by file, and a person says what the doubtful ones are.

One bad file never stops the others. How one is recognised is in `flows.mailroom_taking`.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.runtime import task_run
from prefect.states import Completed, Failed

from flows.edition import follow_up
from flows.mailroom_mails import called, lay_aside, take_mail
from flows.mailroom_taking import RECEIVERS, Outcome, assign, belongs_elsewhere, take, worst
from flows.office import ENGINE, answer, delivery, desk_for, flow, inbox, refused, without_addresses
from flows.translation_table import show_findings
from tasks import mailroom
from tasks.adapters.mail_in import read_mail
from tasks.adapters.ports import Arrived, Delivery, DeliveryError, Incoming
from tasks.desk import Desk
from tasks.domain.errors import Refusal
from tasks.mailroom import Came

__all__ = ["RECEIVERS", "assign_document", "receive_documents", "receive_file", "reject_document", "take_in"]

#: Where a file of the inbox goes once the ledger has it.
_FOLDERS = {"taken": "filed", "tray": "tray", "refused": "refused"}

#: So often a mail or shared file may meet with a fault of ours before a person is to look at it.
_TRIES = 3


@flow(name="receive-documents", flow_run_name="{edition} inbox")
async def receive_documents(
    edition: str, name: str | None = None, by: str = ENGINE, today: dt.date | None = None
) -> State[Any]:
    """Take the file `name` out of the inbox, or every file that is there and what came by mail and in shared folders.

    Args:
        edition: The edition the files belong to.
        name: Name of one file in the inbox; empty for all of them.
        by: Who received them.
        today: A simulated date, in a rehearsal only.
    """
    try:
        desk = desk_for(edition, by=by, today=today)
        names = [name] if name else inbox().names()
        if name:
            inbox().read(name)
    except Refusal as refusal:
        return refused(str(refusal))
    if not name:
        names = [file for file in names if not belongs_elsewhere(desk, file, inbox().read(file))]
    outcomes: list[Outcome] = []
    faults = []
    for file in names:
        state = receive_file(desk, file, return_state=True)
        if state.is_failed():
            faults.append(f"{file}: not taken because of a fault of ours; it stays in the inbox. {state.message}")
        else:
            outcomes += await state.aresult()
    if not name:
        fetched, unread = take_in(desk, delivery())
        outcomes += fetched
        faults += unread
    await show_findings(desk)
    return await _end(edition, outcomes, faults, today)


async def _end(edition: str, outcomes: list[Outcome], faults: list[str], today: dt.date | None) -> State[Any]:
    """What came of all files, as the state of a run; what they made due is done, whatever became of the others."""
    told = without_addresses("\n".join([*(outcome.message for outcome in outcomes), *faults]))
    needed = worst(outcomes)
    if faults or needed != "taken":
        if faults or any(outcome.kind == "taken" for outcome in outcomes):
            await follow_up(edition, Completed(), today)
        if faults:
            return Failed(message=told)
        return refused(told) if needed == "refused" else Completed(name="Waiting", message=told)
    return await follow_up(edition, Completed(message=told or "the inbox is empty"), today)


def _run_name() -> str:
    return without_addresses(f"Receive {task_run.parameters['name']}")


@task(name="Receive a file", task_run_name=_run_name, cache_policy=NO_CACHE)
def receive_file(desk: Desk, name: str) -> list[Outcome]:
    """What became of one file of the inbox, or of each file of a mail; put away only after the ledger has it."""
    data = inbox().read(name)
    if name.casefold().endswith(".eml"):
        outcomes = take_mail(desk, read_mail(data, f"inbox/{name}", desk.now))
    else:
        outcomes = [take(desk, Came(name, data))]
    inbox().file(name, _FOLDERS[worst(outcomes)])
    return outcomes


def take_in(desk: Desk, backend: Delivery) -> tuple[list[Outcome], list[str]]:
    """Take in the mails and shared files that came since the last time; what became of them, and what went wrong.

    The cursor of a source moves on only when everything before it is in the ledger: after a crash or a fault the same
    comes again, and what was taken is known by its content. What a fault of ours meets three times goes to the tray.
    """
    outcomes: list[Outcome] = []
    faults: list[str] = []
    sources = (
        (f"{backend.name} mail", backend.mail.incoming, take_mail),
        (f"{backend.name} files", backend.files.changes, _take_shared),
    )
    for source, fetch, take_one in sources:
        _read_on(desk, source, fetch, take_one, outcomes, faults)
    return outcomes, faults


def mail_waits(desk: Desk, backend: Delivery) -> bool:
    """Whether mails lie in the mailbox that were not taken in, or not to the last."""
    return bool(backend.mail.incoming(mailroom.cursor_of(desk, f"{backend.name} mail"))[0])


def _read_on(desk: Desk, source: str, fetch: Any, take_one: Any, outcomes: list[Outcome], faults: list[str]) -> None:
    try:
        came, cursor = fetch(mailroom.cursor_of(desk, source))
    except DeliveryError as error:
        faults.append(f"{source}: could not be read now, nothing is lost: {error}")
        return
    is_whole = True
    for one in came:
        try:
            outcomes += _take_or_lay_aside(desk, source, one, take_one)
        except Exception as fault:  # noqa: BLE001  a fault of ours must hold up nobody else's file
            is_whole = False
            faults.append(f"{source}: {_called(desk, one)} was not taken because of a fault of ours: {fault!r}")
    if is_whole:
        mailroom.keep_cursor(desk, source, cursor)


def _take_or_lay_aside(desk: Desk, source: str, one: Incoming | Arrived, take_one: Any) -> list[Outcome]:
    """Take it in; what fails time after time is laid into the tray, so that the cursor may pass it."""
    try:
        taken: list[Outcome] = take_one(desk, one)
    except Exception as fault:
        tries = mailroom.count_try(desk, source, one.reference)
        if tries < _TRIES:
            raise
        return lay_aside(desk, one, f"a fault of ours kept it from being taken in, {tries} times: {fault!r}")
    return taken


def _called(desk: Desk, one: Incoming | Arrived) -> str:
    return one.name if isinstance(one, Arrived) else called(desk.edition, one)


def _take_shared(desk: Desk, file: Arrived) -> list[Outcome]:
    if belongs_elsewhere(desk, file.name, file.data):
        return []
    return [take(desk, Came(file.name, file.data, file.sender or "", note=file.defect))]


@flow(name="assign-document", flow_run_name="{edition} {document} is {what}")
async def assign_document(edition: str, document: str, what: str, by: str, today: dt.date | None = None) -> State[Any]:
    """Say what a file in the tray is; it is then taken like any other.

    Args:
        edition: The edition.
        document: The file's key, as the list of the tray shows it.
        what: The number of a suggestion, or the kind and key of what it answers, such as comments/1.1|ghana.
        by: Your name; it is kept with the file.
        today: A simulated date, in a rehearsal only.
    """

    desks: list[Desk] = []

    def work() -> str:
        desks.append(desk_for(edition, by=by, today=today))
        return assign(desks[-1], document, what)

    state = answer(work)
    for desk in desks[-1:]:
        await show_findings(desk)
    return await follow_up(edition, state, today)


@flow(name="reject-document", flow_run_name="{edition} {document} is not wanted")
async def reject_document(
    edition: str, document: str, reason: str, by: str, today: dt.date | None = None
) -> State[Any]:
    """Take something out of the tray that is nobody's answer; its sender, where known, is written to.

    Args:
        edition: The edition.
        document: Its key, as the list of the tray shows it.
        reason: Why it is not wanted, or what was done about it.
        by: Your name.
        today: A simulated date, in a rehearsal only.
    """

    def work() -> str:
        return mailroom.reject(desk_for(edition, by=by, today=today), document, reason)

    return answer(work)
