"""Against another Google than our own fake, for what that one has: signing in, letters, calendar entries."""

from __future__ import annotations

import io
import json
import re
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import redirect_stdout
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from google.oauth2.credentials import Credentials

from tasks.adapters.google.delivery import Workspace, google_delivery
from tasks.adapters.google.service import Services
from tasks.adapters.google.sign_in import sign_in
from tasks.adapters.google.transport import signed_transport
from tasks.adapters.ports import Attachment, Delivery, Gone, NotSent, Sent, agenda_id
from tests.adapters.delivery_contract import OFFICE, WORD, entry, letter
from tests.tools import emulator

pytestmark = pytest.mark.skipif(emulator.missing() is not None, reason=str(emulator.missing()))

CLIENT = {"client_id": "desk", "client_secret": "secret-of-the-desk"}


@pytest.fixture(scope="module")
def root_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    google = {
        "users": [{"email": OFFICE.email, "name": OFFICE.name}],
        "calendars": [{"id": "milestones", "user_email": OFFICE.email, "summary": "Milestones", "time_zone": "UTC"}],
    }
    with emulator.emulate(tmp_path_factory.mktemp("emulator"), google) as address:
        yield address


class _Browser(io.StringIO):
    """Reads the address that is printed, and presses the button of the one person that the page offers."""

    thread: threading.Thread | None = None

    def write(self, text: str) -> int:
        if found := re.search(r"http://\S+/o/oauth2/v2/auth\S+", text):
            self.thread = threading.Thread(target=self._consent, args=(found[0],))
            self.thread.start()
        return super().write(text)

    def _consent(self, url: str) -> None:
        with urllib.request.urlopen(url, timeout=20) as page:
            assert OFFICE.email in page.read().decode()
        form = urlencode({**dict(parse_qsl(urlsplit(url).query)), "email": OFFICE.email}).encode()
        with urllib.request.urlopen(f"{url.partition('?')[0]}/callback", form, timeout=20):
            pass


@pytest.fixture(scope="module")
def delivery(root_url: str) -> Iterator[Delivery]:
    """Signed in as a person, by the page in the browser, and by what is kept of it afterwards."""
    token_uri = f"{root_url}oauth2/token"
    client = {"installed": {**CLIENT, "auth_uri": f"{root_url}o/oauth2/v2/auth", "token_uri": token_uri}}
    browser = _Browser()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(browser):
        patch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # It has no certificate.
        kept = json.loads(sign_in(json.dumps(client), 30))
    assert browser.thread is not None
    browser.thread.join()
    person = Credentials(None, kept["refresh_token"], None, token_uri, kept["client_id"], kept["client_secret"])
    services = Services(signed_transport(person, 20), root_url=root_url)
    yield google_delivery(services, Workspace("none", "milestones"))
    services.close()


def test_a_letter_is_reserved_sent_once_and_found(delivery: Delivery):
    message = letter(subject="Réunion, 会议", attachments=(Attachment.of("note.docx", b"PK", WORD),))
    reserved = delivery.mail.reserve(message)
    assert delivery.mail.find(reserved) == NotSent()
    sent = delivery.mail.send(reserved, message)
    assert delivery.mail.find(reserved) == sent
    assert delivery.mail.send(reserved, message) == sent


def test_a_draft_that_is_not_wanted_is_discarded(delivery: Delivery):
    reserved = delivery.mail.reserve(letter("other"))
    for _ in range(2):
        delivery.mail.discard(reserved)
    assert not isinstance(delivery.mail.find(reserved), Sent)
    with pytest.raises(Gone):
        delivery.mail.send(reserved, letter("other"))


def test_an_answer_stays_in_its_thread(delivery: Delivery):
    first = delivery.mail.send(delivery.mail.reserve(letter("first")), letter("first"))
    answer = letter("second", subject="Re: Invitation to session 1.1", in_reply_to=first.thread)
    second = delivery.mail.send(delivery.mail.reserve(answer), answer)
    assert (second.thread, second.reference == first.reference) == (first.thread, False)


def test_an_entry_is_put_on_the_calendar_and_called_off(delivery: Delivery):
    id = agenda_id("forum-1", "draft-1")
    delivery.agenda.put(id, entry())
    for _ in range(2):
        delivery.agenda.cancel(id)
