"""What partners put into the folders on Google Drive, or changed there."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from tasks.adapters.google.service import Services
from tasks.adapters.ports import Arrived, DeliveryError, Gone, LostAnswer, Transient

FOLDER_MIME: Final = "application/vnd.google-apps.folder"
_NATIVE: Final = "application/vnd.google-apps."
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: A partner's file above this is named, not fetched.
LARGEST_BYTES: Final = 64 * 1024 * 1024

_FIELDS: Final = "id,name,mimeType,parents,trashed,properties,size,modifiedTime,lastModifyingUser(me,emailAddress)"


class DriveArrivals:
    """The arrivals of `tasks.adapters.ports.Files`, on the shared drive `drive_id`."""

    def __init__(self, services: Services, drive_id: str) -> None:
        self._services = services
        self._drive_id = drive_id

    def list_files(self, query: str, fields: str, what: str, **more: Any) -> list[Any]:
        """The files of the drive that fit `query`, in Drive's language."""
        return self._services.pages(
            self._services.drive.files(),
            "files",
            what,
            q=query,
            corpora="drive",
            driveId=self._drive_id,
            includeItemsFromAllDrives=True,
            supportsAllDrives=True,
            pageSize=1000,
            fields=f"nextPageToken,files({fields})",
            **more,
        )

    def changes(self, cursor: str | None) -> tuple[list[Arrived], str]:
        """What others than Roundtable put or changed on the drive."""
        what = "what came in on the drive"
        if cursor is None:
            start = self._services.drive.changes().getStartPageToken(driveId=self._drive_id, supportsAllDrives=True)
            # Before the list: what comes in between is in both.
            cursor = str(self._services.call(start, what)["startPageToken"])
            query = f"mimeType != '{FOLDER_MIME}' and trashed = false"
            return self._arrived(self.list_files(query, _FIELDS, what)), cursor
        found: dict[str, Any] = {}
        while True:
            page = self._services.call(
                self._services.drive.changes().list(
                    pageToken=cursor,
                    driveId=self._drive_id,
                    includeItemsFromAllDrives=True,
                    supportsAllDrives=True,
                    includeRemoved=False,
                    pageSize=1000,
                    fields=f"nextPageToken,newStartPageToken,changes(changeType,removed,file({_FIELDS}))",
                ),
                what,
            )
            for change in page.get("changes", []):
                if change["changeType"] == "file" and "file" in change:
                    found[change["file"]["id"]] = change["file"]
            if "newStartPageToken" in page:
                return self._arrived(list(found.values())), str(page["newStartPageToken"])
            cursor = page["nextPageToken"]

    def _arrived(self, files: list[Any]) -> list[Arrived]:
        folders: dict[str, str] = {}
        partners = [
            file
            for file in files
            if not (file["trashed"] or file["mimeType"] == FOLDER_MIME or file.get("lastModifyingUser", {}).get("me"))
        ]
        partners.sort(key=lambda file: (file["modifiedTime"], file["id"]))
        return [self._fetch(file, self._team_folder(file, folders)) for file in partners]

    def _team_folder(self, file: Any, known: dict[str, str]) -> str:
        """The team's folder that `file` is in, however deep; the id of the drive when it is in none."""
        parent = str((file.get("parents") or [self._drive_id])[0])
        if parent != self._drive_id and parent not in known:
            wanted = self._services.drive.files().get(fileId=parent, supportsAllDrives=True, fields=_FIELDS)
            try:
                above = self._services.call(wanted, f"the folder {parent}")
            except Gone:
                above = {"id": parent}
            ours = "roundtable-folder" in above.get("properties", {})
            known[parent] = parent if ours else self._team_folder(above, known)
        return known.get(parent, parent)

    def _fetch(self, file: Any, folder: str) -> Arrived:
        name, kind, data, defect = str(file["name"]), str(file["mimeType"]), b"", ""
        try:
            if kind == f"{_NATIVE}document":
                name = name if name.lower().endswith(".docx") else f"{name}.docx"
                wanted = self._services.drive.files().export_media(fileId=file["id"], mimeType=_WORD)
                data = bytes(self._services.call(wanted, name))
            elif kind.startswith(_NATIVE):
                defect = f"It is a Google {kind.removeprefix(_NATIVE)}, not a file; ask for it in Word."
            elif int(file.get("size", 0)) > LARGEST_BYTES:
                defect = f"It has {int(file['size']):,} bytes; nothing above {LARGEST_BYTES:,} is fetched."
            else:
                wanted = self._services.drive.files().get_media(fileId=file["id"], supportsAllDrives=True)
                data = bytes(self._services.call(wanted, name))
        except (Transient, LostAnswer):
            raise  # Another time, all of them: the cursor has not moved.
        except DeliveryError as error:
            defect = f"It can't be fetched: {error}."
        return Arrived(
            reference=file["id"],
            folder=folder,
            name=name,
            data=data,
            sender=file.get("lastModifyingUser", {}).get("emailAddress"),
            at=dt.datetime.fromisoformat(file["modifiedTime"]),
            defect=defect,
        )
