"""A glossary as a table: CSV, one column for each language.

Written as Excel opens it without asking: UTF-8 with a byte order mark. Several names in a cell are parted by `|`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Final, get_args

from tasks.domain.edition import Language, Term, TermKind
from tasks.domain.errors import Invalid
from tasks.domain.glossary import Entry, language_called

_BETWEEN: Final = "|"
_FIXED: Final = ("id", "kind", "note")
_KINDS: Final[dict[str, TermKind]] = {kind: kind for kind in get_args(TermKind)}


def write(terms: Sequence[Term], languages: Sequence[Language]) -> bytes:
    """The table: id, kind, a column for each language under its locale, note."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["id", "kind", *(language.locale for language in languages), "note"])
    for term in terms:
        names = [f" {_BETWEEN} ".join(term.names[language.id]) for language in languages]
        rows.writerow([term.id, term.kind, *names, term.note or ""])
    return out.getvalue().encode("utf-8-sig")


def read(data: bytes, name: str, languages: Sequence[Language]) -> tuple[list[Entry], list[str]]:
    """The entries of a table parted by commas, semicolons or tabs, in whatever order its columns stand.

    Raises:
        Invalid: no text in UTF-8, no column `id`, an id or kind that is none, or a row longer than the heading.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(f"{name}: not text in UTF-8; in Excel, save it as “CSV UTF-8”") from None
    heading = text.partition("\n")[0]
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter=max(",;\t", key=heading.count), strict=True))
    except csv.Error as error:
        raise Invalid(f"{name}: not readable as CSV ({error}); save it again as “CSV UTF-8”") from None
    columns = [column.strip() for column in lines[0]] if lines else []
    if "id" not in columns:
        raise Invalid(f"{name}: the first line has no column `id`; begin with an export of the glossary")
    known = {column: language_called(languages, column) for column in columns if column not in _FIXED}
    entries = [
        _entry(f"{name}, line {number}", columns, line, known)
        for number, line in enumerate(lines[1:], start=2)
        if any(cell.strip() for cell in line)
    ]
    return entries, [column for column, language in known.items() if language is None and column]


def _entry(where: str, columns: Sequence[str], line: Sequence[str], known: dict[str, str | None]) -> Entry:
    if len(line) > len(columns):
        raise Invalid(f"{where}: {len(line)} cells, the first line has {len(columns)}; take out what is too much")
    cells = {column: cell.strip() for column, cell in zip(columns, line, strict=False)}
    id, kind = cells["id"], cells.get("kind", "")
    if not id or any(sign.isspace() or sign in "/\\|" for sign in id):
        raise Invalid(f"{where}: id {id!r} is not one word without spaces and slashes")
    if kind and kind not in _KINDS:
        raise Invalid(f"{where}: kind {kind!r} is none of {', '.join(_KINDS)}")
    names = {
        language: [part.strip() for part in cells.get(column, "").split(_BETWEEN) if part.strip()]
        for column, language in known.items()
        if language is not None
    }
    return Entry(id, names, _KINDS.get(kind), cells.get("note", ""))
