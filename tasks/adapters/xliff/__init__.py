"""XLIFF, the format translation tools work in: versions 1.2 and 2.0 written and read.

    write_1_2(XliffFile(identity, "en-GB", "fr", rows))   bytes for the translator
    read(data, "1.1 fr.xlf")                              what came back, of either version

Sources: XLIFF 1.2 and XLIFF 2.0, OASIS standards of 2008 and 2014.
"""

from tasks.adapters.xliff.reading import looks_like_xliff, read
from tasks.adapters.xliff.rows import Match, Row, Status, XliffFile
from tasks.adapters.xliff.version_1_2 import write_1_2
from tasks.adapters.xliff.version_2_0 import write_2_0

__all__ = ["Match", "Row", "Status", "XliffFile", "looks_like_xliff", "read", "write_1_2", "write_2_0"]
