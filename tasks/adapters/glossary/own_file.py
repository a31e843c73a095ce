"""The glossary in an edition's folder, `glossary.yaml`: terms put in, everything else as it stands, comments too."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import SingleQuotedScalarString

from tasks.domain.edition import Term
from tasks.domain.errors import Invalid

#: Words, as they stand without quotation marks.
_PLAIN: Final = re.compile(r"[^\W\d_][\w ’-]*")


def with_terms(text: str, terms: Sequence[Term]) -> str:
    """The file `text` with `terms` in the places of those with their ids, new ones at the end.

    Raises:
        Invalid: the file is no mapping of keys with a list of terms.
    """
    yaml = YAML()
    yaml.width = 10_000
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    try:
        content = yaml.load(text)
    except YAMLError as error:
        problem = " ".join(str(error).split())
        raise Invalid(
            f"glossary.yaml: not readable as YAML ({problem}); mend it first, see `roundtable check`"
        ) from None
    content = CommentedMap() if content is None else content
    listed = content.setdefault("terms", CommentedSeq()) if isinstance(content, CommentedMap) else None
    if not isinstance(listed, CommentedSeq):
        raise Invalid("glossary.yaml: holds no list `terms`; mend it first, see `roundtable check`")
    known = {str(entry.get("id")): entry for entry in listed if isinstance(entry, CommentedMap)}
    for term in terms:
        if term.id not in known:
            listed.append(CommentedMap())
        _put(known.get(term.id, listed[-1]), term)
    out = io.StringIO()
    yaml.dump(content, out)
    return out.getvalue()


def _put(entry: CommentedMap, term: Term) -> None:
    """Make an entry of the file say what `term` says; what it says already is left as it is written."""
    names = entry.get("names")
    if not isinstance(names, CommentedMap):
        names = CommentedMap()
        names.fa.set_flow_style()
    for language, called in term.names.items():
        if list(names.get(language, [])) != called:
            names[language] = _in_line(called)
    for key, value in (("id", term.id), ("kind", term.kind), ("names", names), ("note", term.note)):
        if value is not None and entry.get(key) != value:
            entry[key] = _quoted(value) if isinstance(value, str) else value


def _in_line(values: Sequence[str]) -> Any:
    line = CommentedSeq(map(_quoted, values))
    line.fa.set_flow_style()
    return line


def _quoted(text: str) -> str:
    """A text in quotation marks where a sign in it could mean something: what does differs between YAML's versions."""
    return text if _PLAIN.fullmatch(text) else SingleQuotedScalarString(text)
