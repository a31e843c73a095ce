"""What a person adds to the translation memory: the memory of another program."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from prefect.client.schemas.objects import State

from flows.office import answer, desk_for, flow
from tasks import memory
from tasks.domain import rights
from tasks.domain.errors import Unknown
from tasks.domain.rights import Subject


@flow(name="import-memory", flow_run_name="{edition} memory: import")
async def import_memory(
    edition: str, file: str, by: str, apply: bool = False, today: dt.date | None = None
) -> State[Any]:
    """Read a TMX file into the translation memory, or tell what it would add. Again adds nothing.

    Args:
        edition: The edition, whose languages are taken from the file.
        file: The path of the file.
        by: Your name; it is kept with what is read in.
        apply: Do it. Without it nothing is changed.
        today: A simulated date, in a rehearsal only.
    """

    def work() -> str:
        desk, path = desk_for(edition, by=by, today=today), Path(file)
        rights.allow(desk.edition, desk.by, "decide", Subject("memory"))
        if not path.is_file():
            raise Unknown(f"{path.name}: no such file; give the path of a memory exported as TMX")
        with path.open("rb") as content:
            planned = memory.plan_import(desk, content, path.name)
        if not apply:
            return f"{path.name}: {planned}\nThis is a preview; nothing was changed. Do it with --apply."
        memory.take_in(desk, planned, path.name)
        return f"{path.name}: {planned}; the memory has it"

    return answer(work)
