"""How a step of the process becomes a Prefect task, and how a stage takes its steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.adapters.word.identity import Identity
from tasks.adapters.word.ingest import Docx
from tasks.desk import Desk
from tasks.domain.edition import Session
from tasks.domain.errors import NotNow, Overtaken
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
    """A file that came in, safely opened: its name, bytes, hash, parts and identity."""

    def __init__(self, name: str, data: bytes, sha256: str, docx: Docx, identity: Identity) -> None:
        self.name = name
        self.data = data
        self.sha256 = sha256
        self.docx = docx
        self.identity = identity
