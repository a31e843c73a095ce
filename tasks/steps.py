"""How a step of the process becomes a Prefect task, and how a stage takes its steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.adapters.contents import Content, XliffFile
from tasks.adapters.ledger import Change, Record
from tasks.adapters.word.identity import Identity
from tasks.adapters.word.opc import Docx
from tasks.desk import Desk, Drafted
from tasks.domain.edition import Session
from tasks.domain.errors import NotNow, Overtaken
from tasks.domain.outbox import Answered
from tasks.domain.view import Step, TeamView


def step(name: str) -> Callable[[Callable[..., str]], Callable[..., str]]:
    """Make a function a task that a coordinator recognises: `name: key` in the Prefect UI.

    Nothing is cached: whether a step is due, the ledger says.
    """

    def wrap(function: Callable[..., str]) -> Callable[..., str]:
        made: Any = task(name=name, task_run_name=f"{name}: {{key}}", cache_policy=NO_CACHE, persist_result=False)(
            function
        )
        return made  # type: ignore[no-any-return]

    return wrap


def take(
    desk: Desk,
    session: Session,
    due: Callable[[TeamView, Any], list[Step]],
    steps: Mapping[str, Callable[..., str]],
) -> list[str]:
    """Take every step that is due, and those that become due by it; what was done, in order.

    A step that another process took in the meantime is left to it.
    """
    done: list[str] = []
    taken: set[Step] = set()
    while fresh := [found for found in due(desk.view(session), desk.today) if found not in taken]:
        for found in fresh:
            taken.add(found)
            try:
                done.append(steps[found.name](desk, session, key=found.key))
            except (Overtaken, NotNow) as error:
                # Read after the other's commit, the record is where this step leads: no conditional update tells.
                if isinstance(error, NotNow) and found in due(desk.view(session), desk.today):
                    raise
                done.append(f"{found.key}: {found.name} was done by another run")
    return done


class Received:
    """A file that came in, safely opened: its name, bytes, hash, content and identity.

    `receipt` is the letter that acknowledges it, if one goes out; `tray` the record it waited under until a person said
    what it is; `mail` the mail that brought it, whose thread a letter about it continues; `note` what is to be said of
    how it was taken in.
    """

    def __init__(
        self,
        name: str,
        data: bytes,
        sha256: str,
        content: Content,
        identity: Identity,
        *,
        receipt: Drafted | None = None,
        tray: Record | None = None,
        mail: Answered | None = None,
        note: str = "",
    ) -> None:
        self.name = name
        self.data = data
        self.sha256 = sha256
        self.content = content
        self.identity = identity
        self.receipt = receipt
        self.tray = tray
        self.mail = mail
        self.note = note

    @property
    def docx(self) -> Docx:
        """The content, of a stage that takes Word files only: the mailroom hands it no other."""
        assert not isinstance(self.content, XliffFile)
        return self.content


def register(desk: Desk, change: Change, file: Received, summary: str, *, is_answered: bool = False) -> None:
    """Register a file its stage takes, in the stage's own transaction: arrival, tray, and the receipt as a draft.

    Where the stage answers it with a letter of its own (`is_answered`) no receipt is drafted beside that.
    """
    said = f"{summary}; {file.note}" if file.note else summary
    change.register_arrival(file.sha256, file.name, "accepted", said, vars(file.identity))
    if file.tray is not None:
        taken_as = f"{file.identity.kind} {file.identity.key}"
        desk.move(change, file.tray, "assigned", by=desk.by, taken_as=taken_as, outcome=summary)
    refused = f"file-refused/{file.sha256[:16]}"
    if desk.ledger.letters(desk.edition.id, key=refused):
        desk.void(change, refused, "the file was taken after all")
    if file.receipt is not None and not is_answered:
        desk.post(change, f"{file.receipt.letter.kind}/{file.sha256[:16]}", file.receipt, answered=file.mail)
