"""The XML of Word files: namespaces, a parser that fetches and expands nothing, and children in the schema's order."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final, cast

from lxml import etree

Element = etree._Element

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
A: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
WP: Final = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
MC: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006"
M: Final = "http://schemas.openxmlformats.org/officeDocument/2006/math"
V: Final = "urn:schemas-microsoft-com:vml"
XML: Final = "http://www.w3.org/XML/1998/namespace"
#: Every namespace of Strict OOXML starts with this; Word's usual (Transitional) files never use it.
STRICT: Final = "http://purl.oclc.org/ooxml/"

XML_SPACE: Final = f"{{{XML}}}space"

#: The children of these elements must come in this order; Word calls a file with another order damaged.
_ORDER: Final[dict[str, str]] = {
    "rPr": (
        "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
        "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em "
        "lang eastAsianLayout specVanish oMath rPrChange"
    ),
    "pPr": (
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
        "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
        "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
        "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange"
    ),
    "tblPr": (
        "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd "
        "tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription tblPrChange"
    ),
    "sectPr": (
        "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType "
        "cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings "
        "sectPrChange"
    ),
    # Up to what this project sets.
    "settings": (
        "writeProtection view zoom removePersonalInformation removeDateAndTime doNotDisplayPageBoundaries "
        "displayBackgroundShape printPostScriptOverText printFractionalCharacterWidth printFormsData "
        "embedTrueTypeFonts embedSystemFonts saveSubsetFonts saveFormsData mirrorMargins alignBordersAndEdges "
        "bordersDoNotSurroundHeader bordersDoNotSurroundFooter gutterAtTop hideSpellingErrors hideGrammaticalErrors "
        "activeWritingStyle proofState formsDesign attachedTemplate linkStyles stylePaneFormatFilter "
        "stylePaneSortMethod documentType mailMerge revisionView trackRevisions doNotTrackMoves doNotTrackFormatting "
        "documentProtection autoFormatOverride styleLockTheme styleLockQFSet defaultTabStop autoHyphenation "
        "consecutiveHyphenLimit hyphenationZone doNotHyphenateCaps showEnvelope summaryLength clickAndTypeStyle "
        "defaultTableStyle evenAndOddHeaders"
    ),
}


@cache
def w(tag: str) -> str:
    """`tag` in the WordprocessingML namespace, as lxml writes it."""
    return f"{{{W}}}{tag}"


def local(element: Element) -> str:
    """The element's name without namespace; empty for comments and processing instructions."""
    return str(element.tag).rpartition("}")[2] if is_element(element) else ""


def parse(data: bytes) -> Element:
    """The root of an XML part. Raises lxml.etree.XMLSyntaxError.

    A new parser each time: lxml parsers carry state between threads. `huge_tree` stays off, so that depth and the
    length of a text keep libxml2's own limits on top of those of ingest.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(data, parser)


def serialise(root: Element) -> bytes:
    """The bytes of an XML part as Word writes them: UTF-8, with a standalone declaration."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def is_element(node: Element) -> bool:
    """Whether a node is an element: the tag of a comment or a processing instruction is a function, not a name."""
    return isinstance(cast(object, node.tag), str)


def elements(parent: Element) -> Iterator[Element]:
    """Children of `parent` that are elements, without comments and processing instructions."""
    return (node for node in parent if is_element(node))


def new_root(namespace: str, tag: str, prefixes: dict[str | None, str]) -> Element:
    """The root of a part that did not exist, with its namespace prefixes (None: the default one)."""
    # lxml's stubs do not know the default prefix None.
    return etree.Element(f"{{{namespace}}}{tag}", nsmap=cast("dict[str, str]", prefixes))


def child(parent: Element | None, *path: str) -> Element | None:
    """The first descendant along a path of WordprocessingML names, or None."""
    for tag in path:
        if parent is None:
            return None
        parent = parent.find(w(tag))
    return parent


def val(element: Element | None, name: str = "val") -> str | None:
    """A WordprocessingML attribute of an element that may be absent."""
    if element is None:
        return None
    value = element.get(w(name))
    return None if value is None else str(value)


def is_on(element: Element | None) -> bool | None:
    """What a switch such as <w:b/> says: None where it is absent, otherwise on or off."""
    if element is None:
        return None
    return val(element) not in ("0", "false", "off", "none")


def number_of(text: object) -> int:
    """A whole number written in a file, 0 where there is none: ids may be anything in a damaged one."""
    return int(str(text)) if str(text).isascii() and str(text).isdigit() and len(str(text)) < 19 else 0


def ensure(parent: Element, tag: str) -> Element:
    """The child `tag` of a WordprocessingML element, made at its place in the schema's order where it is missing.

    Parents without a known order (a paragraph, a run, a table) get it first: their properties always come first.
    """
    found = parent.find(w(tag))
    if found is not None:
        return found
    made = etree.Element(w(tag))
    position = 0
    before = _before(local(parent), tag)
    for index, sibling in enumerate(parent):
        if sibling.tag in before:
            position = index + 1
    parent.insert(position, made)
    return made


@cache
def _before(parent: str, tag: str) -> frozenset[str]:
    """What stands before the child `tag` of this parent."""
    order = _ORDER.get(parent, tag).split()
    return frozenset(w(name) for name in order[: order.index(tag)])


def switch(parent: Element, tag: str, on: bool) -> None:
    """Set a switch such as <w:rtl/> on, or take it away."""
    if on:
        found = ensure(parent, tag)
        if found.get(w("val")) is not None:
            del found.attrib[w("val")]
        return
    for extra in parent.findall(w(tag)):
        remove(extra)


def remove(element: Element) -> None:
    """Take an element out of its tree, but leave the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        previous = element.getprevious()
        if previous is None:
            parent.text = (parent.text or "") + element.tail
        else:
            previous.tail = (previous.tail or "") + element.tail
        element.tail = None
    parent.remove(element)
