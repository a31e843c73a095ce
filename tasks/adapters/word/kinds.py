"""What a file is that is not a Word document, and what to ask for instead."""

from __future__ import annotations

from typing import Final

from tasks.adapters.word.opc import CONTENT_TYPES, Docx

#: Starts of files that are not zips.
_STARTS: Final = (
    (b"%PDF", "a PDF, not a Word file; ask for the .docx it was made from"),
    (b"{\\rtf", "an RTF file, not .docx; ask for it saved as .docx"),
)
#: Old Office files and encrypted new ones are both compound files: the streams inside tell them apart.
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS: Final = (
    ("EncryptedPackage", "encrypted or protected by a password; ask for it without password"),
    ("WordDocument", "an old Word 97-2003 file, not .docx; ask for it saved as .docx"),
    ("Workbook", "an old Excel file, not a Word file; ask for the .docx"),
    ("PowerPoint Document", "an old PowerPoint file, not a Word file; ask for the .docx"),
)
#: Other files that are zips, by what their content types hold.
_OTHERS: Final = (
    ("spreadsheetml", "an Excel file, not a Word file; ask for the .docx"),
    ("presentationml", "a PowerPoint file, not a Word file; ask for the .docx"),
)
_UNKNOWN: Final = "not a Word file; ask for the .docx"


def what_is(data: bytes) -> str:
    """What a file is that is not a zip, and what to ask for."""
    if not data:
        return "an empty file; ask for it to be sent again"
    if data.startswith(_COMPOUND):
        for stream, answer in _STREAMS:
            if stream.encode("utf-16-le") in data:
                return answer
        return "an old Office file, not .docx; ask for it saved as .docx"
    for start, answer in _STARTS:
        if data.lstrip().startswith(start):
            return answer
    return _UNKNOWN


def what_zip(docx: Docx) -> str:
    """What a zip is that is not a Word document, and what to ask for."""
    if b"opendocument" in docx.parts.get("mimetype", b""):
        return "an OpenDocument file, not .docx; ask for it saved as .docx"
    declared = docx.parts.get(CONTENT_TYPES, b"").decode("utf-8", "replace")
    if "wordprocessingml" not in declared:
        for sign, answer in _OTHERS:
            if sign in declared:
                return answer
    return _UNKNOWN
