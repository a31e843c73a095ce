"""Signing in once as a person: the browser asks, this machine gets the answer."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, Final

from google_auth_oauthlib.flow import InstalledAppFlow, WSGITimeoutError
from oauthlib.oauth2.rfc6749.errors import OAuth2Error

from tasks.adapters.google.credentials import SCOPES
from tasks.adapters.ports import Denied
from tasks.domain.errors import Invalid

_PROMPT: Final = "Open this address in a browser on this machine and allow what it asks for:\n\n{url}\n"
_DONE: Final = "Roundtable has signed in. You may close this window."
#: Seconds that a person has for it.
PATIENCE_SECONDS: Final = 600


def sign_in(client: str, patience_seconds: int = PATIENCE_SECONDS, scopes: Collection[str] = SCOPES) -> str:
    """Let a person sign in; what to keep in the file of credentials (`write_secret`).

    Prints the address to open. The answer comes to a port of this machine that only this machine can reach.

    Args:
        client: the JSON of an OAuth client of the type "Desktop app", as Google Cloud hands it out.
        patience_seconds: how long to wait for it.
        scopes: what is asked for.

    Raises:
        Invalid: `client` is not that.
        Denied: nobody signed in, or not all scopes were granted.
    """
    try:
        flow: Any = InstalledAppFlow.from_client_config(json.loads(client), list(scopes))
    except (ValueError, AttributeError, KeyError):
        raise Invalid("the OAuth client is not the JSON of a desktop app; download it again") from None
    try:
        # For consent each time: only then is there a refresh token, without which it would hold for an hour.
        signed = flow.run_local_server(
            host="127.0.0.1",
            port=0,
            open_browser=False,
            authorization_prompt_message=_PROMPT,
            success_message=_DONE,
            timeout_seconds=patience_seconds,
            access_type="offline",
            prompt="consent",
        )
    except WSGITimeoutError:
        raise Denied(f"nobody signed in within {patience_seconds:,} seconds; try again") from None
    except Warning:
        # That is how the library says that boxes were left unticked.
        raise Denied(f"not everything was allowed; sign in again and allow all of: {', '.join(scopes)}") from None
    except OAuth2Error as error:
        raise Denied(f"the sign-in was refused ({error.error}); try again") from None
    kept = {"client_id": signed.client_id, "client_secret": signed.client_secret, "refresh_token": signed.refresh_token}
    if not all(kept.values()):
        raise Denied("Google gave no lasting sign-in; take Roundtable off your account's third-party apps, try again")
    return json.dumps({"type": "authorized_user", **kept}, indent=1)
