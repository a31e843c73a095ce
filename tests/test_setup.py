"""What the set-up installs: exact versions, the ones pyproject.toml asks for, and no address of any registry."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
ASKED = [Requirement(asked) for asked in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]]


def pins() -> dict[str, str]:
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    named = [line.partition("==") for line in lines if not line.startswith("#")]
    assert all(equals for _name, equals, _version in named)
    return {canonicalize_name(name): version for name, _equals, version in named}


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_the_lock_has_what_the_project_asks_for(asked: Requirement) -> None:
    assert asked.specifier.contains(pins()[canonicalize_name(asked.name)])


@pytest.mark.parametrize("name", ["requirements.lock", "tests/tools/package-lock.json"])
def test_a_lock_names_no_address(name: str) -> None:
    assert re.findall(r"\w+://\S+|\"resolved\"|^-.*| @ ", (ROOT / name).read_text("utf-8"), re.MULTILINE) == []


def test_every_target_of_the_makefile_is_in_its_help() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    helped = set(re.findall(r"^#   make (\w+)", text, re.MULTILINE))
    phony = next(line for line in text.splitlines() if line.startswith(".PHONY:")).split()[1:]
    assert helped == set(phony) - {"help", "setup", "static", "FORCE"}
