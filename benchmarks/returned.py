"""Reading what came back: marks and paragraphs per second and memory, against a bare parse and against pandoc.

Two cases, made by the generator of the tests: one paper of 300 pages with 2,000 marks, and 50 returned files of one
round. Each way of reading has a process of its own, timed without its imports; its memory is the most it ever had.

    python -m benchmarks.returned            what `make bench` shows of it
"""

from __future__ import annotations

import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pypandoc
from lxml import etree

from tasks.adapters import materials
from tasks.adapters.word.build import fill_body
from tasks.adapters.word.markup import read_markup
from tasks.adapters.word.numbered import number_paragraphs
from tasks.adapters.word.opc import unpack
from tasks.domain.comment_matrix import Returned, compile_matrix
from tasks.domain.text import Block, Paragraph, Text
from tests.adapters.word.samples import CONTEXTS, rendered
from tests.returned.chance import Reading
from tests.returned.paragraphs import Editor
from tests.returned.returns import round_of

_MATERIALS = Path(__file__).parents[1] / "config" / "editions" / "brussels-2007" / "rehearsal" / "materials" / "1.1"
#: So many copies of the paper of session 1.1 are 300 pages, as LibreOffice sets them.
COPIES = 43
_ACTS = 1_050
_FILES = 50


@dataclass(frozen=True)
class Took:
    """Seconds, and the most memory of the process in MB."""

    seconds: float
    megabytes: float
    paragraphs: int = 0
    marks: int = 0


def long_paper() -> tuple[bytes, bytes]:
    """A paper of 300 pages, and a copy of it with 2,000 marks."""
    draft = paper_of(COPIES)
    editor = Editor(draft)
    Reading(editor, random.Random(1), in_word=True).work(_ACTS, is_silent=False)
    return draft, editor.file()


def paper_of(copies: int) -> bytes:
    """So many copies of one paper in a file, about seven pages each."""
    body = materials.load(_MATERIALS, "background-paper", "en")
    blocks = [_numbered(block, copy) for copy in range(copies) for block in body.blocks]
    return number_paragraphs(fill_body(rendered(CONTEXTS[1]), blocks, body.images))


def _numbered(block: Block, copy: int) -> Block:
    """A paragraph that no other copy has."""
    if not isinstance(block, Paragraph):
        return block
    return replace(block, content=(Text(f"Part {copy + 1}. "), *block.content))


def parse(draft: Path, files: Sequence[Path]) -> tuple[int, int]:
    """Every part parsed by lxml, and nothing done with it."""
    for path in (draft, *files):
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            for name in archive.namelist():
                if name.endswith((".xml", ".rels")):
                    etree.fromstring(archive.read(name))
    return 0, 0


def read(draft: Path, files: Sequence[Path]) -> tuple[int, int]:
    """Every paragraph and mark read; how many of both."""
    found = [read_markup(unpack(path.read_bytes())) for path in (draft, *files)]
    return sum(len(each.paragraphs) for each in found), sum(len(each.marks) for each in found)


def compiled(draft: Path, files: Sequence[Path]) -> tuple[int, int]:
    """All read, placed and made into the rows of one matrix."""
    master = read_markup(unpack(draft.read_bytes()))
    returned = [Returned(path.stem, path.name, read_markup(unpack(path.read_bytes()))) for path in files]
    marks = {(mark.source, mark.mark) for row in compile_matrix(master, returned) for mark in row.marks}
    return sum(len(each.markup.paragraphs) for each in returned), len(marks)


def pandoc(draft: Path, files: Sequence[Path]) -> tuple[int, int]:
    """Every file read by pandoc with its tracked changes."""
    for path in (draft, *files):
        command = [pypandoc.get_pandoc_path(), "--track-changes=all", "--from=docx", "--to=native", str(path)]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return 0, 0


WAYS: dict[str, Callable[[Path, Sequence[Path]], tuple[int, int]]] = {
    "bare lxml": parse, "read": read, "matrix": compiled, "pandoc": pandoc,
}  # fmt: skip


def in_own_process(way: str, paths: Sequence[Path]) -> Took:
    """One way of reading, measured in a new process."""
    command = [sys.executable, "-m", "benchmarks.returned", way, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ.copy(), check=True)
    return Took(**json.loads(done.stdout))


def report() -> None:
    """Print the figures of both cases."""
    print("Returned files: read, and compiled into a matrix, against a bare lxml parse and pandoc")
    print("  case                        way         seconds    MB  paragraphs/s  marks/s  of bare lxml  of pandoc")
    with tempfile.TemporaryDirectory(prefix="roundtable-bench-") as folder:
        here = Path(folder)
        draft, copy = long_paper()
        _, files = round_of(1, _FILES)
        paper, _ = round_of(1, 0)
        cases = {"300 pages, 2,000 marks": [draft, copy], "50 returned files": [paper.data, *(f.data for f in files)]}
        for case, contents in cases.items():
            paths = [here / f"{len(case)}-{number:02}.docx" for number in range(len(contents))]
            for path, data in zip(paths, contents, strict=True):
                path.write_bytes(data)
            took = {way: in_own_process(way, paths) for way in WAYS}
            for way, each in took.items():
                print(
                    f"  {case:26}  {way:9}  {each.seconds:8.2f}  {each.megabytes:4.0f}"
                    f"  {each.paragraphs / each.seconds:12,.0f}  {each.marks / each.seconds:7,.0f}"
                    f"  {each.seconds / took['bare lxml'].seconds:12.1f}  {each.seconds / took['pandoc'].seconds:9.2f}",
                    flush=True,
                )


def main() -> None:
    if len(sys.argv) == 1:
        report()
        return
    way, draft, *files = sys.argv[1:]
    began = time.perf_counter()
    paragraphs, marks = WAYS[way](Path(draft), [Path(file) for file in files])
    seconds = time.perf_counter() - began
    whose = resource.RUSAGE_CHILDREN if way == "pandoc" else resource.RUSAGE_SELF
    kilobytes = resource.getrusage(whose).ru_maxrss
    print(json.dumps({"seconds": seconds, "megabytes": kilobytes / 1024, "paragraphs": paragraphs, "marks": marks}))


if __name__ == "__main__":
    main()
