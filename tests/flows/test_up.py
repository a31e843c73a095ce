"""What `roundtable up` sets up: all deployments, forms that offer the edition's choices, runs by a real worker."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from prefect.client.schemas.actions import DeploymentUpdate
from prefect.client.schemas.responses import DeploymentResponse
from prefect.exceptions import PrefectHTTPStatusError

from config import settings as configuration
from flows import forms, up
from flows.deadlines import daily_sweep
from tests.flows.conftest import NOTES_COME_IN, SIX, Office, Season, Server, copy_home

BY = "secretaire"


@pytest.fixture(scope="module")
def office(season: Season, server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office with everything deployed on the session's server."""
    home = copy_home(season.at[NOTES_COME_IN], tmp_path_factory.mktemp("up") / "home")
    with Office(server, home, NOTES_COME_IN, server.environment(home)).entered() as office:
        for words in (
            ["work-pool", "create", up.POOL, "--type", "process", "--overwrite"],
            ["--no-prompt", "deploy", "--all"],
        ):
            prefect(office, *words)
        yield office


def prefect(office: Office, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "prefect", *words],
        env=office.environment, cwd=configuration.ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def deployments(office: Office) -> dict[str, DeploymentResponse]:
    assert asyncio.run(forms.offer_choices()).endswith(f"offer the choices of {SIX}.")
    with office.server.client() as client:
        return {deployment.name: deployment for deployment in client.read_deployments()}


def test_everything_in_prefect_yaml_is_deployed(deployments: dict[str, DeploymentResponse]) -> None:
    wanted = yaml.safe_load((configuration.ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    assert {entry["name"] for entry in wanted} == set(deployments)
    for entry in wanted:
        deployed = deployments[entry["name"]]
        assert deployed.entrypoint == entry["entrypoint"]
        assert deployed.work_pool_name == up.POOL
        assert deployed.enforce_parameter_schema
        assert bool(deployed.schedules) == ("schedules" in entry)


def options(deployment: DeploymentResponse, name: str) -> Any:
    """What the form of a deployment offers for a parameter."""
    entry = (deployment.parameter_openapi_schema or {})["properties"][name]
    for option in entry.get("anyOf", [entry]):
        found = option.get("enum") or option.get("items", {}).get("enum")
        if found:
            return found
    return None


def test_the_forms_offer_the_choices_of_the_edition(deployments: dict[str, DeploymentResponse]) -> None:
    assert options(deployments["note"], "edition") == [SIX]
    assert options(deployments["note"], "session") == ["A1", "A2", "A3", "B1", "B2"]
    assert options(deployments["note"], "decision") == ["accept", "return"]
    assert "accueillie-sous-reserve" in options(deployments["outcome"], "outcome")
    assert "union-des-bassins" in options(deployments["outcome"], "joined")
    assert options(deployments["paper"], "paper") == ["A1", "A2-amont", "A2-aval", "A3", "B1"]
    assert "A2_reponse_2" in options(deployments["panel"], "seat")
    assert "timur-perevalov" in options(deployments["panel"], "replacement")
    assert options(deployments["team"], "session") == ["A1", "A2", "A3", "B1", "B2"]


def test_the_forms_follow_the_configuration_and_are_written_only_then(
    office: Office, deployments: dict[str, DeploymentResponse]
) -> None:
    old = deployments["note"]
    schema = json.loads(json.dumps(old.parameter_openapi_schema))
    schema["properties"]["session"]["enum"] = ["A1"]
    with office.server.client() as client:
        client.update_deployment(old.id, DeploymentUpdate(parameter_openapi_schema=schema))
        office.run(daily_sweep)
        swept = {deployment.name: deployment for deployment in client.read_deployments()}
        assert options(swept["note"], "session") == ["A1", "A2", "A3", "B1", "B2"]
        asyncio.run(forms.offer_choices())
        again = {deployment.name: deployment.updated for deployment in client.read_deployments()}
    assert again == {name: deployment.updated for name, deployment in swept.items()}
    changed = {name for name, deployment in swept.items() if deployment.updated != deployments[name].updated}
    assert changed == {"note"}


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("note", {"edition": "atlantis", "session": "A3", "decision": "accept", "by": BY}),
    ("note", {"edition": SIX, "session": "Z9", "decision": "accept", "by": BY}),
    ("note", {"edition": SIX, "session": "A3", "decision": "perhaps", "by": BY}),
    ("note", {"edition": SIX, "session": "A3", "decision": "accept"}),
    ("outcome", {"edition": SIX, "session": "A3", "outcome": "applauded", "by": BY}),
    (
        "outcome",
        {"edition": SIX, "session": "A3", "outcome": "accueillie", "joined": ["atlantis"], "by": BY},
    ),
    ("panel", {"edition": SIX, "seat": "A1_ghost", "reply": "confirmed", "by": BY}),
    (
        "panel",
        {"edition": SIX, "seat": "A1_reponse", "reply": "declined", "replacement": "atlas", "by": BY},
    ),
]


@pytest.mark.parametrize(("form", "parameters"), WRONG)
def test_a_form_with_a_wrong_choice_makes_no_run(
    office: Office, deployments: dict[str, DeploymentResponse], form: str, parameters: dict[str, Any]
) -> None:
    with office.server.client() as client, pytest.raises(PrefectHTTPStatusError, match=r"409|422"):
        client.create_flow_run_from_deployment(deployments[form].id, parameters=parameters)


def test_a_form_that_was_sent_is_run_by_a_worker(office: Office, deployments: dict[str, DeploymentResponse]) -> None:
    answers = {"edition": SIX, "session": "A3", "decision": "accept", "by": BY, "today": str(NOTES_COME_IN)}
    with office.server.client() as client:
        run = client.create_flow_run_from_deployment(deployments["note"].id, parameters=answers)
        worker = subprocess.Popen(
            [sys.executable, "-m", "prefect", "worker", "start", "--pool", up.POOL],
            env=office.environment, cwd=configuration.ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True,
        )  # fmt: skip
        try:
            limit = time.monotonic() + 120
            while True:
                state = client.read_flow_run(run.id).state
                if (state and state.is_final()) or time.monotonic() > limit:
                    break
                time.sleep(0.5)
        finally:
            worker.terminate()
            said = worker.communicate(timeout=120)[0]
    assert state is not None, said
    assert (state.name, state.message) == ("Completed", f"A3 concept note: accepted by {BY}"), said[-3000:]
    row = next(row for row in office.ledger.history(SIX) if row.by == BY)
    assert row.run == str(run.id)
    with office.server.client() as client:
        assert set(client.read_flow_run(run.id).tags) == {"roundtable", "form", "session A3"}
