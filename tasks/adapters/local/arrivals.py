"""What people put into a folder of this machine, numbered as it is seen and kept even if they take it away again.

Beside the folder's journal lies a copy of everything that it names, under its hash. The copy is written before the
journal, the journal whole: a process killed in between has numbered nothing, and the next one looks again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import stat
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from tasks.adapters.local.locking import hold
from tasks.adapters.local.store import write_whole

#: A larger file is numbered and named, but not read.
MAX_BYTES: Final = 200_000_000
#: Not yet files: what is being copied, downloaded or edited.
_UNFINISHED: Final = (".part", ".partial", ".crdownload", ".tmp", ".download")


@dataclass(frozen=True)
class Seen:
    """One file as it was at `mtime_ns`; `sha256` is empty for one too large to be read."""

    path: str
    sha256: str
    size: int
    mtime_ns: int

    @property
    def at(self) -> dt.datetime:
        """When the file was last written, to the second."""
        return dt.datetime.fromtimestamp(self.mtime_ns // 1_000_000_000, dt.UTC)


class Arrivals:
    """The journal of the files below `root`, kept in `root`/`.arrived`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._kept = root / ".arrived"

    def after(self, cursor: str | None, folders: Iterable[Path], ending: str = "") -> tuple[list[Seen], str]:
        """Number what is new in `folders`; all that was numbered after `cursor`, and the cursor behind the last.

        A cursor of another journal, as after a restored back-up, counts as none: better twice than never.
        """
        with hold(self._kept):
            seen = self._journal()
            if fresh := self._look(seen, folders, ending):
                seen += fresh
                self._write(seen)
        number = _number(cursor, seen)
        return seen[number:], _cursor(seen)

    def read(self, one: Seen) -> bytes:
        """The bytes of `one` as they were when it was seen; none if it was too large."""
        return (self._kept / one.sha256).read_bytes() if one.sha256 else b""

    def forget(self, which: Collection[Seen]) -> None:
        """Remove these files as if they had never come; the numbers of later ones become lower."""
        with hold(self._kept):
            for one in which:
                (self._root / one.path).unlink(missing_ok=True)
            self._write([one for one in self._journal() if one not in which])

    def _write(self, seen: list[Seen]) -> None:
        rows = ",\n".join(json.dumps(asdict(one)) for one in seen)
        write_whole(self._kept / "journal.json", f"[\n{rows}\n]\n".encode())

    def _journal(self) -> list[Seen]:
        path = self._kept / "journal.json"
        return [Seen(**row) for row in json.loads(path.read_bytes())] if path.exists() else []

    def _look(self, seen: list[Seen], folders: Iterable[Path], ending: str) -> list[Seen]:
        last = {one.path: one for one in seen}
        fresh = []
        for path in (path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir())):
            name = path.name.lower()
            if name.startswith((".", "~$")) or name.endswith(_UNFINISHED) or not name.endswith(ending):
                continue
            relative = path.relative_to(self._root).as_posix()
            try:
                relative.encode()
                status = path.lstat()
                before = last.get(relative)
                same = before is not None and (before.size, before.mtime_ns) == (status.st_size, status.st_mtime_ns)
                if same or not stat.S_ISREG(status.st_mode):
                    continue
                sha = self._keep(path, status.st_size)
            except (OSError, UnicodeEncodeError):
                continue  # Taken away again, or not ours to read: the next look may find it.
            if before is None or (before.sha256, before.size) != (sha, status.st_size):
                fresh.append(Seen(relative, sha, status.st_size, status.st_mtime_ns))
        return sorted(fresh, key=lambda one: (one.mtime_ns, one.path))

    def _keep(self, path: Path, size: int) -> str:
        if size > MAX_BYTES:
            return ""
        data = path.read_bytes()
        sha = hashlib.sha256(data).hexdigest()
        if not (self._kept / sha).exists():
            write_whole(self._kept / sha, data)
        return sha


def _cursor(seen: list[Seen]) -> str:
    return f"{len(seen)}-{_mark(seen[-1])}" if seen else "0-"


def _number(cursor: str | None, seen: list[Seen]) -> int:
    """How many of `seen` are before the cursor."""
    digits, _, mark = (cursor or "0-").partition("-")
    number = int(digits) if digits.isdecimal() else 0
    return number if 0 < number <= len(seen) and _mark(seen[number - 1]) == mark else 0


def _mark(one: Seen) -> str:
    return hashlib.sha256(f"{one.path}\n{one.sha256}\n{one.mtime_ns}".encode()).hexdigest()[:12]
