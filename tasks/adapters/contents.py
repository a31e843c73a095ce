"""A file from outside is opened by what it is: a Word file, or XLIFF from a translation tool.

Everything that tells the two apart stands here; whoever takes a file in works with its content.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Final

from tasks.adapters import xliff
from tasks.adapters.word import identity as word_identity
from tasks.adapters.word.identity import Identity
from tasks.adapters.word.ingest import open_safely
from tasks.adapters.word.opc import Docx, Embedded, unpack
from tasks.adapters.xliff import XliffFile
from tasks.domain.errors import Invalid, Unsafe

__all__ = [
    "Content",
    "XliffFile",
    "extension_of",
    "identity_of",
    "mime_of",
    "objects_in",
    "open_content",
    "passed_on",
    "stored",
]

Content = Docx | XliffFile

#: By the ending of a name; that of XLIFF is the one OASIS registered.
_MIMES: Final = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlf": "application/xliff+xml",
    ".xliff": "application/xliff+xml",
}


def open_content(data: bytes, name: str) -> Content:
    """The file `name`, looked through. Raises Unsafe with what is wrong and what to ask for."""
    if not xliff.looks_like_xliff(data, name):
        return open_safely(data, name)
    try:
        return xliff.read(data, name)
    except Invalid as error:
        raise Unsafe(str(error), "save_xliff") from error


def stored(data: bytes, name: str) -> Content:
    """A file of the store: made here, or looked through when it came in, and the same bytes ever since."""
    return unpack(data, name) if data.startswith(b"PK") else xliff.read(data, name)


def identity_of(content: Content) -> Identity | None:
    """The identity a file carries; None where it has none or not a whole one."""
    return content.identity if isinstance(content, XliffFile) else word_identity.read(content)


def objects_in(content: Content) -> Sequence[Embedded]:
    """The objects that were cut out of a file at the door."""
    return () if isinstance(content, XliffFile) else content.objects


def passed_on(data: bytes, content: Content) -> bytes:
    """The bytes of a file that may go on into what is made of it: without what was taken out at the door.

    `data` is the file as it came; it is passed on as it is where nothing was taken out.
    """
    if isinstance(content, XliffFile) or unpack(data, content.name).parts == content.parts:
        return data
    return content.to_bytes()


def mime_of(name: str) -> str:
    """The media type of a file that goes out, by the ending of its name."""
    return _MIMES.get(PurePath(name).suffix, "application/octet-stream")


def extension_of(content: Content) -> str:
    """The ending of a file's name, without the dot."""
    return "xlf" if isinstance(content, XliffFile) else "docx"
