"""What a crash may take: nothing, or in a rehearsal, which can be begun anew, what the machine had not written yet.

Whatever happens to the process alone, a file is there whole or not at all and a transaction is in the ledger or not.
Only a failure of the power tells the difference.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_outlives_power: ContextVar[bool] = ContextVar("outlives_power", default=True)


def outlives_power() -> bool:
    """Whether what is written here and now must be there after a failure of the power."""
    return _outlives_power.get()


@contextmanager
def outliving_the_process_only() -> Iterator[None]:
    """In this block nobody waits for the disk."""
    token = _outlives_power.set(False)
    try:
        yield
    finally:
        _outlives_power.reset(token)


def sync(descriptor: int) -> None:
    """Wait until the open file or folder is on the disk, where that matters."""
    if _outlives_power.get():
        os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """The same for the names in a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)
