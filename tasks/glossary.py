"""The glossary in an edition's folder: what a file would add and change, and how that is written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tasks.adapters import edition_files, glossary
from tasks.adapters.local.store import write_whole
from tasks.domain.edition import Term

FILE: Final = "glossary.yaml"


def put(root: Path, edition: str, terms: Sequence[Term]) -> Path:
    """Write `terms` into the glossary of the edition in `root`; the file.

    Raises:
        Mistakes: with them the edition would have mistakes; nothing is written.
        Invalid: the file there is none that terms can be put into.
    """
    path = root / edition / FILE
    text = glossary.with_terms(path.read_text("utf-8") if path.is_file() else "", terms)
    files = {each.name: each.read_bytes() for each in sorted(path.parent.glob("*.yaml"))}
    edition_files.parse(edition, dict(sorted({**files, FILE: text.encode()}.items())))
    write_whole(path, text.encode())
    return path
