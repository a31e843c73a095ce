"""What waits for the disk, and what does not have to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import text

from tasks.adapters.durability import outliving_the_process_only
from tasks.adapters.ledger.engine import make_engine
from tasks.adapters.local.store import write_whole


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was synced, file or folder, in order."""
    seen: list[str] = []
    monkeypatch.setattr(
        os, "fsync", lambda fd: seen.append("folder" if os.path.isdir(f"/proc/self/fd/{fd}") else "file")
    )
    return seen


def synchronous(url: str) -> int:
    """How much the ledger at `url` waits for: 2 for every commit, 1 for what keeps its file whole."""
    engine = make_engine(url)
    with engine.connect() as connection:
        found: int = connection.execute(text("PRAGMA synchronous")).scalar_one()
    engine.dispose()
    return found


def test_a_file_and_a_commit_are_on_the_disk(tmp_path: Path, synced: list[str]) -> None:
    write_whole(tmp_path / "kept", b"it")
    assert synced == ["file", "folder"]
    assert synchronous(f"sqlite:///{tmp_path / 'ledger.sqlite'}") == 2


def test_a_rehearsal_waits_for_no_disk_and_writes_the_same(tmp_path: Path, synced: list[str]) -> None:
    with outliving_the_process_only():
        write_whole(tmp_path / "kept", b"it")
        assert synchronous(f"sqlite:///{tmp_path / 'ledger.sqlite'}") == 1
    assert (tmp_path / "kept").read_bytes() == b"it"
    assert synced == []
    write_whole(tmp_path / "kept", b"again")
    assert synced == ["file", "folder"], "after the block all is as before"
