"""Who Roundtable is to Google: a service account, or a person who has signed in once.

Secrets stay where they are: in a file that only its owner can read, or in a Prefect Secret whose value is handed in.
No message of this module quotes what a file or a secret holds.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

import google.auth.exceptions
from google.oauth2 import credentials as user_credentials
from google.oauth2 import service_account

from tasks.domain.errors import Invalid, Unknown, Unsafe

_AUTH: Final = "https://www.googleapis.com/auth/"
#: What is asked for and why; nothing wider. `drive.readonly` is for what partners put into a folder, which
#: `drive.file` (what Roundtable made itself) does not show.
SCOPES: Final = {
    f"{_AUTH}drive.file": "making folders, files and shares",
    f"{_AUTH}drive.readonly": "reading what partners put into the folders",
    f"{_AUTH}gmail.compose": "drafting and sending letters",
    f"{_AUTH}gmail.readonly": "reading replies, and what became of a letter",
    f"{_AUTH}calendar.events": "writing milestones on the shared calendar",
}
#: For machine translation alone, asked for by nobody else: who does without it need not grant it.
TRANSLATION_SCOPES: Final = {f"{_AUTH}cloud-translation": "machine translation"}
#: What a file of each kind must hold.
_FIELDS: Final = {
    "service_account": {"client_email", "private_key", "token_uri"},
    "authorized_user": {"client_id", "client_secret", "refresh_token"},
}


def read_secret(path: Path) -> str:
    """The text of a file of credentials.

    Raises:
        Unknown: there is no such file.
        Unsafe: others than its owner may read or write it, or it is a link.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        raise Unknown(f"no file {path} with Google's credentials; docs/google.md says how to get one") from None
    except OSError as error:
        raise Unsafe(f"{path}: {error.strerror}; name the file itself, one that you may read") from None
    with os.fdopen(descriptor, encoding="utf-8") as file:
        # Of the file that was opened: a name could have been given to another one in between.
        mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
        if mode & 0o077:
            raise Unsafe(f"{path} is open to others (mode {mode:04o}); run: chmod 600 {path}")
        return file.read()


def write_secret(path: Path, text: str) -> None:
    """Put `text` into `path`, whole or not at all, readable by its owner only from the first byte on."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    beside.replace(path)


def make_credentials(secret: str, subject: str | None = None, scopes: Collection[str] = SCOPES) -> Any:
    """Credentials with `scopes` from the JSON of a service account's key, or of a person's sign-in.

    Args:
        secret: the text of the file, or the value of a Prefect Secret.
        subject: the mailbox that a service account acts for, by delegation in its domain.

    Raises:
        Invalid: it is neither of the two, or not whole.
    """
    try:
        told = json.loads(secret)
        kind = str(told.get("type"))
    except (ValueError, AttributeError):
        raise Invalid("Google's credentials are not the JSON that Google hands out; download the file again") from None
    missing = sorted(_FIELDS.get(kind, set()) - set(told))
    if kind not in _FIELDS or missing:
        lacks = f"lack {', '.join(missing)}" if missing else f"are of no known type ({' or '.join(sorted(_FIELDS))})"
        raise Invalid(f"Google's credentials {lacks}; download the key, or sign in again")
    try:
        if kind == "service_account":
            of_account: Any = service_account.Credentials
            account = of_account.from_service_account_info(told, scopes=list(scopes))
            return account.with_subject(subject) if subject else account
        of_person: Any = user_credentials.Credentials
        return of_person.from_authorized_user_info(told, scopes=list(scopes))
    except (ValueError, TypeError, google.auth.exceptions.GoogleAuthError):
        # Its message quotes the key.
        raise Invalid("Google's credentials have a key that can't be read; download the file again") from None
