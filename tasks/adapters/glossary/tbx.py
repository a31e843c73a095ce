"""A glossary as TBX-Basic, the format of terminology tools.

Written as ISO 30042:2019 has it, data categories as attributes (DCA). Read also as its forerunner of 2008 has it, whose
root is `martif` and whose files often name a DTD, which is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, get_args

from lxml import etree

from tasks.adapters.word.ooxml import XML, Element, elements, local, new_root, serialise
from tasks.adapters.xml_in import read_xml
from tasks.domain.edition import Language, Term, TermKind
from tasks.domain.errors import Invalid
from tasks.domain.glossary import Entry, language_called

NAMESPACE: Final = "urn:iso:std:iso:30042:ed-2"
_LANG: Final = f"{{{XML}}}lang"
_KINDS: Final[dict[str, TermKind]] = {kind: kind for kind in get_args(TermKind)}
_PREFERRED: Final = "preferredTerm-admn-sts"
_ADMITTED: Final = "admittedTerm-admn-sts"
#: Names nobody shall use any more.
_GONE: Final = ("deprecatedTerm-admn-sts", "supersededTerm-admn-sts")
#: An id of XML begins with a letter; ours need not.
_PREFIX: Final = "t-"
#: A DOCTYPE that only names a DTD. One that declares something is refused with the file.
_DOCTYPE: Final = re.compile(rb"<!DOCTYPE[^\[>]*>")
_ADVICE: Final = "export it as TBX-Basic from your terminology tool"


def write(terms: Sequence[Term], languages: Sequence[Language]) -> bytes:
    """The terms as one TBX file; its language of work is the drafting language."""
    root = new_root(NAMESPACE, "tbx", {None: NAMESPACE})
    root.set("type", "TBX-Basic")
    root.set("style", "dca")
    root.set(_LANG, next(language.locale for language in languages if language.drafting))
    description = _add(_add(root, "tbxHeader"), "fileDesc")
    _add(_add(description, "sourceDesc"), "p", "The glossary of an edition of the Forum")
    body = _add(_add(root, "text"), "body")
    for term in terms:
        entry = _add(body, "conceptEntry", id=_PREFIX + term.id)
        _add(entry, "descrip", term.kind, type="subjectField")
        if term.note:
            _add(entry, "note", term.note)
        for language in languages:
            section = _add(entry, "langSec")
            section.set(_LANG, language.locale)
            for place, name in enumerate(term.names[language.id]):
                called = _add(section, "termSec")
                _add(called, "term", name)
                _add(called, "termNote", _ADMITTED if place else _PREFERRED, type="administrativeStatus")
    return serialise(root)


def _add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    made = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}", attributes)
    made.text = text or None
    return made


def read(data: bytes, name: str, languages: Sequence[Language]) -> tuple[list[Entry], list[str]]:
    """The entries of a TBX file of either age, and the languages in it that are none of `languages`.

    An entry without id is named by its first name.

    Raises:
        Invalid: damaged, made to do harm, or not TBX.
    """
    root = read_xml(_DOCTYPE.sub(b"", data, count=1), name, _ADVICE)
    if local(root) not in ("tbx", "martif"):
        raise Invalid(f"{name}: <{local(root)[:40]}> is not TBX; {_ADVICE}")
    strangers: dict[str, None] = {}
    entries = []
    for node in _named(root, "conceptEntry", "termEntry"):
        names: dict[str, list[str]] = {}
        for section in _named(node, "langSec", "langSet"):
            tag = section.get(_LANG) or section.get("lang") or ""
            language = language_called(languages, tag)
            if language is None:
                strangers[tag] = None
            else:
                names.setdefault(language, []).extend(_names(section))
        id = (node.get("id") or "").removeprefix(_PREFIX) or next((each[0] for each in names.values() if each), "")
        kind = next((_text(part) for part in _typed(node, "descrip", "subjectField")), "")
        note = next((_text(part) for part in elements(node) if local(part) == "note"), "")
        entries.append(Entry(re.sub(r"[\s/\\|]+", "-", id.casefold()), names, _KINDS.get(kind), note))
    return entries, list(strangers)


def _names(section: Element) -> list[str]:
    """The names in one language, preferred ones first, without those that are gone."""
    found: list[tuple[bool, str]] = []
    for part in _named(section, "termSec", "tig", "ntig"):
        status = next((_text(note) for note in _typed(part, "termNote", "administrativeStatus")), "")
        term = next((_text(each) for each in _named(part, "term")), "")
        if term and status not in _GONE:
            found.append((status != _PREFERRED, term))
    return [term for _, term in sorted(found, key=lambda each: each[0])]


def _named(parent: Element, *names: str) -> Iterator[Element]:
    return (node for node in parent.iter() if local(node) in names)


def _typed(parent: Element, name: str, kind: str) -> Iterator[Element]:
    return (node for node in _named(parent, name) if node.get("type") == kind)


def _text(node: Element) -> str:
    # Only the space that an editor puts between lines: a no-break space belongs to a name.
    return re.sub(r"[ \t\r\n]+", " ", "".join(map(str, node.itertext()))).strip(" ")
