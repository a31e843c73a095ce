"""Folders of teams on this machine: the current files, every version for ever, and a register of who may see what.

    files/EDITION/TEAM/NAME                     the file as it is now, for people
    files/EDITION/TEAM/inbox/                   here partners put theirs
    files/EDITION/TEAM/.versions/ID/0001-NAME   every revision
    files/EDITION/TEAM/.register.json           names, revisions and shares; written whole

A revision's bytes are written first, then the register, then the current file: killed in between, the same put again
makes good what is missing. A current file that somebody changed in place is moved to the team's inbox, not overwritten.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tasks.adapters.local.arrivals import MAX_BYTES, Arrivals
from tasks.adapters.local.locking import hold
from tasks.adapters.local.store import write_whole
from tasks.adapters.ports import Arrived, Conflict, FileRef, Gone, Role
from tasks.domain.errors import Invalid

INBOX: Final = "inbox"
_REGISTER: Final = ".register.json"
_FORBIDDEN: Final = re.compile("[/\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class LocalFiles:
    """The folders under `home`/files. A folder's id is EDITION/TEAM, a file's EDITION/TEAM/ID."""

    def __init__(self, home: Path) -> None:
        self._root = home / "files"
        self._arrivals = Arrivals(self._root)

    def folder(self, edition: str, team: str) -> str:
        """The id of the team's folder, which is there from then on, with its inbox."""
        path = self._root / _checked(edition) / _checked(team)
        with hold(path):
            (path / INBOX).mkdir(exist_ok=True)
            if not (path / _REGISTER).exists():
                _write(path, {"files": {}, "shares": {}})
        return f"{edition}/{team}"

    def put(self, folder: str, name: str, data: bytes, known: str | None, version_id: str) -> FileRef:
        """Keep `data` as a revision; see the port."""
        _checked(name)
        with self._open(folder) as (path, register):
            files = register["files"]
            if (there := _find_version(files, version_id)) is not None:
                id, number = there
                if number == len(files[id]["revisions"]):
                    self._place(path, id, files)
                return FileRef(f"{folder}/{id}", str(number))
            id = _file_id(name, version_id) if known is None else known.removeprefix(f"{folder}/")
            if known is not None and id not in files:
                raise Gone(f"there is no file {known} in the folder {folder}")
            if any(other != id and file["name"] == name for other, file in files.items()):
                raise Conflict(f"another file of {folder} is called {name}; put it as a revision of that, or rename it")
            file = files.setdefault(id, {"name": name, "revisions": []})
            number = len(file["revisions"]) + 1
            kept = f"{number:04}-{name}"
            write_whole(path / ".versions" / id / kept, data)
            sha = hashlib.sha256(data).hexdigest()
            file["revisions"].append({"version_id": version_id, "kept": kept, "sha256": sha})
            file["name"] = name
            _write(path, register)
            self._place(path, id, files)
            return FileRef(f"{folder}/{id}", str(number))

    def read(self, ref: str, revision: str | None = None) -> bytes:
        """What the register says the file holds, whatever became of its current copy."""
        folder, _, id = ref.rpartition("/")
        with self._open(folder) as (path, register):
            revisions = register["files"].get(id, {"revisions": []})["revisions"]
            number = len(revisions) if revision is None else int(revision) if revision.isdecimal() else 0
            if not 0 < number <= len(revisions):
                raise Gone(f"there is no file {ref}" + (f" with a revision {revision}" if revision else ""))
            kept = revisions[number - 1]
            data: bytes = (path / ".versions" / id / kept["kept"]).read_bytes()
            if hashlib.sha256(data).hexdigest() != kept["sha256"]:
                raise Gone(f"revision {number} of {ref} was changed on the disk; restore it from your back-up")
            return data

    def shares(self, folder: str) -> dict[str, Role]:
        """Who may see the folder, by mail address."""
        with self._open(folder) as (_, register):
            return dict(sorted(register["shares"].items()))

    def share(self, folder: str, email: str, role: Role, notify: bool, message: str = "") -> None:
        """Note it in the register; nobody can be told from here, whatever `notify` and `message` say."""
        with self._open(folder) as (path, register):
            if register["shares"].get(email.lower()) != role:
                register["shares"][email.lower()] = role
                _write(path, register)

    def unshare(self, folder: str, email: str) -> None:
        """Take it off the register."""
        with self._open(folder) as (path, register):
            if register["shares"].pop(email.lower(), None) is not None:
                _write(path, register)

    def changes(self, cursor: str | None) -> tuple[list[Arrived], str]:
        """The files in the teams' inboxes that came or changed after `cursor`; they stay, and a copy is kept."""
        seen, after = self._arrivals.after(cursor, sorted(self._root.glob(f"*/*/{INBOX}")))
        arrived = []
        for one in seen:
            folder, _, name = one.path.partition(f"/{INBOX}/")
            defect = "" if one.sha256 else f"{one.path}: {one.size:,} bytes, more than the {MAX_BYTES:,} that are read"
            reference = f"{one.path}@{one.sha256 or one.size}"
            arrived.append(Arrived(reference, folder, name, self._arrivals.read(one), None, one.at, defect))
        return arrived, after

    @contextmanager
    def _open(self, folder: str) -> Iterator[tuple[Path, dict[str, Any]]]:
        """The folder's path and register, while nobody else has them."""
        path = self._root / folder
        parts = folder.split("/")
        if len(parts) != 2 or not all(_is_plain(part) for part in parts) or not (path / _REGISTER).exists():
            raise Gone(f"there is no folder {folder} in {self._root}")
        with hold(path):
            yield path, json.loads((path / _REGISTER).read_bytes())

    def _place(self, path: Path, id: str, files: dict[str, Any]) -> None:
        """Make the current file what the last revision says, under its present name only."""
        file = files[id]
        last = file["revisions"][-1]
        known = {revision["sha256"] for revision in file["revisions"]}
        others = {other["name"] for key, other in files.items() if key != id}
        names = {revision["kept"].partition("-")[2] for revision in file["revisions"]} - others
        for name in sorted(names):
            current = path / name
            sha = hashlib.sha256(current.read_bytes()).hexdigest() if current.is_file() else None
            if name != file["name"] and sha not in known:
                continue  # Not there, or not ours.
            if sha is not None and sha not in known:
                _rescue(current, sha)
            if name != file["name"]:
                current.unlink()
            elif sha != last["sha256"]:
                write_whole(current, (path / ".versions" / id / last["kept"]).read_bytes())


def _rescue(current: Path, sha: str) -> None:
    """Copy what somebody made of the current file to the inbox, under a name that says so."""
    write_whole(current.parent / INBOX / f"{current.stem} ({sha[:8]}){current.suffix}", current.read_bytes())


def _find_version(files: dict[str, Any], version_id: str) -> tuple[str, int] | None:
    """The file and the number of the revision with this id, which a folder has once."""
    for id, file in files.items():
        for number, revision in enumerate(file["revisions"], start=1):
            if revision["version_id"] == version_id:
                return id, number
    return None


def _file_id(name: str, version_id: str) -> str:
    return hashlib.sha256(f"{name}\n{version_id}".encode()).hexdigest()[:16]


def _write(path: Path, register: dict[str, Any]) -> None:
    write_whole(path / _REGISTER, json.dumps(register, indent=1, ensure_ascii=False, sort_keys=True).encode())


def _checked(name: str) -> str:
    if not _is_plain(name):
        raise Invalid(
            f"{name!r} can't name a file or folder: no slash, no dot before it, not {INBOX}, at most 240 bytes"
        )
    return name


def _is_plain(name: str) -> bool:
    forbidden = not name or name.startswith(".") or name == INBOX or _FORBIDDEN.search(name)
    return not forbidden and len(name.encode()) <= 240
