"""The store of files by hash: what the ledger does not name goes in time, what is being put never."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from tasks.adapters.local.store import Store
from tasks.domain.errors import Unknown

DAY_S = 86_400


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def put_days_ago(store: Store, data: bytes, days: int) -> str:
    sha = store.put(data)
    long_ago = time.time() - days * DAY_S
    os.utime(store.home / "store" / sha[:2] / sha, (long_ago, long_ago))
    return sha


def test_only_old_files_that_no_row_names_are_swept(store: Store) -> None:
    named, orphan, young = put_days_ago(store, b"a", 2), put_days_ago(store, b"b", 2), store.put(b"c")
    assert store.sweep({named}) == 1
    assert (store.get(named), store.get(young)) == (b"a", b"c")
    with pytest.raises(Unknown, match="restore it"):
        store.get(orphan)
    assert store.sweep({named}) == 0


def test_an_orphan_that_is_put_again_waits_for_its_row(store: Store) -> None:
    put_days_ago(store, b"it", 9)
    sha = store.put(b"it")
    assert store.sweep(set()) == 0
    assert store.get(sha) == b"it"


def test_a_file_that_is_put_while_the_sweep_removes_it_is_there(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    sha = put_days_ago(store, b"it", 9)
    putting = threading.Thread(target=store.put, args=(b"it",))
    unlink = Path.unlink

    def while_somebody_puts(path: Path, missing_ok: bool = False) -> None:
        putting.start()
        putting.join(0.2)  # as long as one that does not wait for the sweep could take
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", while_somebody_puts)
    assert store.sweep(set()) == 1
    putting.join()
    assert store.get(sha) == b"it"
