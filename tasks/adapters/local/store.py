"""The store: every file once, under the name of its hash, and readable names derived from the ledger.

A file is written beside its place, synced and renamed before the ledger names it. So a row never points at nothing; a
crash in between leaves an orphan, which `sweep` removes.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Collection
from pathlib import Path

from tasks.adapters.durability import sync, sync_folder
from tasks.adapters.local.locking import hold
from tasks.domain.errors import Unknown


class Store:
    """Files under `home`: `store/` by hash, `documents/` by readable name."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._files = home / "store"

    def put(self, data: bytes) -> str:
        """Keep `data`; its SHA-256. Safe to repeat, safe to be killed in."""
        sha = hashlib.sha256(data).hexdigest()
        path = self._path(sha)
        try:
            with hold(self._files):
                # Young again: it may be an orphan of long ago, and `sweep` must spare it until its row is written.
                os.utime(path)
        except FileNotFoundError:
            write_whole(path, data)
        return sha

    def get(self, sha: str) -> bytes:
        """The file with this hash; Unknown when it is gone or no longer what its name says."""
        try:
            data = self._path(sha).read_bytes()
        except FileNotFoundError as error:
            raise Unknown(f"the document {sha[:12]} is not in {self._files}; restore it from your back-up") from error
        if hashlib.sha256(data).hexdigest() != sha:
            raise Unknown(f"the document {sha[:12]} in {self._files} was changed; restore it from your back-up")
        return data

    def place(self, sha: str, readable: Path) -> Path:
        """Give the file a readable name below `documents/`; an existing other file there is replaced.

        Raises:
            Unknown: the file is gone from the store, or no longer what its name says.
        """
        target = self.home / "documents" / readable
        data = self.get(sha)
        if target.exists() and target.read_bytes() == data:
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
        # A copy, not a link: whoever opens and saves the readable file must not write into the store.
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".placing-", delete=False) as beside:
            beside.write(data)
        os.chmod(beside.name, 0o644)
        os.replace(beside.name, target)
        return target

    def sweep(self, referenced: Collection[str], older_than_s: float = 86_400) -> int:
        """Remove files no row names and that are older than `older_than_s`; how many went.

        The age spares a file whose row is being written by another process at this moment; the lock keeps one from
        being put between the look at its age and its removal.
        """
        if not self._files.exists():
            return 0
        limit = time.time() - older_than_s
        with hold(self._files):
            orphans = [
                path
                for path in self._files.glob("*/*")
                if path.name not in referenced and path.is_file() and path.stat().st_mtime < limit
            ]
            for path in orphans:
                path.unlink()
        return len(orphans)

    def _path(self, sha: str) -> Path:
        return self._files / sha[:2] / sha


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that after any crash it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            sync(file.fileno())
        os.replace(beside, path)
        sync_folder(path.parent)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(beside)
        raise


class Inbox:
    """Files that came in: waiting in `inbox/`, then filed under `inbox/filed/` or `inbox/refused/`."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "inbox"

    def names(self) -> list[str]:
        """Names of the files that wait, in order."""
        if not self.folder.exists():
            return []
        return sorted(path.name for path in self.folder.iterdir() if path.is_file() and not path.name.startswith("."))

    def read(self, name: str) -> bytes:
        """The file `name`; Unknown with what is there when it is not."""
        path = self.folder / name
        if path.name != name or not path.is_file():
            waiting = ", ".join(self.names()) or "nothing"
            raise Unknown(f"{name}: no such file in {self.folder}; there is {waiting}")
        return path.read_bytes()

    def drop(self, name: str, data: bytes) -> None:
        """Put a file into the inbox, as a mail program or a person would."""
        write_whole(self.folder / name, data)

    def file(self, name: str, where: str) -> None:
        """Move `name` out of the way, to `filed` or `refused`; a second file of that name gets a number."""
        target = self.folder / where / name
        number = 1
        while target.exists():
            number += 1
            target = target.with_name(f"{Path(name).stem} ({number}){Path(name).suffix}")
        target.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            shutil.move(self.folder / name, target)
