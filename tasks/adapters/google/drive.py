"""Files on Google Drive: a folder per team on a shared drive, one file per document, every revision kept for ever.

What Roundtable has to know of a file again is in the file's own public properties: private ones are lost with a new
sign-in. Drive keeps 200 revisions of a file for ever, and 30 properties; a document has a handful of both.
"""

from __future__ import annotations

import hashlib
import mimetypes
import threading
from typing import Any, Final

from googleapiclient.http import MediaInMemoryUpload

from tasks.adapters.google.arrivals import FOLDER_MIME, DriveArrivals
from tasks.adapters.google.service import Services
from tasks.adapters.google.shares import DriveShares
from tasks.adapters.ports import Conflict, FileRef, Gone, LostAnswer, Transient

#: Above this an upload is sent in parts that can be resumed, of a multiple of 256 KiB (Drive's guide to uploads).
RESUMABLE_BYTES: Final = 5 * 1024 * 1024
PART_BYTES: Final = 4 * 1024 * 1024
#: Ids are asked for by the hundred.
_IDS: Final = 100
#: Older versions that a file remembers by name. The file itself keeps them all.
_REMEMBERED: Final = 25

_FILE: Final = "id,name,mimeType,parents,trashed,properties,headRevisionId,md5Checksum"


class DriveFiles(DriveArrivals, DriveShares):
    """`tasks.adapters.ports.Files` on the shared drive `drive_id`."""

    def __init__(self, services: Services, drive_id: str) -> None:
        super().__init__(services, drive_id)
        self._making = threading.Lock()
        self._counting = threading.Lock()
        self._ids: list[str] = []

    def folder(self, edition: str, team: str) -> str:
        """The id of the team's folder, made once."""
        what = f"the folder of {edition}, {team}"
        name = hashlib.sha256(f"{edition}\0{team}".encode()).hexdigest()
        # Two threads of one process would make two.
        with self._making:
            query = f"properties has {{key='roundtable-folder' and value='{name}'}} and trashed = false"
            # The oldest, should two processes have made one each.
            if found := self.list_files(query, "id", what, orderBy="createdTime"):
                return str(found[0]["id"])
            body = {
                "name": f"{edition} {team}",
                "mimeType": FOLDER_MIME,
                "parents": [self._drive_id],
                "properties": {"roundtable-folder": name},
            }
            return str(self._create(body, None, what)["id"])

    def put(self, folder: str, name: str, data: bytes, known: str | None, version_id: str) -> FileRef:
        """A new file, or a new revision of `known`."""
        what = f"{name}, version {version_id[:8]}"
        for _ in range(2):
            here = self.list_files(f"{_quote(folder)} in parents and trashed = false", _FILE, what)
            for other in here:
                # This version is there: put before, and the answer or the record was lost.
                if revision := self._revision(other, version_id, what):
                    return FileRef(other["id"], revision)
            if any(other["name"] == name and other["id"] != known for other in here):
                raise Conflict(f"{what}: another file of the folder has this name; give it another")
            file = self._known(here, folder, known, what) if known else None
            try:
                made = self._upload(folder, name, data, file, version_id, what)
            except LostAnswer:
                continue  # Look whether it is there before anything is sent a second time.
            return FileRef(made["id"], made["headRevisionId"])
        raise Transient(f"{what}: the connection ended twice before the answer")

    def read(self, ref: str, revision: str | None = None) -> bytes:
        """What the file holds, or held at `revision`."""
        what = f"reading the file {ref}"
        if revision is not None:
            wanted = self._services.drive.revisions().get_media(fileId=ref, revisionId=revision)
        else:
            wanted = self._services.drive.files().get_media(fileId=ref, supportsAllDrives=True)
        return bytes(self._services.call(wanted, what))

    def _known(self, here: list[Any], folder: str, known: str, what: str) -> Any:
        if file := next((file for file in here if file["id"] == known), None):
            return file
        # A list may lag behind by some seconds.
        wanted = self._services.drive.files().get(fileId=known, supportsAllDrives=True, fields=_FILE)
        file = self._services.call(wanted, what)
        if file["trashed"] or folder not in file.get("parents", []):
            raise Gone(f"{what}: the file {known} is not in the folder {folder} any more")
        return file

    def _revision(self, file: Any, version_id: str, what: str) -> str | None:
        """The revision of `file` that is this version, if there is one."""
        properties = file.get("properties", {})
        if properties.get("roundtable-id") != file["id"]:
            return None  # Not ours, or somebody's copy of ours, which has its properties.
        if properties.get("roundtable-version") != version_id:
            kept = properties.get(_remembered(version_id))
            return None if kept is None else str(kept.partition(":")[2])
        if file.get("md5Checksum") == properties["roundtable-md5"]:
            return str(file["headRevisionId"])
        # A partner has changed the file since: ours is an older revision now.
        revisions = self._services.pages(
            self._services.drive.revisions(),
            "revisions",
            what,
            fileId=file["id"],
            fields="nextPageToken,revisions(id,md5Checksum)",
        )
        ours = [one["id"] for one in revisions if one.get("md5Checksum") == properties["roundtable-md5"]]
        return str(ours[-1]) if ours else None

    def _upload(self, folder: str, name: str, data: bytes, file: Any, version_id: str, what: str) -> Any:
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        media = MediaInMemoryUpload(data, mime, chunksize=PART_BYTES, resumable=len(data) > RESUMABLE_BYTES)
        properties: dict[str, str | None] = {
            "roundtable-version": version_id,
            "roundtable-md5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        }
        if file is None:
            return self._create({"name": name, "parents": [folder], "properties": properties}, media, what)
        properties |= {"roundtable-id": file["id"], **self._remember(file, what)}
        request = self._services.drive.files().update(
            fileId=file["id"],
            body={"name": name, "properties": properties},
            media_body=media,
            keepRevisionForever=True,
            supportsAllDrives=True,
            fields=_FILE,
        )
        # Once: a second time would be a second revision.
        return self._services.call(request, what, effect="once")

    def _remember(self, file: Any, what: str) -> dict[str, str | None]:
        """Properties that keep in mind which revision the version so far is."""
        properties = file.get("properties", {})
        last = properties.get("roundtable-version")
        if last is None or (revision := self._revision(file, last, what)) is None:
            return {}
        older = sorted((key for key in properties if key.startswith("v-")), key=lambda key: int(properties[key][:4]))
        number = int(properties[older[-1]][:4]) + 1 if older else 1
        forgotten: dict[str, str | None] = dict.fromkeys(older[: max(0, len(older) + 1 - _REMEMBERED)])
        return {**forgotten, _remembered(last): f"{number:04}:{revision}"}

    def _create(self, body: dict[str, Any], media: Any, what: str) -> Any:
        """A file under an id asked for before, so that it is made once however often it is tried."""
        id = self._new_id()
        body = {**body, "id": id, "properties": {**body["properties"], "roundtable-id": id}}
        # Folders have no revisions.
        forever = {} if media is None else {"media_body": media, "keepRevisionForever": True}
        request = self._services.drive.files().create(body=body, supportsAllDrives=True, fields=_FILE, **forever)
        try:
            return self._services.call(request, what)
        except Conflict:
            made = self._services.drive.files().get(fileId=body["id"], supportsAllDrives=True, fields=_FILE)
            return self._services.call(made, what)

    def _new_id(self) -> str:
        with self._counting:
            if not self._ids:
                wanted = self._services.drive.files().generateIds(count=_IDS, space="drive", type="files")
                self._ids = [str(id) for id in self._services.call(wanted, "new ids of the drive")["ids"]]
            return self._ids.pop()


def _remembered(version_id: str) -> str:
    return f"v-{version_id[:32]}"


def _quote(text: str) -> str:
    """`text` as a string of Drive's query language."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
