"""Which session a run is about: its tag in the UI, there from the run's beginning.

Tags are given with the request that makes a run, so they cost none of their own. A form's run is made by the server,
which knows no sessions: that one is tagged when it begins.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any, Final, ParamSpec, TypeVar

import prefect
from prefect import tags
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun, State
from prefect.utilities.callables import get_call_parameters

from tasks.adapters.ledger import Ledger
from tasks.domain.calendar_records import CALL, MILESTONE
from tasks.domain.errors import RoundtableError

#: The kind of record whose key a parameter is.
_KEYS: Final = {
    "paper": "background-paper", "seat": "seat", "translation": "translation", "milestone": MILESTONE, "call": CALL
}  # fmt: skip

P = ParamSpec("P")
R = TypeVar("R")


class Tagged(prefect.Flow[P, R]):
    """A flow whose runs are tagged with the session they are about. It is a coroutine function, as all of ours are."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Make the run that is awaited, tagged where its parameters name something of a session."""
        given = {name: value for name, value in kwargs.items() if name not in ("return_state", "wait_for")}
        session = _session_about(get_call_parameters(self.fn, args, given))
        run: Any = super().__call__(*args, **kwargs)
        return _run_tagged(run, session) if session else run


async def _run_tagged(run: Awaitable[Any], session: str) -> Any:
    with tags(_tag(session)):
        return await run


async def tag_form(flow: prefect.Flow[P, R], flow_run: FlowRun, state: State[Any]) -> None:
    """As its run begins: tag one that a form or a schedule made."""
    session = _session_about(flow_run.parameters) if flow_run.deployment_id else None
    if session and _tag(session) not in flow_run.tags:
        async with get_client() as client:
            await client.update_flow_run(flow_run.id, tags=[*flow_run.tags, _tag(session)])


def _tag(session: str) -> str:
    return f"session {session}"


def _session_about(parameters: Mapping[str, Any]) -> str | None:
    """The session that a run with these parameters is about; None where that is none, or more than one."""
    from flows.office import open_ledger  # which makes its flows of this class

    if session := parameters.get("session"):
        return str(session)
    if not {*_KEYS, "key"} & parameters.keys():
        return None
    try:
        return session_of(open_ledger(), **parameters)
    except RoundtableError:  # it is the run's to say so
        return None


def session_of(ledger: Ledger, *, edition: str, key: str = "", **parameters: Any) -> str | None:
    """The session of the record, decision or letter that parameters of a flow name; None where there is none."""
    about = [(kind, parameters[name]) for name, kind in _KEYS.items() if name in parameters]
    if decision := ledger.decision(edition, key) if key else None:
        about.append((decision.subject_kind, decision.subject_key))
    if about:
        record = ledger.record(edition, *about[0])
        return record.session if record else None
    letters = ledger.letters(edition, key=key) if key else []
    return letters[0].session if letters else None
