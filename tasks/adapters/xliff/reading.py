"""A file that came back from a translation tool: judged, its version told by its namespace, its rows read."""

from __future__ import annotations

from collections import Counter
from typing import Final

from lxml import etree

from tasks.adapters.word.ooxml import elements, local
from tasks.adapters.xliff import version_1_2, version_2_0
from tasks.adapters.xliff.inline import NotOurs
from tasks.adapters.xliff.rows import XliffFile
from tasks.adapters.xml_in import read_xml
from tasks.domain.errors import Invalid

_READERS: Final = {version_1_2.NAMESPACE: version_1_2.read_file, version_2_0.NAMESPACE: version_2_0.read_file}
_AGAIN: Final = "save it again as XLIFF from your translation tool, from the file you were given"
#: Bytes in which the root of an XLIFF file begins, whatever comments stand before it.
_BEGINNING: Final = 4096


def looks_like_xliff(data: bytes, name: str) -> bool:
    """Whether a file means to be XLIFF, by its name or its first bytes; a package such as a Word file never does."""
    if data.startswith(b"PK"):
        return False
    beginning = data[:_BEGINNING].replace(b"\x00", b"")  # also in UTF-16
    return name.casefold().endswith((".xlf", ".xliff")) or b"xliff" in beginning


def read(data: bytes, name: str) -> XliffFile:
    """The file, of whichever version its namespace says it is.

    Raises:
        Invalid: it is not XLIFF 1.2 or 2.0, is damaged or made to do harm, has several files or rows of one name, or
            inline codes that are none of ours; the message has `name` and what to do.
    """
    root = read_xml(data, name, _AGAIN)
    namespace = etree.QName(root).namespace or ""
    if local(root) != "xliff" or namespace not in _READERS:
        raise Invalid(f"{name}: <{local(root)[:40]}> of “{namespace[:80]}” is not XLIFF 1.2 or 2.0; {_AGAIN}")
    files = [part for part in elements(root) if part.tag == f"{{{namespace}}}file"]
    if len(files) != 1:
        raise Invalid(f"{name}: it holds {len(files)} files, one is expected; {_AGAIN}")
    try:
        found = _READERS[namespace](files[0])
    except NotOurs as error:
        raise Invalid(f"{name}: {error}; {_AGAIN}") from error
    twice = [id for id, count in Counter(row.id for row in found.rows).items() if count > 1]
    if twice:
        raise Invalid(f"{name}: segment {twice[0] or 'without id'} stands more than once; {_AGAIN}")
    return found
