"""The floor: as many empty runs, nested as often, as a season had, in its own process on the same kind of server."""

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
async def inner() -> None:
    """A flow within a flow; Prefect gives it a task run of its own in the outer one."""


@flow(persist_result=False)
async def outer(nested: int, tasks: int) -> None:
    """A flow that does nothing but its flows and tasks."""
    for _ in range(nested):
        await inner()
    for number in range(tasks):
        nothing(number)


async def run(flows: int, nested: int, tasks: int) -> None:
    """Run `flows` empty flows, `nested` of them within others, with `tasks` empty tasks among them."""
    tops = flows - nested
    async with AsyncClientContext.get_or_create():
        with SyncClientContext.get_or_create():
            for number in range(tops):
                await outer(_share(nested, tops, number), _share(tasks, tops, number))


def _share(things: int, among: int, number: int) -> int:
    return things // among + (number < things % among)


if __name__ == "__main__":
    asyncio.run(run(*map(int, sys.argv[1:4])))
