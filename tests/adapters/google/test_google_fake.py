"""The fake refuses what Google's documentation does: it would be worth nothing if it took everything."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaInMemoryUpload

from tasks.adapters.google.errors import reason_of
from tasks.adapters.google.fake.calendar import CALENDAR_ID
from tasks.adapters.google.fake.drive import DRIVE_ID
from tasks.adapters.google.fake.loopback import services_at
from tasks.adapters.google.fake.workspace import TOKEN, FakeGoogle, FakeTransport
from tasks.adapters.google.service import Services
from tasks.domain.errors import Invalid
from tests.adapters.delivery_contract import raw_mail

DAY = {"date": "2007-03-26"}
NEXT = {"date": "2007-03-27"}
RAW = base64.urlsafe_b64encode(raw_mail()).decode()
DRIVES: dict[str, Any] = {"supportsAllDrives": True}


@pytest.fixture
def services(google: FakeGoogle) -> Services:
    return Services(lambda: FakeTransport(google))


def refused(request: Any) -> tuple[int, str]:
    with pytest.raises(HttpError) as caught:
        request.execute()
    return caught.value.resp.status, reason_of(caught.value)[0]


@pytest.mark.parametrize(
    ("verb", "path", "body", "status"),
    [
        ("GET", "drive/v3/nothing", b"", 404),
        ("PUT", "drive/v3/files", b"", 404),
        ("GET", "drive/v3/files?pageSize=1001", b"", 400),
        ("GET", "drive/v3/files?pageSize=many", b"", 400),
        ("GET", "drive/v3/files?unknown=1", b"", 400),
        ("GET", "drive/v3/files?corpora=drive&corpora=user", b"", 400),
        ("GET", "drive/v3/files?supportsTeamDrives=true", b"", 400),
        ("GET", "drive/v3/files?supportsAllDrives=yes", b"", 400),
        ("GET", "drive/v3/changes?supportsAllDrives=true", b"", 400),
        ("GET", "drive/v3/files/generateIds?fields=ids,words", b"", 400),
        ("GET", "drive/v3/files/generateIds?fields=ids(", b"", 400),
        ("GET", "drive/v3/files/generateIds", b'{"name": "x"}', 400),
        ("POST", "drive/v3/files", b'{"title": "x"}', 400),
        ("POST", "drive/v3/files", b'{"name": 5}', 400),
        ("POST", "drive/v3/files", b'{"trashed": "no"}', 400),
        ("POST", "drive/v3/files", b"", 400),
        ("POST", "drive/v3/files/x/permissions", b'{"type": "user"}', 400),
        ("POST", "calendar/v3/calendars/x/events?sendUpdates=some", b"{}", 400),
        ("POST", "gmail/v1/users/me/drafts/send", b"{}", 400),
        ("POST", "gmail/v1/users/me/drafts", b'{"message": {"raw": "+/+/"}}', 400),
        ("GET", "gmail/v1/users/me/history?historyTypes=added", b"", 400),
    ],
)
def test_a_request_that_the_discovery_document_does_not_know(
    google: FakeGoogle, verb: str, path: str, body: bytes, status: int
):
    heads = {"Authorization": f"Bearer {TOKEN}"}
    assert google.handle(verb, f"https://www.googleapis.com/{path}", heads, body)[0] == status
    assert google.handle(verb, f"https://www.googleapis.com/{path}", {}, body)[0] == 401


def test_drive_refuses(services: Services, google: FakeGoogle):
    files, permissions = services.drive.files(), services.drive.permissions()
    id = services.drive.files().generateIds().execute()["ids"][0]
    body = {"id": id, "name": "a", "parents": [DRIVE_ID]}
    assert refused(files.create(body={**body, "id": "of-my-own"}, **DRIVES)) == (400, "invalid")
    assert refused(files.create(body=body)) == (404, "notFound")
    assert refused(files.create(body={**body, "parents": ["nowhere"]}, **DRIVES)) == (404, "notFound")
    assert refused(files.create(body={**body, "size": "1"}, **DRIVES)) == (403, "fieldNotWritable")
    native = {**body, "mimeType": "application/vnd.google-apps.document"}
    assert refused(files.create(body=native, **DRIVES)) == (400, "invalid")
    long = {**body, "properties": {"key": "x" * 122}}
    assert refused(files.create(body=long, **DRIVES)) == (400, "propertyTooLong")
    files.create(body=body, **DRIVES).execute()
    assert refused(files.create(body=body, **DRIVES)) == (409, "fileIdInUse")
    assert refused(files.update(fileId=id, body={"parents": ["x"]}, **DRIVES)) == (403, "fieldNotWritable")
    assert refused(files.list(q="fullText contains 'x'", corpora="drive", driveId=DRIVE_ID, **DRIVES))[0] == 403
    more = {"corpora": "drive", "driveId": DRIVE_ID, "includeItemsFromAllDrives": True, **DRIVES}
    assert refused(files.list(q="name like 'x'", **more)) == (400, "invalid")
    assert refused(files.list(q="'nowhere' in parents", **more)) == (404, "notFound")
    user = {"type": "user", "role": "commenter", "emailAddress": "a@b.example"}
    for wrong in ({"role": "owner"}, {"role": "boss"}, {"emailAddress": ""}, {"type": "anyone"}):
        assert refused(permissions.create(fileId=id, body={**user, **wrong}, **DRIVES)) == (400, "invalid")
    assert refused(permissions.delete(fileId=id, permissionId="member-0", **DRIVES))[0] == 403
    assert "md5Checksum" not in files.get(fileId=id, **DRIVES).execute()


def test_an_upload_in_parts_that_do_not_fit_is_refused(services: Services):
    media = MediaInMemoryUpload(bytes(600_000), "application/zip", chunksize=300_000, resumable=True)
    request = services.drive.files().create(body={"parents": [DRIVE_ID]}, media_body=media, **DRIVES)
    assert refused(request) == (400, "badRequest")


def test_gmail_refuses(services: Services, google: FakeGoogle):
    drafts = services.gmail.users().drafts()
    assert refused(drafts.create(userId="me", body={"message": {}})) == (400, "invalidArgument")
    assert refused(drafts.create(userId="other@forum.example", body={"message": {"raw": RAW}}))[0] == 403
    assert refused(drafts.create(userId="me", body={"message": {"raw": RAW, "threadId": "ff"}}))[0] == 404
    draft = drafts.create(userId="me", body={"message": {"raw": RAW}}).execute()["id"]
    drafts.send(userId="me", body={"id": draft}).execute()
    for again in (drafts.send(userId="me", body={"id": draft}), drafts.get(userId="me", id=draft)):
        assert refused(again) == (404, "notFound")
    nobody = base64.urlsafe_b64encode(b"Subject: x\r\n\r\nx").decode()
    draft = drafts.create(userId="me", body={"message": {"raw": nobody}}).execute()["id"]
    assert refused(drafts.send(userId="me", body={"id": draft})) == (400, "invalidArgument")
    assert len(google.gmail.delivered) == 1


@pytest.mark.parametrize("id", ["abcd", "ABCDE", "abcdw", "ab-cde", "", "a" * 1025])
def test_the_calendar_refuses_an_id_that_is_not_base32hex(services: Services, id: str):
    request = services.calendar.events().insert(calendarId=CALENDAR_ID, body={"id": id, "start": DAY, "end": NEXT})
    assert refused(request) == (400, "invalid")


def test_the_calendar_refuses(services: Services, google: FakeGoogle):
    events = services.calendar.events()
    body = {"id": "abcde", "start": DAY, "end": NEXT}
    insert = {"calendarId": CALENDAR_ID, "body": body}
    assert refused(events.insert(calendarId=CALENDAR_ID, body={**body, "end": DAY})) == (400, "timeRangeEmpty")
    assert refused(events.insert(calendarId=CALENDAR_ID, body={"id": "abcde"})) == (400, "required")
    naive = {"dateTime": "2007-03-26T17:00:00"}
    assert refused(events.insert(calendarId=CALENDAR_ID, body={**body, "start": naive, "end": naive}))[0] == 400
    assert refused(events.patch(eventId="abcde", **insert)) == (404, "notFound")
    events.insert(**insert).execute()
    assert refused(events.insert(**insert)) == (409, "duplicate")
    events.delete(calendarId=CALENDAR_ID, eventId="abcde").execute()
    assert refused(events.delete(calendarId=CALENDAR_ID, eventId="abcde")) == (410, "deleted")
    assert refused(events.insert(**insert)) == (409, "duplicate")
    assert events.get(calendarId=CALENDAR_ID, eventId="abcde").execute()["status"] == "cancelled"
    google.calendar.role = "reader"
    assert refused(events.insert(**insert)) == (403, "requiredAccessLevel")


@pytest.mark.parametrize("address", ["https://www.googleapis.com/", "http://127.0.0.1.example/", "127.0.0.1"])
def test_what_is_made_up_is_told_to_this_machine_only(address: str):
    with pytest.raises(Invalid, match="on this machine"):
        services_at(address)
