"""The floor: as many empty flow and task runs as a season had, in its own process against the same kind of server."""

from __future__ import annotations

import asyncio
import sys

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.context import AsyncClientContext, SyncClientContext


@task(cache_policy=NO_CACHE, persist_result=False)
def nothing(number: int) -> None:
    """A task that does nothing."""


@flow(persist_result=False)
async def empty(tasks: int) -> None:
    """A flow that does nothing but its tasks."""
    for number in range(tasks):
        nothing(number)


async def run(flows: int, tasks: int) -> None:
    """Run `flows` empty flows with `tasks` empty tasks among them."""
    async with AsyncClientContext.get_or_create():
        with SyncClientContext.get_or_create():
            for number in range(flows):
                await empty(tasks // flows + (number < tasks % flows))


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1]), int(sys.argv[2])))
