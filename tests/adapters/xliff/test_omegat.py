"""A translator at work in OmegaT: our file goes in, its memory has the sentences, what it writes is read."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from tasks.adapters.word.identity import Identity
from tasks.adapters.xliff import Row, XliffFile, read, write_1_2
from tasks.domain.codes import check_codes

OMEGAT = shutil.which("omegat")
IDENTITY = Identity("six-languages", "1.1", "bilingual", "1.1:fr", 4, "fr")
NAME = "1.1-bilingual-omegat-v4-fr.xlf"
SETTINGS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<omegat><project version="1.0">
<source_dir>__DEFAULT__</source_dir><target_dir>__DEFAULT__</target_dir><tm_dir>__DEFAULT__</tm_dir>
<glossary_dir>__DEFAULT__</glossary_dir><dictionary_dir>__DEFAULT__</dictionary_dir>
<source_lang>EN-GB</source_lang><target_lang>FR-BE</target_lang>
<sentence_seg>false</sentence_seg><support_default_translations>true</support_default_translations>
</project></omegat>
"""
#: OmegaT's own names for inline codes: its letter, counted from 0 in each kind.
MEMORY = {
    "Migration & development": "Migrations & développement",
    "A <g0>bold <x1/></g0> word": "Un mot <g0>gras <x1/></g0>",
}


def translated_by_omegat(folder: Path, name: str, data: bytes, memory: dict[str, str]) -> bytes:
    """The file as OmegaT makes it of a project whose memory holds `memory`, without any window."""
    for part in ("source", "target", "omegat", "tm", "glossary", "dictionary"):
        (folder / part).mkdir(parents=True)
    (folder / "omegat.project").write_text(SETTINGS, "utf-8")
    (folder / "source" / name).write_bytes(data)
    units = "".join(
        f'<tu><tuv lang="EN-GB"><seg>{escape(source)}</seg></tuv>'
        f'<tuv lang="FR-BE"><seg>{escape(target)}</seg></tuv></tu>'
        for source, target in memory.items()
    )
    (folder / "omegat" / "project_save.tmx").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx11.dtd">\n<tmx version="1.1">'
        '<header creationtool="test" creationtoolversion="1" segtype="paragraph" o-tmf="test" adminlang="EN-US" '
        f'srclang="EN-GB" datatype="plaintext"/><body>{units}</body></tmx>',
        "utf-8",
    )
    command = [str(OMEGAT), str(folder), "--mode=console-translate", f"--config-dir={folder / 'settings'}"]
    home = {"HOME": str(folder), "JAVA_TOOL_OPTIONS": f"-Duser.home={folder}"}
    subprocess.run(command, env=os.environ | home, capture_output=True, check=True, timeout=200)
    return (folder / "target" / name).read_bytes()


@pytest.mark.skipif(OMEGAT is None, reason="OmegaT is not installed (omegat)")
def test_a_file_goes_through_omegat_and_comes_back_with_its_translations(tmp_path: Path):
    rows = (
        Row("p1", "heading, paragraph 1", "Migration & development", notes=("“migration”: migrations",)),
        Row("p2", "paragraph 2", "A ⟦1⟧bold ⟦2/⟧⟦/1⟧ word"),
        Row("p3", "paragraph 3", "Nobody has translated this"),
        Row("p4", "paragraph 4", "Ghana", "Ghana", "suggested"),
    )
    data = write_1_2(XliffFile(IDENTITY, "en-GB", "fr-BE", rows), for_omegat=True)
    returned = read(translated_by_omegat(tmp_path / "project", NAME, data, MEMORY), NAME)
    assert returned.identity == IDENTITY
    assert [(row.id, row.status, row.target) for row in returned.rows] == [
        ("p1", "translated", "Migrations & développement"),
        ("p2", "translated", "Un mot ⟦1⟧gras ⟦2/⟧⟦/1⟧"),
        ("p3", "open", ""),
        ("p4", "suggested", "Ghana"),
    ]
    assert [row.source for row in returned.rows] == [row.source for row in rows]
    assert [check_codes(row.source, row.target) for row in returned.rows[:2]] == [[], []]
