"""The fake Google, in this process and over HTTP on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tasks.adapters.google.delivery import Workspace, google_delivery
from tasks.adapters.google.fake.calendar import CALENDAR_ID
from tasks.adapters.google.fake.drive import DRIVE_ID
from tasks.adapters.google.fake.loopback import connected
from tasks.adapters.google.fake.workspace import FakeGoogle, FakeTransport
from tasks.adapters.google.service import Services
from tasks.adapters.ports import Delivery

pytest.register_assert_rewrite("tests.adapters.delivery_contract")

WORKSPACE = Workspace(DRIVE_ID, CALENDAR_ID)


@pytest.fixture
def google() -> FakeGoogle:
    return FakeGoogle()


@pytest.fixture
def waits() -> list[float]:
    """The seconds that were waited between tries, without waiting."""
    return []


@pytest.fixture(params=["in process", "over HTTP"])
def services(request: pytest.FixtureRequest, google: FakeGoogle, waits: list[float]) -> Iterator[Services]:
    if request.param == "in process":
        yield Services(lambda: FakeTransport(google), sleep=waits.append)
        return
    with connected(google, waits.append) as made:
        yield made


@pytest.fixture
def delivery(services: Services) -> Delivery:
    return google_delivery(services, WORKSPACE)
