"""What Google's refusals mean, in the words of `tasks.adapters.ports`.

The reasons are those of https://developers.google.com/drive/api/guides/handle-errors and of the pages of the same
name for Gmail and Calendar.
"""

from __future__ import annotations

import json
from typing import Any, Final

from googleapiclient.errors import HttpError

from tasks.adapters.ports import Conflict, DeliveryError, Denied, Gone, Quota, Transient

_RATE: Final = {"rateLimitExceeded", "userRateLimitExceeded", "backendError"}
_USED_UP: Final = {
    "activeItemCreationLimitExceeded",
    "dailyLimitExceeded",
    "fileSizeLimitExceeded",
    "numChildrenInNonRootLimitExceeded",
    "quotaExceeded",
    "sharingRateLimitExceeded",
    "storageQuotaExceeded",
    "teamDriveFileLimitExceeded",
}
_NO_SCOPE: Final = {"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}
_SWITCHED_OFF: Final = {"accessNotConfigured", "SERVICE_DISABLED"}
#: A wait so long is no rate limit but an allowance of the day (Gmail's sending limit says so with a 429).
_LONG_SECONDS: Final = 3600.0


class NoScope(Denied):
    """The sign-in was not granted a scope that this needs."""


def explain(error: HttpError, what: str) -> DeliveryError:
    """The named error for a refusal of Google's; `what` was being done."""
    status = int(error.resp.status)
    reason, message = reason_of(error)
    said = f"{what}: Google answered {status} {reason or 'without a reason'}{message and f' ({message})'}"
    if status == 401:
        return Denied(f"{said}; sign in again, or give a new key file")
    if status in (403, 429) and reason in _USED_UP:
        return Quota(f"{said}; wait for the next day, or ask the administrator of the domain")
    if status == 429 or (status == 403 and reason in _RATE):
        after_seconds = _retry_after(error)
        if after_seconds is not None and after_seconds > _LONG_SECONDS:
            return Quota(f"{said}; it may be tried again in {after_seconds / 3600:.0f} hours")
        return Transient(said, after_seconds)
    if status == 403 and reason in _NO_SCOPE:
        return NoScope(f"{said}; a scope is missing: `check` says which")
    if status == 403 and reason in _SWITCHED_OFF:
        return Denied(f"{said}; switch this interface on in the project of Google Cloud")
    if status == 403:
        return Denied(f"{said}; a share or a right is missing, or the domain forbids it")
    if reason == "invalidSharingRequest":
        return Denied(f"{said}; who has no Google account has to be told of a share by Google")
    if status in (404, 410):
        return Gone(said)
    if status in (409, 412):
        return Conflict(said)
    if status >= 500:
        return Transient(said, _retry_after(error))
    return DeliveryError(said)


def reason_of(error: HttpError) -> tuple[str, str]:
    """Google's word for a refusal and its sentence, each empty where it gave none."""
    try:
        told: Any = json.loads(error.content)["error"]
        first = (told.get("errors") or told.get("details") or [{}])[0]
        return str(first.get("reason") or told.get("status") or ""), str(told.get("message") or "")[:300]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return "", ""  # A page of HTML from something on the way.


def _retry_after(error: HttpError) -> float | None:
    try:
        return max(0.0, float(error.resp.get("retry-after", "")))
    except ValueError:
        return None  # None, or a date: waiting without knowing does for both.
