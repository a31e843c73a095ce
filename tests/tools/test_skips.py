"""The gate for skips: what is not on the list fails the run, and says so before the last line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.skips import SkipGate, read_list

pytest_plugins = ["pytester"]

TESTS = """
import pytest

def test_runs(): pass

@pytest.mark.skip(reason="no moon tonight")
def test_moon(): pass

@pytest.mark.parametrize("planet", ["mars", "venus"])
def test_planet(planet): pytest.skip(f"{planet} is not up")

@pytest.mark.xfail(reason="known", strict=True)
def test_known(): assert False
"""


@pytest.mark.parametrize(
    ("allowed", "refused"),
    [
        ([], {"test_sky.py::test_moon", "test_sky.py::test_planet[mars]", "test_sky.py::test_planet[venus]"}),
        (["test_sky.py::test_planet"], {"test_sky.py::test_moon"}),
        (["test_sky.py::test_planet[mars]", "test_sky.py::test_moon"], {"test_sky.py::test_planet[venus]"}),
        (["test_sky.py::test_plan", "test_sky.py::test_moon"], {"test_sky.py::test_planet[mars]"}),
        (["test_sky.py"], set()),
    ],
)
def test_only_skips_on_the_list_pass(pytester: pytest.Pytester, allowed: list[str], refused: set[str]) -> None:
    pytester.makeini("[pytest]")  # else one further up the temporary folder's path would name the tests
    pytester.makepyfile(test_sky=TESTS)
    gate = SkipGate(allowed)
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", plugins=[gate])
    assert refused <= set(gate.refused)
    assert bool(gate.refused) is bool(refused)
    assert result.ret == (pytest.ExitCode.TESTS_FAILED if refused else pytest.ExitCode.OK)
    said = result.stdout.str()
    assert all(test in said for test in refused)
    assert "1 passed, 3 skipped, 1 xfailed" in said.splitlines()[-1]


def test_a_whole_file_that_skips_itself_is_noticed(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]")
    pytester.makepyfile(test_stars="import pytest\npytest.importorskip('no_such_package')")
    gate = SkipGate([])
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", plugins=[gate])
    assert set(gate.refused) == {"test_stars.py"}
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_the_list_wants_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "allowed"
    path.write_text("# a remark\n\ntests/test_a.py::test_b # the server is not packaged for this system\n", "utf-8")
    assert read_list(path) == ["tests/test_a.py::test_b"]
    path.write_text("tests/test_a.py::test_b\n", "utf-8")
    with pytest.raises(pytest.UsageError, match="line 1: say why"):
        read_list(path)
