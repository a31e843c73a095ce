"""Who may see a folder on Google Drive."""

from __future__ import annotations

from typing import Any, Final

from tasks.adapters.google.service import Services
from tasks.adapters.ports import Gone, Role

_ROLES: Final[dict[str, Role]] = {"reader": "reader", "commenter": "commenter"}


class DriveShares:
    """The shares of `tasks.adapters.ports.Files`: permissions for one address each, on a folder itself."""

    _services: Services

    def shares(self, folder: str) -> dict[str, Role]:
        """Who may do what in the folder. Members of the shared drive, who see all of it, are not among them."""
        return {
            email: _ROLES[permission["role"]]
            for email, permission in self._permissions(folder).items()
            if permission["role"] in _ROLES
        }

    def share(self, folder: str, email: str, role: Role, notify: bool, message: str = "") -> None:
        """Let `email` see the folder as `role`; `message` stands in the mail by which Google tells of it."""
        what = f"sharing the folder {folder} with {email}"
        present = self._permissions(folder).get(email.lower())
        if present is not None:
            if present["role"] != role:
                change = self._services.drive.permissions().update(
                    fileId=folder, permissionId=present["id"], body={"role": role}, supportsAllDrives=True
                )
                self._services.call(change, what)
            return
        request = self._services.drive.permissions().create(
            fileId=folder,
            body={"type": "user", "role": role, "emailAddress": email},
            sendNotificationEmail=notify,
            supportsAllDrives=True,
            fields="id",
            **({"emailMessage": message} if notify and message else {}),
        )
        # Told once: after a lost answer `shares` says whether it was done.
        self._services.call(request, what, effect="once" if notify else "repeat")

    def unshare(self, folder: str, email: str) -> None:
        """Take `email` off the folder."""
        present = self._permissions(folder).get(email.lower())
        if present is None:
            return
        request = self._services.drive.permissions().delete(
            fileId=folder, permissionId=present["id"], supportsAllDrives=True
        )
        try:
            self._services.call(request, f"taking {email} off the folder {folder}")
        except Gone:
            return  # Somebody was first, or the answer to the first try was lost.

    def _permissions(self, folder: str) -> dict[str, Any]:
        """The folder's own permissions by address in small letters."""
        found = self._services.pages(
            self._services.drive.permissions(),
            "permissions",
            f"the shares of the folder {folder}",
            fileId=folder,
            supportsAllDrives=True,
            pageSize=100,
            fields="nextPageToken,permissions(id,type,role,emailAddress,deleted,permissionDetails(inherited))",
        )
        return {
            permission["emailAddress"].lower(): permission
            for permission in found
            if permission["type"] == "user"
            and not permission.get("deleted")
            and not all(detail["inherited"] for detail in permission.get("permissionDetails", [{"inherited": False}]))
        }
