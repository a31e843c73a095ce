"""Secrets stay secret, and what is missing is said by name."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import threading
import traceback
import urllib.request
from contextlib import redirect_stdout
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tasks.adapters.google.check import check
from tasks.adapters.google.credentials import SCOPES, make_credentials, read_secret, write_secret
from tasks.adapters.google.delivery import Workspace, google_delivery
from tasks.adapters.google.fake.loopback import serve
from tasks.adapters.google.fake.workspace import TOKEN, FakeGoogle, FakeTransport
from tasks.adapters.google.service import Services
from tasks.adapters.google.sign_in import sign_in
from tasks.adapters.google.transport import signed_transport
from tasks.adapters.ports import Denied
from tasks.domain.errors import Invalid, Unknown, Unsafe
from tests.adapters.google.conftest import WORKSPACE
from tests.adapters.google.test_google_failures import everything

SECRET = "a-secret-nobody-may-see"


@pytest.fixture(scope="module")
def key() -> str:
    """A private key as in a service account's file."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.PKCS8
    return made.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def account(key: str, root_url: str = "https://example.org/") -> str:
    told = {"type": "service_account", "client_email": "robot@project.example", "private_key": key}
    return json.dumps({**told, "private_key_id": "1", "token_uri": f"{root_url}token"})


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_file_of_its_owner_is_read(tmp_path: Path, mode: int):
    path = tmp_path / "google.json"
    path.write_text(SECRET)
    path.chmod(mode)
    assert read_secret(path) == SECRET


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o666, 0o620, 0o602, 0o777, 0o610])
def test_a_file_that_is_open_to_others_is_not_read(tmp_path: Path, mode: int):
    path = tmp_path / "google.json"
    path.write_text(SECRET)
    path.chmod(mode)
    with pytest.raises(Unsafe, match=f"mode {mode:04o}.*chmod 600"):
        read_secret(path)


def test_no_file_and_a_link_are_refused(tmp_path: Path):
    with pytest.raises(Unknown, match=r"docs/google\.md"):
        read_secret(tmp_path / "google.json")
    write_secret(tmp_path / "real.json", SECRET)
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    with pytest.raises(Unsafe):
        read_secret(tmp_path / "link.json")


def test_what_is_written_is_its_owners_alone_whatever_was_there(tmp_path: Path):
    path = tmp_path / "google.json"
    path.write_text("old")
    path.chmod(0o666)
    before = os.umask(0)
    try:
        write_secret(path, SECRET)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_secret(path) == SECRET
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "text",
    [
        "",
        SECRET,
        json.dumps([SECRET]),
        json.dumps({"type": SECRET}),
        json.dumps({"type": [SECRET]}),
        json.dumps({"type": "service_account", "private_key": SECRET}),
        account(SECRET),
        account(f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----\n"),
        json.dumps({"type": "authorized_user", "refresh_token": SECRET}),
    ],
)
def test_bad_credentials_are_refused_without_being_quoted(text: str):
    with pytest.raises(Invalid, match="download") as caught:
        make_credentials(text)
    assert SECRET not in str(caught.value)
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_credentials_ask_for_the_least(key: str):
    robot = make_credentials(account(key), subject="office@forum.example")
    assert set(robot.scopes) == set(SCOPES)
    assert robot.service_account_email == "robot@project.example"
    person = make_credentials(
        json.dumps({"type": "authorized_user", "client_id": "1", "client_secret": SECRET, "refresh_token": SECRET})
    )
    assert set(person.scopes) == set(SCOPES)
    assert not {
        scope for scope in SCOPES if scope.endswith(("/drive", "/calendar", "/gmail.modify", "mail.google.com/"))
    }


def test_the_scopes_are_enough_for_everything_and_each_is_needed(google: FakeGoogle):
    everything(google_delivery(Services(lambda: FakeTransport(google)), WORKSPACE))
    for scope in SCOPES:
        lesser = FakeGoogle(scopes=set(SCOPES) - {scope})
        services = Services(lambda: FakeTransport(lesser))  # noqa: B023
        missing = [finding.missing for finding in check(services, WORKSPACE) if finding.missing]
        assert missing and all(scope in one for one in missing), (scope, missing)


def test_a_service_account_signs_in_and_nothing_of_it_is_logged(
    key: str, google: FakeGoogle, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
):
    caplog.set_level(logging.DEBUG)
    with serve(google) as root_url:
        credentials = make_credentials(account(key, root_url), subject="office@forum.example")
        services = Services(signed_transport(credentials, 20), root_url=root_url)
        everything(google_delivery(services, WORKSPACE))
        services.close()
    told = caplog.text + "".join(capsys.readouterr())
    assert len(google.gmail.delivered) == 1
    assert not [secret for secret in (TOKEN, key, key.splitlines()[3], "Bearer") if secret in told]


def test_a_refused_sign_in_is_denied_without_being_quoted(key: str, google: FakeGoogle):
    google.signs_in = "nobody"
    with serve(google) as root_url:
        services = Services(signed_transport(make_credentials(account(key, root_url)), 20), root_url=root_url)
        with pytest.raises(Denied, match="the sign-in is refused") as caught:
            google_delivery(services, WORKSPACE).files.folder("forum-1", "1.1")
        services.close()
    assert "assertion" not in str(caught.value)
    assert google.calls == []


def test_a_check_finds_nothing_missing_and_changes_nothing(services: Services, google: FakeGoogle):
    assert [finding.missing for finding in check(services, WORKSPACE)] == [""] * 6
    assert (google.drive.files, google.gmail.mails, google.calendar.events) == ({}, {}, {})


def test_a_check_names_the_share_that_is_missing(services: Services, google: FakeGoogle):
    google.drive.members["office@forum.example"] = "reader"
    google.calendar.role = "reader"
    missing = " ".join(finding.missing for finding in check(services, WORKSPACE))
    assert "on the shared drive we lack canAddChildren and canShare" in missing
    assert "on the calendar we are reader" in missing
    del google.drive.members["office@forum.example"]
    google.calendar.role = None
    missing = " ".join(finding.missing for finding in check(services, Workspace("0ASharedDrive", "other@calendar")))
    assert "content manager of the drive 0ASharedDrive" in missing
    assert "share the calendar other@calendar with us" in missing


def test_a_wrong_token_is_denied(google: FakeGoogle):
    services = Services(lambda: FakeTransport(google, "stale"))
    assert all("sign in again" in finding.missing for finding in check(services, WORKSPACE))


class _Browser(io.StringIO):
    """Reads the address that is printed and does what a person's browser does after the consent."""

    def __init__(self, answer: dict[str, str]) -> None:
        super().__init__()
        self._answer = answer
        self.asked: dict[str, list[str]] = {}
        self.thread: threading.Thread | None = None

    def write(self, text: str) -> int:
        if found := re.search(r"https://accounts\.example/\S+", text):
            self.asked = parse_qs(urlsplit(found[0]).query)
            query = urlencode({**self._answer, "state": self.asked["state"][0]})
            url = f"{self.asked['redirect_uri'][0]}?{query}"
            self.thread = threading.Thread(target=lambda: urllib.request.urlopen(url, timeout=20).close())
            self.thread.start()
        return super().write(text)


def client(root_url: str) -> str:
    installed = {"client_id": "desk", "client_secret": SECRET, "auth_uri": "https://accounts.example/auth"}
    return json.dumps({"installed": {**installed, "token_uri": f"{root_url}token", "redirect_uris": []}})


def test_a_person_signs_in_once(google: FakeGoogle, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # The loopback server has no certificate.
    browser = _Browser({"code": "code-1"})
    with serve(google) as root_url, redirect_stdout(browser):
        kept = sign_in(client(root_url), 30)
    assert browser.thread is not None
    browser.thread.join()
    assert set(browser.asked["scope"][0].split()) == set(SCOPES)
    assert (browser.asked["access_type"], browser.asked["code_challenge_method"]) == (["offline"], ["S256"])
    assert urlsplit(browser.asked["redirect_uri"][0]).hostname == "127.0.0.1"
    write_secret(tmp_path / "google.json", kept)
    assert make_credentials(read_secret(tmp_path / "google.json")).refresh_token == "refresh-for-code-1"
    assert TOKEN not in kept  # What holds for an hour is not kept.
    assert SECRET not in browser.getvalue()


@pytest.mark.parametrize("answer", [{"code": "code-1"}, {"error": "access_denied"}])
def test_a_sign_in_that_is_refused_is_denied(google: FakeGoogle, monkeypatch: pytest.MonkeyPatch, answer: dict):
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    google.signs_in = "nobody"
    browser = _Browser(answer)
    with serve(google) as root_url, redirect_stdout(browser), pytest.raises(Denied, match="refused") as caught:
        sign_in(client(root_url), 30)
    assert browser.thread is not None
    browser.thread.join()
    assert "code-1" not in str(caught.value)


def test_nobody_signs_in(google: FakeGoogle):
    with serve(google) as root_url, pytest.raises(Denied, match="within 1 seconds"):
        sign_in(client(root_url), 1)


@pytest.mark.parametrize("text", ["", "[]", "{}", json.dumps({"web": {"client_id": "x"}})])
def test_a_client_that_is_none_is_refused(text: str):
    with pytest.raises(Invalid, match="desktop app"):
        sign_in(text)
