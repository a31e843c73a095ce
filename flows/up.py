"""`roundtable up`: server, worker, deployments, and forms that offer the choices of each edition."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable

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
        say(asyncio.run(_ready(is_rehearsal=bool(rehearsal))))
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


async def _ready(*, is_rehearsal: bool) -> str:
    """Give the forms their choices; what they offer. A rehearsal's clock stands still: its sweep is not scheduled."""
    from prefect.client.orchestration import get_client

    from flows.forms import offer_choices

    if is_rehearsal:
        async with get_client() as client:
            for deployment in await client.read_deployments():
                if deployment.schedules:
                    await client.pause_deployment(deployment.id)
    return await offer_choices()
