"""Apertium: the program itself where it is installed, and what is told where it is not, fails or hangs."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tasks.adapters import apertium
from tasks.adapters.apertium import Apertium
from tasks.domain.codes import check_codes
from tasks.domain.errors import NotNow

Program = Callable[[str], None]


def _modes() -> str:
    program = shutil.which("apertium")
    return subprocess.run([program, "-l"], capture_output=True, text=True, check=False).stdout if program else ""


@pytest.mark.parametrize(
    ("pair", "source"),
    [
        ("eng-spa", ["The ⟦4⟧report⟦/4⟧ of the commission⟦5/⟧.", "Migration and development"]),
        ("fr-es", ["Le ⟦4⟧rapport⟦/4⟧ de la commission⟦5/⟧.", "Migration et développement"]),
    ],
)
def test_the_program_translates_and_keeps_the_codes(pair: str, source: list[str]) -> None:
    if pair not in _modes().split():
        pytest.skip(f"apertium is not installed with the pair {pair}")
    from_ = "en-GB" if pair.startswith("eng") else "fr-BE"
    texts = [*source, "R&D < 5 <b> ⟦⟦ 2007"]
    found = Apertium().translate(texts, from_, "es-ES")
    assert [check_codes(text, answer) for text, answer in zip(texts, found, strict=True)] == [[], [], []]
    assert "informe⟦/4⟧" in found[0]
    assert found[1] == "Migración y desarrollo"
    assert "< 5 <b> ⟦⟦ 2007" in found[2]
    with pytest.raises(NotNow, match=r"no translation from ar into zh, only .*install its package for the pair"):
        Apertium().translate(["a"], "ar", "zh-CN")


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """A program of that name that does what a line of shell says, and knows one pair."""

    def make(line: str) -> None:
        path = tmp_path / "apertium"
        path.write_text(f'#!/bin/sh\nif [ "$1" = -l ]; then echo "  eng-spa"; exit; fi\n{line}\n', "utf-8")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    return make


def test_a_program_that_answers(program: Program) -> None:
    program("cat")
    assert Apertium().translate(["a ⟦1⟧b⟦/1⟧", "</p><p>", ""], "en", "es") == ["a ⟦1⟧b⟦/1⟧", "</p><p>", ""]
    assert Apertium().cost(["a"]) == 0
    assert Apertium().translate([], "ar", "zh") == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("cat >/dev/null; echo '<p>a</p>'", "apertium gave back 1 of 2 segments"),
        ("cat >/dev/null; echo 'no memory' >&2; exit 3", r"apertium failed \(no memory\)"),
        ("exit 1", r"apertium failed \(no reason given\)"),
        ("exec sleep 9", "apertium gave no answer within 0.1 seconds"),
    ],
)
def test_a_program_that_does_not(program: Program, monkeypatch: pytest.MonkeyPatch, line: str, told: str) -> None:
    program(line)
    if "sleep" in line:
        monkeypatch.setattr(apertium, "_PATIENCE_SECONDS", 0.1)
    with pytest.raises(NotNow, match=told):
        Apertium().translate(["a", "b"], "en", "es")


def test_no_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotNow, match="apertium is not installed; install it with its package"):
        Apertium().translate(["a"], "en", "es")
