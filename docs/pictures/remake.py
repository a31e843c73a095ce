"""Remakes the pictures of the documentation: `make pictures`, or `make pictures ARGS=documents` or `ARGS=screens`.

They show an edition's rehearsal, which is played first where there is none yet. Word pages need LibreOffice and
poppler, screens need Chromium; what is missing is told and its pictures are left as they are.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
# Started by its path: neither the checkout nor this folder need be importable yet.
sys.path[:0] = [str(ROOT), str(HERE)]

import documents  # noqa: E402
import screens  # noqa: E402

from config import settings as configuration  # noqa: E402
from tests.tools import libreoffice  # noqa: E402

#: The edition that is shown, and one that is written from right to left.
EDITION = "brussels-2007"
RIGHT_TO_LEFT = (ROOT / "tests" / "editions", "six-languages")


def main(wanted: list[str]) -> None:
    """Make the pictures that are asked for, all of them when none is named."""
    if unknown := set(wanted) - {"documents", "screens"}:
        sys.exit(f"no such pictures: {', '.join(sorted(unknown))}; there are documents and screens")
    home = rehearsed(EDITION)
    if not wanted or "documents" in wanted:
        if lacking := libreoffice.missing():
            print(f"documents.png left as it is: {lacking}")
        else:
            with tempfile.TemporaryDirectory(prefix="rt-pictures-") as folder:
                tiles = documents.tiles(home, configuration.load(EDITION).editions, EDITION, Path(folder))
                tiles += documents.right_to_left(*RIGHT_TO_LEFT, Path(folder))
                documents.sheet(tiles, Path(folder), HERE / "documents.png")
            print(f"documents.png: {len(tiles)} pages")
    if not wanted or "screens" in wanted:
        if lacking := screens.missing():
            print(f"ui-*.png left as they are: {lacking}")
        else:
            for made in screens.take(EDITION, HERE):
                print(made.name)


def rehearsed(edition: str) -> Path:
    """The home of the edition's rehearsal, which is played now if it was not yet."""
    home = configuration.load(edition).home
    if not (home / "documents" / edition).is_dir():
        print(f"There is no rehearsal of {edition} in {home} yet; playing it first.", flush=True)
        subprocess.run([sys.executable, "-m", "roundtable", "rehearse", edition], cwd=ROOT, env=os.environ, check=True)
    return home


if __name__ == "__main__":
    main(sys.argv[1:])
