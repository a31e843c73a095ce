"""What holds for every test: a Prefect of its own, the size of property runs, the list of allowed skips."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

# Before anything imports Prefect or reads our settings: no test may see or touch what is set up on this machine.
for _name in [name for name in os.environ if name.startswith(("PREFECT_", "ROUNDTABLE_"))]:
    if _name not in {"ROUNDTABLE_ALLOWED_SKIPS", "ROUNDTABLE_SOAK"}:
        del os.environ[_name]
_home = tempfile.mkdtemp(prefix="rt-prefect-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ.update({"PREFECT_HOME": _home, "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"})
os.environ["MPLBACKEND"] = "Agg"

from tests.tools.skips import SkipGate  # noqa: E402

SOAK = os.environ.get("ROUNDTABLE_SOAK") == "1"

# `make test` runs the same examples every time; `make soak` runs many, and new ones each time.
_slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("sample", derandomize=True, max_examples=40, deadline=None, database=None)
settings.register_profile("soak", max_examples=2000, deadline=None, print_blob=True, suppress_health_check=_slow)
settings.load_profile("soak" if SOAK else "sample")


def pytest_configure(config: pytest.Config) -> None:
    """Put up the gate for skips where the environment asks for it (.ci/run does)."""
    if (gate := SkipGate.from_environment()) is not None:
        config.pluginmanager.register(gate, "skip-gate")


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end, and is not looked through for garbage after each test."""
    gc.collect()
    gc.freeze()


#: The tests of the flows: half of all the time.
_LONGEST = "flows"


class TogetherByFile(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    """The tests of a file stay on one process, with what they share; those of the flows all on one, with their server.

    Its own groups, which a mark makes, are not to be had with pytest 9: that keeps the ids of tests in another place.
    """

    def _split_scope(self, nodeid: str) -> str:
        return _LONGEST if nodeid.startswith("tests/flows/") else nodeid.partition("::")[0]

    def _assign_work_unit(self, node: Any) -> None:
        if _LONGEST in self.workqueue:  # begun last, it would be waited for
            self.workqueue.move_to_end(_LONGEST, last=False)
        super()._assign_work_unit(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TogetherByFile:
    """How the tests are shared out among processes."""
    return TogetherByFile(config, log)


@pytest.fixture(scope="session")
def rounds() -> Callable[[int, int], int]:
    """`rounds(sample, soak)`: how many rounds a crash or property run goes, under `make test` and `make soak`."""
    return lambda sample, soak: soak if SOAK else sample
