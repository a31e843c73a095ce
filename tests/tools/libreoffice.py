"""LibreOffice and poppler, to look at Word files as pages, and to have files as LibreOffice saves them.

Never used to make or change a document of the project.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

#: Files per LibreOffice: starting costs seconds, a file a fifth of one, and a huge batch would hide which file hung.
_BATCH = 40
_SECONDS_PER_BATCH = 300


def missing() -> str | None:
    """Why no pages can be had here, to skip with; None when all is there."""
    if _soffice() is None:
        return "LibreOffice Writer is not installed (soffice)"
    if absent := [name for name in ("pdfinfo", "pdftotext", "pdftoppm") if shutil.which(name) is None]:
        return f"poppler-utils is not installed ({', '.join(absent)})"
    return None


def to_pdf(paths: Iterable[Path], out_dir: Path) -> dict[Path, Path]:
    """The PDF of each file, in `out_dir` under the file's own stem.

    Many files per LibreOffice process, each process with a profile folder of its own, so that two may run side by
    side and nothing of the user's own LibreOffice is touched. Raises ValueError when two files would get the same
    name, RuntimeError naming the files of which LibreOffice made no PDF.
    """
    return _converted(paths, out_dir, "pdf")


def to_docx(paths: Iterable[Path], out_dir: Path) -> dict[Path, Path]:
    """Each file as LibreOffice saves it when somebody opens it there, as a partner might. Else like `to_pdf`."""
    return _converted(paths, out_dir, "docx")


def _converted(paths: Iterable[Path], out_dir: Path, kind: str) -> dict[Path, Path]:
    asked = list(dict.fromkeys(paths))
    twice = [stem for stem, count in Counter(path.stem for path in asked).items() if count > 1]
    if twice:
        raise ValueError(f"several files would become {', '.join(sorted(twice))}.{kind}: give them separate folders")
    out_dir.mkdir(parents=True, exist_ok=True)
    made = {path: out_dir / f"{path.stem}.{kind}" for path in asked}
    for target in made.values():
        target.unlink(missing_ok=True)
    said = [_convert(asked[start : start + _BATCH], out_dir, kind) for start in range(0, len(asked), _BATCH)]
    if lost := [path.name for path, target in made.items() if not target.is_file()]:
        raise RuntimeError(f"LibreOffice made no {kind.upper()} of {', '.join(lost)}\n{''.join(said)[-2000:]}")
    return made


def pages(pdf: Path) -> int:
    """How many pages a PDF has."""
    told = _run("pdfinfo", str(pdf))
    found = re.search(r"^Pages:\s+(\d+)$", told, re.MULTILINE)
    if found is None:
        raise RuntimeError(f"{pdf.name}: pdfinfo names no pages\n{told}")
    return int(found.group(1))


def text(pdf: Path, *, page: int | None = None) -> str:
    """The words of a PDF, or of one page of it (from 1), in reading order."""
    only = [] if page is None else ["-f", str(page), "-l", str(page)]
    return _run("pdftotext", "-enc", "UTF-8", *only, str(pdf), "-")


def pictures(pdf: Path, out_dir: Path, *, dots_per_inch: int = 60, last: int | None = None) -> list[Path]:
    """A PNG of each page, in order, up to page `last`."""
    out_dir.mkdir(parents=True, exist_ok=True)
    until = [] if last is None else ["-l", str(last)]
    _run("pdftoppm", "-png", "-r", str(dots_per_inch), *until, str(pdf), str(out_dir / pdf.stem))
    # pdftoppm pads the number to the width of the last one, so that names sort as pages do.
    return sorted(path for path in out_dir.glob("*.png") if re.fullmatch(re.escape(pdf.stem) + r"-\d+", path.stem))


def _soffice() -> str | None:
    return shutil.which("soffice") or shutil.which("soffice", path="/Applications/LibreOffice.app/Contents/MacOS")


def _convert(batch: list[Path], out_dir: Path, kind: str) -> str:
    """What one LibreOffice said while it converted a batch. It ends with 0 even when it could not read a file."""
    soffice = _soffice()
    if soffice is None:
        raise RuntimeError(missing())
    with tempfile.TemporaryDirectory(prefix="rt-lo-") as profile, tempfile.TemporaryFile("w+") as said:
        command = [soffice, f"-env:UserInstallation={Path(profile).resolve().as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", kind, "--outdir", str(out_dir.resolve()), *(str(path.resolve()) for path in batch)]
        environment = {**os.environ, "SAL_USE_VCLPLUGIN": "svp"}  # no display is asked for
        running = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=environment, start_new_session=True
        )
        try:
            running.wait(_SECONDS_PER_BATCH)
        finally:
            # `soffice` is a script: what hangs is its grandchild, so the whole group goes.
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)
                running.wait()
        said.seek(0)
        return said.read()


def _run(*command: str) -> str:
    ended = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)
    if ended.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {ended.returncode}: {ended.stderr.strip()[-500:]}")
    return ended.stdout
