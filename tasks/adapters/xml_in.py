"""The door for XML from outside that is not in a Word file: judged as a stream before a tree is made of it."""

from __future__ import annotations

from typing import Final
from xml.parsers import expat

from lxml import etree

from tasks.adapters.word.ingest import Limits
from tasks.adapters.word.ooxml import Element, parse
from tasks.adapters.word.scan import Doctype, TooDeep, TooMany, scan
from tasks.domain.errors import Invalid

#: Inline codes stand in each other a few levels deep; more is made to exhaust a reader.
_LIMITS: Final = Limits(depth=100)


def read_xml(data: bytes, name: str, advice: str, limits: Limits = _LIMITS) -> Element:
    """The root of the file `name`; nothing in it is fetched or expanded.

    Raises:
        Invalid: too large, too deep, with a DOCTYPE, or not well-formed; the message ends with `advice`.
    """
    if len(data) > limits.zip_bytes:
        size, most = len(data) / 1024 / 1024, limits.zip_bytes / 1024 / 1024
        raise Invalid(f"{name}: {size:,.1f} MB, the limit is {most:,.0f} MB; {advice}")
    try:
        scan(data, max_elements=limits.elements, max_depth=limits.depth)
        return parse(data)
    except Doctype:
        problem = "it has a DOCTYPE, which may hide entities"
    except TooMany:
        problem = f"more than {limits.elements:,} elements"
    except TooDeep:
        problem = f"its elements are nested deeper than {limits.depth} levels"
    except (expat.ExpatError, etree.XMLSyntaxError, ValueError, LookupError) as error:
        problem = f"not well-formed XML ({error})"
    raise Invalid(f"{name}: {problem}; {advice}")
