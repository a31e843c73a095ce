"""No test is skipped unnoticed: where everything is installed, a skip that is not on the list fails the run.

The environment variable ROUNDTABLE_ALLOWED_SKIPS names the list. Without it (on a user's machine) skips are only
reported. A line of the list is a test's id, or the beginning of one up to `::` or `[`, then ` # ` and the reason.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

VARIABLE = "ROUNDTABLE_ALLOWED_SKIPS"


def read_list(path: Path) -> list[str]:
    """The ids on the list. A line without a reason is refused: nobody could tell when it may go."""
    allowed = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        test, _, reason = line.partition(" # ")
        if not reason.strip():
            raise pytest.UsageError(f"{path.name}, line {number}: say why after ' # '")
        allowed.append(test.strip())
    return allowed


class SkipGate:
    """Collects skips, of tests and of whole files, and fails the run for those that are not allowed."""

    def __init__(self, allowed: list[str]) -> None:
        self.allowed = allowed
        self.refused: dict[str, str] = {}

    @classmethod
    def from_environment(cls) -> SkipGate | None:
        """The gate the environment asks for, if any."""
        named = os.environ.get(VARIABLE)
        return cls(read_list(Path(named))) if named else None

    def allows(self, test: str) -> bool:
        """Whether the skip of this test is on the list, by its id or the beginning of it."""
        return any(test == entry or test.startswith((f"{entry}::", f"{entry}[")) for entry in self.allowed)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test skipped itself, or a fixture or mark skipped it. (An expected failure also reports as skipped.)"""
        if not hasattr(report, "wasxfail"):
            self._note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A whole file skipped itself."""
        self._note(report)

    def _note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.skipped and not self.allows(report.nodeid):
            why: Any = report.longrepr
            self.refused[report.nodeid] = why[2] if isinstance(why, tuple) else str(why)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Turn a green run with a skip that nobody allowed into a failed one."""
        if self.refused and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say which, before pytest's own last line."""
        if self.refused:
            terminalreporter.section("skipped, and not on the list of allowed skips: the run fails", red=True)
            for test, reason in sorted(self.refused.items()):
                terminalreporter.line(f"{test}: {reason}")
