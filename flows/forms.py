"""The forms of the Prefect UI: which of their parameters are chosen from a list, and what those lists hold.

Prefect enforces the lists. So they hold what only an edition's configuration changes, and are made again whenever one
is put in force; what comes and goes with the work (what lies in the tray, open calls, letters) is typed, and the flow
checks it.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, Final

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import DeploymentUpdate

from flows.office import open_ledger
from tasks.domain.background_paper import paper_key
from tasks.domain.calendar_records import MILESTONE
from tasks.domain.edition import Edition
from tasks.domain.translation import keys as translations
from tasks.editions import in_force

#: The parameters of each form that are chosen from the list of their name. One name may mean different things: `to` is
#: a party in one form and an answer in another. The edition to be started is none of those that run.
CHOSEN: Final[Mapping[str, str]] = {
    "daily": "edition",
    "team": "edition session",
    "edition": "edition",
    "start": "",
    "change": "edition by",
    "inbox": "edition by",
    "assign-document": "edition by",
    "reject-document": "edition by",
    "note": "edition session by",
    "outcome": "edition session outcome joined by",
    "paper": "edition paper by",
    "nil-return": "edition paper body by",
    "comments": "edition paper by",
    "add-comments": "edition paper body by",
    "waive-findings": "edition translation by",
    "confirm-translation": "edition translation by",
    "prefill-translation": "edition translation by",
    "assign-translation": "edition translation translator by",
    "translation-review": "edition translation body by",
    "amend-paper": "edition paper by",
    "panel": "edition seat replacement by",
    "report": "edition session by",
    "move-meeting": "edition event by",
    "forecast": "edition by",
    "calendar-report": "edition by",
    "extension": "edition milestone party by",
    "call": "edition by",
    "correction": "edition replacement joined by",
    "import-memory": "edition by",
    "approve-letters": "edition session by",
    "edit-letter": "edition to by",
    "letter-delivered": "edition by",
    "reject-letter": "edition by",
    "send-letters": "edition by",
    "settle-letter": "edition by",
}
#: What a form of several editions says: Prefect cannot let one list depend on what was chosen in another.
_OF_ALL: Final = " Its lists hold the choices of every edition that runs: choose those of yours."


async def offer_choices() -> str:
    """Give every form the choices of the editions that run; what the forms now offer. Only what differs is written."""
    choices, offered = _choices(), 0
    async with get_client() as client:
        for deployment in await client.read_deployments():
            schema = limited(deployment.name, deployment.parameter_openapi_schema or {}, choices)
            description = (deployment.description or "").removesuffix(_OF_ALL)
            if len(choices["edition"]) > 1 and CHOSEN.get(deployment.name):
                description += _OF_ALL
            if (schema, description) != (deployment.parameter_openapi_schema, deployment.description or ""):
                update = DeploymentUpdate(parameter_openapi_schema=schema, description=description)
                await client.update_deployment(deployment.id, update)
            offered += bool(CHOSEN.get(deployment.name))
    return f"{offered} forms offer the choices of {', '.join(choices['edition']) or 'no edition yet: start one'}."


def _choices() -> dict[str, list[str]]:
    """What each parameter may be, over all editions that run; an empty list leaves it free."""
    ledger = open_ledger()
    editions = {name: in_force(ledger, name) for name in ledger.editions()}
    found = choices_of(list(editions.values()))
    found["edition"] = list(editions)
    found["milestone"] = [r.key for name in editions for r in ledger.records(name, MILESTONE) if r.session]
    return found


def choices_of(editions: Sequence[Edition]) -> dict[str, list[str]]:
    """What each parameter may be by the configuration of `editions`, each choice once."""
    sessions = [(edition, session) for edition in editions for session in edition.sessions]
    bodies = [body.id for edition in editions for body in edition.bodies]
    people = [person.id for edition in editions for person in edition.people]
    staff = [member.id for edition in editions for member in edition.staff]
    found = {
        "session": [session.id for _, session in sessions],
        "paper": [paper_key(session, paper) for _, session in sessions for paper in session.papers],
        "translation": [key for edition, session in sessions for key, _, _ in translations(edition, session)],
        "translator": people,
        "seat": [seat.id for _, session in sessions for seat in session.seats],
        "replacement": people,
        "outcome": [outcome.id for edition in editions for outcome in edition.rules.note_outcomes],
        "joined": bodies,
        "body": bodies,
        "event": [event.id for edition in editions for event in edition.events if event.precision == "day"],
        "party": [*bodies, *people, *staff],
        "to": [*bodies, *people, *staff],
        # An edition without rights takes any name.
        "by": staff if all(edition.rights for edition in editions) else [],
    }
    return {name: list(dict.fromkeys(values)) for name, values in found.items()}


def limited(form: str, schema: Mapping[str, Any], choices: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The schema of a form's parameters with their choices of today in the place of those of an earlier day.

    What a parameter is when it is left out stays possible, such as the engine's own name.
    """
    made = copy.deepcopy(dict(schema))
    for name in CHOSEN.get(form, "").split():
        entry = made["properties"][name]
        for option in entry.get("anyOf", [entry]):
            text = option.get("items", option)
            if text.get("type") != "string":
                continue
            text.pop("enum", None)
            if choices[name]:
                text["enum"] = list(dict.fromkeys([*choices[name], *_default(entry)]))
    return made


def _default(entry: Mapping[str, Any]) -> list[str]:
    return [entry["default"]] if isinstance(entry.get("default"), str) else []
