"""`roundtable up`: server, worker, deployments, and forms that offer the choices of each edition."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from config import settings as configuration
from flows.server import quiet, running, stop

POOL = "roundtable"


def run(rehearsal: str | None, say: Callable[[str], None]) -> None:
    """Start everything and stay until interrupted."""
    settings = configuration.load(rehearsal)
    # A rehearsal's UI must be able to run beside the real one.
    port = settings.api_port + (1 if rehearsal else 0)
    environment = quiet(configuration.environment_for(settings, rehearsal or ""), port, settings.prefect_home)
    environment["PREFECT_LOGGING_LEVEL"] = "INFO"  # what a run did is worth reading in the UI
    settings.home.mkdir(parents=True, exist_ok=True)
    with running(environment, port, settings.home / "server.log"):
        say("The Prefect server is up. Making the deployments ...")
        prefect = [sys.executable, "-m", "prefect"]
        where = configuration.ROOT
        pool = [*prefect, "work-pool", "create", POOL, "--type", "process", "--overwrite"]
        _must(subprocess.run(pool, env=environment, cwd=where, capture_output=True, text=True, check=False))
        deploy = [*prefect, "--no-prompt", "deploy", "--all"]
        _must(subprocess.run(deploy, env=environment, cwd=where, capture_output=True, text=True, check=False))
        os.environ.update(environment)
        say(asyncio.run(offer_choices(is_rehearsal=bool(rehearsal))))
        log = (settings.home / "worker.log").open("ab")
        worker = subprocess.Popen(
            [*prefect, "worker", "start", "--pool", POOL], env=environment, cwd=where, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
        try:
            say(f"Open http://127.0.0.1:{port} in a browser. Stop with Ctrl-C.")
            while worker.poll() is None:
                time.sleep(1)
        except KeyboardInterrupt:
            say("Stopping ...")
        finally:
            stop(worker)
            log.close()


def _must(done: subprocess.CompletedProcess[str]) -> None:
    from tasks.domain.errors import Refusal

    if done.returncode:
        raise Refusal(f"`{' '.join(done.args[2:6])}` failed:\n{(done.stdout + done.stderr)[-1500:]}")


async def offer_choices(*, is_rehearsal: bool = False) -> str:
    """Give every form the choices of the editions that run: sessions, papers, seats, people, bodies, outcomes.

    A rehearsal's clock stands still, so its daily sweep is not scheduled.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import DeploymentUpdate

    choices = _choices()
    offered = 0
    async with get_client() as client:
        for deployment in await client.read_deployments():
            if is_rehearsal and deployment.schedules:
                await client.pause_deployment(deployment.id)
            schema: dict[str, Any] = json.loads(json.dumps(deployment.parameter_openapi_schema or {}))
            if _limit(schema.get("properties", {}), choices):
                await client.update_deployment(deployment.id, DeploymentUpdate(parameter_openapi_schema=schema))
                offered += 1
    return f"{offered} forms offer the choices of {', '.join(choices['edition']) or 'no edition yet: start one'}."


def _choices() -> dict[str, list[str]]:
    """What each parameter of a form may be, over all editions that run."""
    from flows.office import open_ledger
    from tasks.domain.background_paper import paper_key
    from tasks.domain.calendar_records import CALL, MILESTONE
    from tasks.domain.translation import keys as translations
    from tasks.editions import in_force

    ledger = open_ledger()
    found: dict[str, list[str]] = {
        name: []
        for name in (
            "edition",
            "session",
            "paper",
            "translation",
            "translator",
            "seat",
            "replacement",
            "outcome",
            "joined",
            "body",
            "event",
            "milestone",
            "party",
            "call",
            "document",
            "to",
        )
    }
    for name in ledger.editions():
        edition = in_force(ledger, name)
        found["edition"].append(name)
        found["session"] += [session.id for session in edition.sessions]
        found["paper"] += [paper_key(session, paper) for session in edition.sessions for paper in session.papers]
        found["translation"] += [key for session in edition.sessions for key, _, _ in translations(edition, session)]
        found["translator"] += [person.id for person in edition.people]
        found["seat"] += [seat.id for session in edition.sessions for seat in session.seats]
        found["replacement"] += [person.id for person in edition.people]
        found["outcome"] += [outcome.id for outcome in edition.rules.note_outcomes]
        found["joined"] += [body.id for body in edition.bodies]
        found["body"] += [body.id for body in edition.bodies]
        found["event"] += [event.id for event in edition.events if event.precision == "day"]
        found["party"] += [entry.id for entry in edition.bodies]
        found["party"] += [entry.id for entry in edition.people]
        found["party"] += [entry.id for entry in edition.staff]
        found["to"] = found["party"]
        records = ledger.records(name)
        found["milestone"] += [r.key for r in records if r.kind == MILESTONE and r.session and r.state == "planned"]
        found["call"] += [r.key for r in records if r.kind == CALL and r.state == "open"]
        found["document"] += [r.key for r in records if r.kind == "tray" and r.state == "waiting"]
    return {name: list(dict.fromkeys(values)) for name, values in found.items()}


def _limit(properties: dict[str, Any], choices: dict[str, list[str]]) -> bool:
    """Set the choices as an enum on the parameters that have some; whether anything was set."""
    done = False
    for name, allowed in choices.items():
        if name not in properties or not allowed:
            continue
        for option in properties[name].get("anyOf", [properties[name]]):
            if option.get("type") == "array":
                option["items"] = {"type": "string", "enum": allowed}
                done = True
            elif option.get("type") == "string":
                option["enum"] = allowed
                done = True
    return done
