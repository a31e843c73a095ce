"""The command starts with its own packages, whoever else has some of the same names."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OWN = ("flows", "tasks", "config")
#: As the console script does it: the checkout is the last line of the path, behind all of site-packages.
START = f"""
import site, sys
site.addsitedir("site-packages")
sys.path.append({str(ROOT)!r})
from roundtable import main
main()
"""


def foreign(folder: Path, name: str) -> Path:
    """A package of this name that is not ours."""
    (folder / name).mkdir(parents=True)
    (folder / name / "__init__.py").touch()
    return folder


def start(here: Path, pythonpath: Path | str = "", words: str = "--help") -> tuple[int, str, str]:
    """How the command ended, and what it said, in a process of its own that stands in `here`."""
    done = subprocess.run(
        [sys.executable, "-c", START, words],
        cwd=here, env={**os.environ, "PYTHONPATH": str(pythonpath)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("place", ["site-packages", "on-pythonpath"])
def test_a_foreign_package_on_the_path_does_no_harm(tmp_path: Path, name: str, place: str) -> None:
    folder = foreign(tmp_path / place, name)
    code, told, wrong = start(tmp_path, folder if place == "on-pythonpath" else "")
    assert (code, wrong) == (0, "")
    assert "rehearse" in told


@pytest.mark.parametrize("name", OWN)
def test_a_foreign_package_that_is_imported_already_is_named(tmp_path: Path, name: str) -> None:
    folder = foreign(tmp_path / "foreign", name)
    (folder / "sitecustomize.py").write_text(f"import {name}\n", "utf-8")
    code, told, wrong = start(tmp_path, folder)
    said = (
        f"{name} comes from {folder / name / '__init__.py'}, not from {ROOT / name / '__init__.py'}; unset PYTHONPATH"
    )
    assert (code, told, wrong.count("\n")) == (1, "", 1)
    assert wrong.startswith(said)


def test_a_package_that_is_missing_is_named(tmp_path: Path) -> None:
    alone = tmp_path / "roundtable.py"
    alone.write_bytes((ROOT / "roundtable.py").read_bytes())
    done = subprocess.run([sys.executable, "-I", "-S", alone], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(f"flows comes from nowhere, not from {tmp_path / 'flows' / '__init__.py'}; ")


def test_the_processes_it_starts_find_the_same_packages(tmp_path: Path) -> None:
    folder = foreign(tmp_path / "foreign", "config")
    code = (
        "import subprocess, sys, roundtable\nroundtable._come_first()\n"
        "subprocess.run([sys.executable, '-c', 'import config; print(config.__file__)'], check=True)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}
    child = [sys.executable, "-c", code]
    done = subprocess.run(child, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(ROOT / "config" / "__init__.py")
