"""The mailroom: files that came in are opened safely, recognised by their identity, and handed to their stage.

One bad file never stops the others.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.edition import follow_up
from flows.office import ENGINE, desk_for, inbox, open_ledger, refused
from tasks import background_paper, concept_note, rapporteur_report, translation
from tasks.adapters.word.identity import Identity, read
from tasks.adapters.word.ingest import open_safely
from tasks.desk import Desk
from tasks.domain.errors import NotNow, Overtaken, Refusal, Unknown
from tasks.steps import Received

#: Who takes a file, by the kind of its identity.
RECEIVERS: dict[str, Callable[[Desk, Received], str]] = {
    "concept-note-form": concept_note.receive,
    "background-paper": background_paper.receive,
    "comments": background_paper.receive_comments,
    "bilingual": translation.receive,
    "summary": rapporteur_report.receive_summary,
    "report": rapporteur_report.receive_report,
}

#: The kind of record such a file is about.
RECORDS = {
    "concept-note-form": "concept-note",
    "background-paper": "background-paper",
    "comments": "background-paper",
    "bilingual": "translation",
    "summary": "summary",
    "report": "report",
}


@flow(name="receive-documents", flow_run_name="{edition} inbox", persist_result=False)
async def receive_documents(
    edition: str, name: str | None = None, by: str = ENGINE, today: dt.date | None = None
) -> State[Any]:
    """Take the file `name` out of the inbox, or every file that is there.

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
    if not name and len(open_ledger().editions()) > 1:
        names = [file for file in names if not _belongs_elsewhere(desk, file)]
    results, faults = [], []
    for file in names:
        state = receive_file(desk, file, return_state=True)
        if state.is_failed():
            faults.append(f"{file}: not taken because of a fault of ours; it stays in the inbox. {state.message}")
        else:
            results.append(await state.aresult())
    lines = [message for _, message in results]
    bad = [message for is_taken, message in results if not is_taken]
    if faults:
        await follow_up(edition, Completed(), today)
        return Failed(message="\n".join([*lines, *faults]))
    if bad:
        if len(bad) < len(results):
            await follow_up(edition, Completed(), today)
        return refused("\n".join(lines))
    return await follow_up(edition, Completed(message="\n".join(lines) or "the inbox is empty"), today)


def _belongs_elsewhere(desk: Desk, name: str) -> bool:
    """Whether a file is for another edition that runs in this home; that one's sweep takes it."""
    try:
        identity = read(open_safely(inbox().read(name), name))
    except Refusal:
        return False
    return identity is not None and identity.edition != desk.edition.id and identity.edition in open_ledger().editions()


@task(name="Receive a file", task_run_name="Receive {name}", cache_policy=NO_CACHE, persist_result=False)
def receive_file(desk: Desk, name: str) -> tuple[bool, str]:
    """(taken, message) for one file; it is filed away only after the ledger has it."""
    data = inbox().read(name)
    sha256 = hashlib.sha256(data).hexdigest()
    known = desk.ledger.arrival(desk.edition.id, sha256)
    # One that was refused is looked at again: it may have come too early, or a decision was corrected since.
    if known is not None and known.outcome == "accepted":
        inbox().file(name, "filed")
        day = f"{known.received_at:%-d %B %Y}"
        return True, f"{name}: this very file came in on {day} as {known.file_name}: {known.message}"
    try:
        try:
            message = _dispatch(desk, name, data, sha256)
        except Overtaken:
            message = _dispatch(desk, name, data, sha256)
    except Refusal as refusal:
        desk.store.put(data)  # what came in is never lost, not even what was refused
        with desk.change(f"{name} came in") as change:
            change.register_arrival(sha256, name, "refused", str(refusal))
        inbox().file(name, "refused")
        return False, str(refusal)
    inbox().file(name, "filed")
    return True, message


def _dispatch(desk: Desk, name: str, data: bytes, sha256: str) -> str:
    docx = open_safely(data, name)
    identity = read(docx)
    if identity is None:
        raise Unknown(
            f"{name}: nothing in this file says what it is; it was not made from one of our files. Copy the text into "
            "the file that was sent out and return that"
        )
    if identity.edition != desk.edition.id:
        raise Unknown(f"{name}: this file belongs to the edition {identity.edition}, not to {desk.edition.id}")
    if identity.session and not desk.edition.has("sessions", identity.session):
        raise Unknown(f"{name}: it names the session {identity.session}, which {desk.edition.id} does not have")
    receiver = RECEIVERS.get(identity.kind)
    if receiver is None:
        raise NotNow(f"{name}: a {identity.kind.replace('-', ' ')} is sent for information; nothing is expected back")
    _check_record(desk, name, identity)
    return receiver(desk, Received(name, data, sha256, docx, identity))


def _check_record(desk: Desk, name: str, identity: Identity) -> None:
    """Unknown where a file names a record, session or language that is not there, or that do not belong together.

    Custom properties are anybody's to edit: one such file must not end the run of all the others.
    """
    kind, key = RECORDS[identity.kind], identity.key
    if identity.kind == "comments":
        key = key.partition("|")[0]
    record = desk.ledger.record(desk.edition.id, kind, key)
    if record is None or record.session != identity.session:
        raise Unknown(
            f"{name}: it names the {kind.replace('-', ' ')} {key}, which session {identity.session} does not have"
        )
    if not desk.edition.has("languages", identity.language):
        raise Unknown(f"{name}: it names the language {identity.language}, which {desk.edition.id} does not have")
