"""Drive v3 on one shared drive, as far as Roundtable uses it."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tasks.adapters.google.fake.discovery import Call, Refused

DRIVE_ID = "0ASharedDrive"
_FOLDER = "application/vnd.google-apps.folder"
_NATIVE = "application/vnd.google-apps."
_ROLES = {"organizer", "fileOrganizer", "writer", "commenter", "reader"}
_WRITABLE = {"id", "name", "mimeType", "parents", "properties", "description", "trashed"}


@dataclass
class _Revision:
    id: str
    data: bytes
    forever: bool
    at: dt.datetime


@dataclass
class _File:
    id: str
    name: str
    mime: str
    parent: str
    made_at: dt.datetime
    at: dt.datetime
    editor: str
    properties: dict[str, str] = field(default_factory=dict)
    revisions: list[_Revision] = field(default_factory=list)
    permissions: dict[str, dict[str, Any]] = field(default_factory=dict)
    trashed: bool = False


class FakeDrive:
    """Its files, and what partners and time do to them."""

    def __init__(self, tick: Callable[[], dt.datetime], me: str, page_limit: int) -> None:
        self._tick, self._me, self._page_limit = tick, me, page_limit
        self.files: dict[str, _File] = {}
        #: Whom the drive has told of a share, once for each mail.
        self.told: list[str] = []
        #: The message that went with the last mail, by address.
        self.messages: dict[str, str] = {}
        #: Members of the drive, who see everything in it.
        self.members = {me: "organizer", "director@forum.example": "fileOrganizer"}
        #: The only domains a folder may be shared with, if the administrator has set any.
        self.domains: set[str] | None = None
        #: Addresses without a Google account.
        self.accountless: set[str] = set()
        self._promised: set[str] = set()
        self._changed: list[str] = []
        self._number = 0

    def methods(self) -> dict[str, Callable[[Call], Any]]:
        """What can be called."""
        return {
            "drive.files.generateIds": self._generate_ids,
            "drive.files.create": self._create,
            "drive.files.get": self._get,
            "drive.files.list": self._list,
            "drive.files.update": self._update,
            "drive.files.export": self._export,
            "drive.revisions.get": self._revision,
            "drive.revisions.list": self._revisions,
            "drive.permissions.list": self._permissions,
            "drive.permissions.create": self._share,
            "drive.permissions.update": self._change_share,
            "drive.permissions.delete": self._unshare,
            "drive.changes.getStartPageToken": self._start,
            "drive.changes.list": self._changes,
            "drive.drives.get": self._drive,
        }

    def drop(
        self,
        parent: str,
        name: str,
        data: bytes,
        by: str = "partner@body.example",
        mime: str = "application/octet-stream",
    ) -> str:
        """A partner puts a new file into a folder; its id."""
        id = self._new_id("drop")
        self.files[id] = _File(id, name, mime, parent, self._tick(), self._tick(), by)
        if mime != _FOLDER:
            self._revise(self.files[id], data, by, forever=False)
        return id

    def edit(self, id: str, data: bytes, by: str = "partner@body.example") -> None:
        """A partner writes into a file."""
        self._revise(self.files[id], data, by, forever=False)

    def age(self) -> None:
        """A month goes by: what is neither the last revision nor kept for ever is gone."""
        for file in self.files.values():
            file.revisions = [one for one in file.revisions[:-1] if one.forever] + file.revisions[-1:]

    def _new_id(self, kind: str) -> str:
        self._number += 1
        return f"{kind}-{hashlib.sha256(f'{kind}{self._number}'.encode()).hexdigest()[:20]}"

    def _generate_ids(self, call: Call) -> dict[str, Any]:
        ids = [self._new_id("file") for _ in range(call.get("count", 10))]
        self._promised |= set(ids)
        return {"kind": "drive#generatedIds", "space": call.get("space", "drive"), "ids": ids}

    def _create(self, call: Call) -> dict[str, Any]:
        body = call.body
        _writable(call)
        parents, mime = body.get("parents", []), body.get("mimeType", call.media_type)
        if len(parents) != 1:
            raise Refused(400, "invalid", "a file on a shared drive has one parent")
        if parents[0] != DRIVE_ID:
            self._file(call, parents[0])
        elif not call.get("supportsAllDrives"):
            raise Refused(404, "notFound", f"File not found: {parents[0]}.")
        id = body.get("id", "")
        if id and mime.startswith(_NATIVE) and mime != _FOLDER:
            raise Refused(400, "invalid", "no ids of one's own for documents of Google's editors")
        if id in self.files:
            raise Refused(409, "fileIdInUse", "A file already exists with the provided ID.")
        if id and id not in self._promised:
            raise Refused(400, "invalid", "The provided file ID is not usable.")
        id = id or self._new_id("own")
        file = _File(id, body.get("name", "Untitled"), mime, parents[0], self._tick(), self._tick(), self._me)
        self._set_properties(file, body.get("properties", {}))
        self.files[id] = file
        if call.media is not None:
            self._revise(file, call.media, self._me, forever=bool(call.get("keepRevisionForever")))
        self._changed.append(id)
        return self._show(file)

    def _update(self, call: Call) -> dict[str, Any]:
        file = self._file(call, call.get("fileId"))
        _writable(call)
        if {"id", "parents", "mimeType"} & set(call.body):
            raise Refused(403, "fieldNotWritable", "use addParents and removeParents")
        self._set_properties(file, call.body.get("properties", {}))
        file.name, file.trashed = call.body.get("name", file.name), call.body.get("trashed", file.trashed)
        if call.media is not None:
            self._revise(file, call.media, self._me, forever=bool(call.get("keepRevisionForever")))
        self._changed.append(file.id)
        return self._show(file)

    def _revise(self, file: _File, data: bytes, by: str, *, forever: bool) -> None:
        if forever and sum(one.forever for one in file.revisions) >= 200:
            raise Refused(403, "cannotKeepMoreRevisions", "only 200 revisions are kept for ever")
        file.at, file.editor = self._tick(), by
        file.revisions.append(_Revision(self._new_id("rev"), data, forever, file.at))
        self._changed.append(file.id)

    def _set_properties(self, file: _File, properties: dict[str, str | None]) -> None:
        for key, value in properties.items():
            if len(f"{key}{value or ''}".encode()) > 124:
                raise Refused(400, "propertyTooLong", f"{key}: a property has 124 bytes")
            file.properties.pop(key, None)
            if value is not None:
                file.properties[key] = value
        if len(file.properties) > 30:
            raise Refused(403, "propertiesLimitExceeded", "a file has 30 properties")

    def _get(self, call: Call) -> Any:
        file = self._file(call, call.get("fileId"))
        if call.get("alt") != "media":
            return self._show(file)
        if file.mime.startswith(_NATIVE):
            raise Refused(403, "fileNotDownloadable", "Only files with binary content can be downloaded.")
        return file.revisions[-1].data

    def _export(self, call: Call) -> bytes:
        file = self.files.get(call.get("fileId"))
        if file is None:
            raise Refused(404, "notFound", "File not found")
        if not file.mime.startswith(_NATIVE):
            raise Refused(403, "fileNotExportable", "Export only supports Docs Editors files.")
        return file.revisions[-1].data

    def _list(self, call: Call) -> dict[str, Any]:
        _all_drives(call)
        if call.get("corpora") != "drive" or call.get("driveId") != DRIVE_ID:
            raise Refused(404, "teamDriveNotFound", "Shared drive not found")
        files = [file for file in self.files.values() if self._matches(file, call.get("q", ""))]
        if (order := call.get("orderBy")) is not None:
            if order != "createdTime":
                raise Refused(400, "invalid", f"orderBy {order}")
            files.sort(key=lambda file: file.made_at)
        return {"kind": "drive#fileList", **self._page(call, "files", [self._show(file) for file in files])}

    def _matches(self, file: _File, query: str) -> bool:
        """Whether a file fits a query of the kinds that are used; the rest of the language is refused."""
        value = r"'((?:[^'\\]|\\.)*)'"
        has = rf"properties has \{{key={value} and value={value}\}}"
        terms = rf"{value} in parents|trashed = (true|false)|mimeType (!=|=) {value}|name = {value}|{has}"
        position = 0
        fits = True
        while position < len(query):
            if (found := re.compile(rf"({terms})(?: and |\Z)").match(query, position)) is None:
                raise Refused(400, "invalid", f"Invalid Value: {query}")
            parts = [part if part is None else re.sub(r"\\(.)", r"\1", part) for part in found.groups()[1:]]
            parent, trashed, sign, mime, name, key, wanted = parts
            if parent is not None:
                if parent != DRIVE_ID and parent not in self.files:
                    raise Refused(404, "notFound", "File not found: .")
                fits &= file.parent == parent
            fits &= trashed is None or file.trashed == (trashed == "true")
            fits &= mime is None or (file.mime == mime) == (sign == "=")
            fits &= name is None or file.name == name
            fits &= key is None or file.properties.get(key) == wanted
            position = found.end()
        return fits

    def _revision(self, call: Call) -> Any:
        file = self.files.get(call.get("fileId"))
        found = next((one for one in file.revisions if one.id == call.get("revisionId")), None) if file else None
        if found is None:
            raise Refused(404, "notFound", "Revision not found")
        return found.data if call.get("alt") == "media" else _show_revision(found)

    def _revisions(self, call: Call) -> dict[str, Any]:
        file = self.files.get(call.get("fileId"))
        if file is None:
            raise Refused(404, "notFound", "File not found")
        shown = [_show_revision(one) for one in file.revisions]
        return {"kind": "drive#revisionList", **self._page(call, "revisions", shown)}

    def _permissions(self, call: Call) -> dict[str, Any]:
        file = self._file(call, call.get("fileId"))
        inherited = [
            _permission(f"member-{number}", role, email, inherited=True)
            for number, (email, role) in enumerate(self.members.items())
        ]
        return {
            "kind": "drive#permissionList",
            **self._page(call, "permissions", [*inherited, *file.permissions.values()]),
        }

    def _share(self, call: Call) -> dict[str, Any]:
        file, body = self._file(call, call.get("fileId")), call.body
        role, email = body["role"], body.get("emailAddress", "")
        if body["type"] != "user" or "@" not in email or set(body) - {"type", "role", "emailAddress"}:
            raise Refused(400, "invalid", "a permission for a user has an emailAddress")
        self._check_role(role)
        if self.domains is not None and email.rpartition("@")[2] not in self.domains:
            raise Refused(403, "teamDriveDomainUsersOnlyRestriction", "not outside the domain")
        notify = call.get("sendNotificationEmail", True)
        if email in self.accountless and not notify:
            raise Refused(400, "invalidSharingRequest", "no Google account: they must be notified")
        if call.get("emailMessage") and not notify:
            raise Refused(400, "invalid", "a message goes with a notification only")
        if notify:
            self.told.append(email)
            self.messages[email] = call.get("emailMessage", "")
        id = next((key for key, one in file.permissions.items() if one["emailAddress"] == email), None)
        id = id or self._new_id("permission")
        file.permissions[id] = _permission(id, role, email, inherited=False)
        return file.permissions[id]

    def _change_share(self, call: Call) -> dict[str, Any]:
        file, id = self._file(call, call.get("fileId")), call.get("permissionId")
        if id not in file.permissions:
            raise Refused(404, "notFound", f"Permission not found: {id}.")
        if set(call.body) != {"role"}:
            raise Refused(403, "fieldNotWritable", "only the role of a permission can be changed")
        self._check_role(call.body["role"])
        file.permissions[id] = {**file.permissions[id], "role": call.body["role"]}
        return file.permissions[id]

    def _unshare(self, call: Call) -> None:
        file, id = self._file(call, call.get("fileId")), call.get("permissionId")
        if id.startswith("member-"):
            raise Refused(403, "cannotDeleteInheritedPermission", "it is inherited")
        if file.permissions.pop(id, None) is None:
            raise Refused(404, "notFound", f"Permission not found: {id}.")

    def _check_role(self, role: str) -> None:
        if role not in _ROLES:
            raise Refused(400, "invalid", f"{role} is no role on a shared drive")

    def _start(self, call: Call) -> dict[str, Any]:
        self._check_drive(call)
        return {"kind": "drive#startPageToken", "startPageToken": str(len(self._changed) + 1)}

    def _changes(self, call: Call) -> dict[str, Any]:
        self._check_drive(call)
        _all_drives(call)
        if not call.get("pageToken").isdecimal():
            raise Refused(400, "invalid", "Invalid Value: pageToken")
        first = int(call.get("pageToken")) - 1
        last = min(first + min(call.get("pageSize", 100), self._page_limit), len(self._changed))
        changes = [
            {
                "kind": "drive#change",
                "changeType": "file",
                "type": "file",
                "removed": False,
                "fileId": id,
                "time": self.files[id].at.isoformat(),
                "file": self._show(self.files[id]),
            }
            for id in self._changed[first:last]
        ]
        following = "newStartPageToken" if last == len(self._changed) else "nextPageToken"
        return {"kind": "drive#changeList", "changes": changes, following: str(last + 1)}

    def _drive(self, call: Call) -> dict[str, Any]:
        self._check_drive(call)
        role = self.members.get(self._me, "")
        writes = role in {"organizer", "fileOrganizer", "writer"}
        rights = {"canAddChildren": writes, "canShare": role in {"organizer", "fileOrganizer"}, "canEdit": writes}
        return {"kind": "drive#drive", "id": DRIVE_ID, "name": "Forum", "capabilities": rights}

    def _check_drive(self, call: Call) -> None:
        if call.get("driveId") != DRIVE_ID or self._me not in self.members:
            raise Refused(404, "notFound", f"Shared drive not found: {call.get('driveId')}")

    def _file(self, call: Call, id: str) -> _File:
        if id not in self.files or not call.get("supportsAllDrives"):
            raise Refused(404, "notFound", f"File not found: {id}.")
        return self.files[id]

    def _page(self, call: Call, key: str, items: list[Any]) -> dict[str, Any]:
        token = call.get("pageToken", "0")
        if not token.isdecimal():
            raise Refused(400, "invalid", "Invalid Value: pageToken")
        last = int(token) + min(call.get("pageSize", 100), self._page_limit)
        more = {"nextPageToken": str(last)} if last < len(items) else {}
        return {key: items[int(token) : last], **more}

    def _show(self, file: _File) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "kind": "drive#file",
            "id": file.id,
            "name": file.name,
            "mimeType": file.mime,
            "driveId": DRIVE_ID,
            "parents": [file.parent],
            "trashed": file.trashed,
            "createdTime": file.made_at.isoformat(),
            "modifiedTime": file.at.isoformat().replace("+00:00", "Z"),
            "lastModifyingUser": {"me": file.editor == self._me, "emailAddress": file.editor},
        }
        if file.properties:
            shown["properties"] = dict(file.properties)
        if file.revisions and not file.mime.startswith(_NATIVE):
            head = file.revisions[-1]
            digests = {"md5Checksum": _md5(head.data), "sha256Checksum": hashlib.sha256(head.data).hexdigest()}
            shown |= {"headRevisionId": head.id, "size": str(len(head.data)), **digests}
        return shown


def _all_drives(call: Call) -> None:
    if not (call.get("supportsAllDrives") and call.get("includeItemsFromAllDrives")):
        raise Refused(403, "teamDrivesParentLimit", "supportsAllDrives and includeItemsFromAllDrives must be true")


def _writable(call: Call) -> None:
    if unknown := set(call.body) - _WRITABLE:
        raise Refused(403, "fieldNotWritable", f"{', '.join(sorted(unknown))}: not directly writable")


def _permission(id: str, role: str, email: str, *, inherited: bool) -> dict[str, Any]:
    detail = {"permissionType": "member" if inherited else "file", "role": role, "inherited": inherited}
    return {
        "kind": "drive#permission",
        "id": id,
        "type": "user",
        "role": role,
        "emailAddress": email,
        "deleted": False,
        "permissionDetails": [detail],
    }


def _show_revision(one: _Revision) -> dict[str, Any]:
    return {
        "kind": "drive#revision",
        "id": one.id,
        "mimeType": "application/octet-stream",
        "keepForever": one.forever,
        "md5Checksum": _md5(one.data),
        "modifiedTime": one.at.isoformat(),
    }


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
