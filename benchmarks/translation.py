"""A paper cut into segments and built from their targets: speed, memory and growth, against a bare parse and save.

Each way has a process of its own, timed without its imports; its memory is the most it ever had. Twice the pages should
take about twice the time.

    python -m benchmarks.translation            what `make bench` shows of it
"""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from benchmarks.returned import COPIES, paper_of
from tasks.adapters.word.opc import unpack
from tasks.adapters.word.segments import extract, rebuild
from tests.proof.round_trip import pseudo

#: Papers of about 75, 150 and 300 pages.
_SIZES = (COPIES // 4, COPIES // 2, COPIES)


@dataclass(frozen=True)
class Took:
    """Seconds, the most memory of the process in MB, and the segments that went through."""

    seconds: float
    megabytes: float
    segments: int


def bare(data: bytes) -> int:
    """Every part parsed and written by lxml, zipped again, and nothing else done."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in archive.namelist():
            content = archive.read(name)
            made.writestr(
                name, etree.tostring(etree.fromstring(content)) if name.endswith((".xml", ".rels")) else content
            )
    return 0


def cut(data: bytes) -> int:
    """All segments taken out; how many."""
    return len(extract(unpack(data)))


def cut_and_build(data: bytes) -> int:
    """All segments taken out and every one put back with other letters; how many."""
    targets = {segment.id: pseudo(segment.text) for segment in extract(unpack(data))}
    rebuild(data, targets, "fr-FR", False)
    return len(targets)


WAYS: dict[str, Callable[[bytes], int]] = {"bare": bare, "out": cut, "out and in": cut_and_build}


def in_own_process(way: str, path: Path) -> Took:
    """One way, measured in a new process."""
    command = [sys.executable, "-m", "benchmarks.translation", way, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ.copy(), check=True)
    return Took(**json.loads(done.stdout))


def report() -> None:
    """Print the figures of each size."""
    print("Translation: segments out of a paper and in again, against a bare parse and save of the same file")
    print("  pages  way         seconds    MB  segments  segments/s  of bare")
    with tempfile.TemporaryDirectory(prefix="roundtable-bench-") as folder:
        for copies in _SIZES:
            path = Path(folder) / f"{copies}.docx"
            path.write_bytes(paper_of(copies))
            took = {way: in_own_process(way, path) for way in WAYS}
            for way, each in took.items():
                print(
                    f"  {300 * copies // COPIES:5}  {way:10}  {each.seconds:7.2f}  {each.megabytes:4.0f}"
                    f"  {each.segments:8,}  {each.segments / each.seconds:10,.0f}"
                    f"  {each.seconds / took['bare'].seconds:7.1f}",
                    flush=True,
                )


def main() -> None:
    if len(sys.argv) == 1:
        report()
        return
    way, path = sys.argv[1:]
    data = Path(path).read_bytes()
    began = time.process_time()
    segments = WAYS[way](data)
    seconds = time.process_time() - began
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "megabytes": kilobytes / 1024, "segments": segments}))


if __name__ == "__main__":
    main()
