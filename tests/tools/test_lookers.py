"""The tools that other tests lean on: does the validator find what is wrong, does LibreOffice make the pages?"""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest

from tests.tools import libreoffice, validator

needs_validator = pytest.mark.skipif(validator.missing() is not None, reason=str(validator.missing()))
needs_libreoffice = pytest.mark.skipif(libreoffice.missing() is not None, reason=str(libreoffice.missing()))


def write(path: Path, *paragraphs: str) -> Path:
    document = docx.Document()
    for number, paragraph in enumerate(paragraphs):
        document.add_paragraph(paragraph).paragraph_format.page_break_before = number > 0
    document.save(str(path))
    return path


def with_bad_element(source: Path, target: Path) -> Path:
    """A copy whose body has an element that the schema does not know."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                content = content.replace(b"<w:body>", b"<w:body><w:nonsense/>")
            new.writestr(name, content)
    return target


@needs_validator
def test_the_validator_tells_valid_from_invalid_and_from_unreadable(tmp_path: Path) -> None:
    good = write(tmp_path / "good.docx", "R&D <team>")
    bad = with_bad_element(good, tmp_path / "bad.docx")
    torn = tmp_path / "torn.docx"
    torn.write_bytes(good.read_bytes()[:300])
    for _again in range(2):  # the second time from memory
        found = validator.validate([good, bad, torn, good])
        assert list(found) == [good, bad, torn]
        assert found[good] == []
        assert ["nonsense" in str(finding) for finding in found[bad]] == [True]
        assert str(found[torn][0]).startswith("the file: ")


def test_a_validator_that_dies_is_not_taken_for_a_clean_bill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dying = tmp_path / "dying"
    dying.write_text("#!/bin/sh\necho out of memory >&2\nexit 134\n", "utf-8")
    dying.chmod(0o755)
    monkeypatch.setenv("OOXML_VALIDATOR_CLI", str(dying))
    with pytest.raises(RuntimeError, match=r"good\.docx: the validator ended with 134 and said: out of memory"):
        validator.validate([write(tmp_path / "good.docx", "fine")], keep=False)


@needs_libreoffice
def test_libreoffice_makes_a_pdf_of_each_file(tmp_path: Path) -> None:
    files = [write(tmp_path / f"{word}.docx", *[f"{word} {page}" for page in "abc"]) for word in ("one", "two")]
    made = libreoffice.to_pdf(files, tmp_path / "pdf")
    assert list(made) == files
    assert [libreoffice.pages(pdf) for pdf in made.values()] == [3, 3]
    assert "two a" in libreoffice.text(made[files[1]], page=1)
    assert "two c" not in libreoffice.text(made[files[1]], page=1)
    shots = libreoffice.pictures(made[files[0]], tmp_path / "png", dots_per_inch=20, last=2)
    assert [shot.name for shot in shots] == ["one-1.png", "one-2.png"]


@needs_libreoffice
def test_libreoffice_that_makes_nothing_is_a_failure(tmp_path: Path) -> None:
    good, torn = write(tmp_path / "good.docx", "fine"), tmp_path / "torn.docx"
    torn.write_bytes(b"PK\x03\x04" + good.read_bytes()[:200])
    with pytest.raises(RuntimeError, match=r"made no PDF of torn\.docx"):
        libreoffice.to_pdf([good, torn], tmp_path / "pdf")


def test_two_files_of_one_name_are_not_written_over_each_other(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"several files would become paper\.pdf"):
        libreoffice.to_pdf([tmp_path / "1.1" / "paper.docx", tmp_path / "1.2" / "paper.docx"], tmp_path / "pdf")
