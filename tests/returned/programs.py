"""Returned files as other programs save them."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.returned.returns import Returned
from tests.tools import libreoffice


def through_libreoffice(files: Sequence[Returned], folder: Path) -> list[Returned]:
    """Each file opened and saved by LibreOffice, which gives all marks other ids.

    LibreOffice forgets what one person put in and took out again; whose minute is nowhere in the file was left out.
    By the minute all marks of an act are alike, so any place of the act is right for each.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number}.docx" for number in range(len(files))]
    for path, file in zip(paths, files, strict=True):
        path.write_bytes(file.data)
    saved = libreoffice.to_docx(paths, folder / "saved")
    return [_as_saved(file, saved[path].read_bytes()) for path, file in zip(paths, files, strict=True)]


def _as_saved(file: Returned, data: bytes) -> Returned:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".xml")).decode()
    left = tuple(each for each in file.left if not each.id or f'w:date="{each.at:%Y-%m-%dT%H:%M:%SZ}"' in xml)
    places: defaultdict[tuple[str, dt.datetime], frozenset[int]] = defaultdict(frozenset)
    for each in left:
        places[each.author, each.at] |= each.lines
    left = tuple(replace(each, lines=places[each.author, each.at]) for each in left)
    return replace(file, data=data, left=left, through_libreoffice=True)
