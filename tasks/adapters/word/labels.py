"""The words a paper does not choose: before the number of a table or figure, and over the table of contents.

Every paper of an edition has the same ones in a language, whatever each of its translators would have written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from tasks.adapters.word.ooxml import Element, val, w

#: The counters of Word's captions are Table and Figure, in most languages words that start alike.
_COUNTER: Final = re.compile(r"\s*SEQ\s+\"?(tab|fig)", re.IGNORECASE)
_KINDS: Final = {"tab": "table", "fig": "figure"}
#: The word before a number, and what parts the two.
_LABEL: Final = re.compile(r"^(\s*)[^\W\d_]+(?:[ \u00a0][^\W\d_]+)?\.?([\s\u00a0]*)$")

#: Switches of a reference that shows a paragraph's number or where it stands, not its words.
_NUMBERS_ONLY: Final = {"\\n", "\\r", "\\w", "\\p"}


def relabel(paragraph: Element, labels: Mapping[str, str]) -> None:
    """Put the edition's word before the number of a caption: `labels` by kind, `table` and `figure`.

    Only a word of its own right before the number is a label; a paragraph without such a number stays.
    """
    before: list[Element] = []
    for node in paragraph.iter(w("t"), w("instrText"), w("fldSimple")):
        if node.tag == w("t"):
            before.append(node)
            continue
        found = _COUNTER.match(str(val(node, "instr") if node.tag == w("fldSimple") else node.text))
        if found is None:
            continue
        label = labels.get(_KINDS[found[1].lower()])
        written = _LABEL.match("".join(text.text or "" for text in before))
        if label and written:
            _put(before, f"{written[1]}{label}{written[2]}")
        return


def retitle(paragraph: Element, title: str) -> None:
    """Make `title` the text of a heading, in the formatting it begins with."""
    _put(list(paragraph.iter(w("t"))), title)


def references(roots: list[Element]) -> None:
    """Let cross-references that show a caption's label show it as it is now.

    Word counts them anew only when somebody asks it to.
    """
    places = {name: text for root in roots for name, text in _bookmarked(root)}
    for root in roots:
        for name, shown in _shown(root):
            if name in places and shown:
                _put(shown, places[name])


def _bookmarked(root: Element) -> Iterator[tuple[str, str]]:
    """(name, text) of the places in captions that Word made for its references."""
    for start in root.iter(w("bookmarkStart")):
        name, id_ = val(start, "name") or "", val(start, "id")
        if not name.startswith("_Ref"):
            continue
        text, is_counted = "", False
        for node in start.itersiblings():
            if node.tag == w("bookmarkEnd") and val(node, "id") == id_:
                break
            text += "".join(t.text or "" for t in node.iter(w("t")))
            codes = [str(code.text) for code in node.iter(w("instrText"))]
            is_counted |= any(_COUNTER.match(code) for code in [*codes, val(node, "instr") or ""])
        if is_counted:
            yield name, text


def _shown(root: Element) -> Iterator[tuple[str, list[Element]]]:
    """(name of the place, texts of the result) of every reference made by a field."""
    for paragraph in root.iter(w("p")):
        code, texts, is_result = "", list[Element](), False
        for node in paragraph.iter(w("fldChar"), w("instrText"), w("t")):
            kind = val(node, "fldCharType")
            if kind == "begin":
                code, texts, is_result = "", [], False
            elif kind == "separate":
                is_result = True
            elif kind == "end":
                words = code.split()
                if len(words) > 1 and words[0].upper() == "REF" and not _NUMBERS_ONLY & {*words[2:]}:
                    yield words[1], texts
                code, texts, is_result = "", [], False
            elif node.tag == w("instrText"):
                code += node.text or ""
            elif is_result:
                texts.append(node)


def _put(texts: list[Element], text: str) -> None:
    for index, node in enumerate(texts):
        node.text = "" if index else text
