"""The Google backend keeps the contract, on the fake in this process and over HTTP."""

from __future__ import annotations

import pytest

from tasks.adapters.google.fake.workspace import FakeGoogle
from tasks.adapters.ports import Delivery
from tests.adapters.delivery_contract import DeliveryContract


class Partners:
    """The outside of the Google backend."""

    def __init__(self, google: FakeGoogle) -> None:
        self._google = google

    def sent(self) -> list[bytes]:
        return self._google.gmail.delivered

    def mail_in(self, raw: bytes) -> None:
        self._google.gmail.receive(raw)

    def file_in(self, folder: str, name: str, data: bytes) -> None:
        here = [file.id for file in self._google.drive.files.values() if (file.parent, file.name) == (folder, name)]
        if here:
            self._google.drive.edit(here[0], data)
        else:
            self._google.drive.drop(folder, name, data)


@pytest.fixture
def outside(google: FakeGoogle) -> Partners:
    return Partners(google)


class TestGoogleDelivery(DeliveryContract):
    """The contract."""


@pytest.fixture
def google(request: pytest.FixtureRequest) -> FakeGoogle:
    """Lists come two at a time, so that every list is in pages."""
    return FakeGoogle(page_limit=2)


def test_the_backend_says_its_name(delivery: Delivery):
    assert delivery.name == "google"
